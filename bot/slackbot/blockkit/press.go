package blockkit

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/slack-go/slack"

	"griot/chat"
)

// selectBlock begins the block_id of a select: "tag:", its number in the card, ":" and the tag on the wire.
const selectBlock = "tag:"

// buttons stand in rows. A verb is the action_id, which has to be the only one of its row: the second of a verb there is told
// apart by a number behind it, "run:2". What a press means is in its tag.
func buttons(c chat.Card, r chat.Space) []slack.Block {
	var rows [][]slack.BlockElement
	there := map[string]bool{}
	for i, b := range c.Buttons[:min(len(c.Buttons), r.Buttons)] {
		e, ok := button(b, i, c, r)
		if !ok {
			continue
		}
		if n := len(rows); n == 0 || len(rows[n-1]) == rowButtons {
			rows = append(rows, nil)
			there = map[string]bool{}
		}
		if there[e.ActionID] {
			e.ActionID += fmt.Sprintf(":%d", len(rows[len(rows)-1])+1)
		}
		there[e.ActionID] = true
		rows[len(rows)-1] = append(rows[len(rows)-1], e)
	}
	var out []slack.Block
	for _, row := range rows {
		out = append(out, slack.NewActionBlock("", row...))
	}
	return out
}

// button is false for one that could do nothing: it leads nowhere and its tag would not come back.
func button(b chat.Button, n int, c chat.Card, r chat.Space) (*slack.ButtonBlockElement, bool) {
	e := slack.NewButtonBlockElement(b.Tag.Verb, b.Tag.String(), plain(b.Label, buttonRunes))
	if to, ok := address(b.URL); ok {
		e.URL, e.ActionID, e.Value = to, fmt.Sprintf("link:%d", n), ""
	} else if !b.Tag.Carried() {
		return nil, false
	}
	switch b.Style {
	case chat.Primary:
		e.Style = slack.StylePrimary
	case chat.Risky:
		e.Style = slack.StyleDanger
		if e.URL == "" {
			e.Confirm = sure(b, c, r)
		}
	}
	return e, true
}

// sure asks before a risky press. Its two buttons never say the same.
func sure(b chat.Button, c chat.Card, r chat.Space) *slack.ConfirmationBlockObject {
	ask, deny := b.Confirm, cancelIt.In(c.Locale)
	if strings.TrimSpace(ask) == "" {
		ask = askSure.In(c.Locale)
	}
	if strings.TrimSpace(b.Label) == deny {
		deny = goBack.In(c.Locale)
	}
	x := slack.NewConfirmationBlockObject(plain(b.Label, confirmTitle), plain(ask, min(confirmRunes, r.Runes)), plain(b.Label, confirmButton), plain(deny, confirmButton))
	return x.WithStyle(slack.StyleDanger)
}

func selects(c chat.Card, r chat.Space) []slack.Block {
	var out []slack.Block
	for i, s := range c.Selects[:min(len(c.Selects), r.Buttons)] {
		opts := options(s.Options, r.Options)
		if len(opts) == 0 || !s.Tag.Carried() {
			continue
		}
		e := slack.NewOptionsSelectBlockElement(slack.OptTypeStatic, plain(s.Label, placeholder), s.Tag.Verb, opts...)
		out = append(out, slack.NewActionBlock(fmt.Sprintf("%s%d:%s", selectBlock, i, s.Tag), e))
	}
	return out
}

// options are at most n choices. One whose value Slack would not carry, or that stands there already, is left out.
func options(all []chat.Option, n int) []*slack.OptionBlockObject {
	var out []*slack.OptionBlockObject
	there := map[string]bool{}
	for _, o := range all {
		if len(out) == n {
			break
		}
		if o.Value == "" || len(o.Value) > optionBytes || there[o.Value] || !utf8.ValidString(o.Value) {
			continue
		}
		there[o.Value] = true
		label := o.Label
		if strings.TrimSpace(chat.Clean(label)) == "" {
			label = o.Value
		}
		out = append(out, slack.NewOptionBlockObject(o.Value, plain(label, optionRunes), nil))
	}
	return out
}

// Press reads a press on a button, or a choice in a select whose value it gives; false for a button that only opens a link,
// and for what is not ours.
func Press(a slack.BlockAction) (tag chat.Tag, value string, ok bool) {
	wire := a.Value
	if rest, is := strings.CutPrefix(a.BlockID, selectBlock); is {
		_, wire, _ = strings.Cut(rest, ":")
		if value = a.SelectedOption.Value; value == "" {
			return chat.Tag{}, "", false
		}
	}
	tag, err := chat.ParseTag(wire)
	if err != nil || tag.Verb != a.ActionID && !strings.HasPrefix(a.ActionID, tag.Verb+":") {
		return chat.Tag{}, "", false
	}
	return tag, value, true
}
