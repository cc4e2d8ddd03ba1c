package social_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"griot/social"
)

func TestTheFirstRuleThatFitsDecides(t *testing.T) {
	t.Parallel()
	said := func(text string) social.Mention { return social.Mention{Network: "mastodon", Text: text} }
	by := func(handle string) social.Mention { return social.Mention{Author: social.Author{Handle: handle}} }
	in := func(language string) social.Mention { return social.Mention{Language: language} }
	words := func(w ...string) social.Condition { return social.Condition{Words: w} }
	authors := func(a ...string) social.Condition { return social.Condition{Authors: a} }
	for name, c := range map[string]struct {
		rules []social.Condition
		m     social.Mention
		want  int // from 1; 0: none
	}{
		"no rule":                              {nil, said("colis"), 0},
		"an empty condition fits all":          {[]social.Condition{{}}, social.Mention{}, 1},
		"the order counts":                     {[]social.Condition{words("perdu"), words("colis"), {}}, said("colis perdu"), 1},
		"the second when the first is not":     {[]social.Condition{words("perdu"), words("colis"), {}}, said("mon colis"), 2},
		"the last for what is left":            {[]social.Condition{words("perdu"), {}}, said("bonjour"), 2},
		"any of the words":                     {[]social.Condition{words("livraison", "colis")}, said("Mon COLIS !"), 1},
		"accents do not count":                 {[]social.Condition{words("pâté")}, said("une pate"), 1},
		"nor where the word has none":          {[]social.Condition{words("pate")}, said("un Pâté."), 1},
		"whole words":                          {[]social.Condition{words("tat")}, said("l’état"), 0},
		"a word after an apostrophe":           {[]social.Condition{words("état")}, said("l’État"), 1},
		"a word at the end":                    {[]social.Condition{words("colis")}, said("où est mon colis"), 1},
		"phrases that overlap":                 {[]social.Condition{words("bleue perdue"), words("carte bleue")}, said("carte bleue perdue"), 1},
		"a phrase in a hashtag":                {[]social.Condition{words("crédit agricole")}, said("#CréditAgricole"), 1},
		"a word of the title":                  {[]social.Condition{words("rappel")}, social.Mention{Title: "Rappel de produit"}, 1},
		"no phrase over title and text":        {[]social.Condition{words("rappel produit")}, social.Mention{Title: "Rappel", Text: "produit"}, 0},
		"words without a word fit nothing":     {[]social.Condition{words("!!")}, said("!!"), 0},
		"a network":                            {[]social.Condition{{Networks: []string{"bluesky", "mastodon"}}}, said(""), 1},
		"another network":                      {[]social.Condition{{Networks: []string{"bluesky"}}}, said(""), 0},
		"words and network":                    {[]social.Condition{{Words: []string{"colis"}, Networks: []string{"bluesky"}}}, said("colis"), 0},
		"an author":                            {[]social.Condition{authors("@lea@social.example")}, by("@Lea@Social.example"), 1},
		"an author without @":                  {[]social.Condition{authors("lea@social.example")}, by("@lea@social.example"), 1},
		"an author on any server":              {[]social.Condition{authors("@lea")}, by("@lea@social.example"), 1},
		"an author on another server":          {[]social.Condition{authors("@lea@other.example")}, by("@lea@social.example"), 0},
		"a server said, and none to be seen":   {[]social.Condition{authors("@lea@social.example")}, by("@lea"), 0},
		"an author whose name only begins so":  {[]social.Condition{authors("@le")}, by("@lea"), 0},
		"an author whom nobody knows":          {[]social.Condition{authors("@")}, by(""), 0},
		"a language":                           {[]social.Condition{{Languages: []string{"fr"}}}, in("fr-CA"), 1},
		"another language":                     {[]social.Condition{{Languages: []string{"fr"}}}, in("en"), 0},
		"a language that is not known":         {[]social.Condition{{Languages: []string{"fr"}}}, in(""), 0},
		"a language said as nothing fits none": {[]social.Condition{{Languages: []string{""}}}, in(""), 0},
	} {
		got := 0
		if r, ok := social.NewBook(inOrder(c.rules)).Decide(c.m); ok {
			got = int(r.Position)
		}
		if got != c.want {
			t.Errorf("%s: rule %d, want %d", name, got, c.want)
		}
	}
	if r, ok := new(social.Book).Decide(said("colis")); ok {
		t.Errorf("an empty book decides %+v", r)
	}
}

func inOrder(ifs []social.Condition) []social.Rule {
	var out []social.Rule
	for i, c := range ifs {
		out = append(out, social.Rule{Position: int64(i + 1), If: c})
	}
	return out
}

// TestDecideIsReadingRuleByRule compares with reading every rule, and every word of it, one after the other.
func TestDecideIsReadingRuleByRule(t *testing.T) {
	t.Parallel()
	some := func(of ...string) *rapid.Generator[[]string] { return rapid.SliceOfN(rapid.SampledFrom(of), 0, 2) }
	condition := rapid.Custom(func(t *rapid.T) social.Condition {
		return social.Condition{Words: rapid.SliceOfN(text(), 0, 3).Draw(t, "words"), Networks: some("a", "b").Draw(t, "networks"),
			Authors: some("lea", "@lea@x", "tom").Draw(t, "authors"), Languages: some("fr", "en").Draw(t, "languages")}
	})
	rapid.Check(t, func(t *rapid.T) {
		all := inOrder(rapid.SliceOfN(condition, 0, 6).Draw(t, "rules"))
		m := social.Mention{Title: text().Draw(t, "title"), Text: text().Draw(t, "text"), Network: rapid.SampledFrom([]string{"a", "b", "c"}).Draw(t, "network"),
			Author:   social.Author{Handle: rapid.SampledFrom([]string{"", "@lea", "@lea@x", "lea@y", "@tom@x"}).Draw(t, "author")},
			Language: rapid.SampledFrom([]string{"", "fr", "en", "de"}).Draw(t, "language")}
		m.Title, m.Text = untagged(m.Title), untagged(m.Text)
		i := slices.IndexFunc(all, func(r social.Rule) bool { return slowly(r.If, m) })
		r, ok := social.NewBook(all).Decide(m)
		if want := int64(i + 1); ok != (i >= 0) || r.Position != want {
			t.Fatalf("rule %d (%v), want %d", r.Position, ok, want)
		}
	})
}

// slowly reads a condition word by word.
func slowly(c social.Condition, m social.Mention) bool {
	one := func(of []string, fits func(string) bool) bool { return len(of) == 0 || slices.ContainsFunc(of, fits) }
	return one(c.Words, func(w string) bool { return stands(w, m.Title) || stands(w, m.Text) }) &&
		one(c.Networks, func(n string) bool { return n == m.Network }) &&
		one(c.Languages, func(l string) bool { return l == m.Language }) &&
		one(c.Authors, func(a string) bool {
			a, h := strings.TrimPrefix(a, "@"), strings.TrimPrefix(m.Author.Handle, "@")
			return a == h || !strings.Contains(a, "@") && strings.HasPrefix(h, a+"@")
		})
}

// BenchmarkDecide is the decision over 100 rules with 1 000 words: what the matcher alone costs is BenchmarkMatch.
func BenchmarkDecide(b *testing.B) {
	var all []social.Rule
	for chunk := range slices.Chunk(thousand(), 10) {
		all = append(all, social.Rule{Name: fmt.Sprint(len(all)), If: social.Condition{Words: chunk, Networks: []string{"mastodon"}}})
	}
	book, said := social.NewBook(all), usualPosts()
	b.ReportAllocs()
	n := 0
	for b.Loop() {
		book.Decide(social.Mention{Network: "mastodon", Author: social.Author{Handle: "@lea@social.example"}, Language: "fr", Text: said[n%len(said)]})
		n++
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "posts/s")
}
