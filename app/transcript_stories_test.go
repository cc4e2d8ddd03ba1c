package app

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"griot/i18n"
	"griot/storage/storagetest"
)

// stories plays the transcripts of a folder, each chat of the outside reached in both ways, on both engines. Open makes the chats.
func stories(t *testing.T, folder string, open func(s *transcript, how way)) {
	files, err := filepath.Glob("testdata/transcripts/" + folder + "/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal("no transcripts", err)
	}
	for _, path := range files {
		name := strings.TrimSuffix(filepath.Base(path), ".txt")
		l, _ := i18n.ParseLocale(strings.TrimPrefix(filepath.Ext(name), "."))
		for _, how := range []way{bySocket, byHTTP} {
			for _, engine := range []string{"sqlite", "postgres"} {
				t.Run(fmt.Sprintf("%s/%s/%s", name, how, engine), func(t *testing.T) {
					if !*update { // a file is written by one way and compared by the others
						t.Parallel()
					}
					if *update && (how != bySocket || engine != "sqlite") {
						return
					}
					play(t, path, l, engine, func(s *transcript) { open(s, how) })
				})
			}
		}
	}
}

func play(t *testing.T, path string, l i18n.Locale, engine string, open func(*transcript)) {
	database := ""
	if engine == "postgres" {
		database = storagetest.Database(t)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	s := &transcript{world: newWorld(t, database, l), path: path, lines: strings.Split(strings.TrimRight(string(text), "\n"), "\n")}
	open(s)
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("it went:\n%s", strings.Join(s.out, "\n"))
		}
	})
	s.start()
	if s.cfg.Slack.AppToken != "" {
		s.office.WaitConnected(1)
	}
	if s.server != nil {
		s.listens(s.server)
	}
	s.run()
	if *update && !t.Failed() {
		if err := os.WriteFile(path, []byte(strings.Join(s.out, "\n")+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
