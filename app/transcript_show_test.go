package app

import (
	"regexp"
	"slices"
	"strings"

	"griot/bot/playground"
	"griot/chat"
)

// spans is text as a person reads it.
func spans(all []chat.Span) string {
	var b strings.Builder
	for _, s := range all {
		switch x := s.(type) {
		case chat.Plain:
			b.WriteString(string(x))
		case chat.Bold:
			b.WriteString(string(x))
		case chat.Code:
			b.WriteString("`" + string(x) + "`")
		case chat.Link:
			b.WriteString(x.Label + " <" + x.URL + ">")
		case chat.When:
			b.WriteString(x.Text)
		case chat.Person:
			b.WriteString(x.Name)
		case chat.Break:
			b.WriteString("\n")
		}
	}
	return b.String()
}

// lines is a card as a person reads it, from top to bottom.
func lines(c chat.Card) []string {
	var out []string
	say := func(indent, text string) {
		for l := range strings.SplitSeq(text, "\n") {
			out = append(out, strings.TrimRight(indent+l, " "))
		}
	}
	if c.Title != "" {
		say("", c.Title)
	}
	for _, part := range [][]chat.Span{c.Lead, c.Body} {
		if len(part) > 0 {
			say("", spans(part))
		}
	}
	for _, f := range c.Fields {
		say("", f.Label+": "+spans(f.Value))
	}
	for _, s := range c.Sections {
		head := s.Title
		if len(s.Note) > 0 {
			head += " — " + spans(s.Note)
		}
		say("▸ ", head)
		if len(s.Body) > 0 {
			say("    ", spans(s.Body))
		}
	}
	for _, i := range c.Images {
		say("", "(image: "+i.Alt+")")
	}
	if len(c.Foot) > 0 {
		say("", spans(c.Foot))
	}
	for _, s := range c.Selects {
		var all []string
		for _, o := range s.Options {
			all = append(all, o.Label)
		}
		say("", "("+s.Label+" "+strings.Join(all, " | ")+")")
	}
	var buttons []string
	for _, b := range c.Buttons {
		buttons = append(buttons, "["+b.Label+"]")
	}
	if len(buttons) > 0 {
		say("", strings.Join(buttons, " "))
	}
	return out
}

// formLines is a form as a person finds it.
func formLines(f chat.Form) []string {
	out := []string{"form: " + f.Title}
	if len(f.Intro) > 0 {
		out = append(out, "  "+spans(f.Intro))
	}
	for _, in := range f.Inputs {
		line := "  " + in.Label
		if in.Required {
			line += " *"
		}
		var given []string
		for _, v := range in.Value {
			given = append(given, label(in.Options, v))
		}
		if len(given) > 0 && strings.Join(given, "") != "" {
			line += " = " + strings.ReplaceAll(strings.Join(given, ", "), "\n", " ⏎ ")
		}
		out = append(out, line)
		if in.Error != "" {
			out = append(out, "  ✗ "+in.Error)
		}
	}
	return append(out, "  ["+f.Submit+"]")
}

// label is what a person sees of a value.
func label(all []chat.Option, value string) string {
	if i := slices.IndexFunc(all, func(o chat.Option) bool { return o.Value == value }); i >= 0 {
		return all[i].Label
	}
	return value
}

// messageLines is a message as it stands in its channel.
func messageLines(m playground.Message) []string {
	switch {
	case m.Card != nil:
		return lines(*m.Card)
	case m.Text != "":
		return []string{m.Text}
	}
	return nil
}

// asked is what people were asked under a card, or directly, that was not read before; in no order of its own, for several
// people are asked at once, each where their card came first.
func asked(all []playground.Message, read map[string]bool) []string {
	var out []string
	for _, m := range all {
		for _, l := range m.Lines {
			if !read[l.Key] {
				out = append(out, "↳ @"+l.Name+" "+spans(l.Words))
			}
		}
	}
	slices.Sort(out)
	return out
}

// answerLines is what the one who acted reads at once.
func answerLines(a chat.Answer) []string {
	switch x := a.(type) {
	case chat.Say:
		return lines(x.Card)
	case chat.Ask:
		return formLines(x.Form)
	case chat.Refresh:
		out := lines(x.Card)
		if x.Card.Subject != "" { // everybody sees it: "shows" tells the rest
			out = []string{"(the card is drawn anew)"}
		}
		if x.Tell != nil {
			out = append(out, lines(*x.Tell)...)
		}
		return out
	}
	return nil
}

// addresses hides what differs from run to run: the port of the village and the ids of its posts; messages those of messages in
// chats, which are numbered as they come.
var (
	addresses = regexp.MustCompile(`http://127\.0\.0\.1:\d+(/posts/[0-9a-z]+)?`)
	messages  = regexp.MustCompile(`(https://discord\.com/channels|https://\w+\.slack\.com/archives)/[\w/]+`)
)

func stable(text string) string {
	text = messages.ReplaceAllString(text, "$1/…")
	return addresses.ReplaceAllStringFunc(text, func(u string) string {
		if strings.Contains(u, "/posts/") {
			return "http://village/posts/…"
		}
		return "http://village"
	})
}
