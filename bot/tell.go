package bot

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"griot/cards"
	"griot/chat"
	"griot/fault"
	"griot/i18n"
	"griot/social"
	"griot/storage"
)

// When people are left alone, in hours of their own day.
const (
	evening = 20
	morning = 8
)

// How long a notice waits for the card under which it belongs.
const (
	soon = 10 * time.Second
	long = 5 * time.Minute // while the card waits for its turn
	tick = 300 * time.Millisecond
)

// Tell says one notice: under the subject's card where the member is, else to them directly. It pings that member only,
// once per change, over restarts too; not between 20 and 8 hours of their day unless it is urgent.
func (b *Board) Tell(ctx context.Context, j storage.TellJob) error {
	n, err := storage.UnsaidNotice(ctx, b.o.DB, j.TeamID, j.NoticeID)
	if err != nil {
		return gone(err)
	}
	m, err := storage.Member(ctx, b.o.DB, n.TeamID, n.MemberID)
	if err != nil {
		return fmt.Errorf("tell %s: %w", n.ID, err)
	}
	home, err := b.o.Home(ctx, n.TeamID, n.Subject)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return fmt.Errorf("tell %s: %w", n.ID, err)
	}
	now, err := b.o.DB.Now(ctx)
	if err != nil {
		return err
	}
	if home.Zone, err = b.zoneOf(ctx, n.TeamID, m, home); err != nil {
		return fmt.Errorf("tell %s: %w", n.ID, err)
	}
	if wait := quiet(n, m, home, now); wait > 0 {
		return &storage.Later{After: wait}
	}
	ways, err := b.ways(ctx, n, home, now)
	if err != nil {
		return err
	}
	words, err := b.words(ctx, n, home, m)
	if err != nil {
		return err
	}
	return b.nudge(ctx, n, ways, words)
}

// quiet is how long the member is to be left alone.
func quiet(n social.Notice, m social.Member, home Home, now time.Time) time.Duration {
	if n.Urgent {
		return 0
	}
	local := now.In(zone(m.Zone, home.Zone))
	y, mo, d := local.Date()
	switch h := local.Hour(); {
	case h >= evening:
		return time.Date(y, mo, d+1, morning, 0, 0, 0, local.Location()).Sub(now)
	case h < morning:
		return time.Date(y, mo, d, morning, 0, 0, 0, local.Location()).Sub(now)
	}
	return 0
}

// zoneOf is the brand's zone, or that of the team's first brand when a notice is about no post: not every chat says in which zone
// its people are.
func (b *Board) zoneOf(ctx context.Context, team string, m social.Member, home Home) (string, error) {
	if home.Zone != "" || m.Zone != "" {
		return home.Zone, nil
	}
	brands, err := storage.Brands(ctx, b.o.DB, team)
	if err != nil || len(brands) == 0 {
		return "", err
	}
	return brands[0].Zone, nil
}

// zone is the first of names that is a zone.
func zone(names ...string) *time.Location {
	for _, name := range names {
		if loc, err := time.LoadLocation(name); name != "" && err == nil {
			return loc
		}
	}
	return time.UTC
}

// ways are how the member can be reached, the best first: under the subject's card, then directly. While a card of theirs
// is on its way, it is waited for.
func (b *Board) ways(ctx context.Context, n social.Notice, home Home, now time.Time) ([]chat.Nudge, error) {
	ids, err := storage.Identities(ctx, b.o.DB, n.TeamID, n.MemberID)
	if err != nil {
		return nil, err
	}
	ids = slices.DeleteFunc(ids, func(i social.Identity) bool { return b.o.Surfaces[i.Surface] == nil })
	shown, err := storage.Placements(ctx, b.o.DB, n.TeamID, n.Subject)
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(shown, func(x, y storage.Placement) int { return rank(x, home) - rank(y, home) })
	first := slices.IndexFunc(home.Places, func(p chat.Place) bool { // of the brand's own channels, where the member is
		_, ok := identityIn(ids, p)
		return ok
	})
	var out []chat.Nudge
	theirs := false // under a card there
	for _, p := range shown {
		if i, ok := identityIn(ids, chat.Place(p.Spot)); ok && p.Message != "" && !p.Moved {
			theirs = theirs || first >= 0 && chat.Place(p.Spot) == home.Places[first]
			out = append(out, chat.Nudge{To: who(i), Thread: chat.MessageRef{Place: chat.Place(p.Spot), Message: p.Message}})
		}
	}
	if !theirs && first >= 0 {
		if err := b.coming(ctx, n, shown, home.Places[first], now); err != nil {
			return nil, err
		}
	}
	for _, i := range ids {
		out = append(out, chat.Nudge{To: who(i)})
	}
	return out, nil
}

// coming is Later while the card that belongs in a place is on its way there: for a moment, or while it waits for its turn.
func (b *Board) coming(ctx context.Context, n social.Notice, shown []storage.Placement, at chat.Place, now time.Time) error {
	if now.Sub(n.At) < soon {
		return &storage.Later{After: tick}
	}
	i := slices.IndexFunc(shown, func(p storage.Placement) bool { return chat.Place(p.Spot) == at && p.Message == "" })
	if i < 0 || now.Sub(n.At) > long {
		return nil
	}
	queued, err := storage.Queued(ctx, b.o.DB, shown[i].ID)
	if err == nil && queued {
		err = &storage.Later{After: time.Second}
	}
	return err
}

// identityIn is how the member is known in a place.
func identityIn(ids []social.Identity, p chat.Place) (social.Identity, bool) {
	for _, i := range ids {
		if i.Surface == p.Surface && i.Workspace == p.Workspace {
			return i, true
		}
	}
	return social.Identity{}, false
}

// rank prefers the brand's own channels, in their order.
func rank(p storage.Placement, home Home) int {
	if i := slices.Index(home.Places, chat.Place(p.Spot)); i >= 0 {
		return i
	}
	return len(home.Places)
}

func who(i social.Identity) chat.Who {
	return chat.Who{Surface: i.Surface, Workspace: i.Workspace, User: i.User, Name: i.Name}
}

// words are the notice in the member's language, with names for ids.
func (b *Board) words(ctx context.Context, n social.Notice, home Home, m social.Member) ([]chat.Span, error) {
	if id := n.Data["account"]; id != "" {
		accounts, err := storage.AccountsIn(ctx, b.o.DB, n.TeamID, []string{id})
		if err != nil {
			return nil, err
		}
		n.Data = maps.Clone(n.Data)
		if len(accounts) > 0 {
			n.Data["account"] = accounts[0].Label()
		}
	}
	l := m.Locale
	if !slices.Contains(i18n.Locales, l) {
		l = home.Locale
	}
	return cards.Notice(n, home.About, l), nil
}

// nudge goes through ways until one is open, and writes down that it was said.
func (b *Board) nudge(ctx context.Context, n social.Notice, ways []chat.Nudge, words []chat.Span) error {
	for _, w := range ways {
		w.Key, w.Words = n.ID, words
		switch err := b.call(ctx, n, w); {
		case err == nil:
			return nil
		case !nowhere(err):
			return fmt.Errorf("tell %s: %w", n.ID, err)
		}
	}
	b.o.Log.WarnContext(ctx, "nobody to tell", "notice", n.ID, "member", n.MemberID)
	return b.o.DB.InTx(ctx, func(tx *storage.Tx) error { return tx.Said(ctx, n) })
}

// where is where a nudge is written. A person's own conversation with Griot goes by their id: its channel is not known here.
func where(w chat.Nudge) chat.Place {
	if w.Thread.Message != "" {
		return w.Thread.Place
	}
	return chat.Place{Surface: w.To.Surface, Workspace: w.To.Workspace, Channel: "@" + w.To.User}
}

// call says a notice in one way, when its turn has come there.
func (b *Board) call(ctx context.Context, n social.Notice, w chat.Nudge) error {
	at := where(w)
	if wait := b.gates.enter(at); wait > 0 {
		return &storage.Later{After: wait}
	}
	defer b.gates.leave(at)
	x := b.turnOf(storage.Spot(at), n.ID, true)
	n, err := b.try(ctx, n, x)
	if err != nil {
		return err
	}
	w.Again = n.Tried
	err = b.ask(ctx, w)
	n.Tried = n.Tried || !refused(err)
	wait, err := b.limited(ctx, at, err)
	if err == nil && wait > 0 {
		err = &storage.Later{After: wait}
	}
	return b.tried(ctx, n, x, err)
}

func (b *Board) ask(ctx context.Context, w chat.Nudge) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	return b.o.Surfaces[w.To.Surface].Nudge(ctx, w)
}

// try commits that a notice is about to be said, and returns it as it stood. Errors: Later while it is not its turn, or
// somebody else is saying it.
func (b *Board) try(ctx context.Context, n social.Notice, x storage.Turn) (was social.Notice, err error) {
	wait := time.Duration(0)
	err = b.o.DB.InTx(ctx, func(tx *storage.Tx) (err error) {
		if wait, err = b.turn(ctx, tx, x); err != nil || wait > 0 {
			return err
		}
		ok := false
		if was, ok, err = tx.TryNotice(ctx, n, lease); err == nil && !ok {
			err = &storage.Later{After: tick} // the turn is given back
		}
		return err
	})
	if err == nil && wait > 0 {
		err = &storage.Later{After: wait}
	}
	return was, err
}

// tried writes down what became of saying a notice, even when the job is being stopped.
func (b *Board) tried(ctx context.Context, n social.Notice, x storage.Turn, why error) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
	defer cancel()
	err := b.o.DB.InTx(ctx, func(tx *storage.Tx) error {
		end := tx.KeepTurn
		if why == nil || nowhere(why) {
			end = tx.EndTurn
		}
		if x.Every == 0 {
			end = func(context.Context, storage.Turn) error { return nil }
		}
		if err := end(ctx, x); err != nil {
			return err
		}
		if why == nil {
			return tx.Said(ctx, n)
		}
		return tx.ReleaseNotice(ctx, n)
	})
	if err != nil {
		return fmt.Errorf("write down what was said: %w", err)
	}
	return why
}
