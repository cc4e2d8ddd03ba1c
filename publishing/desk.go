package publishing

import (
	"context"
	"fmt"
	"slices"
	"time"

	"griot/social"
	"griot/storage"
)

const (
	pileHeight  = 5    // posts of one pile of a desk
	mostPlanned = 2000 // posts that are looked through for a desk: far more than people plan
)

// Desk is what a member has before them now. What concerns the team and not its posts is left to the caller.
func (s *Service) Desk(ctx context.Context, by social.Member) (social.Desk, error) {
	d := social.Desk{Member: by}
	all, err := storage.Brands(ctx, s.DB, by.TeamID)
	if err != nil {
		return d, err
	}
	var mine, approved []string
	for _, b := range all {
		if len(by.Roles[b.ID]) == 0 {
			continue
		}
		d.Brands, mine = append(d.Brands, b), append(mine, b.ID)
		if social.CanApprove(by, b, "") {
			approved = append(approved, b.ID)
		}
	}
	if len(mine) == 0 {
		return d, nil
	}
	x := desk{s: s, by: by, brands: mine, approves: approved}
	if err := x.read(ctx, d.Location()); err != nil {
		return d, fmt.Errorf("read desk: %w", err)
	}
	return x.piled(d), nil
}

// desk is what is read for a desk, before the posts are put on their piles.
type desk struct {
	s                *Service
	by               social.Member
	brands, approves []string

	toApprove, back []string
	stuck           []social.Delivery
	week            []time.Time
	next, others    []storage.Departure
	glances         map[string]social.Glance
	accounts        []social.Account
}

// read asks for one more than a pile takes, so as to know whether there are others.
func (x *desk) read(ctx context.Context, zone *time.Location) (err error) {
	db, team, n := x.s.DB, x.by.TeamID, pileHeight+1
	if len(x.approves) > 0 {
		if x.toApprove, err = storage.ToApprove(ctx, db, team, x.by.ID, x.approves, n); err != nil {
			return err
		}
	}
	if x.back, err = storage.SentBack(ctx, db, team, x.by.ID, x.brands, n); err != nil {
		return err
	}
	if x.stuck, err = storage.Stuck(ctx, db, team, x.by.ID, x.brands, n); err != nil {
		return err
	}
	now, err := db.Now(ctx)
	if err != nil {
		return err
	}
	leaving, err := storage.Departures(ctx, db, team, x.brands, now, mostPlanned)
	if err != nil {
		return err
	}
	x.plan(leaving, afterWeek(now.In(zone)))
	return x.look(ctx)
}

// afterWeek is the midnight that ends the seventh day, today being the first.
func afterWeek(now time.Time) time.Time {
	y, m, d := now.Date()
	return time.Date(y, m, d+7, 0, 0, 0, 0, now.Location())
}

// plan parts what leaves into what is the member's own and what others wrote for the week.
func (x *desk) plan(leaving []storage.Departure, end time.Time) {
	for _, l := range leaving {
		soon := l.At.Before(end)
		if soon {
			x.week = append(x.week, l.At)
		}
		switch {
		case l.Author == x.by.ID && len(x.next) <= pileHeight:
			x.next = append(x.next, l)
		case l.Author != x.by.ID && soon && len(x.others) <= pileHeight:
			x.others = append(x.others, l)
		}
	}
}

// look reads the posts of all piles at once.
func (x *desk) look(ctx context.Context) (err error) {
	ids := slices.Concat(x.toApprove, x.back)
	var accounts []string
	for _, d := range x.stuck {
		ids, accounts = append(ids, d.PostID), append(accounts, d.AccountID)
	}
	for _, l := range slices.Concat(x.next, x.others) {
		ids = append(ids, l.Post)
	}
	if x.glances, err = storage.Glances(ctx, x.s.DB, x.by.TeamID, ids); err != nil {
		return err
	}
	x.accounts, err = storage.AccountsIn(ctx, x.s.DB, x.by.TeamID, accounts)
	return err
}

func (x *desk) piled(d social.Desk) social.Desk {
	same := func(id string) social.Glance { return x.glances[id] }
	d.ToApprove, d.SentBack = pile(x.toApprove, same), pile(x.back, same)
	leaves := func(l storage.Departure) social.Glance {
		g := x.glances[l.Post]
		g.At = l.At
		return g
	}
	d.Next, d.Week, d.Others = pile(x.next, leaves), x.week, pile(x.others, leaves)
	d.Stuck = pile(x.stuck, func(s social.Delivery) social.Glance {
		g := x.glances[s.PostID]
		g.Delivery = s
		g.Account = social.Sheet{Accounts: x.accounts}.Account(s.AccountID)
		return g
	})
	return d
}

// pile takes the first of what was found.
func pile[T any](found []T, glance func(T) social.Glance) social.Pile {
	out := social.Pile{More: len(found) > pileHeight}
	for _, f := range found[:min(len(found), pileHeight)] {
		if g := glance(f); g.Post.ID != "" { // one that went between two reads is not shown
			out.Posts = append(out.Posts, g)
		}
	}
	return out
}
