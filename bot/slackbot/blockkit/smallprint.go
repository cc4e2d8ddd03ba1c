package blockkit

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/slack-go/slack"

	"griot/chat"
)

// mostLines is how many lines of small print keep their bold, links and dates; more become plain.
const mostLines = 4

// small is small print, at most n runes of it: context blocks. They hold no rich text, so what is not plain stands in mrkdwn of its own, and only
// where its words hold nothing that mrkdwn would read.
func small(spans []chat.Span, n int) []slack.Block {
	spans = chat.CutSpans(spans, min(n, smallRunes))
	text := strings.Trim(chat.Flat(spans), "\n ")
	if text == "" {
		return nil
	}
	lines := byLine(spans)
	if simple(spans) || len(lines) > mostLines {
		return []slack.Block{slack.NewContextBlock("", plain(text, contextRunes))}
	}
	var out []slack.Block
	for _, l := range lines {
		if strings.TrimSpace(chat.Flat(l)) != "" {
			out = append(out, slack.NewContextBlock("", smallLine(l)...))
		}
	}
	return out
}

// simple says whether spans are words alone.
func simple(spans []chat.Span) bool {
	for _, s := range spans {
		switch s.(type) {
		case chat.Plain, chat.Person, chat.Break:
		default:
			return false
		}
	}
	return true
}

// byLine parts spans at their breaks.
func byLine(spans []chat.Span) [][]chat.Span {
	lines := [][]chat.Span{nil}
	for _, s := range spans {
		if _, ok := s.(chat.Break); ok {
			lines = append(lines, nil)
			continue
		}
		last := &lines[len(lines)-1]
		*last = append(*last, s)
	}
	return lines
}

func smallLine(spans []chat.Span) []slack.MixedElement {
	var out []slack.MixedElement
	said := ""
	flush := func() {
		if strings.TrimSpace(said) != "" {
			out = append(out, plain(said, contextRunes))
		}
		said = ""
	}
	for _, s := range spans {
		code, ok := markup(s)
		if !ok {
			said += chat.Words(s)
			continue
		}
		flush()
		out = append(out, slack.NewTextBlockObject(slack.MarkdownType, code, false, true))
	}
	if flush(); len(out) > contextElements {
		return []slack.MixedElement{plain(chat.Flat(spans), contextRunes)}
	}
	return out
}

// stirring is what mrkdwn may read as more than text: its marks, entities, and the beginning of a shortcode.
var stirring = regexp.MustCompile("[*_~`<>&|^\\n]|:\\S")

// inAddress keeps an address within its angle brackets.
var inAddress = strings.NewReplacer("&", "&amp;", "<", "%3C", ">", "%3E", "|", "%7C", " ", "%20")

// markup is a span in mrkdwn, and whether it may stand there. What may not is said in plain words.
func markup(s chat.Span) (code string, ok bool) {
	text := strings.TrimSpace(chat.Words(s))
	if text == "" || stirring.MatchString(text) {
		return "", false
	}
	switch x := s.(type) {
	case chat.Bold:
		code, ok = "*"+text+"*", true
	case chat.Code:
		code, ok = "`"+text+"`", true
	case chat.Link:
		to, web := address(x.URL)
		code, ok = "<"+inAddress.Replace(to)+"|"+text+">", web
	case chat.When:
		code, ok = fmt.Sprintf("<!date^%d^%s|%s>", x.T.Unix(), whenFormat, text), dated(x)
	}
	return code, ok && len(code) <= contextRunes
}
