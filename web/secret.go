package web

import (
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"errors"
	"html/template"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"griot/accounts"
	"griot/connectors"
	"griot/fault"
	"griot/i18n"
)

//go:embed assets
var assets embed.FS

var (
	secretPage = template.Must(template.ParseFS(assets, "assets/secret.html"))
	style      = mustRead("assets/secret.css")
)

func mustRead(name string) string {
	b, err := assets.ReadFile(name)
	if err != nil {
		panic(err) // not embedded: a mistake of ours
	}
	return string(b)
}

// A person makes few mistakes; a code cannot be guessed at any pace, so this protects the networks and the database.
const (
	perCode   = 6
	codeEach  = 30 * time.Second
	perClient = 30
	fromEach  = 2 * time.Second
	bodySize  = 256 << 10
)

// pages take what a network keeps secret: first a form, then the account it belongs to, then Connect. The code in the
// address is known to its member alone, opens one page for ten minutes, and is never logged.
type pages struct {
	accounts *accounts.Service
	locale   i18n.Locale
	log      *slog.Logger
	origin   *http.CrossOriginProtection
	codes    *limiter
	clients  *limiter
	policy   string
}

func newPages(o Options) *pages {
	sum := sha256.Sum256([]byte(style))
	p := &pages{accounts: o.Accounts, locale: o.Locale, log: o.Log, origin: http.NewCrossOriginProtection(),
		codes: newLimiter(perCode, codeEach, o.Now), clients: newLimiter(perClient, fromEach, o.Now),
		policy: "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) +
			"'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"}
	if u, err := url.Parse(o.BaseURL); err == nil && u.Host != "" {
		_ = p.origin.AddTrustedOrigin(u.Scheme + "://" + u.Host) // a scheme and a host, by what was just parsed
	}
	return p
}

// view is what the template shows.
type view struct {
	Lang, Title    string
	Alert          string
	Lead           []string
	Network, Brand string
	Fields         []field
	Preview        *accounts.Preview
	T              map[string]string
	Style          template.CSS
}

type field struct {
	Name, Label, Help string
	Type, Value       string
	Complete          string
	Error             string
	Required, Focus   bool
}

// prefix begins the names of fields, so that no network's key meets one of ours.
const prefix = "k_"

func (p *pages) show(w http.ResponseWriter, r *http.Request) {
	if page, ok := p.open(w, r); ok {
		p.write(w, http.StatusOK, p.form(page, nil, nil))
	}
}

func (p *pages) sent(w http.ResponseWriter, r *http.Request) {
	l := p.reader(r)
	if p.origin.Check(r) != nil {
		p.refuse(w, http.StatusForbidden, l, noTitle.In(l), errOrigin.In(l))
		return
	}
	page, ok := p.open(w, r)
	if !ok {
		return
	}
	l = page.Member.Locale
	if !p.codes.allow(r.PathValue("code")) {
		p.refuse(w, http.StatusTooManyRequests, l, noTitle.In(l), errSlow.In(l))
		return
	}
	r.Body = http.MaxBytesReader(w, r.Body, bodySize)
	if err := r.ParseForm(); err != nil {
		p.refuse(w, http.StatusBadRequest, l, noTitle.In(l), errForm.In(l))
		return
	}
	if sealed := r.PostForm.Get("sealed"); sealed != "" {
		p.connect(w, r, page, sealed)
		return
	}
	p.check(w, r, page)
}

// open reads the page of the code. When there is none it says so and reports false.
func (p *pages) open(w http.ResponseWriter, r *http.Request) (accounts.SecretPage, bool) {
	l := p.reader(r)
	if !p.clients.allow(client(r)) {
		p.refuse(w, http.StatusTooManyRequests, l, noTitle.In(l), errSlow.In(l))
		return accounts.SecretPage{}, false
	}
	page, err := p.accounts.OpenSecretPage(r.Context(), r.PathValue("code"))
	if err == nil && page.Info.ID != r.PathValue("network") {
		err = fault.New(fault.NotFound, errElsewhere)
	}
	if err != nil {
		p.fail(w, r, l, err)
		return page, false
	}
	return page, true
}

// check asks the network whose secrets these are and shows it.
func (p *pages) check(w http.ResponseWriter, r *http.Request, page accounts.SecretPage) {
	typed := map[string]string{}
	for _, k := range page.Info.Secrets {
		typed[k.Key] = r.PostForm.Get(prefix + k.Key)
	}
	preview, err := p.accounts.TrySecretPage(r.Context(), r.PathValue("code"), typed)
	if f, ok := errors.AsType[*fault.Error](err); ok && (f.Kind == fault.Invalid || f.Kind == fault.Busy) {
		p.write(w, http.StatusUnprocessableEntity, p.form(page, typed, f))
		return
	}
	if err != nil {
		p.fail(w, r, page.Member.Locale, err)
		return
	}
	l := page.Member.Locale
	v := p.blank(l, sureTitle.In(l))
	v.Lead = []string{sureLead.In(l, preview.Handle, page.Brand.Name)}
	v.Network, v.Brand, v.Preview = page.Info.Name, page.Brand.Name, &preview
	p.write(w, http.StatusOK, v)
}

func (p *pages) connect(w http.ResponseWriter, r *http.Request, page accounts.SecretPage, sealed string) {
	l := page.Member.Locale
	a, err := p.accounts.FinishSecretPage(r.Context(), r.PathValue("code"), sealed)
	if err != nil {
		p.fail(w, r, l, err)
		return
	}
	v := p.blank(l, doneTitle.In(l, a.Name()))
	v.Lead = []string{doneLead.In(l)}
	p.write(w, http.StatusOK, v)
}

// form asks for what the network needs, with what was typed, secrets apart, and why it came back.
func (p *pages) form(page accounts.SecretPage, typed map[string]string, refusal *fault.Error) view {
	l := page.Member.Locale
	v := p.blank(l, askTitle.In(l, page.Info.Name, page.Brand.Name))
	v.Lead = []string{forMember.In(l, page.Member.Name), page.Info.About.In(l)}
	for i, k := range page.Info.Secrets {
		f := field{Name: prefix + k.Key, Label: k.Label.In(l), Help: k.Help.In(l), Type: "text", Value: k.Default, Complete: "off",
			Required: k.Kind == connectors.Hidden || k.Default == "", Focus: i == 0 && refusal == nil}
		if was, ok := typed[k.Key]; ok {
			f.Value = was
		}
		if k.Kind == connectors.Hidden {
			f.Type, f.Value, f.Complete = "password", "", "new-password"
			f.Focus = f.Focus || refusal != nil // it must be typed again
		}
		if refusal != nil && refusal.Field == k.Key {
			f.Error = refusal.Say.In(l)
		}
		v.Fields = append(v.Fields, f)
	}
	if refusal != nil && refusal.Field == "" {
		v.Alert = refusal.Say.In(l)
	}
	return v
}

// fail says what went wrong. What is ours is logged by its route, without the code.
func (p *pages) fail(w http.ResponseWriter, r *http.Request, l i18n.Locale, err error) {
	status, title := http.StatusInternalServerError, noTitle
	switch fault.KindOf(err) {
	case fault.NotFound:
		status, title = http.StatusGone, goneTitle
	case fault.Denied:
		status = http.StatusForbidden
	case fault.Conflict:
		status = http.StatusConflict
	case fault.Invalid:
		status = http.StatusUnprocessableEntity
	case fault.Busy:
		status = http.StatusServiceUnavailable
	default:
		p.log.ErrorContext(r.Context(), "sign-in page failed", "network", r.PathValue("network"), "err", err)
	}
	p.refuse(w, status, l, title.In(l), fault.For(err, l))
}

func (p *pages) refuse(w http.ResponseWriter, status int, l i18n.Locale, title, why string) {
	v := p.blank(l, title)
	v.Alert = why
	p.write(w, status, v)
}

func (p *pages) blank(l i18n.Locale, title string) view {
	return view{Lang: string(l), Title: title, T: words(l), Style: template.CSS(style)}
}

func (p *pages) write(w http.ResponseWriter, status int, v view) {
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", p.policy)
	h.Set("Referrer-Policy", "same-origin") // no-referrer would make a browser send its form with Origin: null
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	w.WriteHeader(status)
	if err := secretPage.Execute(w, v); err != nil {
		p.log.Debug("page not written", "err", err)
	}
}

// reader is the language of somebody who is not known yet: their browser's, else Griot's.
func (p *pages) reader(r *http.Request) i18n.Locale {
	for tag := range strings.SplitSeq(r.Header.Get("Accept-Language"), ",") {
		tag, _, _ = strings.Cut(tag, ";")
		if l, ok := i18n.ParseLocale(tag); ok {
			return l
		}
	}
	return p.locale
}

// client is whom a request comes from, as far as that can be told without trusting what it says of itself.
func client(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}
