package blockkit_test

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

// object is JSON as it goes to Slack. What follows knows Slack's reference and nothing of how blocks are built.
type object = map[string]any

// judge collects what Slack would refuse, and what could ping, format or link without leave.
type judge struct {
	wrong   []string
	pings   int
	inputs  int
	blocks  map[string]bool
	inModal bool
}

// numbered is what tells a second button of one verb in a row apart.
var numbered = regexp.MustCompile(`:\d$`)

func (j *judge) say(format string, args ...any) {
	j.wrong = append(j.wrong, fmt.Sprintf(format, args...))
}

// text demands between one and most runes.
func (j *judge) text(what string, v any, most int) {
	s, _ := v.(string)
	if n := utf8.RuneCountInString(s); n == 0 || n > most {
		j.say("%s: %d runes of %d: %.80q", what, n, most, s)
	}
	if i := strings.IndexFunc(s, func(r rune) bool { return unicode.Is(unicode.Bidi_Control, r) }); i >= 0 {
		j.say("%s turns around at %d: %.80q", what, i, s)
	}
}

// plain demands text that is nothing but text.
func (j *judge) plain(what string, v any, most int) {
	o, _ := v.(object)
	j.text(what, o["text"], most)
	if emoji, ok := o["emoji"].(bool); o["type"] != "plain_text" || !ok || emoji {
		j.say("%s: not plain: %v", what, o)
	}
}

// calm is mrkdwn in which words do nothing.
var calm = regexp.MustCompile("^(\\*[^*_~`<>&]+\\*|`[^*_~`<>&]+`|<https?://[^<>|]+\\|[^*_~`<>&]+>|<!date\\^\\d+\\^[^<>|]+\\|[^*_~`<>&]+>)$")

func (j *judge) block(b object) {
	id, _ := b["block_id"].(string)
	if len(id) > 255 || id != "" && j.blocks[id] {
		j.say("block_id %.80q: %d bytes, or there already", id, len(id))
	}
	j.blocks[id] = true
	elements := list(b["elements"])
	switch b["type"] {
	case "header":
		j.plain("header", b["text"], 150)
	case "context":
		j.count("elements of a context", len(elements), 10)
		for _, e := range elements {
			j.small(e)
		}
	case "rich_text":
		j.count("parts of rich text", len(elements), 1000)
		for _, e := range elements {
			j.rich(e)
		}
	case "image":
		j.text("alt_text", b["alt_text"], 2000)
		file, _ := b["slack_file"].(object)
		j.text("slack_file", file["id"], 100)
	case "actions":
		j.actions(elements)
	case "input":
		j.inputs++
		j.input(b)
	default:
		j.say("a block of type %v", b["type"])
	}
}

func (j *judge) count(what string, n, most int) {
	if n == 0 || n > most {
		j.say("%d %s", n, what)
	}
}

func (j *judge) small(e object) {
	if e["type"] == "mrkdwn" {
		if s, _ := e["text"].(string); !calm.MatchString(s) || e["verbatim"] != true {
			j.say("mrkdwn that stirs: %q", s)
		}
		j.text("mrkdwn", e["text"], 2000)
		return
	}
	j.plain("context", e, 2000)
}

func (j *judge) rich(part object) {
	if part["type"] != "rich_text_section" && part["type"] != "rich_text_quote" {
		j.say("rich text holds %v", part["type"])
	}
	all := list(part["elements"])
	j.count("elements of rich text", len(all), 100_000)
	for _, e := range all {
		switch e["type"] {
		case "text":
			j.text("text", e["text"], 12_000)
		case "link":
			if s, _ := e["url"].(string); !strings.HasPrefix(s, "http") || len(s) > 3000 {
				j.say("link to %.80q", s)
			}
		case "date":
			j.text("fallback", e["fallback"], 255)
			if at, _ := e["timestamp"].(float64); at <= 0 || e["format"] == "" {
				j.say("date %v", e)
			}
		case "user":
			j.pings++
		default:
			j.say("rich text element %v", e)
		}
	}
}

func (j *judge) actions(all []object) {
	j.count("elements of actions", len(all), 5)
	there := map[string]bool{}
	for _, e := range all {
		id, _ := e["action_id"].(string)
		if there[id] {
			j.say("action_id %q twice in a row", id)
		}
		there[id] = true
		j.text("action_id", id, 255)
		if e["type"] == "static_select" {
			j.plain("placeholder", e["placeholder"], 150)
			j.options(e, 100)
			continue
		}
		j.button(e)
	}
}

func (j *judge) button(e object) {
	j.plain("button", e["text"], 75)
	value, _ := e["value"].(string)
	url, _ := e["url"].(string)
	id, _ := e["action_id"].(string)
	switch {
	case e["type"] != "button", len(value) > 2000, len(url) > 3000, value == "" && url == "":
		j.say("button %v", e)
	case url == "" && !strings.HasPrefix(value, id+"|") && !strings.HasPrefix(value, numbered.ReplaceAllString(id, "")+"|"), url != "" && !strings.HasPrefix(id, "link"):
		j.say("button %v is not named for its verb", e)
	}
	if style, ok := e["style"]; ok && style != "primary" && style != "danger" {
		j.say("button of style %v", style)
	}
	if c, ok := e["confirm"].(object); ok {
		j.plain("confirm title", c["title"], 100)
		j.plain("confirm text", c["text"], 300)
		j.plain("confirm", c["confirm"], 30)
		j.plain("deny", c["deny"], 30)
		if c["confirm"].(object)["text"] == c["deny"].(object)["text"] {
			j.say("yes and no say the same: %v", c)
		}
	}
}

// options demands choices that differ, and that what is chosen is among them.
func (j *judge) options(e object, most int) {
	all := list(e["options"])
	j.count("options", len(all), most)
	there := map[any]any{}
	for _, o := range all {
		j.plain("option", o["text"], 75)
		if v, _ := o["value"].(string); v == "" || len(v) > 75 {
			j.say("option value %.80q", v)
		}
		if _, twice := there[o["value"]]; twice {
			j.say("option %v twice", o["value"])
		}
		there[o["value"]] = o["text"].(object)["text"]
	}
	chosen := list(e["initial_options"])
	if o, ok := e["initial_option"].(object); ok {
		chosen = append(chosen, o)
	}
	for _, o := range chosen {
		if there[o["value"]] != o["text"].(object)["text"] {
			j.say("chosen but not there: %v", o)
		}
	}
}

func (j *judge) input(b object) {
	if !j.inModal {
		j.say("an input outside a modal")
	}
	j.plain("label", b["label"], 2000)
	if h, ok := b["hint"]; ok {
		j.plain("hint", h, 2000)
	}
	e, _ := b["element"].(object)
	j.text("action_id", e["action_id"], 255)
	switch e["type"] {
	case "plain_text_input":
		most, _ := e["max_length"].(float64)
		value, _ := e["initial_value"].(string)
		if n := utf8.RuneCountInString(value); most < 1 || most > 3000 || n > int(most) {
			j.say("a field of %v runes with %d in it", most, n)
		}
	case "static_select", "multi_static_select":
		j.options(e, 100)
	case "checkboxes":
		j.options(e, 10)
	case "file_input":
		if n, ok := e["max_files"].(float64); ok && (n < 1 || n > 10) {
			j.say("%v files", n)
		}
	case "datetimepicker":
		if at, ok := e["initial_date_time"].(float64); ok && (at < 1e9 || at >= 1e10) {
			j.say("a date of %v", at)
		}
	case "conversations_select":
	default:
		j.say("an input of type %v", e["type"])
	}
}

func list(v any) []object {
	all, _ := v.([]any)
	var out []object
	for _, x := range all {
		o, _ := x.(object)
		out = append(out, o)
	}
	return out
}

// judged reads v as Slack would.
func judged(t failing, v any, most int) *judge {
	t.Helper()
	raw, err := json.Marshal(v)
	if err != nil {
		t.Fatalf("%v", err)
	}
	var blocks []any
	if err := json.Unmarshal(raw, &blocks); err != nil {
		t.Fatalf("%v", err)
	}
	j := &judge{blocks: map[string]bool{}}
	j.count("blocks", len(blocks), most)
	for _, b := range list(blocks) {
		j.block(b)
	}
	return j
}

// failing is a test, or one try of a property.
type failing interface {
	Helper()
	Fatalf(format string, args ...any)
	Errorf(format string, args ...any)
}

var _ failing = (*testing.T)(nil)

// entity is the only thing for which an ampersand may stand.
var entity = regexp.MustCompile(`&(amp|lt|gt);`)

// acceptMessage demands that Slack takes a message and that nobody is pinged by it.
func acceptMessage(t failing, text string, blocks any) {
	t.Helper()
	j := judged(t, blocks, 50)
	j.text("text", text, 3000)
	if len(text) > 3000 {
		j.say("text has %d bytes", len(text))
	}
	if strings.ContainsAny(entity.ReplaceAllString(text, ""), "<>&") {
		j.say("text is not escaped: %.200q", text)
	}
	raw, _ := json.Marshal(blocks)
	if n := utf8.RuneCountInString(strings.NewReplacer(`\u003c`, "&lt;", `\u003e`, "&gt;", `\u0026`, "&amp;").Replace(string(raw))); n > 13_000 {
		j.say("blocks have %d runes", n)
	}
	if j.pings > 0 {
		j.say("%d pings", j.pings)
	}
	j.report(t)
}

// acceptView demands that Slack takes a modal or a home tab.
func acceptView(t failing, view any) {
	t.Helper()
	raw, err := json.Marshal(view)
	if err != nil {
		t.Fatalf("%v", err)
	}
	var v object
	if err := json.Unmarshal(raw, &v); err != nil {
		t.Fatalf("%v", err)
	}
	j := &judge{blocks: map[string]bool{}, inModal: v["type"] == "modal"}
	blocks := list(v["blocks"])
	j.count("blocks", len(blocks), 100)
	for _, b := range blocks {
		j.block(b)
	}
	if len(raw) > 250_000 {
		j.say("a view of %d bytes", len(raw))
	}
	if j.inModal {
		j.plain("title", v["title"], 24)
	}
	for _, key := range slices.DeleteFunc([]string{"submit", "close"}, func(k string) bool { return v[k] == nil }) {
		j.plain(key, v[key], 24)
	}
	meta, _ := v["private_metadata"].(string)
	callback, _ := v["callback_id"].(string)
	if len(meta) > 3000 || len(callback) > 255 || j.pings > 0 || j.inputs > 0 && v["submit"] == nil {
		j.say("meta %d, callback %d, %d pings, %d inputs, submit %v", len(meta), len(callback), j.pings, j.inputs, v["submit"])
	}
	j.report(t)
}

func (j *judge) report(t failing) {
	t.Helper()
	if len(j.wrong) > 0 {
		t.Errorf("Slack would not take it:\n%s", strings.Join(j.wrong[:min(len(j.wrong), 10)], "\n"))
	}
}
