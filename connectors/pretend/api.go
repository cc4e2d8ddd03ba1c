package pretend

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"griot/social"
)

// The rules of the village, told by GET /api/instance.
const (
	maxText         = 280       // graphemes
	maxAlt          = 1000      // graphemes
	maxPictures     = 4         // of one post
	maxPictureBytes = 5_000_000 // of one picture
	maxParts        = 25        // of a thread
	maxName         = 50        // graphemes, of an account or a visitor
	maxListed       = 100       // posts in one answer
)

var pictureTypes = []string{"image/jpeg", "image/png", "image/gif", "image/webp"}

// instanceJSON is the answer of GET /api/instance.
type instanceJSON struct {
	Name   string     `json:"name"`
	Keys   Keys       `json:"keys"`
	Limits limitsJSON `json:"limits"`
}

type limitsJSON struct {
	Text         int      `json:"text"`
	Unit         string   `json:"unit"`
	Description  int      `json:"description"`
	Pictures     int      `json:"pictures"`
	PictureBytes int64    `json:"picture_bytes"`
	PictureTypes []string `json:"picture_types"`
	Thread       int      `json:"thread"`
}

type accountJSON struct {
	ID        string `json:"id"`
	Handle    string `json:"handle"`
	Name      string `json:"name"`
	URL       string `json:"url"`
	Followers int64  `json:"followers"`
	Posts     int64  `json:"posts"`
	Token     string `json:"token,omitempty"` // only when it is new
}

type postJSON struct {
	ID      string      `json:"id"`
	URL     string      `json:"url"`
	Handle  string      `json:"handle,omitempty"` // empty: a visitor
	Text    string      `json:"text"`
	Media   []mediaJSON `json:"media,omitempty"`
	ReplyTo string      `json:"reply_to,omitempty"`
	Key     string      `json:"key,omitempty"` // told to its author, when keys are honoured
	At      time.Time   `json:"created_at"`
	State   string      `json:"state"`              // one of the states below
	ReadyIn float64     `json:"ready_in,omitempty"` // seconds, while processing
	Likes   int64       `json:"likes"`
	Shares  int64       `json:"shares"`
	Replies int64       `json:"replies"`
}

// The states of a post.
const (
	stateLive       = "live"
	stateProcessing = "processing"
)

// codeNoPost is the machine word for a post that is not there, or not any more.
const codeNoPost = "no_such_post"

type mediaJSON struct {
	ID   string `json:"id"`
	Type string `json:"type"`
	Alt  string `json:"alt"`
	URL  string `json:"url"`
}

// postsJSON is a list of posts.
type postsJSON struct {
	Posts []postJSON `json:"posts"`
}

func (s *Server) routeAPI() {
	for pattern, h := range map[string]http.HandlerFunc{
		"GET /api/instance":                s.api(InstanceCall, apiInstance),
		"POST /api/accounts":               s.api(EnrolCall, apiEnrol),
		"DELETE /api/token":                s.api(RevokeCall, apiRevoke),
		"GET /api/me":                      s.api(MeCall, apiMe),
		"POST /api/media":                  s.api(MediaCall, apiMedia),
		"POST /api/posts":                  s.api(PostCall, apiPost),
		"GET /api/posts":                   s.api(ReadCall, apiReadMany),
		"GET /api/posts/{id}":              s.api(ReadCall, apiRead),
		"DELETE /api/posts/{id}":           s.api(RemoveCall, apiRemove),
		"GET /api/posts/{id}/answers":      s.api(AnswersCall, apiAnswers),
		"GET /api/mentions":                s.api(MentionsCall, apiMentions),
		"GET /api/accounts/{handle}/posts": s.api(ListCall, apiList),
		"/api/": s.api("", func(*exchange) func() reply {
			return func() reply { return refuse(http.StatusNotFound, "no_such_call", "There is no such call.") }
		}),
	} {
		s.mux.HandleFunc(pattern, h)
	}
	if s.opt.Faults {
		s.mux.HandleFunc("POST /_faults", s.orderFault)
		s.mux.HandleFunc("DELETE /_faults", func(w http.ResponseWriter, _ *http.Request) {
			s.Behave()
			w.WriteHeader(http.StatusNoContent)
		})
	}
}

// orderFault takes a Fault as JSON from a test in another process.
func (s *Server) orderFault(w http.ResponseWriter, r *http.Request) {
	var f Fault
	d := json.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<16))
	d.DisallowUnknownFields()
	if err := d.Decode(&f); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	if words := f.known(); words != "" {
		http.Error(w, words, http.StatusBadRequest)
		return
	}
	s.Misbehave(f)
	w.WriteHeader(http.StatusNoContent)
}

func apiInstance(x *exchange) func() reply {
	return func() reply {
		return reply{status: http.StatusOK, body: instanceJSON{
			Name: words["village"].En,
			Keys: x.s.opt.Keys,
			Limits: limitsJSON{
				Text: maxText, Unit: string(social.Graphemes), Description: maxAlt, Pictures: maxPictures,
				PictureBytes: maxPictureBytes, PictureTypes: pictureTypes, Thread: maxParts,
			},
		}}
	}
}

func apiEnrol(x *exchange) func() reply {
	return func() reply {
		var in struct {
			Name string `json:"name"`
		}
		if err := json.Unmarshal(x.body, &in); err != nil {
			return refuse(http.StatusBadRequest, "not_json", "The body must be JSON with a name.")
		}
		name := strings.Join(strings.Fields(in.Name), " ")
		if n := social.Graphemes.Count(name); n == 0 || n > maxName {
			return refuse(http.StatusUnprocessableEntity, "bad_name", fmt.Sprintf("A name has 1 to %d characters.", maxName))
		}
		x.s.mu.Lock()
		defer x.s.mu.Unlock()
		a, token, err := x.s.enrol(name)
		if err != nil {
			return wrong(err)
		}
		out := x.accountJSON(a)
		out.Token = token
		return reply{status: http.StatusCreated, body: out}
	}
}

func apiRevoke(x *exchange) func() reply {
	return func() reply {
		x.s.mu.Lock()
		defer x.s.mu.Unlock()
		a, no := x.member()
		if no != nil {
			return *no
		}
		if err := x.s.record(&event{Do: revoked, Who: a.id}); err != nil {
			return wrong(err)
		}
		return reply{status: http.StatusNoContent}
	}
}

func apiMe(x *exchange) func() reply {
	return func() reply {
		x.s.mu.RLock()
		defer x.s.mu.RUnlock()
		a, no := x.member()
		if no != nil {
			return *no
		}
		return reply{status: http.StatusOK, body: x.accountJSON(a)}
	}
}

// apiList gives an account's posts, newest first; ?limit= at most 100 (40), ?before= a post's id. Its own token sees
// posts in processing, and keys.
func apiList(x *exchange) func() reply {
	return func() reply {
		x.s.mu.RLock()
		defer x.s.mu.RUnlock()
		me, no := x.account()
		if no != nil {
			return *no
		}
		a := x.s.town.handles[x.r.PathValue("handle")]
		if a == nil {
			return refuse(http.StatusNotFound, "nobody", "Nobody here has this name.")
		}
		limit, err := strconv.Atoi(cmp.Or(x.r.FormValue("limit"), "40"))
		if err != nil || limit < 1 {
			return refuse(http.StatusBadRequest, "bad_limit", "The limit is a number from 1.")
		}
		now := x.s.opt.Now()
		posts := recent(a.posts, x.s.town.posts[x.r.FormValue("before")], min(limit, maxListed), func(p *post) bool {
			if x.fault.Do == Stale && p.at.After(now.Add(-x.fault.Wait)) {
				return false
			}
			return p.visible(now) || (me == a && !p.gone)
		})
		out := postsJSON{Posts: []postJSON{}}
		for _, p := range posts {
			out.Posts = append(out.Posts, x.postJSON(p, me, now))
		}
		return reply{status: http.StatusOK, body: out}
	}
}

func (x *exchange) accountJSON(a *account) accountJSON {
	now, n := x.s.opt.Now(), int64(0)
	for _, p := range a.posts {
		if p.visible(now) {
			n++
		}
	}
	return accountJSON{
		ID: a.id, Handle: a.handle, Name: a.name, URL: x.s.base(x.r) + "/@" + a.handle,
		Followers: int64(len(a.followers)), Posts: n,
	}
}

func (x *exchange) postJSON(p *post, me *account, now time.Time) postJSON {
	base := x.s.base(x.r)
	out := postJSON{
		ID: p.id, URL: base + "/posts/" + p.id, Text: p.text, ReplyTo: p.replyTo, At: p.at, State: stateLive,
		Likes: int64(len(p.likes)), Shares: int64(len(p.shares)), Replies: int64(len(p.answers(now))),
	}
	if p.by != nil {
		out.Handle = p.by.handle
	}
	if p.by == me && x.s.opt.Keys == Honoured {
		out.Key = p.key
	}
	for _, m := range p.media {
		out.Media = append(out.Media, mediaJSON{m.id, m.mime, m.alt, base + "/media/" + m.id})
	}
	if left := p.liveAt.Sub(now); left > 0 {
		out.State, out.ReadyIn = stateProcessing, left.Seconds()
	}
	return out
}
