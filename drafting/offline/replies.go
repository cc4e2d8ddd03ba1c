package offline

import (
	"context"
	"slices"
	"sort"
	"unicode/utf8"

	"griot/drafting"
	"griot/i18n"
	"griot/social"
)

const (
	replies   = 3
	mostSaved = 2 // of them, so that not all are the same voice
	mostPast  = 1
	longWord  = 4 // runes from which on a word says what a text is about
)

// kind are sentences that fit any mention, by form of address.
var kind = map[social.Address][]i18n.Text{
	social.Vous: {
		{En: "Thank you for your message! We are looking into it and will come back to you.", Fr: "Merci pour votre message\u202f! Nous regardons et revenons vers vous."},
		{En: "Thank you for writing to us. Could you tell us a little more?", Fr: "Merci de nous avoir écrit. Pouvez-vous nous en dire un peu plus\u202f?"},
		{En: "Thank you, that is good to know.", Fr: "Merci à vous, c’est bon à savoir."},
		{En: "Good to read you, thank you!", Fr: "C’est un plaisir de vous lire, merci\u202f!"},
		{En: "Noted, thank you.", Fr: "C’est noté, merci."},
	},
	social.Tu: {
		{En: "Thank you for your message! We are looking into it and will come back to you.", Fr: "Merci pour ton message\u202f! On regarde et on revient vers toi."},
		{En: "Thank you for writing to us. Could you tell us a little more?", Fr: "Merci de nous avoir écrit. Tu peux nous en dire un peu plus\u202f?"},
		{En: "Thank you, that is good to know.", Fr: "Merci à toi, c’est bon à savoir."},
		{En: "Good to read you, thank you!", Fr: "C’est un plaisir de te lire, merci\u202f!"},
		{En: "Noted, thank you.", Fr: "C’est noté, merci."},
	},
}

// Replies proposes saved replies and past answers that share words with the mention, the most alike first, and sentences that
// fit any mention. Each says which of them it is.
func (Drafter) Replies(ctx context.Context, a drafting.ReplyAsk) (drafting.ReplyDraft, error) {
	about := words(a.Mention.Title + "\n" + a.Mention.Text)
	var saved, past, line []social.Suggestion
	for _, r := range alike(a.Line.Replies, func(r string) string { return r }, about) {
		saved = append(saved, social.Suggestion{Text: r, Basis: social.OnSaved, Source: drafting.Beginning(r)})
	}
	for _, p := range alike(a.Past, func(p drafting.Answered) string { return p.Said }, about) {
		past = append(past, social.Suggestion{Text: p.Answer, Basis: social.OnPast, Source: p.To})
	}
	address := a.Line.Address
	if address == social.NoAddress {
		address = social.Vous
	}
	for _, t := range kind[address] {
		line = append(line, social.Suggestion{Text: t.In(a.Locale()), Basis: social.OnLine})
	}
	var out []social.Suggestion
	add := func(from []social.Suggestion, most int) {
		for _, x := range from {
			if most > 0 && len(out) < replies && usable(x, a, out) {
				out, most = append(out, x), most-1
			}
		}
	}
	add(saved, mostSaved)
	add(past, mostPast)
	add(line, replies)
	for i := range out {
		out[i].Number = int64(i + 1)
	}
	return drafting.ReplyDraft{Suggestions: out}, ctx.Err()
}

// usable reports whether x may be proposed beside those that are.
func usable(x social.Suggestion, a drafting.ReplyAsk, beside []social.Suggestion) bool {
	same := slices.ContainsFunc(beside, func(o social.Suggestion) bool {
		return slices.Equal(social.Words(o.Text), social.Words(x.Text))
	})
	return !same && drafting.Fits(x.Text, a.Limits) == "" && drafting.Off(x.Text, a.Line) == ""
}

// alike lists those of all whose text shares words with about, the most first, then in their order.
func alike[T any](all []T, text func(T) string, about map[string]bool) []T {
	type near struct {
		of     T
		shared int
	}
	var found []near
	for _, x := range all {
		n := 0
		for w := range words(text(x)) {
			if about[w] {
				n++
			}
		}
		if n > 0 {
			found = append(found, near{x, n})
		}
	}
	sort.SliceStable(found, func(i, j int) bool { return found[i].shared > found[j].shared })
	out := make([]T, len(found))
	for i, f := range found {
		out[i] = f.of
	}
	return out
}

// common are long words that say nothing of what a text is about, folded.
var common = []string{"avec", "bien", "bonjour", "bonsoir", "cette", "dans", "elle", "elles", "etre", "mais", "merci", "nous", "pour",
	"quand", "sont", "tout", "tous", "tres", "vous", "votre", "vos", "about", "from", "have", "hello", "please", "thank", "thanks", "that",
	"this", "very", "what", "when", "will", "with", "would", "your"}

// words are those of text that say what it is about.
func words(text string) map[string]bool {
	out := map[string]bool{}
	for _, w := range social.Words(text) {
		if utf8.RuneCountInString(w) >= longWord && !slices.Contains(common, w) {
			out[w] = true
		}
	}
	return out
}
