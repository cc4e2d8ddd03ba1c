package components

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"griot/chat"
	"griot/i18n"
)

// Window is a form as Discord can ask for it: a window takes five things, so a long form is asked for in several. It is what
// is kept between two of them.
type Window struct {
	Title  string
	Intro  string // in Discord's markup
	Locale i18n.Locale
	Tag    string // on the wire
	Inputs []chat.Input
}

// Of is a form as it is asked for in windows.
func Of(f chat.Form) Window {
	return Window{Title: f.Title, Intro: markdown(chat.CutSpans(f.Intro, introRunes)), Locale: f.Locale, Tag: f.Tag.String(), Inputs: f.Inputs}
}

// Pages is how many windows a form takes; at least one.
func (w Window) Pages() int { return max(1, len(w.pages())) }

// Page is the window with that number, from 0. id comes back when it is sent.
func (w Window) Page(n int, id string) Modal {
	m := Modal{CustomID: id, Title: plain(w.Title, titleRunes)}
	if all := w.pages(); n < len(all) {
		m.Components = all[n]
	}
	if w.Pages() > 1 {
		m.Title = plain(partOf.In(w.Locale, chat.Cut(w.Title, titleRunes-8), n+1, w.Pages()), titleRunes)
	}
	if len(m.Components) == 0 { // nothing to ask: it is sent as it is
		m.Components = []Component{paragraph(cmp.Or(w.Intro, "…"))}
	}
	return m
}

// pages are the parts of all windows. What a form says first stands above its first fields.
func (w Window) pages() [][]Component {
	var parts []Component
	if w.Intro != "" {
		parts = append(parts, paragraph(w.Intro))
	}
	for i, in := range w.Inputs {
		parts = append(parts, fields(i, in, w.Locale)...)
	}
	return slices.Collect(slices.Chunk(parts, modalParts))
}

// Mistakes are the names of fields that came back, each with why.
func (w Window) Mistakes() []string {
	var out []string
	for _, in := range w.Inputs {
		if in.Error != "" {
			out = append(out, in.Error)
		}
	}
	return out
}

// place is what a field of a window stands for. It is its custom_id: nothing else of a field comes back.
type place struct {
	index int  // of the input in its form
	had   bool // something was in it, so that one that was emptied is told from one that always was
	part  int  // of a text that spans several fields, from 0
	gap   byte // what stood before this part: n a line's end, s a space, - nothing
	name  string
}

func (p place) String() string {
	had := "."
	if p.had {
		had = "+"
	}
	return strconv.Itoa(p.index) + had + strconv.Itoa(p.part) + string(p.gap) + "." + p.name
}

// placeOf reads a custom_id; false for one that is no field of ours.
func placeOf(id string) (place, bool) {
	i := strings.IndexAny(id, ".+")
	if i < 0 {
		return place{}, false
	}
	where, name, ok := strings.Cut(id[i+1:], ".")
	index, err := strconv.Atoi(id[:i])
	if !ok || err != nil || len(where) < 2 {
		return place{}, false
	}
	part, err := strconv.Atoi(where[:len(where)-1])
	return place{index, id[i] == '+', part, where[len(where)-1], name}, err == nil
}

// fields are one input, or several when one is too short for what is in it.
func fields(n int, in chat.Input, l i18n.Locale) []Component {
	p := place{index: n, name: in.Name, had: strings.TrimSpace(strings.Join(in.Value, "")) != "", gap: '-'}
	if len(p.String()) > tagBytes {
		return nil
	}
	opts := in.Options
	for _, v := range in.Value { // what is chosen but not offered, because a list ends somewhere, is not lost by sending the form
		if len(opts) > 0 && !slices.ContainsFunc(opts, func(o chat.Option) bool { return o.Value == v }) {
			opts = append([]chat.Option{{Value: v}}, opts...)
		}
	}
	switch {
	case (in.Kind == chat.Choice || in.Kind == chat.Many) && len(opts) > 0:
		return []Component{label(in, in.Label, choice(p, in, opts))}
	case in.Kind == chat.Secret:
		p.had = false
		return []Component{label(in, in.Label, typing(p, in, ""))}
	case in.Kind == chat.Files:
		least := least(in)
		return []Component{label(in, in.Label, Component{Type: kindUpload, CustomID: p.String(), Least: &least, Most: min(cmp.Or(in.Max, mostFiles), mostFiles), Required: &in.Required})}
	case in.Kind == chat.Room:
		return []Component{label(in, in.Label, picker(p, in, kindChannel, "channel"))}
	case in.Kind == chat.Group:
		return []Component{label(in, in.Label, picker(p, in, kindRole, "role"))}
	}
	return texts(p, in, l)
}

// label puts a name, and help or what is wrong, beside a field.
func label(in chat.Input, name string, c Component) Component {
	out := Component{Type: kindLabel, Label: plain(cmp.Or(name, in.Name), labelRunes), Component: &c}
	switch {
	case in.Error != "":
		out.Description = plain("⚠️ "+in.Error, helpRunes)
	case in.Help != "":
		out.Description = plain(in.Help, helpRunes)
	}
	return out
}

// inputStyle is one line or several.
const (
	oneLine  = 1
	someLine = 2
)

func typing(p place, in chat.Input, value string) Component {
	c := Component{Type: kindInput, CustomID: p.String(), Style: oneLine, Value: value, Longest: inputUnits, Required: &in.Required}
	if in.Kind == chat.Text || strings.Contains(value, "\n") {
		c.Style = someLine
	}
	if in.Max > 0 && in.Max < inputUnits && units(value) <= in.Max {
		c.Longest = in.Max
	}
	return c
}

// texts are as many fields as a text needs.
func texts(p place, in chat.Input, l i18n.Locale) []Component {
	all := pieces(strings.Join(in.Value, ", "))
	if len(all) == 1 {
		return []Component{label(in, in.Label, typing(p, in, all[0].text))}
	}
	var out []Component
	for i, x := range all {
		p.part, p.gap = i, x.gap
		one := chat.Input{Kind: chat.Text, Required: in.Required && i == 0}
		if i == 0 {
			one.Help, one.Error = in.Help, in.Error
		}
		name := partOf.In(l, chat.Cut(cmp.Or(in.Label, in.Name), labelRunes-8), i+1, len(all))
		out = append(out, label(one, name, typing(p, one, x.text)))
	}
	return out
}

// piece is a part of a long text, with what stood before it.
type piece struct {
	gap  byte
	text string
}

// gaps are what stands between two pieces.
var gaps = map[byte]string{'n': "\n", 's': " ", '-': ""}

// pieces cuts a text that one field does not take, at the end of a line where it can, else between words.
func pieces(text string) []piece {
	gap := byte('-')
	var out []piece
	for units(text) > inputUnits {
		r := []rune(text)
		head := string(r[:min(len(r), inputUnits/2-200)]) // two units a rune at most, and room to grow
		at, next := len(head), byte('-')
		for c, blank := range map[byte]string{'s': " ", 'n': "\n"} {
			if i := strings.LastIndex(head, blank); i > len(head)/2 && (next == '-' || c == 'n') {
				at, next = i, c
			}
		}
		out = append(out, piece{gap, text[:at]})
		gap, text = next, text[at+len(gaps[next]):]
	}
	return append(out, piece{gap, text})
}

// choice is a menu of one or any of several.
func choice(p place, in chat.Input, all []chat.Option) Component {
	chosen := map[string]bool{}
	for _, v := range in.Value {
		if in.Kind == chat.Many || len(chosen) == 0 {
			chosen[v] = true
		}
	}
	sorted := slices.Clone(all)
	slices.SortStableFunc(sorted, func(a, b chat.Option) int { return rank(chosen[a.Value]) - rank(chosen[b.Value]) })
	if len(all) <= selectOptions {
		sorted = all
	}
	opts := options(sorted, selectOptions, chosen)
	p.had = slices.ContainsFunc(opts, func(o Option) bool { return o.Default })
	least := least(in)
	c := Component{Type: kindSelect, CustomID: p.String(), Options: opts, Least: &least, Most: 1, Required: &in.Required}
	if in.Kind == chat.Many {
		c.Most = len(opts)
	}
	return c
}

// least is how many have to be chosen.
func least(in chat.Input) int {
	if in.Required {
		return 1
	}
	return 0
}

// rank is 0 for what comes first.
func rank(first bool) int {
	if first {
		return 0
	}
	return 1
}

// picker is a menu of what the server has: its channels, its roles.
func picker(p place, in chat.Input, kind int, what string) Component {
	id := strings.Join(in.Value, "")
	p.had = isID(id)
	least := least(in)
	c := Component{Type: kind, CustomID: p.String(), Least: &least, Most: 1, Required: &in.Required}
	if p.had {
		c.Defaults = []Default{{id, what}}
	}
	if kind == kindChannel {
		c.ChannelTypes = []int{0, 5, 11, 15} // text, announcements, threads, forums
	}
	return c
}

// isID reports whether text is one of Discord's ids.
func isID(text string) bool {
	_, err := strconv.ParseUint(text, 10, 63)
	return err == nil && len(text) >= 15
}

// Sent is what stands in a sent window. A field that is empty is not in Values, unless it was emptied: then its value is "",
// or none of several.
type Sent struct {
	Values chat.Values
	Files  map[string][]string // ids of what was attached, by the name of the field
}

// Read reads the parts of a sent window.
func Read(all []Component) Sent {
	s := Sent{Values: chat.Values{}, Files: map[string][]string{}}
	for _, c := range all {
		if c.Component != nil {
			s.take(*c.Component)
		}
		for _, inner := range c.Components { // rows, as older forms have them
			s.take(inner)
		}
	}
	return s
}

func (s *Sent) take(c Component) {
	p, ok := placeOf(c.CustomID)
	if !ok {
		return
	}
	switch c.Type {
	case kindUpload:
		if len(c.Values) > 0 {
			s.Files[p.name] = c.Values
		}
	case kindInput:
		s.words(p, c.Value)
	default:
		if len(c.Values) > 0 || p.had {
			s.Values[p.name] = append([]string{}, c.Values...)
		}
	}
}

// words keeps a text, or the next part of one.
func (s *Sent) words(p place, text string) {
	blank := strings.TrimSpace(text) == ""
	if blank && !p.had {
		return
	}
	if blank {
		text = ""
	}
	before, ok := s.Values[p.name]
	if p.part > 0 && ok {
		if text != "" && before[0] != "" {
			text = before[0] + gaps[p.gap] + text
		} else {
			text = before[0] + text
		}
	}
	s.Values[p.name] = []string{text}
}
