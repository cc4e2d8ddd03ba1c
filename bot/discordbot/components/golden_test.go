package components_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"griot/bot/discordbot/components"
	"griot/cards"
	"griot/chat"
	"griot/i18n"
)

var update = flag.Bool("update", false, "write the golden files anew")

// travelling shows every picture.
var travelling = components.Look{Picture: func(i chat.Image) (string, bool) { return i.Hash + ".png", true }}

// written is what is sent to Discord, a line for each thing that can be seen or pressed, in Discord's own markup.
func written(all []components.Component, indent string) string {
	var b strings.Builder
	for _, c := range all {
		what := map[int]string{1: "row", 2: "button", 3: "select", 4: "input", 6: "roles", 8: "channels", 10: "text", 12: "gallery", 14: "line", 17: "container", 18: "label", 19: "files"}[c.Type]
		b.WriteString(indent + what)
		if c.Accent != nil {
			fmt.Fprintf(&b, " #%06x", *c.Accent)
		}
		if c.Style != 0 {
			fmt.Fprintf(&b, " style %d", c.Style)
		}
		for _, s := range []string{c.CustomID, c.Label, c.URL, c.Placeholder, c.Description, c.Content, c.Value} {
			if s != "" {
				b.WriteString(" " + strings.ReplaceAll(fmt.Sprintf("‹%s›", s), "\n", "\n"+indent+"    "))
			}
		}
		if c.Least != nil {
			fmt.Fprintf(&b, " %d–%d", *c.Least, c.Most)
		}
		if c.Longest > 0 {
			fmt.Fprintf(&b, " at most %d", c.Longest)
		}
		if c.Required != nil && *c.Required {
			b.WriteString(" required")
		}
		for _, o := range c.Options {
			fmt.Fprintf(&b, "\n%s  · %s = %s", indent, o.Label, o.Value)
			if o.Default {
				b.WriteString(" (chosen)")
			}
		}
		for _, i := range c.Items {
			fmt.Fprintf(&b, "\n%s  · %s ‹%s›", indent, i.Media.URL, i.Description)
		}
		b.WriteString("\n" + written(c.Components, indent+"  "))
		if c.Component != nil {
			b.WriteString(written([]components.Component{*c.Component}, indent+"  "))
		}
	}
	return b.String()
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name+".txt")
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", name, diff)
	}
}

// TestEveryCard: each card of Griot as it is sent to Discord, in both languages.
func TestEveryCard(t *testing.T) {
	t.Parallel()
	for _, l := range i18n.Locales {
		for _, s := range cards.Samples(l) {
			t.Run(s.Name+"."+string(l), func(t *testing.T) {
				t.Parallel()
				c := s.Card
				c.Locale = l
				m := components.Card(c, travelling)
				if m.Flags != components.FlagV2 || len(m.Mentions.Parse) != 0 || m.Mentions.Parse == nil || m.Mentions.Users != nil {
					t.Errorf("flags %d, mentions %+v", m.Flags, m.Mentions)
				}
				golden(t, s.Name+"."+string(l), written(m.Components, ""))
			})
		}
	}
}
