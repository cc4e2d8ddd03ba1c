package conntest

import (
	"net/http"
	"strings"
	"testing"

	"griot/connectors"
)

// secrets: a server repeats what it was sent, in words; then nothing that was said in the whole battery holds a secret.
func secrets(t *testing.T, h *harness) {
	a := h.open(t)
	r := h.prepare(t, a.Publish, draft("Secret"))
	h.Faults.On(func(*http.Request) bool { return true }, Echo(400), Always)
	_, err := a.Publish.Send(within(t, patience), r)
	h.kind(t, err)
	_, err = a.Publish.Find(within(t, patience), r)
	h.kind(t, err)
	h.kind(t, a.Probe(within(t, patience)))
	_, err = h.New().Open(within(t, patience), h.blank(h.Secrets))
	h.kind(t, err)

	h.mu.Lock()
	defer h.mu.Unlock()
	for name, secret := range h.hidden() {
		for _, said := range h.said {
			if strings.Contains(said, secret) {
				t.Errorf("the secret %s stands in: %s", name, strings.ReplaceAll(said, secret, "<"+name+">"))
			}
		}
	}
	if len(h.said) == 0 {
		t.Error("nothing was said, so nothing was searched")
	}
}

func (h *harness) hidden() map[string]string {
	hidden := map[string]string{}
	for _, s := range h.New().Info().Secrets {
		for whose, from := range map[string]map[string]string{"good": h.Secrets, "revoked": h.Revoked} {
			if v := from[s.Key]; s.Kind == connectors.Hidden && v != "" {
				hidden[whose+" "+s.Key] = v
			}
		}
	}
	for _, k := range h.HiddenFacts {
		if v := h.facts[k]; v != "" {
			hidden[k] = v
		}
	}
	return hidden
}
