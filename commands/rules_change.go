package commands

import (
	"cmp"
	"context"
	"errors"
	"strings"
	"unicode/utf8"

	"griot/cards"
	"griot/chat"
	"griot/fault"
	"griot/i18n"
	"griot/social"
)

var (
	ruleChanged = i18n.Text{
		En: "Changed. It decides like this from the next mention on; what it has brought stays as it is.",
		Fr: "Modifiée. Elle décide ainsi dès la prochaine mention\u202f; ce qu’elle a amené reste tel quel.",
	}
	changeTitle = i18n.Text{En: "Change the rule", Fr: "Modifier la règle"}
	staysThere  = i18n.Text{En: "Empty: it stays %s", Fr: "Vide\u202f: il reste %s"}
	errRuleNow  = i18n.Text{
		En: "%s It says now: %s. What you typed is still here; saving it replaces that.",
		Fr: "%s Elle dit maintenant\u202f: %s. Votre saisie est toujours là\u202f; l’enregistrer remplace cela.",
	}
)

func rulesChange(s Services) Command {
	which := s.optRule()
	which.Required = false // a card asks which
	fields := s.ruleOptions()
	fields[0].Required = false // its name may stay
	return Command{
		Name: "rules change", French: "regles modifier", Rank: 83, For: social.Listeners,
		About:   i18n.Text{En: "Change a rule", Fr: "Modifier une règle"},
		Options: append(append([]Option{which}, fields...), optBrand(s)),
		Run: func(ctx context.Context, c Call) (chat.Answer, error) {
			if c.Get("rule") == "" {
				return s.whichRule(ctx, c)
			}
			r, err := s.ruleNamed(ctx, c, c.Get("rule"))
			if err != nil {
				return nil, err
			}
			if len(c.Values) == len(c.Values["rule"])+len(c.Values["brand"]) { // nothing is said of it
				f, err := s.changeForm(ctx, c, r)
				return chat.Ask{Form: f}, err
			}
			return s.changeRule(ctx, c, r)
		},
		Forms: map[string]Form{"rules.change": {
			Build: func(ctx context.Context, c Call) (chat.Form, error) {
				r, err := s.Inbox.Rule(ctx, c.By, cmp.Or(c.Get("value"), c.Tag().Subject))
				if err != nil {
					return chat.Form{}, err
				}
				if c.Event.Form { // one that comes back keeps what its reader saw
					r.Rev = c.Tag().Rev
				}
				return s.changeForm(ctx, c, r)
			},
			Sent: s.changeSent,
		}},
	}
}

// whichRule asks which rule of the brand at hand shall change.
func (s Services) whichRule(ctx context.Context, c Call) (chat.Answer, error) {
	b, err := c.Brand(ctx, c.Get("brand"))
	if err != nil {
		return nil, err
	}
	k, err := s.ruleBook(ctx, c, b)
	switch {
	case err != nil:
		return nil, err
	case len(k.Rules) == 0:
		return nil, fault.In("rule", errRuleless, b.Name)
	}
	return chat.Say{Card: cards.WhichRule(k, c.Locale), Private: true}, nil
}

// changeForm asks for what a rule shall say, with what it says.
func (s Services) changeForm(ctx context.Context, c Call, r social.Rule) (chat.Form, error) {
	b, err := s.Team.Brand(ctx, c.By, r.BrandID)
	if err != nil {
		return chat.Form{}, err
	}
	c.Values = ruleValues(c, r)
	f, err := s.ruleForm(ctx, c, b)
	if err != nil {
		return f, err
	}
	f.Title, f.Tag = changeTitle.In(c.Locale), chat.Tag{Verb: "rules.change", Subject: r.ID, Rev: r.Rev}
	if !away(c, r.Then.Room) {
		return f, nil
	}
	there, err := s.roomName(ctx, c, r.Then.Room)
	for i := range f.Inputs {
		if f.Inputs[i].Name == "channel" { // its picker knows the channels of this chat alone
			f.Inputs[i].Help = chat.Cut(staysThere.In(c.Locale, there), helpRunes)
		}
	}
	return f, err
}

// ruleValues are the fields of a form as they say r.
func ruleValues(c Call, r social.Rule) chat.Values {
	v := chat.Values{"name": {r.Name}, "networks": r.If.Networks, "label": {r.Then.Label}, "mute": {yesWhen(r.Then.Mute)}, "suggestions": {yesWhen(!r.Then.Quiet)},
		"words": {commaed(r.If.Words)}, "authors": {commaed(r.If.Authors)}, "languages": {commaed(r.If.Languages)}}
	if !away(c, r.Then.Room) {
		v["channel"] = []string{r.Then.Room.Channel}
	}
	for _, p := range priorities {
		if p.is == r.Then.Priority {
			v["priority"] = []string{p.value}
		}
	}
	return v
}

// mostListed is the longest text of a field with a list, in runes.
const mostListed = 2000

// commaed is a list as it is typed in a field that holds no more than mostListed.
func commaed(all []string) string {
	if out := strings.Join(all, ", "); utf8.RuneCountInString(out) <= mostListed {
		return out
	}
	return strings.Join(all, ",") // as tight as it was typed
}

// changeSent saves what a form says. When somebody was faster the form comes back with what was typed, and with what the rule
// says by now: sent again, it replaces that.
func (s Services) changeSent(ctx context.Context, c Call) (chat.Answer, error) {
	was, err := s.Inbox.Rule(ctx, c.By, c.Tag().Subject)
	if err != nil {
		return nil, err
	}
	typed := c.Values
	if c.Values, err = Accept(Command{Options: s.ruleOptions()}, typed); err != nil {
		return nil, err
	}
	for _, o := range s.ruleOptions() { // a field that was emptied is not sent by every chat
		if !c.Given(o.Name) {
			c.Values[o.Name] = nil
		}
	}
	if away(c, was.Then.Room) && c.Get("channel") == "" {
		delete(c.Values, "channel")
	}
	seen := was
	seen.Rev = c.Tag().Rev
	a, err := s.changeRule(ctx, c, seen)
	refusal, ok := errors.AsType[*fault.Error](err)
	if !ok || refusal.Kind != fault.Conflict {
		return a, err
	}
	return s.changeAgain(ctx, c, typed, refusal)
}

// changeAgain is the form as it comes back to who was too late.
func (s Services) changeAgain(ctx context.Context, c Call, typed chat.Values, refusal *fault.Error) (chat.Answer, error) {
	now, err := s.Inbox.Rule(ctx, c.By, c.Tag().Subject)
	if err != nil {
		return nil, err
	}
	b, err := s.Team.Brand(ctx, c.By, now.BrandID)
	if err != nil {
		return nil, err
	}
	k, err := s.ruleBook(ctx, c, b)
	if err != nil {
		return nil, err
	}
	f, err := s.changeForm(ctx, c, now)
	if err != nil {
		return nil, err
	}
	return chat.Ask{Form: Returned(f, typed, fault.In("name", errRuleNow, refusal.Say, sayer{k, now}), c.Locale)}, nil
}

// sayer says a rule in the reader's language.
type sayer struct {
	book cards.RuleBook
	rule social.Rule
}

// In writes it.
func (s sayer) In(l i18n.Locale, _ ...any) string { return s.book.Says(s.rule, l) }

func (s Services) changeRule(ctx context.Context, c Call, r social.Rule) (chat.Answer, error) {
	r, err := s.ruleSaid(ctx, c, r)
	if err != nil {
		return nil, err
	}
	if r, err = s.Inbox.ChangeRule(ctx, c.By, r); err != nil {
		return nil, err
	}
	return s.tryRule(ctx, c, r.ID, ruleChanged.In(c.Locale))
}
