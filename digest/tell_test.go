package digest_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"griot/digest"
	"griot/drafting"
	"griot/fault"
	"griot/i18n"
	"griot/social"
	"griot/storage"
)

// watch says that numbers of an account are read since an instant.
func (w *world) watch(account string, since time.Time) {
	w.Helper()
	w.tx(func(ctx context.Context, tx *storage.Tx) error {
		return tx.Watch(ctx, social.Watched{TeamID: w.team, BrandID: w.brand, AccountID: account, Since: since})
	})
}

func (w *world) due(s *digest.Service, at time.Time) {
	w.Helper()
	w.at(at)
	if err := s.Due(w.Context()); err != nil {
		w.Fatal(err)
	}
}

func (w *world) choose(s *digest.Service, f func(*social.Telling)) {
	w.Helper()
	room := social.Room{Surface: w.channel.Surface, Workspace: w.channel.Workspace, Channel: w.channel.Channel}
	if _, err := s.Tell(w.Context(), w.admin, w.brand, room, f); err != nil {
		w.Fatal(err)
	}
}

// TestHalfPastTwoOnBothNights: an hour that is skipped comes when the clocks have moved on, one that comes twice counts the
// first time.
func TestHalfPastTwoOnBothNights(t *testing.T) {
	t.Parallel()
	in := paris(t)
	each(t, time.Date(2026, 3, 20, 0, 0, 0, 0, in), func(w *world) {
		w.watch(w.account("Mastodon"), w.clock())
		s := w.service(w.db)
		w.choose(s, func(t *social.Telling) { t.Minute, t.Days = 150, social.EveryDay })
		for _, night := range []time.Time{time.Date(2026, 3, 28, 12, 0, 0, 0, in), time.Date(2026, 10, 24, 12, 0, 0, 0, in)} {
			for at := night.AddDate(0, 0, -2); at.Before(night.AddDate(0, 0, 2)); at = at.Add(10 * time.Minute) {
				w.due(s, at)
			}
		}
		var got []string
		for _, d := range w.told() {
			got = append(got, string(d.Day)+" at "+d.At.Format("2006-01-02 15:04"))
		}
		want := []string{
			"2026-03-27 at 2026-03-27 01:30",
			"2026-03-28 at 2026-03-28 01:30",
			"2026-03-29 at 2026-03-29 01:00", // 2:30 is skipped: it is three o'clock at once
			"2026-03-30 at 2026-03-30 00:30",
			"2026-10-22 at 2026-10-22 10:00", // the process was away: the last one that was missed
			"2026-10-23 at 2026-10-23 00:30",
			"2026-10-24 at 2026-10-24 00:30",
			"2026-10-25 at 2026-10-25 00:30", // comes again an hour later, and is not told again
			"2026-10-26 at 2026-10-26 01:30",
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("digests (-want +got):\n%s", diff)
		}
	})
}

// TestTwoProcessesTellOnce: whoever is faster writes the digest and the place of its card, the other one neither.
func TestTwoProcessesTellOnce(t *testing.T) {
	t.Parallel()
	in := paris(t)
	each(t, time.Date(2026, 3, 16, 8, 0, 0, 0, in), func(w *world) {
		w.watch(w.account("Mastodon"), w.clock())
		dbs := []*storage.DB{w.db, w.db}
		if w.db.Engine() == storage.Postgres {
			dbs[1] = w.open()
		}
		for day := range 5 {
			w.at(time.Date(2026, 3, 16+day, 9, 0, 0, 0, in))
			var all sync.WaitGroup
			for range 3 {
				for _, db := range dbs {
					all.Go(func() {
						if err := w.service(db).Due(w.Context()); err != nil {
							w.Error(err)
						}
					})
				}
			}
			all.Wait()
		}
		all := w.told()
		if len(all) != 5 {
			t.Errorf("told %d times in 5 days", len(all))
		}
		for _, d := range all {
			at, err := storage.Placements(w.Context(), w.db, w.team, d.ID)
			if err != nil || len(at) != 1 || at[0].Channel != w.channel.Channel || at[0].Ours {
				t.Errorf("the card of %s stands at %v (%v)", d.Day, at, err)
			}
		}
	})
}

// TestNothingIsToldTooSoon: without an account there is no morning, and a channel that was just chosen waits for its hour.
func TestNothingIsToldTooSoon(t *testing.T) {
	t.Parallel()
	in := paris(t)
	each(t, time.Date(2026, 3, 16, 8, 0, 0, 0, in), func(w *world) {
		s := w.service(w.db)
		w.due(s, time.Date(2026, 3, 16, 9, 0, 0, 0, in))
		w.account("Mastodon")
		w.at(time.Date(2026, 3, 16, 9, 30, 0, 0, in))
		if err := s.Collect(w.Context()); err != nil {
			t.Fatal(err)
		}
		w.due(s, time.Date(2026, 3, 16, 9, 31, 0, 0, in))
		w.due(s, time.Date(2026, 3, 17, 8, 59, 0, 0, in))
		if n := len(w.told()); n != 0 {
			t.Fatalf("told %d times before the first hour", n)
		}
		w.due(s, time.Date(2026, 3, 17, 9, 0, 0, 0, in))
		w.choose(s, func(t *social.Telling) { t.Off = true })
		w.due(s, time.Date(2026, 3, 18, 9, 0, 0, 0, in))
		w.choose(s, func(t *social.Telling) { t.Off, t.Minute = false, 18*60+15 })
		w.due(s, time.Date(2026, 3, 19, 18, 14, 0, 0, in))
		w.due(s, time.Date(2026, 3, 19, 18, 15, 0, 0, in))
		w.due(s, time.Date(2026, 3, 21, 18, 15, 0, 0, in)) // Saturday: Friday's, late
		w.due(s, time.Date(2026, 3, 22, 18, 15, 0, 0, in))
		w.choose(s, func(t *social.Telling) { t.Off = true })
		w.tx(func(ctx context.Context, tx *storage.Tx) error {
			other := w.channel
			other.Workspace, other.Channel = "w2", "numbers"
			_, err := tx.AddWorkspace(ctx, social.Workspace{TeamID: w.team, Surface: "playground", Workspace: "w2", Name: "w2"})
			return errors.Join(err, tx.PutChannel(ctx, other))
		})
		w.due(s, time.Date(2026, 3, 24, 10, 1, 0, 0, in))
		w.due(s, time.Date(2026, 3, 25, 9, 40, 0, 0, in))
		var got []string
		for _, d := range w.told() {
			got = append(got, string(d.Day)+" in "+d.Channel.Channel)
		}
		want := []string{"2026-03-17 in chiffres", "2026-03-19 in chiffres", "2026-03-20 in chiffres", "2026-03-25 in numbers"}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("days (-want +got):\n%s", diff)
		}
	})
}

// TestRemarksInventNoNumber: a sentence with a number that stands nowhere is not told, and a model that fails holds up nothing.
func TestRemarksInventNoNumber(t *testing.T) {
	t.Parallel()
	in := paris(t)
	each(t, time.Date(2026, 3, 10, 8, 0, 0, 0, in), func(w *world) {
		a := w.account("Mastodon")
		w.watch(a, w.clock())
		w.tx(func(ctx context.Context, tx *storage.Tx) error {
			for day := range 10 {
				err := tx.AddSample(ctx, social.Sample{TeamID: w.team, BrandID: w.brand, AccountID: a, Metric: social.Followers,
					Value: int64(1000 + 1234*day), At: time.Date(2026, 3, 10+day, 23, 30, 0, 0, in), Means: "test 1"})
				if err != nil {
					return err
				}
			}
			return nil
		})
		said := []string{"Belle journée\u202f: +1\u202f234 abonnés.", "Deux fois plus d’abonnés que d’habitude.", "", "perdu", "Une journée calme."}
		s := w.service(w.db)
		day := 0
		s.Remarks = func(_ context.Context, team, brand string, l i18n.Locale, rows []drafting.Row) (string, error) {
			if team != w.team || brand != w.brand || l != i18n.Fr || rows[0].Label != "Mastodon" || !strings.HasPrefix(rows[0].Figure, "abonnés +") {
				t.Errorf("asked about %s %s in %s: %q", team, brand, l, rows)
			}
			day++
			if said[day-1] == "perdu" {
				return "", errors.New("the model is away")
			}
			return said[day-1], nil
		}
		for i := range said {
			if i == len(said)-1 {
				w.choose(s, func(t *social.Telling) { t.Silent = true })
			}
			w.due(s, time.Date(2026, 3, 12+i+2*((i+3)/5), 9, 0, 0, 0, in)) // Thursday, Friday, then the next week
		}
		var got []string
		for _, d := range w.told() {
			got = append(got, d.Report.Remarks)
		}
		if diff := cmp.Diff([]string{said[0], "", "", "", ""}, got); diff != "" {
			t.Errorf("remarks (-want +got):\n%s", diff)
		}
	})
}

// TestWhoMayKnowAndWhoMayChoose: numbers are for everybody of the brand, the hour for analysts and admins, nothing for another
// team.
func TestWhoMayKnowAndWhoMayChoose(t *testing.T) {
	t.Parallel()
	in := paris(t)
	each(t, time.Date(2026, 3, 16, 12, 0, 0, 0, in), func(w *world) {
		s := w.service(w.db)
		member := func(roles ...social.Role) social.Member {
			return social.Member{ID: "mbr_x", TeamID: w.team, Roles: map[string][]social.Role{w.brand: roles}}
		}
		stranger := member(social.Admin)
		stranger.TeamID = "tea_other"
		room := social.Room{Surface: w.channel.Surface, Workspace: w.channel.Workspace, Channel: w.channel.Channel}
		elsewhere := room
		elsewhere.Channel = "general"
		tell := func(by social.Member, at social.Room) error {
			_, err := s.Tell(w.Context(), by, w.brand, at, func(t *social.Telling) { t.Minute = 60 })
			return err
		}
		know := func(by social.Member) error {
			_, err := s.Yesterday(w.Context(), by, w.brand)
			_, also := s.Over(w.Context(), by, w.brand, social.Span{First: "2026-03-10", Last: "2026-03-16"})
			if fault.KindOf(err) != fault.KindOf(also) {
				t.Errorf("yesterday says %v, a week %v", err, also)
			}
			return err
		}
		for name, c := range map[string]struct {
			err  error
			kind fault.Kind
		}{
			"a client knows":     {know(member(social.Client)), 0},
			"nobody knows":       {know(member()), fault.Denied},
			"a stranger":         {know(stranger), fault.NotFound},
			"an analyst chooses": {tell(member(social.Analyst), room), 0},
			"a writer":           {tell(member(social.Writer), room), fault.Denied},
			"a stranger chooses": {tell(stranger, room), fault.NotFound},
			"in another channel": {tell(member(social.Admin), elsewhere), fault.Invalid},
		} {
			if fault.KindOf(c.err) != c.kind || (c.kind == 0) != (c.err == nil) {
				t.Errorf("%s: %v", name, c.err)
			}
		}
		all, err := s.Tellings(w.Context(), w.admin, w.brand)
		if err != nil || len(all) != 1 || all[0].Minute != 60 || all[0].Days != social.WorkingDays {
			t.Errorf("chosen: %v (%v)", all, err)
		}
	})
}
