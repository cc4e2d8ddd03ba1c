package bluesky_test

import (
	"net/http"
	"strings"
	"testing"

	"griot/connectors"
	"griot/connectors/conntest"
	"griot/social"
)

// TestAnAnswerThatTheIndexDoesNotShowYet stands among the account's own records; where those cannot be read, nobody knows.
func TestAnAnswerThatTheIndexDoesNotShowYet(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a := w.open()
	uri, cid := w.server.Say("Et vous, à quelle heure\u202f?", "", "")
	d := draft("À 10 h")
	d.ReplyTo = &connectors.Receipt{RemoteID: uri, Ref: cid}
	_, own := publish(t, a.Reply, d)
	w.server.Lag()
	if got, err := a.Answered(t.Context(), social.Remote{ID: uri}); err != nil || got != own.URL {
		t.Errorf("answered %q, %v, want %q", got, err, own.URL)
	}
	listing := func(r *http.Request) bool { return strings.HasSuffix(r.URL.Path, "listRecords") }
	for _, f := range []conntest.Fault{conntest.Answer(500, `{"error":"x"}`), conntest.Answer(200, `{}`)} {
		w.faults.Clear()
		w.faults.On(listing, f, conntest.Always)
		if got, err := a.Answered(t.Context(), social.Remote{ID: uri}); connectors.KindOf(err) != connectors.Temporary || got != "" {
			t.Errorf("answered %q, %v", got, err)
		}
	}
}
