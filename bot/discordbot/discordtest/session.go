package discordtest

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
)

// identify starts a session. The mutex is held.
func (s *Server) identify(c *socket, d any) {
	if c.session != nil {
		s.hangUp(c, authenticatedTwice, "Already authenticated")
		return
	}
	shard, shards, ok := shardOf(d)
	intents, named := number(d, "intents")
	switch {
	case strings.TrimPrefix(str(d, "token"), "Bot ") != s.App.Token:
		s.hangUp(c, badToken, "Authentication failed")
		return
	case at(d, "properties") == nil:
		s.hangUp(c, badFrame, "IDENTIFY without properties")
		return
	case !ok:
		s.hangUp(c, badShard, "Invalid shard")
		return
	case s.Shards > 1 && shards < 2:
		s.hangUp(c, needsShards, "Sharding required")
		return
	case !named || intents < 0 || intents > allIntents:
		s.hangUp(c, badIntents, "Invalid intent(s)")
		return
	case Intents(intents)&privileged&^s.Privileged != 0:
		s.hangUp(c, disallowedIntents, "Disallowed intent(s)")
		return
	}
	if why := s.mayStart(shard); why != "" {
		s.gate.refused = append(s.gate.refused, "gateway: IDENTIFY: "+why)
		c.send(Object{"op": opBadSession, "d": false, "s": nil, "t": nil})
		return
	}
	s.begin(c, &session{id: fmt.Sprintf("5e5510%026d", s.gate.started), intents: Intents(intents), shard: shard, shards: shards, on: c})
}

// mayStart counts a start, or says why there may be none. The mutex is held.
func (s *Server) mayStart(shard int) string {
	g := &s.gate
	g.started++
	if g.invalid > 0 {
		g.invalid--
		return "the test refuses it"
	}
	g.starts--
	if g.starts < 0 {
		s.fault("more sessions were started than a day has: Discord resets the token of the bot")
		return "no session starts are left"
	}
	if s.Unlimited {
		return ""
	}
	key := shard % s.Concurrency
	if g.pace == nil {
		g.pace = map[int]*window{}
	}
	if g.pace[key] == nil {
		g.pace[key] = &window{}
	}
	if g.pace[key].take(s.Now(), 1, 5*time.Second) < 0 {
		return "more than max_concurrency in five seconds"
	}
	return ""
}

// shardOf is the shard of an IDENTIFY, which is the whole bot when none is named.
func shardOf(d any) (shard, shards int, ok bool) {
	v := at(d, "shard")
	if v == nil {
		return 0, 1, true
	}
	l := anys(v)
	if len(l) != 2 {
		return 0, 0, false
	}
	n, okN := l[0].(json.Number)
	of, okOf := l[1].(json.Number)
	if !okN || !okOf {
		return 0, 0, false
	}
	a, b := whole(n.String()), whole(of.String())
	return int(a), int(b), b > 0 && a >= 0 && a < b
}

// begin says READY and what guilds there are. The mutex is held.
func (s *Server) begin(c *socket, x *session) {
	c.session = x
	s.gate.sessions = append(s.gate.sessions, x)
	guilds := []any{}
	for _, g := range s.installed() {
		if x.hears(g) {
			guilds = append(guilds, Object{"id": g.ID, "unavailable": true})
		}
	}
	x.event("READY", Object{
		"v": 10, "user": s.App.user(), "guilds": guilds, "session_id": x.id, "resume_gateway_url": s.socketURL("/resume"),
		"shard": []any{x.shard, x.shards}, "application": Object{"id": s.App.ID, "flags": s.appFlags()}, "session_type": "normal",
		"private_channels": []any{}, "relationships": []any{}, "user_settings": Object{},
	})
	for _, g := range s.installed() {
		if x.hears(g) && x.intents&Guilds != 0 && !g.down {
			x.event("GUILD_CREATE", g.created())
		}
	}
}

// resume goes on with a session where it stopped. The mutex is held.
func (s *Server) resume(c *socket, d any) {
	x := find(s.gate.sessions, func(x *session) bool { return x.id == str(d, "session_id") && !x.dead })
	seq := int(num(d, "seq"))
	if strings.TrimPrefix(str(d, "token"), "Bot ") != s.App.Token {
		s.hangUp(c, badToken, "Authentication failed")
		return
	}
	if x == nil || x.on != nil || seq > x.seq || seq < x.before || s.gate.invalid > 0 {
		s.gate.invalid = max(s.gate.invalid-1, 0)
		c.send(Object{"op": opBadSession, "d": false, "s": nil, "t": nil})
		return
	}
	c.session, x.on = x, c
	for _, e := range x.sent[seq-x.before:] {
		c.send(e)
	}
	x.event("RESUMED", Object{})
}

// hears says whether the events of a guild come to a session; those of nobody's guild come to the first shard.
func (x *session) hears(g *Guild) bool {
	if g == nil {
		return x.shard == 0
	}
	return int((whole(g.ID)>>22)%int64(x.shards)) == x.shard
}

// keptEvents is how many events a session is sure to keep.
const keptEvents = 1000

// event sends an event, and keeps it for a RESUME. The mutex is held.
func (x *session) event(name string, d any) {
	x.seq++
	e := Object{"op": opEvent, "t": name, "s": x.seq, "d": d}
	x.sent = append(x.sent, copied(e).(Object))
	if len(x.sent) > 2*keptEvents {
		x.sent, x.before = slices.Clone(x.sent[keptEvents:]), x.before+keptEvents
	}
	if x.on != nil {
		x.on.send(e)
	}
}

// dispatch sends an event of a guild, or of no guild, to the sessions that asked for it, and says whether one was connected. The
// mutex is held.
func (s *Server) dispatch(name string, g *Guild, need Intents, d Object) bool {
	if g != nil && !g.in && name != "GUILD_DELETE" && name != "INTERACTION_CREATE" {
		return false
	}
	live := false
	for _, x := range s.gate.sessions {
		if x.hears(g) && x.intents&need == need && !x.dead {
			x.event(name, d)
			live = live || x.on != nil
		}
	}
	s.news()
	return live
}
