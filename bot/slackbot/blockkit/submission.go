package blockkit

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"griot/chat"
	"griot/i18n"
)

// Upload is a file that was attached in a modal.
type Upload struct {
	Input string // name of the field
	File  slack.File
}

// Sent is a modal as it was sent. A field that is empty is not in Values, unless it was emptied: then its value is "", or
// none of several.
type Sent struct {
	Tag    chat.Tag
	Values chat.Values
	Files  []Upload
	Wrong  map[string]string // what is wrong, by the name of the field; nil when nothing is
	Quotes bool              // its words are somebody else's
}

// answer is the state of one input block.
type answer struct {
	place
	state  slack.BlockAction
	before slack.BlockElement // as it was shown; nil when the view came without its blocks
}

// Submission reads a sent modal, with what is wrong in words of l. Names of emoji become emoji, and those of a workspace's own are
// wrong but in the form of the command that quotes; secrets stay as they were typed. Errors: a modal that is not one of Modal's.
func Submission(v slack.View, l i18n.Locale, quotes string) (Sent, error) {
	tag, err := chat.ParseTag(v.CallbackID)
	if err != nil {
		return Sent{}, fmt.Errorf("read a sent modal: %w", err)
	}
	s := Sent{Tag: tag, Values: chat.Values{}, Quotes: tag.Subject == quotes && quotes != ""}
	for all := answers(v); len(all) > 0; {
		n := slices.IndexFunc(all, func(a answer) bool { return a.index != all[0].index })
		if n < 0 {
			n = len(all)
		}
		s.take(all[:n], l)
		all = all[n:]
	}
	return s, nil
}

// answers are the fields of a modal in the order in which they stand in it.
func answers(v slack.View) []answer {
	if v.State == nil {
		return nil
	}
	shown := map[string]slack.BlockElement{}
	for _, b := range v.Blocks.BlockSet {
		if in, ok := b.(*slack.InputBlock); ok {
			shown[in.BlockID] = in.Element
		}
	}
	var out []answer
	for id, states := range v.State.Values {
		if p, ok := placeOf(id); ok {
			out = append(out, answer{p, states[valueID], shown[id]})
		}
	}
	slices.SortFunc(out, func(a, b answer) int {
		return cmp.Or(a.index-b.index, strings.Compare(string(b.role), string(a.role)), a.part-b.part) // words before their date
	})
	return out
}

// take reads what was given in one input, which may span several blocks.
func (s *Sent) take(all []answer, l i18n.Locale) {
	first, last := all[0], all[len(all)-1]
	switch first.role {
	case asWords:
		if last.role == asDate {
			s.moment(all[:len(all)-1], last, l)
			return
		}
		s.words(first.place, joined(all), l)
	case asSecret:
		s.value(first.place, first.state.Value)
	case asChoice:
		s.value(first.place, first.state.SelectedOption.Value)
	case asChannel:
		s.value(first.place, first.state.SelectedConversation)
	case asTicks:
		s.ticks(first)
	case asFiles:
		for _, f := range first.state.Files {
			s.Files = append(s.Files, Upload{first.name, f})
		}
	}
}

// joined is a text that spans several fields, as it was before it was cut.
func joined(all []answer) string {
	var b strings.Builder
	for _, a := range all {
		if strings.TrimSpace(a.state.Value) == "" {
			continue
		}
		if b.Len() > 0 {
			b.WriteString(a.gap)
		}
		b.WriteString(a.state.Value)
	}
	return b.String()
}

func (s *Sent) words(p place, text string, l i18n.Locale) {
	text, unknown := Emoji(text)
	s.value(p, text)
	if len(unknown) > 0 && !s.Quotes {
		s.wrong(p, homely(unknown, l))
	}
}

// value keeps one value. Blank is empty.
func (s *Sent) value(p place, text string) {
	if strings.TrimSpace(text) == "" {
		if !p.had {
			return
		}
		text = ""
	}
	s.Values[p.name] = append(s.Values[p.name], text)
}

func (s *Sent) ticks(a answer) {
	chosen := []string{}
	for _, o := range a.state.SelectedOptions {
		chosen = append(chosen, o.Value)
	}
	if len(chosen) > 0 || a.had {
		s.Values[a.name] = append(chosen, s.Values[a.name]...)
	}
}

// moment takes the words or the date of the calendar. Of both, the one that was changed counts: a form begins with one of
// them in it.
func (s *Sent) moment(words []answer, date answer, l i18n.Locale) {
	said, picked := joined(words), ""
	if at := date.state.SelectedDateTime; at != 0 {
		picked = time.Unix(at, 0).UTC().Format(time.RFC3339)
	}
	switch {
	case picked == "":
		s.words(words[0].place, said, l)
	case strings.TrimSpace(said) == "" || said == picked || untouched(words):
		s.value(date.place, picked)
	case unpicked(date):
		s.words(words[0].place, said, l)
	default:
		s.words(words[0].place, said, l)
		s.wrong(date.place, errTwoDates.In(l))
	}
}

// untouched says whether words are those the form came with.
func untouched(words []answer) bool {
	return !slices.ContainsFunc(words, func(a answer) bool {
		was, ok := a.before.(*slack.PlainTextInputBlockElement)
		return !ok || was.InitialValue == "" || was.InitialValue != a.state.Value
	})
}

// unpicked says whether a date is the one the form came with.
func unpicked(date answer) bool {
	was, ok := date.before.(*slack.DateTimePickerBlockElement)
	return ok && was.InitialDateTime == date.state.SelectedDateTime
}

func (s *Sent) wrong(p place, sentence string) {
	if s.Wrong == nil {
		s.Wrong = map[string]string{}
	}
	s.Wrong[p.name] = sentence
}

// mostNamed is how many emoji a sentence names.
const mostNamed = 5

// homely says that emoji are this workspace's own.
func homely(names []string, l i18n.Locale) string {
	var all []string
	for _, n := range names[:min(len(names), mostNamed)] {
		all = append(all, quoted.In(l, ":"+n+":"))
	}
	if len(names) > mostNamed {
		all = append(all, "…")
	}
	return errEmoji.In(l, len(names), strings.Join(all, ", "))
}

// Block is the id of the block in which Slack shows what is wrong with a field: the first of the field's own, else the first
// field of the view. Empty when the view asks for nothing.
func Block(v slack.View, field string) string {
	first := ""
	for _, b := range v.Blocks.BlockSet {
		in, ok := b.(*slack.InputBlock)
		if !ok {
			continue
		}
		if first == "" {
			first = in.BlockID
		}
		if p, ok := placeOf(in.BlockID); ok && p.name == field {
			return in.BlockID
		}
	}
	return first
}
