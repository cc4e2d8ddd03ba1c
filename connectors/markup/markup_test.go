package markup_test

import (
	"strings"
	"testing"

	"griot/connectors/markup"
)

func TestText(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"":                              "",
		"bonjour":                       "bonjour",
		"<p>Un</p><p>Deux<br>trois</p>": "Un\n\nDeux\ntrois",
		`<p><span class="h-card"><a href="https://x/@a">@<span>a</span></a></span> hi</p>`:                                                                                                      "@a hi",
		`<p>Voir <a href="https://maison.example/une/page"><span class="invisible">https://</span><span class="ellipsis">maison.example/une</span><span class="invisible">/page</span></a></p>`: "Voir https://maison.example/une/page",
		`<p class="quote-inline">RE: https://x/1</p><p>Oui</p>`:                                                                                                                                 "Oui",
		"a &amp; b &lt;b&gt; l&#39;été":                                   "a & b <b> l'été",
		"<ul><li>pain</li><li>lait</li></ul>":                             "• pain\n• lait",
		"<script>alert(1)</script><style>p{}</style>x<!-- y -->":          "x",
		"  a \n\t b  <b> c</b>":                                           "a b c",
		"<pre>a\n  b</pre>":                                               "a\n  b",
		"<div>a</div>\n<div>b</div>":                                      "a\nb",
		"e\u0301te\u0301 \u202f!":                                         "été \u202f!",
		"<p>a</p><p></p><p></p><p>b</p>":                                  "a\n\nb",
		"<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>": "a b\nc",
		strings.Repeat("<b>", 5000) + "deep":                              "",
		"un <a href='javascript:alert(1)'>lien</a>":                       "un lien",
		"<p>a\x00b\u0007c</p>":                                            "abc",
		"\xff<p>x</p>":                                                    "\ufffd\n\nx",
	} {
		if got := markup.Text(in); got != want {
			t.Errorf("Text(%.60q) = %q, want %q", in, got, want)
		}
	}
}

func TestCut(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"court": "court", "dix lettre": "dix lettre", "un texte, plus long": "un texte…", "anticonstitutionnellement": "anticonst…",
	} {
		if got := markup.Cut(in, 10); got != want {
			t.Errorf("Cut(%q) = %q, want %q", in, got, want)
		}
	}
}
