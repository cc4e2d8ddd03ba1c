package slacktest

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// Sign is the signature of a body sent at a time, for tests that send requests of their own: X-Slack-Request-Timestamp and
// X-Slack-Signature. Source: docs.slack.dev/authentication/verifying-requests-from-slack.
func (a App) Sign(at time.Time, body []byte) http.Header {
	stamp := strconv.FormatInt(at.Unix(), 10)
	mac := hmac.New(sha256.New, []byte(a.SigningSecret))
	fmt.Fprintf(mac, "v0:%s:%s", stamp, body)
	return http.Header{
		"X-Slack-Request-Timestamp": {stamp},
		"X-Slack-Signature":         {"v0=" + hex.EncodeToString(mac.Sum(nil))},
	}
}

// VerifyURL sends url_verification to base/slack/events and says whether the challenge came back.
func (s *Server) VerifyURL(base string) bool {
	body := Object{"token": "verification-token", "challenge": "3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P", "type": "url_verification"}
	r := s.post(base+"/slack/events", "application/json", encode(body), nil, s.Wait)
	var given struct {
		Challenge string `json:"challenge"`
	}
	plain := string(r.payload)
	if json.Unmarshal(r.payload, &given) == nil && given.Challenge != "" {
		plain = given.Challenge
	}
	return r.ok() && plain == body["challenge"]
}

// Request is what is sent over HTTP for a command, signed for now, to a path like "/slack/commands" of base: for benchmarks
// that send it themselves.
func (p *Person) Request(base string, c *Channel, command, text string) (*http.Request, error) {
	s := p.w.s
	s.mu.Lock()
	defer s.mu.Unlock()
	body := []byte(p.command(c, command, text).form.Encode())
	r, err := http.NewRequest(http.MethodPost, base+"/slack/commands", bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	r.Header = s.App.Sign(s.Now(), body)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return r, nil
}

// byHTTP posts a parcel where it belongs and waits for the answer.
func (s *Server) byHTTP(base string, p *parcel, try int, why string, wait time.Duration) result {
	const form = "application/x-www-form-urlencoded"
	switch p.kind {
	case "slash_commands":
		return s.post(base+"/slack/commands", form, []byte(p.form.Encode()), nil, wait)
	case "interactive":
		body := url.Values{"payload": {string(encode(p.body))}}.Encode()
		return s.post(base+"/slack/interactivity", form, []byte(body), nil, wait)
	}
	again := http.Header{}
	if why != "" {
		again.Set("X-Slack-Retry-Num", strconv.Itoa(try))
		again.Set("X-Slack-Retry-Reason", why)
	}
	return s.post(base+"/slack/events", "application/json", encode(p.body), again, wait)
}

// post is one signed request.
func (s *Server) post(to, kind string, body []byte, more http.Header, wait time.Duration) result {
	ctx, cancel := context.WithTimeout(context.Background(), wait)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, to, bytes.NewReader(body))
	if err != nil {
		return result{lost: true}
	}
	r.Header = s.App.Sign(s.Now(), body)
	for k, v := range more {
		r.Header[k] = v
	}
	r.Header.Set("Content-Type", kind)
	r.Header.Set("User-Agent", "Slackbot 1.0 (+https://api.slack.com/robots)")
	got, err := s.out.Do(r)
	if err != nil {
		return result{lost: true, late: errors.Is(err, context.DeadlineExceeded)}
	}
	defer got.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(got.Body, 1<<20))
	if err != nil {
		return result{lost: true, late: errors.Is(err, context.DeadlineExceeded)}
	}
	return result{status: got.StatusCode, payload: content(answer), noRetry: got.Header.Get("X-Slack-No-Retry") == "1"}
}
