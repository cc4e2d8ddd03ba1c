package needs_test

import (
	"os"
	"os/exec"
	"strings"
	"testing"

	"griot/needs"
)

// TestAsk is what a test that needs PostgreSQL looks like; TestRule runs it in processes of its own.
func TestAsk(t *testing.T) {
	if os.Getenv("GRIOT_NEEDS_ASK") == "" {
		return
	}
	t.Log("got " + needs.Postgres(t))
}

func TestRule(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, postgres, ci string
		want               string
		passes             bool
	}{
		{"there", "postgres://here", "", "got postgres://here", true},
		{"there in CI", "postgres://here", "true", "got postgres://here", true},
		{"not there", "", "", "SKIP: TestAsk", true},
		{"not there in CI", "", "true", "FAIL: TestAsk", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestAsk$", "-test.v")
			cmd.Env = append(os.Environ(), "GRIOT_NEEDS_ASK=yes", "GRIOT_TEST_POSTGRES="+c.postgres, "CI="+c.ci)
			out, err := cmd.CombinedOutput()
			if (err == nil) != c.passes || !strings.Contains(string(out), c.want) {
				t.Errorf("want %q and pass=%v, got err %v and:\n%s", c.want, c.passes, err, out)
			}
			if c.postgres == "" && !strings.Contains(string(out), "scripts/with-servers.sh") {
				t.Errorf("it does not say what to run:\n%s", out)
			}
		})
	}
}
