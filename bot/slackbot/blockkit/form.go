package blockkit

import (
	"cmp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/slack-go/slack"

	"griot/chat"
	"griot/i18n"
)

// Modal asks for what f asks for. meta comes back when it is sent; beyond 3000 bytes it is left out. Inputs that one modal
// cannot hold are left out whole and named at the end: what is not shown is not sent.
func Modal(f chat.Form, meta string) slack.ModalViewRequest {
	v := modal(f.Title, meta, inputs(f))
	v.CallbackID = f.Tag.String()
	if len(v.CallbackID) > callbackBytes {
		v.CallbackID = ""
	}
	v.Submit, v.Close = plain(cmp.Or(f.Submit, sendIt.In(f.Locale)), titleRunes), plain(cancelIt.In(f.Locale), titleRunes)
	return v
}

func inputs(f chat.Form) []slack.Block {
	out := paragraph(chat.CutSpans(f.Intro, introRunes)...)
	size := len(encode(out))
	var missing []string
	for i, in := range f.Inputs {
		add := input(i, in, f.Locale)
		more := len(encode(add))
		if add == nil || len(out)+len(add) > viewBlocks-1 || size+more > viewBytes-labelRunes {
			missing = append(missing, cmp.Or(in.Label, in.Name))
			continue
		}
		out, size = append(out, add...), size+more
	}
	if len(missing) > 0 {
		out = append(out, warning(leftOut.In(f.Locale, chat.Cut(strings.Join(missing, ", "), hintRunes/10)))...)
	}
	return out
}

// warning is a sentence that must be seen.
func warning(sentence string) []slack.Block {
	return paragraph(chat.Bold(chat.Cut("⚠️ "+chat.Clean(sentence), introRunes)))
}

// input is one field, with why it came back above it: a modal that is opened or drawn anew can carry errors in no other way.
// Nil when its name is too long to come back.
func input(n int, in chat.Input, l i18n.Locale) []slack.Block {
	p := place{index: n, name: in.Name, had: strings.TrimSpace(strings.Join(in.Value, "")) != ""}
	if len(p.String()) > blockIDBytes-2*mostGap {
		return nil
	}
	var out []slack.Block
	if in.Error != "" {
		out = warning(in.Error)
	}
	opts, ticked := choices(in)
	switch {
	case in.Kind == chat.Choice && len(opts) > 0:
		return append(out, choice(p, in, opts, ticked))
	case in.Kind == chat.Many && len(opts) > 0:
		return append(out, many(p, in, opts, ticked))
	case in.Kind == chat.Secret:
		p.role, p.had = asSecret, false
		return append(out, block(p, in, typing(in, "")))
	case in.Kind == chat.Moment:
		return append(out, moment(p, in, l)...)
	case in.Kind == chat.Files:
		return append(out, files(p, in))
	case in.Kind == chat.Room:
		return append(out, channel(p, in))
	}
	return append(out, text(p, in, l)...)
}

// block puts an element into an input block that knows what it stands for.
func block(p place, in chat.Input, e slack.BlockElement) *slack.InputBlock {
	b := slack.NewInputBlock(p.String(), plain(cmp.Or(in.Label, in.Name), labelRunes), nil, e).WithOptional(!in.Required)
	if in.Help != "" {
		b.Hint = plain(in.Help, hintRunes)
	}
	return b
}

// typing is a field for text with value in it. What is in it already may be longer than in.Max: then it is there to be
// shortened.
func typing(in chat.Input, value string) *slack.PlainTextInputBlockElement {
	e := slack.NewPlainTextInputBlockElement(nil, valueID)
	e.InitialValue = value
	e.Multiline = in.Kind == chat.Text || strings.Contains(value, "\n")
	e.MaxLength = inputRunes
	if in.Max > 0 && in.Max < inputRunes && utf8.RuneCountInString(value) <= in.Max {
		e.MaxLength = in.Max
	}
	return e
}

// text is a field for words, or several when one is too short for what is in it.
func text(p place, in chat.Input, l i18n.Locale) []slack.Block {
	p.role = asWords
	all := pieces(strings.Join(in.Value, ", "))
	if len(all) == 1 {
		return []slack.Block{block(p, in, typing(in, all[0].text))}
	}
	var out []slack.Block
	for i, x := range all {
		p.part, p.gap = i, x.gap
		one := chat.Input{Label: partLabel.In(l, chat.Cut(cmp.Or(in.Label, in.Name), labelRunes-20), i+1, len(all)), Kind: chat.Text, Required: in.Required && i == 0}
		if i == 0 {
			one.Help = in.Help
		}
		out = append(out, block(p, one, typing(one, x.text)))
	}
	return out
}

// choices are what Slack can show of in.Options, and those of them that are chosen. What is chosen but not offered, because a
// list ends somewhere, is offered too: it is not lost by sending the form.
func choices(in chat.Input) (all, chosen []*slack.OptionBlockObject) {
	offered := options(in.Options, len(in.Options))
	if len(offered) == 0 {
		return nil, nil
	}
	is := func(o *slack.OptionBlockObject) bool { return slices.Contains(in.Value, o.Value) }
	for _, v := range in.Value {
		if !slices.ContainsFunc(offered, func(o *slack.OptionBlockObject) bool { return o.Value == v }) {
			offered = append(offered, options([]chat.Option{{Value: v}}, 1)...)
		}
	}
	if len(offered) > selectOptions {
		slices.SortStableFunc(offered, func(a, b *slack.OptionBlockObject) int {
			switch {
			case is(a) == is(b):
				return 0
			case is(a):
				return -1
			}
			return 1
		})
		offered = offered[:selectOptions]
	}
	for _, o := range offered {
		if is(o) {
			chosen = append(chosen, o)
		}
	}
	return offered, chosen
}

func choice(p place, in chat.Input, all, chosen []*slack.OptionBlockObject) slack.Block {
	p.role, p.had = asChoice, len(chosen) > 0
	e := slack.NewOptionsSelectBlockElement(slack.OptTypeStatic, nil, valueID, all...)
	if len(chosen) > 0 {
		e.InitialOption = chosen[0]
	}
	return block(p, in, e)
}

func many(p place, in chat.Input, all, chosen []*slack.OptionBlockObject) slack.Block {
	p.role, p.had = asTicks, len(chosen) > 0
	if len(all) <= tickOptions {
		e := slack.NewCheckboxGroupsBlockElement(valueID, all...)
		e.InitialOptions = chosen
		return block(p, in, e)
	}
	e := slack.NewOptionsMultiSelectBlockElement(slack.MultiOptTypeStatic, nil, valueID, all...)
	e.InitialOptions = chosen
	return block(p, in, e)
}

// moment is a field for words and a calendar below it. An instant came from the calendar: it goes back there.
func moment(p place, in chat.Input, l i18n.Locale) []slack.Block {
	said := strings.Join(in.Value, " ")
	picker := slack.NewDateTimePickerBlockElement(valueID)
	if at, err := time.Parse(time.RFC3339, said); err == nil && tenDigits(at.Unix()) {
		picker.InitialDateTime, said = at.Unix(), ""
	}
	p.role = asWords
	in.Kind, in.Value, in.Required = chat.Line, []string{said}, false // either will do: who sends neither hears it from the command
	out := text(p, in, l)
	p.role = asDate
	in.Label, in.Help = orPick.In(l), ""
	return append(out, block(p, in, picker))
}

// tenDigits is what Slack's calendar takes: 2001 to 2286.
func tenDigits(at int64) bool { return at >= 1_000_000_000 && at <= 9_999_999_999 }

// kinds of picture that Griot takes.
var kinds = []string{"png", "jpg", "jpeg", "gif", "webp"}

func files(p place, in chat.Input) slack.Block {
	p.role, p.had = asFiles, false
	e := slack.NewFileInputBlockElement(valueID).WithFileTypes(kinds...)
	if in.Max > 0 {
		e.MaxFiles = min(in.Max, mostFiles)
	}
	return block(p, in, e)
}

// channel is chosen among those that the person sees, those shared with guests of another company too. With nothing in it, it begins with the one
// that the person is looking at.
func channel(p place, in chat.Input) slack.Block {
	id := strings.Join(in.Value, "")
	p.role, p.had = asChannel, strings.HasPrefix(id, "C") || strings.HasPrefix(id, "G")
	e := &slack.SelectBlockElement{Type: slack.OptTypeConversations, ActionID: valueID, DefaultToCurrentConversation: !p.had,
		Filter: &slack.SelectBlockElementFilter{Include: []string{"public", "private"}, ExcludeBotUsers: true}}
	if p.had {
		e.InitialConversation = id
	}
	return block(p, in, e)
}
