package commands

import (
	"context"
	"regexp"
	"slices"
	"strings"

	"griot/cards"
	"griot/chat"
	"griot/fault"
	"griot/i18n"
	"griot/social"
)

var (
	groupsAbout = i18n.Text{En: "What the roles of this Discord server may do", Fr: "Ce que peuvent faire les rôles de ce serveur Discord"}
	whichGroup  = i18n.Text{En: "Which role of this server?", Fr: "Quel rôle de ce serveur\u202f?"}
	groupRoles  = i18n.Text{En: "What its people may do from now on", Fr: "Ce que ses membres pourront faire désormais"}
	groupTitle  = i18n.Text{En: "A role of this server", Fr: "Un rôle du serveur"}
	groupSet    = i18n.Text{
		En: "Saved. Whoever has the role “%s” in this server now has these roles for %s: %s.",
		Fr: "Enregistré. Qui a le rôle «\u202f%s\u202f» dans ce serveur a désormais ces rôles pour %s\u202f: %s.",
	}
	groupGone = i18n.Text{
		En: "Saved. The role “%s” of this server gives nothing any more for %s.",
		Fr: "Enregistré. Le rôle «\u202f%s\u202f» de ce serveur ne donne plus rien pour %s.",
	}
	errGroupless = i18n.Text{
		En: "Roles of a server exist in Discord only, and this is typed in the server itself. Here, give roles to each person with /team roles.",
		Fr: "Les rôles de serveur n’existent que dans Discord, et ceci se tape dans le serveur même. Ici, donnez des rôles à chaque personne avec /equipe roles.",
	}
	errNoGroup = i18n.Text{
		En: "I see no role called “%s” in this server. I see: %s.",
		Fr: "Je ne vois pas de rôle nommé «\u202f%s\u202f» dans ce serveur. Je vois\u202f: %s.",
	}
)

// optGroupRoles asks what a group gives: any role but admin, which is given to people by name.
func optGroupRoles() Option {
	o := optRoles(groupRoles)
	o.Required = false
	o.Choices = slices.DeleteFunc(o.Choices, func(c Choice) bool { return c.Value == string(social.Admin) })
	o.Choices = append(o.Choices, Choice{Value: noRole, Name: i18n.Text{En: "none", Fr: "aucun"}})
	return o
}

func (s Services) optGroup() Option {
	return Option{Name: "group", French: "groupe", Kind: chat.Group, About: whichGroup, Complete: func(ctx context.Context, c Call, typed string) ([]chat.Option, error) {
		all, err := s.groups(ctx, c)
		return slices.DeleteFunc(all, func(o chat.Option) bool { return !strings.Contains(fold(o.Label), fold(typed)) }), err
	}}
}

// groups are those of the place of a call, for its admins: nobody else is shown them.
func (s Services) groups(ctx context.Context, c Call) ([]chat.Option, error) {
	if s.Groups == nil || !c.By.IsAdmin() || c.Event.Who.Groups == "" {
		return nil, nil
	}
	all, err := s.Groups(ctx, c.Event.Place)
	return slices.Clone(all), err
}

func teamGroup(s Services) Command {
	return Command{
		Name: "team group", French: "equipe groupe", Rank: 162, For: []social.Role{social.Admin}, About: groupsAbout,
		Options: []Option{s.optGroup(), optGroupRoles(), optBrand(s)},
		Run: func(ctx context.Context, c Call) (chat.Answer, error) {
			b, err := c.Brand(ctx, c.Get("brand"))
			if err != nil {
				return nil, err
			}
			c.Event.Tag = chat.Tag{Verb: "team.group", Subject: b.ID}
			switch {
			case c.Get("group") == "" && len(c.Values["roles"]) == 0:
				return s.showGroups(ctx, c, b)
			case c.Event.Who.Groups == "":
				return nil, fault.New(fault.Denied, errGroupless)
			case c.Get("group") == "" || !c.Given("roles"):
				f, err := s.groupForm(ctx, c)
				return chat.Ask{Form: f}, err
			}
			return s.setGroup(ctx, c)
		},
		Presses: map[string]Act{"team.group_of": func(ctx context.Context, c Call) (chat.Answer, error) {
			c.Event.Tag.Verb, c.Values = "team.group", chat.Values{"group": {c.Get("value")}}
			f, err := s.groupForm(ctx, c)
			return chat.Ask{Form: f}, err
		}},
		Forms: map[string]Form{"team.group": {Build: s.groupForm, Sent: func(ctx context.Context, c Call) (chat.Answer, error) {
			v, err := Accept(Command{Options: []Option{s.optGroup(), optGroupRoles()}}, c.Values)
			if err != nil {
				return nil, err
			}
			c.Values = v
			return s.setGroup(ctx, c)
		}}},
	}
}

// showGroups is what a brand's groups give; where there are none and can be none, what to do instead.
func (s Services) showGroups(ctx context.Context, c Call, b social.Brand) (chat.Answer, error) {
	all, err := s.Team.Groups(ctx, c.By, b.ID)
	if err != nil {
		return nil, err
	}
	groupless := c.Event.Who.Groups == ""
	if groupless && len(all) == 0 {
		return Told(chat.Neutral, chat.Plain(errGroupless.In(c.Locale))), nil
	}
	card := cards.Groups(b, all, c.Locale)
	switch {
	case groupless:
		card.Foot = []chat.Span{chat.Plain(errGroupless.In(c.Locale))}
		card.Buttons, card.Selects = nil, nil
	case !c.By.Has(b.ID, social.Admin):
		card.Buttons, card.Selects = nil, nil
	default:
		card.Selects = cards.ChangeGroup(b, slices.DeleteFunc(all, func(g social.Group) bool {
			return g.Surface != c.Event.Place.Surface || g.Workspace != c.Event.Place.Workspace
		}), c.Locale)
	}
	return chat.Say{Card: card, Private: true}, nil
}

// groupForm asks what a group gives for the brand that the tag names.
func (s Services) groupForm(ctx context.Context, c Call) (chat.Form, error) {
	b, err := s.Team.Brand(ctx, c.By, c.Tag().Subject)
	if err != nil {
		return chat.Form{}, err
	}
	have, err := s.Team.Groups(ctx, c.By, b.ID)
	if err != nil {
		return chat.Form{}, err
	}
	group, roles := s.optGroup(), optGroupRoles()
	group.Required = true
	roles.Choices = roles.Choices[:len(roles.Choices)-1] // none is nothing ticked
	named, err := s.groupNamed(ctx, c)
	if err != nil {
		named.Value = c.Get("group") // it is refused when it is sent
	}
	values := chat.Values{"roles": slices.DeleteFunc(slices.Clone(c.Values["roles"]), func(r string) bool { return r == noRole })}
	if named.Value != "" {
		values["group"] = []string{named.Value}
	}
	for _, g := range have {
		if !c.Given("roles") && g.ID == named.Value && g.Surface == c.Event.Place.Surface && g.Workspace == c.Event.Place.Workspace {
			for _, r := range g.Roles {
				values["roles"] = append(values["roles"], string(r))
			}
		}
	}
	c.Values = values
	f := chat.Form{Title: groupTitle.In(c.Locale), Tag: c.Tag(), Submit: rolesSave.In(c.Locale), Intro: []chat.Span{chat.Plain(rolesFor.In(c.Locale, b.Name))}}
	for _, o := range []Option{group, roles} {
		in, err := o.input(ctx, c)
		if err != nil {
			return f, err
		}
		f.Inputs = append(f.Inputs, in)
	}
	return f, nil
}

func (s Services) setGroup(ctx context.Context, c Call) (chat.Answer, error) {
	if c.Event.Who.Groups == "" {
		return nil, fault.New(fault.Denied, errGroupless)
	}
	b, err := s.Team.Brand(ctx, c.By, c.Tag().Subject)
	if err != nil {
		return nil, err
	}
	group, err := s.groupNamed(ctx, c)
	if err != nil {
		return nil, err
	}
	at := c.Event.Place
	g, err := s.Team.SetGroup(ctx, c.By, social.Group{BrandID: b.ID, Surface: at.Surface, Workspace: at.Workspace,
		ID: group.Value, Name: group.Label, Roles: rolesIn(c.Values["roles"])})
	if err != nil {
		return nil, err
	}
	if len(g.Roles) == 0 {
		return Told(chat.Good, chat.Plain(groupGone.In(c.Locale, g.Name, b.Name))), nil
	}
	return Told(chat.Good, chat.Plain(groupSet.In(c.Locale, g.Name, b.Name, cards.RoleNames(g.Roles, c.Locale)))), nil
}

// mention is how Discord writes a role in a sentence.
var mention = regexp.MustCompile(`^<@&([0-9]+)>$`)

// groupID is the id in what somebody says of a group, if there is one.
func groupID(said string) string {
	said = strings.TrimSpace(said)
	if m := mention.FindStringSubmatch(said); m != nil {
		return m[1]
	}
	return said
}

// groupNamed finds the group that somebody names by its id or its name.
func (s Services) groupNamed(ctx context.Context, c Call) (chat.Option, error) {
	said := groupID(c.Get("group"))
	all, err := s.groups(ctx, c)
	if err != nil {
		return chat.Option{}, err
	}
	var names []string
	for _, o := range all {
		if o.Value == said || atless(o.Label) == atless(said) {
			return chat.Option{Value: o.Value, Label: strings.TrimPrefix(o.Label, "@")}, nil
		}
		names = append(names, o.Label)
	}
	if len(all) == 0 || idOfChat.MatchString(said) { // the chat's own picker gave it
		return chat.Option{Value: said, Label: said}, nil
	}
	return chat.Option{}, fault.In("group", errNoGroup, said, strings.Join(names, ", "))
}

func atless(name string) string { return strings.TrimPrefix(fold(name), "@") }
