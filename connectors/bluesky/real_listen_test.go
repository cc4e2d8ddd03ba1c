package bluesky_test

import (
	"testing"

	"griot/connectors"
	"griot/social"

	"github.com/google/go-cmp/cmp"
)

// TestHeardAndAnsweredOnTheReferenceServer: a second account names the first, answers it and quotes it; each is heard once, and
// the answer to each stands below it, in its own conversation.
func TestHeardAndAnsweredOnTheReferenceServer(t *testing.T) {
	t.Parallel()
	me, other := newPerson(t), newPerson(t)
	a := me.open()
	_, post := publish(t, a.Publish, draft("Ouverture samedi"))
	eventually(t, "the post is seen, so that answers to it are told", func() bool { return len(me.shown(post.RemoteID)) == 1 })
	began, err := a.Mentions.Since(t.Context(), "")
	if err != nil || len(began.Mentions) != 0 {
		t.Fatalf("the beginning: %+v, %v", began.Mentions, err)
	}
	mine := map[string]string{"uri": post.RemoteID, "cid": post.Ref}
	name := "@" + me.handle
	named, namedCID := other.create("app.bsky.feed.post", map[string]any{"text": name + " bonjour", "langs": []string{"fr"}, "facets": []any{map[string]any{
		"index":    map[string]int{"byteStart": 0, "byteEnd": len(name)},
		"features": []any{map[string]string{"$type": "app.bsky.richtext.facet#mention", "did": me.did}},
	}}})
	replied, repliedCID := other.create("app.bsky.feed.post", map[string]any{"text": "À quelle heure\u202f?", "reply": map[string]any{"root": mine, "parent": mine}})
	quoted, quotedCID := other.create("app.bsky.feed.post", map[string]any{"text": "À voir", "embed": map[string]any{
		"$type": "app.bsky.embed.record", "record": mine,
	}})

	heard := map[string]social.Mention{}
	cursor := began.Cursor
	eventually(t, "three mentions", func() bool {
		got, err := me.open().Mentions.Since(t.Context(), cursor)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range got.Mentions {
			if _, twice := heard[m.Key]; twice {
				t.Errorf("heard twice: %s", m.Key)
			}
			heard[m.Key] = m
		}
		cursor = got.Cursor
		return len(heard) >= 3
	})
	for uri, want := range map[string]social.Mention{
		named:   {Kind: social.Named, Language: "fr", Remote: social.Remote{ID: named, Ref: namedCID, Root: named, RootRef: namedCID}},
		replied: {Kind: social.Replied, Remote: social.Remote{ID: replied, Ref: repliedCID, Root: post.RemoteID, RootRef: post.Ref}},
		quoted:  {Kind: social.Quoted, Remote: social.Remote{ID: quoted, Ref: quotedCID, Root: quoted, RootRef: quotedCID}},
	} {
		got := heard[uri]
		if diff := cmp.Diff(want.Remote, got.Remote); diff != "" || got.Kind != want.Kind || got.Language != want.Language || got.Author.Handle != "@"+other.handle || got.SaidAt.IsZero() {
			t.Errorf("%s: %+v (-want +got):\n%s", uri, got, diff)
		}
	}

	for _, uri := range []string{named, replied, quoted} {
		m := heard[uri].Remote
		d := draft("Réponse à vous")
		d.ReplyTo, d.Root = &connectors.Receipt{RemoteID: m.ID, Ref: m.Ref}, &connectors.Receipt{RemoteID: m.Root, Ref: m.RootRef}
		_, answer := publish(t, a.Reply, d)
		eventually(t, "the answer in the public API", func() bool { return len(me.shown(answer.RemoteID)) == 1 })
		if got := me.shown(answer.RemoteID)[0].Record.Reply; got.Parent.URI != uri || got.Root.URI != m.Root {
			t.Errorf("the answer stands under %q in %q, want %q in %q", got.Parent.URI, got.Root.URI, uri, m.Root)
		}
	}
}
