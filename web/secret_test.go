package web_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"griot/accounts"
	"griot/connectors"
	"griot/i18n"
	"griot/social"
	"griot/storage"
	"griot/storage/storagetest"
	"griot/team"
	"griot/web"
)

const (
	rightToken = "right-token-5hJ2"
	wrongToken = "wrong-token-9kQ7"
)

// toy is a network that accepts one token.
type toy struct{}

func (toy) Info() connectors.Info {
	return connectors.Info{ID: "toy", Name: "Toynet", About: i18n.Text{En: "A toy.", Fr: "Un jouet."}, Secrets: []connectors.Secret{
		{Key: "server", Label: i18n.Text{En: "Server", Fr: "Serveur"}, Kind: connectors.Address, Default: "https://toy.example"},
		{Key: "token", Label: i18n.Text{En: "Token", Fr: "Jeton"}, Kind: connectors.Hidden},
	}}
}

func (toy) Open(ctx context.Context, c connectors.Credential) (connectors.Account, error) {
	if c.Secrets["token"] != rightToken {
		return connectors.Account{}, &connectors.Error{Kind: connectors.SignIn, Network: "toy", Status: 401, Words: "no <b>" + c.Secrets["token"]}
	}
	return connectors.Account{RemoteID: "1", Handle: "@awa@toy.example", URL: "https://toy.example/@awa"}, c.Save(ctx, map[string]string{"id": "1"})
}

// house is a running server with one brand and its admin.
type house struct {
	t        *testing.T
	server   *httptest.Server
	accounts *accounts.Service
	team     *team.Service
	by       social.Member
	brand    social.Brand

	mu  sync.Mutex // guards what follows
	now time.Time
	log bytes.Buffer
}

func (h *house) clock() time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.now
}

func (h *house) wait(d time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.now = h.now.Add(d)
}

// Write lets the log be read while the server runs.
func (h *house) Write(b []byte) (int, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.log.Write(b)
}

func (h *house) logged() string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.log.String()
}

func open(t *testing.T) *house {
	t.Helper()
	h := &house{t: t, now: time.Date(2026, 3, 17, 8, 0, 0, 0, time.UTC)}
	db := storagetest.Open(t, storage.Options{Folder: t.TempDir(), Clock: h.clock})
	log := slog.New(slog.NewTextHandler(h, &slog.HandlerOptions{Level: slog.LevelDebug}))
	seal, err := accounts.NewSeal(accounts.NewKey())
	if err != nil {
		t.Fatal(err)
	}
	h.accounts = accounts.New(db, seal, map[string]connectors.Connector{"toy": toy{}}, log)
	h.team = team.New(db)
	start, err := h.team.Setup(t.Context(), team.SetupRequest{Brand: "Maison <Dupont>", Locale: i18n.Fr, Zone: "Europe/Paris",
		Person: team.Person{Surface: "slack", Workspace: "T1", User: "U1", Name: "Awa", Manager: true}})
	if err != nil {
		t.Fatal(err)
	}
	h.by, h.brand = start.Member, start.Brand
	ok := func(context.Context) error { return nil }
	h.server = httptest.NewServer(web.New(web.Options{Accounts: h.accounts, BaseURL: "https://griot.example", Locale: i18n.En, Now: h.clock, Log: log,
		Database: ok, Jobs: ok, Metrics: web.NewMetrics(func(context.Context) (map[string]int, error) { return nil, nil })}))
	t.Cleanup(h.server.Close)
	return h
}

func (h *house) page() string {
	h.t.Helper()
	code, err := h.accounts.NewSecretPage(h.t.Context(), h.by, h.brand.ID, "toy")
	if err != nil {
		h.t.Fatal(err)
	}
	return h.server.URL + "/connect/toy/secret/" + code
}

// reply is what a browser got.
type reply struct {
	status int
	header http.Header
	body   string
}

func (h *house) do(method, address string, form url.Values, header ...string) reply {
	h.t.Helper()
	r, err := http.NewRequestWithContext(h.t.Context(), method, address, strings.NewReader(form.Encode()))
	if err != nil {
		h.t.Fatal(err)
	}
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		h.t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		h.t.Fatal(err)
	}
	for _, secret := range []string{rightToken, wrongToken} {
		if strings.Contains(string(b), secret) || strings.Contains(h.logged(), secret) {
			h.t.Errorf("%s stands in the page or the log", secret)
		}
	}
	return reply{res.StatusCode, res.Header, string(b)}
}

func (r reply) expect(t *testing.T, status int, words ...string) {
	t.Helper()
	if r.status != status {
		t.Errorf("status %d, want %d", r.status, status)
	}
	for _, w := range words {
		if !strings.Contains(r.body, w) {
			t.Errorf("no %q in:\n%s", w, r.body)
		}
	}
}

var sealedField = regexp.MustCompile(`name="sealed" value="([^"]+)"`)

func sealed(t *testing.T, r reply) string {
	t.Helper()
	m := sealedField.FindStringSubmatch(r.body)
	if m == nil {
		t.Fatalf("no account is shown:\n%s", r.body)
	}
	return strings.ReplaceAll(m[1], "&#43;", "+")
}

func secrets(token string) url.Values {
	return url.Values{"k_server": {"https://mine.example"}, "k_token": {token}}
}

func TestASecretIsTakenOnceAndTheAccountShownFirst(t *testing.T) {
	t.Parallel()
	h := open(t)
	page := h.page()
	first := h.do("GET", page, nil)
	first.expect(t, 200, `<html lang="fr">`, "Connexion à Toynet pour Maison &lt;Dupont&gt;", `type="password"`, "réservée à Awa", `value="https://toy.example"`)

	h.do("POST", page, secrets(wrongToken)).expect(t, 422, "Toynet a refusé cette connexion", "no &lt;b&gt;•••", `value="https://mine.example"`)
	h.do("POST", page, url.Values{}).expect(t, 422)
	sure := h.do("POST", page, secrets(rightToken))
	sure.expect(t, 200, "Est-ce le bon compte", "@awa@toy.example", "Maison &lt;Dupont&gt;", "https://toy.example/@awa")
	if all, err := h.accounts.List(t.Context(), h.by, h.brand.ID); err != nil || len(all) > 0 {
		t.Errorf("connected before Connect was pressed: %v %v", all, err)
	}
	h.do("POST", page, url.Values{"sealed": {sealed(t, sure)}}).expect(t, 200, "Toynet · @awa@toy.example est connecté")
	all, err := h.accounts.List(t.Context(), h.by, h.brand.ID)
	if err != nil || len(all) != 1 {
		t.Fatal(all, err)
	}
	if diff := cmp.Diff([]string{"Toynet", "@awa@toy.example"}, []string{all[0].NetworkName, all[0].Handle}); diff != "" {
		t.Error(diff)
	}
	for _, again := range []reply{h.do("GET", page, nil), h.do("POST", page, secrets(rightToken)), h.do("POST", page, url.Values{"sealed": {sealed(t, sure)}})} {
		again.expect(t, 410, "This page has been used or has expired")
	}
	if code := page[strings.LastIndex(page, "/")+1:]; strings.Contains(h.logged(), code) {
		t.Error("the code stands in the log")
	}
}

func TestASecretPageEnds(t *testing.T) {
	t.Parallel()
	h := open(t)
	page := h.page()
	sure := h.do("POST", page, secrets(rightToken))
	h.do("GET", strings.Replace(page, "/toy/", "/other/", 1), nil).expect(t, 410, "not complete")
	h.do("GET", h.server.URL+"/connect/toy/secret/nothing", nil, "Accept-Language", "fr-CA,en;q=0.5").expect(t, 410, "Cette page a déjà servi")

	// What was sealed on one page finishes no other.
	next := h.page()
	h.do("POST", next, url.Values{"sealed": {sealed(t, sure)}}).expect(t, 410)
	h.do("POST", next, url.Values{"sealed": {"1.AAAA"}}).expect(t, 410)
	h.wait(10*time.Minute + time.Second)
	h.do("GET", next, nil).expect(t, 410)
	h.do("POST", next, secrets(rightToken)).expect(t, 410)
}

func TestASecretPageIsClosedToOtherSites(t *testing.T) {
	t.Parallel()
	h := open(t)
	page := h.page()
	for name, header := range map[string][]string{
		"site":   {"Sec-Fetch-Site", "cross-site"},
		"same":   {"Sec-Fetch-Site", "same-site"},
		"origin": {"Origin", "https://evil.example"},
		"null":   {"Origin", "null"},
	} {
		if got := h.do("POST", page, secrets(rightToken), header...); got.status != 403 {
			t.Errorf("%s: status %d", name, got.status)
		}
	}
	h.do("POST", page, secrets(wrongToken), "Origin", "https://griot.example", "Sec-Fetch-Site", "cross-site").expect(t, 422)
	h.do("POST", page, secrets(wrongToken), "Origin", h.server.URL).expect(t, 422)

	got := h.do("GET", page, nil)
	_, rest, _ := strings.Cut(got.body, "<style>")
	style, _, _ := strings.Cut(rest, "</style>")
	sum := sha256.Sum256([]byte(style))
	want := map[string]string{
		"Content-Security-Policy": "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
		"Cache-Control":           "no-store", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin",
	}
	for name, value := range want {
		if diff := cmp.Diff(value, got.header.Get(name)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	if strings.Contains(got.body, "<script") {
		t.Error("the page has a script")
	}
}

func TestTriesAreLimited(t *testing.T) {
	t.Parallel()
	h := open(t)
	page := h.page()
	for range 6 {
		h.do("POST", page, secrets(wrongToken)).expect(t, 422)
	}
	h.do("POST", page, secrets(rightToken)).expect(t, 429, "Trop d’essais")
	h.wait(time.Minute)
	h.do("POST", page, secrets(rightToken)).expect(t, 200)
	last := 0
	for range 60 {
		last = h.do("GET", h.server.URL+"/connect/toy/secret/guess", nil).status
	}
	if last != 429 {
		t.Errorf("codes can be tried out: %d", last)
	}
	huge := url.Values{"k_token": {strings.Repeat("x", 1<<20)}}
	h.wait(time.Hour)
	h.do("POST", h.page(), huge).expect(t, 400)
}

func TestARoleThatWasTakenAwayClosesThePage(t *testing.T) {
	t.Parallel()
	h := open(t)
	code, err := h.team.Invite(t.Context(), h.by, h.brand.ID, []social.Role{social.Admin})
	if err != nil {
		t.Fatal(err)
	}
	bo, err := h.team.Join(t.Context(), team.Person{Surface: "slack", Workspace: "T1", User: "U2", Name: "Bo"}, code)
	if err != nil {
		t.Fatal(err)
	}
	page := h.page()
	sure := h.do("POST", page, secrets(rightToken))
	if _, err := h.team.SetRoles(t.Context(), bo, h.by.ID, h.brand.ID, []social.Role{social.Writer}); err != nil {
		t.Fatal(err)
	}
	h.do("GET", page, nil).expect(t, 403)
	h.do("POST", page, url.Values{"sealed": {sealed(t, sure)}}).expect(t, 403)
	if all, err := h.accounts.List(t.Context(), bo, h.brand.ID); err != nil || len(all) > 0 {
		t.Errorf("connected without the right: %v %v", all, err)
	}
}
