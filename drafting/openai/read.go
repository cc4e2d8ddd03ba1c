package openai

import (
	"encoding/json"
	"slices"
	"strings"
)

// thought ends what a model thinks aloud.
const thought = "</think>"

// from is where a model's document begins: after what it thought aloud, a fence, or a sentence of politeness.
func from(answer string) string {
	if i := strings.LastIndex(answer, thought); i >= 0 {
		answer = answer[i:]
	}
	i := strings.IndexAny(answer, "{[")
	if i < 0 {
		return ""
	}
	return answer[i:]
}

// body is a model's document.
func body(answer string) string { return mend(from(answer)) }

// soFar is what can be read of a document that is still being written: its last text ends where it is.
func soFar(answer string) string {
	if strings.HasPrefix(strings.TrimSpace(answer), "<think>") && !strings.Contains(answer, thought) {
		return ""
	}
	text := from(answer)
	var ends []byte // of what is open, the innermost last
	inside, begun, left := false, 0, 0
	for i := range len(text) {
		c := text[i]
		switch {
		case left > 0:
			if left--; c == 'u' && i == begun+1 {
				left = 4
			}
		case inside && c == '\\':
			begun, left = i, 1
		case c == '"':
			inside = !inside
		case inside:
		case c == '{':
			ends = append(ends, '}')
		case c == '[':
			ends = append(ends, ']')
		case (c == '}' || c == ']') && len(ends) > 0:
			ends = ends[:len(ends)-1]
		}
	}
	if left > 0 { // in the middle of an escape
		text = text[:begun]
	}
	if inside {
		text += `"`
	}
	slices.Reverse(ends)
	return text + string(ends)
}

// mend escapes line ends that stand bare in strings and drops commas before an end: what models get wrong most.
func mend(text string) string {
	var out strings.Builder
	inside, escaped := false, false
	for i, r := range text {
		switch {
		case escaped:
			escaped = false
		case inside && r == '\\':
			escaped = true
		case r == '"':
			inside = !inside
		case inside && r < ' ':
			b, _ := json.Marshal(string(r)) // a rune always marshals
			out.WriteString(strings.Trim(string(b), `"`))
			continue
		case !inside && r == ',' && strings.IndexAny(strings.TrimLeft(text[i+1:], " \t\r\n"), "]}") == 0:
			continue
		}
		out.WriteRune(r)
	}
	return out.String()
}

// whole reads an answer of one object.
func whole[T any](answer string, out *T) bool {
	return json.NewDecoder(strings.NewReader(body(answer))).Decode(out) == nil
}

// items reads the list under key, or a bare list. Of an answer that breaks off it gives what is complete: never half a text.
func items[T any](answer, key string) []T {
	text := body(answer)
	dec := json.NewDecoder(strings.NewReader(text))
	if strings.HasPrefix(text, "{") && !seek(dec, key) {
		return nil
	}
	if t, err := dec.Token(); err != nil || t != json.Delim('[') {
		return nil
	}
	var out []T
	for dec.More() {
		var x T
		if dec.Decode(&x) != nil {
			break
		}
		out = append(out, x)
	}
	return out
}

// seek goes to the value of key in the object at hand.
func seek(dec *json.Decoder, key string) bool {
	if _, err := dec.Token(); err != nil {
		return false
	}
	for dec.More() {
		t, err := dec.Token()
		if err != nil {
			return false
		}
		if t == key {
			return true
		}
		var skipped json.RawMessage
		if dec.Decode(&skipped) != nil {
			return false
		}
	}
	return false
}
