package mastodontest

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// call is one request of a person that the server knows.
type call struct {
	*http.Request
	who person
}

// answer is a status code and what is written as JSON.
type answer struct {
	code int
	body any
}

func yes(body any) answer { return answer{http.StatusOK, body} }

func no(code int, words string) answer { return answer{code, map[string]string{"error": words}} }

var notFound = no(http.StatusNotFound, "Record not found")

func (s *Server) routes() http.Handler {
	mux := http.NewServeMux()
	for pattern, do := range map[string]func(call) answer{
		"GET /api/v1/accounts/verify_credentials": s.whoAmI,
		"GET /api/v1/accounts/{id}/statuses":      s.list,
		"GET /api/v1/instance":                    s.instance,
		"GET /api/v2/instance":                    s.instance,
		"POST /api/v1/statuses":                   s.make,
		"GET /api/v1/statuses":                    s.several,
		"GET /api/v1/statuses/{id}":               s.one,
		"GET /api/v1/statuses/{id}/source":        s.source,
		"GET /api/v1/statuses/{id}/context":       s.context,
		"DELETE /api/v1/statuses/{id}":            s.remove,
		"GET /api/v1/notifications":               s.notifications,
		"POST /api/v2/media":                      s.upload,
		"POST /api/v1/media":                      s.upload,
		"GET /api/v1/media/{id}":                  s.file,
	} {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) { s.serve(w, r, do) })
	}
	mux.HandleFunc("GET /@alice", s.profile)
	mux.HandleFunc("GET /@alice/{id}", s.permalink)
	mux.HandleFunc("GET /@alice/statuses/{id}", s.permalink)
	mux.HandleFunc("GET /files/{id}", s.picture)
	return mux
}

// serve takes one call off the budget, looks at the token, and writes what do answers.
func (s *Server) serve(w http.ResponseWriter, r *http.Request, do func(call) answer) {
	s.mu.Lock()
	who, known := s.tokens[strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")]
	s.left--
	left := s.left
	s.mu.Unlock()
	w.Header().Set("X-RateLimit-Limit", strconv.Itoa(s.Budget))
	w.Header().Set("X-RateLimit-Remaining", strconv.Itoa(max(left, 0)))
	w.Header().Set("X-RateLimit-Reset", s.Now().Add(5*time.Minute).UTC().Format("2006-01-02T15:04:05.000000Z"))
	a := no(http.StatusUnauthorized, "The access token is invalid")
	switch {
	case left < 0:
		a = no(http.StatusTooManyRequests, "Too many requests")
	case known:
		a = do(call{r, who})
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(a.code)
	_ = json.NewEncoder(w).Encode(a.body) // the client may be gone
}

func (s *Server) whoAmI(c call) answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := 0
	for _, p := range s.posts {
		if p.Author == c.who.id {
			n++
		}
	}
	me := s.account(c.Request, c.who)
	me["followers_count"], me["following_count"], me["statuses_count"] = 12, 7, n
	me["source"] = map[string]string{"privacy": s.Privacy, "language": "fr"}
	return yes(me)
}

func (s *Server) account(r *http.Request, p person) map[string]any {
	return map[string]any{
		"id": p.id, "acct": p.acct, "username": p.name, "display_name": p.name, "url": "http://" + r.Host + "/@" + p.acct,
	}
}

func (s *Server) instance(c call) answer {
	old := strings.HasPrefix(c.URL.Path, "/api/v1")
	if !old && s.Pictures == Old {
		return notFound // a server that has only the old upload has only the old description
	}
	statuses := map[string]any{"max_characters": 500, "max_media_attachments": 4, "characters_reserved_per_url": 23}
	version, code := "4.4.3", "https://github.com/mastodon/mastodon"
	if s.Software == GoToSocial {
		statuses = map[string]any{"max_characters": 5000, "max_media_attachments": 6, "characters_reserved_per_url": 25}
		version, code = "0.19.1 git-1d7c0a9", "https://codeberg.org/superseriousbusiness/gotosocial"
	}
	about := map[string]any{
		"title": "A test server", "version": version,
		"configuration": map[string]any{
			"statuses": statuses,
			"media_attachments": map[string]any{
				"supported_mime_types": []string{"image/jpeg", "image/png", "image/webp", "video/mp4"},
				"image_size_limit":     8 << 20, "image_matrix_limit": 16_000_000, "description_limit": 1500,
			},
		},
	}
	if old {
		about["uri"] = "http://" + c.Host
	} else {
		about["domain"], about["source_url"] = c.Host, code
	}
	return yes(about)
}
