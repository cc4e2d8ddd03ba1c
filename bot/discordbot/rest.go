package discordbot

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"strconv"
	"strings"
	"time"

	"griot/chat"
)

// callTime bounds one call.
const callTime = 15 * time.Second

// largestAnswer is how many bytes of an answer are read.
const largestAnswer = 8 << 20

// rest calls Discord's REST API. It never waits for a limit: it says how long to wait, so that the board can do something else.
// discordgo's own calls are not used, for they wait without end, share one bucket among all answers and know no nonce.
type rest struct {
	base, token string
	http        *http.Client
	now         func() time.Time
	log         *slog.Logger
	limits      limits
}

func newRest(base, token string, now func() time.Time, log *slog.Logger) *rest {
	return &rest{base: strings.TrimSuffix(base, "/"), token: token, now: now, log: log, limits: limits{now: now},
		http: &http.Client{Timeout: callTime, Transport: transport(), CheckRedirect: stayHere}}
}

// stayHere follows nobody elsewhere: a token goes to Discord alone.
func stayHere(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

// upload is a file that goes with a message.
type upload struct {
	Name, Type, Alt string
	Bytes           []byte
}

// call is one call of the API.
type call struct {
	method, path string
	in           any      // body; nil: none
	files        []upload // with in
	out          any      // of the answer; nil: not read
	open         bool     // an answer to an interaction: its path is the right to it, and it has limits of its own
}

// apiError is a refusal in Discord's words.
type apiError struct {
	Status  int             `json:"-"`
	Code    int             `json:"code"`
	Message string          `json:"message"`
	Errors  json.RawMessage `json:"errors"`
	What    string          `json:"-"`
}

// Error is for logs. It has no address in it: those of interactions are secrets.
func (e *apiError) Error() string {
	return fmt.Sprintf("%s: discord says %d, %d %s %s", e.What, e.Status, e.Code, e.Message, e.Errors)
}

// do makes a call. Errors: *apiError, *chat.Wait, chat.ErrRemoved for a token that is no good, and what is worth another try.
func (r *rest) do(ctx context.Context, c call) error {
	bucket := bucketOf(c)
	if wait := r.limits.left(bucket); wait > 0 {
		return &chat.Wait{After: wait, Channel: channelOf(c.path)}
	}
	if wait := r.limits.left(""); wait > 0 && !c.open { // answers to interactions do not count among the bot's calls
		return &chat.Wait{After: wait}
	}
	if err := r.dead(); err != nil && !c.open {
		return err
	}
	req, err := r.request(ctx, c)
	if err != nil {
		return err
	}
	res, err := r.http.Do(req)
	if err != nil {
		return fmt.Errorf("%s: %w", c.what(), unaddressed(err))
	}
	defer res.Body.Close()
	body, err := io.ReadAll(io.LimitReader(res.Body, largestAnswer))
	r.limits.heard(bucket, res.Header)
	switch {
	case res.StatusCode == http.StatusTooManyRequests:
		return r.slow(c, bucket, res, body)
	case res.StatusCode >= http.StatusMultipleChoices:
		return r.refused(c, res.StatusCode, body)
	case err != nil:
		return fmt.Errorf("%s: read the answer: %w", c.what(), err)
	case c.out == nil || len(body) == 0:
		return nil
	}
	if err := json.Unmarshal(body, c.out); err != nil {
		return fmt.Errorf("%s: read the answer: %w", c.what(), err)
	}
	return nil
}

// unaddressed is err without the URL, which may be a secret.
func unaddressed(err error) error {
	var u interface{ Unwrap() error }
	if errors.As(err, &u) {
		return u.Unwrap()
	}
	return err
}

// what is a call for logs.
func (c call) what() string {
	if c.open {
		return "answer an interaction"
	}
	path, _, _ := strings.Cut(c.path, "?")
	return strings.ToLower(c.method) + " " + path
}

func (r *rest) request(ctx context.Context, c call) (*http.Request, error) {
	body, kind, err := encoded(c)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", c.what(), err)
	}
	req, err := http.NewRequestWithContext(ctx, c.method, r.base+c.path, body)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", c.what(), err)
	}
	if kind != "" {
		req.Header.Set("Content-Type", kind)
	}
	if !c.open {
		req.Header.Set("Authorization", "Bot "+r.token)
	}
	req.Header.Set("User-Agent", "DiscordBot (griot, 1)")
	return req, nil
}

// encoded is the body of a call: JSON, or a form with the files beside it.
func encoded(c call) (io.Reader, string, error) {
	if c.in == nil {
		return http.NoBody, "", nil
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(c.in); err != nil || len(c.files) == 0 {
		return &b, "application/json", err
	}
	var out bytes.Buffer
	w := multipart.NewWriter(&out)
	if err := field(w, `form-data; name="payload_json"`, "application/json", b.Bytes()); err != nil {
		return nil, "", err
	}
	for i, f := range c.files {
		if err := field(w, fmt.Sprintf(`form-data; name="files[%d]"; filename=%q`, i, f.Name), f.Type, f.Bytes); err != nil {
			return nil, "", err
		}
	}
	err := w.Close()
	return &out, w.FormDataContentType(), err
}

func field(w *multipart.Writer, disposition, kind string, body []byte) error {
	part, err := w.CreatePart(textproto.MIMEHeader{"Content-Disposition": {disposition}, "Content-Type": {kind}})
	if err != nil {
		return err
	}
	_, err = part.Write(body)
	return err
}

// slow reads a 429.
func (r *rest) slow(c call, bucket string, res *http.Response, body []byte) error {
	var said struct {
		After  float64 `json:"retry_after"`
		Global bool    `json:"global"`
	}
	wait := banned
	if json.Unmarshal(body, &said) == nil && said.After > 0 {
		wait = time.Duration(said.After * float64(time.Second))
	} else if n, err := strconv.Atoi(res.Header.Get("Retry-After")); err == nil && n > 0 {
		wait = time.Duration(n) * time.Second
	}
	plain := json.Valid(body)
	everywhere := said.Global || !plain
	if !plain {
		r.log.Error("discord shuts this address out for a while", "surface", Name, "wait", wait)
	}
	if res.Header.Get("X-RateLimit-Scope") != "shared" {
		r.limits.invalid()
	}
	if everywhere {
		bucket = ""
	}
	r.limits.shut(bucket, wait)
	out := &chat.Wait{After: wait, Channel: channelOf(c.path)}
	if everywhere {
		out.Channel = ""
	}
	return out
}

func (r *rest) refused(c call, status int, body []byte) error {
	e := &apiError{Status: status, What: c.what()}
	if json.Unmarshal(body, e) != nil {
		e.Message = http.StatusText(status)
	}
	switch {
	case c.open:
	case status == http.StatusUnauthorized:
		r.limits.invalid()
		r.limits.kill(e)
		return errors.Join(chat.ErrRemoved, e)
	case status == http.StatusForbidden, status == http.StatusNotFound:
		r.limits.invalid()
	}
	return e
}

// dead is since when and why the token is no good, *chat.Silence of chat.ErrRemoved; nil while it is good.
func (r *rest) dead() error { return r.limits.killed() }

// after is how long an error wants to be waited for; zero: it does not say.
func after(err error) time.Duration {
	if w, ok := errors.AsType[*chat.Wait](err); ok {
		return w.After
	}
	return 0
}

// bucketOf names what a limit is about before Discord has said so: the method and the path with its major ids.
func bucketOf(c call) string {
	path, _, _ := strings.Cut(c.path, "?")
	parts := strings.Split(path, "/")
	for i := range parts {
		if i > 2 && isDigits(parts[i]) {
			parts[i] = "{}" // a message, a user: they share their channel's or their server's limit
		}
	}
	return c.method + " " + strings.Join(parts, "/")
}

func isDigits(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}

// channelOf is the channel that a path is about; empty: none.
func channelOf(path string) string {
	if rest, ok := strings.CutPrefix(path, "/channels/"); ok {
		id, _, _ := strings.Cut(rest, "/")
		return id
	}
	return ""
}
