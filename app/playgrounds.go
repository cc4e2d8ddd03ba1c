package app

import (
	"context"
	"errors"
	"net"
	"net/url"
	"path/filepath"

	"griot/bot/playground"
	"griot/cards"
	"griot/chat"
	"griot/commands"
	"griot/i18n"
	"griot/social"
	"griot/storage"
	"griot/team"
)

// The people one can speak as in the playground. Awa has installed Griot, so she may set it up.
const (
	awa  = "awa"
	nora = "nora"
	leo  = "leo"
)

// The channels of the playground.
const (
	general   = "general"
	approvals = "validations"
)

var (
	firstChat  = i18n.Text{En: "The team’s chat", Fr: "Le chat de l’équipe"}
	secondChat = i18n.Text{En: "The team’s other chat", Fr: "L’autre chat de l’équipe"}
)

// playgrounds opens the two chats in which everything can be tried, while no other chat is configured.
func (a *App) playgrounds() error {
	if !a.cfg.playground() {
		return nil
	}
	for i, title := range []i18n.Text{firstChat, secondChat} {
		o := playground.Options{Name: []string{"playground", "playground2"}[i], Title: title, Beside: a.parts.Village + "/",
			People:   []playground.Person{{User: awa, Name: "Awa", Locale: a.cfg.Locale, Manager: true}, {User: nora, Name: "Nora", Locale: a.cfg.Locale}, {User: leo, Name: "Léo", Locale: a.cfg.Locale}},
			Channels: []playground.Channel{{ID: general, Name: "general"}, {ID: approvals, Name: "validations"}},
			Commands: a.completions, Gallery: a.gallery, Now: a.parts.Now, Log: a.parts.Log, Hosts: a.hosts(), Key: a.parts.Key}
		o.Prefix, o.Second = []string{"", a.parts.Second}[i], []string{a.parts.Second + "/", "/"}[i]
		o.Journal = filepath.Join(a.cfg.Data, o.Name+".jsonl")
		s, err := playground.New(o)
		if err != nil {
			return err
		}
		a.Surfaces[s.Name()], a.Playgrounds = s, append(a.Playgrounds, s)
		a.Team.Practice.Workspaces = append(a.Team.Practice.Workspaces, social.Workspace{Surface: s.Name(), Workspace: s.Name(), Name: title.In(a.cfg.Locale)})
	}
	a.Team.Practice.People = []team.PracticePerson{
		{User: awa, Name: "Awa", Roles: []social.Role{social.Admin}},
		{User: nora, Name: "Nora", Roles: []social.Role{social.Writer}},
		{User: leo, Name: "Léo", Roles: []social.Role{social.Approver}},
	}
	return nil
}

// hosts are the names under which the pages answer besides loopback's.
func (a *App) hosts() []string {
	out := []string{a.cfg.Addr}
	if u, err := url.Parse(a.cfg.BaseURL); err == nil && u.Host != "" {
		out = append(out, u.Host)
	}
	if host, _, err := net.SplitHostPort(a.cfg.Addr); err == nil && host != "" && !net.ParseIP(host).IsUnspecified() {
		out = append(out, host)
	}
	return out
}

// greet says hello in a playground where nobody has set Griot up.
func (a *App) greet(ctx context.Context) error {
	started, err := a.Team.Started(ctx)
	if err != nil || started {
		return err
	}
	for _, s := range a.Playgrounds {
		at := s.Place(general)
		if _, err := s.Find(ctx, at, "welcome"); err == nil {
			continue
		}
		if _, err := s.Send(ctx, at, "welcome", cards.Welcome(a.cfg.Locale)); err != nil {
			return err
		}
	}
	return nil
}

// speaks lets the pages of both chats follow the language that somebody chose.
func (a *App) speaks(ctx context.Context, m social.Member) {
	all, err := storage.Identities(ctx, a.DB, m.TeamID, m.ID)
	if err != nil {
		a.parts.Log.Warn("pages keep their language", "member", m.ID, "err", err)
	}
	for _, s := range a.Playgrounds {
		for _, who := range all {
			if who.Surface == s.Name() {
				a.translate(s, who.User, m.Locale)
			}
		}
	}
}

// recall gives everybody's pages the language they chose before a restart.
func (a *App) recall(ctx context.Context) {
	for _, s := range a.Playgrounds {
		for _, user := range []string{awa, nora, leo} {
			who, _ := s.Who(user)
			if m, _, err := a.Team.Who(ctx, team.Person(who)); err == nil {
				a.translate(s, user, m.Locale)
			}
		}
	}
}

func (a *App) translate(s *playground.Surface, user string, l i18n.Locale) {
	who, ok := s.Who(user)
	if !ok || l == "" || who.Locale == l {
		return
	}
	p := playground.Person{User: user, Name: who.Name, Locale: l, Zone: who.Zone, Manager: who.Manager}
	if err := s.AddPerson(p); err != nil {
		a.parts.Log.Warn("page keeps its language", "surface", s.Name(), "err", err)
	}
}

// practise makes the practice account, and shows approvals in both chats, once a brand was set up in the playground.
func (a *App) practise(ctx context.Context, by social.Member, brand string) error {
	b, err := a.Team.Brand(ctx, by, brand)
	if err != nil {
		return err
	}
	for _, s := range a.Playgrounds {
		if err := a.Team.SetChannel(ctx, by, brand, team.Place(s.Place(approvals)), social.Approvals); err != nil {
			return err
		}
		a.settle(ctx, s, b)
	}
	_, err = a.Accounts.Connect(ctx, by, brand, "pretend", map[string]string{"name": b.Name})
	return err
}

// settle lets the greeting of a chat say that Griot is set up. That is a courtesy: nothing fails with it.
func (a *App) settle(ctx context.Context, s *playground.Surface, b social.Brand) {
	ref, err := s.Find(ctx, s.Place(general), "welcome")
	if err == nil {
		err = s.Edit(ctx, ref, cards.Settled(b, b.Locale))
	}
	if err != nil && !errors.Is(err, chat.ErrGone) {
		a.parts.Log.Warn("greeting not changed", "surface", s.Name(), "err", err)
	}
}

func (a *App) completions(l i18n.Locale) []playground.Completion {
	var out []playground.Completion
	for _, c := range a.Commands.All() {
		p := playground.Completion{Canonical: c.Name, Name: c.In(l), Usage: commands.Usage(c, l), About: c.About.In(l)}
		for _, o := range c.Options {
			p.Options = append(p.Options, playground.CompletionOption{Canonical: o.Name, Name: o.In(l), About: o.About.In(l), Required: o.Needed(), Offers: o.Complete != nil || len(o.Choices) > 0})
		}
		out = append(out, p)
	}
	return out
}

func (a *App) gallery(l i18n.Locale) []playground.GalleryCard {
	var out []playground.GalleryCard
	for _, s := range cards.Samples(l) {
		out = append(out, playground.GalleryCard{Name: s.Name, Card: s.Card})
	}
	return out
}
