package blockkit

import (
	"strings"
	"unicode"
)

// Typed is what a person meant by text as Slack delivers it in commands, messages and mentions: entities are unescaped;
// mentions, channels, dates and links become what was typed. Marks (*bold*, _italic_) and quotes stay as they are. Name says
// how somebody, a channel or a group is called by its id; where it is nil or says nothing, the id stands in its place.
//
// What a person types between < and > arrives escaped, so that nobody can forge an entity. Fields of forms arrive as typed:
// they must not pass here.
// Source: docs.slack.dev, formatting message text, "Retrieving messages", read 2026-11.
func Typed(text string, name func(id string) string) string {
	var b strings.Builder
	for {
		before, rest, opens := strings.Cut(text, "<")
		b.WriteString(unescape(before))
		if !opens {
			return b.String()
		}
		inside, after, closed := strings.Cut(rest, ">")
		if meant, ok := entity(inside, name); closed && ok {
			b.WriteString(meant)
			text = after
			continue
		}
		b.WriteByte('<')
		text = rest
	}
}

// unescape undoes Slack's three escapes, once.
func unescape(text string) string { return escapes.Replace(text) }

var escapes = strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&")

// entity is what stands between < and >, without them. Not ok: it is none that Slack writes.
func entity(inside string, name func(id string) string) (meant string, ok bool) {
	target, label, _ := strings.Cut(inside, "|")
	label = unescape(label)
	if target == "" {
		return "", false
	}
	switch id := target[1:]; target[0] {
	case '@', '#':
		return target[:1] + called(id, label, name), id != ""
	case '!':
		return special(id, label, name)
	}
	return link(unescape(target), label)
}

// called is how somebody, a channel or a group is called, without the @ or # before it.
func called(id, label string, name func(id string) string) string {
	if label = strings.TrimLeft(label, "@#"); label != "" {
		return label
	}
	if name != nil {
		if n := name(id); n != "" {
			return n
		}
	}
	return id
}

// special is a mention of many people, a date, or something of Slack's that says itself what to show.
func special(what, label string, name func(id string) string) (meant string, ok bool) {
	kind, rest, _ := strings.Cut(what, "^")
	switch kind {
	case "here", "channel", "everyone", "group":
		return "@" + kind, true
	case "subteam":
		id, _, _ := strings.Cut(rest, "^")
		return "@" + called(id, label, name), true
	}
	return label, label != ""
}

// link is an address as it was typed: Slack completes what looks like one, and shows what was typed as its label. Words
// that lead somewhere are followed by where.
func link(url, label string) (meant string, ok bool) {
	scheme, rest, ok := strings.Cut(url, ":")
	if !ok {
		return "", false
	}
	address, same := url, sameAddress
	switch scheme {
	case "mailto":
		address, _, _ = strings.Cut(rest, "?")
	case "tel":
		address, same = rest, sameNumber
	}
	switch {
	case label == "":
		return address, true
	case same(label, address):
		return label, true
	}
	return label + " (" + address + ")", true
}

// sameAddress reports whether a person who typed label meant this address.
func sameAddress(label, address string) bool {
	bare := func(s string) string {
		for _, scheme := range []string{"https://", "http://"} {
			s = strings.TrimPrefix(s, scheme)
		}
		return strings.TrimSuffix(s, "/")
	}
	return strings.EqualFold(label, address) || strings.EqualFold(bare(label), bare(address))
}

// sameNumber reports whether label is this telephone number, however it is spaced.
func sameNumber(label, number string) bool {
	digits := func(s string) string {
		return strings.Map(func(r rune) rune {
			if unicode.IsDigit(r) {
				return r
			}
			return -1
		}, s)
	}
	return !strings.ContainsFunc(label, unicode.IsLetter) && digits(label) == digits(number)
}
