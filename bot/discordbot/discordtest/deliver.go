package discordtest

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"time"
)

// Ack is what came of an act: the app's first response, and what Discord tells the person when there was none.
type Ack struct {
	Type    int               // of the first response: 4 message, 5 and 6 later, 7 edit, 8 choices, 9 modal; 0: none came
	Data    Object            // of the first response
	Status  int               // of an answer over HTTP that was no response
	Took    time.Duration     // real time until it came, or until nobody waited any longer
	Late    bool              // it did not come in time
	Lost    bool              // no socket of the guild's shard, or no server, was there
	Trouble string            // what the person who acted reads when it went wrong; empty: it went well
	Errors  map[string]string // what Discord's client says under fields and options that were not filled well, by their name
	Refused bool              // the act itself is impossible: there is no such command, button, menu or modal
	ID      string            // of the interaction
	Token   string            // of the interaction
}

// OK says that the app responded in time, or that there was nothing to send.
func (a Ack) OK() bool {
	return !a.Late && !a.Lost && !a.Refused && a.Trouble == "" && len(a.Errors) == 0
}

// What people read when no response came, by the kind of the interaction.
var troubles = map[int]string{
	commandTalk: "The application did not respond", pressTalk: "This interaction failed",
	completeTalk: "Loading options failed", submitTalk: "Something went wrong. Try again.",
}

// interactionsPath is where the app takes interactions over HTTP.
const interactionsPath = "/discord/interactions"

// OverHTTP delivers interactions to an app at a base URL, signed: base/discord/interactions. They come over the gateway no more.
func (s *Server) OverHTTP(base string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.base = base
}

// OverGateway delivers interactions over the gateway again.
func (s *Server) OverGateway() { s.OverHTTP("") }

// VerifyURL does what Discord does when the owner enters base/discord/interactions: a PING that is signed must be answered with
// PONG, and one that is signed badly with 401.
func (s *Server) VerifyURL(base string) bool {
	body := encode(Object{"id": "1", "application_id": s.App.ID, "type": pingTalk, "token": "ping", "version": 1})
	good := s.post(base, body, s.App.Sign(s.Now(), body))
	v, err := decode(good.raw)
	bad := s.post(base, body, s.App.Sign(s.Now(), append(body, ' ')))
	return good.status == http.StatusOK && err == nil && num(v, "type") == 1 && bad.status == http.StatusUnauthorized
}

// Request is what is sent over HTTP to base/discord/interactions for a command, signed for now: for benchmarks that send it
// themselves.
func (p *Person) Request(base string, c *Channel, command string, values Values) (*http.Request, error) {
	s := p.s
	s.mu.Lock()
	defer s.mu.Unlock()
	in, why := p.typed(c, command)
	if why != "" {
		return nil, errors.New(why)
	}
	if _, why := in.fill(values, ""); why != "" {
		return nil, errors.New(why)
	}
	body := encode(p.talk(commandTalk, c, nil, in.data()).body)
	r, err := http.NewRequest(http.MethodPost, base+interactionsPath, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	r.Header = s.App.Sign(s.Now(), body)
	r.Header.Set("Content-Type", "application/json")
	return r, nil
}

// sent is what came of a delivery over HTTP.
type sent struct {
	status     int
	kind       string
	raw        []byte
	lost, late bool
}

// post sends a body with a signature to where the app takes interactions.
func (s *Server) post(base string, body []byte, signature http.Header) sent {
	ctx, cancel := context.WithTimeout(context.Background(), s.Wait)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, base+interactionsPath, bytes.NewReader(body))
	if err != nil {
		return sent{lost: true}
	}
	r.Header = signature
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("User-Agent", "Discord-Interactions/1.0 (+https://discord.com)")
	got, err := s.out.Do(r)
	if err != nil {
		return sent{lost: true, late: errors.Is(err, context.DeadlineExceeded)}
	}
	defer got.Body.Close()
	raw, err := io.ReadAll(io.LimitReader(got.Body, maxBody))
	if err != nil {
		return sent{lost: true, late: errors.Is(err, context.DeadlineExceeded)}
	}
	return sent{status: got.StatusCode, kind: got.Header.Get("Content-Type"), raw: raw}
}

// byHTTP delivers an interaction and takes the response out of the answer, when there is one. It tells whether the app may still
// respond by a call.
func (s *Server) byHTTP(base string, i *interaction, raw []byte) (got sent, wait bool) {
	got = s.post(base, raw, s.App.Sign(s.Now(), raw))
	if got.lost || got.status < 200 || got.status >= 300 {
		return got, false
	}
	if len(bytes.TrimSpace(got.raw)) == 0 {
		return got, true
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	body, uploads, err := parsed(got.kind, got.raw)
	o, ok := body.(Object)
	if err != nil || !ok {
		s.fault("the answer to an interaction is no JSON object: %s", brief(string(got.raw)))
		return got, false
	}
	j := &judge{}
	official().check(j, http.MethodPost, "/interactions/"+i.id+"/"+i.token+"/callback", "", body)
	refused := s.respond(j, i, o, uploads)
	if refused != nil {
		s.fault("the answer to an interaction is refused: %s", strings.Join(refused.told(), "; "))
	}
	for _, what := range j.ignored {
		s.fault("the answer to an interaction: Discord ignores this without a word: %s", what)
	}
	s.news()
	return got, false
}

// send delivers an interaction and waits for the first response. The mutex is held when it is called, and free when it returns.
func (s *Server) send(i *interaction) Ack {
	base, raw := s.base, encode(i.body)
	started := time.Now()
	over := make(chan sent, 1) // the app will not respond any more
	live := true
	if base == "" {
		live = s.dispatch("INTERACTION_CREATE", i.c.g, 0, i.body)
	} else if !s.over {
		s.busy.Go(func() {
			if got, wait := s.byHTTP(base, i, raw); !wait {
				over <- got
			}
		})
	}
	s.mu.Unlock()
	ack := Ack{ID: i.id, Token: i.token, Lost: !live}
	if live {
		s.await(i, over, &ack)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	i.dead = true
	ack.Took = time.Since(started)
	if i.answered {
		ack.Type, ack.Data, ack.Late, ack.Lost = int(i.response), i.data, false, false
		return ack
	}
	ack.Trouble = troubles[i.kind]
	s.news()
	return ack
}

// await waits for the first response, or until there cannot be one.
func (s *Server) await(i *interaction, over chan sent, ack *Ack) {
	t := time.NewTimer(s.Wait)
	defer t.Stop()
	select {
	case <-i.done:
	case got := <-over:
		ack.Status, ack.Lost, ack.Late = got.status, got.lost && !got.late, got.late
	case <-t.C:
		ack.Late = true
	case <-s.end:
		ack.Lost = true
	}
}

// refuse is an act that a person cannot do. The mutex is held when it is called, and free when it returns.
func (s *Server) refuse(format string, args ...any) Ack {
	s.fault(format, args...)
	s.mu.Unlock()
	return Ack{Refused: true}
}
