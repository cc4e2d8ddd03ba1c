package app

import (
	"cmp"
	"context"
	"strings"
	"time"

	"griot/accounts"
	"griot/bot/discordbot"
	"griot/chat"
	"griot/commands"
	"griot/fault"
	"griot/i18n"
	"griot/storage"
)

// discord opens Discord when it is configured.
func (a *App) discord() {
	if !a.cfg.Discord.On() {
		return
	}
	o := a.cfg.discord(a.Commands)
	o.Guilds, o.Memory, o.Keep, o.Stale, o.Installed = guilds{a.rights}, memory{a}, a.keepChat(discordbot.Name), a.stale, a.installed
	o.Locale, o.Now, o.Log, o.Pause = a.cfg.Locale, a.parts.Now, a.parts.Log, a.parts.Gateway
	a.Discord = discordbot.New(o)
	a.Surfaces[discordbot.Name] = a.Discord
}

// discord is what the configuration says of Discord.
func (c Config) discord(r *commands.Registry) discordbot.Options {
	d := c.Discord
	return discordbot.Options{API: d.APIURL, Token: d.Token, App: d.App, PublicKey: d.PublicKey, Gateway: d.Gateway != GatewayOff,
		Shards: d.shards(), Commands: discordCommands(r), Menus: discordMenus}
}

// discordMenus are the commands in the menu of a message.
var discordMenus = []discordbot.Menu{
	{Name: i18n.Text{En: "Draft from this message", Fr: "En faire une publication"}, Command: "post draft", Option: "text", Files: "media"},
	{Name: i18n.Text{En: "Treat as a mention", Fr: "Traiter comme une mention"}, Command: commands.MentionAdd, Option: "text", Author: "author", Link: "link", Quotes: true},
}

// discordCommands are all commands as Discord registers them.
func discordCommands(r *commands.Registry) []discordbot.Command {
	var out []discordbot.Command
	for _, root := range r.Roots() {
		x := discordbot.Command{Name: root.Name, French: root.French}
		if c, alone := r.Named(root.Name); alone {
			x.About, x.Options = c.About, discordOptions(c)
		}
		if len(root.Subs) > 0 {
			x.About = i18n.Text{En: abouts(root.Subs, i18n.En), Fr: abouts(root.Subs, i18n.Fr)}
		}
		for _, c := range root.Subs {
			_, name, _ := strings.Cut(c.Name, " ")
			_, french, _ := strings.Cut(cmp.Or(c.French, c.Name), " ")
			x.Subs = append(x.Subs, discordbot.Command{Name: name, French: french, About: c.About, Options: discordOptions(c)})
		}
		out = append(out, x)
	}
	return out
}

func discordOptions(c commands.Command) []discordbot.Option {
	var out []discordbot.Option
	for _, o := range c.Options {
		x := discordbot.Option{Name: o.Name, French: o.French, About: o.About, Kind: o.Kind, Max: o.Max,
			Offers: o.Complete != nil || len(o.Choices) > 0 || o.Kind == chat.Moment}
		for _, one := range o.Choices {
			x.Choices = append(x.Choices, discordbot.Choice{Value: one.Value, Name: one.Name})
		}
		out = append(out, x)
	}
	return out
}

// guilds lets Discord note where it was invited, among the rights of other chats.
type guilds struct{ of *accounts.Installs }

// All lists them.
func (g guilds) All(ctx context.Context) ([]discordbot.Guild, error) {
	all, err := g.of.All(ctx, discordbot.Name)
	var out []discordbot.Guild
	for _, i := range all {
		out = append(out, discordbot.Guild{ID: i.Workspace, Name: i.Name})
	}
	return out, err
}

// Save notes one.
func (g guilds) Save(ctx context.Context, x discordbot.Guild) error {
	return g.of.Save(ctx, accounts.Install{Surface: discordbot.Name, Workspace: x.ID, Name: cmp.Or(x.Name, x.ID)})
}

// Remove notes that one is left.
func (g guilds) Remove(ctx context.Context, id string) (bool, error) {
	return g.of.Remove(ctx, discordbot.Name, id)
}

// memory lets Discord keep small things.
type memory struct{ a *App }

// Shelve keeps what was typed.
func (m memory) Shelve(ctx context.Context, what []byte) (string, error) {
	return m.a.shelf.Put(ctx, discordbot.Name, what)
}

// Shelved reads it.
func (m memory) Shelved(ctx context.Context, id string) ([]byte, error) {
	b, err := m.a.shelf.Get(ctx, discordbot.Name, id)
	if fault.Is(err, fault.NotFound) {
		return nil, chat.ErrGone
	}
	return b, err
}

// Hold takes what one process alone may have.
func (m memory) Hold(ctx context.Context, name string, d time.Duration) (mine bool, err error) {
	err = m.a.DB.InTx(ctx, func(tx *storage.Tx) (err error) {
		mine, err = tx.TakeHold(ctx, name, m.a.owner, d)
		return err
	})
	return mine, err
}

// LetGo gives it back.
func (m memory) LetGo(ctx context.Context, name string) error {
	return m.a.DB.InTx(ctx, func(tx *storage.Tx) error { return tx.LetGo(ctx, name, m.a.owner) })
}

// Noted reads a note.
func (m memory) Noted(ctx context.Context, name string) (string, error) {
	return storage.Noted(ctx, m.a.DB, name)
}

// Note keeps one.
func (m memory) Note(ctx context.Context, name, value string) error {
	return m.a.DB.InTx(ctx, func(tx *storage.Tx) error { return tx.Note(ctx, name, value) })
}
