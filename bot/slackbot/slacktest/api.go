package slacktest

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// call is one call of the Web API while it is answered.
type call struct {
	s     *Server
	args  Object
	token *token
	w     *Workspace // of the token; nil for app-level tokens and none
	basic [2]string  // HTTP Basic: client id and secret
}

// refusal is an answer with ok: false.
type refusal struct {
	code   string
	told   []string // response_metadata.messages
	needed string   // missing_scope
	after  int      // seconds; 429
}

func no(code string, told ...string) *refusal { return &refusal{code: code, told: told} }

// answer works under the mutex.
type answer func(c *call) (Object, *refusal)

// kind is what a method wants as a token.
type kind int

const (
	botToken kind = iota
	appToken
	noToken
)

// method is one method of the Web API.
type method struct {
	answer answer
	token  kind
	scopes []string // any of them; none: no scope is needed, or answer looks
	tier   int      // calls a minute: 20, 50, 100; 0: no limit
}

// methods are those the fake knows. Source of scopes and tiers: the method reference of docs.slack.dev, read 2026-11.
func methods() map[string]method {
	scope := func(names ...string) []string { return names }
	conversations := scope("channels:read", "groups:read", "im:read", "mpim:read")
	return map[string]method{
		"apps.connections.open":        {answer: openConnection, token: appToken},
		"auth.test":                    {answer: authTest},
		"auth.revoke":                  {answer: authRevoke},
		"chat.postMessage":             {answer: postMessage, scopes: scope("chat:write")},
		"chat.postEphemeral":           {answer: postEphemeral, scopes: scope("chat:write"), tier: 100},
		"chat.update":                  {answer: updateMessage, scopes: scope("chat:write"), tier: 50},
		"chat.delete":                  {answer: deleteMessage, scopes: scope("chat:write"), tier: 50},
		"chat.getPermalink":            {answer: permalink},
		"conversations.open":           {answer: openConversation, scopes: scope("im:write", "mpim:write", "channels:manage", "groups:write"), tier: 50},
		"conversations.info":           {answer: conversationInfo, scopes: conversations, tier: 50},
		"conversations.list":           {answer: conversationList, scopes: conversations, tier: 20},
		"conversations.members":        {answer: conversationMembers, scopes: conversations, tier: 100},
		"conversations.join":           {answer: joinConversation, scopes: scope("channels:join"), tier: 50},
		"conversations.history":        {answer: history, tier: 50},
		"conversations.replies":        {answer: replies, tier: 50},
		"users.info":                   {answer: userInfo, scopes: scope("users:read"), tier: 100},
		"users.conversations":          {answer: userConversations, scopes: conversations, tier: 50},
		"team.info":                    {answer: teamInfo, scopes: scope("team:read"), tier: 50},
		"emoji.list":                   {answer: emojiList, scopes: scope("emoji:read"), tier: 20},
		"views.open":                   {answer: openView, tier: 100},
		"views.push":                   {answer: pushView, tier: 100},
		"views.update":                 {answer: updateView, tier: 100},
		"views.publish":                {answer: publishView, tier: 100},
		"files.getUploadURLExternal":   {answer: uploadURL, scopes: scope("files:write"), tier: 100},
		"files.completeUploadExternal": {answer: completeUpload, scopes: scope("files:write"), tier: 100},
		"files.info":                   {answer: fileInfo, scopes: scope("files:read"), tier: 100},
		"oauth.v2.access":              {answer: oauthAccess, token: noToken},
	}
}

var allMethods = methods()

func (s *Server) serveAPI(w http.ResponseWriter, r *http.Request) {
	name := r.PathValue("method")
	c := &call{s: s}
	shown, bad := c.read(r)
	if !s.hold(r, name, false) {
		return
	}
	s.mu.Lock()
	var body Object
	refused := bad
	outage := s.outage(name)
	if refused == nil && (outage == "" || outage == AnswerLost) {
		body, refused = c.run(name, shown)
	}
	if c.token != nil && c.w != nil {
		w.Header().Set("X-OAuth-Scopes", strings.Join(c.w.scopes, ","))
	}
	s.log(name, c, refused, outage)
	s.mu.Unlock()
	if !s.hold(r, name, true) {
		return
	}
	if outage.ends(w) {
		return
	}
	if need := allMethods[name].scopes; len(need) > 0 {
		w.Header().Set("X-Accepted-OAuth-Scopes", strings.Join(need, ","))
	}
	write(w, body, refused)
}

// log keeps the call. The mutex is held.
func (s *Server) log(name string, c *call, refused *refusal, outage Outage) {
	kept := Call{Method: name, Args: c.args, Err: string(outage), At: s.Now()}
	if c.w != nil {
		kept.Team = c.w.ID
	}
	if refused != nil {
		kept.Err, kept.Told = refused.code, refused.told
	}
	s.calls = append(s.calls, kept)
	s.news()
}

// run answers the call. The mutex is held.
func (c *call) run(name, shown string) (Object, *refusal) {
	m, known := allMethods[name]
	if !known {
		return nil, no("unknown_method")
	}
	if refused := c.authorize(m, shown); refused != nil {
		return nil, refused
	}
	if refused := c.s.slow(name, m, c); refused != nil {
		return nil, refused
	}
	return m.answer(c)
}

// authorize looks at the token and its scopes. The mutex is held.
func (c *call) authorize(m method, shown string) *refusal {
	switch {
	case m.token == noToken:
		return nil
	case shown == "":
		return no("not_authed")
	case m.token == appToken && shown == c.s.App.Token && c.s.appDead != "":
		return no(c.s.appDead)
	case m.token == appToken && shown == c.s.App.Token:
		return nil
	case shown == c.s.App.Token:
		return no("not_allowed_token_type")
	}
	t := c.s.tokens[shown]
	switch {
	case t == nil:
		return no("invalid_auth")
	case t.dead != "":
		return no(t.dead)
	case !t.ends.IsZero() && !c.s.Now().Before(t.ends):
		return no("token_expired")
	case m.token == appToken:
		return no("not_allowed_token_type")
	}
	c.token, c.w = t, t.w
	if len(m.scopes) > 0 && !slices.ContainsFunc(m.scopes, c.may) {
		return c.lacks(m.scopes...)
	}
	return nil
}

func (c *call) may(scope string) bool { return slices.Contains(c.w.scopes, scope) }

func (c *call) lacks(scopes ...string) *refusal {
	return &refusal{code: "missing_scope", needed: strings.Join(scopes, ",")}
}

// write writes what a method answered.
func write(w http.ResponseWriter, body Object, refused *refusal) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	if refused == nil {
		body["ok"] = true
		w.Write(encode(body)) // the client may be gone
		return
	}
	body = Object{"ok": false, "error": refused.code}
	if len(refused.told) > 0 {
		marked := make([]any, len(refused.told))
		plain := make([]any, len(refused.told))
		for i, m := range refused.told {
			marked[i], plain[i] = "[ERROR] "+m, m
		}
		body["response_metadata"] = Object{"messages": marked}
		if refused.code == "invalid_blocks" {
			body["errors"] = plain
		}
	}
	if refused.needed != "" {
		body["needed"], body["provided"] = refused.needed, w.Header().Get("X-OAuth-Scopes")
	}
	if refused.after > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(refused.after))
		w.WriteHeader(http.StatusTooManyRequests)
	}
	w.Write(encode(body)) // the client may be gone
}
