package commands

import (
	"context"
	"strings"

	"griot/chat"
	"griot/i18n"
	"griot/social"
)

var (
	pauseAsk  = i18n.Text{En: "Stop everything of %s?", Fr: "Tout arrêter pour %s\u202f?"}
	pauseWhat = i18n.Text{En: "Nothing more leaves until somebody lifts the pause. What falls due meanwhile is not lost: its card will ask what to do.", Fr: "Plus rien ne part jusqu’à la reprise. Ce qui devait partir entre-temps n’est pas perdu\u202f: chaque carte demandera quoi faire."}
	pauseDo   = i18n.Text{En: "Pause everything", Fr: "Tout mettre en pause"}
	pausedNow = i18n.Text{En: "%s is paused. Nothing more leaves.", Fr: "%s est en pause. Plus rien ne part."}
	pauseGone = i18n.Plural{
		One:  i18n.Text{En: "%d sending had already begun and cannot be stopped; take it down once it is live.", Fr: "%d envoi avait déjà commencé et ne peut plus être arrêté\u202f; retirez-le une fois en ligne."},
		Many: i18n.Text{En: "%d sendings had already begun and cannot be stopped; take them down once they are live.", Fr: "%d envois avaient déjà commencé et ne peuvent plus être arrêtés\u202f; retirez-les une fois en ligne."},
	}
	resumeDo   = i18n.Text{En: "Resume", Fr: "Reprendre"}
	resumeAsk  = i18n.Text{En: "Let posts of %s leave again?", Fr: "Laisser repartir les publications de %s\u202f?"}
	resumedNow = i18n.Text{En: "Posts of %s leave again.", Fr: "Les publications de %s repartent."}
	resumeLate = i18n.Plural{
		One:  i18n.Text{En: "%d post was missed meanwhile: its card asks whether to publish it now.", Fr: "%d publication a été manquée entre-temps\u202f: sa carte demande s’il faut la publier maintenant."},
		Many: i18n.Text{En: "%d posts were missed meanwhile: their cards ask whether to publish them now.", Fr: "%d publications ont été manquées entre-temps\u202f: leurs cartes demandent s’il faut les publier maintenant."},
	}
	nowLeaves = i18n.Text{En: "%s goes on", Fr: "%s reprend"}
	isPaused  = i18n.Text{En: "%s is paused", Fr: "%s est en pause"}
	isRunning = i18n.Text{En: "Pause %s", Fr: "Mettre %s en pause"}
)

func pause(s Services) Command {
	return Command{
		Name: "pause", French: "pause", Rank: 90, For: social.Pausers,
		About:   i18n.Text{En: "Stop everything of a brand at once, or resume", Fr: "Tout arrêter d’un coup pour une marque, ou reprendre"},
		Options: []Option{optBrand(s)},
		Run: func(ctx context.Context, c Call) (chat.Answer, error) {
			b, err := c.Brand(ctx, c.Get("brand"))
			if err != nil {
				return nil, err
			}
			return chat.Say{Card: pauseCard(b, c.Locale), Private: true}, nil
		},
		Presses: map[string]Act{"brand.pause": s.pause, "brand.resume": s.resume},
	}
}

func pauseCard(b social.Brand, l i18n.Locale) chat.Card {
	if b.Paused {
		return chat.Card{Title: isPaused.In(l, b.Name), Tone: chat.Waiting, Body: []chat.Span{chat.Plain(resumeAsk.In(l, b.Name))},
			Buttons: []chat.Button{{Label: resumeDo.In(l), Style: chat.Primary, Tag: chat.Tag{Verb: "brand.resume", Subject: b.ID}}}}
	}
	return chat.Card{Title: isRunning.In(l, b.Name), Tone: chat.Waiting, Body: []chat.Span{chat.Bold(pauseAsk.In(l, b.Name)), chat.Break{}, chat.Plain(pauseWhat.In(l))},
		Buttons: []chat.Button{{Label: pauseDo.In(l), Style: chat.Risky, Tag: chat.Tag{Verb: "brand.pause", Subject: b.ID}}}}
}

func (s Services) pause(ctx context.Context, c Call) (chat.Answer, error) {
	leaving, err := s.Publishing.Pause(ctx, c.By, c.Tag().Subject)
	if err != nil {
		return nil, err
	}
	return s.paused(ctx, c, pausedNow, counted(c, pauseGone, len(leaving)))
}

func (s Services) resume(ctx context.Context, c Call) (chat.Answer, error) {
	missed, err := s.Publishing.Resume(ctx, c.By, c.Tag().Subject)
	if err != nil {
		return nil, err
	}
	return s.paused(ctx, c, resumedNow, counted(c, resumeLate, missed))
}

func counted(c Call, p i18n.Plural, n int) string {
	if n == 0 {
		return ""
	}
	return p.In(c.Locale, n)
}

func (s Services) paused(ctx context.Context, c Call, said i18n.Text, more string) (chat.Answer, error) {
	b, err := s.Team.Brand(ctx, c.By, c.Tag().Subject)
	if err != nil {
		return nil, err
	}
	card := pauseCard(b, c.Locale)
	card.Body = []chat.Span{chat.Plain(strings.TrimSpace(said.In(c.Locale, b.Name) + " " + more))}
	if !b.Paused {
		card.Title, card.Tone, card.Buttons = nowLeaves.In(c.Locale, b.Name), chat.Good, nil
	}
	return chat.Refresh{Card: card}, nil
}
