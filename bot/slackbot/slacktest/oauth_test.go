package slacktest_test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"griot/bot/slackbot/slacktest"
)

// asked is the link an app sends people to.
func asked(s *slacktest.Server, scope, back string) string {
	return s.AuthorizeURL() + "?" + url.Values{"client_id": {s.App.ClientID}, "scope": {scope}, "redirect_uri": {back}, "state": {"st"}}.Encode()
}

func TestInstallByOAuth(t *testing.T) {
	t.Parallel()
	c := noon()
	s := slacktest.New(t, slacktest.Options{Now: c.Now})
	w := s.Workspace("Acme")
	awa := w.Person(slacktest.Profile{Name: "awa"})
	r := &raw{t: t, s: s}
	const back = "https://griot.example/slack/oauth"
	code := func(link string) string {
		t.Helper()
		to, err := awa.Allow(link)
		if err != nil {
			t.Fatal(err)
		}
		u, err := url.Parse(to)
		if err != nil || !strings.HasPrefix(to, back) || u.Query().Get("state") != "st" {
			t.Fatalf("sent to %q", to)
		}
		return u.Query().Get("code")
	}
	access := func(code string, more object) object {
		t.Helper()
		return r.call("", "oauth.v2.access", with(object{
			"client_id": s.App.ClientID, "client_secret": s.App.ClientSecret, "code": code, "redirect_uri": back,
		}, more))
	}
	first := code(asked(s, "chat:write,commands", back))
	for want, more := range map[string]object{
		"invalid_client_id": {"client_id": "x"}, "bad_client_secret": {"client_secret": "x"}, "invalid_code": {"code": "x"},
		"bad_redirect_uri": {"redirect_uri": "https://elsewhere.example"}, "invalid_grant_type": {"grant_type": "magic"},
	} {
		if got := access(first, more); got["error"] != want {
			t.Errorf("%v: %v, want %s", more, got, want)
		}
	}
	got := access(first, nil)
	if got["access_token"] != w.Token() || got["scope"] != "chat:write,commands" || got["team"].(object)["id"] != w.ID || got["refresh_token"] != nil {
		t.Errorf("installed: %v", got)
	}
	if got := access(first, nil); got["error"] != "code_already_used" {
		t.Errorf("the code again: %v", got)
	}
	second := code(asked(s, "users:read", back))
	c.pass(10*time.Minute + time.Second)
	if got := access(second, nil); got["error"] != "invalid_code" {
		t.Errorf("an old code: %v", got)
	}
	again := access(code(asked(s, "users:read", back)), nil)
	if again["access_token"] != got["access_token"] || again["scope"] != "chat:write,commands,users:read" {
		t.Errorf("installed again: %v", again)
	}
	if to, err := awa.Deny(asked(s, "chat:write", back)); err != nil || !strings.Contains(to, "error=access_denied") || !strings.Contains(to, "state=st") {
		t.Errorf("denied: %q, %v", to, err)
	}
	for _, link := range []string{
		strings.Replace(asked(s, "chat:write", back), s.App.ClientID, "1.1", 1), asked(s, "admin", back), asked(s, "", back),
		asked(s, "chat:write", "ftp://griot.example"),
	} {
		if to, err := awa.Allow(link); err == nil {
			t.Errorf("%s was allowed: %s", link, to)
		}
	}
}

func TestBrowserIsAskedWhoItIs(t *testing.T) {
	t.Parallel()
	v := settle(t, slacktest.Options{})
	_, page := fetch(t, asked(v.s, "chat:write", "https://griot.example"), "")
	if !strings.Contains(page, "person="+v.awa.ID) || !strings.Contains(page, "awa @ Acme") || strings.Contains(page, "person="+v.w.Bot.ID) {
		t.Error(page)
	}
}

func TestTokensRotate(t *testing.T) {
	t.Parallel()
	c := noon()
	v := settle(t, slacktest.Options{Now: c.Now, Rotate: true})
	back := "https://griot.example/slack/oauth"
	to, err := v.awa.Allow(asked(v.s, "chat:write", back))
	if err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(to)
	if err != nil {
		t.Fatal(err)
	}
	app := object{"client_id": v.s.App.ClientID, "client_secret": v.s.App.ClientSecret}
	first := v.call("", "oauth.v2.access", with(app, object{"code": u.Query().Get("code"), "redirect_uri": back}))
	if first["expires_in"] != 43200.0 || first["refresh_token"] == nil {
		t.Fatalf("installed: %v", first)
	}
	c.pass(12 * time.Hour)
	v.fails(first["access_token"].(string), "auth.test", nil, "token_expired")
	renew := with(app, object{"grant_type": "refresh_token", "refresh_token": first["refresh_token"]})
	second := v.call("", "oauth.v2.access", renew)
	if second["ok"] != true || second["access_token"] == first["access_token"] || second["refresh_token"] == first["refresh_token"] {
		t.Fatalf("renewed: %v", second)
	}
	if got := v.call(second["access_token"].(string), "auth.test", nil); got["ok"] != true {
		t.Error(got)
	}
	if got := v.call("", "oauth.v2.access", renew); got["error"] != "invalid_refresh_token" {
		t.Errorf("the refresh token again: %v", got)
	}
}

func TestGoneWorkspaceIsTold(t *testing.T) {
	t.Parallel()
	v := connected(t, slacktest.Options{})
	other := v.s.Workspace("Other")
	token := other.Install()
	if ack := v.w.Uninstall(); !ack.OK() {
		t.Errorf("%+v", ack)
	}
	v.s.Eventually("both events", func() bool { return len(v.seen("events_api")) == 2 })
	kinds := map[any]bool{}
	for _, e := range v.seen("events_api") {
		kinds[e["payload"].(object)["event"].(object)["type"]] = true
	}
	if !kinds["app_uninstalled"] || !kinds["tokens_revoked"] {
		t.Errorf("events: %v", kinds)
	}
	if got := v.call(token, "auth.test", nil); got["ok"] != true {
		t.Errorf("another workspace suffers: %v", got)
	}
	if ack := v.awa.Command(v.c, "/post", ""); !ack.Refused {
		t.Errorf("the command is still there: %+v", ack)
	}
}
