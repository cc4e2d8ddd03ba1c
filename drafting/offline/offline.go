// Package offline writes when no language model does: what was typed, put in the brand's form, and replies that the brand
// has written before. It is deterministic, invents nothing, and is no model: callers say so to people.
package offline

import (
	"context"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"griot/drafting"
	"griot/i18n"
	"griot/social"
)

// Drafter is the offline helper. Its zero value works.
type Drafter struct{}

var _ drafting.Drafter = Drafter{}

// Posts puts the topic in the form of the brand's posts: a sentence, an invitation in its form of address, the words that
// every post must hold, and the hashtags that all its samples have.
func (Drafter) Posts(ctx context.Context, a drafting.PostAsk) (drafting.PostDraft, error) {
	out := drafting.PostDraft{Texts: map[string]string{}}
	for _, acc := range a.Accounts {
		out.Texts[acc.ID] = post(a, acc.Limits)
	}
	return out, ctx.Err()
}

// Remarks says nothing: the table says it.
func (Drafter) Remarks(ctx context.Context, _ drafting.RemarkAsk) (drafting.Remark, error) {
	return drafting.Remark{}, ctx.Err()
}

// invitations end a post, by form of address.
var invitations = map[social.Address]i18n.Text{
	social.Tu:        {En: "Tell us what you think.", Fr: "Dis-nous ce que tu en penses."},
	social.Vous:      {En: "Tell us what you think.", Fr: "Dites-nous ce que vous en pensez."},
	social.NoAddress: {En: "Tell us what you think.", Fr: "Vos avis sont les bienvenus."},
}

func post(a drafting.PostAsk, l social.Limits) string {
	locale, _ := i18n.ParseLocale(a.Line.Locale)
	topic := sentence(drafting.Clean(a.Topic))
	end := strings.Join(marks(topic, a.Line), " ")
	full := topic
	if invite := invitations[a.Line.Address].In(locale); len(a.Line.Forbidden(invite)) == 0 {
		full += " " + invite
	}
	for _, text := range []string{joined(full, end), joined(topic, end)} {
		if drafting.Fits(text, l) == "" {
			return text
		}
	}
	for r := []rune(topic); len(r) > 0; r = r[:len(r)-1] {
		if text := joined(word(r), end); drafting.Fits(text, l) == "" {
			return text
		}
	}
	return topic // the card says what is wrong with it
}

// word is the beginning of a text, cut where a word ends, with an ellipsis.
func word(r []rune) string {
	text := string(r)
	if i := strings.LastIndexFunc(text, unicode.IsSpace); i > len(text)/2 {
		text = text[:i]
	}
	return strings.TrimRight(text, " \n\t\u00a0\u202f.,;:!?") + "…"
}

func joined(text, end string) string {
	if end == "" {
		return text
	}
	return text + "\n\n" + end
}

// sentence is text with a capital and an end.
func sentence(text string) string {
	r, n := utf8.DecodeRuneInString(text)
	if n == 0 {
		return ""
	}
	text = string(unicode.ToUpper(r)) + text[n:]
	if last, _ := utf8.DecodeLastRuneInString(text); unicode.IsLetter(last) || unicode.IsDigit(last) || strings.ContainsRune(")»”", last) {
		text += "."
	}
	return text
}

// marks are what a post ends with: words that it must hold and does not, and hashtags that stand in every sample.
func marks(topic string, l social.Line) []string {
	out := l.Lacking(topic)
	for i, s := range l.Samples {
		for _, tag := range strings.Fields(s) {
			everywhere := i == 0 && strings.HasPrefix(tag, "#") && len(l.Samples) > 1
			for _, other := range l.Samples {
				everywhere = everywhere && slices.Contains(strings.Fields(other), tag)
			}
			if everywhere && !slices.Contains(out, tag) && !strings.Contains(topic, tag) {
				out = append(out, tag)
			}
		}
	}
	return out
}
