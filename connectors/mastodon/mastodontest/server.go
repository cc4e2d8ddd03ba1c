// Package mastodontest is a small Mastodon in memory, on a real socket, for tests: it takes posts, pictures, threads and
// deletions as the real ones do, and can be told to behave like the servers that differ. It is written from the API's
// documentation and from answers seen on real servers, and shares no code with the connector.
package mastodontest

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"time"
)

// Software is which server is imitated.
type Software string

// The servers. GoToSocial counts runes as written, has ULIDs for ids, knows no Idempotency-Key and no bulk reading.
const (
	Mastodon   Software = "mastodon"
	GoToSocial Software = "gotosocial"
)

// Keys is what becomes of an Idempotency-Key.
type Keys string

// The ways. Honoured is Mastodon's: the key is stored after the post is made, so that two calls at one time make two posts.
const (
	Honoured Keys = "honoured"
	Ignored  Keys = "ignored"
)

// Pictures is how uploads are worked on.
type Pictures string

// The ways.
const (
	AtOnce Pictures = "at once"
	Worked Pictures = "worked" // 202, then twice 206, then ready
	Old    Pictures = "old"    // no version 2 of the call
)

// Sources is whether the server gives a post's words as typed.
type Sources string

// The ways.
const (
	Given  Sources = "given"
	Absent Sources = "absent"
)

// Options make a server. Empty ones are a Mastodon that honours keys, works at once and gives sources.
type Options struct {
	Software Software
	Keys     Keys
	Pictures Pictures
	Sources  Sources
	Privacy  string           // Alice's default visibility; empty: public
	Budget   int              // calls before 429; 0: 300. Refill gives them back
	Now      func() time.Time // nil: time.Now
	Between  func()           // called after the look for a key and before the post is made; nil: nothing
}

// Token is Alice's, BobsToken somebody else's on the same server.
const (
	Token     = "alices-token-zw3mQn7vLx"
	BobsToken = "bobs-token-k2Hd81mwQe"
)

// Server is one server with two people: Alice, who is "1", and Bob, who is "2".
type Server struct {
	URL string // of Start's listener
	Options

	mu     sync.Mutex // guards what follows
	posts  []*Post    // oldest first
	files  map[string]*File
	keys   map[string]string // account and key → post id
	tokens map[string]person
	last   int
	left   int

	notices []notice        // to Alice, oldest first
	narrow  map[string]bool // tokens that may not read notifications
}

// Post is one post as the server keeps it.
type Post struct {
	ID, Text, Parent     string
	Author               string // account id
	Visibility, Language string
	Made                 time.Time
	Pictures             []File
	Likes                int64
}

// File is one uploaded picture.
type File struct {
	ID, Type, Alt string
	Bytes         []byte
	left          int // how often it is still "in work"
	used          bool
}

type person struct{ id, acct, name string }

var (
	alice    = person{"1", "alice", "Alice"}
	bob      = person{"2", "bob", "Bob"}
	stranger = person{"3", "carol@far.example", "Carol"}
)

// New makes a server to be mounted or wrapped by a test.
func New(o Options) *Server {
	for word, usual := range map[*string]string{
		(*string)(&o.Software): string(Mastodon), (*string)(&o.Keys): string(Honoured), (*string)(&o.Pictures): string(AtOnce),
		(*string)(&o.Sources): string(Given), &o.Privacy: "public",
	} {
		if *word == "" {
			*word = usual
		}
	}
	if o.Budget == 0 {
		o.Budget = 300
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Between == nil {
		o.Between = func() {}
	}
	return &Server{
		Options: o, left: o.Budget, last: 100, files: map[string]*File{}, keys: map[string]string{},
		tokens: map[string]person{Token: alice, BobsToken: bob}, narrow: map[string]bool{},
	}
}

// Start makes a server that listens on a free loopback port until the test ends.
func Start(t testing.TB, o Options) *Server {
	t.Helper()
	s := New(o)
	l := httptest.NewServer(s)
	t.Cleanup(l.Close)
	s.URL = l.URL
	return s
}

// Posts are Alice's, oldest first.
func (s *Server) Posts() []Post {
	s.mu.Lock()
	defer s.mu.Unlock()
	var found []Post
	for _, p := range s.posts {
		if p.Author == alice.id {
			found = append(found, *p)
		}
	}
	return found
}

// Say makes a post of Carol, who lives on another server, and returns its id.
func (s *Server) Say(text, visibility string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.add(&Post{Text: text, Author: stranger.id, Visibility: visibility}).ID
}

// Like makes Carol like a post.
func (s *Server) Like(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if p := s.find(id); p != nil {
		p.Likes++
	}
}

// Revoke ends a token.
func (s *Server) Revoke(token string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.tokens, token)
}

// Refill gives the calls of Budget back.
func (s *Server) Refill() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.left = s.Budget
}

// add gives p an id and keeps it. The mutex is held.
func (s *Server) add(p *Post) *Post {
	p.ID, p.Made = s.id(), s.Now().UTC()
	s.posts = append(s.posts, p)
	return p
}

// id is a new one in the server's form. The mutex is held.
func (s *Server) id() string {
	s.last++
	if s.Software == GoToSocial {
		return fmt.Sprintf("01HZZZZZZZZZZZZZZZZZ%06d", s.last)
	}
	return fmt.Sprintf("1139%014d", s.last)
}

// find returns nil when there is no such post. The mutex is held.
func (s *Server) find(id string) *Post {
	if i := slices.IndexFunc(s.posts, func(p *Post) bool { return p.ID == id }); i >= 0 {
		return s.posts[i]
	}
	return nil
}

// ServeHTTP is the API, and the pages that a visitor sees.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.routes().ServeHTTP(w, r) }
