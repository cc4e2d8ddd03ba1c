package inbox_test

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"griot/fault"
	"griot/social"
	"griot/storage"
)

// complaint is what somebody read in a chat.
func complaint() social.Mention {
	return social.Mention{Network: "discord", Key: "act", Text: " Où est mon colis ?\r\nTrois semaines ! ", Author: social.Author{Handle: "Léa  B."},
		URL: "https://Discord.com/channels/1/2/3"}
}

// What is brought goes the way of all mentions: its rule, its language, its place among those that wait, and when it is late.
func TestWhatIsBroughtIsAMention(t *testing.T) {
	each(t, func(w *world) {
		var rule social.Rule
		w.tx(func(ctx context.Context, tx *storage.Tx) (err error) {
			rule, err = tx.AddRule(ctx, social.Rule{ID: storage.NewID("rul"), TeamID: w.team, BrandID: w.brand.ID, Name: "Livraison", Rev: 1,
				If: social.Condition{Words: []string{"colis"}, Authors: []string{"léa b."}, Languages: []string{"fr"}}, Then: social.Effects{Label: "sav", Priority: social.High}})
			return err
		})
		h, fresh, err := w.inbox.Bring(w.Context(), w.awa, w.brand.ID, complaint())
		if err != nil || !fresh {
			w.Fatal(fresh, err)
		}
		now := w.clock.Now()
		want := social.Mention{ID: h.Mention.ID, TeamID: w.team, BrandID: w.brand.ID, Network: "discord", Key: "https://discord.com/channels/1/2/3", Kind: social.Brought,
			Author: social.Author{Handle: "Léa B."}, Text: "Où est mon colis ?\nTrois semaines !", Language: "fr", URL: "https://discord.com/channels/1/2/3",
			SaidAt: now, HeardAt: now, State: social.IsNew, LateAt: now.Add(social.High.Patience()), RuleID: rule.ID, RuleName: "Livraison", Label: "sav", Priority: social.High, Rev: 1}
		if diff := cmp.Diff(want, h.Mention); diff != "" {
			w.Errorf("brought (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff(social.Account{}, h.Account); diff != "" {
			w.Errorf("its account:\n%s", diff)
		}
		_, entries, names, err := w.inbox.Story(w.Context(), w.awa, h.Mention.ID)
		story := []social.Entry{{TeamID: w.team, Subject: h.Mention.ID, By: w.awa.ID, What: social.DidBring, Data: map[string]string{"rule": "Livraison"}}}
		if diff := cmp.Diff(story, entries, cmpopts.IgnoreFields(social.Entry{}, "At", "TeamID", "Subject")); err != nil || diff != "" || names[w.awa.ID] != "Awa" {
			w.Errorf("its story, by %v, %v (-want +got):\n%s", names, err, diff)
		}
		if n := len(w.queue.jobs["show"]); n != 1 {
			w.Errorf("%d cards asked for", n)
		}
		if n := len(w.queue.jobs["suggest"]); n != 0 {
			w.Errorf("suggestions for what cannot be answered: %d", n)
		}
		t, err := w.inbox.Tray(w.Context(), w.awa, "", "all")
		if err != nil || len(t.Mentions) != 1 || t.Free != 1 {
			w.Errorf("those that wait: %+v, %v", t, err)
		}
		counts, _, err := storage.MentionCounts(w.Context(), w.db, w.team, w.brand.ID, now, now.Add(time.Second))
		if diff := cmp.Diff(map[social.MentionState]int{social.IsNew: 1}, counts); err != nil || diff != "" {
			w.Errorf("counted, %v (-want +got):\n%s", err, diff)
		}
		_, err = w.inbox.Reply(w.Context(), w.awa, h.Mention.ID, "Bonjour")
		w.refused(err, fault.Invalid, "text")
		if _, err := w.inbox.Move(w.Context(), w.leo, h.Mention.ID, h.Mention.Rev, social.Escalate, social.MentionChange{To: w.awa.ID, Note: "Vous la connaissez"}); err != nil {
			w.Error(err)
		}
		w.is(h.Mention, social.IsEscalated, w.awa.ID)
	})
}

// The same message that two people bring at once is one mention, and whoever brings it again learns how it stands. Without a link
// each act is a mention of its own, however often a chat delivers it.
func TestTheSameMessageIsOneMention(t *testing.T) {
	each(t, func(w *world) {
		var all sync.WaitGroup
		hearings, fresh, errs := make([]social.Hearing, 2), make([]bool, 2), make([]error, 2)
		for i, who := range []social.Member{w.awa, w.leo} {
			all.Go(func() {
				m := complaint()
				m.Key = who.Name
				hearings[i], fresh[i], errs[i] = w.process(who.Name).Bring(w.Context(), who, w.brand.ID, m)
			})
		}
		all.Wait()
		if errs[0] != nil || errs[1] != nil || fresh[0] == fresh[1] || hearings[0].Mention.ID != hearings[1].Mention.ID {
			w.Fatalf("brought as %s and %s, fresh %v, %v", hearings[0].Mention.ID, hearings[1].Mention.ID, fresh, errs)
		}
		m := hearings[0].Mention
		if _, err := w.inbox.Move(w.Context(), w.leo, m.ID, m.Rev, social.ClaimIt, social.MentionChange{}); err != nil {
			w.Fatal(err)
		}
		h, isNew, err := w.inbox.Bring(w.Context(), w.awa, w.brand.ID, complaint())
		if err != nil || isNew || h.Mention.State != social.IsClaimed || h.Names[h.Mention.Owner] != "Léo" {
			w.Errorf("brought again: %+v, %v, %v", h.Mention, isNew, err)
		}
		other := complaint()
		other.Network, other.Key = "slack", "elsewhere"
		if h, isNew, err := w.inbox.Bring(w.Context(), w.leo, w.brand.ID, other); err != nil || isNew || h.Mention.ID != m.ID {
			w.Errorf("brought from another chat: %s, %v, %v", h.Mention.ID, isNew, err)
		}
		bare := complaint()
		bare.URL = ""
		for _, act := range []string{"one", "one", "two"} {
			bare.Key = act
			if _, _, err := w.inbox.Bring(w.Context(), w.awa, w.brand.ID, bare); err != nil {
				w.Fatal(err)
			}
		}
		if n := len(w.all()); n != 3 {
			w.Errorf("%d mentions, want the one with a link and two without", n)
		}
	})
}

// Rules mute what is brought, and a rush of it is gathered, as of all mentions.
func TestWhatIsBroughtMayHaveNoCardOfItsOwn(t *testing.T) {
	each(t, func(w *world) {
		w.tx(func(ctx context.Context, tx *storage.Tx) error {
			_, err := tx.AddRule(ctx, social.Rule{ID: storage.NewID("rul"), TeamID: w.team, BrandID: w.brand.ID, Name: "Bruit", Rev: 1,
				If: social.Condition{Words: []string{"colis"}}, Then: social.Effects{Mute: true}})
			return err
		})
		h, fresh, err := w.inbox.Bring(w.Context(), w.awa, w.brand.ID, complaint())
		if err != nil || !fresh || !h.Mention.Muted || h.Mention.RuleName != "Bruit" || len(w.queue.jobs["show"]) != 0 {
			w.Errorf("muted: %+v, %v, %v, %d cards", h.Mention, fresh, err, len(w.queue.jobs["show"]))
		}
		if _, entries, _, err := w.inbox.Story(w.Context(), w.awa, h.Mention.ID); err != nil || len(entries) != 1 || entries[0].By != w.awa.ID {
			w.Errorf("its story: %+v, %v", entries, err)
		}
		m := social.Mention{Network: "slack", Text: "Bonjour"}
		for m.Key = "a"; len(m.Key) < 12; m.Key += "a" {
			if h, _, err = w.inbox.Bring(w.Context(), w.awa, w.brand.ID, m); err != nil {
				w.Fatal(err)
			}
		}
		g, latest, err := w.inbox.Gathered(w.Context(), w.team, h.Mention.Gathering)
		if err != nil || g.Number != 1 || len(latest) != 1 {
			w.Errorf("the eleventh in a minute: %+v, %d, %v", g, len(latest), err)
		}
	})
}

// Who may bring what: moderators and admins, words that fit a card, and links that lead to a page.
func TestWhatCannotBeBrought(t *testing.T) {
	each(t, func(w *world) {
		bring := func(by social.Member, brand string, change func(*social.Mention)) error {
			m := complaint()
			change(&m)
			_, _, err := w.inbox.Bring(w.Context(), by, brand, m)
			return err
		}
		same := func(*social.Mention) {}
		w.refused(bring(w.ina, w.brand.ID, same), fault.Denied, "")
		w.refused(bring(w.awa, "brd_other", same), fault.NotFound, "")
		stranger := w.awa
		stranger.TeamID = storage.NewID("tea")
		w.refused(bring(stranger, w.brand.ID, same), fault.NotFound, "")
		w.refused(bring(w.awa, w.brand.ID, func(m *social.Mention) { m.Text = " \n" }), fault.Invalid, "text")
		w.refused(bring(w.awa, w.brand.ID, func(m *social.Mention) { m.Text = strings.Repeat("é", 4001) }), fault.Invalid, "text")
		w.refused(bring(w.awa, w.brand.ID, func(m *social.Mention) { m.Author.Handle = strings.Repeat("é", 101) }), fault.Invalid, "author")
		for _, link := range []string{"discord.com/channels/1/2/3", "javascript:alert(1)", "ftp://example.com/a", "https://", "https:///a", "https://example.com/" + strings.Repeat("a", 2000)} {
			w.refused(bring(w.awa, w.brand.ID, func(m *social.Mention) { m.URL = link }), fault.Invalid, "link")
		}
		if n := len(w.all()); n != 0 {
			w.Errorf("%d brought", n)
		}
		if err := bring(w.nora, w.brand.ID, func(m *social.Mention) { m.Text = strings.Repeat("é", 4000) }); err != nil {
			w.Error(err)
		}
	})
}
