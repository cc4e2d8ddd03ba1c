package mastodon_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"griot/connectors"
	"griot/connectors/mastodon"
	"griot/connectors/mastodon/mastodontest"
	"griot/i18n"
	"griot/social"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// TestMentionsAsTheServerTellsThem: a mention, an answer to the account's own and a quote, as plain text.
func TestMentionsAsTheServerTellsThem(t *testing.T) {
	t.Parallel()
	s := mastodontest.New(mastodontest.Options{})
	at := target(t, s)
	base := at.Secrets[mastodon.Server]
	a, err := at.New().Open(t.Context(), credential(at.Secrets, map[string]string{}))
	if err != nil {
		t.Fatal(err)
	}
	own := send(t, a.Publish, connectors.Draft{Key: key(1), Text: "Ouverture samedi"})
	began, err := a.Mentions.Since(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	s.Mention("l’été & <b>\n\nhttps://maison.example/une/page")
	answer := s.Answer(own.RemoteID, "à quelle heure\u202f?")
	quote := s.Quote("À lire")
	got, err := a.Mentions.Since(t.Context(), began.Cursor)
	if err != nil {
		t.Fatal(err)
	}
	carol := social.Author{Name: "Carol", Handle: "@carol@far.example", URL: base + "/@carol@far.example"}
	want := []social.Mention{
		{Kind: social.Named, Text: "@alice l’été & <b>\n\nhttps://maison.example/une/page", Language: "fr", Author: carol},
		{Kind: social.Replied, Text: "@alice à quelle heure\u202f?", Language: "fr", Author: carol, Remote: social.Remote{ID: answer}},
		{Kind: social.Quoted, Text: "À lire", Author: carol, Remote: social.Remote{ID: quote}},
	}
	if len(got.Mentions) == 3 {
		want[0].Remote = got.Mentions[0].Remote
	}
	for i, m := range got.Mentions {
		if want[i].Key = "https://far.example/users/carol/statuses/" + m.Remote.ID; m.SaidAt.IsZero() {
			t.Errorf("mention %d without its time", i)
		}
		want[i].URL = base + "/@carol@far.example/" + m.Remote.ID
	}
	if diff := cmp.Diff(want, got.Mentions, cmpopts.IgnoreTypes(time.Time{})); diff != "" {
		t.Errorf("heard (-want +got):\n%s", diff)
	}
}

// TestATokenThatMayNotListen: it goes on publishing, and a person reads which token to make.
func TestATokenThatMayNotListen(t *testing.T) {
	t.Parallel()
	s, _, a := open(t, mastodontest.Options{})
	s.Narrow(mastodontest.Token)
	_, err := a.Mentions.Since(t.Context(), "")
	e, ok := errors.AsType[*connectors.Error](err)
	if !ok || e.Kind != connectors.Refused || e.Tell == nil {
		t.Fatalf("a token without the scope: %v", err)
	}
	for _, l := range i18n.Locales {
		if !strings.Contains(e.Tell.In(l), "read:notifications") {
			t.Errorf("%s: %s", l, e.Tell.In(l))
		}
	}
	send(t, a.Publish, connectors.Draft{Key: key(1), Text: "Toujours là"})
}
