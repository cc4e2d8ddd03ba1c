package inbox

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sync/errgroup"

	"griot/fault"
	"griot/social"
	"griot/storage"
	"griot/storage/storagetest"
)

// quiet takes jobs and forgets them.
type quiet struct{}

func (quiet) InsertTx(context.Context, *sql.Tx, storage.Job, time.Time) error { return nil }

// people are those of the brand "brd", and zoe of another team.
type people struct{ awa, mod, nora, zoe social.Member }

func eachRules(t *testing.T, f func(*testing.T, *Service, people)) {
	t.Helper()
	now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	storagetest.Each(t, func() time.Time { return now }, func(t *testing.T, db *storage.DB) {
		db.Use(quiet{})
		var p people
		err := db.InTx(t.Context(), func(tx *storage.Tx) error {
			for _, team := range []string{"a", "b"} {
				if err := tx.AddTeam(t.Context(), social.Team{ID: team, Name: team}); err != nil {
					return err
				}
				if err := tx.AddBrand(t.Context(), social.Brand{ID: "brd_" + team, TeamID: team, Name: "Maison", Rev: 1}); err != nil {
					return err
				}
			}
			for _, m := range []struct {
				to         *social.Member
				team, name string
				role       social.Role
			}{{&p.awa, "a", "Awa", social.Admin}, {&p.mod, "a", "Inès", social.Moderator}, {&p.nora, "a", "Nora", social.Writer}, {&p.zoe, "b", "Zoé", social.Admin}} {
				*m.to = social.Member{ID: "mbr_" + m.name, TeamID: m.team, Name: m.name, Rev: 1, Roles: map[string][]social.Role{"brd_" + m.team: {m.role}}}
				if err := tx.AddMember(t.Context(), *m.to); err != nil {
					return err
				}
				if err := tx.SetRoles(t.Context(), m.team, m.to.ID, "brd_"+m.team, []social.Role{m.role}); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		f(t, New(Options{DB: db}), p)
	})
}

func parcels() social.Rule {
	return social.Rule{BrandID: "brd_a", Name: " Livraison ", If: social.Condition{Words: []string{"colis", "", "Colis", " carte  bleue "}, Languages: []string{"français", "fr"}},
		Then: social.Effects{Label: "livraison"}}
}

func TestRulesAreAddedMovedAndDropped(t *testing.T) {
	eachRules(t, func(t *testing.T, s *Service, p people) {
		ctx := t.Context()
		first, err := s.AddRule(ctx, p.mod, parcels())
		want := social.Rule{ID: first.ID, TeamID: "a", BrandID: "brd_a", Position: 1, Name: "Livraison", Rev: 1,
			If: social.Condition{Words: []string{"colis", "carte bleue"}, Languages: []string{"fr"}}, Then: social.Effects{Label: "livraison"}}
		if diff := cmp.Diff(want, first); diff != "" || err != nil {
			t.Fatalf("%v (-want +got):\n%s", err, diff)
		}
		second, err := s.AddRule(ctx, p.awa, social.Rule{BrandID: "brd_a", Name: "Le reste"})
		if err != nil || second.Position != 2 {
			t.Fatalf("the second stands at %d, %v", second.Position, err)
		}
		if moved, err := s.MoveRule(ctx, p.mod, second.ID, 1); err != nil || moved.Position != 1 || moved.Name != "Le reste" {
			t.Errorf("moved: %+v, %v", moved, err)
		}
		if gone, err := s.DropRule(ctx, p.mod, second.ID); err != nil || gone.Name != "Le reste" {
			t.Errorf("dropped: %+v, %v", gone, err)
		}
		all, err := s.Rules(ctx, p.nora, "brd_a")
		if diff := cmp.Diff([]social.Rule{want}, all); diff != "" || err != nil {
			t.Errorf("left: %v (-want +got):\n%s", err, diff)
		}
	})
}

func TestRulesAreForThoseWhoListen(t *testing.T) {
	eachRules(t, func(t *testing.T, s *Service, p people) {
		ctx := t.Context()
		r, err := s.AddRule(ctx, p.mod, parcels())
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct {
			by   social.Member
			want fault.Kind
		}{{p.nora, fault.Denied}, {p.zoe, fault.NotFound}} {
			other := parcels()
			other.Name = "Autre"
			_, add := s.AddRule(ctx, c.by, other)
			changed := r
			changed.Name = "Autre"
			_, change := s.ChangeRule(ctx, c.by, changed)
			_, move := s.MoveRule(ctx, c.by, r.ID, 1)
			_, drop := s.DropRule(ctx, c.by, r.ID)
			_, try := s.TryRule(ctx, c.by, r)
			for name, err := range map[string]error{"add": add, "change": change, "move": move, "drop": drop, "try": try} {
				if !fault.Is(err, c.want) {
					t.Errorf("%s by %s: %v", name, c.by.Name, err)
				}
			}
		}
		if err := s.DB.InTx(ctx, func(tx *storage.Tx) error { return tx.SetRoles(ctx, "a", p.mod.ID, "brd_a", nil) }); err != nil {
			t.Fatal(err)
		}
		if _, err := s.DropRule(ctx, p.mod, r.ID); !fault.Is(err, fault.Denied) || !strings.Contains(err.Error(), "Awa") {
			t.Errorf("by one who was a moderator: %v", err)
		}
		if all, err := s.Rules(ctx, p.zoe, "brd_a"); len(all) > 0 || err != nil {
			t.Errorf("another team reads %v, %v", all, err)
		}
	})
}

func TestWrongRulesAreRefusedAtTheirField(t *testing.T) {
	eachRules(t, func(t *testing.T, s *Service, p people) {
		for field, change := range map[string]func(*social.Rule){
			"name":      func(r *social.Rule) { r.Name = " " },
			"words":     func(r *social.Rule) { r.If.Words = []string{"colis", "!?"} },
			"authors":   func(r *social.Rule) { r.If.Authors = []string{"@"} },
			"languages": func(r *social.Rule) { r.If.Languages = []string{"klingon"} },
			"label":     func(r *social.Rule) { r.Then.Label = strings.Repeat("é", longestTag+1) },
		} {
			r := parcels()
			change(&r)
			_, add := s.AddRule(t.Context(), p.mod, r)
			_, change := s.ChangeRule(t.Context(), p.mod, r)
			for _, err := range []error{add, change} {
				if e, ok := err.(*fault.Error); !ok || e.Kind != fault.Invalid || e.Field != field {
					t.Errorf("%s: %v", field, err)
				}
			}
		}
	})
}

func TestOfTwoWhoChangeARuleOneIsToldWhoWasFaster(t *testing.T) {
	eachRules(t, func(t *testing.T, s *Service, p people) {
		ctx := t.Context()
		seen, err := s.AddRule(ctx, p.mod, parcels())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.AddRule(ctx, p.mod, social.Rule{BrandID: "brd_a", Name: "Le reste"}); err != nil {
			t.Fatal(err)
		}
		var both errgroup.Group
		errs := make([]error, 2)
		for i, by := range []social.Member{p.mod, p.awa} {
			both.Go(func() error {
				r := seen
				r.Then.Label = by.Name
				_, errs[i] = s.ChangeRule(ctx, by, r)
				return nil
			})
		}
		if _, err := s.MoveRule(ctx, p.mod, seen.ID, 2); err != nil { // moving is no change of what it says
			t.Error(err)
		}
		_ = both.Wait() // what each was told is in errs
		won, late := p.mod, errs[1]
		if errs[0] != nil {
			won, late = p.awa, errs[0]
		}
		if !fault.Is(late, fault.Conflict) || !strings.Contains(late.Error(), won.Name) || (errs[0] == nil) == (errs[1] == nil) {
			t.Errorf("%v and %v", errs[0], errs[1])
		}
		want := seen
		want.Then.Label, want.Position, want.Rev = won.Name, 2, 2
		if got, err := s.Rule(ctx, p.nora, seen.ID); err != nil || cmp.Diff(want, got) != "" {
			t.Errorf("%v (-want +got):\n%s", err, cmp.Diff(want, got))
		}
	})
}

func TestTwoPeopleCannotFillTheListOver(t *testing.T) {
	eachRules(t, func(t *testing.T, s *Service, p people) {
		ctx := t.Context()
		for i := range mostRules - 1 {
			if _, err := s.AddRule(ctx, p.mod, social.Rule{BrandID: "brd_a", Name: fmt.Sprint(i)}); err != nil {
				t.Fatal(err)
			}
		}
		var both errgroup.Group
		for _, name := range []string{"left", "right"} {
			both.Go(func() error {
				_, err := s.AddRule(ctx, p.mod, social.Rule{BrandID: "brd_a", Name: name})
				return err
			})
		}
		if err := both.Wait(); !fault.Is(err, fault.Invalid) {
			t.Errorf("one more than there can be: %v", err)
		}
		if all, err := s.Rules(ctx, p.mod, "brd_a"); len(all) != mostRules || err != nil {
			t.Errorf("%d rules, %v", len(all), err)
		}
	})
}

func TestATrialCountsWhatItsRuleDecides(t *testing.T) {
	t.Parallel()
	var past []social.Mention
	for i := range 20 {
		past = append(past, social.Mention{ID: fmt.Sprint(i), Text: []string{"colis", "colis perdu", "bonjour", "perdu"}[i%4]})
	}
	lost := social.Rule{ID: "lost", Position: 1, If: social.Condition{Words: []string{"perdu"}}}
	parcel := social.Rule{ID: "parcel", Position: 2, If: social.Condition{Words: []string{"colis"}}}
	ids := func(t Trial) (out []string) {
		for _, m := range t.Shown {
			out = append(out, m.ID)
		}
		return out
	}
	all := []social.Rule{lost, parcel}
	got := try(parcel, before(parcel, all), past)
	if diff := cmp.Diff([]string{"0", "4", "8", "12", "16"}, ids(got)); diff != "" || got.Found != 5 || got.Taken != 5 || got.Read != 20 {
		t.Errorf("behind another: %+v (-want +got):\n%s", got, diff)
	}
	got = try(lost, before(lost, all), past)
	if diff := cmp.Diff([]string{"1", "3", "5", "7", "9"}, ids(got)); diff != "" || got.Found != 10 || got.Taken != 0 {
		t.Errorf("the first: %+v (-want +got):\n%s", got, diff)
	}
	got = try(social.Rule{}, before(social.Rule{}, all), past) // not stored: behind all
	if got.Found != 5 || got.Taken != 15 {
		t.Errorf("a new one for all: %+v", got)
	}
}

func TestATrialWithoutAPastFindsNothing(t *testing.T) {
	eachRules(t, func(t *testing.T, s *Service, p people) {
		got, err := s.TryRule(t.Context(), p.mod, parcels())
		if err != nil || got.Read != 0 || got.Found != 0 || got.Shown != nil {
			t.Errorf("%+v, %v", got, err)
		}
		if all, err := s.Rules(t.Context(), p.mod, "brd_a"); len(all) > 0 || err != nil {
			t.Errorf("the trial left %v, %v", all, err)
		}
	})
}
