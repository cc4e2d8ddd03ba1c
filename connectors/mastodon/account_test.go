package mastodon_test

import (
	"context"
	"errors"
	"io"
	"maps"
	"net/http"
	"strings"
	"testing"
	"time"

	"griot/connectors"
	"griot/connectors/mastodon"
	"griot/connectors/mastodon/mastodontest"
	"griot/social"
)

// TestProbeKnowsWhoseTheTokenIs: a token that was revoked, and one that now belongs to somebody else.
func TestProbeKnowsWhoseTheTokenIs(t *testing.T) {
	t.Parallel()
	s := mastodontest.New(mastodontest.Options{})
	target := target(t, s)
	facts := map[string]string{}
	a, err := target.New().Open(t.Context(), credential(target.Secrets, facts))
	if err != nil {
		t.Fatal(err)
	}
	if err := a.Probe(t.Context()); err != nil {
		t.Errorf("a good token: %v", err)
	}
	secrets := maps.Clone(target.Secrets)
	secrets[mastodon.Token] = mastodontest.BobsToken
	bobs, err := target.New().Open(t.Context(), credential(secrets, maps.Clone(facts)))
	if err != nil {
		t.Fatal(err)
	}
	if err := bobs.Probe(t.Context()); connectors.KindOf(err) != connectors.SignIn {
		t.Errorf("somebody else's token: %v", err)
	}
	s.Revoke(mastodontest.Token)
	if err := a.Probe(t.Context()); connectors.KindOf(err) != connectors.SignIn {
		t.Errorf("a revoked token: %v", err)
	}
}

func TestTokenAsPasted(t *testing.T) {
	t.Parallel()
	target := target(t, mastodontest.New(mastodontest.Options{}))
	for typed, want := range map[string]connectors.Kind{
		" " + mastodontest.Token + "\r\n": "", "Bearer " + mastodontest.Token: "", "bearer\t" + mastodontest.Token: "",
		"": connectors.SignIn, "two words": connectors.SignIn, "jeton-é": connectors.SignIn, "a\x00b": connectors.SignIn, "wrong": connectors.SignIn,
	} {
		secrets := maps.Clone(target.Secrets)
		secrets[mastodon.Token] = typed
		_, err := target.New().Open(t.Context(), credential(secrets, map[string]string{}))
		if (err == nil) != (want == "") || err != nil && connectors.KindOf(err) != want {
			t.Errorf("%q: %v, want %q", typed, err, want)
		}
	}
}

func TestServersOwnLimitIsWaitedFor(t *testing.T) {
	t.Parallel()
	s := mastodontest.Start(t, mastodontest.Options{Budget: 2})
	secrets := map[string]string{mastodon.Server: s.URL, mastodon.Token: mastodontest.Token}
	a, err := mastodon.New(guardFor(t, s.URL)).Open(t.Context(), credential(secrets, map[string]string{}))
	if err != nil {
		t.Fatal(err)
	}
	r, err := a.Publish.Prepare(t.Context(), connectors.Draft{Key: key(1), Text: "Patience"})
	if err != nil {
		t.Fatal(err)
	}
	_, err = a.Publish.Send(t.Context(), r)
	e, ok := errors.AsType[*connectors.Error](err)
	if !ok || e.Kind != connectors.Limited || e.After < 4*time.Minute || e.After > 6*time.Minute || e.Words != "Too many requests" {
		t.Errorf("over the limit: %v, wait %v", err, e.After)
	}
	s.Refill()
	if _, err := a.Publish.Send(t.Context(), r); err != nil || len(s.Posts()) != 1 {
		t.Errorf("after the wait: %v, %d posts", err, len(s.Posts()))
	}
}

// TestPermalinkShowsThePost: what stands on the card leads a visitor to the words and the picture.
func TestPermalinkShowsThePost(t *testing.T) {
	t.Parallel()
	for _, o := range []mastodontest.Options{{Pictures: mastodontest.Worked}, {Pictures: mastodontest.Old}, {Software: mastodontest.GoToSocial}} {
		s := mastodontest.Start(t, o)
		secrets := map[string]string{mastodon.Server: s.URL, mastodon.Token: mastodontest.Token}
		a, err := mastodon.New(guardFor(t, s.URL)).Polling(time.Millisecond).Open(t.Context(), credential(secrets, map[string]string{}))
		if err != nil {
			t.Fatal(err)
		}
		got := send(t, a.Publish, connectors.Draft{Key: key(1), Text: "Été <&>", Media: []connectors.Media{dot()}})
		page := get(t, got.URL)
		for _, want := range []string{"Été &lt;&amp;&gt;", `alt="Un point"`} {
			if !strings.Contains(page, want) {
				t.Errorf("%s lacks %q: %s", got.URL, want, page)
			}
		}
		if !strings.Contains(get(t, a.URL), got.RemoteID) {
			t.Errorf("%s does not show the post", a.URL)
		}
	}
}

// TestPreparingStopsWithItsContext: a picture that is never ready holds nothing up beyond the deadline.
func TestPreparingStopsWithItsContext(t *testing.T) {
	t.Parallel()
	s := mastodontest.Start(t, mastodontest.Options{Pictures: mastodontest.Worked})
	secrets := map[string]string{mastodon.Server: s.URL, mastodon.Token: mastodontest.Token}
	a, err := mastodon.New(guardFor(t, s.URL)).Polling(time.Hour).Open(t.Context(), credential(secrets, map[string]string{}))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	_, err = a.Publish.Prepare(ctx, connectors.Draft{Key: key(1), Text: "x", Media: []connectors.Media{dot()}})
	if connectors.KindOf(err) != connectors.Temporary {
		t.Errorf("a picture in work: %v", err)
	}
}

// dot is the smallest PNG that its first bytes say is one.
func dot() connectors.Media {
	const png = "\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR"
	return connectors.Media{
		Media: social.Media{Name: "point.png", Type: "image/png", Size: int64(len(png)), Alt: "Un point"},
		Open:  func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(png)), nil },
	}
}

func get(t *testing.T, url string) string {
	t.Helper()
	res, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
