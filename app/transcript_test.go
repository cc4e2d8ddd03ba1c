package app

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"griot/i18n"
	"griot/social"
)

var update = flag.Bool("update", false, "write what was read into the transcripts")

// accountOf keeps the vocabulary's name out of the runner.
type accountOf = social.Account

func diff(want, got []string) string {
	return "(-want +got):\n" + cmp.Diff(want, got)
}

// TestTranscripts plays each story, in the language that its file's name ends in, on both engines. With -update the file is
// written anew from the first engine, and compared on the second.
func TestTranscripts(t *testing.T) {
	files, err := filepath.Glob("testdata/transcripts/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal("no transcripts", err)
	}
	for _, path := range files {
		name := strings.TrimSuffix(filepath.Base(path), ".txt")
		l, known := i18n.ParseLocale(strings.TrimPrefix(filepath.Ext(name), "."))
		if !known {
			t.Fatalf("%s: the name ends in no language", path)
		}
		t.Run(name, func(t *testing.T) {
			if !*update { // a file is written by one engine and compared by the other
				t.Parallel()
			}
			onEach(t, l, func(w *world) {
				text, err := os.ReadFile(path)
				if err != nil {
					t.Fatal(err)
				}
				s := &transcript{world: w, path: path, lines: strings.Split(strings.TrimRight(string(text), "\n"), "\n")}
				t.Cleanup(func() {
					if t.Failed() {
						t.Logf("it went:\n%s", strings.Join(s.out, "\n"))
					}
				})
				s.run()
				if *update && !w.Failed() {
					err := os.WriteFile(path, []byte(strings.Join(s.out, "\n")+"\n"), 0o644)
					if err != nil {
						t.Fatal(err)
					}
				}
			})
		})
	}
}
