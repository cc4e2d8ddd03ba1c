package storage_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sync/errgroup"

	"griot/fault"
	"griot/social"
	"griot/storage"
)

// rule is one of a team's brand, as full as a rule can be.
func rule(team, name string) social.Rule {
	return social.Rule{ID: "rul_" + team + "_" + name, TeamID: team, BrandID: "brd_" + team, Name: name, Rev: 1,
		If: social.Condition{Words: []string{"colis", "crédit agricole"}, Networks: []string{"mastodon"}, Authors: []string{"@lea"}, Languages: []string{"fr"}},
		Then: social.Effects{Room: social.Room{Surface: "chat", Workspace: "w", Channel: "sav"}, Label: "livraison", Priority: social.Urgent,
			Mute: true, Quiet: true}}
}

// ruled gives each team the rules one to four.
func ruled(t *testing.T, db *storage.DB) {
	t.Helper()
	in(t, db, func(tx *storage.Tx) error {
		for _, team := range []string{"a", "b"} {
			for i, name := range []string{"one", "two", "three", "four"} {
				r, err := tx.AddRule(t.Context(), rule(team, name))
				if err != nil {
					return err
				}
				if r.Position != int64(i+1) {
					return fmt.Errorf("%s stands at %d", name, r.Position)
				}
			}
		}
		return nil
	})
}

// order is a brand's rules as "1 one, 2 two".
func order(t *testing.T, db *storage.DB, team string) string {
	t.Helper()
	all, err := storage.Rules(t.Context(), db, team, "brd_"+team)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, r := range all {
		out = append(out, fmt.Sprint(r.Position, " ", r.Name))
	}
	return strings.Join(out, ", ")
}

func TestRulesKeepAllThatTheySay(t *testing.T) {
	two(t, func(t *testing.T, db *storage.DB) {
		ruled(t, db)
		want := rule("a", "two")
		want.Position = 2
		got, err := storage.Rule(t.Context(), db, "a", want.ID)
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("%v (-want +got):\n%s", err, diff)
		}
		want.Name, want.If, want.Then, want.Rev = "deux", social.Condition{}, social.Effects{Label: "x"}, 2
		in(t, db, func(tx *storage.Tx) error { return tx.SaveRule(t.Context(), want, 1) })
		all, err := storage.Rules(t.Context(), db, "a", "brd_a")
		if diff := cmp.Diff(want, all[1]); diff != "" || err != nil {
			t.Errorf("saved: %v (-want +got):\n%s", err, diff)
		}
		if err := db.InTx(t.Context(), func(tx *storage.Tx) error { return tx.SaveRule(t.Context(), want, 1) }); !fault.Is(err, fault.Conflict) {
			t.Errorf("saved over a newer one: %v", err)
		}
	})
}

func TestTwoRulesOfABrandHaveTwoNames(t *testing.T) {
	two(t, func(t *testing.T, db *storage.DB) {
		ruled(t, db)
		same := rule("a", "ONE")
		err := db.InTx(t.Context(), func(tx *storage.Tx) error { _, err := tx.AddRule(t.Context(), same); return err })
		if !fault.Is(err, fault.Invalid) {
			t.Errorf("added twice: %v", err)
		}
		other := rule("a", "two")
		other.Name = "One"
		if err := db.InTx(t.Context(), func(tx *storage.Tx) error { return tx.SaveRule(t.Context(), other, 1) }); !fault.Is(err, fault.Invalid) {
			t.Errorf("renamed to another's: %v", err)
		}
	})
}

func TestMovedRulesLeaveNoGap(t *testing.T) {
	two(t, func(t *testing.T, db *storage.DB) {
		ruled(t, db)
		for _, move := range []struct {
			name string
			to   int64
			want string
		}{
			{"four", 1, "1 four, 2 one, 3 two, 4 three"},
			{"four", 3, "1 one, 2 two, 3 four, 4 three"},
			{"four", 3, "1 one, 2 two, 3 four, 4 three"},
			{"one", 99, "1 two, 2 four, 3 three, 4 one"},
			{"three", -5, "1 three, 2 two, 3 four, 4 one"},
		} {
			in(t, db, func(tx *storage.Tx) error {
				return tx.MoveRule(t.Context(), "a", "brd_a", "rul_a_"+move.name, move.to)
			})
			if diff := cmp.Diff(move.want, order(t, db, "a")); diff != "" {
				t.Errorf("%s to %d (-want +got):\n%s", move.name, move.to, diff)
			}
		}
		in(t, db, func(tx *storage.Tx) error { return tx.DropRule(t.Context(), "a", "brd_a", "rul_a_two") })
		if diff := cmp.Diff("1 three, 2 four, 3 one", order(t, db, "a")); diff != "" {
			t.Errorf("dropped (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff("1 one, 2 two, 3 three, 4 four", order(t, db, "b")); diff != "" {
			t.Errorf("of the other team (-want +got):\n%s", diff)
		}
	})
}

func TestManyPeopleMoveRulesAtOnce(t *testing.T) {
	two(t, func(t *testing.T, db *storage.DB) {
		ruled(t, db)
		var all errgroup.Group
		for i := range 12 {
			all.Go(func() error {
				return db.InTx(t.Context(), func(tx *storage.Tx) error {
					switch names := []string{"one", "two", "three", "four"}; {
					case i == 5:
						return tx.DropRule(t.Context(), "a", "brd_a", "rul_a_two")
					case i%4 == 3:
						_, err := tx.AddRule(t.Context(), rule("a", fmt.Sprint("more ", i)))
						return err
					default:
						if err := tx.MoveRule(t.Context(), "a", "brd_a", "rul_a_"+names[i%4], int64(i%5+1)); !fault.Is(err, fault.NotFound) {
							return err
						}
						return nil
					}
				})
			})
		}
		if err := all.Wait(); err != nil {
			t.Fatal(err)
		}
		rules, err := storage.Rules(t.Context(), db, "a", "brd_a")
		if err != nil || len(rules) != 6 {
			t.Fatalf("%d rules, %v", len(rules), err)
		}
		for i, r := range rules {
			if r.Position != int64(i+1) {
				t.Errorf("%s stands at %d, not at %d", r.Name, r.Position, i+1)
			}
		}
	})
}

func TestRulesOfAnotherTeamAreOutOfReach(t *testing.T) {
	two(t, func(t *testing.T, db *storage.DB) {
		ruled(t, db)
		ctx := t.Context()
		if _, err := storage.Rule(ctx, db, "a", "rul_b_one"); !fault.Is(err, fault.NotFound) {
			t.Errorf("read: %v", err)
		}
		if all, err := storage.Rules(ctx, db, "a", "brd_b"); len(all) > 0 || err != nil {
			t.Errorf("listed: %v, %v", all, err)
		}
		stolen := rule("b", "one")
		stolen.TeamID, stolen.Name = "a", "stolen"
		for name, write := range map[string]func(*storage.Tx) error{
			"add":        func(tx *storage.Tx) error { _, err := tx.AddRule(ctx, stolen); return err },
			"save":       func(tx *storage.Tx) error { return tx.SaveRule(ctx, stolen, 1) },
			"move":       func(tx *storage.Tx) error { return tx.MoveRule(ctx, "a", "brd_b", "rul_b_one", 3) },
			"move in a":  func(tx *storage.Tx) error { return tx.MoveRule(ctx, "a", "brd_a", "rul_b_one", 3) },
			"drop":       func(tx *storage.Tx) error { return tx.DropRule(ctx, "a", "brd_b", "rul_b_one") },
			"drop off a": func(tx *storage.Tx) error { return tx.DropRule(ctx, "a", "brd_a", "rul_b_one") },
		} {
			if err := db.InTx(ctx, write); !fault.Is(err, fault.NotFound) && !fault.Is(err, fault.Conflict) {
				t.Errorf("%s: %v", name, err)
			}
		}
		if diff := cmp.Diff("1 one, 2 two, 3 three, 4 four", order(t, db, "b")); diff != "" {
			t.Errorf("of the other team (-want +got):\n%s", diff)
		}
	})
}

func TestRulesIntoAChannelAreThoseOfTheTeam(t *testing.T) {
	two(t, func(t *testing.T, db *storage.DB) {
		ruled(t, db)
		room := rule("a", "two").Then.Room
		in(t, db, func(tx *storage.Tx) error {
			r := rule("a", "two")
			r.Then.Room.Workspace, r.Rev = "w_a", 2
			return tx.SaveRule(t.Context(), r, 1)
		})
		all, err := storage.RulesInto(t.Context(), db, "a", room)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, r := range all {
			got = append(got, r.ID)
		}
		if diff := cmp.Diff([]string{"rul_a_one", "rul_a_three", "rul_a_four"}, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
}

func TestAWorkspaceThatGoesLeavesNoRuleIntoIt(t *testing.T) {
	two(t, func(t *testing.T, db *storage.DB) {
		ruled(t, db)
		var want []social.Rule
		in(t, db, func(tx *storage.Tx) error {
			for _, name := range []string{"one", "two", "three", "four"} {
				r, err := storage.Rule(t.Context(), tx, "a", "rul_a_"+name)
				if err != nil {
					return err
				}
				if name == "two" {
					r.Then.Room.Workspace, r.Rev = "w_a", 2
					if err := tx.SaveRule(t.Context(), r, 1); err != nil {
						return err
					}
					r.Then.Room = social.Room{}
				}
				want = append(want, r)
			}
			return tx.GiveWorkspace(t.Context(), social.Workspace{TeamID: "b", Surface: "chat", Workspace: "w_a"}, "a")
		})
		got, err := storage.Rules(t.Context(), db, "a", "brd_a")
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("%v (-want +got):\n%s", err, diff)
		}
	})
}

func TestPastMentionsAreTheLastOfTheBrand(t *testing.T) {
	two(t, func(t *testing.T, db *storage.DB) {
		ctx, noon := t.Context(), time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
		last := social.Mention{ID: "mtn_a3", TeamID: "a", BrandID: "brd_a", Network: "n", Author: social.Author{Name: "Léa", Handle: "@lea@social.example"},
			Title: "Titre", Text: "Où est mon colis ?", Language: "fr", URL: "https://social.example/3", SaidAt: noon}
		in(t, db, func(tx *storage.Tx) error {
			for _, team := range []string{"a", "b"} {
				for i := range 3 {
					m := social.Mention{ID: fmt.Sprint("mtn_", team, i), TeamID: team, BrandID: "brd_" + team, Network: "n", SaidAt: noon}
					m.AccountID, m.HeardAt, m.Key, m.State = "acc_"+team, noon.Add(time.Duration(i)*time.Minute), m.ID, social.IsNew
					if _, err := tx.Hear(ctx, m); err != nil {
						return err
					}
				}
			}
			m := last
			m.AccountID, m.HeardAt, m.Key, m.State = "acc_a", noon.Add(time.Hour), m.ID, social.IsNew
			_, err := tx.Hear(ctx, m)
			return err
		})
		got, err := storage.PastMentions(ctx, db, "a", "brd_a", 2)
		want := []social.Mention{last, {ID: "mtn_a2", TeamID: "a", BrandID: "brd_a", Network: "n", SaidAt: noon}}
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("%v (-want +got):\n%s", err, diff)
		}
		if got, err := storage.PastMentions(ctx, db, "a", "brd_b", 2); len(got) > 0 || err != nil {
			t.Errorf("of the other team: %v, %v", got, err)
		}
	})
}

func TestRulesAndPastMentionsAreFoundByIndex(t *testing.T) {
	two(t, func(t *testing.T, db *storage.DB) {
		if db.Engine() != storage.SQLite {
			return // a planner that looks at the number of rows scans an empty table
		}
		for name, read := range map[string]func(context.Context, storage.Reader) error{
			"rules_brand": func(ctx context.Context, r storage.Reader) error {
				_, err := storage.Rules(ctx, r, "a", "b")
				return err
			},
			"brands_name": func(ctx context.Context, r storage.Reader) error {
				_, err := storage.RulesInto(ctx, r, "a", social.Room{})
				return err
			},
			"mentions_heard": func(ctx context.Context, r storage.Reader) error {
				_, err := storage.PastMentions(ctx, r, "a", "b", 500)
				return err
			},
		} {
			plan, err := db.Plan(t.Context(), func(r storage.Reader) error { return read(t.Context(), r) })
			if err != nil || !strings.Contains(plan, "USING INDEX "+name) {
				t.Errorf("%s: %v\n%s", name, err, plan)
			}
		}
	})
}
