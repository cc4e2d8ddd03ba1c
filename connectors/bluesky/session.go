package bluesky

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"unicode"

	"griot/connectors"
	"griot/connectors/rest"
)

// session makes the calls of one account and keeps its tokens good. Signing in is limited to 30 times in five minutes and 300 a
// day, so tokens are kept; every safe call renews them when four fifths of their life are over or the server calls them
// expired. Sending uses what is there.
type session struct {
	net  Connector
	cred connectors.Credential
	mu   sync.Mutex // guards f, and lets one renew at a time
	f    facts
}

// session reads the facts, or signs in when there are none.
func (n Connector) session(ctx context.Context, c connectors.Credential) (*session, error) {
	s := &session{net: n, cred: c}
	f, ok := readFacts(c.Facts)
	if !ok {
		var err error
		if f, err = s.signIn(ctx); err != nil {
			return nil, err
		}
		if _, err := s.client(f); err != nil { // the address of its home is one that may be called
			return nil, err
		}
		if err := s.save(ctx, f); err != nil {
			return nil, err
		}
	}
	s.f = f
	return s, nil
}

func (s *session) current() facts {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.f
}

// client speaks with the account's home.
func (s *session) client(f facts) (*rest.Client, error) {
	return s.dial(f.Home, rest.Bearer(f.Access), rest.Hide(f.Refresh))
}

func (s *session) dial(base string, more ...rest.Option) (*rest.Client, error) {
	options := append([]rest.Option{rest.Base(base), rest.Hide(s.cred.Secrets[AppPassword]), rest.Log(s.cred.Log)}, more...)
	return rest.New(network, s.net.guard, append(options, s.net.options...)...)
}

// signIn makes a new session with the app password.
func (s *session) signIn(ctx context.Context) (facts, error) {
	server := s.cred.Secrets[Server]
	if strings.TrimSpace(server) == "" {
		server = DefaultServer
	}
	client, err := s.dial(server)
	if err != nil {
		return facts{}, err
	}
	body, err := json.Marshal(map[string]string{
		"identifier": identifier(s.cred.Secrets[Identifier]),
		"password":   strings.TrimSpace(s.cred.Secrets[AppPassword]),
	})
	if err != nil {
		return facts{}, fmt.Errorf("write the sign-in: %w", err)
	}
	p, a, err := rest.Fetch[pass](ctx, client, procedure("com.atproto.server.createSession", body))
	if err != nil {
		return facts{}, judge(a, err)
	}
	return s.learn(p, a, client.Server())
}

// identifier is what was typed or pasted, without the @ and the invisible marks that apps put around a copied handle.
func identifier(typed string) string {
	seen := strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Cf, r) || unicode.IsSpace(r) {
			return -1
		}
		return r
	}, typed)
	return strings.TrimPrefix(seen, "@")
}

// word is the form of an account's status: takendown, suspended, deactivated…
var word = regexp.MustCompile(`^[a-z]{1,30}$`)

// learn checks what a server says about the session.
func (s *session) learn(p pass, a rest.Answer, home string) (facts, error) {
	if p.Active != nil && !*p.Active {
		e := &connectors.Error{Kind: connectors.Refused, Network: network, Status: a.Status, Err: errors.New("the account is not active")}
		if word.MatchString(p.Status) {
			e.Words = p.Status
		}
		return facts{}, e
	}
	if !p.complete() {
		return facts{}, a.Unreadable("a session without its account or its tokens")
	}
	return p.facts(s.net.now(), home), nil
}

// save stores new tokens before they are used. When another process was faster this one's are not needed: whoever tries again
// opens the account with the other's.
func (s *session) save(ctx context.Context, f facts) error {
	if err := s.cred.Save(ctx, f.write()); err != nil {
		return &connectors.Error{Kind: connectors.Temporary, Network: network, Err: fmt.Errorf("save the session: %w", err)}
	}
	return nil
}

// do makes a safe call at the account's home with a good token; once more when the server says that it is not good.
func (s *session) do(ctx context.Context, call rest.Call) (rest.Answer, error) {
	f := s.current()
	if !s.net.now().Before(f.RenewAt) {
		var err error
		if f, err = s.renew(ctx, f); err != nil {
			return rest.Answer{}, err
		}
	}
	a, err := s.once(ctx, f, call)
	if !stale(a) {
		return a, judge(a, err)
	}
	if f, err = s.renew(ctx, f); err != nil {
		return rest.Answer{}, err
	}
	a, err = s.once(ctx, f, call)
	return a, judge(a, err)
}

func (s *session) once(ctx context.Context, f facts, call rest.Call) (rest.Answer, error) {
	client, err := s.client(f)
	if err != nil {
		return rest.Answer{}, err
	}
	return client.Do(ctx, call)
}

// renew replaces the tokens of old: with the refresh token, else by signing in again.
func (s *session) renew(ctx context.Context, old facts) (facts, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.f.Access != old.Access || !s.f.RenewAt.Equal(old.RenewAt) {
		return s.f, nil // somebody did, while we waited; the same second gives the same access token
	}
	f, err := s.refresh(ctx, old)
	if connectors.KindOf(err) == connectors.SignIn {
		f, err = s.signIn(ctx)
	}
	if err != nil {
		return facts{}, err
	}
	if f.DID != old.DID {
		return facts{}, &connectors.Error{Kind: connectors.SignIn, Network: network, Err: errors.New("the credential opens another account now")}
	}
	if err := s.save(ctx, f); err != nil {
		return facts{}, err
	}
	s.f = f
	return f, nil
}

// refresh asks for a new pair of tokens. SignIn when the refresh token is no longer good either.
func (s *session) refresh(ctx context.Context, old facts) (facts, error) {
	client, err := s.dial(old.Home, rest.Bearer(old.Refresh), rest.Hide(old.Access))
	if err != nil {
		return facts{}, err
	}
	p, a, err := rest.Fetch[pass](ctx, client, rest.Call{Method: http.MethodPost, Path: path("com.atproto.server.refreshSession")})
	if stale(a) {
		return facts{}, &connectors.Error{Kind: connectors.SignIn, Network: network, Status: a.Status, Err: errors.New(code(a))}
	}
	if err != nil {
		return facts{}, judge(a, err)
	}
	return s.learn(p, a, old.Home)
}

// probe asks who we are, and keeps a new handle.
func (s *session) probe(ctx context.Context) error {
	p, err := ask[pass](ctx, s, query("com.atproto.server.getSession", nil))
	if err != nil {
		return err
	}
	f := s.current()
	if p.DID != f.DID {
		return &connectors.Error{Kind: connectors.SignIn, Network: network, Err: errors.New("the session belongs to another account")}
	}
	if p.Handle == "" || p.Handle == f.Handle || p.Handle == noHandle {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	renamed := s.f
	renamed.Handle = p.Handle
	if err := s.save(ctx, renamed); err != nil {
		return err
	}
	s.f = renamed
	return nil
}
