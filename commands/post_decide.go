package commands

import (
	"context"
	"strings"
	"time"

	"griot/cards"
	"griot/chat"
	"griot/dates"
	"griot/fault"
	"griot/i18n"
	"griot/publishing"
	"griot/social"
)

// told says what a person should know after a change: what could not be stopped, and what needs approval again.
func told(c Call, r publishing.Result, more ...string) chat.Answer {
	words := more
	for _, n := range r.Notes {
		words = append(words, n.In(c.Locale))
	}
	if len(r.Leaving) > 0 {
		var where []string
		for _, d := range r.Leaving {
			where = append(where, r.Sheet.Account(d.AccountID).Label())
		}
		words = append(words, leavingNow.In(c.Locale, strings.Join(where, ", ")))
	}
	if len(words) == 0 {
		return Redrawn()
	}
	return Redrawn(chat.Plain(strings.Join(words, " ")))
}

var leavingNow = i18n.Text{
	En: "It is already leaving for %s and cannot be stopped there. Once it is live, “Take down” removes it.",
	Fr: "L’envoi vers %s a déjà commencé et ne peut plus être arrêté. Une fois en ligne, «\u202fRetirer\u202f» l’enlève.",
}

// move is a button that does one move of the table.
func (s Services) move(m social.Move) Act {
	return func(ctx context.Context, c Call) (chat.Answer, error) {
		t := c.Tag()
		r, err := s.Publishing.Move(ctx, c.By, t.Subject, t.Rev, m, social.Change{Note: strings.TrimSpace(c.Get("note"))})
		if err != nil {
			return nil, err
		}
		return told(c, r), nil
	}
}

// moved answers a command, which has no card of its own to redraw.
func (s Services) moved(m social.Move, said i18n.Text) Act {
	return func(ctx context.Context, c Call) (chat.Answer, error) {
		sheet, err := s.find(ctx, c, c.Get("post"))
		if err != nil {
			return nil, err
		}
		r, err := s.Publishing.Move(ctx, c.By, sheet.Post.ID, sheet.Post.Rev, m, social.Change{})
		if err != nil {
			return nil, err
		}
		return commanded(c, r, said), nil
	}
}

// commanded says privately what was done, to which post. It is no copy of the card: nobody redraws what is private.
func commanded(c Call, r publishing.Result, said i18n.Text) chat.Answer {
	return chat.Say{Card: done(c, r, said), Private: true}
}

func done(c Call, r publishing.Result, said i18n.Text) chat.Card {
	card := chat.Card{Title: said.In(c.Locale), Tone: chat.Good, Body: []chat.Span{
		chat.Bold(r.Sheet.Status().Name().In(c.Locale)), chat.Plain(" · " + cards.Excerpt(r.Sheet, 120))}}
	if m := r.Sheet.Post.Moment; !m.IsZero() && r.Sheet.Status() == social.IsScheduled {
		card.Body = append(card.Body, chat.Break{}, cards.Moment(r.Sheet.Brand, m, c.Locale))
	}
	if tell, ok := told(c, r).(chat.Refresh); ok && tell.Tell != nil {
		card.Foot = tell.Tell.Body
	}
	return card
}

var (
	saidNow = i18n.Text{
		En: "Done: approved words leave at once; others leave as soon as they are approved.",
		Fr: "C’est fait\u202f: ce qui est validé part tout de suite, le reste dès sa validation.",
	}
	saidCancelled = i18n.Text{En: "Cancelled.", Fr: "Annulée."}
	saidRemoved   = i18n.Text{En: "Being taken down.", Fr: "Retrait en cours."}
	saidMoved     = i18n.Text{En: "Done.", Fr: "C’est fait."}
)

func postNow(s Services) Command {
	return Command{
		Name: "post now", French: "post publier", Rank: 50, For: social.Drafters,
		About:   i18n.Text{En: "Publish now, or as soon as approved", Fr: "Publier maintenant, ou dès la validation"},
		Options: []Option{optPost(s)},
		Run:     s.moved(social.Publish, saidNow),
		Presses: map[string]Act{
			"post.submit":     s.move(social.Submit),
			"post.approve":    s.move(social.Approve),
			"post.publish":    s.move(social.Publish),
			"post.unschedule": s.move(social.Unschedule),
		},
		Forms: map[string]Form{"post.send_back": {Build: noteForm, Sent: s.move(social.SendBack)}},
	}
}

var (
	noteTitle  = i18n.Text{En: "Needs changes", Fr: "À revoir"}
	noteLabel  = i18n.Text{En: "What should change?", Fr: "Que faut-il changer\u202f?"}
	noteSubmit = i18n.Text{En: "Send back", Fr: "Renvoyer"}
)

func noteForm(_ context.Context, c Call) (chat.Form, error) {
	return chat.Form{Title: noteTitle.In(c.Locale), Submit: noteSubmit.In(c.Locale),
		Inputs: []chat.Input{{Name: "note", Label: noteLabel.In(c.Locale), Kind: chat.Text, Required: true, Max: 1000}}}, nil
}

func postCancel(s Services) Command {
	return Command{
		Name: "post cancel", French: "post annuler", Rank: 70, For: social.Drafters,
		About:   i18n.Text{En: "Cancel a post that has not left", Fr: "Annuler une publication qui n’est pas partie"},
		Options: []Option{optPost(s)},
		Run:     s.moved(social.Cancel, saidCancelled),
		Presses: map[string]Act{"post.cancel": s.move(social.Cancel)},
	}
}

func postRemove(s Services) Command {
	return Command{
		Name: "post remove", French: "post retirer", Rank: 80, For: social.Drafters,
		About:   i18n.Text{En: "Take down what is live", Fr: "Retirer ce qui est en ligne"},
		Options: []Option{optPost(s)},
		Run:     s.askRemove,
		Presses: map[string]Act{
			"post.remove":     s.remove,
			"delivery.remove": s.removeOne,
			"delivery.live":   s.settle((*publishing.Service).SayLive),
			"delivery.resend": s.settle((*publishing.Service).SendAgain),
			"delivery.retry":  s.settle((*publishing.Service).SendAgain),
			"delivery.drop":   s.settle((*publishing.Service).Drop),
		},
	}
}

var (
	sureRemove = i18n.Text{
		En: "Take this post down everywhere it is live? People who saw it may have kept it.",
		Fr: "Retirer cette publication partout où elle est en ligne\u202f? Des personnes l’ont peut-être déjà vue.",
	}
	doRemove = i18n.Text{En: "Take down everywhere", Fr: "Retirer partout"}
)

// askRemove shows the post again, with a button for each network and one for all: taking down is always confirmed.
func (s Services) askRemove(ctx context.Context, c Call) (chat.Answer, error) {
	sheet, err := s.find(ctx, c, c.Get("post"))
	if err != nil {
		return nil, err
	}
	card := cards.Post(sheet, c.Locale)
	card.Lead = append([]chat.Span{chat.Bold(sureRemove.In(c.Locale)), chat.Break{}}, card.Lead...)
	all := chat.Button{Label: doRemove.In(c.Locale), Style: chat.Risky, Confirm: sureRemove.In(c.Locale), Tag: chat.Tag{Verb: "post.remove", Subject: sheet.Post.ID}}
	buttons := []chat.Button{all}
	for _, b := range card.Buttons {
		if b.Tag.Verb == "delivery.remove" {
			buttons = append(buttons, b)
		}
	}
	card.Buttons = buttons
	return chat.Say{Card: card, Private: true}, nil
}

func (s Services) remove(ctx context.Context, c Call) (chat.Answer, error) {
	r, err := s.Publishing.TakeDown(ctx, c.By, c.Tag().Subject, "")
	if err != nil {
		return nil, err
	}
	return commanded(c, r, saidRemoved), nil
}

func (s Services) removeOne(ctx context.Context, c Call) (chat.Answer, error) {
	r, err := s.Publishing.TakeDownOne(ctx, c.By, c.Tag().Subject)
	if err != nil {
		return nil, err
	}
	return told(c, r), nil
}

// settle is a button about one delivery.
func (s Services) settle(do func(*publishing.Service, context.Context, social.Member, string) (publishing.Result, error)) Act {
	return func(ctx context.Context, c Call) (chat.Answer, error) {
		r, err := do(s.Publishing, ctx, c.By, c.Tag().Subject)
		if err != nil {
			return nil, err
		}
		return told(c, r), nil
	}
}

func postSchedule(s Services) Command {
	at := optAt(s)
	at.Required = true
	return Command{
		Name: "post schedule", French: "post programmer", Rank: 60, For: social.Drafters,
		About:   i18n.Text{En: "Choose or move the date of a post", Fr: "Choisir ou déplacer la date d’une publication"},
		Options: []Option{optPost(s), at},
		Run: func(ctx context.Context, c Call) (chat.Answer, error) {
			sheet, err := s.find(ctx, c, c.Get("post"))
			if err != nil {
				return nil, err
			}
			return s.propose(ctx, c, sheet)
		},
		Presses: map[string]Act{"post.date": s.confirmDate},
		Forms: map[string]Form{"post.schedule": {
			Build: func(ctx context.Context, c Call) (chat.Form, error) {
				sheet, err := s.Publishing.Sheet(ctx, c.By, c.Tag().Subject)
				if err != nil {
					return chat.Form{}, err
				}
				in, err := at.input(ctx, c)
				if m := sheet.Post.Moment; !m.IsZero() {
					in.Value = []string{strings.Replace(m.Local, "T", " ", 1)}
				}
				in.Help = inZone.In(c.Locale, sheet.Brand.Zone)
				return chat.Form{Title: dateTitle.In(c.Locale), Submit: dateSubmit.In(c.Locale), Inputs: []chat.Input{in}}, err
			},
			Sent: func(ctx context.Context, c Call) (chat.Answer, error) {
				sheet, err := s.Publishing.Sheet(ctx, c.By, c.Tag().Subject)
				if err != nil {
					return nil, err
				}
				return s.propose(ctx, c, sheet)
			},
		}},
	}
}

var (
	dateTitle  = i18n.Text{En: "Choose the date", Fr: "Choisir la date"}
	dateSubmit = i18n.Text{En: "Continue", Fr: "Continuer"}
	inZone     = i18n.Text{En: "“tuesday 6:30pm”, “in 2 hours”… Time zone: %s", Fr: "«\u202fmardi 18h30\u202f», «\u202fdans 2 heures\u202f»… Fuseau horaire\u202f: %s"}
	isItRight  = i18n.Text{En: "Is this right?", Fr: "Est-ce bien cela\u202f?"}
	yesDate    = i18n.Text{En: "Yes, schedule", Fr: "Oui, programmer"}
	otherDate  = i18n.Text{En: "Another date…", Fr: "Une autre date…"}
	errNow     = i18n.Text{
		En: "To send it at once, press “Publish now”. Here, choose a date to come.",
		Fr: "Pour l’envoyer tout de suite, appuyez sur «\u202fPublier maintenant\u202f». Ici, choisissez une date à venir.",
	}
)

// propose shows the moment back before it counts.
func (s Services) propose(ctx context.Context, c Call, sheet social.Sheet) (chat.Answer, error) {
	m, now, err := s.moment(ctx, c, sheet.Brand, c.Get("at"))
	if err != nil {
		return nil, fault.At("at", err)
	}
	if !m.At.After(now) {
		return nil, fault.In("at", errNow)
	}
	subject := sheet.Post.ID + "." + m.Local
	return chat.Say{Private: true, Card: chat.Card{
		Title: isItRight.In(c.Locale), Tone: chat.Waiting,
		Body: []chat.Span{chat.Bold(m.Echo(c.Locale, now)), chat.Break{}, chat.Plain(cards.Excerpt(sheet, 120))},
		Foot: ownHour(c, m),
		Buttons: []chat.Button{
			{Label: yesDate.In(c.Locale), Style: chat.Primary, Tag: chat.Tag{Verb: "post.date", Subject: subject, Rev: sheet.Post.Rev}},
			{Label: otherDate.In(c.Locale), Tag: chat.Tag{Verb: "post.schedule", Subject: sheet.Post.ID, Rev: sheet.Post.Rev}},
		},
	}}, nil
}

var yourHour = i18n.Text{En: "For you: %s", Fr: "Pour vous\u202f: %s"}

// ownHour adds the member's own hour when it differs from the brand's.
func ownHour(c Call, m dates.Moment) []chat.Span {
	if c.By.Zone == "" || c.By.Zone == m.Zone {
		return nil
	}
	zone, err := time.LoadLocation(c.By.Zone)
	if err != nil {
		return nil // a zone this machine does not know: the brand's is enough
	}
	if own := m.At.In(zone); own.Format(time.DateTime) != m.At.Format(time.DateTime) {
		return []chat.Span{chat.Plain(yourHour.In(c.Locale, i18n.When(own)))}
	}
	return nil
}

// confirmDate is the yes to a moment that was shown.
func (s Services) confirmDate(ctx context.Context, c Call) (chat.Answer, error) {
	id, local, _ := strings.Cut(c.Tag().Subject, ".")
	sheet, err := s.Publishing.Sheet(ctx, c.By, id)
	if err != nil {
		return nil, err
	}
	m, err := dates.Resolve(local, sheet.Brand.Location())
	if err != nil {
		return nil, err
	}
	now, err := s.Now(ctx)
	if err != nil {
		return nil, err
	}
	if !m.At.After(now) {
		return nil, fault.New(fault.Invalid, errGoneBy)
	}
	r, err := s.Publishing.Move(ctx, c.By, id, c.Tag().Rev, social.Schedule,
		social.Change{When: social.OnDate, Moment: social.Moment{At: m.At.UTC(), Local: m.Local, Zone: m.Zone}})
	if err != nil {
		return nil, err
	}
	return chat.Refresh{Card: done(c, r, saidMoved)}, nil
}

var errGoneBy = i18n.Text{
	En: "That moment has gone by meanwhile. Choose another one.",
	Fr: "Ce moment est passé entre-temps. Choisissez-en un autre.",
}
