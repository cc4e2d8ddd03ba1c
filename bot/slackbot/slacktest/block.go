package slacktest

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// The blocks, and where each may be shown. Source of fields and limits: docs.slack.dev/reference/block-kit, read 2026-11, and the
// answers quoted in issues of Slack's SDKs. A type that is not here is refused: add it when the app needs it.
var blockKinds = map[string]shape{
	"header":    block(map[string]check{"!text": plain(150)}),
	"divider":   block(nil),
	"section":   block(map[string]check{"text": either(3000), "fields": items(1, 10, either(2000)), "accessory": accessory, "expand": flagged}).and(saysSomething),
	"context":   block(map[string]check{"!elements": items(1, 10, oneOfKinds(contextKinds))}),
	"actions":   block(map[string]check{"!elements": items(1, 25, oneOfKinds(actionKinds))}).and(distinctActions),
	"image":     block(imageFields).with(map[string]check{"title": plain(2000)}).and(oneImage),
	"rich_text": block(map[string]check{"!elements": items(1, 3000, oneOfKinds(richKinds))}),
	"markdown":  block(map[string]check{"!text": length(1, 12000)}),
	"input": block(map[string]check{
		"!label": plain(2000), "!element": oneOfKinds(inputKinds), "hint": plain(2000), "optional": flagged, "dispatch_action": flagged,
	}).and(fitsInput),
}

// contextKinds are what a context holds.
var contextKinds = map[string]shape{
	"image": fields(imageFields).and(oneImage), "plain_text": plainShape(3000),
	"mrkdwn": fields(map[string]check{"!text": length(1, 3000), "verbatim": flagged}),
}

func plainShape(most int) shape {
	return fields(map[string]check{"!text": length(1, most), "emoji": flagged})
}

// block is a block with these fields besides its id.
func block(all map[string]check) shape {
	return fields(map[string]check{"block_id": length(1, 255)}).with(all)
}

// accessory is what stands beside the text of a section.
func accessory(j *judge, at string, v any) {
	oneOfKinds(accessoryKinds)(j, at, v)
}

// saysSomething is true of sections with a text or fields.
func saysSomething(j *judge, at string, o Object) {
	if o["text"] == nil && o["fields"] == nil {
		j.no(at, "must define either `text` or `fields`")
	}
}

// distinctActions is true of blocks whose elements have action ids of their own.
func distinctActions(j *judge, at string, o Object) {
	seen := map[string]bool{}
	for i, e := range objects(o["elements"]) {
		id := str(e, "action_id")
		if id != "" && seen[id] {
			j.no(fmt.Sprintf("%s/elements/%d/action_id", at, i), "`action_id` %q already exists for this block", id)
		}
		seen[id] = true
	}
}

// fitsInput is true of inputs that may be shown where they are.
func fitsInput(j *judge, at string, o Object) {
	if str(o, "element", "type") == "file_input" && j.place != inModal {
		j.no(at+"/element/type", "unsupported type: file_input")
	}
}

// imageFields are those of a picture, as a block and inside one.
var imageFields = map[string]check{
	"!alt_text": length(1, 2000), "image_url": link(3000),
	"slack_file": fields(map[string]check{"id": length(1, 255), "url": link(3000)}).and(usableFile).check,
}

// oneImage is true of pictures that come from one place.
func oneImage(j *judge, at string, o Object) {
	if (o["image_url"] == nil) == (o["slack_file"] == nil) {
		j.no(at, "must define either `image_url` or `slack_file`")
	}
}

// usableFile is true of references to pictures that were uploaded to the workspace and are ready.
func usableFile(j *judge, at string, o Object) {
	if (o["id"] == nil) == (o["url"] == nil) {
		j.no(at, "must define either `id` or `url`")
		return
	}
	if !j.s.usable(j.w, str(o, "id"), str(o, "url")) {
		j.no(at, "invalid slack file")
	}
}

// blocks judges a list of blocks and returns a copy with the ids that Slack adds.
func (j *judge) blocks(at string, list []any) Blocks {
	most := 100
	if j.place == inMessage {
		most = 50
	}
	list = copied(list).([]any)
	items(0, most, oneOfKinds(blockKinds))(j, at, list)
	all := objects(list)
	seen := map[string]bool{}
	markdown := 0
	for i, b := range all {
		id := str(b, "block_id")
		if id != "" && seen[id] {
			j.no(fmt.Sprintf("%s/%d/block_id", at, i), "`block_id` %q already exists", id)
		}
		seen[id] = true
		if b["type"] == "markdown" {
			markdown += utf8.RuneCountInString(str(b, "text"))
			if j.place != inMessage {
				j.no(fmt.Sprintf("%s/%d/type", at, i), "unsupported type: markdown")
			}
		}
	}
	if markdown > 12000 {
		j.no(at, "markdown blocks must be less than 12001 characters together")
	}
	if j.focus > 1 {
		j.no(at, "only one element can have `focus_on_load`")
	}
	j.name(all)
	return all
}

// name gives ids to blocks and elements that have none.
func (j *judge) name(all Blocks) {
	for _, b := range all {
		if b["block_id"] == nil {
			b["block_id"] = j.s.id("b")
		}
	}
	elements(all, func(_, e Object) {
		if e["action_id"] == nil && e["type"] != "image" {
			e["action_id"] = j.s.id("a")
		}
	})
}

// viewFields are those of views of both kinds.
var viewFields = map[string]check{
	"!blocks": func(*judge, string, any) {}, "private_metadata": length(0, 3000), "callback_id": length(0, 255), "external_id": length(0, 255),
}

// The views.
var viewKinds = map[string]shape{
	"modal": fields(viewFields).with(map[string]check{
		"!title": plain(24), "submit": plain(24), "close": plain(24), "clear_on_close": flagged, "notify_on_close": flagged,
		"submit_disabled": flagged,
	}),
	"home": fields(viewFields),
}

// view judges a view of a kind and returns its blocks with the ids that Slack adds.
func (j *judge) view(o Object, kind string) Blocks {
	if got := str(o, "type"); got != kind && viewKinds[got].fields != nil {
		j.no("/view/type", "must be `%s`", kind)
		return nil
	}
	oneOfKinds(viewKinds)(j, "/view", o)
	list, ok := o["blocks"].([]any)
	if !ok {
		j.no("/view/blocks", "must provide an array")
		return nil
	}
	blocks := j.blocks("/view/blocks", list)
	for _, b := range blocks {
		if b["type"] == "input" && kind == "modal" && o["submit"] == nil {
			j.no("/view", "missing required field: submit: a modal with an input block has one")
			break
		}
	}
	if strings.TrimSpace(str(o, "title", "text")) == "" && kind == "modal" {
		j.no("/view/title/text", "must be more than 0 characters")
	}
	return blocks
}
