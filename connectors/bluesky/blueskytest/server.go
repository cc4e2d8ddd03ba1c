// Package blueskytest is a personal data server of the AT Protocol for tests, with one account and as much of Bluesky's index
// as Griot reads. It is as strict as the reference server was measured to be, and stricter where that forgives a mistake that
// would cost a post. Only tests import it; the connector's own tests run the same battery against the reference server.
package blueskytest

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"sync"
	"time"
)

// The account, its good app password, and somebody else.
const (
	DID         = "did:plc:alice"
	Handle      = "alice.test"
	AppPassword = "good-pass-word-xxxx"
	Bob         = "did:plc:bob" // bob.test
)

// Server is a data server. Its zero value is not ready: use New.
type Server struct {
	mux *http.ServeMux
	now func() time.Time

	mu      sync.Mutex // guards what follows
	home    string     // base URL that sessions name as the account's home; empty: none is named
	account account
	tokens  map[string]token // by what a client shows
	made    int              // tokens so far
	blobs   map[string]blob  // by CID
	records map[string]post  // by at:// address
	likes   map[string]int   // by at:// address
	events  int              // records made or deleted
	said    int              // posts of bob's so far
	blind   bool             // the index shows nothing of the account
}

type account struct {
	did, handle, password, status string
}

type token struct {
	refresh bool
	ends    time.Time
}

type blob struct {
	mime string
	size int
}

type post struct {
	at     time.Time
	cid    string
	record json.RawMessage
}

// New makes a server with one account and no post, on the clock now.
func New(now func() time.Time) *Server {
	s := &Server{
		mux: http.NewServeMux(), now: now, account: account{DID, Handle, AppPassword, ""},
		tokens: map[string]token{}, blobs: map[string]blob{}, records: map[string]post{}, likes: map[string]int{},
	}
	for pattern, answer := range map[string]handler{
		"POST com.atproto.server.createSession":  s.createSession,
		"POST com.atproto.server.refreshSession": s.withToken(refreshToken, s.refreshSession),
		"GET com.atproto.server.getSession":      s.withToken(accessToken, s.getSession),
		"GET com.atproto.identity.resolveHandle": s.resolveHandle,
		"POST com.atproto.repo.uploadBlob":       s.withToken(accessToken, s.uploadBlob),
		"POST com.atproto.repo.putRecord":        s.withToken(accessToken, s.putRecord),
		"POST com.atproto.repo.deleteRecord":     s.withToken(accessToken, s.deleteRecord),
		"GET com.atproto.repo.getRecord":         s.getRecord,
		"GET com.atproto.repo.listRecords":       s.listRecords,
		"GET app.bsky.feed.getPosts":             s.withToken(accessToken, s.getPosts),
		"GET app.bsky.feed.getPostThread":        s.withToken(accessToken, s.getPostThread),
		"GET app.bsky.actor.getProfile":          s.withToken(accessToken, s.getProfile),

		"GET app.bsky.notification.listNotifications": s.withToken(accessToken, s.listNotifications),
	} {
		s.handle(pattern, answer)
	}
	return s
}

// ServeHTTP is one call.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.mux.ServeHTTP(w, r) }

// handler answers a call under the mutex: a body for 200, or a refusal.
type handler func(r *http.Request) (any, *refusal)

type refusal struct {
	status        int
	code, message string
}

func no(status int, code, message string, args ...any) *refusal {
	return &refusal{status, code, fmt.Sprintf(message, args...)}
}

func (s *Server) handle(pattern string, answer handler) {
	var method, name string
	fmt.Sscan(pattern, &method, &name) // two words, written above
	s.mux.HandleFunc(method+" /xrpc/"+name, func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		body, refused := answer(r)
		s.mu.Unlock()
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		if refused != nil {
			w.WriteHeader(refused.status)
			body = map[string]string{"error": refused.code, "message": refused.message}
		}
		json.NewEncoder(w).Encode(body) // the client may be gone
	})
}

// Move makes sessions name base as the account's home.
func (s *Server) Move(base string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.home = base
}

// Rename gives the account another handle.
func (s *Server) Rename(handle string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.account.handle = handle
}

// Become puts another account behind the same handle and password.
func (s *Server) Become(did string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.account.did = did
}

// Suspend makes the account inactive, for a reason such as "takendown"; an empty one makes it active again.
func (s *Server) Suspend(status string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.account.status = status
}

// Revoke ends the app password and every refresh token. Access tokens live on, as they do on the reference server.
func (s *Server) Revoke() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.account.password = ""
	s.forget(func(t token) bool { return t.refresh })
}

// Forget ends every token, as a server does that was given new keys.
func (s *Server) Forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.forget(func(token) bool { return true })
}

func (s *Server) forget(which func(token) bool) {
	for k, t := range s.tokens {
		if which(t) {
			delete(s.tokens, k)
		}
	}
}

// Lag makes the index, which comes a moment late, show nothing of the account.
func (s *Server) Lag() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.blind = true
}

// Events says how often a record was made or deleted.
func (s *Server) Events() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.events
}

// Like is bob's.
func (s *Server) Like(uri string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.likes[uri]++
}

// Say makes a post of bob's, an answer when parent and root are given, and returns its address and CID.
func (s *Server) Say(text, root, parent string) (uri, cid string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	rec := map[string]any{}
	if parent != "" {
		rec["reply"] = map[string]any{"root": s.refTo(root), "parent": s.refTo(parent)}
	}
	return s.say(text, rec)
}

// Mention makes a post of bob's that names the account, and returns its address.
func (s *Server) Mention(text string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	uri, _ := s.say("@"+s.account.handle+" "+text, map[string]any{"langs": []string{"fr-FR"}, "facets": []any{map[string]any{
		"index":    map[string]int{"byteStart": 0, "byteEnd": 1 + len(s.account.handle)},
		"features": []any{map[string]string{"$type": "app.bsky.richtext.facet#mention", "did": s.account.did}},
	}}})
	return uri
}

// Quote makes a post of bob's that quotes another, and returns its address.
func (s *Server) Quote(text, uri string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	made, _ := s.say(text, map[string]any{"embed": map[string]any{"$type": "app.bsky.embed.record", "record": s.refTo(uri)}})
	return made
}

// say makes a post of bob's with more fields. The mutex is held.
func (s *Server) say(text string, rec map[string]any) (uri, cid string) {
	rec["$type"], rec["text"], rec["createdAt"] = collection, text, s.now().UTC().Format("2006-01-02T15:04:05.000Z")
	raw, err := json.Marshal(rec)
	if err != nil {
		panic(err) // strings always marshal
	}
	s.said++
	uri = fmt.Sprintf("at://%s/%s/3ke6kg3w%05d", Bob, collection, s.said)
	s.records[uri] = post{s.now(), cidOf(raw), raw}
	return uri, s.records[uri].cid
}

func (s *Server) refTo(uri string) map[string]string {
	return map[string]string{"uri": uri, "cid": s.records[uri].cid}
}

// Edit changes the text of a post in its place, as another app can.
func (s *Server) Edit(uri, text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var rec map[string]any
	if err := json.Unmarshal(s.records[uri].record, &rec); err != nil {
		panic(err) // it was checked when it came
	}
	rec["text"] = text
	raw, err := json.Marshal(rec)
	if err != nil {
		panic(err) // it was JSON
	}
	s.records[uri] = post{s.records[uri].at, cidOf(raw), raw}
}

// Records is every post of the account, by address.
func (s *Server) Records() map[string]json.RawMessage {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := map[string]json.RawMessage{}
	for uri, p := range s.records {
		if owner(uri) == DID {
			out[uri] = p.record
		}
	}
	return out
}

// cidOf stands for a content address: the same content in any order of fields, the same CID.
func cidOf(record json.RawMessage) string {
	var v any
	if err := json.Unmarshal(record, &v); err != nil {
		panic(err) // read once already
	}
	ordered, err := json.Marshal(v)
	if err != nil {
		panic(err) // it was JSON
	}
	sum := sha256.Sum256(ordered)
	return "bafyrei" + hex.EncodeToString(sum[:])
}

// jwt is a token in the form of the real ones, which clients read their times from.
func (s *Server) jwt(life time.Duration, refresh bool) string {
	s.made++
	made := s.now()
	claims := fmt.Sprintf(`{"sub":%q,"iat":%d,"exp":%d,"jti":"%d"}`, s.account.did, made.Unix(), made.Add(life).Unix(), s.made)
	part := base64.RawURLEncoding.EncodeToString
	t := part([]byte(`{"alg":"HS256"}`)) + "." + part([]byte(claims)) + "." + part([]byte("signature"))
	s.tokens[t] = token{refresh, made.Add(life)}
	return t
}
