package app_test

import (
	"os"
	"strings"
	"testing"

	"griot/commands"
	"griot/i18n"
	"griot/social"
)

// TestReadmeIsTrue compares the parts of the documentation that are made from our own tables.
func TestReadmeIsTrue(t *testing.T) {
	t.Parallel()
	all := commands.New(commands.All(commands.Services{})...)
	for _, c := range []struct{ file, block, want string }{
		{"../README.md", "commands", all.Table(i18n.En)},
		{"../LISEZMOI.md", "commands", all.Table(i18n.Fr)},
		{"../README.md", "post states", social.PostDiagram()},
		{"../README.md", "delivery states", social.DeliveryDiagram()},
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
		if !*update {
			t.Errorf("%s: the block %q is not what the tables say; run: go test ./app -run Readme -update", c.file, c.block)
			continue
		}
		if err := os.WriteFile(c.file, []byte(before+"<!-- "+c.block+" -->\n"+c.want+"<!-- /"+c.block+" -->"+after), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
