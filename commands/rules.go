package commands

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"griot/cards"
	"griot/chat"
	"griot/fault"
	"griot/i18n"
	"griot/social"
)

var (
	ruleSaved   = i18n.Text{En: "Saved. It decides from the next mention on.", Fr: "Enregistrée. Elle décide dès la prochaine mention."}
	ruleMoved   = i18n.Text{En: "Moved. The order counts from the next mention on.", Fr: "Déplacée. L’ordre compte dès la prochaine mention."}
	ruleGone    = i18n.Text{En: "The rule “%s” is removed. What it has brought stays where it is.", Fr: "La règle «\u202f%s\u202f» est retirée. Ce qu’elle a amené reste où c’est."}
	errNoRule   = i18n.Text{En: "No rule is called “%s”. There are: %s.", Fr: "Aucune règle ne s’appelle «\u202f%s\u202f». Il y a\u202f: %s."}
	errRuleless = i18n.Text{En: "%s has no rule yet. Add the first one with /rules add.", Fr: "%s n’a pas encore de règle. Ajoutez la première avec /regles ajouter."}
	errRuleAt   = i18n.Text{En: "“%s” is no position. Type a number: 1 is asked first.", Fr: "«\u202f%s\u202f» n’est pas une position. Tapez un nombre\u202f: la règle 1 passe en premier."}
	commas      = i18n.Text{En: "Several: put commas between them. Empty: any.", Fr: "Plusieurs\u202f: séparez-les par des virgules. Vide\u202f: peu importe."}
	wordsHint   = i18n.Text{
		En: "parcel, blue card: any of them, whole words; case and accents do not count. Empty: any.",
		Fr: "colis, carte bleue\u202f: l’un d’eux, en mots entiers, avec ou sans accents. Vide\u202f: peu importe.",
	}
)

var priorities = []struct {
	value string
	is    social.Priority
}{{"usual", social.Usual}, {"high", social.High}, {"urgent", social.Urgent}}

// ruleOptions ask for everything that a rule says.
func (s Services) ruleOptions() []Option {
	soon := Option{Name: "priority", French: "priorite", About: i18n.Text{En: "Then: how soon should they be seen?", Fr: "Alors\u202f: avec quelle priorité\u202f?"}}
	for _, p := range priorities {
		soon.Choices = append(soon.Choices, Choice{Value: p.value, Name: cards.PriorityNames[p.is]})
	}
	return []Option{
		{Name: "name", French: "nom", Required: true, Max: 60, About: i18n.Text{En: "Name of the rule", Fr: "Nom de la règle"},
			Hint: i18n.Text{En: "Each card that it brings will say it: “Delivery”", Fr: "Chaque carte qu’elle amène le portera\u202f: «\u202fLivraison\u202f»"}},
		{Name: "words", French: "mots", Max: mostListed, About: i18n.Text{En: "If one of these words is in it", Fr: "Si l’un de ces mots y figure"}, Hint: wordsHint},
		{Name: "networks", French: "reseaux", Kind: chat.Many, About: i18n.Text{En: "If it comes from these networks", Fr: "Si elle vient de ces réseaux"}, Complete: s.completeHeard},
		{Name: "authors", French: "auteurs", Max: mostListed, About: i18n.Text{En: "If one of these people says it", Fr: "Si l’une de ces personnes le dit"}, Hint: commas},
		{Name: "languages", French: "langues", Max: 200, About: i18n.Text{En: "If it is in one of these languages", Fr: "Si elle est dans l’une de ces langues"},
			Hint: i18n.Text{En: "In two letters: fr, en. Empty: any.", Fr: "En deux lettres\u202f: fr, en. Vide\u202f: peu importe."}},
		{Name: "channel", French: "canal", Kind: chat.Room, About: i18n.Text{En: "Then: bring it to this channel", Fr: "Alors\u202f: l’amener dans ce canal"}, Complete: s.completeChannel,
			Hint: i18n.Text{En: "Empty: the channel for mentions", Fr: "Vide\u202f: le canal des mentions"}},
		{Name: "label", French: "etiquette", Max: 40, About: i18n.Text{En: "Then: label it", Fr: "Alors\u202f: lui donner cette étiquette"}},
		soon,
		{Name: "mute", French: "muette", Choices: yesNo, About: i18n.Text{En: "Then: keep it without a card?", Fr: "Alors\u202f: la conserver sans carte\u202f?"}},
		{Name: "suggestions", French: "suggestions", Choices: yesNo, About: i18n.Text{En: "Then: suggest replies?", Fr: "Alors\u202f: suggérer des réponses\u202f?"}},
	}
}

func rulesList(s Services) Command {
	return Command{
		Name: "rules list", French: "regles liste", Rank: 80, For: social.Listeners,
		About:   i18n.Text{En: "What happens to mentions, rule by rule", Fr: "Ce que deviennent les mentions, règle par règle"},
		Options: []Option{optBrand(s)},
		Run: func(ctx context.Context, c Call) (chat.Answer, error) {
			b, err := c.Brand(ctx, c.Get("brand"))
			if err != nil {
				return nil, err
			}
			k, err := s.ruleBook(ctx, c, b)
			return chat.Say{Card: cards.Rules(k, c.Locale), Private: true}, err
		},
		Presses: map[string]Act{
			"rules.open": func(ctx context.Context, c Call) (chat.Answer, error) { return s.tryRule(ctx, c, c.Get("value"), "") },
			"rules.to": func(ctx context.Context, c Call) (chat.Answer, error) {
				id, at, _ := strings.Cut(c.Tag().Subject, ".")
				c.Values = chat.Values{"to": {at}}
				return s.moveTo(ctx, c, id)
			},
			"rules.remove": func(ctx context.Context, c Call) (chat.Answer, error) {
				return s.dropRule(ctx, c, c.Tag().Subject)
			},
		},
	}
}

func rulesAdd(s Services) Command {
	cmd := Command{
		Name: "rules add", French: "regles ajouter", Rank: 82, For: social.Listeners,
		About:   i18n.Text{En: "Add a rule for mentions", Fr: "Ajouter une règle pour les mentions"},
		Options: append(s.ruleOptions(), optBrand(s)),
	}
	cmd.Run = func(ctx context.Context, c Call) (chat.Answer, error) {
		b, err := c.Brand(ctx, c.Get("brand"))
		if err != nil {
			return nil, err
		}
		if len(c.Values) <= 1+len(c.Values["brand"]) { // its name says nothing of what it does
			f, err := s.ruleForm(ctx, c, b)
			return chat.Ask{Form: f}, err
		}
		return s.addRule(ctx, c, b)
	}
	cmd.Form = func(ctx context.Context, c Call) (chat.Form, error) {
		b, err := c.Brand(ctx, c.Get("brand"))
		if err != nil {
			return chat.Form{}, err
		}
		return s.ruleForm(ctx, c, b)
	}
	cmd.Forms = map[string]Form{"rules.add": {
		Build: func(ctx context.Context, c Call) (chat.Form, error) {
			b, err := s.Team.Brand(ctx, c.By, c.Tag().Subject)
			if err != nil {
				return chat.Form{}, err
			}
			return s.ruleForm(ctx, c, b)
		},
		Sent: func(ctx context.Context, c Call) (chat.Answer, error) {
			b, err := s.Team.Brand(ctx, c.By, c.Tag().Subject)
			if err != nil {
				return nil, err
			}
			if c.Values, err = Accept(cmd, c.Values); err != nil {
				return nil, err
			}
			return s.addRule(ctx, c, b)
		},
	}}
	return cmd
}

// ruleForm asks for a new rule of b, with what c.Values has already in it.
func (s Services) ruleForm(ctx context.Context, c Call, b social.Brand) (chat.Form, error) {
	f := chat.Form{Title: addRuleTitle.In(c.Locale), Tag: chat.Tag{Verb: "rules.add", Subject: b.ID}, Submit: brandSave.In(c.Locale),
		Intro: []chat.Span{chat.Plain(rolesFor.In(c.Locale, b.Name))}}
	for _, o := range s.ruleOptions() {
		in, err := o.input(ctx, c)
		if err != nil {
			return f, err
		}
		f.Inputs = append(f.Inputs, in)
	}
	return f, nil
}

var addRuleTitle = i18n.Text{En: "A rule for mentions", Fr: "Règle pour les mentions"}

func (s Services) addRule(ctx context.Context, c Call, b social.Brand) (chat.Answer, error) {
	r, err := s.ruleSaid(ctx, c, social.Rule{BrandID: b.ID})
	if err != nil {
		return nil, err
	}
	if r, err = s.Inbox.AddRule(ctx, c.By, r); err != nil {
		return nil, err
	}
	return s.tryRule(ctx, c, r.ID, ruleSaved.In(c.Locale))
}

// ruleSaid is r with what a call says of it.
func (s Services) ruleSaid(ctx context.Context, c Call, r social.Rule) (social.Rule, error) {
	for name, set := range map[string]func(string){
		"name":        func(v string) { r.Name = v },
		"words":       func(v string) { r.If.Words = listed(v) },
		"authors":     func(v string) { r.If.Authors = listed(v) },
		"languages":   func(v string) { r.If.Languages = listed(v) },
		"label":       func(v string) { r.Then.Label = v },
		"priority":    func(v string) { r.Then.Priority = priorityCalled(v) },
		"mute":        func(v string) { r.Then.Mute = v == "yes" },
		"suggestions": func(v string) { r.Then.Quiet = v == "no" },
	} {
		if c.Given(name) {
			set(c.Get(name))
		}
	}
	var err error
	if c.Given("networks") {
		if r.If.Networks, err = s.networksNamed(c.Values["networks"]); err != nil {
			return r, err
		}
	}
	if c.Given("channel") {
		r.Then.Room, err = s.roomNamed(ctx, c, c.Get("channel"))
	}
	return r, err
}

// priorityCalled is the priority of an option's value; the usual one when it has none.
func priorityCalled(value string) social.Priority {
	for _, p := range priorities {
		if p.value == value {
			return p.is
		}
	}
	return social.Usual
}

// roomNamed is the channel that somebody names where they are; zero for none.
func (s Services) roomNamed(ctx context.Context, c Call, said string) (social.Room, error) {
	channel, err := s.channelNamed(ctx, c, "channel", said)
	if err != nil || channel == "" {
		return social.Room{}, err
	}
	return social.Room{Surface: c.Event.Place.Surface, Workspace: c.Event.Place.Workspace, Channel: channel}, nil
}

// networksNamed are the ids of networks that somebody names by their id or their name.
func (s Services) networksNamed(said []string) ([]string, error) {
	var out []string
	for _, one := range said {
		n, err := s.Accounts.Network(strings.TrimSpace(one))
		if f, ok := errors.AsType[*fault.Error](err); ok {
			return nil, &fault.Error{Kind: f.Kind, Field: "networks", Say: f.Say}
		}
		out = append(out, n.ID)
	}
	return out, nil
}

// completeHeard offers what mentions come from: what is only read too.
func (s Services) completeHeard(_ context.Context, c Call, typed string) ([]chat.Option, error) {
	var out []chat.Option
	for _, n := range s.Accounts.Known() {
		if name := n.Called().In(c.Locale); strings.Contains(fold(name), fold(typed)) {
			out = append(out, chat.Option{Value: n.ID, Label: name})
		}
	}
	return out, nil
}

func (s Services) optRule() Option {
	return Option{Name: "rule", French: "regle", Kind: chat.Choice, Required: true, About: i18n.Text{En: "Which rule?", Fr: "Quelle règle\u202f?"}, Complete: s.completeRule}
}

func (s Services) completeRule(ctx context.Context, c Call, typed string) ([]chat.Option, error) {
	b, err := c.Brand(ctx, c.Get("brand"))
	if fault.Is(err, fault.Invalid) {
		return nil, nil // which brand is asked when the command runs
	}
	if err != nil {
		return nil, err
	}
	all, err := s.Inbox.Rules(ctx, c.By, b.ID)
	var out []chat.Option
	for _, r := range all {
		if label := fmt.Sprintf("%d. %s", r.Position, r.Name); strings.Contains(fold(label), fold(typed)) {
			out = append(out, chat.Option{Value: r.ID, Label: chat.Cut(label, 70)})
		}
	}
	return out, err
}

func rulesMove(s Services) Command {
	to := Option{Name: "to", French: "vers", Required: true, About: i18n.Text{En: "To which position? 1 is asked first", Fr: "À quelle position\u202f? La règle 1 passe en premier"}}
	return s.aboutRule("rules move", "regles deplacer", 84, i18n.Text{En: "Change the order of the rules", Fr: "Changer l’ordre des règles"}, []Option{to},
		func(ctx context.Context, c Call, r social.Rule) (chat.Answer, error) {
			return s.moveTo(ctx, c, r.ID)
		})
}

func rulesTest(s Services) Command {
	return s.aboutRule("rules test", "regles essayer", 83, i18n.Text{En: "See which mentions a rule would have decided", Fr: "Voir quelles mentions une règle aurait traitées"}, nil,
		func(ctx context.Context, c Call, r social.Rule) (chat.Answer, error) {
			return s.tryRule(ctx, c, r.ID, "")
		})
}

func rulesRemove(s Services) Command {
	return s.aboutRule("rules remove", "regles retirer", 85, i18n.Text{En: "Remove a rule", Fr: "Retirer une règle"}, nil,
		func(ctx context.Context, c Call, r social.Rule) (chat.Answer, error) { return s.dropRule(ctx, c, r.ID) })
}

// aboutRule is a command that does something with one rule.
func (s Services) aboutRule(name, french string, rank int, about i18n.Text, more []Option, do func(context.Context, Call, social.Rule) (chat.Answer, error)) Command {
	return Command{Name: name, French: french, Rank: rank, For: social.Listeners, About: about,
		Options: append(append([]Option{s.optRule()}, more...), optBrand(s)),
		Run: func(ctx context.Context, c Call) (chat.Answer, error) {
			r, err := s.ruleNamed(ctx, c, c.Get("rule"))
			if err != nil {
				return nil, err
			}
			return do(ctx, c, r)
		}}
}

// ruleNamed is the one of the brand at hand that somebody names by its id, its position or its name.
func (s Services) ruleNamed(ctx context.Context, c Call, said string) (social.Rule, error) {
	b, err := c.Brand(ctx, c.Get("brand"))
	if err != nil {
		return social.Rule{}, err
	}
	all, err := s.Inbox.Rules(ctx, c.By, b.ID)
	if err != nil {
		return social.Rule{}, err
	}
	var names []string
	var near []social.Rule
	for _, r := range all {
		switch {
		case r.ID == said || fold(r.Name) == fold(said) || strconv.FormatInt(r.Position, 10) == strings.TrimSpace(said):
			return r, nil
		case said != "" && strings.HasPrefix(fold(r.Name), fold(said)):
			near = append(near, r)
		}
		names = append(names, fmt.Sprintf("%d. %s", r.Position, r.Name))
	}
	switch {
	case len(near) == 1:
		return near[0], nil
	case len(all) == 0:
		return social.Rule{}, fault.In("rule", errRuleless, b.Name)
	}
	return social.Rule{}, fault.In("rule", errNoRule, said, strings.Join(names, ", "))
}

// moveTo moves a rule to the position that somebody says.
func (s Services) moveTo(ctx context.Context, c Call, id string) (chat.Answer, error) {
	n, err := strconv.ParseInt(strings.TrimSpace(c.Get("to")), 10, 64)
	if err != nil || n < 1 {
		return nil, fault.In("to", errRuleAt, c.Get("to"))
	}
	if _, err := s.Inbox.MoveRule(ctx, c.By, id, n); err != nil {
		return nil, err
	}
	return s.tryRule(ctx, c, id, ruleMoved.In(c.Locale))
}

func (s Services) dropRule(ctx context.Context, c Call, id string) (chat.Answer, error) {
	r, err := s.Inbox.DropRule(ctx, c.By, id)
	if err != nil {
		return nil, err
	}
	return Told(chat.Good, chat.Plain(ruleGone.In(c.Locale, r.Name))), nil
}

// tryRule shows a rule and what it would have caught, under a sentence about what was done to it.
func (s Services) tryRule(ctx context.Context, c Call, id, done string) (chat.Answer, error) {
	r, err := s.Inbox.Rule(ctx, c.By, id)
	if err != nil {
		return nil, err
	}
	b, err := s.Team.Brand(ctx, c.By, r.BrandID)
	if err != nil {
		return nil, err
	}
	t, err := s.Inbox.TryRule(ctx, c.By, r)
	if err != nil {
		return nil, err
	}
	k, err := s.ruleBook(ctx, c, b)
	if err != nil {
		return nil, err
	}
	return chat.Say{Private: true, Card: cards.RuleTrial(k, cards.Trial{Rule: t.Rule, Read: t.Read, Found: t.Found, Taken: t.Taken, Shown: t.Shown,
		Last: int(r.Position) == len(k.Rules), Introducing: done}, c.Locale)}, nil
}

// ruleBook is a brand's rules with the names of what they speak of.
func (s Services) ruleBook(ctx context.Context, c Call, b social.Brand) (cards.RuleBook, error) {
	k := cards.RuleBook{Brand: b, By: c.By, Networks: map[string]string{}, Rooms: map[social.Room]string{}}
	for _, n := range s.Accounts.Known() {
		k.Networks[n.ID] = n.Called().In(c.Locale)
	}
	var err error
	if k.Rules, err = s.Inbox.Rules(ctx, c.By, b.ID); err != nil {
		return k, err
	}
	for _, r := range k.Rules {
		if room := r.Then.Room; room != (social.Room{}) && k.Rooms[room] == "" {
			if k.Rooms[room], err = s.roomName(ctx, c, room); err != nil {
				return k, err
			}
		}
	}
	return k, nil
}

// roomName is a rule's channel as people call it, with its chat when that is another one.
func (s Services) roomName(ctx context.Context, c Call, room social.Room) (string, error) {
	name, err := s.channelName(ctx, chat.Place(room))
	if !away(c, room) {
		return name, err
	}
	return name + " (" + s.chatName(social.Channel{Surface: room.Surface, Workspace: room.Workspace}) + ")", err
}

// away reports whether a rule's channel is in another chat than the call.
func away(c Call, room social.Room) bool {
	return room != (social.Room{}) && (room.Surface != c.Event.Place.Surface || room.Workspace != c.Event.Place.Workspace)
}
