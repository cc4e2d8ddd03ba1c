package digest_test

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"griot/connectors"
	"griot/social"
	"griot/storage"
)

// network says the numbers that a test puts in.
type network struct {
	mu       sync.Mutex // guards what follows
	account  connectors.Counts
	posts    map[string]connectors.Counts
	err      error
	accounts int
	asked    [][]string // items, for each call
}

func (n *network) OfAccount(context.Context) (connectors.Counts, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.accounts++
	return n.account, n.err
}

func (n *network) OfPosts(_ context.Context, items []connectors.Receipt) (map[string]connectors.Counts, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	var ids []string
	for _, i := range items {
		ids = append(ids, i.RemoteID)
	}
	slices.Sort(ids)
	n.asked = append(n.asked, ids)
	return n.posts, n.err
}

// publish makes a post live on an account, of as many parts as there are ids.
func (w *world) publish(account string, at time.Time, ids ...string) string {
	w.Helper()
	post := storage.NewID("pst")
	d := social.Delivery{ID: storage.NewID("dlv"), TeamID: w.team, BrandID: w.brand, PostID: post, AccountID: account, Network: "test", Revision: 1,
		State: social.Live, DueAt: at}
	for i, id := range ids {
		receipt, err := json.Marshal(connectors.Receipt{RemoteID: id})
		if err != nil {
			w.Fatal(err)
		}
		d.Parts = append(d.Parts, social.DeliveryPart{Index: int64(i), Key: storage.NewID("key"), At: at, Armed: at, Receipt: string(receipt),
			URL: "https://social.example/" + id, Live: true})
	}
	w.tx(func(ctx context.Context, tx *storage.Tx) error {
		return errors.Join(
			tx.AddPost(ctx, social.Post{ID: post, TeamID: w.team, BrandID: w.brand, Author: w.admin.ID, Editor: w.admin.ID, State: social.Scheduled,
				Rev: 1, Words: 1, When: social.OnDate, Moment: social.Moment{At: at}, CreatedAt: at}),
			tx.AddRevision(ctx, w.team, social.Revision{PostID: post, Number: 1, By: w.admin.ID, At: at, Text: "Ouverture samedi", Accounts: []string{account}}),
			tx.AddDelivery(ctx, d))
	})
	return post
}

func (w *world) collect(at time.Time) {
	w.Helper()
	w.at(at)
	if err := w.service(w.db).Collect(w.Context()); err != nil {
		w.Fatal(err)
	}
}

// TestPostsAreReadAtGrowingIntervals: a quarter of an hour, one, three, twelve hours and a day after they went live, then
// daily for a month.
func TestPostsAreReadAtGrowingIntervals(t *testing.T) {
	t.Parallel()
	in := paris(t)
	start := time.Date(2026, 3, 2, 12, 0, 0, 0, in)
	each(t, start, func(w *world) {
		n := &network{account: connectors.Counts{connectors.Followers: 10}, posts: map[string]connectors.Counts{
			"1": {connectors.Likes: 3, connectors.Shares: 0}, "2": {connectors.Likes: 4}}}
		a := w.account("Mastodon")
		w.nets[a] = n
		w.publish(a, start, "1", "2")
		for at := start; at.Before(start.AddDate(0, 0, 40)); at = at.Add(15 * time.Minute) {
			w.collect(at)
		}
		got, err := storage.ItemSamples(w.Context(), w.db, w.team, a, "1", w.clock())
		if err != nil {
			t.Fatal(err)
		}
		var after []time.Duration
		for _, s := range got {
			if s.Metric == social.Likes {
				after = append(after, s.At.Sub(start))
			}
		}
		want := []time.Duration{15 * time.Minute, time.Hour, 3 * time.Hour, 12 * time.Hour}
		for day := 1; day <= 30; day++ {
			want = append(want, time.Duration(day)*24*time.Hour)
		}
		if diff := cmp.Diff(want, after); diff != "" {
			t.Errorf("read after (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff([]string{"1", "2"}, n.asked[0]); diff != "" {
			t.Errorf("asked of both parts at once (-want +got):\n%s", diff)
		}
		if hourly := int(start.AddDate(0, 0, 40).Sub(start) / time.Hour); n.accounts != hourly {
			t.Errorf("the account was read %d times in %d hours", n.accounts, hourly)
		}
	})
}

// TestWhatANetworkDoesNotSayIsSaid: since when its numbers are missing, and nothing in their place.
func TestWhatANetworkDoesNotSayIsSaid(t *testing.T) {
	t.Parallel()
	in := paris(t)
	start := time.Date(2026, 3, 15, 20, 0, 0, 0, in)
	each(t, start, func(w *world) {
		n := &network{account: connectors.Counts{connectors.Followers: 100, connectors.Posts: 7}, posts: map[string]connectors.Counts{
			"1": {connectors.Likes: 3}, "2": {connectors.Likes: 4, connectors.Replies: 1}}}
		a, mute := w.account("Mastodon"), w.account("Feed")
		w.nets[a] = n
		post := w.publish(a, start.Add(5*time.Hour), "1", "2")
		lost := time.Date(2026, 3, 16, 14, 10, 0, 0, in)
		for at := start; at.Before(start.Add(40 * time.Hour)); at = at.Add(10 * time.Minute) {
			if at.Equal(lost) {
				n.err = &connectors.Error{Kind: connectors.Limited, After: 3 * time.Hour}
			}
			n.account = connectors.Counts{connectors.Followers: 100 - int64(at.Sub(start)/time.Hour), connectors.Posts: 7} // they leave
			w.collect(at)
		}
		r, err := w.service(w.db).Yesterday(w.Context(), w.admin, w.brand)
		if err != nil {
			t.Fatal(err)
		}
		w.at(time.Date(2026, 3, 16, 12, 0, 0, 0, in))
		today, err := w.service(w.db).Over(w.Context(), w.admin, w.brand, social.Span{First: "2026-03-16", Last: "2026-03-16"})
		if err != nil {
			t.Fatal(err)
		}
		minus, at := int64(-12), int64(84)
		posts, zero := int64(7), int64(0)
		find := func(r social.Report, id string) social.AccountRow {
			return r.Accounts[slices.IndexFunc(r.Accounts, func(x social.AccountRow) bool { return x.AccountID == id })]
		}
		row := find(r, a)
		if last := time.Date(2026, 3, 16, 14, 0, 0, 0, in); !row.LostAt.Equal(last) {
			t.Errorf("numbers are missing since %v", row.LostAt)
		}
		if len(row.Figures) > 0 && row.Figures[0].Gained != nil {
			t.Errorf("a number of a day whose end nobody read: %+v", row.Figures[0])
		}
		if slices.ContainsFunc(r.Accounts, func(x social.AccountRow) bool { return x.AccountID == mute }) {
			t.Error("a network that has no numbers is missed every morning")
		}
		want := []social.Figure{{Metric: social.Followers, Total: &at, Gained: &minus}, {Metric: social.Posts, Total: &posts, Gained: &zero}}
		if diff := cmp.Diff(want, find(today, a).Figures); diff != "" {
			t.Errorf("today at noon (-want +got):\n%s", diff)
		}
		best, ok := r.Best()
		if diff := cmp.Diff(map[social.Metric]int64{social.Likes: 7, social.Replies: 1}, best.Counts); !ok || best.PostID != post || diff != "" {
			t.Errorf("the best post is %v (-want +got):\n%s", best, diff)
		}
	})
}
