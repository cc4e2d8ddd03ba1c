package social

import (
	"regexp"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/clipperhouse/uax29/v2/graphemes"
)

// Unit is what a network counts when it measures a text.
type Unit string

// The units in use.
const (
	Graphemes Unit = "graphemes" // what a person calls a character (UAX #29)
	Runes     Unit = "runes"     // Unicode code points
	UTF16     Unit = "utf16"     // 16-bit units
)

// Limits is what one account may send in one part. Zero means no limit.
// A connector declares a network's usual limits and replaces them by what the server says.
type Limits struct {
	Length        int      `json:"length,omitempty"` // in Unit
	Unit          Unit     `json:"unit,omitempty"`
	Bytes         int      `json:"bytes,omitempty"`          // UTF-8 bytes, beside Length
	URLLength     int      `json:"url_length,omitempty"`     // what any http(s) link counts; 0: as written
	Addressed     bool     `json:"addressed,omitempty"`      // an answer begins with the handle of whom it answers, which counts
	ShortMentions bool     `json:"short_mentions,omitempty"` // @user@host counts as @user
	Images        int      `json:"images,omitempty"`         // pictures in one part
	ImageBytes    int64    `json:"image_bytes,omitempty"`    // of one picture
	ImagePixels   int64    `json:"image_pixels,omitempty"`   // width × height of one picture
	ImageTypes    []string `json:"image_types,omitempty"`    // MIME types
	Alt           int      `json:"alt,omitempty"`            // of a description, in Unit
	Parts         int      `json:"parts,omitempty"`          // of a thread; 0 or 1: no threads
}

var (
	// A link ends before the punctuation of its sentence: counted too short it would be refused, never too long.
	links   = regexp.MustCompile(`https?://[^\s<>"']*[^\s<>"'.,;:!?)\]}»”’…]`)
	remotes = regexp.MustCompile(`(@[A-Za-z0-9_]+)@[A-Za-z0-9.-]+[A-Za-z0-9]`)
)

// Count measures text in the network's unit, by its rules for links and mentions.
func (l Limits) Count(text string) int {
	extra := 0
	if l.URLLength > 0 {
		// One line feed stands for the link, so that what is before and after it cannot join into one grapheme.
		text = links.ReplaceAllStringFunc(text, func(string) string { extra += l.URLLength - 1; return "\n" })
	}
	if l.ShortMentions {
		text = remotes.ReplaceAllString(text, "$1")
	}
	return l.Unit.Count(text) + extra
}

// Count measures text in u; graphemes when u is empty.
func (u Unit) Count(text string) int {
	switch u {
	case Runes:
		return utf8.RuneCountInString(text)
	case UTF16:
		return len(utf16.Encode([]rune(text)))
	}
	n := 0
	for g := graphemes.FromString(text); g.Next(); {
		n++
	}
	return n
}

// separator is a line that parts a thread: three hyphens or more, alone.
var separator = regexp.MustCompile(`(?m)^[ \t]*-{3,}[ \t]*\r?$`)

// SplitThread parts a text at lines of hyphens. A text without one is a thread of one.
func SplitThread(text string) []string {
	var parts []string
	for _, p := range separator.Split(text, -1) {
		if p = strings.TrimSpace(p); p != "" {
			parts = append(parts, p)
		}
	}
	if len(parts) == 0 {
		return []string{""}
	}
	return parts
}
