package cards

import (
	"strings"

	"griot/chat"
	"griot/i18n"
	"griot/social"
)

var deliveryNames = map[social.DeliveryState]i18n.Text{
	social.Waiting:  {En: "scheduled", Fr: "programmée"},
	social.Leased:   {En: "being prepared", Fr: "en préparation"},
	social.Sending:  {En: "leaving", Fr: "envoi en cours"},
	social.Pending:  {En: "taken, the network is still working on it", Fr: "reçue, le réseau la traite encore"},
	social.Live:     {En: "live", Fr: "en ligne"},
	social.Refused:  {En: "not published", Fr: "non publiée"},
	social.Unsure:   {En: "to be checked", Fr: "à vérifier"},
	social.Missed:   {En: "not sent", Fr: "pas partie"},
	social.Void:     {En: "stopped", Fr: "arrêtée"},
	social.Removing: {En: "being taken down", Fr: "retrait en cours"},
	social.Gone:     {En: "taken down", Fr: "retirée"},
}

var reasons = map[social.Reason]i18n.Text{
	social.ByNetwork:    {En: "The network said: “%s”", Fr: "Le réseau a répondu\u202f: «\u202f%s\u202f»"},
	social.ByLimit:      {En: "The network asks to wait; Griot tries again by itself.", Fr: "Le réseau demande d’attendre\u202f; Griot réessaie de lui-même."},
	social.ByOutage:     {En: "The network cannot be reached; Griot tries again by itself.", Fr: "Le réseau est injoignable\u202f; Griot réessaie de lui-même."},
	social.BySignIn:     {En: "The account must be connected again: an admin can do it with /connect, then press “Try again”.", Fr: "Le compte doit être reconnecté\u202f: un administrateur peut le faire avec /connecter, puis appuyez sur «\u202fRéessayer\u202f»."},
	social.ByNoAnswer:   {En: "The network gave no clear answer and nothing was found on the account. Please look there, then say.", Fr: "Le réseau n’a pas répondu clairement et rien n’apparaît sur le compte. Allez voir, puis dites-le."},
	social.ByTwo:        {En: "Several posts on the account look like this one. Please look there, then say.", Fr: "Plusieurs publications du compte ressemblent à celle-ci. Allez voir, puis dites-le."},
	social.ByLateness:   {En: "It could not leave on time. Publish it now, or give it up?", Fr: "Elle n’a pas pu partir à l’heure. La publier maintenant, ou y renoncer\u202f?"},
	social.ByPause:      {En: "It fell due while everything was paused. Publish it now, or give it up?", Fr: "Son heure est passée pendant la pause. La publier maintenant, ou y renoncer\u202f?"},
	social.ByEdit:       {En: "The words changed: they need approval again.", Fr: "Le texte a changé\u202f: il doit être validé à nouveau."},
	social.BySendBack:   {En: "The post was sent back.", Fr: "La publication a été renvoyée à revoir."},
	social.ByUnschedule: {En: "The post was taken off the calendar.", Fr: "La publication a été retirée du planning."},
	social.ByCancel:     {En: "The post was cancelled.", Fr: "La publication a été annulée."},
	social.ByRemoval:    {En: "The account was removed: connect it again with /connect, or choose another one with “Edit”.", Fr: "Le compte a été retiré\u202f: reconnectez-le avec /connecter, ou choisissez-en un autre avec «\u202fModifier\u202f»."},
	social.ByCheck:      {En: "It no longer fits the network: %s", Fr: "Elle ne convient plus au réseau\u202f: %s"},
	social.ByMedia:      {En: "The picture “%s” is gone or was changed. Attach it again, then send for approval.", Fr: "L’image «\u202f%s\u202f» a disparu ou a changé. Joignez-la de nouveau, puis envoyez en validation."},
	social.ByRestore:    {En: "A backup was restored since: nobody can tell whether it left. Please look on the account, then say.", Fr: "Une sauvegarde a été restaurée depuis\u202f: impossible de savoir si elle est partie. Allez voir sur le compte, puis dites-le."},
	social.ByDropped:    {En: "Late, and given up.", Fr: "En retard, abandonnée."},
	social.ByAnswered:   {En: "Somebody has answered there already: %s. Read it, then press “Try again” if yours is still needed.", Fr: "Quelqu’un a déjà répondu là-bas : %s. Lisez, puis appuyez sur « Réessayer » si la vôtre reste utile."},
	social.ByHand:       {En: "Griot has no receipt of it and cannot find it. Please take it down on the network itself.", Fr: "Griot n’en a pas de reçu et ne la retrouve pas. Retirez-la directement sur le réseau."},
}

var (
	checking = i18n.Text{En: "No clear answer yet; Griot is looking on the account.", Fr: "Pas encore de réponse claire\u202f; Griot regarde sur le compte."}
	cutShort = i18n.Plural{
		One:  i18n.Text{En: "Only %d part of %d is live.", Fr: "Seule %d partie sur %d est en ligne."},
		Many: i18n.Text{En: "Only %d parts of %d are live.", Fr: "Seules %d parties sur %d sont en ligne."},
	}
	needsYes = i18n.Text{En: "needs approval", Fr: "à valider"}
	seeIt    = i18n.Text{En: "see it", Fr: "voir"}
)

// why says why a delivery is where it is; empty when that needs no words.
func why(d social.Delivery, l i18n.Locale) string {
	t, ok := reasons[d.Reason]
	switch {
	case d.State == social.Sending && d.Reason == social.ByNoAnswer:
		return checking.In(l)
	case !ok || d.State == social.Live && d.Reason != social.ByNetwork:
		return ""
	case strings.Contains(t.En, "%s"):
		return t.In(l, d.Words)
	}
	return t.In(l)
}

// section is one network: how its words look, how long they are, and what became of them.
func section(s social.Sheet, v social.Variant, l i18n.Locale) chat.Section {
	a := v.Account
	d, has := s.Delivery(a.ID)
	out := chat.Section{Title: a.Name()}
	if has && d.State != social.Void {
		out.Note, out.Tone = deliveryNote(d, l), deliveryTone(d.State)
	} else {
		out.Note = variantNote(s, v, l)
	}
	if own := s.Revision.Texts[a.ID]; own != "" {
		out.Body = parts(social.SplitThread(own))
	}
	if has {
		out.Body = deliveryBody(out.Body, d, l)
	}
	if !s.Frozen(a.ID) {
		for _, p := range s.Check(v) {
			out.Tone = chat.Bad
			out.Body = below(out.Body, chat.Plain("⚠ "+p.Say.In(l)))
		}
	}
	return out
}

func variantNote(s social.Sheet, v social.Variant, l i18n.Locale) []chat.Span {
	out := []chat.Span{chat.Plain(count(v))}
	if (s.Post.State == social.Draft || s.Post.State == social.InReview) && len(s.Approvals) > 0 && !s.Approved(v) {
		out = append(out, chat.Plain(" · "), chat.Bold(needsYes.In(l)))
	}
	return out
}

func deliveryNote(d social.Delivery, l i18n.Locale) []chat.Span {
	out := []chat.Span{chat.Bold(deliveryNames[d.State].In(l))}
	if u := d.URL(); u != "" && d.State != social.Gone {
		out = append(out, chat.Plain(" · "), chat.Link{Label: seeIt.In(l), URL: u})
	}
	return out
}

func deliveryTone(s social.DeliveryState) chat.Tone {
	switch s {
	case social.Live:
		return chat.Good
	case social.Refused:
		return chat.Bad
	case social.Unsure, social.Missed:
		return chat.Waiting
	}
	return chat.Neutral
}

func deliveryBody(out []chat.Span, d social.Delivery, l i18n.Locale) []chat.Span {
	if n := d.LiveParts(); n > 0 && n < len(d.Parts) {
		out = below(out, chat.Plain(cutShort.In(l, n, len(d.Parts))))
	}
	if w := why(d, l); w != "" {
		out = below(out, chat.Plain(w))
	}
	return out
}

var (
	itIsLive  = i18n.Text{En: "It is live", Fr: "Elle est en ligne"}
	sendAgain = i18n.Text{En: "Send again", Fr: "Renvoyer"}
	tryAgain  = i18n.Text{En: "Try again", Fr: "Réessayer"}
	goOn      = i18n.Text{En: "Continue the thread", Fr: "Continuer le fil"}
	giveUp    = i18n.Text{En: "Give up", Fr: "Renoncer"}
	takeDown  = i18n.Text{En: "Take down", Fr: "Retirer"}
	takeStart = i18n.Text{En: "Take down the beginning", Fr: "Retirer le début"}
	sureAgain = i18n.Text{En: "Griot looks on the account first, then sends it again. Go on?", Fr: "Griot regarde d’abord sur le compte, puis renvoie. Continuer\u202f?"}
	sureDown  = i18n.Text{En: "Take it down from %s? People who saw it may have kept it.", Fr: "Retirer de %s\u202f? Des personnes l’ont peut-être déjà vue."}
)

// deliveryButtons is what people may decide about what left, or did not.
func deliveryButtons(s social.Sheet, l i18n.Locale) []chat.Button {
	var out []chat.Button
	ds := s.Newest()
	for _, d := range ds {
		where := ""
		if len(ds) > 1 {
			where = " · " + s.Account(d.AccountID).Label()
		}
		add := func(label i18n.Text, verb string, style chat.Style, confirm string) {
			out = append(out, chat.Button{Label: label.In(l) + where, Tag: chat.Tag{Verb: "delivery." + verb, Subject: d.ID}, Style: style, Confirm: confirm})
		}
		begun := d.LiveParts() > 0
		switch d.State {
		case social.Unsure:
			add(itIsLive, "live", chat.Primary, "")
			add(sendAgain, "resend", chat.Risky, sureAgain.In(l))
		case social.Refused, social.Void:
			switch {
			case begun:
				add(goOn, "retry", chat.Primary, "")
			case d.State == social.Refused:
				add(tryAgain, "retry", chat.Primary, "")
			}
		case social.Missed:
			add(moveLabels[social.Publish], "retry", chat.Primary, "")
			add(giveUp, "drop", chat.Usual, "")
		case social.Live:
			add(takeDown, "remove", chat.Risky, sureDown.In(l, s.Account(d.AccountID).Label()))
		}
		if begun && d.State != social.Live && d.State != social.Gone && d.State != social.Removing {
			add(takeStart, "remove", chat.Risky, sureDown.In(l, s.Account(d.AccountID).Label()))
		}
	}
	return out
}
