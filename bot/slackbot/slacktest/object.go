package slacktest

import (
	"bytes"
	"encoding/json"
	"strconv"
)

// Object is a JSON object as it came. Numbers are json.Number.
type Object = map[string]any

// Blocks are Block Kit blocks as they came, with the ids that Slack adds.
type Blocks []Object

// decode reads JSON as Slack does. Numbers keep their digits.
func decode(raw []byte) (any, error) {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var v any
	err := d.Decode(&v)
	return v, err
}

// encode writes what was built or decoded here, which always works.
func encode(v any) []byte {
	raw, err := json.Marshal(v)
	if err != nil {
		panic(err) // a mistake in this package
	}
	return raw
}

// at follows keys into nested objects; nil when one is missing.
func at(v any, keys ...string) any {
	for _, k := range keys {
		o, _ := v.(Object)
		v = o[k]
	}
	return v
}

// str is the text at keys; empty when there is none.
func str(v any, keys ...string) string {
	text, _ := at(v, keys...).(string)
	return text
}

// objects are the objects of a list; others are left out.
func objects(v any) Blocks {
	list, _ := v.([]any)
	all := make(Blocks, 0, len(list))
	for _, item := range list {
		if o, ok := item.(Object); ok {
			all = append(all, o)
		}
	}
	return all
}

// strs are the texts of a list.
func strs(v any) []string {
	list, _ := v.([]any)
	var all []string
	for _, item := range list {
		if text, ok := item.(string); ok {
			all = append(all, text)
		}
	}
	return all
}

// whole is a JSON number without a fraction.
func whole(v any) (int64, bool) {
	switch n := v.(type) {
	case json.Number:
		i, err := strconv.ParseInt(n.String(), 10, 64)
		return i, err == nil
	case int:
		return int64(n), true
	}
	return 0, false
}

// list is blocks as JSON wants them.
func (b Blocks) list() []any {
	all := make([]any, len(b))
	for i, o := range b {
		all[i] = o
	}
	return all
}

// copied is a deep copy of a decoded value.
func copied(v any) any {
	switch x := v.(type) {
	case Object:
		o := make(Object, len(x))
		for k, item := range x {
			o[k] = copied(item)
		}
		return o
	case []any:
		l := make([]any, len(x))
		for i, item := range x {
			l[i] = copied(item)
		}
		return l
	}
	return v
}
