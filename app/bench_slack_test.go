//go:build !race

package app_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"path"
	"testing"
	"text/tabwriter"
	"time"

	"griot/app"
	"griot/bot/slackbot"
	"griot/chat"
	"griot/social"
	"griot/storage"
)

// How long each server is called, after a while that does not count. They take turns, so that a busy moment of the machine meets
// them all.
const (
	warming = 2 * time.Second
	rounds  = 2
	round   = 4 * time.Second
)

// acked is what was measured of one server.
type acked struct {
	name string
	rate float64 // acknowledgements a second
	spread
	work time.Duration // of the processor, for one
	peak float64       // MB
	aim  string
}

// contender is a server that is called as fast as it answers.
type contender struct {
	*acknowledging
	key   string // in the line of go test's
	calls *traffic
	griot *measured // nil: it has no database
	times float64   // how often Bolt's rate it is to have; zero: nothing is asked of it
	took  []time.Duration
	work  time.Duration // processor time of its process
}

// helpTitle is in every answer to "/griot help".
const helpTitle = "Ce que je sais faire pour vous"

// benchAcks has signed commands acknowledged on 64 connections by Griot, with all that it does and with the surface alone; by an
// app made with Slack's own SDK that does nothing; and by the least that checks a signature.
func benchAcks(b *testing.B, r *results) {
	o := newBureau(b)
	enter := func(key string, a *acknowledging, good func([]byte) bool) *contender {
		return &contender{acknowledging: a, key: key, calls: newTraffic(b, a.addr, o.App.SigningSecret, o.commands(b), good)}
	}
	least := enter("floor", child(b, "net/http, the signature alone", append(o.environment(), ackServer+"=floor")), silent)
	sdk := enter("bolt", bolt(b, o), silent)
	surface := enter("surface", child(b, "Griot’s way into Slack, nothing behind it", append(o.environment(), ackServer+"=surface")), says("Bonjour"))
	surface.times = 4
	all := []*contender{least, sdk, surface}
	for _, e := range []storage.Engine{storage.SQLite, storage.Postgres} {
		m := install(b, e, app.Off)
		m.moves(o)
		c := enter(string(e), child(b, "Griot, every act written down, "+label(e), m.environment(o)), says(helpTitle))
		c.griot, c.times = m, 1
		all = append(all, c)
	}
	for _, c := range all {
		c.calls.crowd(b, warming)
	}
	for range rounds {
		for _, c := range all {
			c.turn()
		}
	}
	rival := spreadOf(sdk.took)
	for _, c := range all {
		a := c.end()
		if c.times > 0 {
			a.aim = fmt.Sprintf("%.0f × Bolt’s: %.0f/s, half its p99: %s", c.times, c.times*sdk.rate(), ms(rival.p99/2))
		}
		r.acks = append(r.acks, a)
		b.ReportMetric(a.rate, c.key+"/s")
	}
}

// label is the name of an engine, for people.
func label(e storage.Engine) string {
	if e == storage.Postgres {
		return "PostgreSQL"
	}
	return "SQLite"
}

// turn calls the server for a round.
func (c *contender) turn() {
	before := c.worked(c.database())
	c.took = append(c.took, c.calls.crowd(c.B, round)...)
	c.work += c.worked(c.database()) - before
}

// database is the name of the one in PostgreSQL; empty: there is none.
func (c *contender) database() string {
	if c.griot == nil || c.griot.cfg.DatabaseURL == "" {
		return ""
	}
	u, err := url.Parse(c.griot.cfg.DatabaseURL)
	if err != nil {
		c.Fatal(err)
	}
	return path.Base(u.Path)
}

// rate is how many commands were acknowledged a second.
func (c *contender) rate() float64 { return float64(len(c.took)) / (rounds * round).Seconds() }

// end stops the server and says how it did. Griot must have written down each act.
func (c *contender) end() acked {
	c.Helper()
	out := acked{name: c.name, rate: c.rate(), spread: spreadOf(c.took), work: c.work / time.Duration(len(c.took)), peak: c.peak()}
	c.stop()
	if c.griot != nil {
		if n, want := c.griot.seen(), c.calls.acks(); n != want {
			c.Errorf("%s: %d acts are remembered of %d", c.name, n, want)
		}
		c.griot.hamlet.close()
	}
	return out
}

// silent is an empty acknowledgement.
func silent(body []byte) bool { return len(body) == 0 }

// says is an acknowledgement that shows one person a card with these words.
func says(words string) func([]byte) bool {
	return func(body []byte) bool {
		var m struct {
			Type   string `json:"response_type"`
			Blocks []any  `json:"blocks"`
		}
		return json.Unmarshal(body, &m) == nil && m.Type == "ephemeral" && len(m.Blocks) > 0 && bytes.Contains(body, []byte(words))
	}
}

// printAcks is the table of who acknowledges how fast.
func (r *results) printAcks(w io.Writer) {
	fmt.Fprintf(w, "\nsigned slash commands on %d connections; server and caller share the cores\n", lines)
	t := tabwriter.NewWriter(w, 0, 0, 3, ' ', 0)
	fmt.Fprintln(t, "\n\tacknowledged\tp50 / p99 / max\tprocessor\tpeak memory\taim")
	for _, a := range r.acks {
		fmt.Fprintf(t, "%s\t%.0f/s\t%s\t%d µs\t%.0f MB\t%s\n", a.name, a.rate, a.spread, a.work.Microseconds(), a.peak, a.aim)
	}
	_ = t.Flush() // to a terminal or a pipe: nobody to tell
}

// moves makes the people of o approvers of the team, and closes what a child is to open.
func (m *measured) moves(o *bureau) {
	m.Helper()
	m.tx(func(ctx context.Context, tx *storage.Tx) error {
		_, err := tx.AddWorkspace(ctx, social.Workspace{TeamID: m.by.TeamID, Surface: slackbot.Name, Workspace: o.space.ID, Name: o.space.Name})
		for _, p := range o.people {
			err = errors.Join(err, m.approver(ctx, tx, chat.Who{Surface: slackbot.Name, Workspace: o.space.ID, User: p.ID, Name: p.Name}))
		}
		return err
	})
	if err := m.app.DB.Close(); err != nil {
		m.Fatal(err)
	}
}
