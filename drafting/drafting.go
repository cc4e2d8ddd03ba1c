// Package drafting is how Griot writes: what a helper is asked, what it is told of the brand, and what its words are checked
// for before anybody sees them. A helper is a language model (openai), or none at all (offline). Whatever it writes is a
// proposal: nothing here knows a network, and nothing leaves without a person's press.
package drafting

import (
	"context"

	"griot/i18n"
	"griot/social"
)

// Drafter proposes words. Errors: those of the context, and *Error, which says why there are none; anything else is ours.
type Drafter interface {
	// Posts writes one text for each account of the ask, within its limits, in the brand's voice.
	Posts(ctx context.Context, a PostAsk) (PostDraft, error)
	// Replies writes three different replies to a mention, in its language and in the brand's voice.
	Replies(ctx context.Context, a ReplyAsk) (ReplyDraft, error)
	// Remarks says at most two sentences about a table. They hold no number that is not in it. Empty: nothing is to be said.
	Remarks(ctx context.Context, a RemarkAsk) (Remark, error)
}

// PostAsk is what somebody wants said.
type PostAsk struct {
	Brand    social.Brand
	Line     social.Line // in the language of the post; its zero value apart from Locale: none was written
	Topic    string      // as they put it
	Accounts []social.Account

	// Hear is told what is written so far, by account id, while it is being written: nothing of it was looked at yet, and it may
	// all be written anew. Nil: nobody listens.
	Hear func(texts map[string]string)
}

// PostDraft is a text for each account.
type PostDraft struct {
	Texts  map[string]string // by account id
	Model  string            // that wrote them; empty: the offline helper
	Tokens int64             // what it cost, also when only part of it was of use
}

// Answered is something that the brand has answered before.
type Answered struct {
	Said   string // what was said to it
	Answer string // its words
	To     string // to whom, as people write it
}

// ReplyAsk is a mention that wants an answer.
type ReplyAsk struct {
	Brand   social.Brand
	Line    social.Line // in the mention's language, when there is one
	Mention social.Mention
	Limits  social.Limits // of the account that answers
	Past    []Answered    // the most alike first
}

// Locale is the language in which Griot itself can answer: the mention's, else the line's, else the brand's.
func (a ReplyAsk) Locale() i18n.Locale {
	for _, tag := range []string{a.Mention.Language, a.Line.Locale} {
		if l, ok := i18n.ParseLocale(tag); ok {
			return l
		}
	}
	return a.Brand.Locale
}

// ReplyDraft is what somebody may answer.
type ReplyDraft struct {
	Suggestions []social.Suggestion // each with what it rests on
	Model       string              // empty: the offline helper
	Tokens      int64
}

// Row is a line of a table as people read it.
type Row struct{ Label, Figure string }

// RemarkAsk is a table that wants two sentences.
type RemarkAsk struct {
	Brand  social.Brand
	Locale i18n.Locale
	Rows   []Row
}

// Remark is what may be said of a table.
type Remark struct {
	Text   string // empty: nothing
	Model  string // empty: the offline helper
	Tokens int64
}
