package discordtest

import (
	"fmt"
	"slices"
	"strings"
)

// reader reads as a person does: it knows the names of people, roles and channels.
type reader struct{ s *Server }

func (s *Server) reader() reader { return reader{s} }

// Read is components as a person reads them, line by line: text without its marks, buttons as "[Approve] [Reject]", menus as
// "(Choose… a | b)", pictures as "(image: description)". People and channels are shown by their ids.
func Read(c Components) []string { return reader{}.all(c, nil) }

// message is a message as a person reads it. The mutex is held.
func (r reader) message(m *message) []string {
	if m.flags&thinking != 0 {
		return []string{"(thinking…)"}
	}
	var lines []string
	if m.content != "" {
		lines = r.text(m.content)
	}
	for _, e := range objects(m.embeds) {
		lines = append(lines, r.embed(e)...)
	}
	lines = append(lines, r.all(objects(m.parts), m)...)
	if !m.v2() {
		for _, f := range m.attached {
			lines = append(lines, shownFile(f.name, f.alt, strings.HasPrefix(f.kind, "image/")))
		}
	}
	return lines
}

func shownFile(name, alt string, picture bool) string {
	if picture {
		return "(image: " + alt + ")"
	}
	return "(file: " + name + ")"
}

func (r reader) embed(e Object) []string {
	var lines []string
	for _, text := range []string{str(e, "author", "name"), str(e, "title"), str(e, "description")} {
		if text != "" {
			lines = append(lines, r.text(text)...)
		}
	}
	for _, f := range objects(e["fields"]) {
		lines = append(lines, r.text(str(f, "name")+": "+str(f, "value"))...)
	}
	if e["image"] != nil || e["thumbnail"] != nil {
		lines = append(lines, "(image: )")
	}
	if text := str(e, "footer", "text"); text != "" {
		lines = append(lines, text)
	}
	return lines
}

func (r reader) all(c Components, m *message) []string {
	var lines []string
	for _, o := range c {
		lines = append(lines, r.one(o, m)...)
	}
	return lines
}

// one is one component of a message.
func (r reader) one(o Object, m *message) []string {
	inside := Components(objects(o["components"]))
	switch num(o, "type") {
	case rowKind:
		return r.row(inside)
	case textKind:
		return r.text(str(o, "content"))
	case sectionKind:
		lines := r.all(inside, m)
		if a, ok := o["accessory"].(Object); ok {
			lines = append(lines, r.one(a, m)...)
		}
		return lines
	case containerKind:
		return r.all(inside, m)
	case separatorKind:
		if !yes(true, o, "divider") {
			return []string{""}
		}
		return []string{"———"}
	case thumbnailKind:
		return []string{r.picture(o, "media", m)}
	case fileKind:
		return []string{"(file: " + strings.TrimPrefix(str(o, "file", "url"), attachmentsScheme) + ")"}
	case galleryKind:
		var lines []string
		for _, item := range objects(o["items"]) {
			lines = append(lines, r.picture(item, "media", m))
		}
		return lines
	}
	return []string{r.element(o)}
}

// picture is a picture by its description: that of its place, or that of the attachment.
func (r reader) picture(o Object, key string, m *message) string {
	alt := str(o, "description")
	if name, attached := strings.CutPrefix(str(o, key, "url"), attachmentsScheme); attached && alt == "" && m != nil {
		if f := find(m.attached, func(f *file) bool { return f.name == name }); f != nil {
			alt = f.alt
		}
	}
	return "(image: " + alt + ")"
}

// row is a row of buttons side by side, or a menu.
func (r reader) row(inside Components) []string {
	var parts []string
	for _, o := range inside {
		parts = append(parts, r.element(o))
	}
	return []string{strings.Join(parts, " ")}
}

// element is a button or a menu.
func (r reader) element(o Object) string {
	if num(o, "type") == buttonKind {
		label := strings.TrimSpace(str(o, "emoji", "name") + " " + str(o, "label"))
		if yes(false, o, "disabled") {
			label += " (disabled)"
		}
		return "[" + label + "]"
	}
	var labels, chosen []string
	for _, x := range objects(o["options"]) {
		labels = append(labels, str(x, "label"))
		if yes(false, x, "default") {
			chosen = append(chosen, str(x, "label"))
		}
	}
	name := str(o, "placeholder")
	if name == "" {
		name = "…"
	}
	shown := "(" + strings.TrimSpace(name+" "+strings.Join(labels, " | ")) + ")"
	if len(chosen) > 0 {
		shown += " = " + strings.Join(chosen, ", ")
	}
	return shown
}

// modal is a modal as a person reads it. The mutex is held.
func (r reader) modal(m *modal) []string {
	lines := []string{"form: " + m.title}
	fields := m.fields()
	for _, o := range m.parts {
		if num(o, "type") == textKind {
			for _, l := range r.text(str(o, "content")) {
				lines = append(lines, "  "+l)
			}
			continue
		}
		id := num(o, "id")
		f := fields[slices.IndexFunc(fields, func(f field) bool { return num(f.outer, "id") == id })]
		line := "  " + f.label
		if f.required() {
			line += " *"
		}
		if value := f.shown(m.values[f.id()]); value != "" {
			line += " = " + strings.ReplaceAll(value, "\n", " ⏎ ")
		}
		lines = append(lines, line)
		if f.about != "" {
			lines = append(lines, "    "+f.about)
		}
	}
	if m.trouble != "" {
		lines = append(lines, "  ✗ "+m.trouble)
	}
	return append(lines, "  [Submit] [Cancel]")
}

// shown is what a field holds, as a person reads it.
func (f field) shown(values []string) string {
	var labels []string
	for _, v := range values {
		for _, x := range objects(f.o["options"]) {
			if str(x, "value") == v {
				v = str(x, "label")
				break
			}
		}
		labels = append(labels, v)
	}
	return fmt.Sprint(strings.Join(labels, ", "))
}
