package commands

import (
	"context"
	"errors"
	"slices"
	"strings"

	"griot/cards"
	"griot/chat"
	"griot/fault"
	"griot/i18n"
	"griot/social"
	"griot/team"
)

var (
	joinCode = Option{Name: "code", French: "code", Required: true, Max: 80, About: i18n.Text{En: "The code you were given", Fr: "Le code qu’on vous a donné"}}
	joined   = i18n.Text{
		En: "Welcome to the team, %s. Type /help to see what you can do.",
		Fr: "Bienvenue dans l’équipe, %s. Tapez /aide pour voir ce que vous pouvez faire.",
	}
	asked = i18n.Text{
		En: "Your request was sent to those who can let you in. As soon as one of them accepts, you can work here.",
		Fr: "Votre demande est transmise aux personnes qui peuvent vous accepter. Dès que l’une d’elles l’aura fait, vous pourrez travailler ici.",
	}
	linked = i18n.Text{
		En: "Done: here, too, you are %s of the team “%s”.",
		Fr: "C’est fait\u202f: ici aussi, vous êtes %s, de l’équipe «\u202f%s\u202f».",
	}
	unlinked     = i18n.Text{En: "Done: that chat no longer knows you.", Fr: "C’est fait\u202f: ce chat ne vous connaît plus."}
	errLinkThere = i18n.Text{
		En: "Griot does not know you in this chat yet. Type /team link in the chat where it does, then the code that it gives you here: /team link code:…",
		Fr: "Griot ne vous connaît pas encore dans ce chat. Tapez /equipe lier dans celui où il vous connaît, puis tapez ici le code qu’il vous donne\u202f: /equipe lier code:…",
	}
	errChat = i18n.Text{
		En: "“%s” is none of the chats that know you. They are: %s.",
		Fr: "«\u202f%s\u202f» ne fait pas partie des chats qui vous connaissent. Ce sont\u202f: %s.",
	}
)

func teamJoin(s Services) Command {
	return Command{
		Name: "team join", French: "equipe rejoindre", Rank: 400, Anyone: true,
		About:   i18n.Text{En: "Come in with an invitation", Fr: "Entrer avec une invitation"},
		Options: []Option{joinCode},
		Run: func(ctx context.Context, c Call) (chat.Answer, error) {
			m, err := s.Team.Join(ctx, team.Person(c.Event.Who), c.Get("code"))
			if err != nil {
				return nil, err
			}
			return Told(chat.Good, chat.Plain(joined.In(m.Locale, m.Name))), nil
		},
	}
}

func teamAccess(s Services) Command {
	ask := func(ctx context.Context, c Call) (chat.Answer, error) {
		if _, err := s.Team.AskAccess(ctx, team.Person(c.Event.Who)); err != nil {
			return nil, err
		}
		return Told(chat.Good, chat.Plain(asked.In(c.Locale))), nil
	}
	return Command{
		Name: "team access", French: "equipe acces", Rank: 410, Anyone: true,
		About:   i18n.Text{En: "Ask to be let into the team", Fr: "Demander l’accès à l’équipe"},
		Run:     ask,
		Presses: map[string]Act{"team.ask": ask},
	}
}

func teamLink(s Services) Command {
	code := joinCode
	code.Required, code.About = false, i18n.Text{En: "The code from your other chat; none yet: you get one", Fr: "Le code de l’autre chat\u202f; sinon vous en recevez un"}
	return Command{
		Name: "team link", French: "equipe lier", Rank: 210, Anyone: true,
		About:   i18n.Text{En: "Be the same person in two chats", Fr: "Être la même personne dans deux chats"},
		Options: []Option{code},
		Run: func(ctx context.Context, c Call) (chat.Answer, error) {
			if c.Get("code") == "" {
				return s.linkCode(ctx, c)
			}
			m, t, err := s.Team.Link(ctx, team.Person(c.Event.Who), c.Get("code"))
			if err != nil {
				return nil, err
			}
			return Told(chat.Good, chat.Plain(linked.In(m.Locale, m.Name, t.Name))), nil
		},
	}
}

// linkCode makes the code to type elsewhere: an admin's may bring a new workspace in.
func (s Services) linkCode(ctx context.Context, c Call) (chat.Answer, error) {
	by, _, err := s.Team.Who(ctx, team.Person(c.Event.Who))
	if errors.Is(err, team.ErrStranger) || errors.Is(err, team.ErrNoTeam) {
		return nil, fault.New(fault.Denied, errLinkThere)
	}
	if err != nil {
		return nil, err
	}
	issue := s.Team.NewLink
	if by.IsAdmin() {
		issue = s.Team.NewWorkspaceLink
	}
	code, err := issue(ctx, by)
	if err != nil {
		return nil, err
	}
	return chat.Say{Card: cards.LinkCode(code, by, c.Locale), Private: true}, nil
}

func teamUnlink(s Services) Command {
	return Command{
		Name: "team unlink", French: "equipe delier", Rank: 420,
		About: i18n.Text{En: "Make one of your chats forget you", Fr: "Qu’un de vos chats ne vous connaisse plus"},
		Options: []Option{{Name: "chat", French: "chat", Kind: chat.Choice, Required: true, About: i18n.Text{En: "Which chat?", Fr: "Quel chat\u202f?"},
			Complete: func(ctx context.Context, c Call, typed string) ([]chat.Option, error) {
				all, err := s.Team.Identities(ctx, c.By)
				var out []chat.Option
				for _, i := range all {
					if o := identityOption(i); strings.Contains(fold(o.Label), fold(typed)) {
						out = append(out, o)
					}
				}
				return out, err
			}}},
		Run: s.unlink,
	}
}

func identityOption(i social.Identity) chat.Option {
	return chat.Option{Value: i.Surface + "/" + i.Workspace, Label: chat.Title(i.Surface) + " · " + i.Name}
}

func (s Services) unlink(ctx context.Context, c Call) (chat.Answer, error) {
	all, err := s.Team.Identities(ctx, c.By)
	if err != nil {
		return nil, err
	}
	said := fold(c.Get("chat"))
	var hits []social.Identity
	var have []string
	for _, i := range all { // by the names that people see, unless two have the same
		o := identityOption(i)
		if said == fold(o.Value) || said == fold(o.Label) || said == fold(i.Surface) {
			hits = append(hits, i)
		}
		if slices.Contains(have, o.Label) {
			o.Label = o.Value
		}
		have = append(have, o.Label)
	}
	if len(hits) != 1 {
		return nil, fault.In("chat", errChat, c.Get("chat"), strings.Join(have, ", "))
	}
	if err := s.Team.Unlink(ctx, c.By, hits[0].Surface, hits[0].Workspace); err != nil {
		return nil, err
	}
	return Told(chat.Good, chat.Plain(unlinked.In(c.Locale))), nil
}
