// Package markup makes plain text of what networks and feeds send as HTML, and makes any text from outside fit to be stored. It
// knows no network.
package markup

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
	"golang.org/x/text/unicode/norm"
)

// Clean is a text from outside as it may be stored: valid UTF-8, NFC, without control characters but line ends and tabs,
// at most two line ends in a row, nothing around it.
func Clean(s string) string {
	s = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u2028", "\n", "\u2029", "\n\n").Replace(strings.ToValidUTF8(s, "\ufffd"))
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' && r != '\t' {
			return -1
		}
		return r
	}, norm.NFC.String(s))
	lines := strings.Split(s, "\n")
	out := lines[:0]
	for _, l := range lines {
		if l = strings.TrimRightFunc(l, unicode.IsSpace); l == "" && (len(out) == 0 || out[len(out)-1] == "") {
			continue
		}
		out = append(out, l)
	}
	return strings.TrimSpace(strings.Join(out, "\n"))
}

// Line is Clean on one line.
func Line(s string) string { return strings.Join(strings.Fields(Clean(s)), " ") }

// Cut shortens s to n runes, between words where it can, with an ellipsis.
func Cut(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	short := string([]rune(s)[:n-1])
	if i := strings.LastIndexFunc(short, unicode.IsSpace); i > len(short)/2 {
		short = short[:i]
	}
	return strings.TrimRightFunc(short, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune(",;:", r) }) + "…"
}

// Text is a piece of HTML as a reader sees it: paragraphs parted by an empty line, <br> as a line end, items of lists with a
// bullet, links as their words. A link whose words are its own address cut short, as Mastodon's are, comes out whole. The result
// is Clean.
func Text(content string) string {
	nodes, err := html.ParseFragment(strings.NewReader(content), &html.Node{Type: html.ElementNode, Data: "body", DataAtom: atom.Body})
	if err != nil { // tags within tags beyond what any page has
		return ""
	}
	var w writer
	for _, n := range nodes {
		w.node(n, 0)
	}
	return Clean(w.b.String())
}

// deepest is how far into one another tags are followed: nobody writes deeper, and a page made to hurt may.
const deepest = 200

// writer writes nodes as text.
type writer struct {
	b    strings.Builder
	pre  int  // inside how many <pre>
	gap  bool // white space was read and not written
	fill bool // something stands on the line
	ends int  // line ends to come before the next word
}

func (w *writer) node(n *html.Node, depth int) {
	switch {
	case depth > deepest:
		return
	case n.Type == html.TextNode:
		w.words(n.Data)
		return
	case n.Type != html.ElementNode:
		return
	}
	ends := 0
	switch n.DataAtom {
	case atom.Script, atom.Style, atom.Head, atom.Template, atom.Noscript, atom.Iframe, atom.Svg, atom.Title:
		return
	case atom.Br:
		w.ends++
		w.gap, w.fill = false, false
		return
	case atom.P, atom.Blockquote, atom.Ul, atom.Ol, atom.Pre, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Table, atom.Figure, atom.Section, atom.Article:
		if class(n, "quote-inline") { // Mastodon repeats the address of what is quoted, for those who cannot show it
			return
		}
		ends = 2
	case atom.Div, atom.Li, atom.Tr, atom.Dt, atom.Dd, atom.Figcaption:
		ends = 1
	case atom.Td, atom.Th:
		w.gap = w.fill
	}
	w.end(ends)
	if n.DataAtom == atom.Li {
		w.words("• ")
	}
	if n.DataAtom == atom.Pre {
		w.pre++
		defer func() { w.pre-- }()
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		w.node(c, depth+1)
	}
	w.end(ends)
}

// end asks for at least n line ends before what comes next.
func (w *writer) end(n int) {
	if n > 0 {
		w.ends, w.gap, w.fill = max(w.ends, n), false, false
	}
}

// line writes the line ends that were asked for.
func (w *writer) line() {
	for range w.ends {
		w.b.WriteByte('\n')
	}
	w.ends = 0
}

// words writes a text with one space where there is any white space; inside <pre> as it is.
func (w *writer) words(s string) {
	if w.pre > 0 {
		w.line()
		w.b.WriteString(s)
		w.fill = true
		return
	}
	for _, r := range s {
		if r == ' ' || r == '\n' || r == '\t' || r == '\r' || r == '\f' { // no-break spaces are words' own
			w.gap = w.fill
			continue
		}
		w.line()
		if w.gap {
			w.b.WriteByte(' ')
		}
		w.b.WriteRune(r)
		w.gap, w.fill = false, true
	}
}

func class(n *html.Node, name string) bool {
	for _, a := range n.Attr {
		if a.Key == "class" {
			for f := range strings.FieldsSeq(a.Val) {
				if f == name {
					return true
				}
			}
		}
	}
	return false
}
