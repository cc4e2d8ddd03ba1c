package cards

import (
	"cmp"
	"fmt"
	"slices"

	"griot/chat"
	"griot/i18n"
	"griot/social"
)

var mentionLabels = map[social.MentionMove]i18n.Text{
	social.ClaimIt:  {En: "I’ve got it", Fr: "Je m’en occupe"},
	social.Reply:    {En: "Answer…", Fr: "Répondre…"},
	social.Escalate: {En: "Hand to…", Fr: "Passer à…"},
	social.Ignore:   {En: "No action", Fr: "Sans suite"},
	social.Finish:   {En: "Done", Fr: "Traité"},
	social.Release:  {En: "Release", Fr: "Je laisse"},
	social.Reopen:   {En: "Open again", Fr: "Rouvrir"},
}

var mentionKinds = map[social.MentionKind]i18n.Text{
	social.Named:    {En: "mention on %s", Fr: "mention sur %s"},
	social.Replied:  {En: "reply on %s", Fr: "réponse sur %s"},
	social.Quoted:   {En: "quotation on %s", Fr: "citation sur %s"},
	social.Reported: {En: "article in %s", Fr: "article paru dans %s"},
	social.Brought:  {En: "brought from %s", Fr: "apportée de %s"},
}

var bases = map[social.Basis]i18n.Text{
	social.OnLine:  {En: "from the editorial line", Fr: "d’après la ligne éditoriale"},
	social.OnNone:  {En: "without an editorial line", Fr: "sans ligne éditoriale"},
	social.OnSaved: {En: "from the saved reply “%s”", Fr: "d’après la réponse type «\u202f%s\u202f»"},
	social.OnPast:  {En: "from the answer to %s", Fr: "d’après la réponse à %s"},
}

var (
	newMention   = i18n.Text{En: "New mention", Fr: "Nouvelle mention"}
	newArticle   = i18n.Text{En: "New article", Fr: "Nouvel article"}
	fieldRule    = i18n.Text{En: "Rule", Fr: "Règle"}
	noRule       = i18n.Text{En: "none (the usual way)", Fr: "aucune (chemin habituel)"}
	fieldLabel   = i18n.Text{En: "Label", Fr: "Étiquette"}
	fieldUrgency = i18n.Text{En: "Priority", Fr: "Priorité"}
	pressing     = i18n.Text{En: "priority: %s", Fr: "priorité\u202f: %s"}
	fieldSaid    = i18n.Text{En: "Said", Fr: "Publiée"}
	fieldBrought = i18n.Text{En: "Brought", Fr: "Apportée"}
	noAuthor     = i18n.Text{En: "somebody", Fr: "quelqu’un"}
	fieldOwner   = i18n.Text{En: "Taken care of by", Fr: "Prise en charge par"}
	fieldHanded  = i18n.Text{En: "Handed to", Fr: "Transmise à"}
	seeThere     = i18n.Text{En: "see it on %s", Fr: "voir sur %s"}
	seeMessage   = i18n.Text{En: "see the message", Fr: "voir le message"}
	readIt       = i18n.Text{En: "read the article", Fr: "lire l’article"}
	proposal     = i18n.Text{En: "Suggestion %d · %s", Fr: "Proposition %d · %s"}
	useIt        = i18n.Text{En: "Use %d", Fr: "Utiliser %d"}
	thinking     = i18n.Text{En: "Griot is preparing suggestions…", Fr: "Griot prépare des propositions…"}
	byOffline    = i18n.Text{En: "Suggestions of the offline helper: no language model wrote them.", Fr: "Propositions de l’aide hors ligne\u202f: aucun modèle de langage ne les a écrites."}
	answerTitle  = i18n.Text{En: "Answer · %s", Fr: "Réponse · %s"}
	answerBy     = i18n.Text{En: "by %s", Fr: "de %s"}
	answerWaits  = i18n.Text{En: "waits for a second person’s yes", Fr: "attend l’accord d’une seconde personne"}
	answerBack   = i18n.Text{En: "sent back: “%s”", Fr: "à revoir\u202f: «\u202f%s\u202f»"}
	suggestMore  = i18n.Text{En: "Suggest again", Fr: "Autres propositions"}
)

// Mention shows something that was said to a brand, what may be answered, and who takes care of it.
func Mention(h social.Hearing, l i18n.Locale) chat.Card {
	m := h.Mention
	c := chat.Card{Subject: m.ID, Title: mentionTitle(m).In(l), Tone: mentionTone(h), Lead: mentionLead(h, l), Body: mentionBody(h, l), Fields: mentionFields(h, l)}
	answering := h.Reply != nil && h.Reply.Post.State != social.Cancelled
	if answering {
		c.Sections = append(c.Sections, answerSection(h, l))
	}
	if proposing(h) {
		for _, s := range h.Suggestions {
			c.Sections = append(c.Sections, chat.Section{Title: proposal.In(l, s.Number, basis(s, l)), Body: lines(s.Text)})
			if s.Model == "" && len(c.Foot) == 0 {
				c.Foot = []chat.Span{chat.Plain(byOffline.In(l))}
			}
		}
	}
	if m.Suggesting && m.Open() {
		c.Foot = []chat.Span{chat.Plain(thinking.In(l))}
	}
	c.Buttons = mentionButtons(h, l)
	return c
}

// proposing reports whether suggestions may still be used.
func proposing(h social.Hearing) bool {
	if !h.Mention.Open() || h.Mention.Remote.ID == "" {
		return false
	}
	return h.Reply == nil || !underWay(*h.Reply)
}

// underWay reports whether an answer waits for somebody or something, or has arrived.
func underWay(s social.Sheet) bool {
	if s.Post.State == social.InReview {
		return true
	}
	return slices.ContainsFunc(s.Newest(), func(d social.Delivery) bool {
		return !slices.Contains([]social.DeliveryState{social.Refused, social.Missed, social.Void, social.Gone}, d.State)
	})
}

func basis(s social.Suggestion, l i18n.Locale) string {
	switch {
	case s.Basis == social.OnNone:
		return bases[social.OnNone].In(l)
	case s.Basis == social.OnLine || s.Source == "":
		return bases[social.OnLine].In(l)
	}
	return bases[s.Basis].In(l, oneLine(s.Source, 30))
}

func mentionTitle(m social.Mention) i18n.Text {
	switch {
	case m.State == social.IsNew && m.Kind == social.Reported:
		return newArticle
	case m.State == social.IsNew:
		return newMention
	}
	return m.State.Name()
}

func mentionTone(h social.Hearing) chat.Tone {
	if h.Reply != nil && h.Mention.Open() {
		switch h.Reply.Status() {
		case social.IsFailed:
			return chat.Bad
		case social.IsToCheck, social.IsMissed, social.IsInReview:
			return chat.Waiting
		}
	}
	switch h.Mention.State {
	case social.IsNew, social.IsEscalated:
		return chat.Waiting
	case social.IsAnswered, social.IsDone:
		return chat.Good
	}
	return chat.Neutral
}

func mentionLead(h social.Hearing, l i18n.Locale) []chat.Span {
	return []chat.Span{chat.Plain(h.Brand.Name + " · " + mentionKinds[h.Mention.Kind].In(l, heardOn(h)))}
}

// heardOn is where something was said, as people write it.
func heardOn(h social.Hearing) string {
	if h.Mention.Kind == social.Brought {
		return chat.Title(h.Mention.Network)
	}
	return h.Account.Name()
}

func mentionBody(h social.Hearing, l i18n.Locale) []chat.Span {
	m := h.Mention
	var out []chat.Span
	if m.Author.Name != "" {
		out = append(out, chat.Bold(m.Author.Name))
	}
	if m.Author.Handle != "" {
		if len(out) > 0 {
			out = append(out, chat.Plain(" "))
		}
		out = append(out, link(m.Author.Handle, m.Author.URL))
	}
	if m.Title != "" {
		out = below(out, chat.Bold(oneLine(m.Title, 200)))
	}
	if m.Text != "" {
		out = below(out, lines(m.Text)...)
	}
	if m.URL != "" {
		label := seeThere.In(l, h.Account.NetworkName)
		switch m.Kind {
		case social.Reported:
			label = readIt.In(l)
		case social.Brought: // its link may lead anywhere
			label = seeMessage.In(l)
		}
		out = below(out, chat.Link{Label: label, URL: m.URL})
	}
	return out
}

// link is words that lead somewhere, when there is somewhere.
func link(label, url string) chat.Span {
	if url == "" {
		return chat.Plain(label)
	}
	return chat.Link{Label: label, URL: url}
}

func mentionFields(h social.Hearing, l i18n.Locale) []chat.Field {
	m := h.Mention
	rule := m.RuleName
	if rule == "" {
		rule = noRule.In(l)
	}
	said := fieldSaid
	if m.Kind == social.Brought {
		said = fieldBrought
	}
	out := []chat.Field{
		{Label: said.In(l), Value: []chat.Span{chat.When{T: m.SaidAt, Text: i18n.Moment(m.SaidAt.In(h.Brand.Location()), l)}}},
		{Label: fieldRule.In(l), Value: []chat.Span{chat.Plain(rule)}},
	}
	if m.Label != "" {
		out = append(out, chat.Field{Label: fieldLabel.In(l), Value: []chat.Span{chat.Plain(m.Label)}})
	}
	if m.Priority != social.Usual {
		out = append(out, chat.Field{Label: fieldUrgency.In(l), Value: []chat.Span{chat.Bold(PriorityNames[m.Priority].In(l))}})
	}
	if m.Owner != "" {
		label := fieldOwner
		if m.State == social.IsEscalated {
			label = fieldHanded
		}
		out = append(out, chat.Field{Label: label.In(l), Value: []chat.Span{chat.Person{Name: h.Names[m.Owner]}}})
	}
	if m.Note != "" {
		out = append(out, chat.Field{Label: fieldNote.In(l), Value: lines(m.Note)})
	}
	return out
}

// answerSection is what was answered, and what became of it.
func answerSection(h social.Hearing, l i18n.Locale) chat.Section {
	s := *h.Reply
	out := chat.Section{Title: answerTitle.In(l, h.Account.Name()), Note: []chat.Span{chat.Plain(answerBy.In(l, h.Names[s.Post.Author]))}, Body: lines(s.Revision.Text)}
	say := func(text string) { out.Note = append(out.Note, chat.Plain(" · "), chat.Bold(text)) }
	switch s.Post.State {
	case social.InReview:
		say(answerWaits.In(l))
	case social.Draft:
		say(answerBack.In(l, s.Post.Note))
	}
	d, ok := s.Delivery(h.Account.ID)
	if !ok {
		return out
	}
	out.Tone = deliveryTone(d.State)
	out.Note = append(append(out.Note, chat.Plain(" · ")), deliveryNote(d, l)...)
	out.Body = deliveryBody(out.Body, d, l)
	return out
}

func mentionButtons(h social.Hearing, l i18n.Locale) []chat.Button {
	m := h.Mention
	tag := func(verb string) chat.Tag { return chat.Tag{Verb: "mention." + verb, Subject: m.ID, Rev: m.Rev} }
	var out []chat.Button
	if h.Reply != nil && m.Open() && h.Reply.Post.State == social.InReview {
		yes := chat.Tag{Verb: "post.approve", Subject: h.Reply.Post.ID, Rev: h.Reply.Post.Rev}
		back := chat.Tag{Verb: "post.send_back", Subject: h.Reply.Post.ID, Rev: h.Reply.Post.Rev}
		out = append(out, chat.Button{Label: moveLabels[social.Approve].In(l), Tag: yes, Style: chat.Primary},
			chat.Button{Label: moveLabels[social.SendBack].In(l), Tag: back})
	}
	if h.Reply != nil && h.Reply.Post.State != social.Cancelled {
		out = append(out, deliveryButtons(*h.Reply, l)...)
	}
	free := proposing(h)
	for _, move := range m.Moves() {
		if move == social.Reply && !free {
			continue
		}
		b := chat.Button{Label: mentionLabels[move].In(l), Tag: tag(string(move))}
		if move == social.ClaimIt && m.State == social.IsNew {
			b.Style = chat.Primary
		}
		out = append(out, b)
		if move != social.Reply {
			continue
		}
		for _, s := range h.Suggestions {
			use := tag("use")
			use.Subject = fmt.Sprintf("%s.%d", m.ID, s.Number)
			out = append(out, chat.Button{Label: useIt.In(l, s.Number), Tag: use})
		}
		if !m.Suggesting {
			out = append(out, chat.Button{Label: suggestMore.In(l), Tag: tag("suggest")})
		}
	}
	return append(out, chat.Button{Label: history.In(l), Tag: chat.Tag{Verb: "mention.history", Subject: m.ID}})
}

var (
	gathered = i18n.Plural{
		One:  i18n.Text{En: "%d mention at once", Fr: "%d mention d’un coup"},
		Many: i18n.Text{En: "%d mentions at once", Fr: "%d mentions d’un coup"},
	}
	gatheredLead = i18n.Text{En: "%s · rule: %s", Fr: "%s · règle\u202f: %s"}
	gatheredFoot = i18n.Text{En: "Many came within a minute, so one card gathers them. Open one below, or see them all with /mentions.", Fr: "Beaucoup sont arrivées dans la même minute\u202f: une seule carte les rassemble. Ouvrez-en une ci-dessous, ou voyez-les toutes avec /mentions."}
	openMention  = i18n.Text{En: "Open a mention…", Fr: "Ouvrir une mention…"}
)

// onGathering is how many mentions a gathering shows in words.
const onGathering = 5

// Gathering shows many mentions of one rule that came in a rush: how many, and the latest of them.
func Gathering(g social.Gathering, b social.Brand, latest []social.Mention, l i18n.Locale) chat.Card {
	rule := g.RuleName
	if rule == "" {
		rule = noRule.In(l)
	}
	c := chat.Card{Subject: g.ID, Title: gathered.In(l, int(g.Number)), Tone: chat.Waiting,
		Lead: []chat.Span{chat.Plain(gatheredLead.In(l, b.Name, rule))}, Foot: []chat.Span{chat.Plain(gatheredFoot.In(l))}}
	for _, m := range latest[:min(len(latest), onGathering)] {
		c.Body = below(c.Body, mentionLine(m, "", "", l)...)
	}
	c.Selects = mentionChooser(latest, l)
	return c
}

// mentionLine is one mention in a list.
func mentionLine(m social.Mention, network, owner string, l i18n.Locale) []chat.Span {
	out := []chat.Span{chat.Bold(who(m, l))}
	if network != "" {
		out = append(out, chat.Plain(" · "+network))
	}
	if owner != "" {
		out = append(out, chat.Plain(" · "), chat.Person{Name: owner})
	}
	if m.Priority != social.Usual {
		out = append(out, chat.Plain(" · "), chat.Bold(pressing.In(l, PriorityNames[m.Priority])))
	}
	return append(out, chat.Plain(" · "+MentionExcerpt(m, 80)))
}

// who names the author of a mention.
func who(m social.Mention, l i18n.Locale) string {
	return cmp.Or(m.Author.Handle, m.Author.Name, noAuthor.In(l))
}

// MentionExcerpt is the beginning of what was said, on one line, at most n runes.
func MentionExcerpt(m social.Mention, n int) string {
	if m.Title != "" {
		return oneLine(m.Title, n)
	}
	return oneLine(m.Text, n)
}

func mentionChooser(all []social.Mention, l i18n.Locale) []chat.Select {
	sel := chat.Select{Label: openMention.In(l), Tag: chat.Tag{Verb: "mention.open"}}
	for _, m := range all[:min(len(all), 25)] {
		sel.Options = append(sel.Options, chat.Option{Value: m.ID, Label: chat.Cut(who(m, l)+" · "+MentionExcerpt(m, 70), 75)})
	}
	if len(sel.Options) == 0 {
		return nil
	}
	return []chat.Select{sel}
}

var (
	trayTitles = map[string]i18n.Text{
		"all":       {En: "Mentions that wait", Fr: "Mentions en attente"},
		"mine":      {En: "Your mentions", Fr: "Vos mentions"},
		"unclaimed": {En: "Mentions nobody has taken", Fr: "Mentions que personne n’a prises"},
		"late":      {En: "Late mentions", Fr: "Mentions en retard"},
	}
	trayLead  = i18n.Text{En: "%s free · %s yours · %s late", Fr: "libres\u202f: %s · à vous\u202f: %s · en retard\u202f: %s"}
	trayEmpty = i18n.Text{En: "Nothing here: everything is settled.", Fr: "Rien ici\u202f: tout est traité."}
)

// TrayButtons are the parts of the mentions that wait, in the order of the buttons.
var trayButtons = []struct {
	which string
	label i18n.Text
}{
	{"unclaimed", i18n.Text{En: "Free", Fr: "Libres"}},
	{"mine", i18n.Text{En: "Mine", Fr: "Les miennes"}},
	{"late", i18n.Text{En: "Late", Fr: "En retard"}},
}

// Tray lists mentions that wait. Which is "all", "mine", "unclaimed" or "late"; free, mine and late count them up to most.
func Tray(which string, all []social.Mention, counts [3]int, most int, owners, networks map[string]string, l i18n.Locale) chat.Card {
	upTo := func(n int) string {
		if n >= most {
			return fmt.Sprintf("%d+", most)
		}
		return fmt.Sprint(n)
	}
	c := chat.Card{Title: trayTitles[which].In(l), Lead: []chat.Span{chat.Plain(trayLead.In(l, upTo(counts[0]), upTo(counts[1]), upTo(counts[2])))}}
	if len(all) == 0 {
		c.Body = []chat.Span{chat.Plain(trayEmpty.In(l))}
	}
	for _, m := range all {
		network := networks[m.AccountID]
		if m.Kind == social.Brought {
			network = chat.Title(m.Network)
		}
		c.Body = below(c.Body, mentionLine(m, network, owners[m.Owner], l)...)
	}
	c.Selects = mentionChooser(all, l)
	for _, b := range trayButtons {
		if b.which != which {
			c.Buttons = append(c.Buttons, chat.Button{Label: b.label.In(l), Tag: chat.Tag{Verb: "mentions.which", Subject: b.which}})
		}
	}
	return c
}
