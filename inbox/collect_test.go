package inbox_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"griot/connectors"
	"griot/fault"
	"griot/social"
	"griot/storage"
)

// What was said before an account was connected is not shown; what is said after is heard once, with its rule, whoever reads it.
func TestWhatIsSaidIsHeardOnce(t *testing.T) {
	each(t, func(w *world) {
		w.tx(func(ctx context.Context, tx *storage.Tx) error {
			_, err := tx.AddRule(ctx, social.Rule{ID: storage.NewID("rul"), TeamID: w.team, BrandID: w.brand.ID, Name: "Livraison", Rev: 1,
				If: social.Condition{Words: []string{"colis"}}, Then: social.Effects{Label: "sav", Priority: social.Urgent}})
			return err
		})
		w.net.says("@old", "Avant")
		w.collects()
		w.net.says("@lea", "Où est mon COLIS ?")
		w.net.says("@max", "Bonjour")
		var all sync.WaitGroup
		w.clock.passes(time.Minute)
		for _, name := range []string{"two", "three", "four"} {
			all.Go(func() {
				if err := w.process(name).Collect(w.Context()); err != nil {
					w.Error(err)
				}
			})
		}
		all.Wait()
		w.collects()
		got := map[string][]string{}
		for _, m := range w.all() {
			got[m.Text] = []string{m.RuleName, m.Label, fmt.Sprint(m.Priority), string(m.State), m.LateAt.Sub(m.HeardAt).String()}
		}
		want := map[string][]string{"Où est mon COLIS ?": {"Livraison", "sav", "2", "new", "30m0s"}, "Bonjour": {"", "", "0", "new", "24h0m0s"}}
		if diff := cmp.Diff(want, got); diff != "" {
			w.Errorf("heard (-want +got):\n%s", diff)
		}
		if n := len(w.queue.jobs["suggest"]); n != 2 {
			w.Errorf("%d times asked for suggestions", n)
		}
	})
}

// A rush does not fill a channel: after ten cards of one rule in a minute, one card gathers the rest.
func TestARushIsGathered(t *testing.T) {
	each(t, func(w *world) {
		w.collects()
		for i := range 37 {
			w.net.says("@crowd", fmt.Sprint("Scandale ", i))
		}
		w.net.page = 12
		w.collects()
		own := 0
		gatherings := map[string]int{}
		for _, m := range w.all() {
			if m.Gathering == "" {
				own++
			} else {
				gatherings[m.Gathering]++
			}
		}
		if own != 10 || len(gatherings) != 1 {
			w.Fatalf("%d cards and %d that gather", own, len(gatherings))
		}
		for id, n := range gatherings {
			g, latest, err := w.inbox.Gathered(w.Context(), w.team, id)
			if err != nil || n != 27 || g.Number != 27 || len(latest) != 25 {
				w.Errorf("%d in it, it counts %d and shows %d: %v", n, g.Number, len(latest), err)
			}
		}
		w.clock.passes(2 * time.Minute)
		w.net.says("@calm", "Bonjour")
		w.collects()
		all := w.all()
		if last := all[len(all)-1]; last.Gathering != "" {
			w.Errorf("after the rush a mention has no card of its own: %+v", last)
		}
	})
}

// A source that has more than one round reads is read on at the next look, not after its usual wait.
func TestMuchIsReadOnAtOnce(t *testing.T) {
	each(t, func(w *world) {
		w.collects()
		for i := range 25 {
			w.net.says("@crowd", fmt.Sprint("Bonjour ", i))
		}
		w.net.page = 1
		w.collects()
		for want, look := 10, 0; look < 3; look++ {
			if n := len(w.all()); n != want {
				w.Errorf("%d heard after %d looks, want %d", n, look+1, want)
			}
			if err := w.inbox.Collect(w.Context()); err != nil {
				w.Fatal(err)
			}
			want = min(25, want+10)
		}
	})
}

// A muted mention is kept and shown nowhere.
func TestMutedIsKept(t *testing.T) {
	each(t, func(w *world) {
		w.tx(func(ctx context.Context, tx *storage.Tx) error {
			_, err := tx.AddRule(ctx, social.Rule{ID: storage.NewID("rul"), TeamID: w.team, BrandID: w.brand.ID, Name: "Bruit", Rev: 1,
				If: social.Condition{Authors: []string{"@bot"}}, Then: social.Effects{Mute: true}})
			return err
		})
		w.collects()
		w.net.says("@bot", "Achetez")
		w.collects()
		if n := len(w.all()); n != 0 {
			w.Errorf("%d shown", n)
		}
		past, err := storage.PastMentions(w.Context(), w.db, w.team, w.brand.ID, 10)
		if err != nil || len(past) != 1 {
			w.Errorf("%d kept, %v", len(past), err)
		}
		if n := len(w.queue.jobs["show"]); n != 0 {
			w.Errorf("%d cards asked for", n)
		}
	})
}

// A source that fails is asked less and less often, and loses nothing; one whose credential is no longer good says so once a try.
func TestASourceThatFailsLosesNothing(t *testing.T) {
	each(t, func(w *world) {
		w.collects()
		w.net.says("@lea", "Bonjour")
		w.net.fails = &connectors.Error{Kind: connectors.Limited, After: 5 * time.Minute, Words: "slow down"}
		w.collects()
		src, err := storage.SourceOf(w.Context(), w.db, w.team, w.account.ID)
		if err != nil || src.Failures != 1 || src.Said != "slow down" || src.NextAt.Sub(w.clock.Now()) < 5*time.Minute {
			w.Errorf("%+v, %v", src, err)
		}
		w.net.fails = nil
		w.collects()
		if n := len(w.all()); n != 0 {
			w.Errorf("asked before it wanted to be: %d", n)
		}
		w.clock.passes(5 * time.Minute)
		w.collects()
		if n := len(w.all()); n != 1 {
			w.Errorf("%d heard", n)
		}
		w.net.fails = &connectors.Error{Kind: connectors.Temporary}
		for range 8 {
			w.clock.passes(time.Hour)
			w.collects()
		}
		if n := len(w.queue.jobs["tell"]); n != 1 {
			w.Errorf("the admin was told %d times that it cannot be read", n)
		}
		w.clock.passes(time.Hour)
		w.net.fails = &connectors.Error{Kind: connectors.SignIn}
		w.collects()
		if w.signIns != 1 {
			w.Errorf("%d times said that it must be connected again", w.signIns)
		}
	})
}

// A reader that stood still past its lease stores nothing twice, and does not turn the cursor back.
func TestAReaderThatStoodStillIsNoSecondOne(t *testing.T) {
	each(t, func(w *world) {
		w.collects()
		src, err := storage.SourceOf(w.Context(), w.db, w.team, w.account.ID)
		if err != nil {
			w.Fatal(err)
		}
		w.net.says("@lea", "Bonjour")
		w.collects()
		err = w.db.InTx(w.Context(), func(tx *storage.Tx) error {
			late := src
			late.Cursor = "0"
			return tx.SaveSource(w.Context(), late, src.Cursor)
		})
		if !fault.Is(err, fault.Conflict) {
			w.Errorf("a cursor was turned back: %v", err)
		}
	})
}
