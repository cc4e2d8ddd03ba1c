package mastodontest

import (
	"encoding/json"
	"io"
	"mime"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"griot/social"
)

// make is the visible call.
func (s *Server) make(c call) answer {
	key := c.Header.Get("Idempotency-Key")
	if old := s.known(c.who, key); old != nil {
		return yes(s.status(c.Request, *old))
	}
	b, err := read(c.Request)
	if err != nil {
		return no(http.StatusBadRequest, "Error occurred while parsing request parameters")
	}
	s.Between()
	s.mu.Lock()
	defer s.mu.Unlock()
	if code, words := s.refusal(b.Status, b.InReplyToID, b.MediaIDs); code != 0 {
		return no(code, words)
	}
	p := &Post{Text: b.Status, Author: c.who.id, Visibility: b.Visibility, Language: b.Language, Parent: b.InReplyToID}
	if p.Visibility == "" {
		p.Visibility = s.Privacy
	}
	for _, id := range b.MediaIDs {
		s.files[id].used = true
		p.Pictures = append(p.Pictures, *s.files[id])
	}
	s.add(p)
	if s.Software == Mastodon && s.Keys == Honoured && key != "" {
		s.keys[c.who.id+" "+key] = p.ID
	}
	return yes(s.status(c.Request, *p))
}

// words is what a post is made from.
type words struct {
	Status      string   `json:"status"`
	Visibility  string   `json:"visibility"`
	Language    string   `json:"language"`
	InReplyToID string   `json:"in_reply_to_id"`
	MediaIDs    []string `json:"media_ids"`
}

// read takes JSON and forms, as Mastodon does.
func read(r *http.Request) (words, error) {
	var b words
	if strings.HasPrefix(r.Header.Get("Content-Type"), "application/json") {
		return b, json.NewDecoder(r.Body).Decode(&b)
	}
	err := r.ParseForm()
	return words{
		r.Form.Get("status"), r.Form.Get("visibility"), r.Form.Get("language"), r.Form.Get("in_reply_to_id"), r.Form["media_ids[]"],
	}, err
}

// known is the post that a key made, nil when there is none. It lets go of the mutex before the post is made: so does Mastodon.
func (s *Server) known(who person, key string) *Post {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.find(s.keys[who.id+" "+key])
}

// refusal says why a post is not taken; 0 when it is. The mutex is held.
func (s *Server) refusal(text, parent string, files []string) (int, string) {
	tooLong := http.StatusUnprocessableEntity
	limit, n := 500, length(text)
	if s.Software == GoToSocial {
		tooLong, limit, n = http.StatusBadRequest, 5000, len([]rune(text))
	}
	switch {
	case n > limit:
		return tooLong, "Validation failed: Text character limit of " + strconv.Itoa(limit) + " exceeded"
	case strings.TrimSpace(text) == "" && len(files) == 0:
		return http.StatusUnprocessableEntity, "Validation failed: Text can't be blank"
	case parent != "" && s.find(parent) == nil:
		return http.StatusNotFound, "The post you are trying to reply to does not appear to exist."
	}
	for _, id := range files {
		f := s.files[id]
		if f == nil || f.used {
			return http.StatusUnprocessableEntity, "Validation failed: Media " + id + " not found or already attached"
		}
		if f.left > 0 {
			return http.StatusUnprocessableEntity, "Cannot attach files that have not finished processing. Try again in a moment!"
		}
	}
	return 0, ""
}

var (
	webLink = regexp.MustCompile(`https?://\S+`)
	mention = regexp.MustCompile(`@(\w+)@[\w.-]*\w`)
)

// length counts as Mastodon does.
func length(text string) int {
	text = webLink.ReplaceAllString(text, strings.Repeat("x", 23))
	return social.Graphemes.Count(mention.ReplaceAllString(text, "@$1"))
}

func (s *Server) list(c call) answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	limit, err := strconv.Atoi(c.URL.Query().Get("limit"))
	if err != nil || limit > 40 {
		limit = 20
	}
	before := c.URL.Query().Get("max_id")
	found := []any{}
	for _, p := range slices.Backward(s.posts) {
		if p.Author == c.PathValue("id") && (before == "" || p.ID < before) && len(found) < limit {
			found = append(found, s.status(c.Request, *p))
		}
	}
	return yes(found)
}

func (s *Server) several(c call) answer {
	if s.Software == GoToSocial {
		return notFound
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	found := []any{}
	for _, id := range c.URL.Query()["id[]"] {
		if p := s.find(id); p != nil {
			found = append(found, s.status(c.Request, *p))
		}
	}
	return yes(found)
}

func (s *Server) one(c call) answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	if p := s.find(c.PathValue("id")); p != nil {
		return yes(s.status(c.Request, *p))
	}
	return notFound
}

// context is everything above and below a post: below it, each answer is followed by the answers to it.
func (s *Server) context(c call) answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	p := s.find(c.PathValue("id"))
	if p == nil {
		return notFound
	}
	above := []any{}
	for up := s.find(p.Parent); up != nil; up = s.find(up.Parent) {
		above = append([]any{s.status(c.Request, *up)}, above...)
	}
	return yes(map[string]any{"ancestors": above, "descendants": s.below(c.Request, p.ID)})
}

// below are the answers to a post. The mutex is held.
func (s *Server) below(r *http.Request, id string) []any {
	found := []any{}
	for _, p := range s.posts {
		if p.Parent == id {
			found = append(append(found, s.status(r, *p)), s.below(r, p.ID)...)
		}
	}
	return found
}

func (s *Server) source(c call) answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	p := s.find(c.PathValue("id"))
	if p == nil || p.Author != c.who.id || s.Sources == Absent {
		return notFound
	}
	return yes(map[string]string{"id": p.ID, "text": p.Text, "spoiler_text": ""})
}

func (s *Server) remove(c call) answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	p := s.find(c.PathValue("id"))
	if p == nil || p.Author != c.who.id {
		return notFound
	}
	s.posts = slices.DeleteFunc(s.posts, func(q *Post) bool { return q == p })
	return yes(s.status(c.Request, *p))
}

func (s *Server) upload(c call) answer {
	if strings.HasPrefix(c.URL.Path, "/api/v2") && s.Pictures == Old {
		return notFound
	}
	file, head, err := c.FormFile("file")
	if err != nil || c.ContentLength <= 0 {
		return no(http.StatusUnprocessableEntity, "Validation failed: File can't be blank")
	}
	defer file.Close()
	bytes, err := io.ReadAll(file)
	if err != nil {
		return no(http.StatusBadRequest, err.Error())
	}
	kind, _, _ := mime.ParseMediaType(head.Header.Get("Content-Type")) // empty when it cannot be read: refused below
	if !slices.Contains([]string{"image/jpeg", "image/png", "image/webp"}, kind) || http.DetectContentType(bytes) != kind {
		return no(http.StatusUnprocessableEntity, "Validation failed: File content type is invalid")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	f := &File{ID: s.id(), Type: kind, Alt: c.FormValue("description"), Bytes: bytes}
	s.files[f.ID] = f
	if s.Pictures == Worked {
		f.left = 2
		return answer{http.StatusAccepted, s.attachment(c.Request, *f)}
	}
	return yes(s.attachment(c.Request, *f))
}

func (s *Server) file(c call) answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	f := s.files[c.PathValue("id")]
	if f == nil || f.used {
		return notFound
	}
	code := http.StatusOK
	if f.left > 0 {
		code = http.StatusPartialContent
	}
	a := answer{code, s.attachment(c.Request, *f)}
	f.left = max(f.left-1, 0)
	return a
}
