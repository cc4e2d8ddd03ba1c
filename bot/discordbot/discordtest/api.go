package discordtest

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Route is one of the calls that are served, as Discord's documentation writes it.
type Route string

// The routes.
const (
	GetGateway          Route = "GET /gateway"
	GetGatewayBot       Route = "GET /gateway/bot"
	GetMe               Route = "GET /users/@me"
	GetMyGuilds         Route = "GET /users/@me/guilds"
	OpenDirect          Route = "POST /users/@me/channels"
	GetApp              Route = "GET /applications/@me"
	GetCommands         Route = "GET /applications/{application_id}/commands"
	PutCommands         Route = "PUT /applications/{application_id}/commands"
	GetGuildCommands    Route = "GET /applications/{application_id}/guilds/{guild_id}/commands"
	PutGuildCommands    Route = "PUT /applications/{application_id}/guilds/{guild_id}/commands"
	GetGuild            Route = "GET /guilds/{guild_id}"
	GetGuildChannels    Route = "GET /guilds/{guild_id}/channels"
	GetActiveThreads    Route = "GET /guilds/{guild_id}/threads/active"
	GetRoles            Route = "GET /guilds/{guild_id}/roles"
	GetMember           Route = "GET /guilds/{guild_id}/members/{user_id}"
	GetChannel          Route = "GET /channels/{channel_id}"
	EditChannel         Route = "PATCH /channels/{channel_id}"
	GetMessages         Route = "GET /channels/{channel_id}/messages"
	PostMessage         Route = "POST /channels/{channel_id}/messages"
	GetMessage          Route = "GET /channels/{channel_id}/messages/{message_id}"
	EditMessage         Route = "PATCH /channels/{channel_id}/messages/{message_id}"
	DeleteMessage       Route = "DELETE /channels/{channel_id}/messages/{message_id}"
	PostMessageThread   Route = "POST /channels/{channel_id}/messages/{message_id}/threads"
	PostThread          Route = "POST /channels/{channel_id}/threads"
	PostCallback        Route = "POST /interactions/{interaction_id}/{interaction_token}/callback"
	PostWebhook         Route = "POST /webhooks/{webhook_id}/{webhook_token}"
	GetWebhookOriginal  Route = "GET /webhooks/{webhook_id}/{webhook_token}/messages/@original"
	EditWebhookOriginal Route = "PATCH /webhooks/{webhook_id}/{webhook_token}/messages/@original"
	DelWebhookOriginal  Route = "DELETE /webhooks/{webhook_id}/{webhook_token}/messages/@original"
	GetWebhookMessage   Route = "GET /webhooks/{webhook_id}/{webhook_token}/messages/{message_id}"
	EditWebhookMessage  Route = "PATCH /webhooks/{webhook_id}/{webhook_token}/messages/{message_id}"
	DelWebhookMessage   Route = "DELETE /webhooks/{webhook_id}/{webhook_token}/messages/{message_id}"
)

// endpoint does a call. The mutex is held. A nil answer is 204.
type endpoint func(c *call) (any, *refusal)

func endpoints() map[Route]endpoint {
	return map[Route]endpoint{
		GetGateway: getGateway, GetGatewayBot: getGatewayBot, GetMe: getMe, OpenDirect: openDirect, GetApp: getApp,
		GetCommands: getCommands, PutCommands: putCommands, GetGuildCommands: getCommands, PutGuildCommands: putCommands,
		GetGuild: getGuild, GetGuildChannels: getGuildChannels, GetRoles: getRoles, GetMember: getMember, GetChannel: getChannel,
		GetMyGuilds: getMyGuilds, GetActiveThreads: getActiveThreads, EditChannel: editChannel,
		GetMessages: getMessages, PostMessage: postMessage, GetMessage: getMessage, EditMessage: editMessage,
		DeleteMessage: deleteMessage, PostMessageThread: postMessageThread, PostThread: postThread, PostCallback: postCallback,
		PostWebhook: postFollowUp, GetWebhookOriginal: getFollowUp, EditWebhookOriginal: editFollowUp,
		DelWebhookOriginal: deleteFollowUp, GetWebhookMessage: getFollowUp, EditWebhookMessage: editFollowUp,
		DelWebhookMessage: deleteFollowUp,
	}
}

// open says that a route needs no token of the bot and counts towards none of its limits.
func (r Route) open() bool {
	return strings.Contains(string(r), "/webhooks/") || strings.Contains(string(r), "/interactions/")
}

// judged says that the endpoint judges the body itself, and refuses what Discord's description refuses too.
func (r Route) judged() bool {
	switch r {
	case PostMessage, EditMessage, PostThread, PostCallback, PostWebhook, EditWebhookOriginal, EditWebhookMessage, PutCommands,
		PutGuildCommands:
		return true
	}
	return false
}

// call is a call while it is done.
type call struct {
	s       *Server
	r       *http.Request
	route   Route
	path    string // below the version
	body    any    // nil: none
	uploads []upload
	judge   judge
}

// object is the body when it is an object; an empty one otherwise.
func (c *call) object() Object {
	if o, ok := c.body.(Object); ok {
		return o
	}
	return Object{}
}

func (s *Server) routes() http.Handler {
	mux := http.NewServeMux()
	for route, do := range endpoints() {
		method, path, _ := strings.Cut(string(route), " ")
		mux.HandleFunc(method+" /api/{version}"+path, func(w http.ResponseWriter, r *http.Request) { s.serve(w, r, route, do) })
	}
	mux.HandleFunc("/api/", func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		s.fault("%s %s is not served here", r.Method, r.URL.Path)
		s.mu.Unlock()
		answer(w, nil, noRoute)
	})
	mux.HandleFunc("GET /ws/", s.serveSocket)
	mux.HandleFunc("GET /resume/", s.serveSocket)
	mux.HandleFunc("GET /attachments/{channel}/{id}/{name}", s.serveFile)
	return mux
}

// serve does one call from its first byte to its answer.
func (s *Server) serve(w http.ResponseWriter, r *http.Request, route Route, do endpoint) {
	c := &call{s: s, r: r, route: route}
	version := r.PathValue("version")
	c.path = strings.TrimPrefix(r.URL.Path, "/api/"+version)
	unread := c.read()
	how := s.hit(route)
	if how == Unavailable {
		http.Error(w, "upstream connect error", http.StatusServiceUnavailable)
		return
	}
	if how == Cut || !s.hold(r, route, false) {
		hangUp(w)
		return
	}
	s.mu.Lock()
	if version != "v9" && version != "v10" {
		unread = &refusal{status: 400, code: 50041, message: "Invalid API version"}
	}
	head := http.Header{}
	given, refused, banned := c.do(do, unread, head)
	s.mu.Unlock()
	if how == AnswerLost || !s.hold(r, route, true) {
		hangUp(w)
		return
	}
	for k, v := range head {
		w.Header()[k] = v
	}
	if banned {
		blocked(w)
		return
	}
	answer(w, given, refused)
}

// do judges and does a call and keeps it. The mutex is held.
func (c *call) do(do endpoint, unread *refusal, head http.Header) (given any, refused *refusal, banned bool) {
	s := c.s
	if s.isBanned() {
		s.record(c, &refusal{status: 429, message: "Cloudflare: error 1015"})
		return nil, nil, true
	}
	if !strings.HasPrefix(c.r.UserAgent(), "DiscordBot (") {
		s.fault("%s: the User-Agent %q is not of a bot: Cloudflare may block it", c.route, c.r.UserAgent())
	}
	refused = unread
	if refused == nil && !c.route.open() && c.r.Header.Get("Authorization") != "Bot "+s.App.Token {
		refused = unauthorized
	}
	if refused == nil {
		refused = s.limited(c, head)
	}
	if refused == nil {
		official().check(&c.judge, c.r.Method, c.path, c.r.URL.RawQuery, c.body)
		if !c.route.judged() {
			refused = c.judge.refusal()
		}
	}
	if refused == nil {
		given, refused = do(c)
	}
	for _, what := range c.judge.ignored {
		s.fault("%s %s: Discord ignores this without a word: %s", c.r.Method, c.path, what)
	}
	s.record(c, refused)
	s.news()
	return given, refused, false
}

// record keeps a call. The mutex is held.
func (s *Server) record(c *call, refused *refusal) {
	kept := Call{Route: c.route, Path: c.path, Body: c.body, Status: http.StatusOK, At: s.Now()}
	for _, u := range c.uploads {
		kept.Files = append(kept.Files, u.name)
	}
	if refused != nil {
		kept.Status, kept.Code, kept.Told = refused.status, refused.code, refused.told()
	}
	s.calls = append(s.calls, kept)
	if bad := kept.Status; bad == 401 || bad == 403 || bad == 429 && !strings.HasSuffix(kept.Told[0], sharedMark) {
		s.bad = append(s.bad, s.Now())
	}
}

// answer writes what a call gives.
func answer(w http.ResponseWriter, given any, refused *refusal) {
	w.Header().Set("Content-Type", "application/json")
	switch {
	case refused != nil && refused.status == http.StatusTooManyRequests:
		w.WriteHeader(refused.status)
		w.Write(encode(Object{
			"message": strings.TrimSuffix(refused.message, sharedMark), "code": refused.code,
			"retry_after": json.Number(refused.after), "global": w.Header().Get("X-RateLimit-Global") != "",
		})) // a client that is gone is no business of ours
	case refused != nil:
		w.WriteHeader(refused.status)
		w.Write(encode(refused.json()))
	case given == nil:
		w.Header().Del("Content-Type")
		w.WriteHeader(http.StatusNoContent)
	default:
		w.Write(encode(given))
	}
}

// hangUp ends the connection without an answer.
func hangUp(w http.ResponseWriter) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	conn.Close()
}

// seconds is a duration as Discord writes it in headers and bodies.
func seconds(d time.Duration) string { return strconv.FormatFloat(max(d, 0).Seconds(), 'f', 3, 64) }
