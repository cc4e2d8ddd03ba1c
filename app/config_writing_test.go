package app

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"griot/fault"
	"griot/i18n"
)

func TestTheModelIsRead(t *testing.T) {
	t.Parallel()
	for what, c := range map[string]struct {
		env    map[string]string
		want   Writing
		on     bool
		budget int64
	}{
		"nothing": {nil, Writing{Model: "gpt-4o-mini", Budget: "200000"}, false, 200000},
		"a key":   {map[string]string{"OPENAI_API_KEY": " sk-1 "}, Writing{Key: "sk-1", Model: "gpt-4o-mini", Budget: "200000"}, true, 200000},
		"a server without a key": {map[string]string{"OPENAI_BASE_URL": "http://127.0.0.1:11434/v1/", "OPENAI_MODEL": "mistral", "GRIOT_DRAFT_BUDGET": "0"},
			Writing{BaseURL: "http://127.0.0.1:11434/v1", Model: "mistral", Budget: "0"}, true, 0},
	} {
		got, err := read(c.env)
		if err != nil {
			t.Errorf("%s: %v", what, err)
		}
		if diff := cmp.Diff(c.want, got.Writing); diff != "" || got.Writing.On() != c.on || got.Writing.budget() != c.budget {
			t.Errorf("%s: on %v, %d (-want +got):\n%s", what, got.Writing.On(), got.Writing.budget(), diff)
		}
	}
}

func TestTheModelSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	for name, values := range map[string][]string{
		"OPENAI_BASE_URL":    {"localhost", "ftp://host/v1", "https://me:secret@host/v1", "https://host/v1?key=1", "http://%zz"},
		"GRIOT_DRAFT_BUDGET": {"beaucoup", "-1", "1.5"},
	} {
		for _, v := range values {
			_, err := read(map[string]string{name: v})
			if !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), name) || strings.Contains(err.Error(), "secret") {
				t.Errorf("%s=%s: %v", name, v, err)
			}
		}
	}
}

func TestDoctorSaysWhatWrites(t *testing.T) {
	t.Parallel()
	for want, w := range map[string]Writing{
		"– No language model is connected":                                 {},
		"✔ A language model writes: plume at OpenAI, 500 tokens":           {Key: "sk-secret", Model: "plume", Budget: "500"},
		"✔ A language model writes: plume at http://host/v1, 500 tokens a": {BaseURL: "http://host/v1", Model: "plume", Budget: "500"},
	} {
		var out bytes.Buffer
		d := &checkup{Command: Command{Out: &out, Getenv: func(string) string { return "" }}, cfg: Config{Locale: i18n.En, Writing: w}}
		d.model()
		if got := out.String(); !strings.HasPrefix(got, want) || strings.Contains(got, "secret") || d.sick {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
