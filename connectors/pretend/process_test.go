package pretend_test

import (
	"os"
	"os/exec"
	"testing"

	"griot/connectors/pretend"
)

// villageEnv tells the child process where the village is.
const villageEnv = "PRETEND_TEST_VILLAGE"

// TestChild is the child process of TestParentCountsWhatAKilledChildLeftBehind: it sends one post.
func TestChild(t *testing.T) {
	base := os.Getenv(villageEnv)
	if base == "" {
		return // not a child: the parent test runs it
	}
	a := open(t, base, "Maison Lune")
	if _, err := a.Publish.Send(t.Context(), prepare(t, a, "Bonjour")); err != nil {
		t.Error(err)
	}
}

func TestParentCountsWhatAKilledChildLeftBehind(t *testing.T) {
	t.Parallel()
	for step, accepted := range map[pretend.Step]int{pretend.Arrived: 1, pretend.Accepted: 1} {
		t.Run(string(step), func(t *testing.T) {
			t.Parallel()
			s := village(t, pretend.Options{Keys: pretend.Ignored})
			h := s.Hold(pretend.Point{Call: pretend.PostCall, Step: step, Content: "Bonjour"})
			end := s.Hold(pretend.Point{Call: pretend.PostCall, Step: pretend.Answered})
			child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestChild$")
			child.Env = append(os.Environ(), villageEnv+"="+serve(t, s))
			if err := child.Start(); err != nil {
				t.Fatal(err)
			}
			wait(t, h.Reached())
			if err := child.Process.Kill(); err != nil {
				t.Fatal(err)
			}
			if err := child.Wait(); err == nil {
				t.Error("the child ended well")
			}
			h.Release()
			wait(t, end.Reached())
			end.Release()
			if got := s.Accepted("Bonjour"); got != accepted {
				t.Errorf("%d accepted, want %d", got, accepted)
			}
		})
	}
}
