package slacktest

import (
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"
)

// judge collects what is wrong with blocks or a view, in the words and with the JSON pointers of Slack's own answers.
type judge struct {
	s     *Server
	w     *Workspace
	place place
	wrong []string
	focus int // elements with focus_on_load
}

// place is where blocks are to be shown.
type place string

const (
	inMessage place = "message"
	inModal   place = "modal"
	inHome    place = "home"
)

func newJudge(s *Server, w *Workspace, p place) *judge { return &judge{s: s, w: w, place: p} }

// no notes what is wrong with the value at a JSON pointer.
func (j *judge) no(at, format string, args ...any) {
	j.wrong = append(j.wrong, fmt.Sprintf(format, args...)+" [json-pointer:"+at+"]")
}

// check looks at one value.
type check func(j *judge, at string, v any)

// shape is an object with known fields. A field that is not known is refused.
type shape struct {
	fields   map[string]check
	required []string
	also     func(j *judge, at string, o Object) // what no single field says; nil: nothing
}

func (sh shape) check(j *judge, at string, v any) {
	o, ok := v.(Object)
	if !ok {
		j.no(at, "must provide an object")
		return
	}
	for _, k := range sh.required {
		if _, ok := o[k]; !ok {
			j.no(at, "missing required field: %s", k)
		}
	}
	for _, k := range slices.Sorted(maps.Keys(o)) {
		if c, known := sh.fields[k]; known {
			c(j, at+"/"+k, o[k])
		} else if k != "type" {
			j.no(at, "invalid additional property: %s", k)
		}
	}
	if sh.also != nil {
		sh.also(j, at, o)
	}
}

// with is the shape with more fields. Names that begin with "!" are required.
func (sh shape) with(more map[string]check) shape {
	made := shape{fields: maps.Clone(sh.fields), required: slices.Clone(sh.required), also: sh.also}
	if made.fields == nil {
		made.fields = map[string]check{}
	}
	for _, k := range slices.Sorted(maps.Keys(more)) {
		name, must := strings.CutPrefix(k, "!")
		made.fields[name] = more[k]
		if must {
			made.required = append(made.required, name)
		}
	}
	return made
}

// and is the shape with one more thing to look at.
func (sh shape) and(also func(j *judge, at string, o Object)) shape {
	before := sh.also
	sh.also = func(j *judge, at string, o Object) {
		if before != nil {
			before(j, at, o)
		}
		also(j, at, o)
	}
	return sh
}

// fields is a shape out of nothing.
func fields(all map[string]check) shape { return shape{}.with(all) }

// oneOfKinds is an object whose type is one of the shapes'.
func oneOfKinds(kinds map[string]shape) check {
	return func(j *judge, at string, v any) {
		o, ok := v.(Object)
		if !ok {
			j.no(at, "must provide an object")
			return
		}
		kind := str(o, "type")
		sh, known := kinds[kind]
		switch {
		case kind == "":
			j.no(at, "missing required field: type")
		case !known:
			j.no(at+"/type", "unsupported type: %s", kind)
		default:
			sh.check(j, at, o)
		}
	}
}

// length is a text of so many characters.
func length(least, most int) check {
	return func(j *judge, at string, v any) {
		text, ok := v.(string)
		n := utf8.RuneCountInString(text)
		switch {
		case !ok:
			j.no(at, "must provide a string")
		case n < least:
			j.no(at, "must be more than %d characters", least-1)
		case n > most:
			j.no(at, "must be less than %d characters", most+1)
		}
	}
}

// flagged is true or false.
func flagged(j *judge, at string, v any) {
	if _, ok := v.(bool); !ok {
		j.no(at, "must provide a boolean")
	}
}

// between is a whole number.
func between(least, most int64) check {
	return func(j *judge, at string, v any) {
		n, ok := whole(v)
		switch {
		case !ok:
			j.no(at, "must provide an integer")
		case n < least:
			j.no(at, "must be greater than or equal to %d", least)
		case n > most:
			j.no(at, "must be less than or equal to %d", most)
		}
	}
}

// word is one of a few texts.
func word(all ...string) check {
	return func(j *judge, at string, v any) {
		if text, ok := v.(string); !ok || !slices.Contains(all, text) {
			j.no(at, "must be one of: %s", strings.Join(all, ", "))
		}
	}
}

// items is a list of so many of the same.
func items(least, most int, each check) check {
	return func(j *judge, at string, v any) {
		list, ok := v.([]any)
		switch {
		case !ok:
			j.no(at, "must provide an array")
			return
		case len(list) < least:
			j.no(at, "no less than %d items allowed", least)
		case len(list) > most:
			j.no(at, "no more than %d items allowed", most)
		}
		for i, item := range list {
			each(j, fmt.Sprintf("%s/%d", at, i), item)
		}
	}
}

// link is an address of a page or a picture.
func link(most int) check {
	return func(j *judge, at string, v any) {
		length(1, most)(j, at, v)
		text, _ := v.(string)
		u, err := url.Parse(text)
		if err != nil || u.Host == "" && u.Scheme != "mailto" || !slices.Contains([]string{"http", "https", "mailto"}, u.Scheme) {
			j.no(at, "must be a valid URL")
		}
	}
}

// words are text objects: plain text only, or either.
func wordsOf(most int, plainOnly bool) check {
	text := length(1, most)
	kinds := map[string]shape{"plain_text": fields(map[string]check{"!text": text, "emoji": flagged})}
	if !plainOnly {
		kinds["mrkdwn"] = fields(map[string]check{"!text": text, "verbatim": flagged})
	}
	look := oneOfKinds(kinds)
	return func(j *judge, at string, v any) {
		before := len(j.wrong)
		look(j, at, v)
		if len(j.wrong) > before && !plainOnly {
			j.no(at, "failed to match all allowed schemas")
		}
	}
}

// plain is a plain text object.
func plain(most int) check { return wordsOf(most, true) }

// either is a text object of either kind.
func either(most int) check { return wordsOf(most, false) }
