package team_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"griot/fault"
	"griot/i18n"
	"griot/social"
	"griot/storage"
	"griot/team"
)

func TestOfTwoWhoUseOneLinkCodeAtOnceOneIsLinked(t *testing.T) {
	each(t, func(w world) {
		nora := w.join("nora", social.Writer)
		code, err := w.s.NewWorkspaceLink(w.Context(), w.awa)
		w.ok(err)
		_, _, err = w.s.Link(w.Context(), manager("G1", "awa#1"), code)
		w.ok(err)
		code, err = w.s.NewLink(w.Context(), nora)
		w.ok(err)
		errs := atOnce(6, func(i int) error {
			_, _, err := w.s.Link(w.Context(), person("G1", fmt.Sprint("user", i)), code)
			return err
		})
		if n := count(errs, nil); n != 1 {
			w.Errorf("%d of 6 were linked: %v", n, errs)
		}
		for _, err := range errs {
			if err != nil {
				w.wants(err, fault.Invalid)
			}
		}
		known := 0
		for i := range 6 {
			if m, _, err := w.s.Who(w.Context(), person("G1", fmt.Sprint("user", i))); err == nil && m.ID == nora.ID {
				known++
			}
		}
		if known != 1 {
			w.Errorf("nora is %d people", known)
		}
	})
}

func TestALinkCodeLastsTenMinutes(t *testing.T) {
	each(t, func(w world) {
		for passed, want := range map[time.Duration]bool{10*time.Minute - time.Second: true, 10 * time.Minute: false} {
			code, err := w.s.NewWorkspaceLink(w.Context(), w.awa)
			w.ok(err)
			w.clock.move(passed)
			_, _, err = w.s.Link(w.Context(), manager(passed.String(), "awa#1"), code)
			if got := err == nil; got != want || (err != nil && !fault.Is(err, fault.Invalid)) {
				w.Errorf("after %s: %v", passed, err)
			}
		}
	})
}

// wrong types codes that are none, as one of n people of a workspace after the other.
func (w world) wrong(workspace string, people, tries int) (read, refused int) {
	w.Helper()
	for i := range tries {
		p := manager(workspace, fmt.Sprint("eve", i%people))
		_, _, err := w.s.Link(w.Context(), p, fmt.Sprintf("%08d", i))
		switch {
		case fault.Is(err, fault.Invalid):
			read++
		case fault.Is(err, fault.Busy):
			refused++
		default:
			w.Fatalf("try %d: %v", i, err)
		}
	}
	return read, refused
}

func TestACodeCannotBeTriedOut(t *testing.T) {
	each(t, func(w world) {
		if read, refused := w.wrong("G1", 1, 1000); read != 5 || refused != 995 {
			w.Errorf("one person: %d read, %d refused", read, refused)
		}
		if read, refused := w.wrong("G2", 500, 1000); read != 50 || refused != 950 {
			w.Errorf("500 people of one server: %d read, %d refused", read, refused)
		}
		code, err := w.s.NewWorkspaceLink(w.Context(), w.awa)
		w.ok(err)
		_, _, err = w.s.Link(w.Context(), manager("G2", "awa#2"), code)
		w.wants(err, fault.Busy) // honest, and among them
		_, _, err = w.s.Link(w.Context(), manager("G3", "awa#3"), code)
		w.ok(err) // elsewhere, and the refusal did not spend the code
		w.clock.move(16 * time.Minute)
		code, err = w.s.NewWorkspaceLink(w.Context(), w.awa)
		w.ok(err)
		_, _, err = w.s.Link(w.Context(), manager("G2", "awa#2"), code)
		w.ok(err)
	})
}

func TestManyGuessesAtOnceAreCountedToo(t *testing.T) {
	each(t, func(w world) {
		errs := atOnce(40, func(i int) error {
			_, _, err := w.s.Link(w.Context(), person("G1", "eve"), fmt.Sprintf("%08d", i))
			return err
		})
		read := 0
		for _, err := range errs {
			if fault.Is(err, fault.Invalid) {
				read++
			}
		}
		if read > 5 {
			w.Errorf("%d of 40 were read", read)
		}
	})
}

func TestAWorkspaceWithPostsSaysTheWayOut(t *testing.T) {
	each(t, func(w world) {
		p := manager("G9", "bob")
		p.Surface = "discord"
		other, err := w.s.Setup(w.Context(), team.SetupRequest{Person: p, Brand: "Atelier", Locale: i18n.Fr, Zone: "Europe/Paris"})
		w.ok(err)
		w.ok(w.db.InTx(w.Context(), func(tx *storage.Tx) error {
			return tx.AddPost(w.Context(), social.Post{ID: "pst_1", TeamID: other.Team.ID, BrandID: other.Brand.ID, Author: other.Member.ID,
				Editor: other.Member.ID, State: social.Draft, Rev: 1, When: social.Later, CreatedAt: tx.Now()})
		}))
		code, err := w.s.NewWorkspaceLink(w.Context(), w.awa)
		w.ok(err)
		_, _, err = w.s.Link(w.Context(), p, code)
		w.wants(err, fault.Conflict)
		for l, want := range map[i18n.Locale]string{
			i18n.En: "This server has posts, accounts or mentions of its own, in the team “Atelier”, and two histories cannot become one. Keep both teams; or install Griot in another server and link that one to “Maison”.",
			i18n.Fr: "Ce serveur a ses propres publications, comptes ou mentions, dans l’équipe «\u202fAtelier\u202f», et deux histoires ne peuvent pas n’en faire qu’une. Gardez les deux équipes, ou installez Griot dans un autre serveur et reliez celui-là à «\u202fMaison\u202f».",
		} {
			if got := fault.For(err, l); got != want {
				w.Errorf("said %q, want %q", got, want)
			}
		}
		if _, at, err := w.s.Who(w.Context(), p); err != nil || at != other.Team {
			w.Errorf("bob is of %+v, %v", at, err)
		}
	})
}

// TestADiscordServerIsCalledOne: what is said where the chat is known is in its words.
func TestADiscordServerIsCalledOne(t *testing.T) {
	each(t, func(w world) {
		there := person("G1", "zoe")
		there.Surface = "discord"
		_, _, unknown := w.s.Who(w.Context(), there)
		_, denied := w.s.Setup(w.Context(), team.SetupRequest{Person: there, Brand: "X"})
		code, err := w.s.NewWorkspaceLink(w.Context(), w.awa)
		w.ok(err)
		_, _, unmanaged := w.s.Link(w.Context(), there, code)
		there.Manager = true
		_, err = w.s.Setup(w.Context(), team.SetupRequest{Person: there, Brand: "X", Locale: i18n.Fr, Zone: "UTC"})
		w.ok(err)
		_, twice := w.s.Setup(w.Context(), team.SetupRequest{Person: there, Brand: "X", Locale: i18n.Fr, Zone: "UTC"})
		invitation, err := w.s.Invite(w.Context(), w.awa, w.brand.ID, []social.Role{social.Writer})
		w.ok(err)
		_, others := w.s.Join(w.Context(), there, invitation)
		for name, err := range map[string]error{"unknown": unknown, "denied": denied, "unmanaged": unmanaged, "twice": twice, "others": others} {
			for l, word := range map[i18n.Locale]string{i18n.En: "server", i18n.Fr: "serveur"} {
				got := fault.For(err, l)
				if !strings.Contains(got, word) || strings.Contains(got, "workspace") || strings.Contains(got, "espace") {
					w.Errorf("%s: %q", name, got)
				}
			}
		}
	})
}
