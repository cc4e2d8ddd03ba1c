package mastodon_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"griot/connectors"
	"griot/connectors/conntest"
	"griot/connectors/mastodon"
	"griot/connectors/mastodon/mastodontest"
	"griot/social"

	"github.com/google/go-cmp/cmp"
)

func every(*http.Request) bool { return true }

func TestOpenReadsTheServersLimits(t *testing.T) {
	t.Parallel()
	types := []string{"image/jpeg", "image/png", "image/webp"}
	for name, c := range map[string]struct {
		o    mastodontest.Options
		want social.Limits
	}{
		"mastodon": {mastodontest.Options{}, social.Limits{
			Length: 500, Unit: social.Graphemes, URLLength: 23, Addressed: true, ShortMentions: true, Images: 4, ImageBytes: 8 << 20,
			ImagePixels: 16_000_000, ImageTypes: types, Alt: 1500, Parts: 20,
		}},
		"gotosocial": {mastodontest.Options{Software: mastodontest.GoToSocial}, social.Limits{
			Length: 5000, Unit: social.Runes, Addressed: true, Images: 6, ImageBytes: 8 << 20,
			ImagePixels: 16_000_000, ImageTypes: types, Alt: 1500, Parts: 20,
		}},
	} {
		_, _, a := open(t, c.o)
		if diff := cmp.Diff(c.want, a.Limits); diff != "" {
			t.Errorf("%s: limits (-want +got):\n%s", name, diff)
		}
		if !strings.HasPrefix(a.Handle, "@alice@127.0.0.1:") || a.RemoteID != "1" || !strings.HasSuffix(a.URL, "/@alice") {
			t.Errorf("%s: %s %s %s", name, a.Handle, a.RemoteID, a.URL)
		}
	}
}

// TestOpenOtherServers: what each says of itself, in the form it says it.
func TestOpenOtherServers(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		v2, v1, handle string
		want           func(*social.Limits)
	}{
		"pleroma": {
			"", `{"uri":"https://pl.example","version":"2.7.2 (compatible; Pleroma 2.9.1)","max_toot_chars":5000}`, "@me@pl.example",
			func(l *social.Limits) { l.Length, l.URLLength, l.ShortMentions = 5000, 0, false },
		},
		"another handle domain": {
			`{"domain":"gts.brand.example","account_domain":"brand.example","version":"0.19.1","source_url":"https://codeberg.org/superseriousbusiness/gotosocial"}`, "", "@me@brand.example",
			func(l *social.Limits) { l.Unit, l.URLLength, l.ShortMentions = social.Runes, 0, false },
		},
		"a fork": {
			`{"domain":"glitch.example","version":"4.5.0+glitch","configuration":{"statuses":{"max_characters":1000,"characters_reserved_per_url":30}}}`, "", "@me@glitch.example",
			func(l *social.Limits) { l.Length, l.URLLength = 1000, 30 },
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				body := map[string]string{
					"/api/v2/instance": c.v2, "/api/v1/instance": c.v1, "/api/v1/accounts/verify_credentials": `{"id":"7","acct":"me"}`,
				}[r.URL.Path]
				if body == "" {
					http.NotFound(w, r)
					return
				}
				w.Header().Set("Content-Type", "application/json")
				io.WriteString(w, body)
			}))
			t.Cleanup(s.Close)
			secrets := map[string]string{mastodon.Server: s.URL, mastodon.Token: "t0ken"}
			a, err := mastodon.New(guardFor(t, s.URL)).Open(t.Context(), credential(secrets, map[string]string{}))
			if err != nil {
				t.Fatal(err)
			}
			want := mastodon.Connector{}.Info().Limits
			c.want(&want)
			if diff := cmp.Diff(want, a.Limits); diff != "" || a.Handle != c.handle || a.URL != s.URL+"/@me" {
				t.Errorf("%s %s, limits (-want +got):\n%s", a.Handle, a.URL, diff)
			}
		})
	}
}

func TestOpenOnAnythingElseIsRefused(t *testing.T) {
	t.Parallel()
	for name, h := range map[string]http.HandlerFunc{
		"a web site":     func(w http.ResponseWriter, _ *http.Request) { w.Write([]byte("<title>Bakery</title>")) },
		"a site of 404s": http.NotFound,
		"an API": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			w.Write([]byte(`{}`))
		},
	} {
		s := httptest.NewServer(h)
		t.Cleanup(s.Close)
		secrets := map[string]string{mastodon.Server: s.URL, mastodon.Token: "t0ken"}
		_, err := mastodon.New(guardFor(t, s.URL)).Open(t.Context(), credential(secrets, map[string]string{}))
		if connectors.KindOf(err) != connectors.Refused || !strings.Contains(err.Error(), "is the address right?") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestFactsAreLearntAgainWhenTheyDoNotFit(t *testing.T) {
	t.Parallel()
	target := target(t, mastodontest.New(mastodontest.Options{}))
	facts := map[string]string{}
	if _, err := target.New().Open(t.Context(), credential(target.Secrets, facts)); err != nil {
		t.Fatal(err)
	}
	for name, spoil := range map[string]func(map[string]string){
		"none": func(m map[string]string) {}, "limits cut": func(m map[string]string) { m["limits"] = `{"len` },
		"another server": func(m map[string]string) { m["server"] = "https://old.example" }, "no id": func(m map[string]string) { m["account_id"] = "" },
	} {
		target.Faults.Clear()
		m := map[string]string{}
		for k, v := range facts {
			m[k] = v
		}
		spoil(m)
		if _, err := target.New().Open(t.Context(), credential(target.Secrets, m)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if asked := target.Faults.Count(every) > 0; asked == (name == "none") {
			t.Errorf("%s: asked again: %v", name, asked)
		}
		if diff := cmp.Diff(facts, m); diff != "" {
			t.Errorf("%s: facts (-want +got):\n%s", name, diff)
		}
	}
	c := credential(target.Secrets, nil)
	c.Save = func(context.Context, map[string]string) error { return fmt.Errorf("row: %w", connectors.ErrRaced) }
	if _, err := target.New().Open(t.Context(), c); err != nil {
		t.Errorf("somebody else was faster: %v", err)
	}
	disk := errors.New("disk full")
	c.Save = func(context.Context, map[string]string) error { return disk }
	if _, err := target.New().Open(t.Context(), c); !errors.Is(err, disk) {
		t.Errorf("facts that cannot be saved: %v", err)
	}
}

// TestWords: what the network's words make of a status.
func TestWords(t *testing.T) {
	t.Parallel()
	_, f, a := open(t, mastodontest.Options{})
	for _, c := range []struct {
		status int
		words  string
		want   connectors.Kind
	}{
		{403, "This action is outside the authorized scopes", connectors.SignIn},
		{403, "Your login is currently disabled", connectors.SignIn},
		{403, "Your login is missing a confirmed e-mail address", connectors.SignIn},
		{403, "Your account has been suspended", connectors.SignIn},
		{403, "This action is not allowed", connectors.Refused},
		{403, "Replies are disabled for this post", connectors.Refused},
		{422, "This method requires an authenticated user", connectors.SignIn},
		{422, "Cannot attach files that have not finished processing. Try again in a moment!", connectors.Temporary},
		{422, "Impossible de joindre les fichiers en cours de traitement. Réessayez dans un instant !", connectors.Temporary},
		{422, "Validation failed: Text character limit of 500 exceeded", connectors.Refused},
		{404, "The post you are trying to reply to does not appear to exist.", connectors.Refused},
		{500, "This action is outside the authorized scopes", connectors.Unsure},
		{503, "not finished processing", connectors.Unsure},
	} {
		f.Clear()
		f.On(every, conntest.Answer(c.status, fmt.Sprintf(`{"error":%q}`, c.words)), 1)
		_, err := a.Publish.Send(t.Context(), connectors.Request{Key: key(1), Body: `{"status":"x"}`})
		if e, ok := errors.AsType[*connectors.Error](err); !ok || e.Kind != c.want || e.Words != c.words {
			t.Errorf("%d %s: %v, want %s", c.status, c.words, err, c.want)
		}
	}
}

func TestSendMakesOneCallWithTheStoredBytes(t *testing.T) {
	t.Parallel()
	var got []string
	s := mastodontest.New(mastodontest.Options{})
	l := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		got = append(got, fmt.Sprintf("%s %s %s %s", r.Method, r.URL.Path, r.Header.Get("Idempotency-Key"), b))
		r.Body = io.NopCloser(bytes.NewReader(b))
		s.ServeHTTP(w, r)
	}))
	t.Cleanup(l.Close)
	secrets := map[string]string{mastodon.Server: l.URL, mastodon.Token: mastodontest.Token}
	a, err := mastodon.New(guardFor(t, l.URL)).Open(t.Context(), credential(secrets, map[string]string{}))
	if err != nil {
		t.Fatal(err)
	}
	r, err := a.Publish.Prepare(t.Context(), connectors.Draft{Key: key(7), Locale: "fr", Text: "<b>&</b>"})
	if err != nil {
		t.Fatal(err)
	}
	want := `{"status":"\u003cb\u003e\u0026\u003c/b\u003e","visibility":"public","language":"fr"}`
	if r.Body != want {
		t.Errorf("stored %s", r.Body)
	}
	got = nil
	if _, err := a.Publish.Send(t.Context(), r); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"POST /api/v1/statuses " + key(7) + " " + want}, got); diff != "" {
		t.Errorf("calls (-want +got):\n%s", diff)
	}
	if p := s.Posts(); len(p) != 1 || p[0].Text != "<b>&</b>" || p[0].Language != "fr" {
		t.Errorf("posted %+v", p)
	}
}

func TestVisibility(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ own, parent, first, next, answer string }{
		{"", "public", "public", "unlisted", "public"},
		{"public", "unlisted", "public", "unlisted", "unlisted"},
		{"public", "direct", "public", "unlisted", "direct"},
		{"public", "mutuals_only", "public", "unlisted", "direct"},
		{"unlisted", "public", "unlisted", "unlisted", "unlisted"},
		{"private", "public", "private", "private", "private"},
		{"direct", "private", "direct", "direct", "direct"},
	} {
		s, _, a := open(t, mastodontest.Options{Privacy: c.own})
		first := send(t, a.Publish, connectors.Draft{Key: key(1), Text: "un"})
		send(t, a.Publish, connectors.Draft{Key: key(2), Text: "deux", Root: &first, ReplyTo: &first})
		send(t, a.Reply, connectors.Draft{Key: key(3), Text: "trois", ReplyTo: &connectors.Receipt{RemoteID: s.Say("?", c.parent)}})
		var got []string
		for _, p := range s.Posts() {
			got = append(got, p.Visibility)
		}
		if diff := cmp.Diff([]string{c.first, c.next, c.answer}, got); diff != "" {
			t.Errorf("own %q, parent %q (-want +got):\n%s", c.own, c.parent, diff)
		}
	}
}

func TestReplyNamesItsAuthorOnce(t *testing.T) {
	t.Parallel()
	s, _, a := open(t, mastodontest.Options{})
	question := connectors.Receipt{RemoteID: s.Say("Quand ?", "public")}
	for i, c := range []struct{ words, want string }{
		{"Demain", "@carol@far.example Demain"},
		{"Demain, @Carol@far.example !", "Demain, @Carol@far.example !"},
		{"@carol@far.example. Demain", "@carol@far.example. Demain"},
		{"@carol@far.example.org demain", "@carol@far.example @carol@far.example.org demain"},
		{"@carol demain", "@carol@far.example @carol demain"},
		{"https://x.example/@carol@far.example", "@carol@far.example https://x.example/@carol@far.example"},
	} {
		r := send(t, a.Reply, connectors.Draft{Key: key(100 + i), Text: c.words, ReplyTo: &question})
		if diff := cmp.Diff(c.want, post(t, s, r.RemoteID).Text); diff != "" {
			t.Errorf("words (-want +got):\n%s", diff)
		}
	}
	own := send(t, a.Publish, connectors.Draft{Key: key(8), Text: "À moi"})
	r := send(t, a.Reply, connectors.Draft{Key: key(9), Text: "je réponds", ReplyTo: &own})
	if got := post(t, s, r.RemoteID); got.Text != "je réponds" || got.Parent != own.RemoteID {
		t.Errorf("an answer to oneself: %+v", got)
	}
	_, err := a.Reply.Prepare(t.Context(), connectors.Draft{Key: key(10), Text: "?", ReplyTo: &connectors.Receipt{RemoteID: "404"}})
	if connectors.KindOf(err) != connectors.Refused {
		t.Errorf("an answer to nothing: %v", err)
	}
}

func send(t *testing.T, p connectors.Publisher, d connectors.Draft) connectors.Receipt {
	t.Helper()
	r, err := p.Prepare(t.Context(), d)
	if err != nil {
		t.Fatal(err)
	}
	r.Armed = time.Now()
	got, err := p.Send(t.Context(), r)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func post(t *testing.T, s *mastodontest.Server, id string) mastodontest.Post {
	t.Helper()
	for _, p := range s.Posts() {
		if p.ID == id {
			return p
		}
	}
	t.Fatalf("no post %s", id)
	return mastodontest.Post{}
}
