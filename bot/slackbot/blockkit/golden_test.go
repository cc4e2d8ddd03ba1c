package blockkit_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"griot/bot/slackbot/blockkit"
	"griot/cards"
	"griot/chat"
	"griot/i18n"
)

var update = flag.Bool("update", false, "write the golden files anew")

// uploaded knows every picture.
var uploaded = blockkit.Look{Picture: func(i chat.Image) (string, bool) { return "F" + i.Hash, true }}

// wide is how long a value may be to stand on one line.
const wide = 180

// pretty writes what is sent to Slack as it is: what is short on one line, the rest one line for each part.
func pretty(t *testing.T, v any) string {
	t.Helper()
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		t.Fatal(err)
	}
	return laidOut(t, []byte(unescaped.Replace(strings.TrimSpace(b.String()))), "") + "\n"
}

// unescaped undoes what slack-go's own encoders escape.
var unescaped = strings.NewReplacer(`\u003c`, "<", `\u003e`, ">", `\u0026`, "&")

func laidOut(t *testing.T, raw json.RawMessage, indent string) string {
	t.Helper()
	if utf8.RuneCount(raw)+len(indent) <= wide || raw[0] != '{' && raw[0] != '[' {
		return string(raw)
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	open, _ := d.Token()
	var parts []string
	for d.More() {
		part := indent + " "
		if open == json.Delim('{') {
			key, _ := d.Token()
			part += fmt.Sprintf("%q: ", key)
		}
		var value json.RawMessage
		if err := d.Decode(&value); err != nil {
			t.Fatal(err)
		}
		parts = append(parts, part+laidOut(t, value, indent+" "))
	}
	shut, _ := d.Token()
	return fmt.Sprintf("%v\n%s\n%s%v", open, strings.Join(parts, ",\n"), indent, shut)
}

// golden compares what is sent with a file of testdata.
func golden(t *testing.T, name string, v any) {
	t.Helper()
	file, got := filepath.Join("testdata", name+".json"), pretty(t, v)
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", name, diff)
	}
}

func TestCardsLookAsTheyShould(t *testing.T) {
	t.Parallel()
	for _, l := range i18n.Locales {
		for _, s := range cards.Samples(l) {
			t.Run(s.Name+"-"+string(l), func(t *testing.T) {
				s.Card.Locale = l
				m := blockkit.Card(s.Card, uploaded)
				golden(t, s.Name+"."+string(l), m)
			})
		}
	}
}
