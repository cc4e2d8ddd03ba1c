package pretend_test

import (
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"griot/connectors/pretend"
)

// browser is a visitor: it keeps cookies and sends forms with what the page put into them.
type browser struct {
	t      *testing.T
	base   string
	lang   string
	client *http.Client
}

func newBrowser(t *testing.T, s *pretend.Server) *browser {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &browser{t, serve(t, s), "fr-FR,fr;q=0.9", &http.Client{Jar: jar}}
}

// get opens a page and gives its text and status.
func (b *browser) get(path string) (string, int) {
	b.t.Helper()
	r, err := http.NewRequestWithContext(b.t.Context(), http.MethodGet, b.base+path, nil)
	if err != nil {
		b.t.Fatal(err)
	}
	return b.do(r)
}

var hidden = regexp.MustCompile(`name="token" value="([0-9a-f]+)"`)

// press opens page and sends the form whose action is action, filled with fields.
func (b *browser) press(page, action string, fields url.Values) (string, int) {
	b.t.Helper()
	text, _ := b.get(page)
	m := hidden.FindStringSubmatch(text)
	if m == nil || !strings.Contains(text, `action="`+action+`"`) {
		b.t.Fatalf("%s has no form %s:\n%s", page, action, text)
	}
	form := url.Values{"token": {m[1]}, "back": {page}}
	for k, v := range fields {
		form[k] = v
	}
	return b.post(action, form, b.base)
}

// post sends a form as a page of origin would.
func (b *browser) post(action string, form url.Values, origin string) (string, int) {
	b.t.Helper()
	r, err := http.NewRequestWithContext(b.t.Context(), http.MethodPost, b.base+action, strings.NewReader(form.Encode()))
	if err != nil {
		b.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Origin", origin)
	return b.do(r)
}

func (b *browser) do(r *http.Request) (string, int) {
	b.t.Helper()
	r.Header.Set("Accept-Language", b.lang)
	res, err := b.client.Do(r)
	if err != nil {
		b.t.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	return string(text), res.StatusCode
}
