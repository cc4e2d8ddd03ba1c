package slacktest

import (
	"fmt"
	"strings"
)

// Read is blocks as a person reads them, line by line: text without its marks, links as "label <address>", code in backticks,
// buttons as "[Approve] [Reject]", menus as "(Choose… a | b)", pictures as "(image: description)", fields of a form as "Label * = value".
func Read(blocks Blocks) []string { return reader{}.blocks(blocks, firsts(blocks), nil) }

// reader knows the names of people and channels of a workspace; without one it shows their ids.
type reader struct{ w *Workspace }

// message is a message as a person reads it. The mutex is held.
func (r reader) message(m *message) []string {
	state := m.state
	if state == nil {
		state = firsts(m.all())
	}
	lines := r.blocks(m.blocks, state, nil)
	if len(m.blocks) == 0 && m.text != "" {
		lines = strings.Split(r.mrkdwn(m.text), "\n")
	}
	for _, a := range objects(m.attached) {
		inside := objects(a["blocks"])
		lines = append(lines, r.blocks(inside, state, nil)...)
		if text := str(a, "text"); text != "" {
			lines = append(lines, strings.Split(r.mrkdwn(text), "\n")...)
		}
	}
	for _, f := range m.files {
		lines = append(lines, "(file: "+f.name+")")
	}
	return lines
}

// view is a view as a person reads it. The mutex is held.
func (r reader) view(v *view) []string {
	inside := r.blocks(v.blocks, v.state, v.errors)
	if v.kind() == "home" {
		return inside
	}
	lines := []string{"form: " + str(v.body, "title", "text")}
	for _, l := range inside {
		lines = append(lines, strings.TrimRight("  "+l, " "))
	}
	var buttons []string
	for _, k := range []string{"submit", "close"} {
		if label := str(v.body, k, "text"); label != "" {
			buttons = append(buttons, "["+label+"]")
		}
	}
	if len(buttons) > 0 {
		lines = append(lines, "  "+strings.Join(buttons, " "))
	}
	return lines
}

func (r reader) blocks(blocks Blocks, state map[string]Object, errors map[string]string) []string {
	var lines []string
	for _, b := range blocks {
		for l := range strings.SplitSeq(strings.Join(r.block(b, state, errors), "\n"), "\n") {
			lines = append(lines, strings.TrimRight(l, " "))
		}
	}
	return lines
}

// block is one block. A divider is a line of dashes.
func (r reader) block(b Object, state map[string]Object, errors map[string]string) []string {
	switch b["type"] {
	case "header":
		return []string{r.text(b["text"])}
	case "divider":
		return []string{"———"}
	case "section":
		return r.section(b, state)
	case "context":
		var parts []string
		for _, e := range objects(b["elements"]) {
			parts = append(parts, r.part(e))
		}
		return []string{strings.Join(parts, " ")}
	case "actions":
		return r.actions(b, state)
	case "image":
		lines := []string{"(image: " + str(b, "alt_text") + ")"}
		if title := r.text(b["title"]); title != "" {
			lines = append([]string{title}, lines...)
		}
		return lines
	case "markdown":
		return []string{str(b, "text")}
	case "rich_text":
		return r.rich(b)
	case "input":
		return r.input(b, state, errors)
	}
	return []string{fmt.Sprintf("(%v)", b["type"])}
}

func (r reader) section(b Object, state map[string]Object) []string {
	var lines []string
	if text := r.text(b["text"]); text != "" {
		lines = append(lines, text)
	}
	for _, f := range objects(b["fields"]) {
		lines = append(lines, r.text(f))
	}
	if e, ok := b["accessory"].(Object); ok {
		lines = append(lines, r.element(b, e, state))
	}
	return lines
}

// actions puts menus on lines of their own and buttons side by side, in their order.
func (r reader) actions(b Object, state map[string]Object) []string {
	var lines, row []string
	flush := func() {
		if len(row) > 0 {
			lines, row = append(lines, strings.Join(row, " ")), nil
		}
	}
	for _, e := range objects(b["elements"]) {
		if e["type"] == "button" {
			row = append(row, r.element(b, e, state))
			continue
		}
		flush()
		lines = append(lines, r.element(b, e, state))
	}
	flush()
	return lines
}

// element is an interactive element, or a picture.
func (r reader) element(b, e Object, state map[string]Object) string {
	switch e["type"] {
	case "button":
		return "[" + r.text(e["text"]) + "]"
	case "image":
		return "(image: " + str(e, "alt_text") + ")"
	}
	var labels []string
	for _, o := range options(e) {
		labels = append(labels, r.text(o["text"]))
	}
	name := r.text(e["placeholder"])
	if name == "" {
		name = "…"
	}
	shown := "(" + strings.TrimSpace(name+" "+strings.Join(labels, " | ")) + ")"
	if value := shownValue(state[key(b, e)]); value != "" {
		shown += " = " + value
	}
	return shown
}

// input is a field of a form.
func (r reader) input(b Object, state map[string]Object, errors map[string]string) []string {
	line := r.text(b["label"])
	if b["optional"] != true {
		line += " *"
	}
	if value := shownValue(state[key(b, at(b, "element"))]); value != "" {
		line += " = " + strings.ReplaceAll(value, "\n", " ⏎ ")
	}
	lines := []string{line}
	if e := errors[str(b, "block_id")]; e != "" {
		lines = append(lines, "✗ "+e)
	}
	return lines
}

// text is a text object.
func (r reader) text(v any) string {
	if str(v, "type") == "mrkdwn" {
		return r.mrkdwn(str(v, "text"))
	}
	return unescape(str(v, "text"))
}

// part is a part of a context.
func (r reader) part(e Object) string {
	if e["type"] == "image" {
		return "(image: " + str(e, "alt_text") + ")"
	}
	return r.text(e)
}

// rich is a block of rich text.
func (r reader) rich(b Object) []string {
	var lines []string
	for _, e := range objects(b["elements"]) {
		switch e["type"] {
		case "rich_text_list":
			for i, item := range objects(e["elements"]) {
				mark := "• "
				if e["style"] == "ordered" {
					mark = fmt.Sprintf("%d. ", i+1)
				}
				lines = append(lines, mark+r.inline(item))
			}
		case "rich_text_quote":
			lines = append(lines, "> "+strings.ReplaceAll(r.inline(e), "\n", "\n> "))
		default:
			lines = append(lines, strings.TrimSuffix(r.inline(e), "\n"))
		}
	}
	return lines
}

// inline is a row of parts of rich text.
func (r reader) inline(e Object) string {
	var b strings.Builder
	for _, x := range objects(e["elements"]) {
		text := str(x, "text")
		switch x["type"] {
		case "link":
			text = str(x, "url")
			if label := str(x, "text"); label != "" && label != text {
				text = label + " <" + text + ">"
			}
		case "user":
			text = "@" + r.person(str(x, "user_id"))
		case "channel":
			text = "#" + r.channel(str(x, "channel_id"))
		case "emoji":
			text = ":" + str(x, "name") + ":"
		case "broadcast":
			text = "@" + str(x, "range")
		case "date":
			text = str(x, "fallback")
		}
		if at(x, "style", "code") == true {
			text = "`" + text + "`"
		}
		b.WriteString(text)
	}
	return b.String()
}
