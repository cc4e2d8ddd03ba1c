package app_test

import (
	"encoding/json"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"griot/app"
	"griot/bot/discordbot"
	"griot/bot/slackbot"
	"griot/commands"
	"griot/i18n"
)

var (
	docLink     = regexp.MustCompile(`\]\(([^)\s]+)\)|(?:src|href)="([^"]+)"`)
	docFence    = regexp.MustCompile("(?ms)^```[a-z]*\n(.*?)^```")
	docCode     = regexp.MustCompile("`([^`\n]+)`")
	docItalic   = regexp.MustCompile(`(?:^|[\s(«|])\*([^*\s](?:[^*]*[^*\s])?)\*`)
	docFile     = regexp.MustCompile(`^(?:[\w-]+/)*[\w-]+\.(?:md|yaml|go|sh)$`)
	docVariable = regexp.MustCompile(`\b(?:GRIOT|SLACK|DISCORD)(?:_[A-Z]+)+\b`)
	docHeading  = regexp.MustCompile(`(?m)^#+ (.+)$`)
	notOfSlug   = regexp.MustCompile(`[^\p{L}\p{N}\s_-]`)
)

// elsewhere begins with a slash and is no command of ours: Slack's own, and pages of web.
var elsewhere = []string{"/invite", "/healthz", "/readyz", "/metrics"}

// documents are the pages for people, by their path from here.
func documents(t *testing.T) map[string]string {
	t.Helper()
	paths, err := filepath.Glob("../docs/*.md")
	if err != nil || len(paths) == 0 {
		t.Fatal("no pages in docs", err)
	}
	out := map[string]string{}
	for _, path := range append(paths, "../README.md", "../LISEZMOI.md") {
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		out[path] = string(b)
	}
	return out
}

// TestDocumentationLeadsSomewhere follows every link to a file, and to a heading in it.
func TestDocumentationLeadsSomewhere(t *testing.T) {
	t.Parallel()
	for path, text := range documents(t) {
		for _, m := range docLink.FindAllStringSubmatch(text, -1) {
			to, heading, _ := strings.Cut(m[1]+m[2], "#")
			if strings.Contains(to, "://") {
				continue
			}
			target := filepath.Join(filepath.Dir(path), to)
			if to == "" {
				target = path
			}
			b, err := os.ReadFile(target)
			if err != nil {
				t.Errorf("%s: %s leads nowhere", path, to)
			}
			if heading != "" && !slices.Contains(slugs(string(b)), heading) {
				t.Errorf("%s: %s has no heading #%s", path, target, heading)
			}
		}
	}
}

// slugs are a page's headings as links name them.
func slugs(text string) []string {
	var out []string
	for _, m := range docHeading.FindAllStringSubmatch(text, -1) {
		out = append(out, strings.ReplaceAll(notOfSlug.ReplaceAllString(strings.ToLower(m[1]), ""), " ", "-"))
	}
	return out
}

// TestDocumentationNamesWhatExists reads what the pages show as code: commands in a chat, calls of the program, files.
func TestDocumentationNamesWhatExists(t *testing.T) {
	t.Parallel()
	r := commands.New(commands.All(commands.Services{})...)
	for path, text := range documents(t) {
		for _, said := range code(text) {
			words := strings.Fields(said)
			switch first := words[0]; {
			case docFile.MatchString(said):
				if _, err := os.Stat(filepath.Join("..", said)); err != nil {
					t.Errorf("%s: there is no file %s", path, said)
				}
			case len(words) > 1 && (first == "griot" || first == "./griot" || strings.HasPrefix(said, "go run . ")):
				called(t, path, said)
			case first == "@Griot" && len(words) > 1 && words[1] != "…":
				typed(t, r, path, strings.Join(words[1:], " "))
			case strings.HasPrefix(first, "/") && strings.Count(first, "/") == 1 && said != "/griot" && !slices.Contains(elsewhere, first):
				typed(t, r, path, strings.Replace(said, "/g-", "/", 1)) // as with SLACK_COMMAND_PREFIX=g-
			}
		}
	}
}

// code is everything a page shows as code: spans, and lines of blocks.
func code(text string) []string {
	var out []string
	for _, m := range docFence.FindAllStringSubmatch(text, -1) {
		out = append(out, strings.Split(m[1], "\n")...)
	}
	for _, m := range docCode.FindAllStringSubmatch(docFence.ReplaceAllString(text, ""), -1) {
		out = append(out, m[1])
	}
	return slices.DeleteFunc(out, func(s string) bool { return strings.TrimSpace(s) == "" })
}

// typed checks a command as somebody types it. Its first word alone may stand for all that begin with it.
func typed(t *testing.T, r *commands.Registry, path, line string) {
	t.Helper()
	root := func(x commands.Root) bool { return "/"+x.Name == line || "/"+x.French == line }
	if slices.ContainsFunc(r.Roots(), root) {
		return
	}
	if strings.ContainsAny(line, "[|") { // how it may be typed, from the registry itself
		return
	}
	if _, _, err := r.Parse(line); err != nil {
		t.Errorf("%s: %s: %v", path, line, err)
	}
}

// called checks a call of the program, by asking for its help instead.
func called(t *testing.T, path, line string) {
	t.Helper()
	line, _, _ = strings.Cut(line, " #")
	line, _, _ = strings.Cut(line, " | ")
	args := strings.Fields(strings.TrimPrefix(strings.TrimPrefix(strings.TrimPrefix(line, "go run . "), "./griot"), "griot"))
	if len(args) > 0 && args[0] == "restore" { // wants a file that is there
		return
	}
	c := app.Command{Args: append(args, "--help"), Getenv: func(string) string { return "" }, Out: io.Discard, Err: io.Discard}
	if got := app.Main(t.Context(), c); got != 0 {
		t.Errorf("%s: %q cannot be called", path, line)
	}
}

// TestDocumentationNamesVariables: every variable of the pages is read, and README tells every one that is.
func TestDocumentationNamesVariables(t *testing.T) {
	t.Parallel()
	read := map[string]bool{}
	if _, err := app.Read(func(name string) string { read[name] = true; return "" }); err != nil {
		t.Fatal(err)
	}
	all := documents(t)
	for path, text := range all {
		for _, name := range docVariable.FindAllString(text, -1) {
			if !read[name] {
				t.Errorf("%s: nothing reads %s", path, name)
			}
		}
	}
	for name := range read {
		if !strings.Contains(all["../README.md"], "`"+name+"`") {
			t.Errorf("README.md does not tell %s", name)
		}
	}
}

// TestDocumentationQuotesGriot: words in italics on the pages about chats are Griot's own, and "…" stands for what differs.
func TestDocumentationQuotesGriot(t *testing.T) {
	t.Parallel()
	own := sources(t)
	for path, text := range documents(t) {
		if filepath.Dir(path) != "../docs" {
			continue
		}
		text = docFence.ReplaceAllString(text, "")
		for _, m := range docItalic.FindAllStringSubmatch(text, -1) {
			said := strings.Join(strings.Fields(m[1]), " ")
			if strings.Contains(said, "](") { // the link to the other language
				continue
			}
			for piece := range strings.SplitSeq(said, "…") {
				if piece = strings.TrimSpace(spaced(piece)); !strings.Contains(own, piece) {
					t.Errorf("%s: Griot never says %q", path, piece)
				}
			}
		}
	}
}

// sources are all our sentences, with one kind of space.
func sources(t *testing.T) string {
	t.Helper()
	var out strings.Builder
	err := filepath.WalkDir("..", func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		b, err := os.ReadFile(path)
		out.Write(b)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return spaced(strings.ReplaceAll(out.String(), `\u202f`, " "))
}

// spaced is a text with one kind of space.
func spaced(text string) string {
	return strings.NewReplacer("\u202f", " ", "\u00a0", " ").Replace(text)
}

// TestOperatorsReadWhatSlackTells: the operators' pages name every event of the manifest.
func TestOperatorsReadWhatSlackTells(t *testing.T) {
	t.Parallel()
	b, err := slackbot.Manifest(slackbot.ManifestOptions{Name: "Griot"})
	if err != nil {
		t.Fatal(err)
	}
	var m struct {
		Settings struct {
			Events struct {
				Bot []string `json:"bot_events"`
			} `json:"event_subscriptions"`
		} `json:"settings"`
	}
	if err := json.Unmarshal(b, &m); err != nil || len(m.Settings.Events.Bot) == 0 {
		t.Fatal("no events in the manifest", err)
	}
	all := documents(t)
	for _, path := range slices.Sorted(maps.Keys(all)) {
		for _, e := range m.Settings.Events.Bot {
			if strings.HasPrefix(filepath.Base(path), "slack-operators") && !strings.Contains(all[path], "`"+e+"`") {
				t.Errorf("%s does not tell the event %s", path, e)
			}
		}
	}
}

// TestOperatorsReadWhatDiscordGrants: the operators' pages show the link that invites Griot, with all its rights.
func TestOperatorsReadWhatDiscordGrants(t *testing.T) {
	t.Parallel()
	link := discordbot.Invite("123456789012345678")
	all := documents(t)
	for _, path := range []string{"../docs/discord-operators.md", "../docs/discord-operators.fr.md"} {
		if !strings.Contains(all[path], link) {
			t.Errorf("%s does not show %s", path, link)
		}
	}
}

// scopesTable is every right that Griot asks a workspace for, in Markdown.
func scopesTable(l i18n.Locale) string {
	head := i18n.Text{En: "| right | what it is for |\n|---|---|\n", Fr: "| droit | à quoi il sert |\n|---|---|\n"}
	var b strings.Builder
	b.WriteString(head.In(l))
	for _, s := range slackbot.Scopes {
		b.WriteString("| `" + s.Name + "` | " + s.Why.In(l) + " |\n")
	}
	return b.String()
}
