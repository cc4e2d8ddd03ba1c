package cards

import (
	"griot/chat"
	"griot/i18n"
	"griot/social"
)

// Place is a channel of a brand, as people call it.
type Place struct {
	Purpose social.Purpose
	Name    string // "#validation"
}

// PurposeNames says what a channel is for.
var PurposeNames = map[social.Purpose]i18n.Text{
	social.Approvals: {En: "Approvals", Fr: "Validations"},
	social.Mentions:  {En: "Mentions", Fr: "Mentions"},
	social.Numbers:   {En: "Numbers", Fr: "Chiffres"},
}

// LanguageNames are the languages of Griot, each in both.
var LanguageNames = map[i18n.Locale]i18n.Text{
	i18n.En: {En: "English", Fr: "anglais"},
	i18n.Fr: {En: "French", Fr: "français"},
}

var (
	fieldLanguage = i18n.Text{En: "Language", Fr: "Langue"}
	fieldZone     = i18n.Text{En: "Time zone", Fr: "Fuseau horaire"}
	fieldApproval = i18n.Text{En: "Approval", Fr: "Validation"}
	bySomebody    = i18n.Text{En: "by somebody other than the writer", Fr: "par une autre personne que celle qui rédige"}
	byOneself     = i18n.Text{En: "one may approve one’s own words (“I work alone”)", Fr: "on peut valider ses propres textes («\u202fJe travaille seul\u202f»)"}
	byPeople      = i18n.Text{En: "%s; %d people must say yes", Fr: "%s\u202f; il faut l’accord de %d personnes"}
	fieldFix      = i18n.Text{En: "Fix and approve", Fr: "Corriger et valider"}
	fieldMove     = i18n.Text{En: "Moving an approved post", Fr: "Déplacer une publication validée"}
	allowed       = i18n.Text{En: "allowed", Fr: "permis"}
	forbidden     = i18n.Text{En: "not allowed", Fr: "interdit"}
	keepsYes      = i18n.Text{En: "keeps its approval", Fr: "garde sa validation"}
	asksAgain     = i18n.Text{En: "asks for approval again", Fr: "redemande une validation"}
	fieldClaim    = i18n.Text{En: "A mention stays with who took it", Fr: "Une mention reste à qui la prend"}
	fieldSecond   = i18n.Text{En: "Answers to mentions", Fr: "Réponses aux mentions"}
	sentByOne     = i18n.Text{En: "leave when their writer sends them", Fr: "partent quand on les envoie"}
	sentByTwo     = i18n.Text{En: "need a second person’s yes", Fr: "demandent l’accord d’une seconde personne"}
	fieldLate     = i18n.Text{En: "When a post is late", Fr: "En cas de retard"}
	lateAsk       = i18n.Text{En: "it still leaves within %s, then Griot asks", Fr: "elle part encore jusqu’à %s de retard, puis Griot demande"}
	lateDrop      = i18n.Text{En: "it still leaves within %s, then it is given up", Fr: "elle part encore jusqu’à %s de retard, puis elle est abandonnée"}
	noChannel     = i18n.Text{En: "no channel yet", Fr: "pas encore de canal"}
	changeIt      = i18n.Text{En: "Change…", Fr: "Modifier…"}
	channelsDo    = i18n.Text{En: "Channels…", Fr: "Canaux…"}
)

// Brand shows a brand's settings and channels to by, with what they may change.
func Brand(b social.Brand, places []Place, by social.Member, l i18n.Locale) chat.Card {
	fix, move, late := allowed, keepsYes, lateAsk
	if b.NoFix {
		fix = forbidden
	}
	if b.NoMove {
		move = asksAgain
	}
	if b.Late.Drop {
		late = lateDrop
	}
	reply := sentByOne
	if b.Second {
		reply = sentByTwo
	}
	c := chat.Card{Title: b.Name, Fields: append(basics(b, l),
		chat.Field{Label: fieldFix.In(l), Value: []chat.Span{chat.Plain(fix.In(l))}},
		chat.Field{Label: fieldMove.In(l), Value: []chat.Span{chat.Plain(move.In(l))}},
		chat.Field{Label: fieldLate.In(l), Value: []chat.Span{chat.Plain(late.In(l, i18n.Span(b.Late.Grace())))}},
	)}
	c.Fields = append(append(c.Fields, placeFields(places, l)...),
		chat.Field{Label: fieldClaim.In(l), Value: []chat.Span{chat.Plain(i18n.Span(b.Keeps()).In(l))}},
		chat.Field{Label: fieldSecond.In(l), Value: []chat.Span{chat.Plain(reply.In(l))}},
	)
	if b.Paused {
		c.Tone = chat.Waiting
		c.Foot = []chat.Span{chat.Bold(pausedNote.In(l, b.Name))}
	}
	if by.Has(b.ID, social.Admin) {
		c.Buttons = []chat.Button{
			{Label: changeIt.In(l), Tag: chat.Tag{Verb: "brand.set", Subject: b.ID, Rev: b.Rev}},
			{Label: channelsDo.In(l), Tag: chat.Tag{Verb: "brand.channel", Subject: b.ID}},
		}
	}
	c.Buttons = append(c.Buttons, chat.Button{Label: seeAccounts.In(l), Tag: Run("accounts")})
	return c
}

// basics are the first things to know of a brand.
func basics(b social.Brand, l i18n.Locale) []chat.Field {
	who := bySomebody
	if b.Alone {
		who = byOneself
	}
	approval := who.In(l)
	if b.Approvals > 1 {
		approval = byPeople.In(l, approval, b.Approvals)
	}
	return []chat.Field{
		{Label: fieldLanguage.In(l), Value: []chat.Span{chat.Plain(LanguageNames[b.Locale].In(l))}},
		{Label: fieldZone.In(l), Value: []chat.Span{chat.Plain(b.Zone)}},
		{Label: fieldApproval.In(l), Value: []chat.Span{chat.Plain(approval)}},
	}
}

func placeFields(places []Place, l i18n.Locale) []chat.Field {
	var out []chat.Field
	for _, p := range []social.Purpose{social.Approvals, social.Mentions, social.Numbers} {
		var names []chat.Span
		for _, at := range places {
			if at.Purpose != p {
				continue
			}
			if len(names) > 0 {
				names = append(names, chat.Plain(", "))
			}
			names = append(names, chat.Plain(at.Name))
		}
		if len(names) == 0 && p != social.Approvals {
			continue // mentions come where posts are approved, numbers nowhere
		}
		if len(names) == 0 {
			names = []chat.Span{chat.Plain(noChannel.In(l))}
		}
		out = append(out, chat.Field{Label: PurposeNames[p].In(l), Value: names})
	}
	return out
}
