package slacktest

import (
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"
)

// A response URL's own limits. Source: docs.slack.dev/interactivity/handling-user-interaction, read 2026-11.
const (
	maxUses  = 5
	replyFor = 30 * time.Minute
)

// reply is a response URL.
type reply struct {
	c    *Channel
	p    *Person  // who acted
	m    *message // what they acted on; nil for commands
	uses int
	ends time.Time
}

// replyURL makes a response URL. The mutex is held.
func (s *Server) replyURL(kind string, c *Channel, p *Person, m *message) string {
	s.seq++
	path := fmt.Sprintf("/%s/%s/%d/secret%d", kind, p.w.ID, s.seq, s.seq)
	url := s.URL + path
	s.urls[url] = &reply{c: c, p: p, m: m, ends: s.Now().Add(replyFor)}
	return url
}

// responseURL is what posts to response URLs are called among the calls.
const responseURL = "response_url"

// serveReply is a post to a response URL.
func (s *Server) serveReply(w http.ResponseWriter, r *http.Request) {
	raw, err := io.ReadAll(io.LimitReader(r.Body, 1<<20))
	if err != nil {
		return // the client is gone
	}
	if !s.hold(r, responseURL, false) {
		return
	}
	v, err := decode(raw)
	body, isObject := v.(Object)
	s.mu.Lock()
	outage := s.outage(responseURL)
	u := s.urls[s.URL+r.URL.Path]
	refused := u.refusal(s.Now())
	switch {
	case refused != nil || outage == Unavailable || outage == Cut:
	case err != nil || !isObject:
		refused = no("invalid_payload")
	default:
		u.uses++
		refused = u.say(body)
	}
	kept := Call{Method: responseURL, Args: body, Err: string(outage), At: s.Now()}
	if u != nil {
		kept.Team = u.p.w.ID
	}
	if refused != nil {
		kept.Err, kept.Told = refused.code, refused.told
	}
	s.calls = append(s.calls, kept)
	s.news()
	s.mu.Unlock()
	if !s.hold(r, responseURL, true) {
		return
	}
	if outage.ends(w) {
		return
	}
	if refused == nil {
		io.WriteString(w, "ok") // the client may be gone
		return
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(http.StatusNotFound) // Slack's way for all of these, as quoted in issues of its SDKs
	w.Write(encode(Object{"ok": false, "error": refused.code}))
}

// refusal says why the URL is no longer good; nil when it is.
func (u *reply) refusal(now time.Time) *refusal {
	switch {
	case u == nil:
		return no("no_service")
	case !now.Before(u.ends):
		return no("expired_url")
	case u.uses >= maxUses:
		return no("used_url")
	case u.c.deleted:
		return no("channel_not_found")
	case u.c.archived:
		return no("is_archived")
	}
	return nil
}

// replyFields are what a response may carry.
var replyFields = strings.Fields(`text blocks attachments response_type replace_original delete_original thread_ts mrkdwn metadata
	unfurl_links unfurl_media parse link_names reply_broadcast`)

// say does what a response says: one posted to the URL, or the acknowledgement of a command. The mutex is held.
func (u *reply) say(body Object) *refusal {
	for k := range body {
		if !slices.Contains(replyFields, k) {
			return no("invalid_payload", "invalid additional property: "+k)
		}
	}
	s := u.p.w.s
	c := &call{s: s, args: body, w: u.p.w}
	if c.flag("delete_original") {
		return u.remove()
	}
	w, refused := c.words()
	switch {
	case refused != nil:
		return refused
	case w.empty():
		return no("no_text")
	}
	if c.flag("replace_original") && u.m != nil {
		return u.replace(w)
	}
	switch str(body, "response_type") {
	case "in_channel":
		m := &message{author: u.p.w.Bot, text: cut(w.text), blocks: w.blocks, attached: w.attached, metadata: w.metadata, thread: c.text("thread_ts")}
		s.later(u.c.add(m))
	case "ephemeral", "":
		u.p.whisper(u.c, w, c.text("thread_ts"))
	default:
		return no("invalid_payload", "response_type")
	}
	return nil
}

// remove takes away what the person acted on. The mutex is held.
func (u *reply) remove() *refusal {
	switch {
	case u.m == nil:
		return no("message_not_found")
	case u.m.to != nil:
		u.p.whispers = slices.DeleteFunc(u.p.whispers, func(m *message) bool { return m.ts == u.m.ts })
		u.p.w.s.news()
		return nil
	}
	m := u.c.message(u.m.ts)
	if m == nil {
		return no("message_not_found")
	}
	u.p.w.s.later(u.c.drop(m))
	return nil
}

// replace puts something else in the place of what the person acted on. The mutex is held.
func (u *reply) replace(w words) *refusal {
	change := func(old *message) *message {
		now := old.again()
		now.text, now.blocks, now.attached = cut(w.text), w.blocks, w.attached
		return now
	}
	if u.m.to != nil {
		i := slices.IndexFunc(u.p.whispers, func(m *message) bool { return m.ts == u.m.ts })
		if i < 0 {
			return no("message_not_found")
		}
		now := change(u.p.whispers[i])
		now.edits++
		u.p.whispers[i] = now
		u.p.w.s.news()
		return nil
	}
	old := u.c.message(u.m.ts)
	switch {
	case old == nil:
		return no("message_not_found")
	case old.author != u.p.w.Bot:
		return no("cant_update_message")
	}
	u.p.w.s.later(u.c.edit(old, change(old)))
	return nil
}
