package storage

import (
	"context"
	"slices"

	"griot/social"
)

// Errand is what a delivery needs to know before it leaves.
type Errand struct {
	Words    social.Revision // those that the delivery is to send
	To       social.Remote   // what they answer; zero: nothing
	Post     social.State
	Approved bool // a person's yes to exactly the delivery's fingerprint stands
	Brand    social.Brand
	Account  social.Account
}

// ErrandOf reads what is true now of a delivery's words and of where they go.
func ErrandOf(ctx context.Context, r Reader, d social.Delivery) (Errand, error) {
	var row struct {
		revisionRow
		State    string `db:"state"`
		Approved bool   `db:"approved"`
	}
	err := get(ctx, r, &row, `
SELECT v.post_id, v.number, v.by_member, v.at, v.text, v.media, v.accounts, v.texts, p.state,
    EXISTS (SELECT 1 FROM approvals y WHERE y.team_id = p.team_id AND y.post_id = p.id AND y.account_id = ? AND y.fingerprint = ?) AS approved
FROM revisions v
JOIN posts p ON p.id = v.post_id AND p.team_id = v.team_id
WHERE v.team_id = ? AND v.post_id = ? AND v.number = ?`, d.AccountID, d.Fingerprint, d.TeamID, d.PostID, d.Revision)
	if err != nil {
		return Errand{}, err
	}
	e := Errand{Words: row.revision(), Post: social.State(row.State), Approved: row.Approved}
	if e.Brand, err = Brand(ctx, r, d.TeamID, d.BrandID); err != nil {
		return e, err
	}
	if e.To, err = remoteOf(ctx, r, d.TeamID, d.Answers); err != nil {
		return e, err
	}
	e.Account, err = Account(ctx, r, d.TeamID, d.AccountID)
	return e, err
}

// SheetOf reads a post of the team with everything a card or a decision about it needs.
func SheetOf(ctx context.Context, r Reader, team, post string) (social.Sheet, error) {
	p, err := Post(ctx, r, team, post)
	if err != nil {
		return social.Sheet{}, err
	}
	s := social.Sheet{Post: p}
	if s.Revision, err = Revision(ctx, r, team, post, p.Words); err != nil {
		return s, err
	}
	if s.Brand, err = Brand(ctx, r, team, p.BrandID); err != nil {
		return s, err
	}
	if s.Lines, err = Lines(ctx, r, team, s.Brand); err != nil {
		return s, err
	}
	if s.Approvals, err = Approvals(ctx, r, team, post); err != nil {
		return s, err
	}
	if s.Votes, err = Votes(ctx, r, team, post); err != nil {
		return s, err
	}
	if s.Deliveries, err = Deliveries(ctx, r, team, post); err != nil {
		return s, err
	}
	if s.To, err = remoteOf(ctx, r, team, p.Answers); err != nil {
		return s, err
	}
	ids := slices.Clone(s.Revision.Accounts)
	for _, d := range s.Deliveries {
		ids = append(ids, d.AccountID)
	}
	if s.Accounts, err = AccountsIn(ctx, r, team, ids); err != nil {
		return s, err
	}
	people := []string{p.Author, p.Editor}
	for _, a := range s.Approvals {
		people = append(people, a.By)
	}
	for _, v := range s.Votes {
		people = append(people, v.By)
	}
	s.Names, err = Names(ctx, r, team, people)
	return s, err
}
