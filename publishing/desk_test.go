package publishing_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"griot/publishing"
	"griot/social"
	"griot/storage"
)

// texts are the words on a pile, as they come.
func texts(p social.Pile) []string {
	var out []string
	for _, g := range p.Posts {
		out = append(out, g.Words.Text)
	}
	if p.More {
		out = append(out, "…")
	}
	return out
}

func (h *house) desk(m social.Member) social.Desk {
	h.Helper()
	d, err := h.s.Desk(h.Context(), m)
	h.ok(err)
	return d
}

// TestDeskIsWhatOneMayDoNow: everybody who has something to approve on their desk can approve it, and nobody else.
func TestDeskIsWhatOneMayDoNow(t *testing.T) {
	each(t, func(h *house) {
		s := h.move(h.ana, h.draft(h.dated("De la main d’Ana")), social.Submit, social.Change{}).Sheet
		h.draft(h.content("Un brouillon"))
		_, err := h.s.Edit(h.Context(), h.bob, s.Post.ID, s.Post.Rev, h.dated("Repris par Bob"))
		h.ok(err)
		client, analyst := h.person("Tom", social.Client), h.person("Zoé", social.Analyst)
		for _, c := range []struct {
			by   social.Member
			want []string
		}{
			{h.ana, nil}, // a writer only
			{h.bob, nil}, // his own hand
			{h.cleo, []string{"Repris par Bob"}},
			{client, []string{"Repris par Bob"}},
			{analyst, nil},
		} {
			if diff := cmp.Diff(c.want, texts(h.desk(c.by).ToApprove)); diff != "" {
				h.Errorf("%s (-want +got):\n%s", c.by.Name, diff)
			}
		}
		h.set(func(b *social.Brand) { b.Alone = true })
		if diff := cmp.Diff([]string{"Repris par Bob"}, texts(h.desk(h.bob).ToApprove)); diff != "" {
			h.Errorf("alone (-want +got):\n%s", diff)
		}
		if g := h.desk(h.cleo).ToApprove.Posts[0]; g.Author != "Ana" || !g.At.Equal(h.tomorrow().At) || g.Post.ID != s.Post.ID {
			h.Errorf("shown as %+v", g)
		}
		h.move(h.cleo, h.sheet(s), social.Approve, social.Change{})
		if got := texts(h.desk(h.cleo).ToApprove); got != nil {
			h.Errorf("still to approve: %q", got)
		}
	})
}

func TestDeskHoldsOnesOwnTroubles(t *testing.T) {
	each(t, func(h *house) {
		back := h.move(h.ana, h.draft(h.content("Trop court")), social.Submit, social.Change{}).Sheet
		h.move(h.bob, back, social.SendBack, social.Change{Note: "Plus long"})
		h.village.Misbehave(pretend422)
		s := h.approved(h.content("Refusée"))
		h.until(h.process(nil), func() bool { return h.sheet(s).Status() == social.IsPartly })

		d := h.desk(h.ana)
		if diff := cmp.Diff([][]string{{"Trop court"}, {"Refusée"}}, [][]string{texts(d.SentBack), texts(d.Stuck)}); diff != "" {
			h.Fatalf("(-want +got):\n%s", diff)
		}
		if g := d.Stuck.Posts[0]; g.Delivery.State != social.Refused || g.Account.ID != g.Delivery.AccountID || g.Account.Handle == "" {
			h.Errorf("what is wrong is told as %+v", g)
		}
		if d := h.desk(h.bob); d.SentBack.Posts != nil || d.Stuck.Posts != nil {
			h.Errorf("on another desk: %+v", d)
		}
	})
}

func TestDeskShowsTheWeek(t *testing.T) {
	each(t, func(h *house) {
		on := func(text string, after time.Duration) publishing.Content {
			c := h.content(text)
			c.When, c.Moment = social.OnDate, social.Moment{At: h.clock.Now().Add(after), Local: "2026-11-04T10:00", Zone: "Europe/Paris"}
			return c
		}
		const day = 24 * time.Hour
		for i := range 7 {
			h.approved(on(fmt.Sprint("Jour ", i), time.Hour+time.Duration(i)*day))
		}
		h.approved(on("Minuit", 6*day+13*time.Hour+59*time.Minute))        // 23:59 in Paris, where it is 10:00
		h.approved(on("Le huitième jour", 6*day+14*time.Hour+time.Minute)) // one minute after midnight
		h.move(h.ana, h.draft(on("À valider", day)), social.Submit, social.Change{})

		ana, cleo := h.desk(h.ana), h.desk(h.cleo)
		first := []string{"Jour 0", "Jour 1", "Jour 2", "Jour 3", "Jour 4", "…"}
		want := [][]string{first, nil, nil, first}
		if diff := cmp.Diff(want, [][]string{texts(ana.Next), texts(ana.Others), texts(cleo.Next), texts(cleo.Others)}); diff != "" {
			h.Errorf("(-want +got):\n%s", diff)
		}
		if len(ana.Week) != 8 || len(cleo.Week) != 8 || !ana.Week[7].Equal(h.clock.Now().Add(6*day+13*time.Hour+59*time.Minute)) {
			h.Errorf("the week of Ana is %v, of Cléo %v", ana.Week, cleo.Week)
		}
		h.clock.Advance(day)
		if got := texts(h.desk(h.ana).Next); got[0] != "Jour 1" {
			h.Errorf("a day later: %q", got)
		}
	})
}

// TestDeskEndsWithTheRole: a brand for which one has no role is not on one's desk, be one its writer.
func TestDeskEndsWithTheRole(t *testing.T) {
	each(t, func(h *house) {
		h.approved(h.dated("Bonjour"))
		h.move(h.ana, h.draft(h.content("À valider")), social.Submit, social.Change{})
		other := social.Brand{ID: storage.NewID("brd"), TeamID: h.brand.TeamID, Name: "Soleil", Zone: "Europe/Paris", Rev: 1}
		h.tx(func(ctx context.Context, tx *storage.Tx) error { return tx.AddBrand(ctx, other) })
		for _, m := range []social.Member{h.ana, h.bob} {
			m.Roles = map[string][]social.Role{other.ID: {social.Admin}}
			want := social.Desk{Member: m, Brands: []social.Brand{other}}
			if diff := cmp.Diff(want, h.desk(m)); diff != "" {
				h.Errorf("%s (-want +got):\n%s", m.Name, diff)
			}
			m.Roles = nil
			if diff := cmp.Diff(social.Desk{Member: m}, h.desk(m)); diff != "" {
				h.Errorf("%s without a role (-want +got):\n%s", m.Name, diff)
			}
		}
	})
}
