package social_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"

	"griot/social"
)

func TestWords(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":                                 "",
		" …\u00a0!? ":                      "",
		"Où est mon COLIS ?":               "ou|est|mon|colis",
		"L’état d'Ève":                     "l|etat|d|eve",
		"cœur de Straße, ﬁn, Łódź, Ærø":    "coeur|de|strasse|fin|lodz|aero",
		"perdu…retrouvé":                   "perdu|retrouve",
		"#CréditAgricole @lea@social.test": "creditagricole|lea|social|test",
		"e\u0301tat co\u00adlis":           "etat|colis",
		"Merci❤️🙏🏽🙏 bien":                  "merci|❤|🙏|🙏|bien",
		"👩‍🔬🇫🇷 le 14e":                     "👩‍🔬|🇫🇷|le|14e",
		"Οδυσσεύς ΟΔΥΣΣΕΎΣ":                "οδυσσευσ|οδυσσευσ",
		"m² ½ ①":                           "m2|12|1",
		"𝐂𝐨𝐥𝐢𝐬 ＃ＣＯＬＩＳ İstanbul": "colis|colis|istanbul",
		"bad\xffbyte":                       "bad|byte",
		"a\u200bb":                          "a|b",
		"https://boutique.example/mon-coli": "https|boutique|example|mon|coli",
	} {
		if diff := cmp.Diff(want, strings.Join(social.Words(text), "|")); diff != "" {
			t.Errorf("%q (-want +got):\n%s", text, diff)
		}
	}
}

func TestIndexFindsWholeWords(t *testing.T) {
	t.Parallel()
	terms := []string{"état", "tat", "crédit agricole", "agricole", "pâté", "❤", "carte bleue", "carte bleue perdue", "!!", "à voir", "Carte  BLEUE"}
	x := social.NewIndex(terms)
	for text, want := range map[string][]int{
		"":                               nil,
		"L’État.":                        {0},
		"tâter l’etat":                   {0},
		"tat":                            {1},
		"au Crédit-Agricole !":           {2, 3},
		"vive le #CréditAgricole":        {2},
		"@credit_agricole":               {2, 3},
		"creditagricole":                 nil,
		"crédit très agricole":           {3},
		"crédit 💚 agricole":              {3},
		"pate et pâté, PÂTE":             {4},
		"je vous ❤️":                     {5},
		"j’ai perdu ma carte bleue":      {6, 10},
		"carte bleue perdue":             {6, 10, 7},
		"carte carte bleue bleue perdue": {6, 10},
		"avoir":                          nil,
		"À voir":                         {9},
		"#AVoir":                         {9},
		"!!":                             nil,
	} {
		if diff := cmp.Diff(want, x.Match(text)); diff != "" {
			t.Errorf("%q (-want +got):\n%s", text, diff)
		}
	}
	if got := new(social.Index).Match("colis"); got != nil {
		t.Errorf("an empty index finds %v", got)
	}
}

// pieces are what texts and terms of the property tests are made of.
var pieces = []string{"colis", "Colis", "COLÏS", "état", "e\u0301tat", "tat", "cœur", "coeur", "perdu", "à", "voir", "avoir", "ß", "ss",
	" ", " ", " ", "…", "’", "'", "#", "@", "-", "\n", "❤️", "🙏🏽", "🙏", "👩‍🔬", "\u200d", "\u00ad", "\xff", "日本", "İ", "ſ", "ΐ"}

func text() *rapid.Generator[string] {
	return rapid.Map(rapid.SliceOfN(rapid.OneOf(rapid.SampledFrom(pieces), rapid.StringN(0, 3, -1)), 0, 12), func(p []string) string { return strings.Join(p, "") })
}

// TestIndexIsASearch: the index finds what looking for each term by itself finds.
func TestIndexIsASearch(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		terms, said := rapid.SliceOfN(text(), 0, 8).Draw(t, "terms"), text().Draw(t, "said")
		said = strings.NewReplacer("#", " ", "@", " ", "＃", " ", "＠", " ").Replace(said) // joined terms have their table
		found := map[int]bool{}
		for _, i := range social.NewIndex(terms).Match(said) {
			if found[i] {
				t.Fatalf("%d is found twice", i)
			}
			found[i] = true
		}
		row := "|" + strings.Join(social.Words(said), "|") + "|"
		for i, term := range terms {
			words := social.Words(term)
			if want := len(words) > 0 && strings.Contains(row, "|"+strings.Join(words, "|")+"|"); want != found[i] {
				t.Fatalf("%q in %q: %v", term, said, found[i])
			}
		}
	})
}

// TestWordsAreFolded: folding again changes nothing, nor does how the accents were written.
func TestWordsAreFolded(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		said := text().Draw(t, "said")
		words := social.Words(said)
		if diff := cmp.Diff(words, social.Words(strings.Join(words, " "))); diff != "" {
			t.Fatalf("%q folded twice (-once +twice):\n%s", said, diff)
		}
		if diff := cmp.Diff(social.Words(norm.NFC.String(said)), social.Words(norm.NFD.String(said))); diff != "" {
			t.Fatalf("%q (-composed +decomposed):\n%s", said, diff)
		}
	})
}

// usualPosts are like those of the measurements: half French, half English, some with a term in them.
func usualPosts() []string {
	var out []string
	for i := range 500 {
		out = append(out,
			fmt.Sprintf("Bonjour @boutique, ma commande n° %d n’est toujours pas arrivée, où est passé le mot%d suite%d ? #Désespérée https://boutique.example/suivi 😡 merci d’avance", i, i*7, i*3),
			fmt.Sprintf("Just wanted to say the staff in your store %d were lovely today, best service I have had in a long time, word%d #HappyCustomer", i, i))
	}
	return out
}

func thousand() []string {
	var out []string
	for i := range 500 {
		out = append(out, fmt.Sprintf("mot%d", i*3), fmt.Sprintf("mot%d suite%d", i*7, i*3))
	}
	return out
}

// BenchmarkMatch is the matcher alone: a thousand terms.
func BenchmarkMatch(b *testing.B) {
	x, all := social.NewIndex(thousand()), usualPosts()
	b.ReportAllocs()
	n := 0
	for b.Loop() {
		x.Match(all[n%len(all)])
		n++
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "posts/s")
}
