package cards

import (
	"strings"

	"griot/chat"
	"griot/i18n"
	"griot/social"
)

var (
	groupsTitle = i18n.Text{En: "What roles of a server give for %s", Fr: "Ce que donnent des rôles de serveur pour %s"}
	noGroups    = i18n.Text{
		En: "Nothing yet: roles are given to each person. Give some to a role of this server, and whoever has it is in the team from the first thing they do here.",
		Fr: "Rien encore\u202f: les rôles sont donnés à chaque personne. Donnez-en à un rôle de ce serveur, et toute personne qui l’a fait partie de l’équipe dès son premier geste ici.",
	}
	groupLine   = i18n.Text{En: " (%s) · %s", Fr: " (%s) · %s"}
	addGroup    = i18n.Text{En: "Give a role of this server…", Fr: "Donner à un rôle du serveur…"}
	changeGroup = i18n.Text{En: "Change what it gives…", Fr: "Changer ce que donne…"}
	groupsFoot  = i18n.Text{
		En: "Discord decides who has a role; Griot sees it each time somebody does something there. Nobody becomes an admin that way.",
		Fr: "C’est Discord qui dit qui a un rôle\u202f; Griot le voit chaque fois qu’une personne y fait quelque chose. L’administration ne se donne pas ainsi.",
	}
	byGroup = i18n.Text{En: "%s by the %s role “%s”", Fr: "%s par le rôle %s «\u202f%s\u202f»"}
)

// Groups lists what groups of people of a chat (roles of a Discord server) give for a brand, with a button to give more.
func Groups(b social.Brand, all []social.Group, l i18n.Locale) chat.Card {
	c := chat.Card{Title: groupsTitle.In(l, b.Name), Foot: []chat.Span{chat.Plain(groupsFoot.In(l))},
		Buttons: []chat.Button{{Label: addGroup.In(l), Tag: chat.Tag{Verb: "team.group", Subject: b.ID}, Style: chat.Primary}}}
	if len(all) == 0 {
		c.Body = []chat.Span{chat.Plain(noGroups.In(l))}
	}
	for i, g := range all {
		if i > 0 {
			c.Body = append(c.Body, chat.Break{})
		}
		c.Body = append(c.Body, chat.Bold(g.Name), chat.Plain(groupLine.In(l, chat.Title(g.Surface), RoleNames(g.Roles, l))))
	}
	return c
}

// ChangeGroup chooses one of a brand's groups, to change what it gives; none when there is nothing to choose.
func ChangeGroup(b social.Brand, all []social.Group, l i18n.Locale) []chat.Select {
	if len(all) == 0 {
		return nil
	}
	s := chat.Select{Label: changeGroup.In(l), Tag: chat.Tag{Verb: "team.group_of", Subject: b.ID}}
	for _, g := range all[:min(len(all), 25)] {
		s.Options = append(s.Options, chat.Option{Value: g.ID, Label: g.Name})
	}
	return []chat.Select{s}
}

// ByGroups says which roles come from which groups: "moderator by the Discord role “Mods”".
func ByGroups(all []social.Group, l i18n.Locale) string {
	var out []string
	for _, g := range all {
		out = append(out, byGroup.In(l, RoleNames(g.Roles, l), chat.Title(g.Surface), g.Name))
	}
	return strings.Join(out, ", ")
}
