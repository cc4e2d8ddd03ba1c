// Package blockkit is what chat's things look like in Slack: cards become blocks, forms become modals, submitted modals
// become values again, and what people type becomes what they meant. Pure: no I/O, no clock. It knows chat, i18n and the
// shapes of slack-go, and nothing of what the cards are about.
//
// Words from outside never act here: they stand in plain_text without emoji and in literal rich text, where markup,
// mentions and shortcodes mean nothing. The one mention there is, is the one Nudge makes.
package blockkit

import (
	"regexp"

	"github.com/slack-go/slack"

	"griot/chat"
)

// Message is a card as Slack shows it. Text is what notifications say, and screen readers where they read no blocks: at most
// 3000 bytes, escaped. Send it with unfurling off and without parse or link_names.
type Message struct {
	Text   string
	Blocks []slack.Block
}

// Look is what a renderer cannot know by itself.
type Look struct {
	// Picture gives the Slack file id of a picture that was uploaded before. Slack shows PNG, JPEG and GIF. Where it is
	// nil or says false, the picture's description stands in words.
	Picture func(chat.Image) (file string, ok bool)
}

// Card shows c in a channel. What does not fit in one message is cut with an ellipsis.
func Card(c chat.Card, k Look) Message { return Message{Text: said(c), Blocks: fit(c, k, inMessage)} }

// Home shows c in the home tab of Griot.
func Home(c chat.Card, k Look) slack.HomeTabViewRequest {
	return slack.HomeTabViewRequest{Type: slack.VTHomeTab, Blocks: slack.Blocks{BlockSet: fit(c, k, inView)}}
}

// Window shows c in a modal: a private answer where there is no channel to whisper in. meta comes back with every press in it;
// beyond 3000 bytes it is left out.
func Window(title string, c chat.Card, k Look, meta string) slack.ModalViewRequest {
	v := modal(title, meta, fit(c, k, inView))
	v.Close = plain(closeIt.In(c.Locale), titleRunes)
	return v
}

// Waiting is one sentence in a modal, with nothing to press.
func Waiting(title, words string) slack.ModalViewRequest {
	return modal(title, "", paragraph(chat.Plain(chat.Cut(words, introRunes))))
}

// userID is what Slack calls a person.
var userID = regexp.MustCompile(`^[UW]\w{0,40}$`)

// Nudge is one line that pings the user whose id is to, and nobody else. An id that Slack would not take pings nobody.
func Nudge(to string, words []chat.Span) Message {
	m := Message{Text: brief(chat.Flat(words))}
	line := rich(chat.CutSpans(words, nudgeRunes))
	if userID.MatchString(to) {
		m.Text = "<@" + to + "> " + m.Text
		line = append([]slack.RichTextSectionElement{slack.NewRichTextSectionUserElement(to, nil), slack.NewRichTextSectionTextElement(" ", nil)}, line...)
	}
	m.Blocks = []slack.Block{slack.NewRichTextBlock("", section(line))}
	return m
}

// modal is a window with blocks in it.
func modal(title, meta string, blocks []slack.Block) slack.ModalViewRequest {
	if len(meta) > metaBytes {
		meta = ""
	}
	return slack.ModalViewRequest{Type: slack.VTModal, Title: plain(title, titleRunes), PrivateMetadata: meta, Blocks: slack.Blocks{BlockSet: something(blocks)}}
}
