package commands_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"griot/accounts"
	"griot/chat"
	"griot/commands"
	"griot/connectors"
	"griot/fault"
	"griot/i18n"
	"griot/inbox"
	"griot/jobs"
	"griot/jobs/jobstest"
	"griot/publishing"
	"griot/social"
	"griot/storage"
	"griot/storage/storagetest"
	"griot/team"
)

var clockAt = time.Date(2026, 3, 17, 8, 0, 0, 0, time.UTC)

// desk is where people type commands in a test: the real features, a network of the test, and a record of all that was
// answered or logged.
type desk struct {
	t        *testing.T
	db       *storage.DB
	services commands.Services
	registry *commands.Registry
	network  *net
	log      bytes.Buffer
	answers  strings.Builder
	later    []string
	networks map[string]connectors.Connector
}

func clock() time.Time { return clockAt }

// each runs f at a fresh desk on both engines. change may set more of the services.
func each(t *testing.T, change func(*desk), f func(*testing.T, *desk)) {
	t.Helper()
	storagetest.Each(t, clock, func(t *testing.T, db *storage.DB) {
		d := at(t, db)
		if change != nil {
			change(d)
		}
		d.registry = commands.New(commands.All(d.services)...)
		f(t, d)
	})
}

func at(t *testing.T, db *storage.DB) *desk {
	t.Helper()
	jobstest.NewManual(t, db, jobs.NewWorkers())
	d := &desk{t: t, db: db, network: &net{}}
	d.networks = map[string]connectors.Connector{"toy": d.network}
	log := slog.New(slog.NewTextHandler(&d.log, nil))
	seal, err := accounts.NewSeal(accounts.NewKey())
	if err != nil {
		t.Fatal(err)
	}
	d.services = commands.Services{Publishing: &publishing.Service{DB: db}, Team: team.New(db), Inbox: inbox.New(inbox.Options{DB: db}), Now: db.Now, Locale: i18n.Fr, Zone: "Europe/Paris",
		Accounts: accounts.New(db, seal, d.networks, log)}
	return d
}

func user(name string) chat.Who {
	return chat.Who{Surface: "slack", Workspace: "T1", User: strings.ToLower(name), Name: name, Locale: i18n.En, Zone: "Europe/London"}
}

func manager(name string) chat.Who {
	w := user(name)
	w.Manager = true
	return w
}

// call is what the dispatcher would hand to a command.
func (d *desk) call(e chat.Event, v chat.Values) commands.Call {
	if v == nil {
		v = chat.Values{}
	}
	if e.Place == (chat.Place{}) {
		e.Place = chat.Place{Surface: e.Who.Surface, Workspace: e.Who.Workspace, Channel: "C1"}
	}
	if err := d.services.Team.Seen(d.t.Context(), team.Person(e.Who)); err != nil {
		d.t.Fatal(err)
	}
	m, _, err := d.services.Team.Who(d.t.Context(), team.Person(e.Who))
	if err != nil {
		m = social.Member{}
	}
	l := m.Locale
	if l == "" {
		l = e.Who.Locale
	}
	return commands.Call{By: m, Locale: l, Event: e, Values: v, Brand: func(ctx context.Context, named string) (social.Brand, error) {
		if named != "" {
			return d.services.Team.BrandNamed(ctx, m, named)
		}
		return d.services.Team.BrandAt(ctx, m, team.Place(e.Place))
	}}
}

// types runs a line: the form when something is missing, else the command's answer.
func (d *desk) types(who chat.Who, line string) (chat.Answer, error) {
	cmd, v, err := d.registry.Parse(line)
	if err != nil {
		return nil, err
	}
	c := d.call(chat.Event{Who: who, Command: cmd.Name}, v)
	if len(commands.Missing(cmd, v)) > 0 {
		f, err := cmd.Fill(d.t.Context(), c)
		return d.keep(chat.Ask{Form: f}, err)
	}
	return d.keep(cmd.Run(d.t.Context(), c))
}

// presses does what a button, a select or a sent form says.
func (d *desk) presses(who chat.Who, e chat.Event, v chat.Values) (chat.Answer, error) {
	d.t.Helper()
	e.Who = who
	c := d.call(e, v)
	if e.Tag.Verb == commands.RunVerb {
		cmd, ok := d.registry.Named(e.Tag.Subject)
		if !ok {
			d.t.Fatalf("no command for %s", e.Tag)
		}
		got, err := commands.Accept(cmd, v)
		if err != nil {
			return nil, err
		}
		c.Values = got
		return d.keep(cmd.Run(d.t.Context(), c))
	}
	if act, _, ok := d.registry.Pressed(e.Tag.Verb); ok {
		return d.keep(act(d.t.Context(), c))
	}
	f, _, ok := d.registry.FormOf(e.Tag.Verb)
	switch {
	case !ok:
		d.t.Fatalf("nothing answers %s", e.Tag)
	case !e.Form:
		form, err := f.Build(d.t.Context(), c)
		if form.Tag == (chat.Tag{}) {
			form.Tag = e.Tag
		}
		return d.keep(chat.Ask{Form: form}, err)
	}
	return d.keep(f.Sent(d.t.Context(), c))
}

// sends sends a form back with v over what is in it.
func (d *desk) sends(who chat.Who, f chat.Form, v chat.Values) (chat.Answer, error) {
	d.t.Helper()
	filled := chat.Values{}
	for _, in := range f.Inputs {
		if in.Value != nil {
			filled[in.Name] = in.Value
		}
	}
	for name, x := range v {
		filled[name] = x
	}
	return d.presses(who, chat.Event{Tag: f.Tag, Form: true}, filled)
}

// rebuilds builds a sent form anew, as for a refusal.
func (d *desk) rebuilds(who chat.Who, f chat.Form) (chat.Answer, error) {
	d.t.Helper()
	owner, _, ok := d.registry.FormOf(f.Tag.Verb)
	if !ok {
		d.t.Fatalf("nothing answers %s", f.Tag)
	}
	form, err := owner.Build(d.t.Context(), d.call(chat.Event{Who: who, Tag: f.Tag, Form: true}, nil))
	return chat.Ask{Form: form}, err
}

func (d *desk) keep(a chat.Answer, err error) (chat.Answer, error) {
	b, _ := json.Marshal(a) // only to look for secrets in it
	fmt.Fprintf(&d.answers, "%s %v\n", b, err)
	if err != nil {
		return nil, err
	}
	return a, nil
}

// reply is an answer with its error, so that both can be passed on.
type reply struct {
	answer chat.Answer
	err    error
}

func of(a chat.Answer, err error) reply { return reply{a, err} }

// card is the card of an answer.
func card(t *testing.T, r reply) chat.Card {
	t.Helper()
	if r.err != nil {
		t.Fatal(r.err)
	}
	switch x := r.answer.(type) {
	case chat.Say:
		if !x.Private {
			t.Errorf("said to everybody: %+v", x.Card)
		}
		return x.Card
	case chat.Refresh:
		return x.Card
	}
	t.Fatalf("%T is no card", r.answer)
	return chat.Card{}
}

// form is the form of an answer.
func form(t *testing.T, r reply) chat.Form {
	t.Helper()
	if r.err != nil {
		t.Fatal(r.err)
	}
	ask, ok := r.answer.(chat.Ask)
	if !ok {
		t.Fatalf("%T is no form", r.answer)
	}
	return ask.Form
}

// refused checks the kind and the field of a refusal.
func refused(t *testing.T, err error, k fault.Kind, field string) {
	t.Helper()
	f, ok := errors.AsType[*fault.Error](err)
	if !ok || f.Kind != k || f.Field != field {
		t.Errorf("got %v (%+v), want a refusal of kind %d at %q", err, f, k, field)
	}
}

func said(spans []chat.Span) string {
	var b strings.Builder
	for _, s := range spans {
		switch x := s.(type) {
		case chat.Plain:
			b.WriteString(string(x))
		case chat.Bold:
			b.WriteString(string(x))
		case chat.Code:
			b.WriteString(string(x))
		case chat.Person:
			b.WriteString(x.Name)
		case chat.Break:
			b.WriteString("\n")
		}
	}
	return b.String()
}

// fields are a card's short facts, "label: value".
func fields(c chat.Card) []string {
	var out []string
	for _, f := range c.Fields {
		out = append(out, f.Label+": "+said(f.Value))
	}
	return out
}

func labels(all []chat.Button) []string {
	var out []string
	for _, b := range all {
		out = append(out, b.Label)
	}
	return out
}

func button(t *testing.T, c chat.Card, label string) chat.Button {
	t.Helper()
	for _, b := range c.Buttons {
		if b.Label == label {
			return b
		}
	}
	t.Fatalf("no button %q among %q", label, labels(c.Buttons))
	return chat.Button{}
}

// begin sets a team up with Awa as its admin.
func (d *desk) begin(who chat.Who, brand string) social.Brand {
	d.t.Helper()
	if _, err := d.types(who, `setup brand:"`+brand+`"`); err != nil {
		d.t.Fatal(err)
	}
	m, _, err := d.services.Team.Who(d.t.Context(), team.Person(who))
	if err != nil {
		d.t.Fatal(err)
	}
	all, err := d.services.Team.Brands(d.t.Context(), m)
	if err != nil || len(all) != 1 {
		d.t.Fatal(all, err)
	}
	return all[0]
}

// net is a network that asks for an address and a token, and accepts one token.
type net struct {
	mu    sync.Mutex // guards what follows
	bad   bool       // no token is right
	away  bool       // no answer at all
	slow  bool       // waits until its caller gives up
	tries int
}

const (
	rightToken = "right-token-5hJ2"
	wrongToken = "wrong-token-9kQ7"
)

func (n *net) Info() connectors.Info {
	return connectors.Info{ID: "toy", Name: "Toynet", About: text("A toy.", "Un jouet."), Secrets: []connectors.Secret{
		{Key: "server", Label: text("Server", "Serveur"), Kind: connectors.Address, Default: "https://toy.example"},
		{Key: "token", Label: text("Token", "Jeton"), Kind: connectors.Hidden},
	}}
}

func (n *net) set(f func(*net)) {
	n.mu.Lock()
	defer n.mu.Unlock()
	f(n)
}

func (n *net) Open(ctx context.Context, c connectors.Credential) (connectors.Account, error) {
	n.mu.Lock()
	n.tries++
	bad, away, slow := n.bad, n.away, n.slow
	n.mu.Unlock()
	switch {
	case slow:
		<-ctx.Done()
		return connectors.Account{}, &connectors.Error{Kind: connectors.Temporary, Network: "toy", Err: ctx.Err()}
	case away:
		return connectors.Account{}, &connectors.Error{Kind: connectors.Temporary, Network: "toy"}
	case bad || c.Secrets["token"] != rightToken:
		return connectors.Account{}, &connectors.Error{Kind: connectors.SignIn, Network: "toy", Status: 401, Words: "bad token " + c.Secrets["token"]}
	}
	return connectors.Account{RemoteID: "1", Handle: "@awa@toy.example", URL: "https://toy.example/@awa",
		Limits: social.Limits{Length: 500, Unit: social.Graphemes, Images: 4}}, c.Save(ctx, map[string]string{"id": "1"})
}
