package mastodon_test

import (
	"net/http"
	"testing"

	"griot/connectors"
	"griot/connectors/conntest"
	"griot/connectors/mastodon/mastodontest"
	"griot/social"
)

// TestAnAnswerInAConversationTooLargeToRead: what the account has said lately tells instead.
func TestAnAnswerInAConversationTooLargeToRead(t *testing.T) {
	t.Parallel()
	s := mastodontest.New(mastodontest.Options{Budget: 1000})
	at := target(t, s)
	a, err := at.New().Open(t.Context(), credential(at.Secrets, map[string]string{}))
	if err != nil {
		t.Fatal(err)
	}
	item, other := s.Say("Tout le monde en parle", "public"), s.Say("Autre chose", "public")
	own := send(t, a.Reply, connectors.Draft{Key: key(1), Text: "Nous aussi", ReplyTo: &connectors.Receipt{RemoteID: item}})
	at.Faults.On(func(r *http.Request) bool { return role(r) == conntest.Asking }, conntest.Huge(), conntest.Always)
	for id, want := range map[string]string{item: own.URL, other: ""} {
		if got, err := a.Answered(t.Context(), social.Remote{ID: id}); err != nil || got != want {
			t.Errorf("answered %q, %v, want %q", got, err, want)
		}
	}
}
