package app

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"griot/storage"
)

const (
	skyTopic    = "Quelqu’un connaît un lieu calme pour travailler samedi ?"
	skyQuestion = "la salle de lecture est-elle ouverte samedi ?"
	skyReply    = "Bonjour ! Oui, la salle de lecture est ouverte samedi, de 14 h à 18 h."
)

// TestBrowserBlueskyMention is a question on the reference servers of Bluesky's network, in a conversation that somebody else has
// begun: the card comes with suggestions, one is used, changed and sent, and everybody reads the answer below the question, once.
func TestBrowserBlueskyMention(t *testing.T) {
	me, lea := newSky(t), newSky(t)
	all := chromium(t)
	s := newSite(t, host(me.net.PDS), strings.Replace(host(me.net.PDS), "localhost", "127.0.0.1", 1), strings.Replace(host(me.net.PDS), "127.0.0.1", "localhost", 1))
	p := newPage(t, all, s.home)
	p.begins()
	p.connects("bluesky", map[string]string{"Identifiant": me.handle, "Mot de passe": me.newPassword("griot"), "Serveur": me.net.PDS})
	s.listens("bluesky", 1)

	topic := lea.says(map[string]any{"text": skyTopic})
	question := lea.says(me.named("@"+me.handle+" "+skyQuestion, map[string]any{"reply": map[string]any{"root": topic, "parent": topic}}))
	eventually(t, "the network to tell of the question", func() bool { return me.told(question.URI) })
	s.collects()
	p.speaks("awa")
	p.enters("validations")
	p.card("Nouvelle mention", "@"+lea.handle, skyQuestion, "Proposition 1", "Proposition 2", "Proposition 3", "aide hors ligne")
	p.look("90-sky-mention")

	p.presses("Utiliser 2", skyQuestion)
	p.asked("Répondre")
	p.fills("Votre réponse", skyReply)
	p.sends()
	p.card("Réponse envoyée", skyReply, "en ligne")
	p.look("91-sky-answered")
	want := []string{lea.handle + ": " + skyTopic, "> " + lea.handle + ": @" + me.handle + " " + skyQuestion, ">> " + me.handle + ": " + skyReply}
	eventually(t, "the public API to show the answer", func() bool { return len(me.conversation(topic)) >= len(want) })
	if diff := cmp.Diff(want, me.conversation(topic)); diff != "" {
		t.Errorf("as everybody reads it (-want +got):\n%s", diff)
	}
	s.collects()
	if diff := cmp.Diff([]string{skyReply}, me.posts()); diff != "" {
		t.Errorf("on the account (-want +got):\n%s", diff)
	}
	p.says("/mentions")
	p.card("Mentions en attente", "tout est traité")
}

// listens waits until n sources of a network have begun to be read: what comes from now on is heard.
func (s *site) listens(network string, n int) {
	s.Helper()
	eventually(s.T, network+" to be read", func() bool {
		s.collects()
		all, err := storage.DueSources(s.Context(), s.app.DB, s.clock.Now().Add(365*24*time.Hour), 100)
		if err != nil {
			s.Fatal(err)
		}
		begun := slices.DeleteFunc(all, func(o storage.Source) bool { return o.Account.Network != network || o.Cursor == "" })
		return len(begun) == n
	})
}

// skyRef names a post and its very content.
type skyRef struct {
	URI string `json:"uri"`
	CID string `json:"cid"`
}

// says makes a post with the ordinary call.
func (me sky) says(record map[string]any) skyRef {
	me.Helper()
	record["$type"], record["createdAt"] = "app.bsky.feed.post", time.Now().UTC().Format("2006-01-02T15:04:05.000Z")
	var made skyRef
	me.call("com.atproto.repo.createRecord", map[string]any{"repo": me.did, "collection": "app.bsky.feed.post", "record": record}, &made)
	return made
}

// named is a record whose text begins with my handle, which is alive in it.
func (me sky) named(text string, record map[string]any) map[string]any {
	record["text"], record["langs"] = text, []string{"fr"}
	record["facets"] = []any{map[string]any{
		"index":    map[string]int{"byteStart": 0, "byteEnd": 1 + len(me.handle)},
		"features": []any{map[string]string{"$type": "app.bsky.richtext.facet#mention", "did": me.did}},
	}}
	return record
}

// told reports whether the network tells me of a post.
func (me sky) told(uri string) bool {
	me.Helper()
	var page struct{ Notifications []struct{ URI string } }
	if err := me.mine("app.bsky.notification.listNotifications", url.Values{"limit": {"50"}}, &page); err != nil {
		me.Fatal(err)
	}
	return slices.ContainsFunc(page.Notifications, func(n struct{ URI string }) bool { return n.URI == uri })
}

// skyThread is a post with what stands below it.
type skyThread struct {
	Post struct {
		URI    string
		Author struct{ Handle string }
		Record struct {
			Text  string
			Reply *struct{ Root, Parent skyRef }
		}
	}
	Replies []skyThread
}

// conversation is what everybody reads below a post: "> who: words", one > for each step down. What says of itself that it belongs
// elsewhere is told.
func (me sky) conversation(root skyRef) []string {
	me.Helper()
	var got struct{ Thread skyThread }
	if err := me.get(me.net.Appview, "app.bsky.feed.getPostThread", url.Values{"uri": {root.URI}}, &got); err != nil {
		me.Fatal(err)
	}
	return got.Thread.lines("", root, "")
}

func (o skyThread) lines(depth string, root skyRef, above string) []string {
	line := strings.TrimSpace(depth + " " + o.Post.Author.Handle + ": " + o.Post.Record.Text)
	if r := o.Post.Record.Reply; above != "" && (r == nil || r.Root != root || r.Parent.URI != above) {
		line += fmt.Sprintf(" (below %+v)", r)
	}
	out := []string{line}
	for _, below := range o.Replies {
		out = append(out, below.lines(depth+">", root, o.Post.URI)...)
	}
	return out
}
