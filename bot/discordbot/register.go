package discordbot

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/bwmarrin/discordgo"

	"griot/chat"
	"griot/i18n"
)

// Command is one word after the slash, or with Subs the first of two.
type Command struct {
	Name, French string
	About        i18n.Text
	Options      []Option
	Subs         []Command // Name is the second word
}

// Option is something a command wants to know.
type Option struct {
	Name, French string
	About        i18n.Text
	Kind         chat.Kind
	Choices      []Choice
	Offers       bool // what it may become is offered while it is typed
	Max          int  // longest text in runes, or how many files; 0: no limit of ours
}

// Choice is one of the fixed values of an option.
type Choice struct {
	Value string
	Name  i18n.Text
}

// Menu is a command in the menu of a message.
type Menu struct {
	Name    i18n.Text
	Command string // what it runs, in the registry's words
	Option  string // that takes the words of the message
	Files   string // that takes its pictures; empty: none does
	Author  string // that takes who wrote it; empty: none does
	Link    string // that takes where it stands; empty: none does
	Quotes  bool   // what it says is quoted, and leaves for no network: the emoji of a server stay, as their names
}

// What Discord takes of commands. Source: docs.discord.com, interactions/application-commands, read 2026-11.
const (
	aboutRunes   = 100
	choiceRunes  = 100
	mostChoices  = 25
	mostTyped    = 6000 // characters of an option
	mostAttached = 4    // ours: files of one option, each an option of its own
)

// Registered is the body that makes Discord know the commands. Nobody is kept from them by default: what each may do, the team
// decides.
func Registered(all []Command, menus []Menu) []*discordgo.ApplicationCommand {
	out := []*discordgo.ApplicationCommand{}
	for _, c := range all {
		x := base(discordgo.ChatApplicationCommand, c.Name, c.French)
		x.Description, x.DescriptionLocalizations = described(c.About)
		for _, sub := range c.Subs {
			o := &discordgo.ApplicationCommandOption{Type: discordgo.ApplicationCommandOptionSubCommand, Name: sub.Name,
				NameLocalizations: french(sub.Name, sub.French), Options: options(sub.Options)}
			about, localised := described(sub.About)
			o.Description, o.DescriptionLocalizations = about, *localised
			x.Options = append(x.Options, o)
		}
		x.Options = append(x.Options, options(c.Options)...)
		out = append(out, x)
	}
	for _, m := range menus {
		out = append(out, base(discordgo.MessageApplicationCommand, m.Name.En, m.Name.Fr))
	}
	return out
}

// base is a command of a server's channels, for everybody who may use commands there.
func base(kind discordgo.ApplicationCommandType, name, inFrench string) *discordgo.ApplicationCommand {
	everybody := int64(discordgo.PermissionUseApplicationCommands)
	names := french(name, inFrench)
	return &discordgo.ApplicationCommand{Type: kind, Name: name, NameLocalizations: &names, DefaultMemberPermissions: &everybody,
		Contexts:         &[]discordgo.InteractionContextType{discordgo.InteractionContextGuild},
		IntegrationTypes: &[]discordgo.ApplicationIntegrationType{discordgo.ApplicationIntegrationGuildInstall}}
}

func french(name, inFrench string) map[discordgo.Locale]string {
	return map[discordgo.Locale]string{discordgo.French: cmp.Or(inFrench, name)}
}

func described(t i18n.Text) (string, *map[discordgo.Locale]string) {
	return chat.Cut(t.En, aboutRunes), &map[discordgo.Locale]string{discordgo.French: chat.Cut(t.Fr, aboutRunes)}
}

// kinds are how options are typed in Discord; others are words.
var kinds = map[chat.Kind]discordgo.ApplicationCommandOptionType{
	chat.Room: discordgo.ApplicationCommandOptionChannel, chat.Group: discordgo.ApplicationCommandOptionRole, chat.Files: discordgo.ApplicationCommandOptionAttachment,
}

// options are those that can be typed. None is required: a form asks for what is missing.
func options(all []Option) []*discordgo.ApplicationCommandOption {
	out := []*discordgo.ApplicationCommandOption{}
	for _, o := range all {
		if o.Kind == chat.Secret {
			continue // never typed in a channel
		}
		x := one(o)
		out = append(out, x)
		for n := 2; o.Kind == chat.Files && n <= min(o.Max, mostAttached); n++ {
			more := *x
			more.Name = fmt.Sprintf("%s%d", o.Name, n)
			more.NameLocalizations = french(more.Name, fmt.Sprintf("%s%d", cmp.Or(o.French, o.Name), n))
			out = append(out, &more)
		}
	}
	return out[:min(len(out), mostChoices)]
}

func one(o Option) *discordgo.ApplicationCommandOption {
	about, localised := described(o.About)
	x := &discordgo.ApplicationCommandOption{Type: discordgo.ApplicationCommandOptionString, Name: o.Name, NameLocalizations: french(o.Name, o.French),
		Description: about, DescriptionLocalizations: *localised, Autocomplete: o.Offers}
	if kind, ok := kinds[o.Kind]; ok {
		x.Type, x.Autocomplete = kind, false
		if o.Kind == chat.Room {
			x.ChannelTypes = []discordgo.ChannelType{discordgo.ChannelTypeGuildText, discordgo.ChannelTypeGuildNews, discordgo.ChannelTypeGuildPublicThread, discordgo.ChannelTypeGuildForum}
		}
		return x
	}
	if o.Max > 0 {
		x.MaxLength = min(o.Max, mostTyped)
	}
	if len(o.Choices) > 0 && len(o.Choices) <= mostChoices && o.Kind != chat.Many {
		x.Autocomplete, x.MaxLength = false, 0
		for _, c := range o.Choices {
			x.Choices = append(x.Choices, &discordgo.ApplicationCommandOptionChoice{Name: chat.Cut(c.Name.En, choiceRunes), Value: c.Value,
				NameLocalizations: map[discordgo.Locale]string{discordgo.French: chat.Cut(c.Name.Fr, choiceRunes)}})
		}
	}
	return x
}

// optionOf is the option behind the name that Discord sends: files of one have a number behind it.
func (s *Surface) optionOf(words, name string) string {
	root, sub, deep := strings.Cut(words, " ")
	for _, c := range s.o.Commands {
		if c.Name != root {
			continue
		}
		all := c.Options
		for _, x := range c.Subs {
			if deep && x.Name == sub {
				all = x.Options
			}
		}
		for _, o := range all {
			rest, ok := strings.CutPrefix(name, o.Name)
			if ok && (rest == "" || o.Kind == chat.Files && isDigits(rest)) {
				return o.Name
			}
		}
	}
	return name
}

// noted is the name under which it is noted which commands Discord knows.
func (s *Surface) noted() string { return "discord.commands." + s.o.App }

// register makes Discord know the commands, when it knows others.
func (s *Surface) register(ctx context.Context) error {
	all := Registered(s.o.Commands, s.o.Menus)
	b, err := json.Marshal(all)
	if err != nil {
		return fmt.Errorf("write the commands: %w", err)
	}
	sum := sha256.Sum256(append(b, s.o.API...))
	hash := hex.EncodeToString(sum[:])
	before, err := s.o.Memory.Noted(ctx, s.noted())
	if err != nil || before == hash {
		return err
	}
	if err := s.rest.do(ctx, call{method: "PUT", path: "/applications/" + s.o.App + "/commands", in: all}); err != nil {
		return fmt.Errorf("register the commands: %w", err)
	}
	s.o.Log.Info("commands registered", "surface", Name, "commands", len(all))
	return s.o.Memory.Note(ctx, s.noted(), hash)
}
