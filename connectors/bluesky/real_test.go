package bluesky_test

import (
	"net/url"
	"testing"
	"time"

	"griot/connectors"
	"griot/connectors/conntest"

	"github.com/google/go-cmp/cmp"
)

func TestBatteryOnTheReferenceServer(t *testing.T) {
	t.Parallel()
	me, other := newPerson(t), newPerson(t)
	revoked := me.newAppPassword("revoked")
	me.revoke("revoked")
	faults, home := front(t, me.net)
	conntest.Run(t, conntest.Target{
		New:         newConnector(t, time.Now, home),
		Secrets:     secrets(home, me.handle, me.app),
		Revoked:     secrets(home, me.handle, revoked),
		HiddenFacts: hiddenFacts,
		Faults:      faults,
		Role:        role,
		Items:       func(*testing.T) []conntest.Item { return me.items() },
		Stranger: func(t *testing.T) connectors.Receipt {
			uri, cid := other.create("app.bsky.feed.post", map[string]any{"text": "Et vous, à quelle heure ?"})
			eventually(t, "the question is seen", func() bool { return len(me.shown(uri)) == 1 })
			return connectors.Receipt{RemoteID: uri, Ref: cid}
		},
		Answer: func(t *testing.T, to connectors.Receipt) connectors.Receipt {
			at := map[string]string{"uri": to.RemoteID, "cid": to.Ref}
			uri, cid := other.create("app.bsky.feed.post", map[string]any{"text": "Je crois que oui", "reply": map[string]any{"root": at, "parent": at}})
			eventually(t, "the answer is seen", func() bool { return len(me.shown(uri)) == 1 })
			return connectors.Receipt{RemoteID: uri, Ref: cid}
		},
		Mention: func(t *testing.T, text string) string {
			name := "@" + me.handle
			uri, _ := other.create("app.bsky.feed.post", map[string]any{"text": name + " " + text, "facets": []any{map[string]any{
				"index":    map[string]int{"byteStart": 0, "byteEnd": len(name)},
				"features": []any{map[string]string{"$type": "app.bsky.richtext.facet#mention", "did": me.did}},
			}}})
			eventually(t, "the mention is told", func() bool { return me.told(uri) })
			return uri
		},
		Like: func(_ *testing.T, r connectors.Receipt) { other.like(r) },
	})
}

// TestEverybodyReadsIt: what was published comes back from the public API, to somebody who is not signed in.
func TestEverybodyReadsIt(t *testing.T) {
	t.Parallel()
	me, other := newPerson(t), newPerson(t)
	a := me.open()
	d := draft("Hé 👋 @" + other.handle + " et @personne.test : https://example.com/ü #été")
	d.Media = []connectors.Media{picture(t, "Un rectangle gris, « sans rien »")}
	_, first := publish(t, a.Publish, d)
	d2 := draft("La suite.")
	d2.Root, d2.ReplyTo = &first, &first
	_, second := publish(t, a.Publish, d2)

	// Somebody answers the end of the thread, and is answered: the root is the beginning.
	answer, answerCID := other.create("app.bsky.feed.post", map[string]any{
		"text": "Et les horaires ?",
		"reply": map[string]any{
			"root":   map[string]string{"uri": first.RemoteID, "cid": first.Ref},
			"parent": map[string]string{"uri": second.RemoteID, "cid": second.Ref},
		},
	})
	d3 := draft("De 9 h à 18 h.")
	d3.ReplyTo = &connectors.Receipt{RemoteID: answer, Ref: answerCID}
	_, third := publish(t, a.Reply, d3)

	uris := []string{first.RemoteID, second.RemoteID, third.RemoteID}
	eventually(t, "three posts in the public API", func() bool { return len(me.shown(uris...)) == len(uris) })
	got := me.shown(uris...)

	post := got[0]
	if post.Author.Handle != me.handle || post.Record.Text != d.Text || !cmp.Equal(post.Record.Langs, []string{"fr"}) {
		t.Errorf("shown: %+v", post)
	}
	if len(post.Embed.Images) != 1 || post.Embed.Images[0].Alt != d.Media[0].Alt {
		t.Fatalf("pictures: %+v", post.Embed)
	}
	if r := post.Embed.Images[0].AspectRatio; r.Width != 160 || r.Height != 90 {
		t.Errorf("aspect ratio: %+v", r)
	}
	var marked []string
	for _, f := range post.Record.Facets {
		marked = append(marked, post.Record.Text[f.Index.ByteStart:f.Index.ByteEnd])
		if did, ok := f.Features[0]["did"]; ok && did != other.did {
			t.Errorf("the mention names %s, want %s", did, other.did)
		}
	}
	if diff := cmp.Diff([]string{"@" + other.handle, "https://example.com/ü", "#été"}, marked); diff != "" {
		t.Errorf("what is alive (-want +got):\n%s", diff)
	}
	for i, parent := range []string{"", first.RemoteID, answer} {
		if p := got[i].Record.Reply.Parent.URI; p != parent {
			t.Errorf("part %d answers %q, want %q", i, p, parent)
		}
	}
	if root := got[2].Record.Reply.Root.URI; root != first.RemoteID {
		t.Errorf("the answer to an answer has the root %q", root)
	}
	if want := "https://bsky.app/profile/" + me.did + "/post/" + first.RemoteID[len(first.RemoteID)-13:]; first.URL != want {
		t.Errorf("permalink %q, want %q", first.URL, want)
	}

	other.like(first)
	eventually(t, "a like, an answer and the account's numbers", func() bool {
		posts, err := a.Metrics.OfPosts(t.Context(), []connectors.Receipt{first, second})
		if err != nil {
			t.Fatal(err)
		}
		own, err := a.Metrics.OfAccount(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return posts[first.RemoteID][connectors.Likes] == 1 && posts[second.RemoteID][connectors.Replies] == 1 && own[connectors.Posts] == 3
	})

	if err := a.Publish.Remove(t.Context(), third); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the public API forgets what was removed", func() bool { return len(me.shown(third.RemoteID)) == 0 })
}

// TestRepeatAfterALostAnswer: the server took it, the line broke, the same bytes go again: one record, whose revision is that of
// the first time.
func TestRepeatAfterALostAnswer(t *testing.T) {
	t.Parallel()
	me := newPerson(t)
	faults, home := front(t, me.net)
	k := new(keeper)
	open := newConnector(t, time.Now, home)
	a, err := open().Open(t.Context(), k.credential(secrets(home, me.handle, me.app)))
	if err != nil {
		t.Fatal(err)
	}
	req, err := a.Publish.Prepare(t.Context(), draft("Une seule fois"))
	if err != nil {
		t.Fatal(err)
	}
	faults.On(visible, conntest.AcceptThen(conntest.Reset()), 1)
	if _, err := a.Publish.Send(t.Context(), req); connectors.KindOf(err) != connectors.Unsure {
		t.Fatalf("a lost answer: %v", err)
	}
	before := me.revision()
	again, err := open().Open(t.Context(), k.credential(secrets(home, me.handle, me.app)))
	if err != nil {
		t.Fatal(err)
	}
	got, err := again.Publish.Send(t.Context(), req)
	if err != nil {
		t.Fatalf("the same bytes again: %v", err)
	}
	if items := me.items(); len(items) != 1 || items[0].RemoteID != got.RemoteID {
		t.Errorf("the repository holds %+v, the receipt says %+v", items, got)
	}
	if after := me.revision(); after != before {
		t.Errorf("the repository moved from %s to %s", before, after)
	}
}

// revision is that of the whole repository: it rises with every change.
func (p person) revision() string {
	p.t.Helper()
	var c struct{ Rev string }
	p.get(p.net.PDS, "com.atproto.sync.getLatestCommit", url.Values{"did": {p.did}}, &c)
	return c.Rev
}

// TestAnotherRecordAtTheKey: an earlier try arrived with other bytes. Nothing is overwritten, and a person must look.
func TestAnotherRecordAtTheKey(t *testing.T) {
	t.Parallel()
	me := newPerson(t)
	a := me.open()
	d := draft("Comme écrit d’abord")
	_, first := publish(t, a.Publish, d)
	d.Text = "Autrement"
	req, err := a.Publish.Prepare(t.Context(), d)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := a.Publish.Send(t.Context(), req); connectors.KindOf(err) != connectors.Unsure {
		t.Errorf("sent over another record: %v", err)
	}
	if found, err := a.Publish.Find(t.Context(), req); connectors.KindOf(err) != connectors.Unsure || err == nil {
		t.Errorf("found %+v, %v", found, err)
	}
	if items := me.items(); len(items) != 1 || items[0].Text != "Comme écrit d’abord" || items[0].RemoteID != first.RemoteID {
		t.Errorf("the repository holds %+v", items)
	}
}

// TestRevokedOnTheReferenceServer: the password is revoked; the access token lives until it must be renewed, then a person must
// sign in.
func TestRevokedOnTheReferenceServer(t *testing.T) {
	t.Parallel()
	me := newPerson(t)
	k := new(keeper)
	later := time.Duration(0)
	open := newConnector(t, func() time.Time { return time.Now().Add(later) }, me.net.PDS)
	credential := func() connectors.Credential { return k.credential(secrets(me.net.PDS, me.handle, me.app)) }
	if _, err := open().Open(t.Context(), credential()); err != nil {
		t.Fatal(err)
	}
	later = 100 * time.Minute // of 120
	renewing, err := open().Open(t.Context(), credential())
	if err != nil {
		t.Fatal(err)
	}
	old := k.facts["renew_at"]
	if err := renewing.Probe(t.Context()); err != nil || k.facts["renew_at"] == old {
		t.Fatalf("renewing: %v, facts are new: %v", err, k.facts["renew_at"] != old)
	}
	me.revoke("griot")
	a, err := open().Open(t.Context(), credential())
	if err != nil {
		t.Fatal(err)
	}
	if err := a.Probe(t.Context()); err != nil {
		t.Fatalf("a token that still lives: %v", err)
	}
	later += 100 * time.Minute
	if _, err := a.Publish.Prepare(t.Context(), draft("Trop tard")); connectors.KindOf(err) != connectors.SignIn {
		t.Errorf("a revoked password: %v", err)
	}
}
