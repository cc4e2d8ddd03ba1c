// Package openai writes with a language model behind any server that speaks the chat completions of OpenAI. What the model
// is told stands in package drafting; here is how it is asked, how long it is waited for, and what its answers must be
// before anybody sees them. Nothing it writes acts.
package openai

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"griot/drafting"
	"griot/social"
)

// Model is the one asked when none is named.
const Model = "gpt-4o-mini"

// Usually is how long a model may take in all, when Options say nothing.
const Usually = 45 * time.Second

// Options are what a drafter stands on.
type Options struct {
	Key      string // empty: the server wants none
	BaseURL  string // with its version, "https://host/v1"; empty: OpenAI's own
	Model    string // empty: Model
	Patience time.Duration
	// Wait waits for d, or until ctx ends; nil: it does. Tests have their own.
	Wait func(ctx context.Context, d time.Duration) error
}

// Drafter asks a language model. It is safe for concurrent use.
type Drafter struct {
	o    Options
	http *http.Client
	form atomic.Int32 // the strictest that the server is known to take; see forms
}

var _ drafting.Drafter = (*Drafter)(nil)

// New makes a drafter, and calls nothing.
func New(o Options) *Drafter {
	o.Model, o.Patience = cmp.Or(o.Model, Model), cmp.Or(o.Patience, Usually)
	o.BaseURL = strings.TrimSuffix(o.BaseURL, "/")
	if o.Wait == nil {
		o.Wait = wait
	}
	// A redirect would carry words, and perhaps the key, to where nobody has sent them.
	stay := func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &Drafter{o: o, http: &http.Client{CheckRedirect: stay}}
}

func wait(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Posts asks for one text per account. What can be used of a first answer is kept when the second mends the rest.
func (d *Drafter) Posts(ctx context.Context, a drafting.PostAsk) (drafting.PostDraft, error) {
	out := drafting.PostDraft{Texts: map[string]string{}, Model: d.o.Model}
	known := append([]string{a.Topic, a.Line.Tone}, slices.Concat(a.Line.Samples, a.Line.Required, a.Line.Themes)...)
	tokens, err := d.propose(ctx, drafting.PostPrompt(a), func(answer string) drafting.Flaw {
		var why drafting.Flaw
		for _, p := range items[post](answer, "posts") {
			if p.Number < 1 || p.Number > len(a.Accounts) {
				continue
			}
			acc, text := a.Accounts[p.Number-1], drafting.Clean(p.Text)
			flaw := drafting.First(drafting.Fits(text, acc.Limits), single(text), drafting.Off(text, a.Line), drafting.Lacks(text, a.Line), drafting.Steered(text, known...))
			if flaw == "" {
				out.Texts[acc.ID] = text
			} else if why == "" {
				why = "of the post for one account, " + flaw
			}
		}
		if len(out.Texts) == len(a.Accounts) {
			return ""
		}
		return drafting.First(why, "it does not hold one post for each account in the form of the schema")
	}, heard(a))
	out.Tokens = tokens
	return out, err
}

// heard passes on the posts of an answer that is being written.
func heard(a drafting.PostAsk) func(answer string) {
	if a.Hear == nil {
		return nil
	}
	return func(answer string) {
		texts := map[string]string{}
		for _, p := range items[post](soFar(answer), "posts") {
			text := drafting.Clean(strings.TrimRight(p.Text, "\ufffd")) // half of a pair of escapes
			if text != "" && p.Number >= 1 && p.Number <= len(a.Accounts) {
				texts[a.Accounts[p.Number-1].ID] = text
			}
		}
		if len(texts) > 0 {
			a.Hear(texts)
		}
	}
}

type post struct {
	Number int    `json:"number"`
	Text   string `json:"text"`
}

// single is the flaw of a text that would become a thread.
func single(text string) drafting.Flaw {
	if len(social.SplitThread(text)) > 1 {
		return "it has a line of hyphens; write one message"
	}
	return ""
}

// replies is how many are asked for.
const replies = 3

// Replies asks for three replies.
func (d *Drafter) Replies(ctx context.Context, a drafting.ReplyAsk) (drafting.ReplyDraft, error) {
	out := drafting.ReplyDraft{Model: d.o.Model}
	known := slices.Concat(a.Line.Replies, a.Line.Samples, []string{a.Mention.Author.Handle})
	for _, p := range a.Past {
		known = append(known, p.Answer)
	}
	tokens, err := d.propose(ctx, drafting.ReplyPrompt(a), func(answer string) drafting.Flaw {
		var why drafting.Flaw
		for _, r := range items[reply](answer, "replies") {
			text := drafting.Clean(r.Text)
			flaw := drafting.First(drafting.Fits(text, a.Limits), single(text), drafting.Off(text, a.Line), drafting.Steered(text, known...), another(text, out.Suggestions))
			if flaw == "" && len(out.Suggestions) < replies {
				basis, source := r.basis(a, text)
				out.Suggestions = append(out.Suggestions, social.Suggestion{Number: int64(len(out.Suggestions) + 1), Text: text, Basis: basis, Source: source, Model: d.o.Model})
			} else if why == "" && flaw != "" {
				why = "of one reply, " + flaw
			}
		}
		if len(out.Suggestions) == replies {
			return ""
		}
		return drafting.First(why, "it does not hold three replies in the form of the schema")
	}, nil)
	out.Tokens = tokens
	return out, err
}

type reply struct {
	Text   string       `json:"text"`
	On     social.Basis `json:"rests_on"`
	Number int          `json:"number"`
}

// another is the flaw of a text that says what one of all says.
func another(text string, all []social.Suggestion) drafting.Flaw {
	if slices.ContainsFunc(all, func(s social.Suggestion) bool { return slices.Equal(social.Words(s.Text), social.Words(text)) }) {
		return "it says the same as another; all three must differ"
	}
	return ""
}

// basis is what a reply rests on. What a model says of itself is believed only when some of the words are there.
func (r reply) basis(a drafting.ReplyAsk, text string) (social.Basis, string) {
	switch i := r.Number - 1; {
	case r.On == social.OnSaved && i >= 0 && i < len(a.Line.Replies) && near(text, a.Line.Replies[i]):
		return social.OnSaved, drafting.Beginning(a.Line.Replies[i])
	case r.On == social.OnPast && i >= 0 && i < len(a.Past) && near(text, a.Past[i].Answer):
		return social.OnPast, a.Past[i].To
	}
	return social.OnLine, ""
}

// near reports whether a third of the words of from stand in text.
func near(text, from string) bool {
	said, shared := social.Words(text), 0
	words := social.Words(from)
	for _, w := range words {
		if slices.Contains(said, w) {
			shared++
		}
	}
	return shared > 0 && shared*3 >= len(words)
}

// Remarks asks for two sentences.
func (d *Drafter) Remarks(ctx context.Context, a drafting.RemarkAsk) (drafting.Remark, error) {
	out := drafting.Remark{Model: d.o.Model}
	tokens, err := d.propose(ctx, drafting.RemarkPrompt(a), func(answer string) drafting.Flaw {
		var got struct {
			Text string `json:"text"`
		}
		if !whole(answer, &got) {
			return "it is not in the form of the schema"
		}
		text := drafting.Clean(got.Text)
		flaw := drafting.First(drafting.Fits(text, social.Limits{}), drafting.Invented(text, a.Rows))
		if flaw == "" {
			out.Text = text
		}
		return flaw
	}, nil)
	out.Tokens = tokens
	return out, err
}

// propose asks, and asks once more with what was wrong, until read finds no flaw. hear, when not nil, is told of an answer as it
// grows. It returns what was spent, whatever came of it.
func (d *Drafter) propose(ctx context.Context, p drafting.Prompt, read func(answer string) drafting.Flaw, hear func(answer string)) (int64, error) {
	mine, cancel := context.WithTimeout(ctx, d.o.Patience)
	defer cancel()
	t := &talk{d: d, prompt: p, hear: hear}
	for range 2 {
		answer, err := t.ask(mine)
		if err != nil {
			return t.tokens, t.failure(ctx, mine, err)
		}
		why := read(answer)
		if why == "" {
			return t.tokens, nil
		}
		t.wrong(answer, why)
	}
	return t.tokens, &drafting.Error{Reason: drafting.Useless, Tokens: t.tokens}
}
