package slacktest

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// Longest texts, in characters. Source: chat-method pages of docs.slack.dev; blocks: slackapi/bolt-js issues 2509 and 2867, where
// Slack refused sums of about 13 200 and, once, of 11 341.
const (
	maxText     = 40000
	maxEdit     = 4000
	maxAllTexts = 13000
)

// words is what a message says, out of the arguments of a chat method or of a response.
type words struct {
	text               string
	blocks             Blocks
	hasText, hasBlocks bool
	attached           []any
	metadata           Object
	hasMetadata        bool
}

// words reads and judges what a message says.
func (c *call) words() (words, *refusal) {
	w := words{text: c.text("text")}
	_, w.hasText = c.args["text"].(string)
	v, given, err := c.value("blocks")
	if given {
		list, isList := v.([]any)
		if err != nil || !isList {
			return w, no("invalid_blocks_format")
		}
		blocks, refused := c.s.judge(c.w, list)
		if refused != nil {
			return w, refused
		}
		w.blocks, w.hasBlocks = blocks, true
	}
	v, given, err = c.value("attachments")
	if given {
		list, isList := v.([]any)
		if err != nil || !isList {
			return w, no("invalid_attachments")
		}
		if len(list) > 100 {
			return w, no("too_many_attachments")
		}
		attached, refused := c.s.judgeAttached(c.w, list)
		if refused != nil {
			return w, refused
		}
		w.attached = attached
	}
	v, given, err = c.value("metadata")
	if given {
		o, isObject := v.(Object)
		if err != nil || !isObject {
			return w, no("invalid_metadata_format")
		}
		w.hasMetadata = true
		if len(o) > 0 {
			_, payload := o["event_payload"].(Object)
			if str(o, "event_type") == "" && !payload { // what slack-go adds to every response: nothing
				return w, nil
			}
			if str(o, "event_type") == "" || !payload || len(o) > 2 {
				return w, no("invalid_metadata_schema")
			}
			w.metadata = o
		}
	}
	return w, nil
}

// judge says whether blocks are good for a message of the workspace, and gives them the ids that Slack adds. The mutex is held.
func (s *Server) judge(w *Workspace, list []any) (Blocks, *refusal) {
	j := newJudge(s, w, inMessage)
	blocks := j.blocks("/blocks", list)
	if len(j.wrong) > 0 {
		return nil, no("invalid_blocks", j.wrong...)
	}
	if sum(list) > maxAllTexts {
		return nil, no("msg_blocks_too_long")
	}
	return blocks, nil
}

// attachedFields are those of an attachment that are good for something besides blocks.
var attachedFields = map[string]check{
	"color": length(1, 20), "fallback": length(1, maxText), "text": length(1, maxText), "pretext": length(1, maxText), "mrkdwn_in": items(0, 10, length(1, 20)),
}

// judgeAttached says whether attachments are good for a message of the workspace, and gives their blocks ids. The mutex is held.
func (s *Server) judgeAttached(w *Workspace, list []any) ([]any, *refusal) {
	j := newJudge(s, w, inMessage)
	list = copied(list).([]any)
	for i, v := range list {
		at := fmt.Sprintf("/attachments/%d", i)
		inside := func(j *judge, at string, v any) {
			blocks, ok := v.([]any)
			if !ok {
				j.no(at, "must provide an array")
				return
			}
			list[i].(Object)["blocks"] = j.blocks(at, blocks).list()
		}
		fields(attachedFields).with(map[string]check{"blocks": inside}).check(j, at, v)
	}
	if len(j.wrong) > 0 {
		return nil, no("invalid_attachments", j.wrong...)
	}
	return list, nil
}

// sum is the number of characters of all texts in blocks.
func sum(v any) int {
	n := 0
	switch x := v.(type) {
	case Object:
		for k, item := range x {
			if text, ok := item.(string); ok && k == "text" {
				n += utf8.RuneCountInString(text)
				continue
			}
			n += sum(item)
		}
	case []any:
		for _, item := range x {
			n += sum(item)
		}
	}
	return n
}

// empty says whether there is nothing to show.
func (w words) empty() bool {
	return strings.TrimSpace(w.text) == "" && len(w.blocks) == 0 && len(w.attached) == 0
}

func cut(text string) string {
	if r := []rune(text); len(r) > maxText {
		return string(r[:maxText])
	}
	return text
}
