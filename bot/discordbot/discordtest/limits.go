package discordtest

import (
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// The limits. Source: docs.discord.com/developers/topics/rate-limits for the global one; those of routes are what the API
// answers today, for Discord does not promise them.
const (
	globalLimit   = 50
	perChannel    = 5
	channelWindow = 5 * time.Second
	usualBan      = 10000
	badFor        = 10 * time.Minute
)

// bucketNames are the buckets of messages, as Discord names them: by something that means nothing.
var bucketNames = map[string]string{"POST": "80c17d2f203122d936070c88c8d10f33", "PATCH": "5d4f2b1a7f3be20c1ae8b0bdbe4ed89d"}

// sharedMark ends the message of a refusal that counts for nobody, for the resource itself was limited.
const sharedMark = " (shared)"

// window counts calls until it ends.
type window struct {
	until time.Time
	used  int
}

// take counts one call and says what is left; negative when it is one too many.
func (w *window) take(now time.Time, most int, length time.Duration) int {
	if !now.Before(w.until) {
		*w = window{until: now.Add(length)}
	}
	if w.used >= most {
		return -1
	}
	w.used++
	return most - w.used
}

// Limit is a rate limit that a test asks for.
type Limit struct {
	Route   Route  // empty: every route
	Channel string // id; empty: every channel
	After   time.Duration
	Times   int
	Global  bool // the bot's limit of fifty a second, told without X-RateLimit-Reset-After
	Shared  bool // of the resource, which counts towards no ban
}

// RateLimit refuses the next calls that a limit is for, with 429.
func (s *Server) RateLimit(l Limit) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.waves = append(s.waves, &wave{limit: &l, times: l.Times, route: l.Route})
}

// Invalid is how many calls of the last ten minutes count towards a ban: those answered with 401, 403 or a 429 that is not
// shared. Source: docs.discord.com/developers/topics/rate-limits, invalid request limit.
func (s *Server) Invalid() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.invalid()
}

// invalid is Invalid. The mutex is held.
func (s *Server) invalid() int {
	n := 0
	for _, t := range s.bad {
		if s.Now().Sub(t) < badFor {
			n++
		}
	}
	return n
}

// BanAt makes so many invalid calls in ten minutes lead to a ban, instead of ten thousand.
func (s *Server) BanAt(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.banAt = n
}

// Ban answers everything with Cloudflare's page and 429, until Recover.
func (s *Server) Ban() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.banned = true
}

func (s *Server) isBanned() bool {
	most := s.banAt
	if most == 0 {
		most = usualBan
	}
	return s.banned || s.invalid() >= most
}

// blocked is Cloudflare's answer: a page, and no JSON.
func blocked(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "text/html; charset=UTF-8")
	w.Header().Set("Retry-After", "600")
	w.WriteHeader(http.StatusTooManyRequests)
	w.Write([]byte("<!DOCTYPE html>\n<title>Access denied | discord.com used Cloudflare to restrict access</title>\nerror code: 1015\n"))
}

// limited counts a call and refuses it when it is one too many. The mutex is held.
func (s *Server) limited(c *call, head http.Header) *refusal {
	channel := c.r.PathValue("channel_id")
	for _, w := range s.waves {
		l := w.limit
		if l == nil || w.times <= 0 || l.Route != "" && l.Route != c.route || l.Channel != "" && l.Channel != channel {
			continue
		}
		w.times--
		return tooMany(head, l.After, l.Global, l.Shared)
	}
	if s.Unlimited || c.route.open() {
		return nil
	}
	now := s.Now()
	global := s.bucket("global")
	if global.take(now, globalLimit, time.Second) < 0 {
		return tooMany(head, global.until.Sub(now), true, false)
	}
	if c.route != PostMessage && c.route != EditMessage {
		return nil
	}
	verb, _, _ := strings.Cut(string(c.route), " ")
	b := s.bucket(verb + " " + channel)
	left := b.take(now, perChannel, channelWindow)
	after := b.until.Sub(now)
	head.Set("X-RateLimit-Limit", strconv.Itoa(perChannel))
	head.Set("X-RateLimit-Remaining", strconv.Itoa(max(left, 0)))
	head.Set("X-RateLimit-Reset", strconv.FormatFloat(float64(b.until.UnixMilli())/1000, 'f', 3, 64))
	head.Set("X-RateLimit-Reset-After", seconds(after))
	head.Set("X-RateLimit-Bucket", bucketNames[verb])
	if left < 0 {
		return tooMany(head, after, false, false)
	}
	return nil
}

func (s *Server) bucket(key string) *window {
	if s.buckets[key] == nil {
		s.buckets[key] = &window{}
	}
	return s.buckets[key]
}

// tooMany is a 429 with its headers.
func tooMany(head http.Header, after time.Duration, global, shared bool) *refusal {
	head.Set("Retry-After", strconv.Itoa(int(math.Ceil(after.Seconds()))))
	scope, message := "user", "You are being rate limited."
	switch {
	case global:
		scope = "global"
		head.Set("X-RateLimit-Global", "true")
		head.Del("X-RateLimit-Reset-After")
	case shared:
		scope, message = "shared", "The resource is being rate limited."+sharedMark
		head.Set("X-RateLimit-Reset-After", seconds(after))
	default:
		head.Set("X-RateLimit-Reset-After", seconds(after))
	}
	head.Set("X-RateLimit-Scope", scope)
	return &refusal{status: http.StatusTooManyRequests, message: message, after: seconds(after)}
}
