package bluesky_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"griot/connectors"
	"griot/connectors/bluesky/blueskytest"
	"griot/connectors/conntest"

	"github.com/google/go-cmp/cmp"
)

// TestRecord is the whole call as it is stored and sent, for a text with everything in it.
func TestRecord(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	d := draft("Cafe\u0301 <&> @bob.test, @personne.test et #été")
	d.Key, d.At = "abcdefghijklmnopqrstuvwxyz", time.Date(2026, 11, 22, 10, 0, 0, 123_999_000, time.FixedZone("CET", 3600))
	req, err := w.open().Publish.Prepare(t.Context(), d)
	if err != nil {
		t.Fatal(err)
	}
	var got any
	if err := json.Unmarshal([]byte(req.Body), &got); err != nil {
		t.Fatal(err)
	}
	facet := func(from, to float64, feature map[string]any) any {
		return map[string]any{"index": map[string]any{"byteStart": from, "byteEnd": to}, "features": []any{feature}}
	}
	want := map[string]any{
		"repo": blueskytest.DID, "collection": "app.bsky.feed.post", "rkey": "3n2vatvzm42az", "swapRecord": nil,
		"record": map[string]any{
			"$type": "app.bsky.feed.post", "text": "Café <&> @bob.test, @personne.test et #été",
			"createdAt": "2026-11-22T09:00:00.123Z", "langs": []any{"fr"},
			"facets": []any{
				facet(10, 19, map[string]any{"$type": "app.bsky.richtext.facet#mention", "did": blueskytest.Bob}),
				facet(39, 45, map[string]any{"$type": "app.bsky.richtext.facet#tag", "tag": "été"}),
			},
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("call (-want +got):\n%s", diff)
	}
	if !strings.Contains(req.Body, `"swapRecord":null`) {
		t.Error("swapRecord is not sent")
	}
}

// TestPrepareIsStable: the same draft gives the same bytes, in another process too.
func TestPrepareIsStable(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	d := draft("Toujours pareil @bob.test")
	d.Media = []connectors.Media{picture(t, "Gris")}
	var bodies []string
	for range 3 {
		req, err := w.open().Publish.Prepare(t.Context(), d)
		if err != nil {
			t.Fatal(err)
		}
		bodies = append(bodies, req.Body)
	}
	if bodies[0] != bodies[1] || bodies[1] != bodies[2] {
		t.Errorf("three bodies:\n%s", strings.Join(bodies, "\n"))
	}
}

func TestTooMuchIsRefusedBeforeAnyCall(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.open().Publish
	w.faults.Clear()
	heavy := picture(t, "Lourde")
	heavy.Size = 2_000_001
	five := draft("Cinq")
	for range 5 {
		five.Media = append(five.Media, picture(t, "Gris"))
	}
	weighty := draft("Lourde")
	weighty.Media = []connectors.Media{heavy}
	for name, d := range map[string]connectors.Draft{
		"301 characters": draft(strings.Repeat("é", 301)),
		"3001 bytes":     draft(strings.Repeat("👩‍👩‍👧", 167)),
		"five pictures":  five,
		"a heavy one":    weighty,
	} {
		_, err := p.Prepare(t.Context(), d)
		if err == nil || connectors.KindOf(err) != connectors.Refused {
			t.Errorf("%s: %v", name, err)
		}
	}
	if n := w.calls("uploadBlob") + w.calls("getSession"); n != 0 {
		t.Errorf("%d calls", n)
	}
}

// TestSomebodyEditsInBetween: the answer was lost, and before the look another app changed the words. Only a person can tell.
func TestSomebodyEditsInBetween(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.open().Publish
	req, got := publish(t, p, draft("Avec une faute"))
	w.server.Edit(got.RemoteID, "Sans faute")
	_, err := p.Find(t.Context(), req)
	wantKind(t, err, connectors.Unsure)
	_, err = p.Send(t.Context(), req)
	wantKind(t, err, connectors.Unsure)
	if err := p.Remove(t.Context(), got); err != nil || len(w.server.Records()) != 0 {
		t.Errorf("taking it down: %v, %d posts stay", err, len(w.server.Records()))
	}
}

func TestRepeatIsNoEvent(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.open().Publish
	req, got := publish(t, p, draft("Une fois"))
	for range 3 {
		again, err := p.Send(t.Context(), req)
		if err != nil || again != got {
			t.Errorf("again: %+v, %v, want %+v", again, err, got)
		}
	}
	if n := w.server.Events(); n != 1 {
		t.Errorf("%d events", n)
	}
}

// TestAnswers: the field error decides, not the status.
func TestAnswers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.open().Publish
	for body, want := range map[string]connectors.Kind{
		`{"error":"ExpiredToken","message":"Token has expired"}`:           connectors.Temporary,
		`{"error":"BlobNotFound","message":"Could not find blob: bafk"}`:   connectors.Temporary,
		`{"error":"InvalidToken","message":"Bad token scope"}`:             connectors.SignIn,
		`{"error":"AuthMissing"}`:                                          connectors.SignIn,
		`{"error":"RateLimitExceeded","message":"Rate Limit Exceeded"}`:    connectors.Limited,
		`{"error":"InvalidSwap","message":"Record was at bafy"}`:           connectors.Unsure,
		`{"error":"InvalidSwap"}`:                                          connectors.Unsure,
		`{"error":"InvalidRequest","message":"Invalid record: too big"}`:   connectors.Refused,
		`{"error":"SomethingNew","message":"that nobody has seen before"}`: connectors.Refused,
	} {
		req, err := p.Prepare(t.Context(), draft("Réponse"))
		if err != nil {
			t.Fatal(err)
		}
		w.faults.Clear()
		w.faults.On(visible, conntest.Answer(400, body), conntest.Always)
		_, err = p.Send(t.Context(), req)
		wantKind(t, err, want)
	}
}

func TestReplyNeedsItsParent(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a := w.open()
	root, rootCID := w.server.Say("Début", "", "")
	middle, _ := w.server.Say("Milieu", root, root)
	d := draft("Réponse")
	d.ReplyTo = &connectors.Receipt{RemoteID: middle} // its CID was never known
	req, err := a.Reply.Prepare(t.Context(), d)
	if err != nil {
		t.Fatal(err)
	}
	var body struct {
		Record struct {
			Reply struct{ Root, Parent struct{ URI, CID string } }
		}
	}
	if err := json.Unmarshal([]byte(req.Body), &body); err != nil {
		t.Fatal(err)
	}
	if r := body.Record.Reply; r.Root.URI != root || r.Root.CID != rootCID || r.Parent.URI != middle || r.Parent.CID == "" {
		t.Errorf("%+v", r)
	}
	for _, gone := range []string{"at://did:plc:bob/app.bsky.feed.post/3ke6kg3wk2222", "https://example.com/post/1", "at://x/y/z"} {
		d.ReplyTo = &connectors.Receipt{RemoteID: gone}
		_, err := a.Reply.Prepare(t.Context(), d)
		wantKind(t, err, connectors.Refused)
	}
}

func TestRemoveOnlyOwn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	uri, cid := w.server.Say("À Bob", "", "")
	err := w.open().Publish.Remove(t.Context(), connectors.Receipt{RemoteID: uri, Ref: cid})
	wantKind(t, err, connectors.Refused)
	if n := w.calls("deleteRecord"); n != 0 {
		t.Errorf("%d calls", n)
	}
}

func TestMetricsInPages(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a := w.open()
	var all []connectors.Receipt
	for range 30 {
		_, got := publish(t, a.Publish, draft("Compté"))
		all = append(all, got)
	}
	counts, err := a.Metrics.OfPosts(t.Context(), all)
	if err != nil || len(counts) != 30 || w.calls("getPosts") != 2 {
		t.Errorf("%d counted in %d calls, %v", len(counts), w.calls("getPosts"), err)
	}
	// A number that is missing is absent.
	w.faults.On(func(*http.Request) bool { return true }, conntest.Answer(200, `{"posts":[{"uri":"`+all[0].RemoteID+`","likeCount":0}]}`), 1)
	counts, err = a.Metrics.OfPosts(t.Context(), all[:1])
	want := map[string]connectors.Counts{all[0].RemoteID: {connectors.Likes: 0}}
	if diff := cmp.Diff(want, counts); diff != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
}
