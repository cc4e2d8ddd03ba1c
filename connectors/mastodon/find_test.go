package mastodon_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"griot/connectors"
	"griot/connectors/mastodon/mastodontest"

	"github.com/google/go-cmp/cmp"
)

// TestFindTellsApart: near misses are not taken for the post.
func TestFindTellsApart(t *testing.T) {
	t.Parallel()
	for name, sources := range map[string]mastodontest.Sources{"with sources": mastodontest.Given, "without": mastodontest.Absent} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			now := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
			s, f, a := open(t, mastodontest.Options{Sources: sources, Now: func() time.Time { return now }})
			const text = "Rendez-vous  jeudi &\n\n@carol@far.example\nhttps://example.com/été?a=b&c=d <ici> « là » 👩‍👩‍👧"
			at := func(d time.Duration) connectors.Receipt {
				now = now.Add(d)
				return send(t, a.Publish, connectors.Draft{Key: key(int(now.Unix())), Text: text})
			}
			at(0)
			at(time.Hour) // the same words, long before
			armed := now.Add(2 * time.Minute)
			now = armed
			send(t, a.Publish, connectors.Draft{Key: key(2), Text: text + " !", ReplyTo: &connectors.Receipt{RemoteID: s.Say("x", "public")}})
			send(t, a.Publish, connectors.Draft{Key: key(3), Text: strings.Replace(text, "jeudi", "vendredi", 1)})
			send(t, a.Publish, connectors.Draft{Key: key(4), Text: text, ReplyTo: &connectors.Receipt{RemoteID: s.Say("y", "public")}})

			r := connectors.Request{Key: key(5), Armed: armed}
			prepared, err := a.Publish.Prepare(t.Context(), connectors.Draft{Key: key(5), Text: text})
			if err != nil {
				t.Fatal(err)
			}
			r.Body = prepared.Body
			if found := look(t, a.Publish, r); len(found) != 0 {
				t.Errorf("found %+v", found)
			}
			now = armed.Add(-50 * time.Second) // the server's clock is behind
			mine := at(0)
			if diff := cmp.Diff([]connectors.Receipt{mine}, look(t, a.Publish, r)); diff != "" {
				t.Errorf("found (-want +got):\n%s", diff)
			}
			now = armed.Add(time.Hour)
			for i := range 130 { // more than three pages later
				send(t, a.Publish, connectors.Draft{Key: key(100 + i), Text: fmt.Sprintf("Autre chose %d", i)})
			}
			f.Clear()
			if diff := cmp.Diff([]connectors.Receipt{mine}, look(t, a.Publish, r)); diff != "" {
				t.Errorf("found later (-want +got):\n%s", diff)
			}
			if n := f.Count(every); n > 10 {
				t.Errorf("looking took %d calls", n)
			}
			twin := at(0)
			if diff := cmp.Diff([]connectors.Receipt{twin, mine}, look(t, a.Publish, r)); diff != "" {
				t.Errorf("found two (-want +got):\n%s", diff)
			}
		})
	}
}

func look(t *testing.T, p connectors.Publisher, r connectors.Request) []connectors.Receipt {
	t.Helper()
	found, err := p.Find(t.Context(), r)
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// TestFindTellsMentionsApart: on the page both read "@carol"; only the words as typed differ.
func TestFindTellsMentionsApart(t *testing.T) {
	t.Parallel()
	s, _, a := open(t, mastodontest.Options{})
	armed := time.Now()
	send(t, a.Publish, connectors.Draft{Key: key(1), Text: "Merci @carol@far.example"})
	want := send(t, a.Publish, connectors.Draft{Key: key(2), Text: "Merci @carol@other.example"})
	if len(s.Posts()) != 2 {
		t.Fatal("two posts were made")
	}
	r, err := a.Publish.Prepare(t.Context(), connectors.Draft{Key: key(2), Text: "Merci @carol@other.example"})
	if err != nil {
		t.Fatal(err)
	}
	r.Armed = armed
	if diff := cmp.Diff([]connectors.Receipt{want}, look(t, a.Publish, r)); diff != "" {
		t.Errorf("found (-want +got):\n%s", diff)
	}
}

func TestMetricsOfManyPosts(t *testing.T) {
	t.Parallel()
	for _, software := range []mastodontest.Software{mastodontest.Mastodon, mastodontest.GoToSocial} {
		s, f, a := open(t, mastodontest.Options{Software: software})
		want := map[string]connectors.Counts{}
		items := []connectors.Receipt{{RemoteID: "404"}}
		for i := range 45 {
			r := send(t, a.Publish, connectors.Draft{Key: key(i), Text: fmt.Sprint("Post ", i)})
			for range i % 3 {
				s.Like(r.RemoteID)
			}
			items = append(items, r)
			want[r.RemoteID] = connectors.Counts{connectors.Likes: int64(i % 3), connectors.Shares: 0, connectors.Replies: 0}
		}
		f.Clear()
		got, err := a.Metrics.OfPosts(t.Context(), items)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", software, diff)
		}
		if n := f.Count(every); software == mastodontest.Mastodon && n != 3 {
			t.Errorf("%d calls for %d posts", n, len(items))
		}
		all, err := a.Metrics.OfAccount(t.Context())
		if diff := cmp.Diff(connectors.Counts{connectors.Followers: 12, connectors.Following: 7, connectors.Posts: 45}, all); diff != "" || err != nil {
			t.Errorf("account: %v (-want +got):\n%s", err, diff)
		}
	}
}
