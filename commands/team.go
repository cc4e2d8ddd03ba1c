package commands

import (
	"context"
	"slices"
	"strings"

	"griot/cards"
	"griot/chat"
	"griot/fault"
	"griot/i18n"
	"griot/social"
)

// noRole is the choice that takes every right away.
const noRole = "none"

var rolesGiven = i18n.Text{En: "What they may do", Fr: "Ce qu’elle pourra faire"}

func optRoles(about i18n.Text) Option {
	o := Option{Name: "roles", French: "roles", Kind: chat.Many, Required: true, About: about}
	for _, r := range social.Roles {
		o.Choices = append(o.Choices, Choice{Value: string(r), Name: r.Name()})
	}
	return o
}

func rolesIn(values []string) []social.Role {
	var out []social.Role
	for _, v := range values {
		if v != noRole {
			out = append(out, social.Role(v))
		}
	}
	return out
}

func optMember(s Services) Option {
	return Option{Name: "member", French: "membre", Kind: chat.Choice, Required: true, About: i18n.Text{En: "Who?", Fr: "Qui\u202f?"},
		Complete: func(ctx context.Context, c Call, typed string) ([]chat.Option, error) {
			all, err := s.Team.Members(ctx, c.By)
			var out []chat.Option
			for _, m := range all {
				if strings.Contains(fold(m.Name), fold(typed)) {
					out = append(out, chat.Option{Value: m.ID, Label: m.Name})
				}
			}
			return out, err
		}}
}

func teamMembers(s Services) Command {
	return Command{
		Name: "team members", French: "equipe membres", Rank: 150,
		About:   i18n.Text{En: "Who is in the team, with which roles", Fr: "Qui est dans l’équipe, avec quels rôles"},
		Options: []Option{optBrand(s)},
		Run: func(ctx context.Context, c Call) (chat.Answer, error) {
			b, err := c.Brand(ctx, c.Get("brand"))
			if err != nil {
				return nil, err
			}
			return s.members(ctx, c, b)
		},
		Presses: map[string]Act{"team.member": func(ctx context.Context, c Call) (chat.Answer, error) {
			c.Event.Tag = chat.Tag{Verb: "team.roles", Subject: c.Get("value") + "." + c.Tag().Subject}
			f, err := s.rolesForm(ctx, c)
			return chat.Ask{Form: f}, err
		}},
	}
}

func (s Services) members(ctx context.Context, c Call, b social.Brand) (chat.Answer, error) {
	all, err := s.Team.Members(ctx, c.By)
	if err != nil {
		return nil, err
	}
	open, err := s.Team.Requests(ctx, c.By)
	if err != nil {
		return nil, err
	}
	groups, err := s.Team.GroupsOf(ctx, c.By, b.ID)
	if err != nil {
		return nil, err
	}
	return chat.Say{Card: cards.Members(cards.People{Brand: b, Members: all, Groups: groups, Requests: open, By: c.By}, c.Locale), Private: true}, nil
}

var (
	rolesTitle = i18n.Text{En: "Roles of %s", Fr: "Rôles de %s"}
	rolesSave  = i18n.Text{En: "Save", Fr: "Enregistrer"}
	rolesWhich = i18n.Text{En: "All roles from now on", Fr: "Tous ses rôles désormais"}
	rolesFor   = i18n.Text{En: "For the brand %s.", Fr: "Pour la marque %s."}
	rolesSet   = i18n.Text{En: "%s now has these roles for %s: %s.", Fr: "%s a désormais ces rôles pour %s\u202f: %s."}
	rolesGone  = i18n.Text{En: "%s no longer has a role for %s.", Fr: "%s n’a plus de rôle pour %s."}
	rolesKept  = i18n.Text{
		En: " From a role of the server, and changed with /team group: %s.",
		Fr: " Viennent d’un rôle du serveur, et se changent avec /equipe groupe\u202f: %s.",
	}
	errMember = i18n.Text{
		En: "Nobody in the team is called “%s”. There are: %s.",
		Fr: "Personne dans l’équipe ne s’appelle «\u202f%s\u202f». Il y a\u202f: %s.",
	}
)

func teamRoles(s Services) Command {
	roles := optRoles(rolesWhich)
	roles.Choices = append(roles.Choices, Choice{Value: noRole, Name: i18n.Text{En: "none", Fr: "aucun"}})
	cmd := Command{
		Name: "team roles", French: "equipe roles", Rank: 160, For: []social.Role{social.Admin},
		About:   i18n.Text{En: "Change what somebody may do", Fr: "Changer ce qu’une personne peut faire"},
		Options: []Option{optMember(s), roles, optBrand(s)},
		Run: func(ctx context.Context, c Call) (chat.Answer, error) {
			b, err := c.Brand(ctx, c.Get("brand"))
			if err != nil {
				return nil, err
			}
			m, err := s.member(ctx, c, c.Get("member"))
			if err != nil {
				return nil, err
			}
			return s.setRoles(ctx, c, m.ID, b.ID)
		},
	}
	cmd.Forms = map[string]Form{"team.roles": {Build: s.rolesForm, Sent: func(ctx context.Context, c Call) (chat.Answer, error) {
		v, err := Accept(Command{Options: []Option{roles}}, c.Values)
		if err != nil {
			return nil, err
		}
		c.Values = v
		member, brand, _ := strings.Cut(c.Tag().Subject, ".")
		return s.setRoles(ctx, c, member, brand)
	}}}
	return cmd
}

// rolesForm shows one member's roles for one brand, both named in the tag.
func (s Services) rolesForm(ctx context.Context, c Call) (chat.Form, error) {
	member, brand, _ := strings.Cut(c.Tag().Subject, ".")
	m, err := s.member(ctx, c, member)
	if err != nil {
		return chat.Form{}, err
	}
	b, err := s.Team.Brand(ctx, c.By, brand)
	if err != nil {
		return chat.Form{}, err
	}
	given, err := s.Team.GivenRoles(ctx, c.By, m.ID, b.ID)
	if err != nil {
		return chat.Form{}, err
	}
	kept, err := s.byGroups(ctx, c, m.ID, b.ID)
	if err != nil {
		return chat.Form{}, err
	}
	in := chat.Input{Name: "roles", Label: rolesWhich.In(c.Locale), Kind: chat.Many}
	for _, r := range social.Roles {
		in.Options = append(in.Options, chat.Option{Value: string(r), Label: r.Name().In(c.Locale)})
		if slices.Contains(given, r) {
			in.Value = append(in.Value, string(r))
		}
	}
	return chat.Form{Title: chat.Cut(rolesTitle.In(c.Locale, m.Name), titleRunes), Tag: c.Tag(), Submit: rolesSave.In(c.Locale),
		Intro: []chat.Span{chat.Plain(rolesFor.In(c.Locale, b.Name) + kept)}, Inputs: []chat.Input{in}}, nil
}

// byGroups says which of a member's roles come from groups, as a sentence that follows another; empty when none do.
func (s Services) byGroups(ctx context.Context, c Call, member, brand string) (string, error) {
	of, err := s.Team.GroupsOf(ctx, c.By, brand)
	if err != nil || len(of[member]) == 0 {
		return "", err
	}
	return rolesKept.In(c.Locale, cards.ByGroups(of[member], c.Locale)), nil
}

func (s Services) setRoles(ctx context.Context, c Call, member, brand string) (chat.Answer, error) {
	m, err := s.Team.SetRoles(ctx, c.By, member, brand, rolesIn(c.Values["roles"]))
	if err != nil {
		return nil, err
	}
	b, err := s.Team.Brand(ctx, c.By, brand)
	if err != nil {
		return nil, err
	}
	if len(m.Roles[brand]) == 0 {
		return Told(chat.Good, chat.Plain(rolesGone.In(c.Locale, m.Name, b.Name))), nil
	}
	kept, err := s.byGroups(ctx, c, member, brand)
	return Told(chat.Good, chat.Plain(rolesSet.In(c.Locale, m.Name, b.Name, cards.RoleNames(m.Roles[brand], c.Locale))+kept)), err
}

// member is the one of the team that somebody names by id or by name.
func (s Services) member(ctx context.Context, c Call, said string) (social.Member, error) {
	all, err := s.Team.Members(ctx, c.By)
	if err != nil {
		return social.Member{}, err
	}
	var names []string
	var near []social.Member
	for _, m := range all {
		switch want := strings.TrimPrefix(fold(said), "@"); {
		case m.ID == said || fold(m.Name) == want:
			return m, nil
		case want != "" && strings.HasPrefix(fold(m.Name), want):
			near = append(near, m)
		}
		names = append(names, m.Name)
	}
	if len(near) == 1 {
		return near[0], nil
	}
	return social.Member{}, fault.In("member", errMember, said, strings.Join(names, ", "))
}

func teamInvite(s Services) Command {
	return Command{
		Name: "team invite", French: "equipe inviter", Rank: 155, For: []social.Role{social.Admin},
		About:   i18n.Text{En: "Invite somebody with a code", Fr: "Inviter une personne avec un code"},
		Options: []Option{optRoles(rolesGiven), optBrand(s)},
		Run: func(ctx context.Context, c Call) (chat.Answer, error) {
			b, err := c.Brand(ctx, c.Get("brand"))
			if err != nil {
				return nil, err
			}
			roles := rolesIn(c.Values["roles"])
			code, err := s.Team.Invite(ctx, c.By, b.ID, roles)
			if err != nil {
				return nil, err
			}
			return chat.Say{Card: cards.Invitation(code, b, roles, c.Locale), Private: true}, nil
		},
	}
}
