package commands

import (
	"context"
	"slices"
	"strings"

	"griot/chat"
	"griot/i18n"
	"griot/social"
)

var (
	helpAbout  = i18n.Text{En: "What Griot can do for you", Fr: "Ce que Griot sait faire pour vous"}
	helpTopic  = i18n.Text{En: "A command to explain", Fr: "Une commande à expliquer"}
	helpTitle  = i18n.Text{En: "What I can do for you", Fr: "Ce que je sais faire pour vous"}
	helpAll    = i18n.Text{En: "Everything I can do", Fr: "Tout ce que je sais faire"}
	helpMore   = i18n.Text{En: "Show everything", Fr: "Tout voir"}
	helpFoot   = i18n.Text{En: "Leave options out and a form opens. Dates are typed in words: ", Fr: "Sans options, un formulaire s’ouvre. Les dates s’écrivent en toutes lettres\u202f: "}
	helpDate   = i18n.Text{En: "tomorrow 9am", Fr: "demain 9h"}
	helpNeeded = i18n.Text{En: " (needed)", Fr: " (nécessaire)"}
	helpRun    = i18n.Text{En: "Open", Fr: "Ouvrir"}
)

const (
	helpName   = "help"
	helpVerb   = "help.all"
	firstHelps = 6
)

func help(r *Registry) Command {
	return Command{
		Name: helpName, French: "aide", About: helpAbout, Anyone: true, Rank: 1000,
		Options: []Option{{Name: "command", French: "commande", About: helpTopic, Complete: r.completeCommand}},
		Run: func(_ context.Context, c Call) (chat.Answer, error) {
			topic := c.Get("command")
			if topic == "" {
				return chat.Say{Card: r.Help(c), Private: true}, nil
			}
			about, ok := r.Named(topic)
			if !ok {
				return nil, r.unknown(strings.TrimLeft(topic, "/"))
			}
			return chat.Say{Card: explain(about, c.Locale), Private: true}, nil
		},
		Presses: map[string]Act{helpVerb: func(_ context.Context, c Call) (chat.Answer, error) {
			return chat.Say{Card: list(helpAll, r.Offered(social.Roles), c.Locale), Private: true}, nil
		}},
	}
}

// completeCommand offers commands by any of their names, as the reader types them.
func (r *Registry) completeCommand(_ context.Context, c Call, typed string) ([]chat.Option, error) {
	typed = fold(strings.TrimLeft(typed, "/ "))
	var out []chat.Option
	for _, x := range r.Offered(social.Roles) {
		if slices.ContainsFunc(x.names(), func(n string) bool { return strings.Contains(fold(n), typed) }) {
			out = append(out, chat.Option{Value: x.In(c.Locale), Label: chat.Cut("/"+x.In(c.Locale)+" · "+x.About.In(c.Locale), offerRunes)})
		}
	}
	return out, nil
}

// Help shows the six commands that serve the caller best, and a button for the rest.
func (r *Registry) Help(c Call) chat.Card {
	offered := r.Offered(rolesOf(c.By))
	if c.By.ID == "" {
		offered = r.Offered(social.Roles) // nobody has given them any yet
	}
	best := slices.DeleteFunc(offered, func(o Command) bool { return o.Name == helpName || (c.By.ID == "" && !o.Anyone) })
	card := list(helpTitle, best[:min(len(best), firstHelps)], c.Locale)
	card.Buttons = []chat.Button{{Label: helpMore.In(c.Locale), Tag: chat.Tag{Verb: helpVerb}}}
	return card
}

// rolesOf are the roles of m for any brand.
func rolesOf(m social.Member) []social.Role {
	var out []social.Role
	for _, roles := range m.Roles {
		out = append(out, roles...)
	}
	return out
}

func list(title i18n.Text, all []Command, l i18n.Locale) chat.Card {
	card := chat.Card{Title: title.In(l), Foot: []chat.Span{chat.Plain(helpFoot.In(l)), chat.Code(helpDate.In(l))}}
	for i, c := range all {
		if i > 0 {
			card.Body = append(card.Body, chat.Break{})
		}
		card.Body = append(card.Body, chat.Code("/"+c.In(l)), chat.Plain(" "+c.About.In(l)))
	}
	return card
}

// explain is one command in full.
func explain(c Command, l i18n.Locale) chat.Card {
	card := chat.Card{Title: c.About.In(l), Body: []chat.Span{chat.Code(Usage(c, l))}}
	for _, o := range c.Options {
		about := o.About.In(l)
		if o.Needed() {
			about += helpNeeded.In(l)
		}
		card.Fields = append(card.Fields, chat.Field{Label: o.In(l), Value: []chat.Span{chat.Plain(about)}})
	}
	card.Buttons = []chat.Button{{Label: helpRun.In(l), Tag: Start(c.Name), Style: chat.Primary}}
	return card
}

// Table is the list of commands for the documentation, in Markdown.
func (r *Registry) Table(l i18n.Locale) string {
	var b strings.Builder
	head := i18n.Text{En: "| command | what it does |\n|---|---|\n", Fr: "| commande | ce qu’elle fait |\n|---|---|\n"}
	b.WriteString(head.In(l))
	for _, c := range r.all {
		b.WriteString("| `" + strings.ReplaceAll(Usage(c, l), "|", "\\|") + "` | " + c.About.In(l) + " |\n")
	}
	return b.String()
}
