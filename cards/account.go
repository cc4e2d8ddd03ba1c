package cards

import (
	"strings"

	"griot/chat"
	"griot/i18n"
	"griot/social"
)

// Run is the tag of a button that starts a command by its canonical name, as the registry reads it.
func Run(command string) chat.Tag { return chat.Tag{Verb: "run", Subject: command} }

// Network is one that can be connected.
type Network struct {
	ID, Name string
	About    i18n.Text // what is needed, and where to find it
	Verb     string    // of its button: account.connect opens a form, account.page makes a page
}

var (
	networksTitle = i18n.Text{En: "Connect an account of %s", Fr: "Connecter un compte de %s"}
	networksLead  = i18n.Text{En: "Which network?", Fr: "Sur quel réseau\u202f?"}
	networksFoot  = i18n.Text{
		En: "What you enter is encrypted before it is stored, and never shown again.",
		Fr: "Ce que vous saisissez est chiffré avant d’être enregistré, et n’est plus jamais affiché.",
	}
	pageTitle = i18n.Text{En: "Sign in to %s for %s", Fr: "Connexion à %s pour %s"}
	pageBody  = i18n.Text{
		En: "This page is for you alone. It works once, for ten minutes, and shows the account before anything is connected.",
		Fr: "Cette page est pour vous seul. Elle sert une fois, pendant dix minutes, et montre le compte avant toute connexion.",
	}
	pageOpen = i18n.Text{En: "Open the page", Fr: "Ouvrir la page"}
)

// Networks asks which network to connect a brand to.
func Networks(b social.Brand, all []Network, l i18n.Locale) chat.Card {
	c := chat.Card{
		Title: networksTitle.In(l, b.Name), Lead: []chat.Span{chat.Plain(networksLead.In(l))},
		Foot: []chat.Span{chat.Plain(networksFoot.In(l))},
	}
	for _, n := range all {
		c.Sections = append(c.Sections, chat.Section{Title: n.Name, Body: []chat.Span{chat.Plain(n.About.In(l))}})
		c.Buttons = append(c.Buttons, chat.Button{Label: n.Name, Tag: ConnectTag(n.Verb, b.ID, n.ID)})
	}
	return c
}

// ConnectTag is the tag of what connects a brand to a network.
func ConnectTag(verb, brand, network string) chat.Tag {
	return chat.Tag{Verb: verb, Subject: brand + "." + network}
}

// SecretPage leads to the page that takes what is secret.
func SecretPage(network string, b social.Brand, url string, l i18n.Locale) chat.Card {
	return chat.Card{
		Title: pageTitle.In(l, network, b.Name), Body: []chat.Span{chat.Plain(pageBody.In(l))},
		Buttons: []chat.Button{{Label: pageOpen.In(l), URL: url, Style: chat.Primary}},
	}
}

var (
	connectedTitle = i18n.Text{En: "%s is connected", Fr: "%s est connecté"}
	waitTitle      = i18n.Text{En: "Connecting to %s…", Fr: "Connexion à %s en cours…"}
	waitBody       = i18n.Text{
		En: "The network takes its time. You will be told here as soon as it answers; nothing else to do.",
		Fr: "Le réseau prend son temps. Vous serez prévenu ici dès sa réponse\u202f; rien d’autre à faire.",
	}
	notConnected = i18n.Text{En: "The account could not be connected", Fr: "Le compte n’a pas pu être connecté"}
	fieldBrand   = i18n.Text{En: "Brand", Fr: "Marque"}
	fieldState   = i18n.Text{En: "State", Fr: "État"}
	fieldFits    = i18n.Text{En: "It takes", Fr: "Il accepte"}
	fieldChecked = i18n.Text{En: "Checked", Fr: "Vérifié"}
	writePost    = i18n.Text{En: "Write a post", Fr: "Rédiger une publication"}
	seeAccounts  = i18n.Text{En: "All accounts", Fr: "Tous les comptes"}
	connectOne   = i18n.Text{En: "Connect an account", Fr: "Connecter un compte"}
	connectMore  = i18n.Text{En: "Connect another", Fr: "En connecter un autre"}
)

// Connected is the result of a sign-in: whose account it is, and what fits there.
func Connected(a social.Account, b social.Brand, l i18n.Locale) chat.Card {
	return chat.Card{
		Title: connectedTitle.In(l, a.Name()), Tone: chat.Good, Body: publicPage(a, l),
		Fields: []chat.Field{
			{Label: fieldBrand.In(l), Value: []chat.Span{chat.Plain(b.Name)}},
			{Label: fieldFits.In(l), Value: []chat.Span{chat.Plain(Fits(a.Limits, l))}},
		},
		Buttons: []chat.Button{
			{Label: writePost.In(l), Tag: Run("post draft"), Style: chat.Primary},
			{Label: connectMore.In(l), Tag: Run("connect")},
			{Label: seeAccounts.In(l), Tag: Run("accounts")},
		},
	}
}

// Connecting says that a network has not answered yet and that the sign-in goes on.
func Connecting(network string, l i18n.Locale) chat.Card {
	return chat.Card{Title: waitTitle.In(l, network), Tone: chat.Waiting, Body: []chat.Span{chat.Plain(waitBody.In(l))}}
}

// NotConnected says why a sign-in that went on by itself came to nothing, and lets the person try again. why is a sentence
// in l.
func NotConnected(why string, l i18n.Locale) chat.Card {
	return chat.Card{Title: notConnected.In(l), Tone: chat.Bad, Body: []chat.Span{chat.Plain(why)},
		Buttons: []chat.Button{{Label: connectOne.In(l), Tag: Run("connect"), Style: chat.Primary}}}
}

var (
	accountsTitle = i18n.Text{En: "Accounts of %s", Fr: "Comptes de %s"}
	noAccounts    = i18n.Text{
		En: "No account yet. Connect one, or a practice account to try things out.",
		Fr: "Aucun compte pour l’instant. Connectez-en un, ou un compte d’entraînement pour essayer.",
	}
	openAccount   = i18n.Text{En: "Check, reconnect or remove…", Fr: "Vérifier, reconnecter ou retirer…"}
	accountStates = map[social.AccountState]i18n.Text{
		social.Connected:   {En: "connected", Fr: "connecté"},
		social.NeedsSignIn: {En: "to be connected again: nothing leaves there until then", Fr: "à reconnecter\u202f: rien n’y part d’ici là"},
		social.Removed:     {En: "removed", Fr: "retiré"},
	}
	checkNow   = i18n.Text{En: "Check now", Fr: "Vérifier maintenant"}
	reconnect  = i18n.Text{En: "Connect again", Fr: "Reconnecter"}
	removeIt   = i18n.Text{En: "Remove", Fr: "Retirer"}
	sureNone   = i18n.Text{En: "Remove %s? Nothing is scheduled there. What is live stays live.", Fr: "Retirer %s\u202f? Rien n’y est programmé. Ce qui est en ligne le reste."}
	sureAmount = i18n.Plural{
		One: i18n.Text{
			En: "Remove %[2]s? %[1]d scheduled post will not leave there. What is live stays live.",
			Fr: "Retirer %[2]s\u202f? %[1]d publication programmée n’y partira pas. Ce qui est en ligne le reste.",
		},
		Many: i18n.Text{
			En: "Remove %[2]s? %[1]d scheduled posts will not leave there. What is live stays live.",
			Fr: "Retirer %[2]s\u202f? %[1]d publications programmées n’y partiront pas. Ce qui est en ligne le reste.",
		},
	}
	seePage = i18n.Text{En: "See its page", Fr: "Voir sa page"}
)

// Accounts lists a brand's accounts, each with its state and what fits there.
func Accounts(b social.Brand, all []social.Account, l i18n.Locale) chat.Card {
	c := chat.Card{Title: accountsTitle.In(l, b.Name)}
	connect := chat.Button{Label: connectOne.In(l), Tag: Run("connect"), Style: chat.Primary}
	if len(all) == 0 {
		c.Body = []chat.Span{chat.Plain(noAccounts.In(l))}
		c.Buttons = []chat.Button{connect}
		return c
	}
	sel := chat.Select{Label: openAccount.In(l), Tag: chat.Tag{Verb: "account.open"}}
	for _, a := range all {
		body := []chat.Span{chat.Plain(Fits(a.Limits, l))}
		if !a.CheckedAt.IsZero() {
			body = append(body, chat.Break{}, chat.Plain(fieldChecked.In(l)+" "), checked(a, b, l))
		}
		c.Sections = append(c.Sections, chat.Section{Title: a.Name(), Tone: accountTone(a),
			Note: []chat.Span{chat.Bold(accountStates[a.State].In(l))}, Body: body})
		if len(sel.Options) < 25 {
			sel.Options = append(sel.Options, chat.Option{Value: a.ID, Label: a.Name()})
		}
	}
	connect.Label, connect.Style = connectMore.In(l), chat.Usual
	c.Selects, c.Buttons = []chat.Select{sel}, []chat.Button{connect}
	return c
}

// Account shows one account of a brand with what can be done about it. stops is how many scheduled posts would no longer
// leave if it were removed.
func Account(a social.Account, b social.Brand, stops int, l i18n.Locale) chat.Card {
	c := chat.Card{
		Subject: a.ID, Title: a.Name(), Tone: accountTone(a), Body: publicPage(a, l),
		Fields: []chat.Field{
			{Label: fieldBrand.In(l), Value: []chat.Span{chat.Plain(b.Name)}},
			{Label: fieldState.In(l), Value: []chat.Span{chat.Bold(accountStates[a.State].In(l))}},
			{Label: fieldFits.In(l), Value: []chat.Span{chat.Plain(Fits(a.Limits, l))}},
		},
	}
	if !a.CheckedAt.IsZero() {
		c.Fields = append(c.Fields, chat.Field{Label: fieldChecked.In(l), Value: []chat.Span{checked(a, b, l)}})
	}
	again := chat.Button{Label: reconnect.In(l), Tag: chat.Tag{Verb: "account.again", Subject: a.ID}}
	if a.State != social.Connected {
		again.Style = chat.Primary
	}
	c.Buttons = []chat.Button{again}
	if a.State == social.Removed {
		return c
	}
	sure := sureNone.In(l, a.Name())
	if stops > 0 {
		sure = sureAmount.In(l, stops, a.Name())
	}
	c.Buttons = []chat.Button{
		{Label: checkNow.In(l), Tag: chat.Tag{Verb: "account.check", Subject: a.ID}},
		again,
		{Label: removeIt.In(l), Tag: chat.Tag{Verb: "account.remove", Subject: a.ID}, Style: chat.Risky, Confirm: sure},
	}
	return c
}

func accountTone(a social.Account) chat.Tone {
	switch a.State {
	case social.Connected:
		return chat.Good
	case social.NeedsSignIn:
		return chat.Waiting
	}
	return chat.Neutral
}

func publicPage(a social.Account, l i18n.Locale) []chat.Span {
	if a.URL == "" {
		return nil
	}
	return []chat.Span{chat.Link{Label: seePage.In(l), URL: a.URL}}
}

// checked is when the network was asked last, in the brand's zone.
func checked(a social.Account, b social.Brand, l i18n.Locale) chat.When {
	return chat.When{T: a.CheckedAt, Text: i18n.Moment(a.CheckedAt.In(b.Location()), l)}
}

var (
	fitsText = i18n.Plural{One: i18n.Text{En: "text of %d character", Fr: "texte de %d caractère"}, Many: i18n.Text{En: "text of up to %d characters", Fr: "texte de %d caractères au plus"}}
	fitsLink = i18n.Text{En: "a link counts as %d", Fr: "un lien compte pour %d"}
	fitsPics = i18n.Plural{One: i18n.Text{En: "%d picture", Fr: "%d image"}, Many: i18n.Text{En: "up to %d pictures", Fr: "%d images au plus"}}
	fitsSize = i18n.Text{En: "%s each", Fr: "%s chacune"}
	fitsAlt  = i18n.Text{En: "descriptions of up to %d characters", Fr: "descriptions de %d caractères au plus"}
	fitsRow  = i18n.Text{En: "threads of up to %d posts", Fr: "fils de %d publications au plus"}
	fitsAny  = i18n.Text{En: "text of any length", Fr: "texte de toute longueur"}
)

// Fits says in words what an account takes: "text of up to 500 characters · a link counts as 23 · up to 4 pictures, 16 MB
// each · threads of up to 25 posts".
func Fits(m social.Limits, l i18n.Locale) string {
	out := []string{fitsAny.In(l)}
	if m.Length > 0 {
		out[0] = fitsText.In(l, m.Length)
	}
	if m.URLLength > 0 {
		out = append(out, fitsLink.In(l, m.URLLength))
	}
	if m.Images > 0 {
		pics := fitsPics.In(l, m.Images)
		if m.ImageBytes > 0 {
			pics += ", " + fitsSize.In(l, i18n.Size(m.ImageBytes))
		}
		out = append(out, pics)
		if m.Alt > 0 {
			out = append(out, fitsAlt.In(l, m.Alt))
		}
	}
	if m.Parts > 1 {
		out = append(out, fitsRow.In(l, m.Parts))
	}
	return strings.Join(out, " · ")
}
