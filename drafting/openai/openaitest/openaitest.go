// Package openaitest is a language model's server that says what a test wants, on a real socket: whole, in odd pieces, too
// late, or never.
package openaitest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
)

// Ask is what the server was asked.
type Ask struct {
	Authorization string
	Model         string
	Format        string // "json_schema", "json_object"; empty: none
	Options       bool   // of the stream
	Schema        string // the name of it
	System, User  string
	More          []string // what was said after the first question
}

// Turn is what the server does about an ask. Zero: it answers with nothing.
type Turn struct {
	Answer string            // the model's words
	Status int               // instead of an answer; 0: 200
	Header map[string]string // beside it
	Piece  int               // bytes written at once, whatever stands in them; 0: a line
	Words  int               // runes in one piece of the answer; 0: all in one
	Stop   int               // bytes after which the connection is cut; 0: never
	Silent bool              // it takes the question and never answers
	Usage  int               // tokens that it says it used; 0: it does not say
	Half   <-chan struct{}   // after half of its pieces it waits until this is closed; nil: it does not
}

// Server is a scripted model.
type Server struct {
	URL string // as OPENAI_BASE_URL has it

	mu   sync.Mutex
	asks []Ask
	came chan struct{}
}

// New starts a server that does what turn says about each ask, until the test ends.
func New(t testing.TB, turn func(Ask) Turn) *Server {
	s := &Server{came: make(chan struct{}, 1000)}
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/v1/chat/completions" {
			http.NotFound(w, r)
			return
		}
		s.play(w, r, turn(s.note(t, r)))
	}))
	s.URL = web.URL + "/v1"
	t.Cleanup(func() {
		web.CloseClientConnections()
		web.Close()
	})
	return s
}

// Script does one thing after the other, and the last one from then on.
func Script(turns ...Turn) func(Ask) Turn {
	var mu sync.Mutex
	return func(Ask) Turn {
		mu.Lock()
		defer mu.Unlock()
		t := turns[0]
		if len(turns) > 1 {
			turns = turns[1:]
		}
		return t
	}
}

// Asks lists what the server was asked until now.
func (s *Server) Asks() []Ask {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Ask(nil), s.asks...)
}

// Came yields once for each ask that has arrived.
func (s *Server) Came() <-chan struct{} { return s.came }

func (s *Server) note(t testing.TB, r *http.Request) Ask {
	var body struct {
		Model          string          `json:"model"`
		Stream         bool            `json:"stream"`
		StreamOptions  json.RawMessage `json:"stream_options"`
		ResponseFormat struct {
			Type   string `json:"type"`
			Schema struct {
				Name string `json:"name"`
			} `json:"json_schema"`
		} `json:"response_format"`
		Messages []struct{ Role, Content string } `json:"messages"`
	}
	if err := json.NewDecoder(r.Body).Decode(&body); err != nil || !body.Stream || len(body.Messages) < 2 {
		t.Errorf("openaitest: asked in a way that it does not know: %v, %d messages", err, len(body.Messages))
		return Ask{}
	}
	a := Ask{Authorization: r.Header.Get("Authorization"), Model: body.Model, Format: body.ResponseFormat.Type, Schema: body.ResponseFormat.Schema.Name,
		Options: len(body.StreamOptions) > 0, System: body.Messages[0].Content, User: body.Messages[1].Content}
	for _, m := range body.Messages[2:] {
		a.More = append(a.More, m.Role+": "+m.Content)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.asks = append(s.asks, a)
	s.came <- struct{}{}
	return a
}

func (s *Server) play(w http.ResponseWriter, r *http.Request, t Turn) {
	for name, v := range t.Header {
		w.Header().Set(name, v)
	}
	switch {
	case t.Silent:
		<-r.Context().Done()
		return
	case t.Status != 0 && t.Status != http.StatusOK:
		w.WriteHeader(t.Status)
		fmt.Fprintf(w, `{"error":{"message":"no, %s","type":"invalid_request_error"}}`, r.Header.Get("Authorization"))
		return
	}
	w.Header().Set("Content-Type", "text/event-stream")
	out := stream(t)
	if t.Stop > 0 {
		out = out[:min(t.Stop, len(out))]
	}
	flush := http.NewResponseController(w)
	all := pieces(out, t.Piece)
	for i, p := range all {
		if t.Half != nil && i == len(all)/2 {
			select {
			case <-t.Half:
			case <-r.Context().Done():
				return
			}
		}
		if _, err := w.Write([]byte(p)); err != nil {
			return // nobody listens any more
		}
		_ = flush.Flush() // the same
	}
	if t.Stop > 0 {
		panic(http.ErrAbortHandler)
	}
}

// stream is an answer as the wire carries it.
func stream(t Turn) string {
	var b strings.Builder
	event := func(v string) { b.WriteString("data: " + v + "\n\n") }
	b.WriteString(": hello\n\n")
	for _, words := range runes(t.Answer, t.Words) {
		said, _ := json.Marshal(words) // a string always marshals
		event(`{"id":"1","object":"chat.completion.chunk","choices":[{"index":0,"delta":{"content":` + string(said) + `}}]}`)
	}
	event(`{"id":"1","object":"chat.completion.chunk","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}`)
	if t.Usage > 0 {
		event(fmt.Sprintf(`{"id":"1","object":"chat.completion.chunk","choices":[],"usage":{"total_tokens":%d}}`, t.Usage))
	}
	event("[DONE]")
	return b.String()
}

// pieces cuts text every n bytes, or after each line.
func pieces(text string, n int) []string {
	if n <= 0 {
		return strings.SplitAfter(text, "\n")
	}
	var out []string
	for ; len(text) > n; text = text[n:] {
		out = append(out, text[:n])
	}
	return append(out, text)
}

func runes(text string, n int) []string {
	r := []rune(text)
	if n <= 0 {
		return []string{text}
	}
	var out []string
	for ; len(r) > n; r = r[n:] {
		out = append(out, string(r[:n]))
	}
	return append(out, string(r))
}
