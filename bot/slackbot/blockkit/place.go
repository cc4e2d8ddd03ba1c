package blockkit

import (
	"encoding/base64"
	"strconv"
	"strings"
	"unicode"
)

// valueID is the action_id of every field: its block says what it is.
const valueID = "value"

// role is what a field takes, and how its state is read.
type role string

const (
	asWords   role = "words"
	asSecret  role = "secret"
	asChoice  role = "choice"
	asTicks   role = "ticks"
	asDate    role = "date"
	asFiles   role = "files"
	asChannel role = "channel"
)

// place is what a field of a modal stands for. It is the block_id, for nothing else of a field comes back with a sent modal.
// Those of secrets and files stay the same when a form comes back: Slack keeps what was typed and attached there.
type place struct {
	index int    // of the input in its form
	role  role   // "words"; with a "+" when something was in it
	had   bool   // so that one that was emptied is told from one that always was
	part  int    // of a text that spans several fields, from 0
	gap   string // what stood between the part before and this one
	name  string // of the input
}

// String is "index.role.part.gap.name", the gap in base64.
func (p place) String() string {
	mark := ""
	if p.had {
		mark = "+"
	}
	return strings.Join([]string{strconv.Itoa(p.index), string(p.role) + mark, strconv.Itoa(p.part), base64.RawURLEncoding.EncodeToString([]byte(p.gap)), p.name}, ".")
}

// placeOf reads a block_id; false for one that is no field of ours.
func placeOf(id string) (place, bool) {
	f := strings.SplitN(id, ".", 5)
	if len(f) != 5 {
		return place{}, false
	}
	index, err := strconv.Atoi(f[0])
	part, err2 := strconv.Atoi(f[2])
	gap, err3 := base64.RawURLEncoding.DecodeString(f[3])
	if err != nil || err2 != nil || err3 != nil {
		return place{}, false
	}
	kind, had := strings.CutSuffix(f[1], "+")
	return place{index, role(kind), had, part, string(gap), f[4]}, true
}

// mostGap is the longest white space that is kept between two pieces, in bytes; what is longer stays in them.
const mostGap = 24

// piece is a part of a long text, with the white space that stood before it: Slack may trim what stands at the ends of a field.
type piece struct{ gap, text string }

// pieces cuts a text that one field does not take, at the ends of lines where it can, else between words.
func pieces(text string) []piece {
	r := []rune(text)
	if len(r) <= inputRunes {
		return []piece{{text: text}}
	}
	var out []piece
	gap := ""
	for len(r) > pieceRunes {
		start, end := gapIn(r)
		out = append(out, piece{gap, string(r[:start])})
		gap, r = string(r[start:end]), r[end:]
	}
	return append(out, piece{gap, string(r)})
}

// gapIn finds where to cut r, which is longer than a piece.
func gapIn(r []rune) (start, end int) {
	at := pieceRunes
	for _, blank := range []string{"\n", " "} {
		if i := strings.LastIndex(string(r[:pieceRunes]), blank); i > 0 {
			if n := len([]rune(string(r[:pieceRunes])[:i])); n > pieceRunes/2 {
				at = n
				break
			}
		}
	}
	start, end = at, at
	for end < len(r)-1 && unicode.IsSpace(r[end]) && len(string(r[start:end+1])) <= mostGap {
		end++
	}
	for start > 1 && unicode.IsSpace(r[start-1]) && len(string(r[start-1:end])) <= mostGap {
		start--
	}
	return start, end
}
