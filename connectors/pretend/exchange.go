package pretend

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// exchange is one call of the API under way.
type exchange struct {
	s       *Server
	w       http.ResponseWriter
	r       *http.Request
	call    Call
	body    []byte
	content string // the text of a post
	fault   Fault  // what goes wrong with this call
	cut     bool   // the line is gone: nothing can be answered
}

// reply is an answer before it is written.
type reply struct {
	status int
	body   any // as JSON; nil: none
	wait   time.Duration
}

// problem is the body of a refusal.
type problem struct {
	Code    string `json:"error"`
	Message string `json:"message"`
}

func refuse(status int, code, words string) reply {
	return reply{status: status, body: problem{code, words}}
}

// maxBody caps what one call may carry: enough that a picture that is too heavy can be refused in words.
const maxBody = 24 << 20

// act reads a call and returns what has its effect.
type act func(x *exchange) (do func() reply)

// api serves one kind of call, with its steps and its faults.
func (s *Server) api(call Call, a act) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		x := &exchange{s: s, w: w, r: r, call: call}
		x.run(a)
	}
}

// run walks the call through its steps. Whoever stops it on the way has answered, or has cut the line.
func (x *exchange) run(a act) {
	if !x.step(Begun) || !x.read() {
		return
	}
	do := a(x)
	if !x.step(Arrived) {
		return
	}
	x.fault = x.s.faults.take(x.call, x.content, false)
	if !x.before() {
		return
	}
	out := do()
	if !x.step(Accepted) || !x.after(out) {
		return
	}
	x.answer(out)
	x.step(Answered)
}

// read takes the body in, after a stall when one was ordered.
func (x *exchange) read() bool {
	if f := x.s.faults.take(x.call, "", true); f.Do == Stall && !x.sleep(f.Wait) {
		return x.hangUp()
	}
	b, err := io.ReadAll(http.MaxBytesReader(x.w, x.r.Body, maxBody))
	if err != nil {
		if _, big := errors.AsType[*http.MaxBytesError](err); big {
			x.answer(refuse(http.StatusRequestEntityTooLarge, "too_large", "This is far too much at once."))
			return false
		}
		return x.hangUp()
	}
	x.body = b
	return true
}

// step waits where the call is held, and reports whether it may go on.
func (x *exchange) step(at Step) bool {
	h := x.s.holds.at(Point{x.call, at, x.content})
	if h == nil {
		return true
	}
	close(h.reached)
	select {
	case <-h.open:
		return !h.drop || x.hangUp()
	case <-x.s.done:
		return x.hangUp()
	}
}

// before does what goes wrong before the effect, and reports whether there will be one.
func (x *exchange) before() bool {
	f := x.fault
	switch f.Do {
	case Refuse:
		x.answer(refuse(cmp.Or(f.Status, http.StatusUnprocessableEntity), "refused", cmp.Or(f.Words, "We would rather not show this.")))
	case Limit:
		x.answer(reply{status: http.StatusTooManyRequests, body: problem{"slow_down", cmp.Or(f.Words, "Too many at once.")}, wait: f.Wait})
	case FailBefore:
		x.answer(refuse(cmp.Or(f.Status, http.StatusServiceUnavailable), "away", cmp.Or(f.Words, "The village sleeps.")))
	case HTML:
		x.w.Header().Set("Content-Type", "text/html; charset=utf-8")
		io.WriteString(x.w, "<!doctype html><title>Maintenance</title><h1>Back soon</h1>") // a client that left hears nothing
	case CutBefore:
		x.hangUp()
	case Silence:
		x.linger()
	case Late:
		return x.sleep(f.Wait) || x.hangUp()
	case CutDuring:
		x.hangUp()
		return x.sleep(f.Wait)
	default:
		return true
	}
	return false
}

// after does what goes wrong after the effect, and reports whether the answer is still to be written.
func (x *exchange) after(out reply) bool {
	f := x.fault
	switch f.Do {
	case FailAfter:
		x.answer(refuse(cmp.Or(f.Status, http.StatusBadGateway), "away", cmp.Or(f.Words, "The village lost its way.")))
	case CutAfter, CutDuring:
		x.hangUp()
	case Mute:
		x.linger()
	case Half, Garble:
		x.broken(out, f.Do)
	default:
		return true
	}
	return false
}

// broken writes half of the answer: as if that were all (Garble), or cutting the line (Half).
func (x *exchange) broken(out reply, how Misdeed) {
	b, err := json.Marshal(out.body)
	if err != nil {
		panic(err) // our own plain structs always marshal
	}
	x.w.Header().Set("Content-Type", "application/json")
	if how == Half {
		x.w.Header().Set("Content-Length", strconv.Itoa(len(b)))
	}
	x.w.WriteHeader(out.status)
	x.w.Write(b[:len(b)/2]) // a client that left hears nothing
	if how == Half {
		http.NewResponseController(x.w).Flush() // the same
		panic(http.ErrAbortHandler)
	}
}

// answer writes out as JSON, to the last byte.
func (x *exchange) answer(out reply) {
	if x.cut {
		return
	}
	if out.wait > 0 {
		x.w.Header().Set("Retry-After", strconv.Itoa(int((out.wait+time.Second-1)/time.Second)))
	}
	x.w.Header().Set("Content-Type", "application/json")
	x.w.Header().Set("Cache-Control", "no-store")
	x.w.WriteHeader(out.status)
	if out.body != nil {
		json.NewEncoder(x.w).Encode(out.body) // a client that left hears nothing
	}
	http.NewResponseController(x.w).Flush() // the same
}

// hangUp cuts the line without a word and returns false: the call is over.
func (x *exchange) hangUp() bool {
	if x.cut {
		return false
	}
	x.cut = true
	if conn, _, err := http.NewResponseController(x.w).Hijack(); err == nil {
		conn.Close() // nobody listens any more
		return false
	}
	panic(http.ErrAbortHandler)
}

// sleep waits for d, and reports false when the server was closed meanwhile.
func (x *exchange) sleep(d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-x.s.done:
		return false
	}
}

// linger says nothing until the client leaves.
func (x *exchange) linger() {
	select {
	case <-x.r.Context().Done():
	case <-x.s.done:
	}
	x.hangUp()
}

// account is who calls, by the bearer token; nil without one. The second result refuses a token nobody has.
// The caller holds s.mu.
func (x *exchange) account() (*account, *reply) {
	token, ok := strings.CutPrefix(x.r.Header.Get("Authorization"), "Bearer ")
	if !ok {
		return nil, nil
	}
	if a := x.s.town.tokens[digest(token)]; a != nil {
		return a, nil
	}
	out := refuse(http.StatusUnauthorized, "unknown_token", "This token is not, or no longer, one of ours.")
	return nil, &out
}

// member is account for calls that need one.
func (x *exchange) member() (*account, *reply) {
	a, no := x.account()
	if a == nil && no == nil {
		out := refuse(http.StatusUnauthorized, "no_token", "Send the token of an account.")
		no = &out
	}
	return a, no
}

// wrong is the answer when the village could not keep what happened.
func wrong(err error) reply {
	if errors.Is(err, context.Canceled) || errors.Is(err, errClosed) {
		return refuse(http.StatusServiceUnavailable, "closed", "The village is closing.")
	}
	return refuse(http.StatusInternalServerError, "not_kept", "The village could not write this down.")
}
