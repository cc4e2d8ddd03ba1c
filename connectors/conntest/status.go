package conntest

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"griot/connectors"
	"griot/social"
)

// moon is what a fault gives as the network's own words, with what must not reach a card.
const moon = "The moon\\u0000 is\\n full\\u202e"

func statuses(t *testing.T, h *harness) {
	p := h.open(t).Publish
	for status, kinds := range map[int][]connectors.Kind{
		301: {connectors.Refused}, 302: {connectors.Refused}, 303: {connectors.Refused}, 307: {connectors.Refused}, 308: {connectors.Refused},
		400: {connectors.Refused}, 401: {connectors.SignIn}, 403: {connectors.Refused, connectors.SignIn},
		404: {connectors.Refused}, 408: {connectors.Unsure}, 410: {connectors.Refused}, 413: {connectors.Refused},
		422: {connectors.Refused}, 425: {connectors.Unsure}, 429: {connectors.Limited},
		500: {connectors.Unsure}, 501: {connectors.Unsure}, 502: {connectors.Unsure}, 503: {connectors.Unsure}, 504: {connectors.Unsure}, 520: {connectors.Unsure},
	} {
		t.Run(fmt.Sprint(status), func(t *testing.T) {
			h.Faults.Clear()
			d := draft("Statut")
			r := h.prepare(t, p, d)
			h.Faults.Clear() // preparing may ask the network
			h.Faults.On(h.is(Visible), Answer(status, `{"error":"Odd","message":"`+moon+`"}`, "Location", "/elsewhere"), Always)
			_, err := p.Send(within(t, patience), r)
			h.want(t, err, kinds...)
			e, ok := errors.AsType[*connectors.Error](err)
			if ok && e.Status != status {
				t.Errorf("error says status %d", e.Status)
			}
			if ok && status >= 400 && e.Words != "The moon is full" {
				t.Errorf("words %q", e.Words)
			}
			if n := h.Faults.Count(func(*http.Request) bool { return true }); n != 1 {
				t.Errorf("%d calls, want 1", n)
			}
			h.holds(t, d, 0)
		})
	}
	t.Run("long words", func(t *testing.T) {
		h.Faults.Clear()
		r := h.prepare(t, p, draft("Long"))
		h.Faults.On(h.is(Visible), Answer(400, `{"error":"Odd","message":"`+strings.Repeat("é", 4000)+`"}`), Always)
		_, err := p.Send(within(t, patience), r)
		h.want(t, err, connectors.Refused)
		if e, ok := errors.AsType[*connectors.Error](err); ok && len([]rune(e.Words)) != 300 {
			t.Errorf("%d runes of words, want 300", len([]rune(e.Words)))
		}
	})
}

func waits(t *testing.T, h *harness) {
	p := h.open(t).Publish
	const wait = 90 * time.Second
	at := time.Now().Add(wait).UTC()
	for name, header := range map[string][2]string{
		"Retry-After seconds":     {"Retry-After", "90"},
		"Retry-After date":        {"Retry-After", at.Format(http.TimeFormat)},
		"X-RateLimit-Reset ISO":   {"X-RateLimit-Reset", at.Format("2006-01-02T15:04:05.000000Z")},
		"X-RateLimit-Reset epoch": {"X-RateLimit-Reset", strconv.FormatInt(at.Unix(), 10)},
		"ratelimit-reset epoch":   {"ratelimit-reset", strconv.FormatInt(at.Unix(), 10)},
		"none":                    {"X-Nothing", "0"},
	} {
		t.Run(name, func(t *testing.T) {
			h.Faults.Clear()
			d := draft("Attendre")
			r := h.prepare(t, p, d)
			h.Faults.On(h.is(Visible), Answer(429, `{"error":"Slow"}`, header[0], header[1]), Always)
			_, err := p.Send(within(t, patience), r)
			h.want(t, err, connectors.Limited)
			e, ok := errors.AsType[*connectors.Error](err)
			if !ok {
				return
			}
			least, most := wait-patience, wait+2*time.Second
			if name == "none" {
				least, most = 0, 0
			}
			if e.After < least || e.After > most {
				t.Errorf("wait of %v, want between %v and %v", e.After, least, most)
			}
			h.holds(t, d, 0)
		})
	}
}

// length: what Limits.Count measures is what the network measures, to the last character.
func length(t *testing.T, h *harness) {
	a := h.open(t)
	if a.Limits.Length == 0 {
		t.Log("this network has no limit of length")
		return
	}
	kinds := map[string]string{"letters": "", "emoji": strings.Repeat("👩‍👩‍👧", 9) + " ", "accents": strings.Repeat("é", 40) + " "}
	if a.Limits.URLLength > 0 || a.Limits.Length > 200 {
		kinds["link"] = "https://example.com/" + strings.Repeat("a", 60) + "?b=c "
	}
	if a.Limits.ShortMentions {
		kinds["mention"] = "@somebody@far.away.example "
	}
	for name, start := range kinds {
		t.Run(name, func(t *testing.T) {
			h.Faults.Clear()
			d := draft(start)
			d.Text = fill(a.Limits, d.Text+" ")
			_, got := h.publish(t, a.Publish, d)
			if got.RemoteID == "" {
				t.Errorf("no id for %d of %d", a.Limits.Count(d.Text), a.Limits.Length)
			}
			over := draft(start)
			over.Text = fill(a.Limits, over.Text+" ") + "x"
			r, err := a.Publish.Prepare(within(t, patience), over)
			if err == nil {
				r.Armed = time.Now()
				_, err = a.Publish.Send(within(t, patience), r)
			}
			h.want(t, err, connectors.Refused)
			h.holds(t, over, 0)
		})
	}
}

// fill makes start exactly as long as l allows.
func fill(l social.Limits, start string) string {
	n := l.Length - l.Count(start)
	if n < 0 {
		return start
	}
	return start + strings.Repeat("x", n)
}
