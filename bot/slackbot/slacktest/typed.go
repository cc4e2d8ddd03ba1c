package slacktest

import (
	"regexp"
	"slices"
	"strings"
)

// escape is how Slack writes the three characters that mean something to it.
func escape(text string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(text)
}

// unescape is the other way round.
func unescape(text string) string {
	return strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&").Replace(text)
}

// emoji are a few of what people type, and what Slack makes of it.
var emoji = map[string]string{
	"😀": "grinning", "🎉": "tada", "🚀": "rocket", "👍": "+1", "👍🏽": "+1::skin-tone-4", "❤️": "heart", "☀️": "sunny", "✅": "white_check_mark",
	"📚": "books", "🙂": "slightly_smiling_face", "😂": "joy", "🙏": "pray", "🎂": "birthday", "🇫🇷": "fr", "👋": "wave", "✨": "sparkles", "🔥": "fire",
	"📷": "camera", "🌙": "crescent_moon", "👨‍👩‍👧": "man-woman-girl", "😅": "sweat_smile", "🥐": "croissant", "☕": "coffee", "🎨": "art",
}

// emojis are the keys of emoji, the longest first.
var emojis = longestFirst()

func longestFirst() []string {
	var all []string
	for k := range emoji {
		all = append(all, k)
	}
	slices.SortFunc(all, func(a, b string) int { return len(b) - len(a) })
	return all
}

// found is what Slack looks for in what is typed: addresses, names of people and channels, code, emoji.
var found = regexp.MustCompile("`[^`\n]+`" +
	`|https?://[^\s<>"]*[^\s<>".,;:!?)»’']` +
	`|[\w.+-]+@[\w-]+(?:\.[\w-]+)+` +
	`|\b(?:[a-z0-9-]+\.)+(?:com|org|net|fr|eu|io|example)\b(?:/[^\s<>"]*[^\s<>".,;:!?)»’'])?` +
	`|@[\p{L}\d._-]*[\p{L}\d]|#[\p{L}\d_-]+|` + strings.Join(quoted(emojis), "|"))

func quoted(all []string) []string {
	q := make([]string, len(all))
	for i, s := range all {
		q[i] = regexp.QuoteMeta(s)
	}
	return q
}

// piece is a part of what was typed: as text of an event, and as an element of rich text.
type piece struct {
	text    string
	element Object
}

// typed cuts what a person typed into what Slack makes of it. A command names people as <@U1|awa>, a message as <@U1>.
// The mutex is held.
func (p *Person) typed(text string, command bool) []piece {
	if p.Curly {
		text = curly(text)
	}
	var all []piece
	plain := func(s string) {
		if s != "" {
			all = append(all, piece{escape(s), Object{"type": "text", "text": s}})
		}
	}
	from := 0
	for _, at := range found.FindAllStringIndex(text, -1) {
		made, ok := p.piece(text[at[0]:at[1]], command)
		if !ok {
			continue
		}
		plain(text[from:at[0]])
		all = append(all, made)
		from = at[1]
	}
	plain(text[from:])
	return all
}

// piece is what Slack makes of one find, if anything. The mutex is held.
func (p *Person) piece(s string, command bool) (piece, bool) {
	switch {
	case strings.HasPrefix(s, "`"):
		return piece{escape(s), Object{"type": "text", "text": strings.Trim(s, "`"), "style": Object{"code": true}}}, true
	case emoji[s] != "":
		return piece{":" + emoji[s] + ":", Object{"type": "emoji", "name": emoji[s]}}, true
	case strings.HasPrefix(s, "@"):
		return p.named(s[1:], command)
	case strings.HasPrefix(s, "#"):
		i := slices.IndexFunc(p.w.channels, func(c *Channel) bool { return c.im == nil && c.Name == s[1:] })
		if i < 0 {
			return piece{}, false
		}
		c := p.w.channels[i]
		return piece{"<#" + c.ID + "|" + c.Name + ">", Object{"type": "channel", "channel_id": c.ID}}, true
	case strings.Contains(s, "://"):
		return piece{"<" + escape(s) + ">", Object{"type": "link", "url": s}}, true
	case strings.Contains(s, "@"):
		return piece{"<mailto:" + s + "|" + s + ">", Object{"type": "link", "url": "mailto:" + s, "text": s}}, true
	}
	return piece{"<http://" + escape(s) + "|" + escape(s) + ">", Object{"type": "link", "url": "http://" + s, "text": s}}, true
}

// named is a mention of somebody, or of everybody. The mutex is held.
func (p *Person) named(name string, command bool) (piece, bool) {
	if name == "channel" || name == "here" || name == "everyone" {
		return piece{"<!" + name + ">", Object{"type": "broadcast", "range": name}}, true
	}
	i := slices.IndexFunc(p.w.people, func(x *Person) bool { return x.Name == name })
	if i < 0 {
		return piece{}, false
	}
	to := p.w.people[i]
	text := "<@" + to.ID + ">"
	if command {
		text = "<@" + to.ID + "|" + to.Name + ">"
	}
	return piece{text, Object{"type": "user", "user_id": to.ID}}, true
}

// text is pieces as the text of an event.
func text(all []piece) string {
	var b strings.Builder
	for _, p := range all {
		b.WriteString(p.text)
	}
	return b.String()
}

// rich is pieces as the block of a person's message.
func rich(id string, all []piece) Blocks {
	if len(all) == 0 {
		return nil
	}
	elements := make([]any, len(all))
	for i, p := range all {
		elements[i] = p.element
	}
	section := Object{"type": "rich_text_section", "elements": elements}
	return Blocks{{"type": "rich_text", "block_id": id, "elements": []any{section}}}
}

var (
	opening = regexp.MustCompile(`(^|[\s(\[{])"`)
	apart   = regexp.MustCompile(`(^|[\s(\[{])'`)
)

// curly is what keyboards with smart punctuation make of straight quotes.
func curly(text string) string {
	text = opening.ReplaceAllString(text, "${1}“")
	text = apart.ReplaceAllString(text, "${1}‘")
	return strings.NewReplacer(`"`, "”", "'", "’").Replace(text)
}

// filled is what a person types into a field of a modal: only emoji are written otherwise there, as far as is known.
func (p *Person) filled(text string) string {
	if p.Curly {
		text = curly(text)
	}
	for _, e := range emojis {
		text = strings.ReplaceAll(text, e, ":"+emoji[e]+":")
	}
	return text
}
