package discordtest

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// What stands in Discord's markdown. Source: docs.discord.com/developers/reference, message formatting; and
// support.discord.com, Markdown Text 101.
var (
	escaped  = regexp.MustCompile(`\\([^A-Za-z0-9\s])`)
	token    = regexp.MustCompile(`<(@&|@!?|#|t:|/)([^<>\n]+)>`)
	bareLink = regexp.MustCompile(`<(https?://[^<>\s]+)>`)
	linked   = regexp.MustCompile(`\[([^\[\]\n]+)\]\(<?(https?://[^\s()<>]+)>?(?: "[^"]*")?\)`)
	marked   = regexp.MustCompile(`\*\*\*(\S[^\n]*?)\*\*\*|\*\*(\S[^\n]*?)\*\*|__(\S[^\n]*?)__|~~(\S[^\n]*?)~~` +
		`|\|\|(\S[^\n]*?)\|\||\*(\S[^*\n]*?)\*|\b_(\S[^_\n]*?)_\b`)
	heading   = regexp.MustCompile(`^(?:#{1,3}|-#) (.*)$`)
	bullet    = regexp.MustCompile(`^(\s*)[-*] (.*)$`)
	codeParts = regexp.MustCompile("(?s)```.*?```|`[^`\n]*`")
)

// privateUse is where escaped characters hide while marks are taken away.
const privateUse = 0xE000

// text is markdown as it is shown, line by line.
func (r reader) text(text string) []string {
	var b strings.Builder
	last := 0
	for _, at := range codeParts.FindAllStringIndex(text, -1) {
		if at[0] > 0 && text[at[0]-1] == '\\' {
			continue
		}
		b.WriteString(r.plain(text[last:at[0]]))
		b.WriteString(text[at[0]:at[1]])
		last = at[1]
	}
	b.WriteString(r.plain(text[last:]))
	return strings.Split(strings.TrimRight(b.String(), "\n"), "\n")
}

// plain is markdown without code.
func (r reader) plain(text string) string {
	text = escaped.ReplaceAllStringFunc(text, func(s string) string {
		c := []rune(s)[1]
		if c >= 0x80 {
			return s
		}
		return string(rune(privateUse) + c)
	})
	lines := strings.Split(text, "\n")
	for i, l := range lines {
		if m := heading.FindStringSubmatch(l); m != nil {
			l = m[1]
		} else if m := bullet.FindStringSubmatch(l); m != nil {
			l = m[1] + "• " + m[2]
		}
		lines[i] = l
	}
	text = linked.ReplaceAllString(strings.Join(lines, "\n"), "$1 <$2>")
	text = token.ReplaceAllStringFunc(text, r.token)
	text = bareLink.ReplaceAllString(text, "<$1>")
	for range 3 { // marks inside marks
		text = marked.ReplaceAllStringFunc(text, func(s string) string { return strings.Join(marked.FindStringSubmatch(s)[1:], "") })
	}
	return strings.Map(func(c rune) rune {
		if c >= privateUse && c < privateUse+0x80 {
			return c - privateUse
		}
		return c
	}, text)
}

// token is what stands in angle brackets, as it is shown.
func (r reader) token(s string) string {
	m := token.FindStringSubmatch(s)
	switch m[1] {
	case "@", "@!":
		return "@" + r.person(m[2])
	case "@&":
		return "@" + r.role(m[2])
	case "#":
		if r.s != nil {
			if c := r.s.channel(m[2]); c != nil {
				return "#" + c.Name
			}
		}
		return "#" + m[2]
	case "/":
		name, _, _ := strings.Cut(m[2], ":")
		return "/" + name
	}
	return r.when(m[2])
}

// layouts of instants by their style.
var layouts = map[string]string{
	"t": "15:04", "T": "15:04:05", "d": "02/01/2006", "D": "2 January 2006", "f": "2 January 2006 15:04", "F": "Monday 2 January 2006 15:04",
}

// when is an instant in words, in UTC.
func (r reader) when(s string) string {
	seconds, style, _ := strings.Cut(s, ":")
	n, err := strconv.ParseInt(seconds, 10, 64)
	if err != nil {
		return "<t:" + s + ">"
	}
	if style == "R" && r.s != nil {
		d := time.Unix(n, 0).Sub(r.s.Now()).Round(time.Minute)
		if d < 0 {
			return (-d).String() + " ago"
		}
		return "in " + d.String()
	}
	layout := layouts[style]
	if layout == "" {
		layout = layouts["f"]
	}
	return time.Unix(n, 0).UTC().Format(layout)
}

func (r reader) person(id string) string {
	if r.s != nil {
		if id == r.s.App.ID {
			return "griot"
		}
		if p := find(r.s.people, func(p *Person) bool { return p.ID == id }); p != nil {
			return p.Name
		}
	}
	return id
}

func (r reader) role(id string) string {
	if r.s != nil {
		for _, g := range r.s.order {
			if x := find(g.roles, func(x *Role) bool { return x.ID == id }); x != nil {
				return x.Name
			}
		}
	}
	return id
}

// Whom messages may notify when nobody says: those of people and bots everybody, those of interactions people only.
var (
	everybody  = Object{"parse": []any{"users", "roles", "everyone"}}
	onlyPeople = Object{"parse": []any{"users"}}
)

// pinged is whom a new message notifies: whom it names and is allowed to. Marks and code are not looked at: whether they stop a
// notification is not documented. The mutex is held.
func (m *message) pinged() []string {
	if m.to != nil || m.flags&(thinking|silentMessage) != 0 {
		return nil
	}
	allowed := m.allowed
	if allowed == nil {
		allowed = everybody
	}
	parse, r := texts(allowed["parse"]), m.s.reader()
	var all []string
	add := func(name string) {
		if !slices.Contains(all, name) {
			all = append(all, name)
		}
	}
	said := m.said()
	for _, t := range token.FindAllStringSubmatch(said, -1) {
		switch {
		case (t[1] == "@" || t[1] == "@!") && (slices.Contains(parse, "users") || slices.Contains(texts(allowed["users"]), t[2])):
			add("@" + r.person(t[2]))
		case t[1] == "@&" && (slices.Contains(parse, "roles") || slices.Contains(texts(allowed["roles"]), t[2])):
			add("@" + r.role(t[2]))
		}
	}
	for _, word := range []string{"@everyone", "@here"} {
		if strings.Contains(said, word) && slices.Contains(parse, "everyone") && (m.by != nil || m.c.bot()&MentionEveryone != 0) {
			add(word)
		}
	}
	if first := m.c.message(m.answers); first != nil && first.by != nil && yes(true, allowed, "replied_user") {
		add("@" + first.by.Name)
	}
	return all
}

// said is what of a message may notify: its content and its texts.
func (m *message) said() string {
	all := []string{m.content}
	Components(objects(m.parts)).each(func(o Object) {
		if num(o, "type") == textKind {
			all = append(all, str(o, "content"))
		}
	})
	return strings.Join(all, "\n")
}
