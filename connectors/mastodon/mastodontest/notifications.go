package mastodontest

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// notice is one notification to Alice.
type notice struct{ id, kind, post string }

// Mention makes Carol name Alice in a public post, and returns its uri.
func (s *Server) Mention(text string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	p := s.add(&Post{Text: "@alice@home.example " + text, Author: stranger.id, Visibility: "public", Language: "fr"})
	s.tell("mention", p)
	return uri(stranger, p.ID)
}

// Answer makes Carol answer one of Alice's posts, and returns the new post's id.
func (s *Server) Answer(to, text string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	p := s.add(&Post{Text: "@alice@home.example " + text, Author: stranger.id, Visibility: "unlisted", Language: "fr-CA", Parent: to})
	s.tell("mention", p)
	return p.ID
}

// Quote makes Carol quote Alice, and returns the new post's id.
func (s *Server) Quote(text string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	p := s.add(&Post{Text: text, Author: stranger.id, Visibility: "public"})
	s.tell("quote", p)
	return p.ID
}

// Narrow takes the scope read:notifications from a token.
func (s *Server) Narrow(token string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.narrow[token] = true
}

// uri is a post's name on every server: that of its author's own.
func uri(who person, id string) string {
	name, server, found := strings.Cut(who.acct, "@")
	if !found {
		server = "home.example"
	}
	return "https://" + server + "/users/" + name + "/statuses/" + id
}

// tell keeps a notification. The mutex is held.
func (s *Server) tell(kind string, p *Post) {
	s.notices = append(s.notices, notice{s.id(), kind, p.ID})
}

// notifications are Alice's, newest first; with min_id those just after it. GoToSocial refuses kinds that it does not know.
func (s *Server) notifications(c call) answer {
	q := c.URL.Query()
	limit, err := strconv.Atoi(q.Get("limit"))
	if err != nil || limit < 1 || limit > 80 {
		limit = 40
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.narrow[strings.TrimPrefix(c.Header.Get("Authorization"), "Bearer ")] {
		return no(http.StatusForbidden, "This action is outside the authorized scopes")
	}
	kinds := q["types[]"]
	if s.Software == GoToSocial && slices.Contains(kinds, "quote") {
		return no(http.StatusBadRequest, "Bad Request: unknown notification type quote")
	}
	found := []any{}
	add := func(n notice) {
		p := s.find(n.post)
		if c.who.id == alice.id && p != nil && (len(kinds) == 0 || slices.Contains(kinds, n.kind)) && len(found) < limit {
			st := s.status(c.Request, *p)
			found = append(found, map[string]any{
				"id": n.id, "type": n.kind, "created_at": st["created_at"], "account": st["account"], "status": st,
			})
		}
	}
	if after := q.Get("min_id"); after != "" {
		for _, n := range s.notices {
			if n.id > after {
				add(n)
			}
		}
		slices.Reverse(found)
		return yes(found)
	}
	for _, n := range slices.Backward(s.notices) {
		add(n)
	}
	return yes(found)
}
