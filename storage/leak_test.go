package storage_test

import (
	"context"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"griot/fault"
	"griot/social"
	"griot/storage"
)

// postReads are the reads about posts that serve a person: each gives what it found, as text.
func postReads(ctx context.Context, r storage.Reader, team string, x *shelf, d social.Delivery) map[string]func() (string, error) {
	show := func(v any, n int, err error) (string, error) {
		if n == 0 {
			return "", err
		}
		return fmt.Sprint(v), err
	}
	return map[string]func() (string, error){
		"Post": func() (string, error) { v, err := storage.Post(ctx, r, team, d.PostID); return v.ID, err },
		"Posts": func() (string, error) {
			v, err := storage.Posts(ctx, r, team, storage.PostFilter{})
			return show(v, len(v), err)
		},
		"Revision": func() (string, error) { v, err := storage.Revision(ctx, r, team, d.PostID, 1); return v.PostID, err },
		"Approvals": func() (string, error) {
			v, err := storage.Approvals(ctx, r, team, d.PostID)
			return show(v, len(v), err)
		},
		"Votes":   func() (string, error) { v, err := storage.Votes(ctx, r, team, d.PostID); return show(v, len(v), err) },
		"Entries": func() (string, error) { v, err := storage.Entries(ctx, r, team, d.PostID); return show(v, len(v), err) },
		"Deliveries": func() (string, error) {
			v, err := storage.Deliveries(ctx, r, team, d.PostID)
			return show(v, len(v), err)
		},
		"Delivery": func() (string, error) { v, err := storage.Delivery(ctx, r, team, d.ID); return v.ID, err },
		"SheetOf":  func() (string, error) { v, err := storage.SheetOf(ctx, r, team, d.PostID); return v.Post.ID, err },
		"PostsBetween": func() (string, error) {
			v, err := storage.PostsBetween(ctx, r, team, x.brand, noon.Add(-time.Hour), noon.Add(time.Hour))
			return show(v, len(v), err)
		},
		"WaitingPosts": func() (string, error) {
			v, err := storage.WaitingPosts(ctx, r, team, storage.StopWhich{Brand: x.brand})
			return show(v, len(v), err)
		},
		"ToApprove": func() (string, error) {
			v, err := storage.ToApprove(ctx, r, team, "somebody else", []string{x.brand}, 5)
			return show(v, len(v), err)
		},
		"SentBack": func() (string, error) {
			v, err := storage.SentBack(ctx, r, team, x.member, []string{x.brand}, 5)
			return show(v, len(v), err)
		},
		"Stuck": func() (string, error) {
			v, err := storage.Stuck(ctx, r, team, x.member, []string{x.brand}, 5)
			return show(v, len(v), err)
		},
		"Departures": func() (string, error) {
			v, err := storage.Departures(ctx, r, team, []string{x.brand}, noon, 5)
			return show(v, len(v), err)
		},
		"Glances": func() (string, error) {
			v, err := storage.Glances(ctx, r, team, []string{d.PostID})
			return show(v, len(v), err)
		},
		"ErrandOf": func() (string, error) {
			e := d
			e.TeamID = team
			v, err := storage.ErrandOf(ctx, r, e)
			return v.Words.PostID, err
		},
	}
}

// postWrites are the writes about posts that serve a person. A refusal by conflict or for want of the row is as good as none.
func postWrites(ctx context.Context, tx *storage.Tx, team string, x *shelf, d social.Delivery) map[string]func() error {
	theirs := d
	theirs.TeamID = team
	return map[string]func() error{
		"HoldPost": func() error { return tx.HoldPost(ctx, team, d.PostID) },
		"SavePost": func() error {
			return tx.SavePost(ctx, social.Post{ID: d.PostID, TeamID: team, Editor: x.member, State: social.Cancelled, Rev: 2, Words: 1, When: social.Later}, 1)
		},
		"SavePart": func() error {
			return tx.SavePart(ctx, team, d.ID, social.DeliveryPart{At: noon, Request: "x", Live: true})
		},
		"Stop": func() error {
			_, err := tx.Stop(ctx, team, storage.StopWhich{Post: d.PostID}, social.ByCancel)
			return err
		},
		"Hold":       func() error { _, err := tx.Hold(ctx, team, x.brand); return err },
		"Overdue":    func() error { return none(tx.Overdue(ctx, team, x.brand)) },
		"Reschedule": func() error { return tx.Reschedule(ctx, team, d.PostID, noon.Add(time.Hour)) },
		"Approve": func() error {
			return tx.Approve(ctx, team, social.Approval{PostID: d.PostID, AccountID: d.AccountID, Fingerprint: "g", By: x.member, Fixed: true})
		},
		"Vote":        func() error { return tx.Vote(ctx, team, d.PostID, social.Vote{By: x.member, Words: 7}) },
		"Unvote":      func() error { return tx.Unvote(ctx, team, d.PostID) },
		"Disapprove":  func() error { return tx.Disapprove(ctx, team, d.PostID, d.AccountID) },
		"HoldAccount": func() error { return tx.HoldAccount(ctx, team, d.AccountID, noon.Add(time.Hour)) },
		"Turned":      func() error { _, err := tx.Turned(ctx, theirs, social.Miss); return err },
		"Decided":     func() error { return tx.Decided(ctx, theirs, social.Miss) },
		"MayLeave": func() error {
			ok, err := tx.MayLeave(ctx, theirs)
			if ok {
				return fmt.Errorf("another team's delivery may leave")
			}
			return err
		},
	}
}

func none(ds []social.Delivery, err error) error {
	if len(ds) > 0 {
		return fmt.Errorf("%d of another team", len(ds))
	}
	return err
}

// given are the writes that take whole rows: what they add carries the team that the caller has checked.
var given = []string{"AddPost", "AddRevision", "AddEntry", "AddDelivery"}

func TestPostsOfAnotherTeamAreOutOfReach(t *testing.T) {
	both(t, func(t *testing.T, x *shelf, _ []*storage.DB) {
		d := x.fill(1, noon, social.Waiting)[0]
		x.tx(func(ctx context.Context, tx *storage.Tx) error {
			if err := tx.Vote(ctx, x.team, d.PostID, social.Vote{By: x.member, Words: 1}); err != nil {
				return err
			}
			return tx.AddEntry(ctx, social.Entry{TeamID: x.team, Subject: d.PostID, What: social.DidDraft})
		})
		x.fill(1, noon, social.Unsure)
		x.words(social.Post{State: social.InReview})
		x.words(social.Post{State: social.Draft, Note: "Trop court"})
		thief := newShelf(t, x.db, "Autre").team
		for name, read := range postReads(t.Context(), x.db, x.team, x, d) {
			if got, err := read(); got == "" || err != nil {
				t.Errorf("%s finds nothing of its own: %v", name, err)
			}
		}
		for name, read := range postReads(t.Context(), x.db, thief, x, d) {
			if got, err := read(); got != "" || (err != nil && !fault.Is(err, fault.NotFound)) {
				t.Errorf("%s shows another team %q, %v", name, got, err)
			}
		}
		before := x.all(d)
		for name := range postWrites(t.Context(), nil, thief, x, d) {
			err := x.db.InTx(t.Context(), func(tx *storage.Tx) error { return postWrites(t.Context(), tx, thief, x, d)[name]() })
			if err != nil && !fault.Is(err, fault.NotFound) && !fault.Is(err, fault.Conflict) {
				t.Errorf("%s: %v", name, err)
			}
			if diff := cmp.Diff(before, x.all(d)); diff != "" {
				t.Fatalf("%s changed another team's rows (-was +is):\n%s", name, diff)
			}
		}
	})
}

// all is everything a post consists of.
func (x *shelf) all(d social.Delivery) social.Sheet {
	x.Helper()
	s, err := storage.SheetOf(x.Context(), x.db, x.team, d.PostID)
	if err != nil {
		x.Fatal(err)
	}
	return s
}

// Whoever adds a function about posts adds it to the test above.
func TestEveryFunctionAboutPostsIsTriedByAnotherTeam(t *testing.T) {
	tried := map[string]bool{}
	for name := range postReads(t.Context(), nil, "", &shelf{}, social.Delivery{}) {
		tried[name] = true
	}
	for name := range postWrites(t.Context(), nil, "", &shelf{}, social.Delivery{}) {
		tried[name] = true
	}
	for _, name := range given {
		tried[name] = true
	}
	for _, file := range []string{"posts.go", "deliveries.go", "sheet.go", "desk.go"} {
		f, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range f.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if ok && fn.Name.IsExported() && !tried[fn.Name.Name] {
				t.Errorf("%s: %s is not tried with another team's ids", file, fn.Name.Name)
			}
		}
	}
}
