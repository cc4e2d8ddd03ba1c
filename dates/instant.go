package dates

import (
	"strings"
	"time"
	"unicode"
)

// instants are the two ways RFC 3339 is written here: with seconds, and as browsers shorten it.
var instants = []string{time.RFC3339, "2006-01-02T15:04Z07:00"}

// instant reads a phrase that is one instant with its distance to UTC and nothing else.
func instant(phrase string) (time.Time, bool) {
	written := strings.ToUpper(strings.Map(shows, phrase))
	for _, layout := range instants {
		if at, err := time.Parse(layout, written); err == nil {
			return at, true
		}
	}
	return time.Time{}, false
}

// shows drops the marks that have no width.
func shows(r rune) rune {
	if unicode.Is(unicode.Cf, r) {
		return -1
	}
	return r
}

// exactly is the moment of an instant, refused like any other when it is gone or too far. The hour that the clocks show
// twice is not in doubt.
func (s scene) exactly(phrase string, at time.Time) (Moment, error) {
	o := s.judge(outcome{moment: s.atInstant(roundUp(at))})
	if o.reason != "" {
		return Moment{}, s.sentence(phrase, o)
	}
	return o.moment, nil
}
