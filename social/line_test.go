package social_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"griot/i18n"
	"griot/social"
)

func said(all []social.Problem) []string {
	var out []string
	for _, p := range all {
		out = append(out, p.Field+": "+p.Say.In(i18n.Fr))
	}
	return out
}

func TestWhatALineBans(t *testing.T) {
	t.Parallel()
	lines := []social.Line{{Banned: []string{"pas cher", "Promo", "cœur"}}, {Banned: []string{"promo", "cheap"}}}
	v := social.Variant{Account: social.Account{Handle: "@maison"}, Parts: []social.Part{
		{Text: "Une PROMO : pas  chers ici, mais promotion, à contrecœur"}, // "pas chers" is another word
		{Text: "Pas cher !", Media: []social.Media{{Alt: "Un coeur"}}}}}
	want := []string{
		"text: @maison\u202f: la ligne éditoriale écarte «\u202fPromo\u202f». Dites-le autrement, ou changez la ligne avec /ligne.",
		"text: @maison\u202f: la ligne éditoriale écarte «\u202fpas cher\u202f». Dites-le autrement, ou changez la ligne avec /ligne.",
		"alt: @maison\u202f: la ligne éditoriale écarte «\u202fcœur\u202f», qui figure dans la description d’une image. Dites-le autrement, ou changez la ligne avec /ligne.",
	}
	if diff := cmp.Diff(want, said(social.Banned(v, lines))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got := social.Banned(v, nil); got != nil {
		t.Errorf("without a line: %v", said(got))
	}
}

func TestWhatALineAsksFor(t *testing.T) {
	t.Parallel()
	fr := social.Line{Locale: "fr", Required: []string{"#MaisonLéon", "fait main"}}
	en := social.Line{Locale: "en", Required: []string{"handmade"}}
	for _, c := range []struct {
		text  string
		lines []social.Line
		want  int
	}{
		{"Bonjour", []social.Line{fr}, 2},
		{"Bonjour, fait main #maisonleon", []social.Line{fr}, 0},
		{"Hello, Handmade", []social.Line{fr, en}, 0},
		{"Bonjour, fait main", []social.Line{fr, en}, 1},
		{"Bonjour", []social.Line{fr, {Locale: "en"}}, 2}, // a line that asks for nothing excuses nobody
		{"Bonjour", []social.Line{{Locale: "en"}}, 0},
		{"Bonjour", nil, 0},
	} {
		v := social.Variant{Parts: []social.Part{{Text: c.text}}}
		if got := social.Missing(v, c.lines); len(got) != c.want {
			t.Errorf("%q: %q, want %d", c.text, said(got), c.want)
		}
	}
	split := social.Variant{Parts: []social.Part{{Text: "Fait main"}, {Text: "#MaisonLéon"}}}
	if got := social.Missing(split, []social.Line{fr}); got != nil {
		t.Errorf("over the parts of a thread: %q", said(got))
	}
}

// An answer may not hold what the line bans, and need not hold what it asks of every post.
func TestAnAnswerIsNotAskedForAPostsWords(t *testing.T) {
	t.Parallel()
	lines := []social.Line{{Locale: "fr", Banned: []string{"promo"}, Required: []string{"fait main"}}}
	v := social.Variant{Account: social.Account{Network: "mastodon", Limits: social.Limits{Length: 500, Unit: social.Graphemes, Parts: 1}},
		Parts: []social.Part{{Text: "Merci, la promo dure"}}}
	for name, c := range map[string]struct {
		post social.Post
		want []string
	}{
		"a post":    {social.Post{}, []string{"promo", "fait main"}},
		"an answer": {social.Post{Answers: "mnt1"}, []string{"promo"}},
	} {
		got := said(social.Sheet{Post: c.post, Lines: lines}.Check(v))
		if len(got) != len(c.want) {
			t.Errorf("%s: %q, want one about each of %q", name, got, c.want)
			continue
		}
		for i, w := range c.want {
			if !strings.Contains(got[i], w) {
				t.Errorf("%s: %q, want it to name %q", name, got[i], w)
			}
		}
	}
}
