package openai

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	gpt "github.com/sashabaranov/go-openai"

	"griot/drafting"
)

// The forms in which an answer can be asked for, the strictest first. Not every server knows them all: one that refuses a
// form is asked in the next one, and remembered.
const (
	bySchema int32 = iota
	byJSON
	byWords // and without options of the stream
)

const (
	mostBytes = 1 << 20         // of one answer, with all that is around it
	mostText  = 64 << 10        // of a model's words
	aFewWords = 24              // bytes of an answer, after which who listens is told
	breath    = 2 * time.Second // before another try, when the server does not say how long
)

// talk is one conversation with a model: a question, and at most one more about what was wrong.
type talk struct {
	d      *Drafter
	prompt drafting.Prompt
	hear   func(answer string) // is told of an answer as it grows; nil: nobody
	more   []gpt.ChatCompletionMessage
	tried  bool // a second time, after the server failed
	tokens int64
}

// wrong adds what was wrong with an answer.
func (t *talk) wrong(answer string, why drafting.Flaw) {
	if answer = answer[:min(len(answer), mostText)]; answer == "" {
		answer = "{}"
	}
	t.more = []gpt.ChatCompletionMessage{
		{Role: gpt.ChatMessageRoleAssistant, Content: strings.ToValidUTF8(answer, "")},
		{Role: gpt.ChatMessageRoleUser, Content: t.prompt.Again(string(why))},
	}
}

// refusal is a server's no.
type refusal struct {
	status int
	after  time.Duration // what it says to wait; negative: nothing
}

// Error is for logs. What a server says may hold the key: it is left out.
func (r *refusal) Error() string { return "status " + strconv.Itoa(r.status) }

// again reports whether the same question may get another answer.
func (r *refusal) again() bool {
	return r.status == http.StatusTooManyRequests || r.status >= 500
}

// ask asks until there is an answer: in a laxer form when the server does not know the strict one, and once more after a
// moment when it fails.
func (t *talk) ask(ctx context.Context) (string, error) {
	form := t.d.form.Load()
	for {
		answer, err := t.once(ctx, form)
		var no *refusal
		switch {
		case err == nil:
			t.d.form.Store(form)
			return answer, nil
		case errors.As(err, &no) && form < byWords && (no.status == http.StatusBadRequest || no.status == http.StatusUnprocessableEntity):
			form++
		case ctx.Err() != nil, t.tried, no != nil && !no.again():
			return "", err
		default:
			t.tried = true
			if !t.rest(ctx, no) {
				return "", err
			}
		}
	}
}

// rest waits before another try, and reports whether there is time for one.
func (t *talk) rest(ctx context.Context, no *refusal) bool {
	d := breath
	if no != nil && no.after >= 0 {
		d = no.after
	}
	if d >= t.d.o.Patience {
		return false // the deadline would come first
	}
	return t.d.o.Wait(ctx, d) == nil
}

func (t *talk) request(form int32) gpt.ChatCompletionRequest {
	r := gpt.ChatCompletionRequest{Model: t.d.o.Model, Stream: true, Messages: append([]gpt.ChatCompletionMessage{
		{Role: gpt.ChatMessageRoleSystem, Content: t.prompt.System},
		{Role: gpt.ChatMessageRoleUser, Content: t.prompt.User},
	}, t.more...)}
	switch form {
	case bySchema:
		r.ResponseFormat = &gpt.ChatCompletionResponseFormat{Type: gpt.ChatCompletionResponseFormatTypeJSONSchema,
			JSONSchema: &gpt.ChatCompletionResponseFormatJSONSchema{Name: t.prompt.Name, Schema: t.prompt.Schema, Strict: true}}
	case byJSON:
		r.ResponseFormat = &gpt.ChatCompletionResponseFormat{Type: gpt.ChatCompletionResponseFormatTypeJSONObject}
	}
	if form != bySchema {
		r.Messages[0].Content += "The schema of the answer: " + string(t.prompt.Schema) + "\n"
	}
	if form != byWords {
		r.StreamOptions = &gpt.StreamOptions{IncludeUsage: true}
	}
	return r
}

// once asks one time. A stream that breaks off after some words is an answer: its reader sees that it is not whole.
func (t *talk) once(ctx context.Context, form int32) (string, error) {
	r := t.request(form)
	door := &door{http: t.d.http}
	c := gpt.DefaultConfig(t.d.o.Key)
	c.BaseURL, c.HTTPClient = cmp.Or(t.d.o.BaseURL, c.BaseURL), door
	stream, err := gpt.NewClientWithConfig(c).CreateChatCompletionStream(ctx, r)
	if err != nil {
		return "", door.failure(err)
	}
	defer stream.Close()
	var text strings.Builder
	var used int64
	told := 0
	for text.Len() < mostText {
		chunk, e := stream.Recv()
		if err = e; err != nil {
			break
		}
		if chunk.Usage != nil {
			used = int64(chunk.Usage.TotalTokens)
		}
		if len(chunk.Choices) > 0 {
			text.WriteString(chunk.Choices[0].Delta.Content)
		}
		if t.hear != nil && text.Len() >= told+aFewWords {
			told = text.Len()
			t.hear(text.String())
		}
	}
	t.tokens += cmp.Or(used, guess(r, text.String()))
	if err != nil && !errors.Is(err, io.EOF) && (ctx.Err() != nil || text.Len() == 0) {
		return "", door.failure(err)
	}
	return text.String(), nil
}

// guess is about how many tokens something has cost, when the server does not say: models cut words of French into pieces
// of three or four characters.
func guess(r gpt.ChatCompletionRequest, answer string) int64 {
	n := utf8.RuneCountInString(answer)
	for _, m := range r.Messages {
		n += utf8.RuneCountInString(m.Content)
	}
	return int64(n/3 + 1)
}

// door sends one request, and keeps what the library does not tell: how long a server asks to wait.
type door struct {
	http *http.Client
	no   *refusal
}

// Do sends it.
func (d *door) Do(r *http.Request) (*http.Response, error) {
	resp, err := d.http.Do(r)
	if err != nil {
		return nil, err
	}
	if resp.StatusCode < 200 || resp.StatusCode >= 300 {
		d.no = &refusal{status: resp.StatusCode, after: after(resp.Header)}
		if resp.StatusCode < 400 {
			resp.StatusCode = http.StatusBadGateway // a redirect: the library would read it as an answer
		}
	}
	resp.Body = limited{io.LimitReader(resp.Body, mostBytes), resp.Body}
	return resp, nil
}

type limited struct {
	io.Reader
	io.Closer
}

// failure is err without an address, a key, or what a server says.
func (d *door) failure(err error) error {
	if d.no != nil {
		return d.no
	}
	var u *url.Error
	if errors.As(err, &u) {
		return fmt.Errorf("no answer: %w", u.Err)
	}
	return fmt.Errorf("stream broke: %T", err)
}

// after reads how long to wait: seconds, or a date, which the server's own clock measures.
func after(h http.Header) time.Duration {
	said := strings.TrimSpace(h.Get("Retry-After"))
	if n, err := strconv.ParseFloat(said, 64); err == nil && n >= 0 && n < 1e6 {
		return time.Duration(n * float64(time.Second))
	}
	then, err := http.ParseTime(said)
	now, unknown := http.ParseTime(h.Get("Date"))
	if err != nil || unknown != nil {
		return -1
	}
	return max(0, then.Sub(now))
}

// failure is why there are no words. A caller who no longer waits gets the context's own error.
func (t *talk) failure(ctx, mine context.Context, err error) error {
	if ctx.Err() != nil && !errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return ctx.Err()
	}
	out := &drafting.Error{Reason: drafting.Down, Tokens: t.tokens, Err: err}
	var no *refusal
	switch {
	case mine.Err() != nil:
		out.Reason = drafting.Slow
	case !errors.As(err, &no):
	case no.status == http.StatusUnauthorized || no.status == http.StatusForbidden:
		out.Reason = drafting.Key
	case no.status == http.StatusTooManyRequests || no.status == http.StatusPaymentRequired:
		out.Reason = drafting.Busy
	case no.status == http.StatusNotFound:
		out.Reason = drafting.Unknown
	}
	return out
}
