package discordtest

import (
	"fmt"
	"slices"
	"strings"
)

// modal is a form on somebody's screen.
type modal struct {
	i       *interaction // that opened it
	custom  string
	title   string
	parts   Components
	values  map[string][]string // by custom_id
	trouble string
}

func newModal(i *interaction, body Object) *modal {
	m := &modal{i: i, custom: str(body, "custom_id"), title: str(body, "title"), values: map[string][]string{}}
	m.parts = objects(numbered(anys(body["components"])))
	for _, f := range m.fields() {
		m.values[f.id()] = f.first()
	}
	i.p.modal = m
	return m
}

// field is a field of a modal with its label.
type field struct {
	label string
	about string
	outer Object // the label, or the row
	o     Object
}

func (f field) id() string { return str(f.o, "custom_id") }

func (f field) kind() int64 { return num(f.o, "type") }

// required says whether the field must not stay empty.
func (f field) required() bool {
	return f.kind() != checkboxKind && yes(true, f.o, "required")
}

// first is what the field holds at the start.
func (f field) first() []string {
	if text := str(f.o, "value"); text != "" {
		return []string{text}
	}
	if f.kind() == checkboxKind && yes(false, f.o, "default") {
		return []string{"true"}
	}
	var all []string
	for _, x := range objects(f.o["options"]) {
		if yes(false, x, "default") {
			all = append(all, str(x, "value"))
		}
	}
	for _, x := range objects(f.o["default_values"]) {
		all = append(all, str(x, "id"))
	}
	return all
}

// fields are the fields of a modal, from the top.
func (m *modal) fields() []field {
	var all []field
	for _, o := range m.parts {
		if inside, ok := o["component"].(Object); ok {
			all = append(all, field{str(o, "label"), str(o, "description"), o, inside})
		}
		for _, inside := range objects(o["components"]) {
			all = append(all, field{str(inside, "label"), "", o, inside})
		}
	}
	return all
}

// View is a modal as it was when the test looked.
type View struct {
	CustomID, Title string
	Components      Components
	Values          map[string]string // what its fields hold, by their labels
	Trouble         string            // what stands below when it could not be sent
	Lines           []string          // as a person reads it
	m               *modal
}

// Open says whether it was there.
func (v View) Open() bool { return v.m != nil }

// String is the modal as a person reads it.
func (v View) String() string { return strings.Join(v.Lines, "\n") }

// Has says whether there is a field called that: by its label or its custom_id.
func (v View) Has(what string) bool {
	return v.m != nil && slices.ContainsFunc(v.m.fields(), func(f field) bool { return f.label == what || f.id() == what })
}

// Modal is the modal on the person's screen; not Open when there is none.
func (p *Person) Modal() View {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	m := p.modal
	if m == nil {
		return View{}
	}
	v := View{
		CustomID: m.custom, Title: m.title, Components: m.parts, Values: map[string]string{}, Trouble: m.trouble,
		Lines: p.s.reader().modal(m), m: m,
	}
	for _, f := range m.fields() {
		v.Values[f.label] = f.shown(m.values[f.id()])
	}
	return v
}

// Close closes the modal, of which the app never hears.
func (p *Person) Close() {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	p.modal = nil
}

// Submit fills the modal on the person's screen and sends it: fields by their label or custom_id, with text, with options by label or
// value, with people, roles and channels by name, with "true" for a checkbox, and with files that Upload took. Fields that are
// not named keep what they hold. Nothing is sent when Discord's client itself finds something wrong: Errors says so.
func (p *Person) Submit(values Values) Ack {
	s := p.s
	s.mu.Lock()
	m := p.modal
	if m == nil {
		return s.refuse("%s has no modal to submit", p.Name)
	}
	for name := range values {
		if !slices.ContainsFunc(m.fields(), func(f field) bool { return f.label == name || f.id() == name }) {
			return s.refuse("%s: no field %q in:\n%s", p.Name, name, strings.Join(s.reader().modal(m), "\n"))
		}
	}
	told := resolved{}
	sent, errors := p.fillAll(m, values, told)
	if len(errors) > 0 {
		s.mu.Unlock()
		return Ack{Errors: errors, Trouble: "Please complete the form."}
	}
	data := Object{"custom_id": m.custom, "components": m.sent(sent)}
	if len(told) > 0 {
		data["resolved"] = Object(told)
	}
	ack := s.send(p.talk(submitTalk, m.i.c, m.i.source, data))
	s.mu.Lock()
	defer s.mu.Unlock()
	if ack.OK() && p.modal == m {
		p.modal = nil
	}
	m.trouble = ack.Trouble
	return ack
}

// fillAll gives fields what the person gives them: how each is sent, by custom_id, and what is wrong, by label. The mutex is held.
func (p *Person) fillAll(m *modal, values Values, told resolved) (sent map[string]Object, errors map[string]string) {
	sent, errors = map[string]Object{}, map[string]string{}
	for _, f := range m.fields() {
		given, there := values[f.label]
		if !there {
			given, there = values[f.id()]
		}
		if there {
			m.values[f.id()] = given
		}
		o, wrong := p.filled(m.i.c, f, m.values[f.id()], told)
		if wrong != "" {
			errors[f.label] = wrong
		}
		sent[f.id()] = o
	}
	return sent, errors
}

// sent are the components of a modal as they are sent.
func (m *modal) sent(fields map[string]Object) []any {
	all := []any{}
	for _, o := range m.parts {
		out := Object{"type": o["type"], "id": o["id"]}
		if inside, ok := o["component"].(Object); ok {
			out["component"] = fields[str(inside, "custom_id")]
		}
		for _, inside := range objects(o["components"]) {
			out["components"] = append(anys(out["components"]), fields[str(inside, "custom_id")])
		}
		all = append(all, out)
	}
	return all
}

// filled is a field as it is sent, or what Discord's client says about it. The mutex is held.
func (p *Person) filled(c *Channel, f field, given []string, told resolved) (Object, string) {
	out := Object{"type": f.o["type"], "id": f.o["id"], "custom_id": f.id()}
	n := int64(len(given))
	if f.required() && (n == 0 || strings.TrimSpace(given[0]) == "") {
		return out, "This field is required."
	}
	switch f.kind() {
	case inputKind:
		text := strings.Join(given, "\n")
		if l := int64(runes(text)); l > or(4000, f.o, "max_length") || l > 0 && l < or(0, f.o, "min_length") {
			return out, fmt.Sprintf("Must be between %d and %d in length.", or(0, f.o, "min_length"), or(4000, f.o, "max_length"))
		}
		out["value"] = text
		return out, ""
	case checkboxKind:
		out["value"] = n > 0 && given[0] == "true"
		return out, ""
	case uploadKind:
		return p.uploading(c, f, given, told, out)
	}
	values, wrong := p.pick(c, f.o, given, told)
	if wrong != "" {
		return out, wrong
	}
	if f.kind() == radioKind {
		out["value"] = nil
		if len(values) > 0 {
			out["value"] = values[0]
		}
		return out, ""
	}
	least, most := or(1, f.o, "min_values"), or(int64(len(objects(f.o["options"]))), f.o, "max_values")
	if f.kind() == checkboxesKind && (n > most || n < least && n > 0) {
		return out, fmt.Sprintf("Choose between %d and %d.", least, most)
	}
	out["values"] = list(values)
	return out, ""
}

// uploading is a field of files as it is sent.
func (p *Person) uploading(c *Channel, f field, given []string, told resolved, out Object) (Object, string) {
	n := int64(len(given))
	if n > or(1, f.o, "max_values") || n > 0 && n < or(1, f.o, "min_values") {
		return out, fmt.Sprintf("Choose between %d and %d files.", or(1, f.o, "min_values"), or(1, f.o, "max_values"))
	}
	ids := []any{}
	for _, what := range given {
		x := p.uploaded(what)
		if x == nil {
			return out, fmt.Sprintf("There is no file %q.", what)
		}
		ids = append(ids, told.file(x.in(c)))
	}
	out["values"] = ids
	return out, ""
}
