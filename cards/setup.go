package cards

import (
	"slices"
	"strings"

	"griot/chat"
	"griot/i18n"
	"griot/social"
)

var (
	welcomeTitle = i18n.Text{En: "Hello, I am Griot", Fr: "Bonjour, je suis Griot"}
	welcomeBody  = i18n.Text{
		En: "I help the people who speak for a brand: write a post, get it approved, schedule it, publish it. Nothing goes out that one of you did not approve.",
		Fr: "J’aide celles et ceux qui parlent au nom d’une marque\u202f: rédiger une publication, la faire valider, la programmer, la publier. Rien ne sort sans l’accord de l’un de vous.",
	}
	welcomeNext = i18n.Text{En: "Nobody has set me up here yet. It takes a minute: ", Fr: "Personne ne m’a encore installé ici. Une minute suffit\u202f: "}
	setMeUp     = i18n.Text{En: "Set up", Fr: "Démarrer"}
	setupTyped  = i18n.Text{En: "/setup", Fr: "/demarrer"}

	settledWrite = i18n.Text{En: ": write with ", Fr: "\u202f: rédigez avec "}
	draftTyped   = i18n.Text{En: "/post draft", Fr: "/post rediger"}
	settledHelp  = i18n.Text{En: ", and find the rest with ", Fr: ", et trouvez le reste avec "}
	helpTyped    = i18n.Text{En: "/help", Fr: "/aide"}
)

// Welcome is what Griot says at the first word in a workspace that has no team yet.
func Welcome(l i18n.Locale) chat.Card {
	return chat.Card{
		Title: welcomeTitle.In(l),
		Body: []chat.Span{chat.Plain(welcomeBody.In(l)), chat.Break{}, chat.Break{},
			chat.Plain(welcomeNext.In(l)), chat.Code(setupTyped.In(l))},
		Buttons: []chat.Button{{Label: setMeUp.In(l), Tag: Run("setup"), Style: chat.Primary}},
	}
}

// Settled is what becomes of that greeting once a brand is there.
func Settled(b social.Brand, l i18n.Locale) chat.Card {
	return chat.Card{
		Title: welcomeTitle.In(l),
		Body: []chat.Span{chat.Plain(welcomeBody.In(l)), chat.Break{}, chat.Break{},
			chat.Bold(readyTitle.In(l, b.Name)), chat.Plain(settledWrite.In(l)), chat.Code(draftTyped.In(l)),
			chat.Plain(settledHelp.In(l)), chat.Code(helpTyped.In(l))},
		Buttons: []chat.Button{{Label: writePost.In(l), Tag: Run("post draft"), Style: chat.Primary}},
	}
}

// Setup is what a setup made.
type Setup struct {
	Brand    social.Brand
	Places   []Place         // its channels
	People   []social.Member // whom one can speak as, in the playground; nil elsewhere
	Practice string          // the practice account that is connected already; empty: none
}

var (
	readyTitle   = i18n.Text{En: "%s is ready", Fr: "%s est prête"}
	readyNext    = i18n.Text{En: "Next, connect an account: then you can write a first post.", Fr: "Connectez maintenant un compte\u202f: vous pourrez rédiger une première publication."}
	readyTry     = i18n.Text{En: "Next, write a first post and send it for approval, then speak as the approver to approve it.", Fr: "Rédigez maintenant une première publication et envoyez-la en validation, puis prenez la place du valideur pour la valider."}
	fieldPeople  = i18n.Text{En: "To practise, speak as", Fr: "Pour vous entraîner, parlez en tant que"}
	fieldAccount = i18n.Text{En: "Practice account", Fr: "Compte d’entraînement"}
	practiceNote = i18n.Text{En: "%s (nothing leaves this computer)", Fr: "%s (rien ne sort de cet ordinateur)"}
	readyRest    = i18n.Text{
		En: "Mentions of the brand will come to the channel for approvals too; the morning’s numbers have no channel yet. “Channels…” settles both.",
		Fr: "Les mentions de la marque arriveront elles aussi dans le canal des validations\u202f; le bilan du matin n’a pas encore de canal. Le bouton «\u202fCanaux…\u202f» règle les deux.",
	}
	readyNowhere = i18n.Text{
		En: "Approvals, mentions of the brand and the morning’s numbers have no channel yet. “Channels…” gives them one.",
		Fr: "Les validations, les mentions de la marque et le bilan du matin n’ont pas encore de canal. Le bouton «\u202fCanaux…\u202f» leur en donne un.",
	}
	inviteThem = i18n.Text{En: "Invite people", Fr: "Inviter des personnes"}
	seeBrand   = i18n.Text{En: "Settings", Fr: "Réglages"}
)

// Ready ends a setup: what there is now, the next step, and where the rest comes: the form did not ask for it, since nobody who
// begins knows yet what a mention or a morning’s numbers look like.
func Ready(s Setup, l i18n.Locale) chat.Card {
	c := chat.Card{Title: readyTitle.In(l, s.Brand.Name), Tone: chat.Good, Body: []chat.Span{chat.Plain(readyNext.In(l))}}
	c.Fields = append(basics(s.Brand, l), placeFields(s.Places, l)...)
	connect := chat.Button{Label: connectOne.In(l), Tag: Run("connect"), Style: chat.Primary}
	if len(s.People) > 0 {
		var who []string
		for _, m := range s.People {
			who = append(who, m.Name+" ("+RoleNames(m.Roles[s.Brand.ID], l)+")")
		}
		c.Fields = append(c.Fields, chat.Field{Label: fieldPeople.In(l), Value: []chat.Span{chat.Plain(strings.Join(who, " · "))}})
	}
	if s.Practice != "" {
		c.Body = []chat.Span{chat.Plain(readyTry.In(l))}
		c.Fields = append(c.Fields, chat.Field{Label: fieldAccount.In(l), Value: []chat.Span{chat.Plain(practiceNote.In(l, s.Practice))}})
		c.Buttons = append(c.Buttons, chat.Button{Label: writePost.In(l), Tag: Run("post draft"), Style: chat.Primary})
		connect.Style = chat.Usual
	}
	c.Buttons = append(c.Buttons, connect)
	if len(s.People) == 0 {
		c.Buttons = append(c.Buttons, chat.Button{Label: inviteThem.In(l), Tag: Run("team invite")})
	}
	c.Buttons = append(c.Buttons, chat.Button{Label: channelsDo.In(l), Tag: chat.Tag{Verb: "brand.channel", Subject: s.Brand.ID}},
		chat.Button{Label: seeBrand.In(l), Tag: Run("brand show")})
	rest := readyNowhere
	if slices.ContainsFunc(s.Places, func(p Place) bool { return p.Purpose == social.Approvals }) {
		rest = readyRest
	}
	c.Foot = []chat.Span{chat.Plain(rest.In(l))}
	return c
}
