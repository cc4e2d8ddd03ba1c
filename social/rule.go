package social

import (
	"slices"
	"strings"
)

// Rule decides what happens to a mention. The rules of a brand are ordered: the first one that fits decides alone.
type Rule struct {
	ID, TeamID, BrandID string
	Position            int64 // from 1
	Name                string
	If                  Condition
	Then                Effects
	Rev                 int64
}

// Condition says which mentions a rule is for. Every list that is not empty must have one that fits; an empty Condition fits all.
type Condition struct {
	Words     []string `json:"words,omitempty"`     // whole words or phrases, whatever case and accents
	Networks  []string `json:"networks,omitempty"`  // connectors' ids
	Authors   []string `json:"authors,omitempty"`   // handles, with or without @
	Languages []string `json:"languages,omitempty"` // two letters
}

// Effects are what a rule does with a mention.
type Effects struct {
	Room     Room     `json:"room,omitzero"` // zero: the brand's channels for mentions
	Label    string   `json:"label,omitempty"`
	Priority Priority `json:"priority,omitempty"`
	Mute     bool     `json:"mute,omitempty"`  // keep it, show it in no channel
	Quiet    bool     `json:"quiet,omitempty"` // no suggestions
}

// Book is the rules of a brand, made ready for deciding about many mentions. It may be used by several at once. Its zero value
// has no rule.
type Book struct {
	rules []Rule
	ifs   []condition // one for each of rules
	words Index       // of all rules
	of    []int       // whose word each term of words is, by its place in rules
}

// condition is a Condition made ready.
type condition struct {
	worded    bool // one of its words must stand in the mention
	networks  []string
	languages []string
	authors   []account
}

// account is what a handle says: a name, and on which server when that was said.
type account struct{ name, server string }

// NewBook makes a book of rules, the first one first.
func NewBook(rules []Rule) *Book {
	b := &Book{rules: rules}
	var terms []string
	for i, r := range rules {
		c := condition{worded: len(r.If.Words) > 0, networks: r.If.Networks}
		for _, w := range r.If.Words {
			terms, b.of = append(terms, w), append(b.of, i)
		}
		for _, l := range r.If.Languages {
			c.languages = append(c.languages, mainLanguage(l))
		}
		for _, a := range r.If.Authors {
			c.authors = append(c.authors, handle(a))
		}
		b.ifs = append(b.ifs, c)
	}
	b.words = *NewIndex(terms)
	return b
}

// Decide returns the first rule that fits m; false when none does. It looks at the title and the text, the network, the
// author's handle and the language, and at nothing else. A phrase must stand whole in the title or whole in the text. An author
// named without a server ("@lea") is whoever has that name on any server; one named with it ("@lea@social.example") is that one
// alone. While the language of m is not known, no condition on the language fits.
func (b *Book) Decide(m Mention) (Rule, bool) {
	var room [64]int
	said := room[:0]
	if len(b.of) > 0 {
		said = b.words.match(b.words.match(said, m.Title), m.Text)
	}
	who, language := handle(m.Author.Handle), mainLanguage(m.Language)
	for i, c := range b.ifs {
		if c.fits(m.Network, language, who) && (!c.worded || slices.ContainsFunc(said, func(t int) bool { return b.of[t] == i })) {
			return b.rules[i], true
		}
	}
	return Rule{}, false
}

// fits is about everything but words.
func (c condition) fits(network, language string, who account) bool {
	return (len(c.networks) == 0 || slices.Contains(c.networks, network)) &&
		(len(c.languages) == 0 || language != "" && slices.Contains(c.languages, language)) &&
		(len(c.authors) == 0 || slices.ContainsFunc(c.authors, who.is))
}

func (a account) is(named account) bool {
	return a.name != "" && strings.EqualFold(a.name, named.name) && (named.server == "" || strings.EqualFold(a.server, named.server))
}

// handle reads "@lea@social.example", with or without the first @.
func handle(said string) account {
	name, server, _ := strings.Cut(strings.TrimPrefix(strings.TrimSpace(said), "@"), "@")
	return account{name, server}
}

// mainLanguage is "fr" of "fr-CA".
func mainLanguage(tag string) string {
	if i := strings.IndexAny(tag, "-_"); i >= 0 {
		tag = tag[:i]
	}
	return strings.ToLower(strings.TrimSpace(tag))
}
