package playground

import (
	"regexp"
	"strings"
	"unicode"

	"griot/i18n"
)

// match finds the command a line begins with, whatever language, accents or case it is typed in. It gives the canonical name and
// the rest of the line; false when the line is no known command.
func (s *Surface) match(line string) (canonical, rest string, ok bool) {
	typed, found := strings.CutPrefix(strings.TrimSpace(line), "/")
	if !found {
		return "", "", false
	}
	longest := -1
	for _, l := range i18n.Locales {
		for _, c := range s.o.Commands(l) {
			for _, name := range []string{c.Name, c.Canonical} {
				after, ok := cutWords(typed, name)
				if n := len(strings.Fields(name)); ok && n > longest {
					canonical, rest, longest = c.Canonical, after, n
				}
			}
		}
	}
	return canonical, rest, longest >= 0
}

// cutWords takes the words of name off the front of line.
func cutWords(line, name string) (string, bool) {
	words := strings.Fields(strings.TrimPrefix(name, "/"))
	if len(words) == 0 {
		return "", false
	}
	for _, want := range words {
		line = strings.TrimLeftFunc(line, unicode.IsSpace)
		end := strings.IndexFunc(line, unicode.IsSpace)
		if end < 0 {
			end = len(line)
		}
		if i18n.Fold(line[:end]) != i18n.Fold(want) {
			return "", false
		}
		line = line[end:]
	}
	return strings.TrimSpace(line), true
}

type completionWire struct {
	Name    string           `json:"name"`
	Also    string           `json:"also,omitempty"` // the name in the other language
	Usage   string           `json:"usage,omitempty"`
	About   string           `json:"about,omitempty"`
	Options []completionHint `json:"options,omitempty"`
}

type completionHint struct {
	Canonical string `json:"canonical"`
	Name      string `json:"name"`
	About     string `json:"about,omitempty"`
	Required  bool   `json:"required,omitempty"`
	Offers    bool   `json:"offers,omitempty"`
}

// completions are the commands for a reader of l, each with the names it has elsewhere.
func (s *Surface) completions(l i18n.Locale) []completionWire {
	all := []completionWire{}
	for _, c := range s.o.Commands(l) {
		w := completionWire{Name: strings.TrimPrefix(c.Name, "/"), Also: s.elsewhere(c, l), Usage: c.Usage, About: c.About}
		for _, o := range c.Options {
			w.Options = append(w.Options, completionHint(o))
		}
		all = append(all, w)
	}
	return all
}

func (s *Surface) elsewhere(c Completion, l i18n.Locale) string {
	for _, other := range i18n.Locales {
		if other == l {
			continue
		}
		for _, o := range s.o.Commands(other) {
			if o.Canonical == c.Canonical && o.Name != c.Name {
				return strings.TrimPrefix(o.Name, "/")
			}
		}
	}
	return ""
}

// toGriot is how a person names Griot in a sentence.
var toGriot = regexp.MustCompile(`(?i)@griot\b[,:;\s]*`)

// addressed takes "@Griot" out of what somebody says; false when Griot is not named.
func addressed(text string) (string, bool) {
	at := toGriot.FindStringIndex(text)
	if at == nil {
		return text, false
	}
	if rest := strings.TrimSpace(text[:at[0]] + text[at[1]:]); rest != "" {
		return rest, true
	}
	return text, true
}
