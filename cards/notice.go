package cards

import (
	"strings"
	"time"

	"griot/chat"
	"griot/i18n"
	"griot/social"
)

// noticeTexts say what happened and the one next step. {post} is the subject's short name; the others are the notice's data.
var noticeTexts = map[social.NoticeKind]i18n.Text{
	social.ToApprove: {
		En: "{post} is waiting for your approval. Read the card, then press Approve or Needs changes.",
		Fr: "{post} attend votre validation. Lisez la carte, puis appuyez sur Valider ou À revoir.",
	},
	social.SentBack: {
		En: "{post} was sent back to you: {note}. Edit it, then send it for approval again.",
		Fr: "{post} vous est renvoyée\u202f: {note}. Modifiez-la, puis renvoyez-la en validation.",
	},
	social.Corrected: {
		En: "{post} was corrected and approved. Read the new words on the card.",
		Fr: "{post} a été corrigée et validée. Relisez le nouveau texte sur la carte.",
	},
	social.Moved: {
		En: "{post}, which you approved, has a new date: {at}. Send it back if that does not suit.",
		Fr: "{post}, que vous avez validée, a une nouvelle date\u202f: {at}. Renvoyez-la si cela ne convient pas.",
	},
	social.NotTaken: {
		En: "{post} was not published on {account}: {words}{next}",
		Fr: "{post} n’a pas été publiée sur {account}\u202f: {words}{next}",
	},
	social.LookAt: {
		En: "Nobody can tell whether {post} reached {account}. Look there, then press It is live or Send again.",
		Fr: "Impossible de savoir si {post} est arrivée sur {account}. Regardez-y, puis appuyez sur Elle est en ligne ou Renvoyer.",
	},
	social.NotSent: {
		En: "{post} did not leave for {account} in time. Press Publish now or Give up on the card.",
		Fr: "{post} n’est pas partie à temps vers {account}. Appuyez sur Publier maintenant ou Renoncer sur la carte.",
	},
	social.RunsLate: {
		En: "{post} is late for {account}{by}. Griot keeps trying; /why tells the story.",
		Fr: "{post} a du retard vers {account}{by}. Griot continue d’essayer\u202f; /historique raconte tout.",
	},
	social.SignAgain: {
		En: "{account} no longer accepts our sign-in: nothing leaves there until you connect it again, with /connect.",
		Fr: "{account} n’accepte plus notre connexion\u202f: plus rien n’y part tant que vous ne l’avez pas reconnecté, avec /connecter.",
	},
	social.CutShort: {
		En: "Only the beginning of {post} is live on {account}: {words} Press Continue the thread or Take down the beginning.",
		Fr: "Seul le début de {post} est en ligne sur {account}\u202f: {words} Appuyez sur Continuer le fil ou Retirer le début.",
	},
	social.AskAccess: {
		En: "{name} asks to be let into the team. Answer with /team requests.",
		Fr: "{name} demande à rejoindre l’équipe. Répondez avec /equipe demandes.",
	},
	social.LetIn: {
		En: "You are in the team now, for {name}. Type /help to see what you can do.",
		Fr: "Vous faites maintenant partie de l’équipe, pour {name}. Tapez /aide pour voir ce que vous pouvez faire.",
	},
	social.NotRemoved: {
		En: "{account} did not take {post} down: {words} Try again, or remove it there by hand.",
		Fr: "{account} n’a pas retiré {post}\u202f: {words} Réessayez, ou retirez-la là-bas à la main.",
	},
	social.NoAccount: {
		En: "{post} will not leave for {account}: that account was removed. Edit the post to choose another, or cancel it.",
		Fr: "{post} ne partira pas vers {account}\u202f: ce compte a été retiré. Modifiez-la pour en choisir un autre, ou annulez-la.",
	},
	social.Unreachable: {
		En: "I may not write in {channel} on {surface} any more. Let me in again: type {invite} in that channel; or choose another one with /brand channel.",
		Fr: "Je ne peux plus écrire dans {channel} sur {surface}. Faites-moi revenir en tapant {invite} dans ce canal, ou choisissez-en un autre avec /marque canal.",
	},
	social.NotHeard: {
		En: "I cannot read what is said to {account}: {why}",
		Fr: "Je n’arrive pas à lire ce qui est dit à {account}\u202f: {why}",
	},
	social.HandedOver: {
		En: "{who} hands you {post}: {note}. Answer from the card, or hand it on.",
		Fr: "{who} vous transmet {post} : {note}. Répondez depuis la carte, ou passez-la à quelqu’un d’autre.",
	},
	social.ChatGone: {
		En: "Griot was removed from {workspace} on {surface}: cards and notices no longer reach it. Install it again from Griot’s page {install}, or choose another channel with /brand channel.",
		Fr: "Griot a été retiré de {workspace} sur {surface}\u202f: les cartes et les avis n’y arrivent plus. Réinstallez-le depuis la page {install} de Griot, ou choisissez un autre canal avec /marque canal.",
	},
}

// inDiscord are the notices whose next step is another one there.
var inDiscord = map[social.NoticeKind]i18n.Text{
	social.Unreachable: {
		En: "I may not write in {channel} on {surface} any more. Give me “View Channel” and “Send Messages” there, under “Edit Channel”, “Permissions”; or choose another one with /brand channel.",
		Fr: "Je ne peux plus écrire dans {channel} sur {surface}. Donnez-moi «\u202fVoir le salon\u202f» et «\u202fEnvoyer des messages\u202f» sous «\u202fModifier le salon\u202f», «\u202fPermissions\u202f», ou choisissez-en un autre avec /marque canal.",
	},
	social.ChatGone: {
		En: "Griot was removed from {workspace} on {surface}: cards and notices no longer reach it. Whoever runs Griot has the link that invites it again; or choose another channel with /brand channel.",
		Fr: "Griot a été retiré de {workspace} sur {surface}\u202f: les cartes et les avis n’y arrivent plus. La personne qui s’occupe de Griot a le lien pour l’inviter à nouveau\u202f; ou choisissez un autre canal avec /marque canal.",
	},
}

// ofAnswers are the notices about what answers a mention.
var ofAnswers = map[social.NoticeKind]i18n.Text{
	social.ToApprove: {
		En: "The answer to {post} is waiting for your approval. Read the card, then press Approve or Needs changes.",
		Fr: "La réponse à {post} attend votre validation. Lisez la carte, puis appuyez sur Valider ou À revoir.",
	},
	social.SentBack: {
		En: "Your answer to {post} was sent back: {note}. Write it again with Answer, on the card.",
		Fr: "Votre réponse à {post} est à revoir\u202f: {note}. Récrivez-la avec Répondre, sur la carte.",
	},
	social.NotTaken: {
		En: "Your answer to {post} was not published on {account}: {words} Press Try again or Answer, on the card.",
		Fr: "Votre réponse à {post} n’a pas été publiée sur {account}\u202f: {words} Appuyez sur Réessayer ou Répondre, sur la carte.",
	},
	social.LookAt: {
		En: "Nobody can tell whether your answer to {post} reached {account}. Look there, then press It is live or Send again.",
		Fr: "Impossible de savoir si votre réponse à {post} est arrivée sur {account}. Regardez-y, puis appuyez sur Elle est en ligne ou Renvoyer.",
	},
	social.NotSent: {
		En: "Your answer to {post} did not leave for {account} in time. Press Publish now or Give up on the card.",
		Fr: "Votre réponse à {post} n’est pas partie à temps vers {account}. Appuyez sur Publier maintenant ou Renoncer sur la carte.",
	},
	social.RunsLate: {
		En: "Your answer to {post} is late for {account}{by}. Griot keeps trying; History, on the card, tells the story.",
		Fr: "Votre réponse à {post} a du retard vers {account}{by}. Griot continue d’essayer\u202f; Historique, sur la carte, raconte tout.",
	},
}

var (
	correctedOf = i18n.Text{
		En: "{post} was corrected. Read the new words on the card; others must still say yes.",
		Fr: "{post} a été corrigée. Relisez le nouveau texte sur la carte\u202f; d’autres doivent encore donner leur accord.",
	}
	noticeOther = i18n.Text{En: "{post} needs you. Look at the card.", Fr: "{post} a besoin de vous. Regardez la carte."}
	aPost       = i18n.Text{En: "a post", Fr: "une publication"}
	quotedName  = i18n.Text{En: "“%s”", Fr: "«\u202f%s\u202f»"}
	anAccount   = i18n.Text{En: "an account", Fr: "un compte"}
	aChannel    = i18n.Text{En: "one of your channels", Fr: "l’un de vos canaux"}
	noReason    = i18n.Text{En: "the network did not say why.", Fr: "le réseau n’a pas dit pourquoi."}
	mendIt      = i18n.Text{En: " Edit it, or press Try again on the card.", Fr: " Modifiez-la ou appuyez sur Réessayer, sur la carte."}
	lateBy      = i18n.Text{En: " (%s)", Fr: " (%s)"}
)

// Notice is the line that asks a member to act. About is the subject's short name, from outside; empty when it has none.
// The data's account is a label, at is RFC 3339 with zone beside it, by is a duration as Go writes it.
func Notice(n social.Notice, about string, l i18n.Locale) []chat.Span {
	text, ok := noticeTexts[n.Kind]
	if !ok {
		text = noticeOther
	}
	if own, ok := ofAnswers[n.Kind]; ok && strings.HasPrefix(n.Subject, "men_") {
		text = own
	}
	if n.Kind == social.Corrected && n.Data["of"] != "" {
		text = correctedOf
	}
	if own, ok := inDiscord[n.Kind]; ok && n.Data["surface"] == "discord" {
		text = own
	}
	var out []chat.Span
	for i, piece := range strings.Split(text.In(l), "{") {
		if i > 0 {
			name, rest, _ := strings.Cut(piece, "}")
			s := noticeSpan(n, name, about, l)
			if b, ok := s.(chat.Bold); ok && len(out) == 0 && (b == chat.Bold(aPost.In(l)) || b == chat.Bold(anAccount.In(l))) {
				s = chat.Bold(strings.ToUpper(string(b[:1]))) + b[1:]
			}
			if s != nil {
				out = append(out, s)
			}
			piece = rest
		}
		if piece != "" {
			out = append(out, chat.Plain(piece))
		}
	}
	return out
}

func noticeSpan(n social.Notice, name, about string, l i18n.Locale) chat.Span {
	said := n.Data[name]
	switch name {
	case "post":
		if about == "" {
			return chat.Bold(aPost.In(l))
		}
		return chat.Bold(quotedName.In(l, about))
	case "account":
		if said == "" {
			said = anAccount.In(l)
		}
		return chat.Bold(said)
	case "surface", "workspace", "channel", "invite", "install":
		return noticePlace(n, name, l)
	case "why":
		if why := n.Data["why_"+string(l)]; why != "" {
			return chat.Plain(why)
		}
		return chat.Plain(noReason.In(l))
	case "note":
		return chat.Plain(quotedName.In(l, strings.TrimRight(strings.TrimSpace(said), ".")))
	case "words":
		if r := social.Reason(n.Data["reason"]); r != social.ByNetwork {
			if w := why(social.Delivery{State: social.Refused, Reason: r, Words: said}, l); w != "" {
				return chat.Plain(strings.ToLower(w[:1]) + w[1:])
			}
		}
		if said == "" {
			return chat.Plain(noReason.In(l))
		}
		return chat.Plain(closed(quotedName.In(l, said), said))
	case "next":
		if r := social.Reason(n.Data["reason"]); r == social.ByNetwork || r == social.ByCheck || r == social.NoReason {
			return chat.Plain(mendIt.In(l))
		}
		return nil // the reason says what to do
	case "at":
		return noticeMoment(said, n.Data["zone"], l)
	case "by":
		if d, err := time.ParseDuration(said); err == nil {
			return chat.Plain(lateBy.In(l, i18n.Span(d)))
		}
		return nil
	}
	return chat.Plain(said)
}

// noticePlace says where something happened, and what to type or open there.
func noticePlace(n social.Notice, name string, l i18n.Locale) chat.Span {
	said, surface := n.Data[name], n.Data["surface"]
	switch {
	case name == "invite":
		return chat.Code("/invite @Griot")
	case name == "install":
		return chat.Code("/" + surface + "/install")
	case name == "channel" && said == "":
		return chat.Plain(aChannel.In(l))
	case name == "surface" && said != "":
		return chat.Plain(chat.Title(said))
	}
	return chat.Bold(said)
}

// closed ends a quotation with a full stop, unless what is quoted has its own.
func closed(quotation, said string) string {
	if strings.HasSuffix(said, ".") || strings.HasSuffix(said, "!") || strings.HasSuffix(said, "?") || strings.HasSuffix(said, "…") {
		return quotation
	}
	return quotation + "."
}

// noticeMoment is a date of the data; as it stands when it cannot be read.
func noticeMoment(at, zone string, l i18n.Locale) chat.Span {
	t, err := time.Parse(time.RFC3339, at)
	if err != nil {
		return chat.Plain(at)
	}
	if loc, err := time.LoadLocation(zone); err == nil {
		t = t.In(loc)
	}
	return chat.When{T: t.UTC(), Text: i18n.Moment(t, l)}
}
