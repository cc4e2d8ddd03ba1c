package commands

import (
	"regexp"
	"strings"
	"unicode"

	"griot/chat"
	"griot/fault"
	"griot/i18n"
)

// Parse reads a whole line as it is typed after the slash, in any language: the command's words, then its options, each
// name:value with the value bare or in any pair of quotes. Words without a name are the first option's. A slash or the
// word griot before it are ignored. Errors are Invalid faults that show the nearest right form; Field is the option when
// one is wrong.
func (r *Registry) Parse(line string) (Command, chat.Values, error) {
	line = strings.TrimLeftFunc(strings.TrimLeftFunc(line, unicode.IsSpace), func(c rune) bool { return c == '/' })
	if word, rest := cutWord(line); fold(word) == "griot" && rest != "" {
		line = rest
	}
	c, rest, ok := r.match(line)
	if !ok {
		return Command{}, nil, r.unknown(line)
	}
	v, err := c.parse(rest)
	return c, v, err
}

// match finds the longest command that line begins with.
func (r *Registry) match(line string) (Command, string, bool) {
	words, rests := []string{}, []string{}
	for rest := line; rest != "" && len(words) < 3; {
		var w string
		w, rest = cutWord(rest)
		words, rests = append(words, w), append(rests, rest)
	}
	for n := len(words); n > 0; n-- {
		if i, ok := r.byName[fold(strings.Join(words[:n], " "))]; ok {
			return r.all[i], rests[n-1], true
		}
	}
	return Command{}, "", false
}

func cutWord(s string) (word, rest string) {
	s = strings.TrimLeftFunc(s, unicode.IsSpace)
	if i := strings.IndexFunc(s, unicode.IsSpace); i >= 0 {
		return s[:i], strings.TrimLeftFunc(s[i:], unicode.IsSpace)
	}
	return s, ""
}

// named is a word followed by a colon: the start of an option.
var named = regexp.MustCompile(`^([\p{L}\p{M}\p{N}_-]+)[\s\x{a0}\x{202f}]*[:：]`)

// inside is the same amid bare words: nothing stands before its colon.
var inside = regexp.MustCompile(`[\s\x{a0}\x{202f}]([\p{L}\p{M}\p{N}_-]+)[:：]`)

func (c Command) option(name string) (Option, bool) {
	name = fold(name)
	for _, o := range c.Options {
		for _, n := range o.names() {
			if n == name {
				return o, true
			}
		}
	}
	return Option{}, false
}

func (c Command) parse(rest string) (chat.Values, error) {
	v := chat.Values{}
	for {
		if rest = strings.TrimLeftFunc(rest, unicode.IsSpace); rest == "" {
			return v, nil
		}
		o, value, ok, err := c.head(rest, len(v) > 0)
		if err != nil {
			return nil, err
		}
		if !ok {
			if o, err = c.first(rest, v); err != nil {
				return nil, err
			}
			value = rest
		}
		var said string
		if said, rest, err = c.value(value); err != nil {
			return nil, err
		}
		if err := put(v, o, said); err != nil {
			return nil, err
		}
	}
}

// head reads an option's name at the start of rest. A name that is none is refused where only an option can stand, where
// a quote follows it, and where it looks like a slip.
func (c Command) head(rest string, options bool) (o Option, value string, ok bool, err error) {
	m := named.FindStringSubmatch(rest)
	if m == nil {
		return Option{}, "", false, nil
	}
	after := rest[len(m[0]):]
	if o, ok = c.option(m[1]); ok {
		return o, after, true, nil
	}
	_, quoted := opens(strings.TrimLeftFunc(after, unicode.IsSpace))
	if strings.HasPrefix(after, "//") || (!options && !quoted && c.near(m[1]) == "") {
		return Option{}, "", false, nil
	}
	return Option{}, "", false, c.noSuch(m[1])
}

// first is the option that words without a name belong to.
func (c Command) first(rest string, v chat.Values) (Option, error) {
	if len(c.Options) > 0 {
		o := c.Options[0]
		_, given := v[o.Name]
		if k := o.kind(); !given && k != chat.Files && k != chat.Secret {
			return o, nil
		}
	}
	word, _ := cutWord(rest)
	return Option{}, fault.New(fault.Invalid, errLeftOver, word, usage{c})
}

// value takes a value off the front of rest: in quotes to the closing one, else up to the next option.
func (c Command) value(rest string) (value, after string, err error) {
	rest = strings.TrimLeftFunc(rest, unicode.IsSpace)
	closers, quoted := opens(rest)
	if !quoted {
		return c.bare(rest)
	}
	_, size := firstRune(rest)
	body := rest[size:]
	loose := -1
	for i, r := range body {
		if !strings.ContainsRune(closers, r) {
			continue
		}
		tail := body[i+len(string(r)):]
		if c.ends(tail) {
			return trim(body[:i]), tail, nil
		}
		if loose < 0 && (tail == "" || unicode.IsSpace([]rune(tail)[0])) {
			loose = i
		}
	}
	if loose >= 0 {
		_, size := firstRune(body[loose:])
		return trim(body[:loose]), body[loose+size:], nil
	}
	return c.bare(body) // a quote that nobody closed
}

// ends reports whether a value may end before tail: at the end, or before another option.
func (c Command) ends(tail string) bool {
	next := strings.TrimLeftFunc(tail, unicode.IsSpace)
	if next == "" {
		return true
	}
	m := named.FindStringSubmatch(next)
	if m == nil || next == tail {
		return false
	}
	_, ok := c.option(m[1])
	return ok
}

// bare takes words up to the next option.
func (c Command) bare(rest string) (value, after string, err error) {
	for from := 0; ; {
		m := inside.FindStringSubmatchIndex(rest[from:])
		if m == nil {
			return trim(rest), "", nil
		}
		start, end := from+m[2], from+m[3]
		if _, ok := c.option(rest[start:end]); ok {
			return trim(rest[:start]), rest[start:], nil
		}
		if _, quoted := opens(strings.TrimLeftFunc(rest[from+m[1]:], unicode.IsSpace)); quoted {
			return "", "", c.noSuch(rest[start:end])
		}
		from = end
	}
}

// opens reports whether s begins with an opening quote, and what closes it. People and telephones mix the pairs.
func opens(s string) (closers string, ok bool) {
	r, _ := firstRune(s)
	switch r {
	case '"', '“', '”', '„', '＂':
		return "\"“”＂", true
	case '«':
		return "»", true
	case '‹':
		return "›", true
	case '\'', '‘', '’', '‚':
		return "'‘’", true
	}
	return "", false
}

func firstRune(s string) (rune, int) {
	for _, r := range s {
		return r, len(string(r))
	}
	return 0, 0
}

// trim drops the spaces around a value, the no-break ones of French quotes too.
func trim(s string) string { return strings.TrimFunc(s, unicode.IsSpace) }

// usage is how a command is typed, in the reader's language.
type usage struct{ c Command }

// In writes it.
func (u usage) In(l i18n.Locale, _ ...any) string { return Usage(u.c, l) }
