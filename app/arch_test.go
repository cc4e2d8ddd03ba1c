package app_test

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// may says which packages of ours each package may import. It is the architecture. A name ending in /* stands for every
// package below that has no line of its own; a * for everything.
var may = map[string][]string{
	"":                {"app"}, // main.go
	"i18n":            {},
	"language":        {}, // of a short post: a tool, which knows texts alone
	"migrations":      {},
	"fault":           {"i18n"},
	"dates":           {"i18n", "fault"}, // dates as people type them: a tool of commands, without social
	"social":          {"fault", "i18n"},
	"chat":            {"i18n"},
	"connectors":      {"social", "i18n"},
	"connectors/rest": {"connectors"},
	"connectors/*":    {"connectors", "connectors/rest", "connectors/markup", "social", "i18n"},
	"connectors/all":  {"connectors", "connectors/*"},
	"storage":         {"social", "fault", "i18n", "migrations"},
	"cards":           {"cards/chart", "social", "chat", "i18n"},
	"cards/chart":     {},
	"delivery":        {"social", "storage", "connectors", "fault", "i18n"},
	"team":            {"social", "storage", "fault", "i18n"},
	"accounts":        {"social", "storage", "connectors", "fault", "i18n"},
	"media":           {"social", "storage", "fault", "i18n"}, // pictures: a feature like team, which asks no network
	"publishing":      {"social", "storage", "delivery", "fault", "i18n"},
	"drafting":        {"social", "i18n"},
	"drafting/*":      {"drafting", "social", "i18n"},
	"inbox":           {"language", "social", "storage", "connectors", "delivery", "drafting", "fault", "i18n"},
	"writing":         {"social", "storage", "drafting", "fault", "i18n"},
	"digest":          {"social", "storage", "connectors", "drafting", "fault", "i18n"},
	// connectors, for what a network says that it needs to be pasted.
	"commands": {"cards", "chat", "connectors", "dates", "social", "fault", "i18n", "accounts", "digest", "drafting", "inbox", "publishing", "team", "writing"},
	"bot":      {"cards", "chat", "commands", "social", "storage", "fault", "i18n"},
	"bot/*":    {"chat", "i18n"},
	// What chats look like is pure; the surfaces send and receive it.
	"bot/tasks":                 {},
	"bot/slackbot":              {"chat", "i18n", "bot/tasks", "bot/slackbot/blockkit"},
	"bot/slackbot/blockkit":     {"chat", "i18n"},
	"bot/discordbot":            {"chat", "i18n", "bot/tasks", "bot/discordbot/components"},
	"bot/discordbot/components": {"chat", "i18n"},
	"jobs":                      {"storage", "connectors"},
	"web":                       {"connectors", "accounts", "fault", "i18n"}, // i18n: the sign-in page is in the reader's language
	"app":                       {"*"},
	// Tools of tests: no other package may import these outside its tests.
	"needs":                            {},
	"storage/storagetest":              {"needs", "storage"},
	"connectors/conntest":              {"connectors", "social"},
	"jobs/jobstest":                    {"jobs", "storage"},
	"connectors/mastodon/mastodontest": {"social"},
	"connectors/bluesky/blueskytest":   {"social"},
	"bot/slackbot/slacktest":           {},
	"bot/discordbot/discordtest":       {},
	"drafting/openai/openaitest":       {},
}

// testTools are imported by tests alone.
var testTools = []string{"needs", "storage/storagetest", "connectors/conntest", "jobs/jobstest", "connectors/mastodon/mastodontest", "connectors/bluesky/blueskytest", "bot/slackbot/slacktest", "bot/discordbot/discordtest", "drafting/openai/openaitest"}

// owns says which outside module may be imported where.
var owns = map[string][]string{
	"github.com/jmoiron/sqlx":               {"storage"},
	"github.com/lib/pq":                     {"storage"},
	"modernc.org/sqlite":                    {"storage"},
	"github.com/pressly/goose":              {"storage"},
	"github.com/google/uuid":                {"storage"},
	"golang.org/x/sync":                     {"app", "bot", "inbox"},
	"golang.org/x/text":                     {"i18n", "social", "dates", "connectors/bluesky", "connectors/markup", "connectors/mastodon", "connectors/pretend"},
	"golang.org/x/net":                      {"connectors/bluesky", "connectors/markup", "connectors/feed"},
	"golang.org/x/image":                    {"media", "cards/chart"},
	"github.com/mmcdole/gofeed":             {"connectors/feed"},
	"github.com/google/go-cmp":              {"connectors/conntest"}, // and tests, like the two that follow
	"github.com/chromedp":                   {},
	"pgregory.net/rapid":                    {},
	"github.com/riverqueue/river":           {"jobs"},
	"github.com/clipperhouse/uax29":         {"social"},
	"github.com/tink-crypto/tink-go":        {"accounts"},
	"github.com/gabriel-vasile/mimetype":    {"media"},
	"github.com/alecthomas/kong":            {"app"},
	"github.com/abadojack/whatlanggo":       {"language"},
	"github.com/prometheus/client_golang":   {"web"},
	"github.com/sashabaranov/go-openai":     {"drafting/openai"},
	"github.com/slack-go/slack":             {"bot/slackbot", "bot/slackbot/blockkit"},
	"github.com/gorilla/websocket":          {"bot/slackbot", "bot/slackbot/slacktest", "bot/discordbot", "bot/discordbot/discordtest"},
	"github.com/bwmarrin/discordgo":         {"bot/discordbot"},
	"github.com/santhosh-tekuri/jsonschema": {"bot/discordbot/discordtest"},
	"github.com/getkin/kin-openapi":         {"bot/discordbot/discordtest"},
}

type pkg struct {
	ImportPath, Dir string
	Imports         []string
	GoFiles         []string
}

func packages(t *testing.T) []pkg {
	t.Helper()
	cmd := exec.Command("go", "list", "-json=ImportPath,Dir,Imports,GoFiles", "./...")
	cmd.Dir = ".."
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	var all []pkg
	for dec := json.NewDecoder(strings.NewReader(string(out))); dec.More(); {
		var p pkg
		if err := dec.Decode(&p); err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
	return all
}

func rel(path string) string { return strings.TrimPrefix(strings.TrimPrefix(path, "griot"), "/") }

// TestImports is the architecture as a test.
func TestImports(t *testing.T) {
	t.Parallel()
	for _, p := range packages(t) {
		me := rel(p.ImportPath)
		allow, ok := may[me]
		if i := strings.LastIndex(me, "/"); !ok && i > 0 {
			allow, ok = may[me[:i]+"/*"]
		}
		if !ok {
			t.Errorf("%s is not in the table", me)
		}
		for _, i := range p.Imports {
			if o, ours := strings.CutPrefix(i, "griot/"); ours && !allowed(allow, o) {
				t.Errorf("%s may not import %s", me, o)
			} else if ours && slices.Contains(testTools, o) && !slices.Contains(testTools, me) {
				t.Errorf("%s imports %s, a tool of tests", me, o)
			}
			for mod, who := range owns {
				if (i == mod || strings.HasPrefix(i, mod+"/")) && !slices.Contains(who, me) {
					t.Errorf("%s may not import %s", me, i)
				}
			}
		}
	}
}

// TestModules: every outside module that we chose has its place in the table.
func TestModules(t *testing.T) {
	t.Parallel()
	file, err := os.ReadFile("../go.mod")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(file)) {
		mod, version, ok := strings.Cut(strings.TrimSpace(line), " v")
		if !ok || strings.HasSuffix(version, "// indirect") {
			continue
		}
		known := false
		for m := range owns {
			known = known || mod == m || strings.HasPrefix(mod, m+"/")
		}
		if !known {
			t.Errorf("%s has no line: say which package it is for", mod)
		}
	}
}

func allowed(allow []string, o string) bool {
	return slices.ContainsFunc(allow, func(a string) bool {
		under, wild := strings.CutSuffix(a, "/*")
		return a == o || a == "*" || wild && strings.HasPrefix(o, under+"/")
	})
}

// TestOnlyAppKnowsTheTime: no package but app asks for the time or the environment, so that every test has its own.
func TestOnlyAppKnowsTheTime(t *testing.T) {
	t.Parallel()
	forbidden := []string{"time.Now", "time.Since", "time.Until", "os.Getenv", "os.LookupEnv", "os.Environ"}
	for _, p := range packages(t) {
		me := rel(p.ImportPath)
		if me == "" || me == "app" || me == "bench" || slices.Contains(testTools, me) {
			continue
		}
		for _, name := range p.GoFiles {
			set := token.NewFileSet()
			f, err := parser.ParseFile(set, filepath.Join(p.Dir, name), nil, 0)
			if err != nil {
				t.Fatal(err)
			}
			ast.Inspect(f, func(n ast.Node) bool {
				s, ok := n.(*ast.SelectorExpr)
				if !ok {
					return true
				}
				if x, ok := s.X.(*ast.Ident); ok && slices.Contains(forbidden, x.Name+"."+s.Sel.Name) {
					t.Errorf("%s: %s.%s", set.Position(n.Pos()), x.Name, s.Sel.Name)
				}
				return true
			})
		}
	}
}

// TestTreeTellsTheStory: no folder has a name that says nothing.
func TestTreeTellsTheStory(t *testing.T) {
	t.Parallel()
	bad := []string{"internal", "pkg", "util", "utils", "common", "models", "types", "helpers", "manager"}
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.IsDir() {
			return err
		}
		if name := d.Name(); strings.HasPrefix(name, ".") && name != ".." || name == "node_modules" || name == "data" {
			return fs.SkipDir
		} else if slices.Contains(bad, name) {
			t.Errorf("%s: a folder is named for something a social media manager knows", path)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
