package slackbot

import (
	"context"
	"crypto/subtle"
	_ "embed"
	"errors"
	"fmt"
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"griot/bot/slackbot/blockkit"
	"griot/chat"
	"griot/i18n"
)

// stateCookie holds in the browser what the address brings back: only who began an installation can end it.
const (
	stateCookie = "griot_slack_state"
	stateLife   = 10 * time.Minute
)

var (
	pageDone      = i18n.Text{En: "Griot is in %s", Fr: "Griot est dans %s"}
	pageDoneNext  = i18n.Text{En: "Open Slack, go to any channel and type /griot: Griot says how to begin.", Fr: "Ouvrez Slack, allez dans un canal et tapez /griot\u202f: Griot vous dit comment commencer."}
	pageOpen      = i18n.Text{En: "Open Slack", Fr: "Ouvrir Slack"}
	pageNot       = i18n.Text{En: "Griot was not installed", Fr: "Griot n’a pas été installé"}
	pageDenied    = i18n.Text{En: "The installation was cancelled in Slack. Nothing was changed. To try again:", Fr: "L’installation a été annulée dans Slack. Rien n’a changé. Pour réessayer\u202f:"}
	pageState     = i18n.Text{En: "This link was used already, is older than ten minutes, or was opened in another browser. Begin again:", Fr: "Ce lien a déjà servi, date de plus de dix minutes, ou a été ouvert dans un autre navigateur. Recommencez\u202f:"}
	pageCode      = i18n.Text{En: "Slack did not confirm the installation (%s). Begin again:", Fr: "Slack n’a pas confirmé l’installation (%s). Recommencez\u202f:"}
	pageScopes    = i18n.Text{En: "Griot needs rights that were not given: %s. Add them to the app in Slack (OAuth & Permissions), then begin again:", Fr: "Il manque des droits à Griot\u202f: %s. Ajoutez-les à l’application dans Slack (OAuth & Permissions), puis recommencez\u202f:"}
	pageOrg       = i18n.Text{En: "Griot is installed workspace by workspace, not in a whole organisation at once. Choose one workspace:", Fr: "Griot s’installe espace par espace, et non dans toute une organisation. Choisissez un espace de travail\u202f:"}
	pageBroken    = i18n.Text{En: "Something broke on our side. Begin again in a minute:", Fr: "Une erreur est survenue de notre côté. Recommencez dans une minute\u202f:"}
	pageAgain     = i18n.Text{En: "Install Griot", Fr: "Installer Griot"}
	welcomeDirect = i18n.Text{
		En: "Thank you for inviting me. Type /griot setup in the channel where posts are to be approved: it takes a minute.",
		Fr: "Merci de m’avoir invité. Tapez /griot demarrer dans le canal où les publications seront validées\u202f: une minute suffit.",
	}
)

//go:embed page.html
var pageText string

var pageTemplate = template.Must(template.New("page").Parse(pageText))

// page is what a browser shows at the end of an installation.
type page struct {
	Lang, Title, Words, Link, Label string
	Good                            bool
}

func (s *Surface) show(w http.ResponseWriter, code int, p page) {
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'")
	w.WriteHeader(code)
	if err := pageTemplate.Execute(w, p); err != nil {
		s.o.Log.Debug("page not written", "surface", Name, "err", err)
	}
}

// reader is the language of a browser.
func (s *Surface) reader(r *http.Request) i18n.Locale {
	first, _, _ := strings.Cut(r.Header.Get("Accept-Language"), ",")
	first, _, _ = strings.Cut(first, ";")
	if l, ok := i18n.ParseLocale(first); ok {
		return l
	}
	return s.o.Locale
}

func (s *Surface) failed(w http.ResponseWriter, l i18n.Locale, code int, words string) {
	s.show(w, code, page{Lang: string(l), Title: pageNot.In(l), Words: words, Link: s.o.BaseURL + "/slack/install", Label: pageAgain.In(l)})
}

// install sends a browser to Slack, with a word that only it can bring back.
func (s *Surface) install(w http.ResponseWriter, r *http.Request) {
	state, err := s.o.Installs.NewState(r.Context())
	if err != nil {
		s.o.Log.Error("installation not begun", "surface", Name, "err", err)
		s.failed(w, s.reader(r), http.StatusServiceUnavailable, pageBroken.In(s.reader(r)))
		return
	}
	http.SetCookie(w, &http.Cookie{Name: stateCookie, Value: state, Path: "/slack/", MaxAge: int(stateLife.Seconds()), HttpOnly: true,
		Secure: strings.HasPrefix(s.o.BaseURL, "https:"), SameSite: http.SameSiteLaxMode})
	q := url.Values{"client_id": {s.o.ClientID}, "scope": {strings.Join(scopeNames(), ",")}, "redirect_uri": {s.redirect()}, "state": {state}}
	http.Redirect(w, r, s.authorizeURL()+"?"+q.Encode(), http.StatusFound)
}

func (s *Surface) redirect() string { return s.o.BaseURL + "/slack/oauth" }

// authorizeURL is the page where a workspace gives its right, beside the Web API.
func (s *Surface) authorizeURL() string {
	return strings.TrimSuffix(s.o.API, "api/") + "oauth/v2/authorize"
}

// authorized ends an installation.
func (s *Surface) authorized(w http.ResponseWriter, r *http.Request) {
	l := s.reader(r)
	good, err := s.owned(r)
	switch {
	case err != nil:
		s.o.Log.Error("installation not ended", "surface", Name, "err", err)
		s.failed(w, l, http.StatusServiceUnavailable, pageBroken.In(l))
		return
	case !good:
		s.failed(w, l, http.StatusBadRequest, pageState.In(l))
		return
	}
	http.SetCookie(w, &http.Cookie{Name: stateCookie, Path: "/slack/", MaxAge: -1})
	if r.URL.Query().Get("error") != "" {
		s.failed(w, l, http.StatusOK, pageDenied.In(l))
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), ownTime) // a browser that leaves now loses nothing
	defer cancel()
	i, words, err := s.exchange(ctx, r.URL.Query().Get("code"), l)
	if words != "" {
		s.failed(w, l, http.StatusBadRequest, words)
		return
	}
	if err == nil {
		err = s.welcome(ctx, i, l)
	}
	if err != nil {
		s.o.Log.Error("installation not ended", "surface", Name, "err", err)
		s.failed(w, l, http.StatusServiceUnavailable, pageBroken.In(l))
		return
	}
	s.show(w, http.StatusOK, page{Lang: string(l), Title: pageDone.In(l, i.Name), Words: pageDoneNext.In(l), Good: true,
		Link: "https://slack.com/app_redirect?" + url.Values{"app": {i.App}, "team": {i.Workspace}}.Encode(), Label: pageOpen.In(l)})
}

// owned reports whether a browser brings back the word it was given, for the first time.
func (s *Surface) owned(r *http.Request) (bool, error) {
	state := r.URL.Query().Get("state")
	c, err := r.Cookie(stateCookie)
	if err != nil || state == "" || subtle.ConstantTimeCompare([]byte(c.Value), []byte(state)) != 1 {
		return false, nil
	}
	return s.o.Installs.UseState(r.Context(), state)
}

// exchange turns Slack's code into a right. Words are for the person when it is none.
func (s *Surface) exchange(ctx context.Context, code string, l i18n.Locale) (i Install, words string, err error) {
	r, err := slack.GetOAuthV2ResponseContext(ctx, s.http, s.o.ClientID, s.o.ClientSecret, code, s.redirect(), slack.OAuthOptionAPIURL(s.o.API))
	if said := codeOf(err); said != "" {
		return i, pageCode.In(l, said), nil
	}
	if err != nil {
		return i, "", fmt.Errorf("confirm an installation: %w", err)
	}
	if r.IsEnterpriseInstall || r.Team.ID == "" {
		return i, pageOrg.In(l), nil
	}
	i = Install{Workspace: r.Team.ID, Name: r.Team.Name, App: r.AppID, BotUser: r.BotUserID, InstalledBy: r.AuthedUser.ID,
		Scopes: split(r.Scope), Token: r.AccessToken, Refresh: r.RefreshToken}
	if r.ExpiresIn > 0 {
		i.Expires = s.o.Now().Add(time.Duration(r.ExpiresIn) * time.Second)
	}
	if missing := Missing(i.Scopes); len(missing) > 0 {
		return i, pageScopes.In(l, strings.Join(missing, ", ")), nil
	}
	return i, "", nil
}

// welcome stores a right and says the next step to who gave it.
func (s *Surface) welcome(ctx context.Context, i Install, l i18n.Locale) error {
	b, err := s.given(ctx, i)
	if err != nil {
		return err
	}
	s.o.Log.Info("slack workspace joined", "surface", Name, "workspace", i.Workspace)
	if s.o.Installed != nil {
		s.o.Installed(ctx, i.Workspace)
	}
	s.tasks.Do(func(ctx context.Context) {
		c := chat.Sentence(chat.Good, chat.Plain(welcomeDirect.In(l)))
		c.Locale = l
		dm, err := s.direct(ctx, b, i.InstalledBy)
		if err == nil {
			_, err = s.post(ctx, b, dm, blockkit.Card(c, blockkit.Look{}))
		}
		if err != nil && !errors.Is(err, context.Canceled) {
			s.o.Log.Warn("nobody greeted", "surface", Name, "workspace", i.Workspace, "err", err)
		}
	})
	return nil
}

func scopeNames() []string {
	out := make([]string, len(Scopes))
	for i, s := range Scopes {
		out[i] = s.Name
	}
	return out
}

// Missing lists the scopes that Griot needs and was not given.
func Missing(given []string) []string {
	return slices.DeleteFunc(scopeNames(), func(s string) bool { return slices.Contains(given, s) })
}
