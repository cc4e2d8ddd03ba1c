package app

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"griot/chat"
	"griot/i18n"
)

// heard asks the Griot that runs whether it hears a chat: the doctor is another process.
func (d *checkup) heard(ctx context.Context, surface string) {
	ctx, cancel := context.WithTimeout(ctx, 3*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+d.cfg.Addr+"/readyz", nil)
	if err != nil {
		return // the address was found readable
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		d.note("idle", d.cfg.Addr, chat.Title(surface))
		return
	}
	defer res.Body.Close()
	var b struct {
		Chats map[string]string `json:"chats"`
	}
	if json.NewDecoder(res.Body).Decode(&b) != nil {
		d.note("idle", d.cfg.Addr, chat.Title(surface)) // something else answers there
		return
	}
	d.hears(surface, b.Chats[surface])
}

// hears tells what the running Griot says of a chat: "ok", "down", or "down since" an instant.
func (d *checkup) hears(surface, word string) {
	since, err := time.Parse(time.RFC3339, strings.TrimPrefix(word, "down since "))
	zone, wrong := time.LoadLocation(d.cfg.Zone)
	switch {
	case word == "ok":
		d.good(surface + "-up")
	case err == nil && wrong == nil:
		d.bad(surface+"-since", i18n.When(since.In(zone)))
	case strings.HasPrefix(word, "down"):
		d.bad(surface + "-down")
	}
}
