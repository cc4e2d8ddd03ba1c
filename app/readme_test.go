package app_test

import (
	"flag"
	"os"
	"strings"
	"testing"

	"griot/commands"
	"griot/i18n"
	"griot/social"
)

var readme = flag.Bool("readme", false, "write the tables of the documentation anew")

// TestReadmeIsTrue compares the parts of the documentation that are made from our own tables.
func TestReadmeIsTrue(t *testing.T) {
	t.Parallel()
	const fence = "```mermaid\n"
	all := commands.New(commands.All(commands.Services{})...)
	for _, c := range []struct{ file, block, want string }{
		{"../README.md", "commands", all.Table(i18n.En)},
		{"../LISEZMOI.md", "commands", all.Table(i18n.Fr)},
		{"../docs/slack-operators.md", "scopes", scopesTable(i18n.En)},
		{"../docs/slack-operators.fr.md", "scopes", scopesTable(i18n.Fr)},
		{"../README.md", "post states", fence + social.PostDiagram() + "```\n"},
		{"../README.md", "delivery states", fence + social.DeliveryDiagram() + "```\n"},
	} {
		b, err := os.ReadFile(c.file)
		if err != nil {
			t.Fatal(err)
		}
		before, rest, _ := strings.Cut(string(b), "<!-- "+c.block+" -->\n")
		have, after, ok := strings.Cut(rest, "<!-- /"+c.block+" -->")
		if !ok {
			t.Fatalf("%s has no block %q", c.file, c.block)
		}
		if have == c.want {
			continue
		}
		if !*readme {
			t.Errorf("%s: the block %q is not what the tables say; run: go test ./app -run Readme -readme", c.file, c.block)
			continue
		}
		if err := os.WriteFile(c.file, []byte(before+"<!-- "+c.block+" -->\n"+c.want+"<!-- /"+c.block+" -->"+after), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
