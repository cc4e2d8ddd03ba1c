package components

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"griot/chat"
)

// Card shows c. What does not fit in one message is cut with an ellipsis.
func Card(c chat.Card, k Look) Message { return card(c, k, 0) }

// CardMarked is Card with a mark by which the message is found again.
func CardMarked(c chat.Card, k Look, key string) Message { return card(c, k, Mark(key)) }

// CardOver is Card with the mark of what it is shown over.
func CardOver(before []Component, c chat.Card, k Look) Message {
	if len(before) == 0 || before[0].ID < leastMark {
		return Card(c, k)
	}
	return card(c, k, before[0].ID)
}

func card(c chat.Card, k Look, mark int) Message {
	accent := accents[c.Tone]
	inside := chat.Fit(spaces, runRunes, func(r chat.Space) []Component { return draw(c, k, r) }, holds)
	return message([]Component{{Type: kindContainer, ID: mark, Accent: &accent, Components: inside}})
}

// Plainly is a card as bare words, for when Discord does not take its look.
func Plainly(c chat.Card, mark int) Message {
	lines := []string{chat.Clean(c.Title), chat.Flat(c.Lead), chat.Flat(c.Body)}
	for _, f := range c.Fields {
		lines = append(lines, labelled.In(c.Locale, chat.Clean(f.Label))+" "+chat.Flat(f.Value))
	}
	for _, s := range c.Sections {
		lines = append(lines, chat.Clean(s.Title)+" "+chat.Flat(s.Note), chat.Flat(s.Body))
	}
	lines = slices.DeleteFunc(append(lines, chat.Flat(c.Foot)), func(l string) bool { return strings.TrimSpace(l) == "" })
	text := markdown([]chat.Span{chat.Plain(chat.Cut(strings.TrimSpace(strings.Join(lines, "\n")), messageUnits/4))})
	if text == "" {
		text = "…"
	}
	return message([]Component{{Type: kindText, ID: mark, Content: text}})
}

// holds says whether the inside of a card is small enough.
func holds(all []Component) bool {
	parts, text := size(all)
	return parts+1 <= messageParts && text <= messageUnits
}

func size(all []Component) (parts, text int) {
	for _, c := range all {
		p, t := size(c.Components)
		parts, text = parts+p+1, text+t+units(c.Content)
	}
	return parts, text
}

// draw shows c in a space.
func draw(c chat.Card, k Look, r chat.Space) []Component {
	var out []Component
	out = append(out, paragraphs(head(c, r), body(c, r), facts(c, r))...)
	out = append(out, pictures(c, k, r)...)
	out = append(out, sections(c, r)...)
	if foot := markdown(chat.CutSpans(c.Foot, r.Runes)); foot != "" {
		out = append(out, paragraph(small(foot)))
	}
	ids := unique{}
	out = append(out, selects(c, r, ids)...)
	out = append(out, buttons(c, r, ids)...)
	if len(out) == 0 {
		return []Component{paragraph("…")}
	}
	return out
}

func paragraph(text string) Component { return Component{Type: kindText, Content: text} }

// paragraphs are those of texts that say something.
func paragraphs(texts ...string) []Component {
	var out []Component
	for _, t := range texts {
		if strings.TrimSpace(t) != "" {
			out = append(out, paragraph(t))
		}
	}
	return out
}

func titled(c chat.Card) bool { return strings.TrimSpace(chat.Clean(c.Title)) != "" }

// head is the title with the line under it.
func head(c chat.Card, r chat.Space) string {
	var lines []string
	if titled(c) {
		lines = append(lines, "### "+icons[c.Tone]+escaped(chat.Cut(strings.TrimSpace(c.Title), min(200, max(2, r.Runes)))))
	}
	if lead := markdown(chat.CutSpans(c.Lead, r.Runes)); lead != "" {
		lines = append(lines, small(lead))
	}
	return strings.Join(lines, "\n")
}

// body is the words of a card. Those of a post, which has its networks below, are somebody's: they are quoted.
func body(c chat.Card, r chat.Space) string {
	text := markdown(chat.CutSpans(c.Body, r.Runes))
	switch {
	case text == "":
		return ""
	case c.Subject != "" && len(c.Sections) > 0:
		return quote(text)
	case !titled(c):
		return icons[c.Tone] + text
	}
	return text
}

// facts are the fields, one a line.
func facts(c chat.Card, r chat.Space) string {
	var lines []string
	for i, f := range c.Fields {
		if i == r.Parts {
			lines = append(lines, "…")
			break
		}
		value := markdown(chat.CutSpans(f.Value, r.Runes))
		if label := strings.TrimSpace(chat.Clean(f.Label)); label != "" {
			value = "**" + escaped(labelled.In(c.Locale, chat.Cut(label, r.Runes))) + "** " + value
		}
		lines = append(lines, value)
	}
	return strings.Join(lines, "\n")
}

// pictures are shown where they travel with the message, and else said.
func pictures(c chat.Card, k Look, r chat.Space) []Component {
	gallery := Component{Type: kindGallery}
	var said []string
	for _, i := range c.Images[:min(len(c.Images), r.Parts, galleryItems)] {
		alt := chat.Cut(strings.TrimSpace(chat.Clean(i.Alt)), altRunes)
		if name, ok := picture(k, i); ok {
			gallery.Items = append(gallery.Items, Item{Media{"attachment://" + name}, alt})
			continue
		}
		if alt == "" {
			alt = aPicture.In(c.Locale)
		}
		said = append(said, "🖼 "+escaped(chat.Cut(alt, r.Runes)))
	}
	out := paragraphs(strings.Join(said, "\n"))
	if len(gallery.Items) > 0 {
		out = append(out, gallery)
	}
	return out
}

func picture(k Look, i chat.Image) (string, bool) {
	if k.Picture == nil {
		return "", false
	}
	return k.Picture(i)
}

// sections are each a title with what stands beside it, and their words behind a bar.
func sections(c chat.Card, r chat.Space) []Component {
	var texts []string
	for _, s := range c.Sections[:min(len(c.Sections), r.Parts)] {
		if t := part(s, r); t != "" {
			texts = append(texts, t)
		}
	}
	if len(c.Sections) > r.Parts {
		texts = append(texts, "…")
	}
	out := paragraphs(texts...)
	if len(out) > 0 {
		out = append([]Component{{Type: kindSeparator}}, out...)
	}
	return out
}

func part(s chat.Section, r chat.Space) string {
	var lines []string
	title := icons[s.Tone]
	if name := strings.TrimSpace(chat.Clean(s.Title)); name != "" {
		title += "**" + escaped(chat.Cut(name, r.Runes)) + "**"
	}
	if note := markdown(chat.CutSpans(s.Note, r.Runes)); note != "" {
		title = strings.TrimSpace(title) + " — " + note
	}
	if title = strings.TrimSpace(title); title != "" {
		lines = append(lines, title)
	}
	if words := markdown(chat.CutSpans(s.Body, r.Runes)); words != "" {
		lines = append(lines, quote(words))
	}
	return strings.Join(lines, "\n")
}

// Styles of buttons. Source: docs.discord.com, components/reference, button styles.
const (
	stylePrimary   = 1
	styleSecondary = 2
	styleDanger    = 4
	styleLink      = 5
)

// buttons stand in rows of five.
func buttons(c chat.Card, r chat.Space, ids unique) []Component {
	var rows []Component
	for _, b := range c.Buttons[:min(len(c.Buttons), r.Buttons)] {
		x, ok := button(b, ids)
		if !ok {
			continue
		}
		if n := len(rows); n == 0 || len(rows[n-1].Components) == rowButtons {
			rows = append(rows, Component{Type: kindRow})
		}
		row := &rows[len(rows)-1]
		row.Components = append(row.Components, x)
	}
	return rows
}

// button is false for one that could do nothing: it leads nowhere and its tag would not come back.
func button(b chat.Button, ids unique) (Component, bool) {
	x := Component{Type: kindButton, Style: styleSecondary, Label: plain(b.Label, buttonRunes)}
	if to, ok := chat.Address(b.URL, urlBytes); ok {
		x.Style, x.URL = styleLink, to
		return x, true
	}
	if !b.Tag.Carried() {
		return Component{}, false
	}
	wire := b.Tag.String()
	switch b.Style {
	case chat.Primary:
		x.Style = stylePrimary
	case chat.Risky:
		x.Style = styleDanger
		if b.Confirm != "" && len(askFirst+wire) <= tagBytes {
			wire = askFirst + wire
		}
	}
	var ok bool
	x.CustomID, ok = ids.take(wire)
	return x, ok
}

// selects are a row each.
func selects(c chat.Card, r chat.Space, ids unique) []Component {
	var out []Component
	for _, s := range c.Selects[:min(len(c.Selects), r.Buttons)] {
		opts := options(s.Options, r.Options, nil)
		if len(opts) == 0 || !s.Tag.Carried() {
			continue
		}
		id, ok := ids.take(s.Tag.String())
		if ok {
			x := Component{Type: kindSelect, CustomID: id, Placeholder: plain(s.Label, placeholder), Options: opts}
			out = append(out, Component{Type: kindRow, Components: []Component{x}})
		}
	}
	return out
}

// options are at most n choices, those of chosen marked. One whose value Discord would not carry, or that stands there
// already, is left out.
func options(all []chat.Option, n int, chosen map[string]bool) []Option {
	var out []Option
	there := map[string]bool{}
	for _, o := range all {
		if len(out) == n {
			break
		}
		if o.Value == "" || units(o.Value) > optionRunes || there[o.Value] || !utf8.ValidString(o.Value) {
			continue
		}
		there[o.Value] = true
		label := o.Label
		if strings.TrimSpace(chat.Clean(label)) == "" {
			label = o.Value
		}
		out = append(out, Option{plain(label, optionRunes), o.Value, chosen[o.Value]})
	}
	return out
}

const (
	askFirst = "?" // before the tag of a risky button: the handler asks whether it is meant
	repeated = "~" // and a number behind a tag that stands in a message again: Discord wants each once
)

// unique gives each custom_id of a message once.
type unique map[string]int

func (u unique) take(wire string) (string, bool) {
	u[wire]++
	if n := u[wire]; n > 1 {
		wire = fmt.Sprintf("%s%s%d", wire, repeated, n)
	}
	return wire, len(wire) <= tagBytes
}

// Pressed reads the custom_id of a button or a select. Unsure says that the handler is to ask first.
func Pressed(id string) (tag chat.Tag, unsure, ok bool) {
	id, unsure = strings.CutPrefix(id, askFirst)
	if i := strings.LastIndex(id, repeated); i > strings.LastIndex(id, "|") {
		id = id[:i]
	}
	tag, err := chat.ParseTag(id)
	return tag, unsure, err == nil
}

// Asks reports whether a message only asks whether something risky is meant.
func Asks(all []Component) bool {
	for _, c := range all {
		if c.Type == kindButton && c.Style == styleDanger && !strings.HasPrefix(c.CustomID, askFirst) || Asks(c.Components) {
			return true
		}
	}
	return false
}

// MostChoices is how many choices can be offered to somebody who types. Source: docs.discord.com, autocomplete.
const MostChoices = 25

// Choice is what can be chosen while typing.
type Choice struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// Offer is a choice as Discord takes it; false for one whose value it would not carry.
func Offer(o chat.Option) (Choice, bool) {
	all := options([]chat.Option{o}, 1, nil)
	if len(all) == 0 {
		return Choice{}, false
	}
	return Choice{all[0].Label, all[0].Value}, true
}
