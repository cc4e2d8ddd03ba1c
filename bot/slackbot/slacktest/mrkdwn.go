package slacktest

import (
	"regexp"
	"slices"
	"strings"
)

// pings is whom a message notifies. The mutex is held.
func (r reader) pings(m *message) []string {
	var all []string
	add := func(name string) {
		if !slices.Contains(all, name) {
			all = append(all, name)
		}
	}
	inText := func(text string) {
		for _, s := range bracketed.FindAllStringSubmatch(text, -1) {
			if strings.HasPrefix(s[1], "@") || strings.HasPrefix(s[1], "!") && !strings.HasPrefix(s[1], "!date") {
				add(r.token(s[1]))
			}
		}
	}
	var walk func(v any)
	walk = func(v any) {
		switch x := v.(type) {
		case []any:
			for _, item := range x {
				walk(item)
			}
		case Object:
			switch x["type"] {
			case "mrkdwn", "markdown":
				inText(str(x, "text"))
			case "user":
				add("@" + r.person(str(x, "user_id")))
			case "usergroup":
				add("@" + str(x, "usergroup_id"))
			case "broadcast":
				add("@" + str(x, "range"))
			}
			for _, item := range x {
				walk(item)
			}
		}
	}
	walk(m.all().list())
	if len(m.blocks) == 0 {
		inText(m.text)
	}
	return all
}

// token is what stands in angle brackets in mrkdwn, and marks around words.
var (
	bracketed = regexp.MustCompile(`<([^<>\n]+)>`)
	marked    = regexp.MustCompile(`(^|[\s(«“"'\[:—–-])([*_~])(\S|\S[^\n]*?\S)([*_~])($|[\s.,;:!?)»”"'\]—–-])`)
)

// mrkdwn is mrkdwn as it is shown.
func (r reader) mrkdwn(text string) string {
	var b strings.Builder
	for i, part := range strings.Split(text, "`") {
		if i%2 == 1 { // inside code nothing is a mark
			b.WriteString("`" + part + "`")
			continue
		}
		for range 3 { // marks inside marks
			part = marked.ReplaceAllStringFunc(part, func(s string) string {
				m := marked.FindStringSubmatch(s)
				if m[2] != m[4] {
					return s
				}
				return m[1] + m[3] + m[5]
			})
		}
		b.WriteString(part)
	}
	return unescape(bracketed.ReplaceAllStringFunc(b.String(), func(s string) string { return r.token(s[1 : len(s)-1]) }))
}

// token is what stands in angle brackets.
func (r reader) token(s string) string {
	target, label, labelled := strings.Cut(s, "|")
	switch {
	case strings.HasPrefix(target, "@"):
		return "@" + r.person(target[1:])
	case strings.HasPrefix(target, "#"):
		return "#" + r.channel(target[1:])
	case strings.HasPrefix(target, "!date"):
		return label
	case strings.HasPrefix(target, "!"):
		return "@" + target[1:]
	case labelled:
		return label + " <" + target + ">"
	}
	return target
}

func (r reader) person(id string) string {
	if r.w != nil {
		if p := r.w.person(id); p != nil {
			return p.Name
		}
	}
	return id
}

func (r reader) channel(id string) string {
	if r.w != nil {
		if c := r.w.byID(id); c != nil {
			return c.Name
		}
	}
	return id
}
