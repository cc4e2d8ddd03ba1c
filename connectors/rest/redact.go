package rest

import (
	"cmp"
	"encoding/json"
	"errors"
	"html"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// maxWords is how much of a network's own words is kept, in runes.
const maxWords = 300

// gone stands where a secret was.
const gone = "…"

// Shapes of secrets that nobody registered: an Authorization header, a token in a query or in JSON.
var (
	credentials = regexp.MustCompile(`(?i)\b(bearer|basic|dpop)\s+[A-Za-z0-9._~+/=-]{6,}`)
	parameters  = regexp.MustCompile(`(?i)\b((?:access_|refresh_|client_)?(?:token|secret|jwt)|accessJwt|refreshJwt|password|api_key)(=|"\s*:\s*")[^\s"&]+`)
)

// redactor takes registered secrets out of a text.
type redactor struct{ secrets []string }

// with returns a redactor that also knows ss, in each form in which they can stand in a text.
// A secret of fewer than four bytes is not looked for: it would tear holes into ordinary words.
func (r redactor) with(ss ...string) redactor {
	all := slices.Clone(r.secrets)
	for _, s := range ss {
		if len(s) < 4 {
			continue
		}
		quoted, _ := json.Marshal(s) // a string always has a JSON form
		all = append(all, s, url.QueryEscape(s), url.PathEscape(s), html.EscapeString(s), string(quoted[1:len(quoted)-1]), slashes.Replace(s))
	}
	slices.SortFunc(all, func(a, b string) int { return cmp.Or(len(b)-len(a), strings.Compare(a, b)) })
	return redactor{slices.Compact(all)}
}

// slashes is JSON and Go quoting that leaves HTML alone.
var slashes = strings.NewReplacer(`\`, `\\`, `"`, `\"`)

func (r redactor) text(s string) string {
	for _, secret := range r.secrets {
		s = strings.ReplaceAll(s, secret, gone)
	}
	s = credentials.ReplaceAllString(s, "$1 "+gone)
	return parameters.ReplaceAllString(s, "${1}${2}"+gone)
}

// words makes a network's own words fit for a card: no secret, no control character, one line, 300 runes.
func (r redactor) words(s string) string {
	s = strings.Map(func(c rune) rune {
		switch {
		case unicode.IsSpace(c):
			return ' '
		case unicode.IsControl(c), unicode.Is(unicode.Cf, c), c == unicode.ReplacementChar:
			return -1
		}
		return c
	}, r.text(strings.ToValidUTF8(s, "")))
	runes := []rune(strings.Join(strings.Fields(s), " "))
	if len(runes) > maxWords {
		runes = append(runes[:maxWords-1], '…')
	}
	return string(runes)
}

// cause is an error without its secrets. It answers errors.Is for what it was made from, and does not give it away.
type cause struct {
	text string
	err  error
}

func (r redactor) cause(err error) error {
	if err == nil {
		return nil
	}
	if u, ok := errors.AsType[*url.Error](err); ok {
		err = u.Err // the rest of it is the URL with its query
	}
	return &cause{text: r.text(err.Error()), err: err}
}

// Error is the redacted text.
func (c *cause) Error() string { return c.text }

// Is compares with what was redacted.
func (c *cause) Is(target error) bool { return errors.Is(c.err, target) }
