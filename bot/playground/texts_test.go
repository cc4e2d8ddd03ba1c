package playground

import (
	"regexp"
	"testing"

	"griot/i18n"
)

func TestTextsAreInBothLanguages(t *testing.T) {
	t.Parallel()
	all := map[string]i18n.Text{
		"notStored": notStored, "notRunning": notRunning, "unreadable": unreadable, "fileTooLarge": fileTooLarge,
		"tooManyFiles": tooManyFiles, "wrongHost": wrongHost, "wrongOrigin": wrongOrigin, "wrongKey": wrongKey,
	}
	for name, text := range chrome {
		all[name] = text
	}
	wrong := regexp.MustCompile(`['"]|[^\x{202f}][;:?!»]|«[^\x{202f}]|\.\.\.`)
	holes := regexp.MustCompile(`\{\d\}|%[sd]`)
	for name, text := range all {
		if text.En == "" || text.Fr == "" {
			t.Errorf("%s: a language is missing", name)
		}
		if bad := wrong.FindString(text.Fr); bad != "" {
			t.Errorf("%s: French typography at %q", name, bad)
		}
		if len(holes.FindAllString(text.En, -1)) != len(holes.FindAllString(text.Fr, -1)) {
			t.Errorf("%s: the two languages say different things: %+v", name, text)
		}
	}
}

func TestScriptKnowsItsWords(t *testing.T) {
	t.Parallel()
	var source []byte
	for _, name := range append([]string{"page.js", "page.html"}, modules...) {
		b, err := assets.ReadFile("assets/" + name)
		if err != nil {
			t.Fatal(err)
		}
		source = append(source, b...)
	}
	used := map[string]bool{}
	for _, m := range regexp.MustCompile(`\bt\('(\w+)'|data-(?:t|label)="(\w+)"|\.T\.(\w+)`).FindAllSubmatch(source, -1) {
		used[string(m[1])+string(m[2])+string(m[3])] = true
	}
	for name := range used {
		if _, ok := chrome[name]; !ok {
			t.Errorf("the page says %q, which is nowhere written", name)
		}
	}
	indirect := map[string]bool{"good": true, "waiting": true, "bad": true, "sayHint": true, "say": true}
	for name := range chrome {
		if !used[name] && !indirect[name] {
			t.Errorf("nobody says %q", name)
		}
	}
}
