package dates_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"griot/needs"
)

// TestChronoAgrees compares the whole table with chrono-node, another reader of dates in words. Where the two differ,
// what chrono says, and why it is not followed, is written down in testdata/chrono/differs.txt.
func TestChronoAgrees(t *testing.T) {
	t.Parallel()
	folder := needs.Chrono(t)
	known := differences(t)
	for _, group := range byZone(phrases(t)) {
		for i, chrono := range ask(t, folder, group) {
			p := group[i]
			ours := wallClock(p)
			said, listed := known[p.key()]
			delete(known, p.key())
			switch {
			case chrono == ours && listed:
				t.Errorf("line %d, %q: chrono agrees on %s; remove it from differs.txt", p.line, p.text, ours)
			case chrono != ours && !listed:
				t.Errorf("line %d: unlisted difference, we say %s:\n%s | %s", p.line, ours, p.key(), chrono)
			case chrono != ours && said != chrono:
				t.Errorf("line %d, %q: chrono says %s, differs.txt has %s", p.line, p.text, chrono, said)
			}
		}
	}
	for key := range known {
		t.Errorf("differs.txt lists %q, which is no phrase of the table", key)
	}
}

// key is how differs.txt names a phrase.
func (p phrase) key() string {
	return fmt.Sprintf("%s %s %s | %s", p.now.Format("2006-01-02"), p.now.Location(), p.locale, p.text)
}

// wallClock is our answer as chrono gives its own; chrono knows no reasons.
func wallClock(p phrase) string {
	m, err := p.parse()
	if err != nil {
		return "null"
	}
	return m.At.Format("2006-01-02T15:04")
}

func differences(t *testing.T) map[string]string {
	t.Helper()
	text, err := os.ReadFile("testdata/chrono/differs.txt")
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	why := ""
	for line := range strings.Lines(string(text)) {
		line = strings.TrimRight(line, "\n")
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		if reason, ok := strings.CutPrefix(line, "= "); ok {
			why = reason
			continue
		}
		f := strings.Split(line, " | ")
		if len(f) != 3 || why == "" {
			t.Fatalf("differs.txt: want reference | phrase | what chrono says, under a reason; got %q", line)
		}
		out[f[0]+" | "+shown.Replace(f[1])] = f[2]
	}
	return out
}

// byZone groups phrases by zone, because a Node process lives in one.
func byZone(all []phrase) [][]phrase {
	var out [][]phrase
	at := map[string]int{}
	for _, p := range all {
		name := p.now.Location().String()
		if _, ok := at[name]; !ok {
			at[name] = len(out)
			out = append(out, nil)
		}
		out[at[name]] = append(out[at[name]], p)
	}
	return out
}

// ask runs the oracle on phrases of one zone and gives its answers, in order.
func ask(t *testing.T, folder string, group []phrase) []string {
	t.Helper()
	var in bytes.Buffer
	for _, p := range group {
		question := map[string]string{"text": p.text, "now": p.now.Format(time.RFC3339), "locale": string(p.locale)}
		if err := json.NewEncoder(&in).Encode(question); err != nil {
			t.Fatal(err)
		}
	}
	node := exec.CommandContext(t.Context(), "node", "testdata/chrono/oracle.mjs")
	node.Env = append(os.Environ(), "GRIOT_CHRONO="+folder, "TZ="+group[0].now.Location().String())
	node.Stdin = &in
	var complaint strings.Builder
	node.Stderr = &complaint
	out, err := node.Output()
	if err != nil {
		t.Fatalf("oracle: %v\n%s", err, complaint.String())
	}
	answers := strings.Split(strings.TrimRight(string(out), "\n"), "\n")
	if len(answers) != len(group) {
		t.Fatalf("oracle: %d answers to %d phrases", len(answers), len(group))
	}
	return answers
}
