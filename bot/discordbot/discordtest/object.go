package discordtest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
)

// Object is a JSON object as it came. Numbers are json.Number.
type Object = map[string]any

// decode is JSON with its numbers as they were written.
func decode(raw []byte) (any, error) {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return nil, fmt.Errorf("decode: %w", err)
	}
	if d.More() {
		return nil, fmt.Errorf("decode: more than one value")
	}
	return v, nil
}

// encode is for values of our own, which are always JSON.
func encode(v any) []byte {
	raw, err := json.Marshal(v)
	if err != nil {
		panic("discordtest: encode: " + err.Error())
	}
	return raw
}

// at is what stands at a path of keys; nil when there is nothing.
func at(v any, path ...string) any {
	for _, k := range path {
		o, ok := v.(Object)
		if !ok {
			return nil
		}
		v = o[k]
	}
	return v
}

// str is the text at a path; empty when there is none.
func str(v any, path ...string) string {
	text, _ := at(v, path...).(string)
	return text
}

// number is the whole number at a path, and whether there is one.
func number(v any, path ...string) (int64, bool) {
	switch n := at(v, path...).(type) {
	case json.Number:
		i, err := n.Int64()
		return i, err == nil
	case int:
		return int64(n), true
	case int64:
		return n, true
	}
	return 0, false
}

// num is the whole number at a path; 0 when there is none.
func num(v any, path ...string) int64 {
	n, _ := number(v, path...)
	return n
}

// or is the whole number at a path, or what it is when nobody says.
func or(usual int64, v any, path ...string) int64 {
	if n, ok := number(v, path...); ok {
		return n
	}
	return usual
}

// yes is the truth at a path, or what it is when nobody says.
func yes(usual bool, v any, path ...string) bool {
	if b, ok := at(v, path...).(bool); ok {
		return b
	}
	return usual
}

// objects are the objects of a list.
func objects(v any) []Object {
	switch l := v.(type) {
	case []Object:
		return l
	case []any:
		var all []Object
		for _, x := range l {
			if o, ok := x.(Object); ok {
				all = append(all, o)
			}
		}
		return all
	}
	return nil
}

// texts are the texts of a list.
func texts(v any) []string {
	l, _ := v.([]any)
	all := []string{}
	for _, x := range l {
		if t, ok := x.(string); ok {
			all = append(all, t)
		}
	}
	return all
}

// copied is a value of its own, all the way down.
func copied(v any) any {
	switch x := v.(type) {
	case Object:
		o := make(Object, len(x))
		for k, y := range x {
			o[k] = copied(y)
		}
		return o
	case []any:
		l := make([]any, len(x))
		for i, y := range x {
			l[i] = copied(y)
		}
		return l
	case []Object:
		l := make([]Object, len(x))
		for i, y := range x {
			l[i] = copied(y).(Object)
		}
		return l
	}
	return v
}

// list is anything as a JSON list, never null.
func list[T any](all []T) []any {
	l := make([]any, len(all))
	for i, x := range all {
		l[i] = x
	}
	return l
}

// find is the first that is true of; nil when there is none.
func find[T any](all []*T, is func(*T) bool) *T {
	if i := slices.IndexFunc(all, is); i >= 0 {
		return all[i]
	}
	return nil
}

// whole is a text as a whole number; 0 when it is none.
func whole(s string) int64 {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		return 0
	}
	return n
}
