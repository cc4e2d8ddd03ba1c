package playground

import (
	"encoding/json"
	"net/url"
	"strings"

	"griot/chat"
)

func toSpans(spans []chat.Span) []spanWire {
	var all []spanWire
	for _, sp := range spans {
		switch sp := sp.(type) {
		case chat.Plain:
			all = append(all, spanWire{K: "p", T: string(sp)})
		case chat.Bold:
			all = append(all, spanWire{K: "b", T: string(sp)})
		case chat.Code:
			all = append(all, spanWire{K: "c", T: string(sp)})
		case chat.Link:
			all = append(all, toLink(sp))
		case chat.When:
			all = append(all, spanWire{K: "w", T: sp.Text, At: &sp.T})
		case chat.Person:
			all = append(all, spanWire{K: "n", T: sp.Name})
		case chat.Break:
			all = append(all, spanWire{K: "r"})
		}
	}
	return all
}

// toLink lets only the web's own addresses be links; another scheme is shown as text.
func toLink(l chat.Link) spanWire {
	if !isWeb(l.URL) {
		return spanWire{K: "p", T: l.Label}
	}
	return spanWire{K: "a", T: l.Label, U: l.URL}
}

func isWeb(address string) bool {
	u, err := url.Parse(address)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != ""
}

func fromSpans(wire []spanWire) []chat.Span {
	var all []chat.Span
	for _, w := range wire {
		switch w.K {
		case "b":
			all = append(all, chat.Bold(w.T))
		case "c":
			all = append(all, chat.Code(w.T))
		case "a":
			all = append(all, chat.Link{Label: w.T, URL: w.U})
		case "w":
			when := chat.When{Text: w.T}
			if w.At != nil {
				when.T = *w.At
			}
			all = append(all, when)
		case "n":
			all = append(all, chat.Person{Name: w.T})
		case "r":
			all = append(all, chat.Break{})
		default:
			all = append(all, chat.Plain(w.T))
		}
	}
	return all
}

func toCard(c chat.Card) cardWire {
	w := cardWire{
		Subject: c.Subject, Title: c.Title, Tone: c.Tone,
		Lead: toSpans(c.Lead), Body: toSpans(c.Body), Foot: toSpans(c.Foot),
	}
	for _, f := range c.Fields {
		w.Fields = append(w.Fields, fieldWire{f.Label, toSpans(f.Value)})
	}
	for _, x := range c.Sections {
		w.Sections = append(w.Sections, sectionWire{x.Title, x.Tone, toSpans(x.Note), toSpans(x.Body)})
	}
	for _, i := range c.Images {
		w.Images = append(w.Images, imageWire{i.Hash, i.Type, i.Alt})
	}
	for _, b := range c.Buttons {
		w.Buttons = append(w.Buttons, toButton(b))
	}
	for _, x := range c.Selects {
		w.Selects = append(w.Selects, selectWire{x.Label, x.Tag.String(), toOptions(x.Options)})
	}
	return w
}

func toButton(b chat.Button) buttonWire {
	w := buttonWire{Label: b.Label, Style: b.Style, Confirm: b.Confirm}
	if isWeb(b.URL) {
		w.URL = b.URL
		return w
	}
	w.Tag = b.Tag.String()
	return w
}

func fromCard(w cardWire, open func(hash string) *blob) chat.Card {
	c := chat.Card{
		Subject: w.Subject, Title: w.Title, Tone: w.Tone,
		Lead: fromSpans(w.Lead), Body: fromSpans(w.Body), Foot: fromSpans(w.Foot),
	}
	for _, f := range w.Fields {
		c.Fields = append(c.Fields, chat.Field{Label: f.Label, Value: fromSpans(f.Value)})
	}
	for _, x := range w.Sections {
		c.Sections = append(c.Sections, chat.Section{Title: x.Title, Tone: x.Tone, Note: fromSpans(x.Note), Body: fromSpans(x.Body)})
	}
	for _, i := range w.Images {
		c.Images = append(c.Images, chat.Image{Hash: i.Hash, Type: i.Type, Alt: i.Alt, Open: open(i.Hash).open})
	}
	for _, b := range w.Buttons {
		tag, _ := chat.ParseTag(b.Tag) // a button that opens an address has none
		c.Buttons = append(c.Buttons, chat.Button{Label: b.Label, Tag: tag, Style: b.Style, Confirm: b.Confirm, URL: b.URL})
	}
	for _, x := range w.Selects {
		tag, _ := chat.ParseTag(x.Tag) // written by Tag.String, so it reads back
		c.Selects = append(c.Selects, chat.Select{Label: x.Label, Tag: tag, Options: fromOptions(x.Options)})
	}
	return c
}

func toOptions(options []chat.Option) []optionWire {
	var all []optionWire
	for _, o := range options {
		all = append(all, optionWire(o))
	}
	return all
}

func fromOptions(wire []optionWire) []chat.Option {
	var all []chat.Option
	for _, w := range wire {
		all = append(all, chat.Option(w))
	}
	return all
}

// toForm drops what stands in a secret input: a secret is never written into a page.
func toForm(f chat.Form) *formWire {
	w := &formWire{Title: f.Title, Tag: f.Tag.String(), Intro: toSpans(f.Intro), Submit: f.Submit}
	for _, in := range f.Inputs {
		x := inputWire{
			Name: in.Name, Label: in.Label, Kind: in.Kind, Help: in.Help, Required: in.Required,
			Options: toOptions(in.Options), Value: in.Value, Error: in.Error, Max: in.Max,
		}
		if in.Kind == chat.Secret {
			x.Value = nil
		}
		w.Inputs = append(w.Inputs, x)
	}
	return w
}

func toWire(m Message) messageWire {
	w := messageWire{
		ID: m.Ref.Message, Channel: m.Ref.Channel, Key: m.Key, From: m.From, Name: m.name, To: m.To,
		At: m.At, Text: m.Text, Via: m.Via, Rev: m.Rev,
	}
	if m.Card != nil {
		c := toCard(*m.Card)
		w.Card = &c
	}
	for _, f := range m.Files {
		w.Files = append(w.Files, fileWire(f))
	}
	for _, l := range m.Lines {
		w.Lines = append(w.Lines, lineWire{l.ID, l.Key, l.To, l.Name, toSpans(l.Words), l.At})
	}
	return w
}

func (s *Surface) fromWire(w messageWire) *Message {
	m := &Message{
		Ref: chat.MessageRef{Place: s.Place(w.Channel), Message: w.ID}, Key: w.Key, From: w.From, name: w.Name,
		To: w.To, At: w.At, Text: w.Text, Via: w.Via, Rev: w.Rev,
	}
	if w.Card != nil {
		c := fromCard(*w.Card, s.blobs.at)
		m.Card = &c
	}
	for _, f := range w.Files {
		m.Files = append(m.Files, Attachment(f))
	}
	for _, l := range w.Lines {
		m.Lines = append(m.Lines, Line{l.ID, l.Key, l.To, l.Name, fromSpans(l.Words), l.At})
	}
	return m
}

// owner is the user whose direct conversation a channel is; empty for the others.
func owner(channel string) string {
	user, ok := strings.CutPrefix(channel, direct)
	if !ok {
		return ""
	}
	return user
}

// encode writes a wire shape; every one of them can be written.
func encode(v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		panic("playground: wire: " + err.Error())
	}
	return b
}
