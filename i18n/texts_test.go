package i18n_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// said is one Text literal of the module.
type said struct {
	at     string
	en, fr string
}

// texts reads every Text literal of every package, wherever it stands.
func texts(t *testing.T) []said {
	t.Helper()
	var out []said
	files := token.NewFileSet()
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (d.Name() == "testdata" || d.Name() == "node_modules" || d.Name() == ".git"):
			return filepath.SkipDir
		case !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go"):
			return nil
		}
		f, err := parser.ParseFile(files, path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		ast.Inspect(f, func(n ast.Node) bool {
			if lit, ok := n.(*ast.CompositeLit); ok {
				if x, ok := text(lit); ok {
					x.at = files.Position(lit.Pos()).String()
					out = append(out, x)
				}
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// text reads a literal that is a Text: by its type, or, where that is left out, by its keys.
func text(lit *ast.CompositeLit) (said, bool) {
	named := isText(lit.Type)
	if !named && lit.Type != nil {
		return said{}, false
	}
	var x said
	for i, e := range lit.Elts {
		kv, keyed := e.(*ast.KeyValueExpr)
		value, name := e, []string{"En", "Fr"}[min(i, 1)]
		if keyed {
			value = kv.Value
			id, ok := kv.Key.(*ast.Ident)
			if !ok {
				return x, named
			}
			name = id.Name
		}
		if !keyed && !named {
			return x, false
		}
		switch name {
		case "En":
			x.en = words(value)
		case "Fr":
			x.fr = words(value)
		default:
			return x, false
		}
	}
	return x, named || x.en+x.fr != ""
}

func isText(e ast.Expr) bool {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name == "Text"
	case *ast.SelectorExpr:
		pkg, ok := e.X.(*ast.Ident)
		return ok && pkg.Name == "i18n" && e.Sel.Name == "Text"
	}
	return false
}

// computed stands for what is not a literal.
const computed = "…"

func words(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.BasicLit:
		s, err := strconv.Unquote(e.Value)
		if err == nil {
			return s
		}
	case *ast.BinaryExpr:
		return words(e.X) + words(e.Y)
	case *ast.CompositeLit:
		return "" // a table by language, not a Text
	}
	return computed
}

func TestEveryTextIsInBothLanguages(t *testing.T) {
	all := texts(t)
	if len(all) < 50 {
		t.Fatalf("only %d texts found", len(all))
	}
	for _, x := range all {
		if (x.en == "") != (x.fr == "") {
			t.Errorf("%s: a language is missing: %+q", x.at, x)
		}
	}
}

var verb = regexp.MustCompile(`%(?:\[(\d+)\])?[-+# 0]*\d*(?:\.\d+)?(?:\[(\d+)\])?([a-zA-Z%])`)

// verbs maps each argument that a text uses to how it is written.
func verbs(s string) map[int]string {
	out, next := map[int]string{}, 1
	for _, m := range verb.FindAllStringSubmatch(s, -1) {
		if m[3] == "%" {
			continue
		}
		if n, err := strconv.Atoi(m[1] + m[2]); err == nil {
			next = n
		}
		out[next] = m[3]
		next++
	}
	return out
}

func TestBothLanguagesTakeTheSameArguments(t *testing.T) {
	for _, x := range texts(t) {
		if strings.Contains(x.en+x.fr, computed) {
			continue
		}
		if en, fr := verbs(x.en), verbs(x.fr); !maps.Equal(en, fr) {
			t.Errorf("%s: %v in English, %v in French: %q", x.at, en, fr, x.fr)
		}
	}
}

// French typography: a narrow no-break space before ; : ! ? and inside « », and no straight apostrophe.
var typos = map[string]*regexp.Regexp{
	"a straight apostrophe":                       regexp.MustCompile(`\pL'\pL`),
	"no narrow no-break space before punctuation": regexp.MustCompile(`[^\x{202f}!?;:][;:!?](\s|$|»|\))`),
	"no narrow no-break space after «":            regexp.MustCompile(`«[^\x{202f}]`),
	"no narrow no-break space before »":           regexp.MustCompile(`[^\x{202f}]»`),
	"English quotation marks":                     regexp.MustCompile(`[“”"]`),
}

func TestFrenchIsWrittenAsFrench(t *testing.T) {
	for _, x := range texts(t) {
		for what, wrong := range typos {
			if at := wrong.FindString(x.fr); at != "" {
				t.Errorf("%s: %s at %q: %s", x.at, what, at, fmt.Sprintf("%q", x.fr))
			}
		}
	}
}
