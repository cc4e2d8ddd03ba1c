package drafting

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"griot/social"
)

// Clean is what a model wrote, as text: without control characters, marks that turn the direction of what follows, and what
// is no UTF-8.
func Clean(text string) string {
	text = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u2028", "\n", "\u2029", "\n").Replace(strings.ToValidUTF8(text, ""))
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if r != '\n' && r != '\t' && (unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r)) {
			return -1
		}
		return r
	}, text))
}

// Flaw is why a text cannot be proposed, in English, for the model that may mend it. Empty: it can.
type Flaw string

// Fits is the flaw of a text that is too long for an account, or says nothing.
func Fits(text string, l social.Limits) Flaw {
	switch n := l.Count(text); {
	case strings.TrimSpace(text) == "":
		return "it is empty"
	case l.Length > 0 && n > l.Length:
		return Flaw("it is too long: " + strconv.Itoa(n) + " characters, and at most " + strconv.Itoa(l.Length) + " are allowed; make it shorter")
	case l.Bytes > 0 && len(text) > l.Bytes:
		return Flaw("it takes too many bytes: " + strconv.Itoa(len(text)) + " of " + strconv.Itoa(l.Bytes) + "; make it shorter")
	}
	return ""
}

var (
	handles = regexp.MustCompile(`@[\p{L}\p{N}_][\p{L}\p{N}_.@-]*`)
	links   = regexp.MustCompile(`(?i)\b(?:[a-z][a-z0-9+.-]*://|www\.)[^\s<>"']+`)
	tags    = regexp.MustCompile(`<[@#!/a-zA-Z][^>\n]*>`)
)

// Steered is the flaw of a text that names people or addresses that nobody on the brand's side has named, or holds markup:
// words from outside may have asked for it. known are the texts of the brand's side.
func Steered(text string, known ...string) Flaw {
	from := leads(strings.Join(known, "\n"))
	for _, x := range leads(text) {
		if !slices.Contains(from, x) {
			return "it holds a link, an e-mail address or a handle that was not given; leave it out"
		}
	}
	if tags.MatchString(text) {
		return "it holds markup; write plain text"
	}
	return ""
}

// leads lists what in text leads somewhere: links and handles.
func leads(text string) []string {
	var out []string
	for _, x := range slices.Concat(links.FindAllString(text, -1), handles.FindAllString(text, -1)) {
		out = append(out, strings.ToLower(strings.TrimRight(x, ".,;:!?)-»”’…")))
	}
	return out
}

// Off is the flaw of a text that holds words which the line bans.
func Off(text string, l social.Line) Flaw {
	if bad := l.Forbidden(text); len(bad) > 0 {
		return Flaw("it holds words that are banned: " + quoted(bad))
	}
	return ""
}

// Lacks is the flaw of a post without the words that the line asks for.
func Lacks(text string, l social.Line) Flaw {
	if missing := l.Lacking(text); len(missing) > 0 {
		return Flaw("it must hold these words exactly: " + quoted(missing))
	}
	return ""
}

func quoted(words []string) string {
	out := make([]string, len(words))
	for i, w := range words {
		out[i] = strconv.Quote(w)
	}
	return strings.Join(out, ", ")
}

// First is the first flaw there is.
func First(flaws ...Flaw) Flaw {
	for _, f := range flaws {
		if f != "" {
			return f
		}
	}
	return ""
}

// longestRemark is the longest remark, in runes.
const longestRemark = 320

// Invented is the flaw of a remark that holds a number which is not in the table, in figures or in letters, or one that only
// computing brings (a ratio, a rank), is longer than two sentences, or would not be plain text.
func Invented(text string, rows []Row) Flaw {
	known := map[string]bool{}
	for _, r := range rows {
		for _, said := range []string{r.Figure, r.Label} {
			for _, v := range slices.Concat(append(numbers(said), spelled(said))...) {
				known[v] = true
			}
		}
	}
	for _, n := range numbers(text) {
		if !slices.ContainsFunc(n, func(v string) bool { return known[v] }) {
			return "it holds a number that is not in the table"
		}
	}
	for _, v := range spelled(text) {
		if v == ratio || !known[v] {
			return "it holds a number in letters that is not in the table, a ratio or a rank"
		}
	}
	switch {
	case strings.ContainsFunc(text, func(r rune) bool { return unicode.IsNumber(r) && r > 0x7f || r == '×' }):
		return "it holds figures that are not plain"
	case utf8.RuneCountInString(text) > longestRemark, len(sentences.FindAllString(text, -1)) > 2:
		return "it is too long: two short sentences at most"
	}
	return Steered(text)
}

var (
	figures   = regexp.MustCompile("[0-9]+(?:[ \u00a0\u2009\u202f'’.,][0-9]+)*(?:[ \u00a0\u202f]?%)?")
	spaced    = regexp.MustCompile("[ \u00a0\u2009\u202f'’]")
	grouped   = regexp.MustCompile(`^[0-9]{1,3}(?:[.,][0-9]{3})+%?$`)
	sentences = regexp.MustCompile(`[.!?…]+(?:\s|$)`)
)

// numbers lists what stands in text in figures, each as what it may mean: "1,500" is fifteen hundred to some and one and a
// half to others. Signs are left out: "12 % less" says what "-12 %" does. "12 per cent" is "12 %".
func numbers(text string) [][]string {
	var out [][]string
	for _, n := range figures.FindAllString(percents.ReplaceAllString(text, "%"), -1) {
		n = spaced.ReplaceAllString(n, "")
		one := []string{strings.ReplaceAll(n, ",", ".")}
		if grouped.MatchString(n) {
			one = append(one, strings.NewReplacer(".", "", ",", "").Replace(n))
		}
		out = append(out, one)
	}
	return out
}
