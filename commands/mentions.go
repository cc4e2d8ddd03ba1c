package commands

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"

	"griot/cards"
	"griot/chat"
	"griot/i18n"
	"griot/inbox"
	"griot/social"
)

var optWhich = Option{Name: "which", French: "lesquelles", About: i18n.Text{En: "Which ones?", Fr: "Lesquelles\u202f?"},
	Choices: []Choice{
		{Value: string(inbox.All), Name: i18n.Text{En: "all that wait", Fr: "toutes celles en attente"}},
		{Value: string(inbox.Unclaimed), Name: i18n.Text{En: "free", Fr: "libres"}},
		{Value: string(inbox.Mine), Name: i18n.Text{En: "mine", Fr: "les miennes"}},
		{Value: string(inbox.Late), Name: i18n.Text{En: "late", Fr: "en retard"}},
	}}

func mentions(s Services) Command {
	return Command{
		Name: "mentions", Rank: 20, For: social.Listeners,
		About:   i18n.Text{En: "What was said to you and waits", Fr: "Ce qu’on vous a dit et qui attend"},
		Options: []Option{optWhich, optBrand(s)},
		Run: func(ctx context.Context, c Call) (chat.Answer, error) {
			brand := ""
			if named := c.Get(brandOption); named != "" {
				b, err := c.Brand(ctx, named)
				if err != nil {
					return nil, err
				}
				brand = b.ID
			}
			which := inbox.Which(c.Get("which"))
			if which == "" {
				which = inbox.All
			}
			return s.tray(ctx, c, brand, which)
		},
		Presses: map[string]Act{
			"mentions.which": func(ctx context.Context, c Call) (chat.Answer, error) {
				return s.tray(ctx, c, "", inbox.Which(c.Tag().Subject))
			},
			"mention.open":    s.openMention,
			"mention.claim":   s.mentionMove(social.ClaimIt),
			"mention.release": s.mentionMove(social.Release),
			"mention.ignore":  s.mentionMove(social.Ignore),
			"mention.done":    s.mentionMove(social.Finish),
			"mention.reopen":  s.mentionMove(social.Reopen),
			"mention.suggest": func(ctx context.Context, c Call) (chat.Answer, error) {
				return mentioned(s.Inbox.Again(ctx, c.By, c.Tag().Subject))
			},
			"mention.history": s.mentionStory,
		},
		Forms: map[string]Form{
			"mention.reply":    {Build: s.replyForm, Sent: s.reply},
			"mention.use":      {Build: s.replyForm, Sent: s.reply},
			"mention.escalate": {Build: s.handForm, Sent: s.hand},
		},
	}
}

func (s Services) tray(ctx context.Context, c Call, brand string, which inbox.Which) (chat.Answer, error) {
	t, err := s.Inbox.Tray(ctx, c.By, brand, which)
	if err != nil {
		return nil, err
	}
	return inPlace(c, cards.Tray(string(t.Which), t.Mentions, [3]int{t.Free, t.Mine, t.Late}, inbox.Most, t.Names, t.Networks, c.Locale)), nil
}

// openMention shows one to the person alone: its own card stands in its channel.
func (s Services) openMention(ctx context.Context, c Call) (chat.Answer, error) {
	h, err := s.Inbox.Hearing(ctx, c.By, cmp.Or(c.Get("value"), c.Tag().Subject))
	if err != nil {
		return nil, err
	}
	return chat.Say{Card: cards.Mention(h, c.Locale), Private: true}, nil
}

// mentionMove is a button that does one move of the table.
func (s Services) mentionMove(do social.MentionMove) Act {
	return func(ctx context.Context, c Call) (chat.Answer, error) {
		return mentioned(s.Inbox.Move(ctx, c.By, c.Tag().Subject, c.Tag().Rev, do, social.MentionChange{}))
	}
}

// mentioned redraws the pressed card.
func mentioned(_ social.Hearing, err error) (chat.Answer, error) {
	if err != nil {
		return nil, err
	}
	return Redrawn(), nil
}

// mentionOf parts the subject of a tag into the mention and the number of a suggestion; 0: none.
func mentionOf(t chat.Tag) (mention string, number int64) {
	mention, n, _ := strings.Cut(t.Subject, ".")
	number, _ = strconv.ParseInt(n, 10, 64) // none, or a tag somebody bent: no suggestion
	return mention, number
}

var (
	replyTitle  = i18n.Text{En: "Answer", Fr: "Répondre"}
	replyLabel  = i18n.Text{En: "Your answer", Fr: "Votre réponse"}
	replyHelp   = i18n.Text{En: "Leaves on %s exactly as it stands here.", Fr: "Part sur %s exactement comme ici."}
	replySubmit = i18n.Text{En: "Send", Fr: "Envoyer"}
	replySecond = i18n.Text{En: "Ask for approval", Fr: "Faire valider"}
	secondHelp  = i18n.Text{En: "Leaves on %s once a second person has said yes.", Fr: "Part sur %s dès l’accord d’une seconde personne."}
)

// replyForm opens a text to edit: a suggestion, or nothing yet. It says again what is answered.
func (s Services) replyForm(ctx context.Context, c Call) (chat.Form, error) {
	id, number := mentionOf(c.Tag())
	h, err := s.Inbox.Hearing(ctx, c.By, id)
	if err != nil {
		return chat.Form{}, err
	}
	if _, err := h.Mention.Apply(social.Reply, social.Actor{Member: c.By, Brand: h.Brand}, social.MentionChange{Owner: h.Names[h.Mention.Owner]}); err != nil {
		return chat.Form{}, err // before anybody types for nothing
	}
	help, submit := replyHelp, replySubmit
	if h.Brand.Second && !h.Brand.Alone {
		help, submit = secondHelp, replySecond
	}
	in := chat.Input{Name: "text", Label: replyLabel.In(c.Locale), Kind: chat.Text, Required: true, Max: 3000,
		Help: chat.Cut(help.In(c.Locale, h.Account.Label()), helpRunes)}
	for _, x := range h.Suggestions {
		if x.Number == number {
			in.Value = []string{x.Text}
		}
	}
	if v, ok := c.Values["text"]; ok {
		in.Value = v
	}
	return chat.Form{Title: replyTitle.In(c.Locale), Submit: submit.In(c.Locale), Inputs: []chat.Input{in},
		Intro: []chat.Span{chat.Plain(cards.MentionExcerpt(h.Mention, 300))}}, nil
}

func (s Services) reply(ctx context.Context, c Call) (chat.Answer, error) {
	id, _ := mentionOf(c.Tag())
	return mentioned(s.Inbox.Reply(ctx, c.By, id, c.Get("text")))
}

var (
	handTitle  = i18n.Text{En: "Hand over", Fr: "Passer à…"}
	handTo     = i18n.Text{En: "To whom?", Fr: "À qui\u202f?"}
	handWhy    = i18n.Text{En: "Why?", Fr: "Pourquoi\u202f?"}
	handHelp   = i18n.Text{En: "One line: what they should know.", Fr: "Une ligne\u202f: ce que la personne doit savoir."}
	handSubmit = i18n.Text{En: "Hand over", Fr: "Transmettre"}
)

// handForm asks to whom a mention is handed, and why.
func (s Services) handForm(ctx context.Context, c Call) (chat.Form, error) {
	h, err := s.Inbox.Hearing(ctx, c.By, c.Tag().Subject)
	if err != nil {
		return chat.Form{}, err
	}
	all, err := s.Team.Members(ctx, c.By)
	if err != nil {
		return chat.Form{}, err
	}
	to := chat.Input{Name: "to", Label: handTo.In(c.Locale), Kind: chat.Choice, Required: true, Value: c.Values["to"]}
	for _, m := range all {
		if len(m.Roles[h.Brand.ID]) > 0 && m.ID != c.By.ID {
			to.Options = append(to.Options, chat.Option{Value: m.ID, Label: m.Name})
		}
	}
	slices.SortStableFunc(to.Options, func(a, b chat.Option) int { return strings.Compare(fold(a.Label), fold(b.Label)) })
	why := chat.Input{Name: "note", Label: handWhy.In(c.Locale), Help: handHelp.In(c.Locale), Kind: chat.Text, Required: true, Max: 500, Value: c.Values["note"]}
	return chat.Form{Title: handTitle.In(c.Locale), Submit: handSubmit.In(c.Locale), Inputs: []chat.Input{to, why}}, nil
}

func (s Services) hand(ctx context.Context, c Call) (chat.Answer, error) {
	return mentioned(s.Inbox.Move(ctx, c.By, c.Tag().Subject, c.Tag().Rev, social.Escalate, social.MentionChange{To: c.Get("to"), Note: strings.TrimSpace(c.Get("note"))}))
}

func (s Services) mentionStory(ctx context.Context, c Call) (chat.Answer, error) {
	h, entries, names, err := s.Inbox.Story(ctx, c.By, c.Tag().Subject)
	if err != nil {
		return nil, err
	}
	return chat.Say{Card: cards.MentionStory(h, entries, names, c.Locale), Private: true}, nil
}
