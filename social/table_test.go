package social_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"griot/fault"
	"griot/social"
)

var update = flag.Bool("update", false, "write the golden files")

func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got); -update writes it anew:\n%s", file, diff)
	}
}

var now = time.Date(2026, 11, 3, 9, 0, 0, 0, time.UTC)

var allMoves = []social.Move{social.Submit, social.Approve, social.Fix, social.SendBack, social.Edit, social.Schedule, social.Publish, social.Unschedule, social.Cancel}

// who are the people a post can meet: each role as a stranger to the words, and an approver as author and as last editor.
var who = []struct {
	name string
	id   string
	role social.Role
}{
	{"author without a role", "author", ""}, {"author who approves", "author", social.Approver}, {"editor who approves", "editor", social.Approver},
	{"writer", "x", social.Writer}, {"approver", "x", social.Approver}, {"moderator", "x", social.Moderator},
	{"analyst", "x", social.Analyst}, {"client", "x", social.Client}, {"admin", "x", social.Admin}, {"nobody", "x", ""},
}

var rules = []struct {
	name  string
	brand social.Brand
}{
	{"plain", social.Brand{ID: "b", Zone: "UTC"}}, {"alone", social.Brand{ID: "b", Zone: "UTC", Alone: true}},
	{"nofix", social.Brand{ID: "b", Zone: "UTC", NoFix: true}}, {"nomove", social.Brand{ID: "b", Zone: "UTC", NoMove: true}},
}

// TestPostTable writes down every case of the table: state, move, person, rule of the brand, wish for a date.
func TestPostTable(t *testing.T) {
	var b strings.Builder
	for _, s := range social.States {
		for _, m := range allMoves {
			for _, w := range who {
				fmt.Fprintf(&b, "%-9s %-10s %-21s", s, m, w.name)
				for _, r := range rules {
					fmt.Fprintf(&b, " | %s:", r.name)
					for _, wish := range []social.When{social.Later, social.Soon, social.OnDate} {
						b.WriteString(" " + outcome(s, m, w.id, w.role, r.brand, wish))
					}
				}
				b.WriteString("\n")
			}
		}
	}
	golden(t, "post.txt", b.String())
}

func outcome(s social.State, m social.Move, id string, role social.Role, b social.Brand, wish social.When) string {
	p := social.Post{ID: "p", BrandID: "b", Author: "author", Editor: "editor", State: s, Rev: 1, Words: 1, When: wish, Moment: social.Moment{At: now.Add(time.Hour)}}
	by := social.Actor{Member: social.Member{ID: id, Roles: map[string][]social.Role{"b": {role}}}, Brand: b}
	q, err := p.Apply(m, by, social.Change{Words: 2, Note: "n", Moment: social.Moment{At: now.Add(2 * time.Hour)}, Now: now})
	if err == nil {
		return string(q.State)
	}
	return map[fault.Kind]string{fault.Denied: "denied", fault.Conflict: "no", fault.Invalid: "invalid"}[fault.KindOf(err)]
}

func TestDeliveryTable(t *testing.T) {
	var b strings.Builder
	turns := []social.Turn{social.Claim, social.Expire, social.Arm, social.Next, social.Wonder, social.Accept, social.Confirm, social.Postpone, social.Refuse,
		social.Doubt, social.Miss, social.Stop, social.SayLive, social.SendAgain, social.TakeDown, social.TakenDown, social.StillThere, social.Insist}
	for _, s := range social.DeliveryStates {
		for _, turn := range turns {
			to, ok := s.After(turn)
			if ok != slices.Contains(turn.Before(), s) {
				t.Errorf("%s from %s: After and Before disagree", turn, s)
			}
			if !ok {
				to = "–"
			}
			fmt.Fprintf(&b, "%-8s %-11s %s\n", s, turn, to)
		}
	}
	golden(t, "delivery.txt", b.String())
}
