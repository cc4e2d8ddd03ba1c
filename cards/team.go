package cards

import (
	"strings"

	"griot/chat"
	"griot/i18n"
	"griot/social"
)

var (
	membersTitle = i18n.Text{En: "The people of %s", Fr: "L’équipe de %s"}
	roleLess     = i18n.Text{En: "no role here", Fr: "aucun rôle ici"}
	changeRoles  = i18n.Text{En: "Change the roles of…", Fr: "Changer les rôles de…"}
	answerOne    = i18n.Text{En: "Answer a request…", Fr: "Répondre à une demande…"}
	waitingOnes  = i18n.Plural{
		One:  i18n.Text{En: "%d person asks to be let in.", Fr: "%d personne demande l’accès."},
		Many: i18n.Text{En: "%d people ask to be let in.", Fr: "%d personnes demandent l’accès."},
	}
	linkChat = i18n.Text{En: "Link my other chat", Fr: "Relier mon autre chat"}
)

// People are those of a team, as somebody asks for them.
type People struct {
	Brand    social.Brand // whose roles are meant
	Members  []social.Member
	Groups   map[string][]social.Group // that give members roles for the brand, by member
	Requests []social.Request          // to be let in, that nobody has answered
	By       social.Member             // who asks
}

// Members lists who is in the team and their roles for a brand. Those who manage the brand can change roles, invite, and
// answer requests.
func Members(p People, l i18n.Locale) chat.Card {
	b, open, by := p.Brand, p.Requests, p.By
	c := chat.Card{Title: membersTitle.In(l, b.Name)}
	change := chat.Select{Label: changeRoles.In(l), Tag: chat.Tag{Verb: "team.member", Subject: b.ID}}
	for i, m := range p.Members {
		if i > 0 {
			c.Body = append(c.Body, chat.Break{})
		}
		c.Body = append(c.Body, chat.Person{Name: m.Name}, chat.Plain(" · "+RoleNames(m.Roles[b.ID], l)))
		if from := p.Groups[m.ID]; len(from) > 0 {
			c.Body = append(c.Body, chat.Plain(" ("+ByGroups(from, l)+")"))
		}
		if len(change.Options) < 25 {
			change.Options = append(change.Options, chat.Option{Value: m.ID, Label: m.Name})
		}
	}
	if by.Has(b.ID, social.Admin) {
		c.Selects = append(c.Selects, change)
		c.Buttons = append(c.Buttons, chat.Button{Label: inviteThem.In(l), Tag: Run("team invite"), Style: chat.Primary})
		if len(open) > 0 {
			c.Foot = []chat.Span{chat.Bold(waitingOnes.In(l, len(open)))}
			c.Selects = append(c.Selects, requestSelect(open, l))
		}
	}
	c.Buttons = append(c.Buttons, chat.Button{Label: linkChat.In(l), Tag: Run("team link")})
	return c
}

var requestsTitle = i18n.Text{En: "Who asks to be let in", Fr: "Qui demande l’accès"}

// Requests lists who waits to be let in.
func Requests(open []social.Request, l i18n.Locale) chat.Card {
	c := chat.Card{Title: requestsTitle.In(l), Tone: chat.Waiting, Selects: []chat.Select{requestSelect(open, l)}}
	for i, q := range open {
		if i > 0 {
			c.Body = append(c.Body, chat.Break{})
		}
		c.Body = append(c.Body, chat.Plain(q.Name+" · "+chat.Title(q.Surface)))
	}
	return c
}

func requestSelect(open []social.Request, l i18n.Locale) chat.Select {
	s := chat.Select{Label: answerOne.In(l), Tag: chat.Tag{Verb: "team.request"}}
	for _, q := range open[:min(len(open), 25)] {
		s.Options = append(s.Options, chat.Option{Value: q.ID, Label: q.Name})
	}
	return s
}

// RoleNames writes roles as people say them: "writer, approver".
func RoleNames(roles []social.Role, l i18n.Locale) string {
	if len(roles) == 0 {
		return roleLess.In(l)
	}
	var out []string
	for _, r := range social.Roles {
		for _, has := range roles {
			if r == has {
				out = append(out, r.Name().In(l))
			}
		}
	}
	return strings.Join(out, ", ")
}

var (
	requestTitle = i18n.Text{En: "%s asks to be let in", Fr: "%s demande l’accès"}
	requestBody  = i18n.Text{En: "Let them in only if you know who they are: they will see the team’s posts.", Fr: "N’acceptez que si vous savez qui c’est\u202f: cette personne verra les publications de l’équipe."}
	requestWhere = i18n.Text{En: "Chat", Fr: "Chat"}
	requestDone  = i18n.Text{En: "%s has answered this request.", Fr: "%s a répondu à cette demande."}
	letIn        = i18n.Text{En: "Let in…", Fr: "Accepter…"}
	turnAway     = i18n.Text{En: "Turn away", Fr: "Refuser"}
	sureAway     = i18n.Text{En: "Turn %s away? They may ask again tomorrow.", Fr: "Refuser l’accès à %s\u202f? Une nouvelle demande sera possible demain."}
)

// Request shows a stranger's wish to be let in. by is the name of who answered it; empty while nobody did.
func Request(q social.Request, by string, l i18n.Locale) chat.Card {
	c := chat.Card{
		Subject: q.ID, Title: requestTitle.In(l, q.Name), Tone: chat.Waiting,
		Fields: []chat.Field{{Label: requestWhere.In(l), Value: []chat.Span{chat.Plain(chat.Title(q.Surface))}}},
	}
	if !q.Open() {
		c.Tone, c.Body = chat.Neutral, []chat.Span{chat.Plain(requestDone.In(l, by))}
		return c
	}
	c.Body = []chat.Span{chat.Plain(requestBody.In(l))}
	c.Buttons = []chat.Button{
		{Label: letIn.In(l), Tag: chat.Tag{Verb: "team.admit", Subject: q.ID}, Style: chat.Primary},
		{Label: turnAway.In(l), Tag: chat.Tag{Verb: "team.turn_away", Subject: q.ID}, Style: chat.Risky, Confirm: sureAway.In(l, q.Name)},
	}
	return c
}

var (
	inviteTitle = i18n.Text{En: "An invitation to %s", Fr: "Une invitation pour %s"}
	inviteBody  = i18n.Text{En: "Send this to one person. In a chat of the team they type:", Fr: "Envoyez ceci à une seule personne. Dans un chat de l’équipe, elle tape\u202f:"}
	inviteFoot  = i18n.Text{En: "It works once, for seven days, and gives these roles: %s.", Fr: "Elle sert une fois, pendant sept jours, et donne ces rôles\u202f: %s."}
	joinTyped   = i18n.Text{En: "/team join code:%s", Fr: "/equipe rejoindre code:%s"}
	linkTitle   = i18n.Text{En: "Your code to link another chat", Fr: "Votre code pour relier un autre chat"}
	linkBody    = i18n.Text{En: "In the other chat, type:", Fr: "Dans l’autre chat, tapez\u202f:"}
	linkFoot    = i18n.Text{
		En: "It works once, for ten minutes. Keep it to yourself: whoever types it becomes you for Griot.",
		Fr: "Il sert une fois, pendant dix minutes. Gardez-le pour vous\u202f: qui le tape devient vous pour Griot.",
	}
	linkWorkspace = i18n.Text{
		En: " Typed in a Slack workspace or a Discord server that Griot does not know yet, it brings that one into your team.",
		Fr: " Tapé dans un espace Slack ou un serveur Discord que Griot ne connaît pas encore, il le fait entrer dans votre équipe.",
	}
	linkTyped = i18n.Text{En: "/team link code:%s", Fr: "/equipe lier code:%s"}
)

// Invitation shows the code that lets one person in.
func Invitation(code string, b social.Brand, roles []social.Role, l i18n.Locale) chat.Card {
	return chat.Card{
		Title: inviteTitle.In(l, b.Name),
		Body:  []chat.Span{chat.Plain(inviteBody.In(l)), chat.Break{}, chat.Code(joinTyped.In(l, code))},
		Foot:  []chat.Span{chat.Plain(inviteFoot.In(l, RoleNames(roles, l)))},
	}
}

// LinkCode shows the code that makes by known in another chat; an admin's brings a new workspace in, too.
func LinkCode(code string, by social.Member, l i18n.Locale) chat.Card {
	foot := linkFoot.In(l)
	if by.IsAdmin() {
		foot += linkWorkspace.In(l)
	}
	return chat.Card{
		Title: linkTitle.In(l),
		Body:  []chat.Span{chat.Plain(linkBody.In(l)), chat.Break{}, chat.Code(linkTyped.In(l, code))},
		Foot:  []chat.Span{chat.Plain(foot)},
	}
}
