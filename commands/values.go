package commands

import (
	"slices"
	"strings"
	"unicode/utf8"

	"griot/chat"
	"griot/fault"
	"griot/i18n"
)

// Accept checks values that a chat or a form has parsed already, and reads them as Parse would: choices by any of their
// names, lists by their commas. Names that neither
// the command nor its form has are dropped. Errors: Invalid faults with their Field.
func Accept(c Command, given chat.Values) (chat.Values, error) {
	v := chat.Values{}
	for _, o := range c.Options {
		for _, one := range given[o.Name] {
			if o.kind() == chat.Secret {
				v[o.Name] = append(v[o.Name], one)
				continue
			}
			if err := add(v, o, one); err != nil {
				return nil, err
			}
		}
	}
	for name, words := range given {
		if c.Beside != "" && strings.HasPrefix(name, c.Beside) {
			v[name] = words
		}
	}
	return v, nil
}

// Missing lists the required options that v has no words for.
func Missing(c Command, v chat.Values) []Option {
	var out []Option
	for _, o := range c.Options {
		if o.Required && !said(v, o.Name) && !said(v, o.Unless) {
			out = append(out, o)
		}
	}
	return out
}

// said reports whether v has words for an option.
func said(v chat.Values, name string) bool {
	return slices.ContainsFunc(v[name], func(s string) bool { return strings.TrimSpace(s) != "" })
}

// Needed reports whether the option must be given whatever else is.
func (o Option) Needed() bool { return o.Required && o.Unless == "" }

// put is add for what was typed on a line, where an option stands once and some may not stand at all.
func put(v chat.Values, o Option, said string) error {
	switch o.kind() {
	case chat.Secret:
		return fault.In(o.Name, errSecret)
	case chat.Files:
		return fault.In(o.Name, errAttach)
	}
	if _, twice := v[o.Name]; twice && o.kind() != chat.Many {
		return fault.In(o.Name, errTwice, names{o})
	}
	return add(v, o, said)
}

// add reads one value of o into v.
func add(v chat.Values, o Option, said string) error {
	if o.Max > 0 && o.kind() != chat.Files && utf8.RuneCountInString(said) > o.Max {
		return fault.In(o.Name, errLong, names{o}, utf8.RuneCountInString(said), o.Max)
	}
	all := []string{said}
	if o.kind() == chat.Many {
		all = listed(said)
	}
	v[o.Name] = slices.Grow(v[o.Name], 1) // given, be it empty
	for _, one := range all {
		one, err := o.choose(trim(one))
		if err != nil {
			return err
		}
		if o.kind() != chat.Many || (one != "" && !slices.Contains(v[o.Name], one)) {
			v[o.Name] = append(v[o.Name], one)
		}
	}
	return nil
}

// listed parts what was typed for an option of many.
func listed(said string) []string { return strings.FieldsFunc(said, isComma) }

func isComma(r rune) bool { return strings.ContainsRune(",;，、\n", r) }

// choose reads one of fixed choices by its value or its name in any language.
func (o Option) choose(said string) (string, error) {
	if len(o.Choices) == 0 || said == "" {
		return said, nil
	}
	var words []string
	by := map[string]string{}
	for _, c := range o.Choices {
		for _, w := range []string{c.Value, c.Name.En, c.Name.Fr} {
			w = fold(w)
			words, by[w] = append(words, w), c.Value
		}
	}
	if value, ok := by[fold(said)]; ok {
		return value, nil
	}
	if near := nearest(fold(said), words); near != "" {
		return "", fault.In(o.Name, errNearChoice, said, choiceName{o, by[near]}, choices{o})
	}
	return "", fault.In(o.Name, errChoice, said, choices{o})
}

// names is an option's name in the reader's language.
type names struct{ o Option }

// In writes it.
func (n names) In(l i18n.Locale, _ ...any) string { return n.o.In(l) }

// choices lists what an option takes, as the reader would type it.
type choices struct{ o Option }

// In writes it.
func (c choices) In(l i18n.Locale, _ ...any) string {
	out := make([]string, len(c.o.Choices))
	for i, one := range c.o.Choices {
		out[i] = one.typed(l)
	}
	return strings.Join(out, ", ")
}

// choiceName is one choice, as the reader would type it.
type choiceName struct {
	o     Option
	value string
}

// In writes it.
func (c choiceName) In(l i18n.Locale, _ ...any) string {
	for _, one := range c.o.Choices {
		if one.Value == c.value {
			return one.typed(l)
		}
	}
	return c.value
}
