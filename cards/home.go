package cards

import (
	"slices"
	"time"

	"griot/chat"
	"griot/i18n"
	"griot/social"
)

var (
	homeTitle = i18n.Text{En: "Home", Fr: "Accueil"}
	homeLead  = i18n.Text{En: "Hello, %s. Here is where you stand.", Fr: "Bonjour, %s. Voici où vous en êtes."}
	homeHello = i18n.Text{En: "Hello, %s.", Fr: "Bonjour, %s."}
	homeLess  = i18n.Text{
		En: "Welcome to the team! You have no role for a brand yet: ask %s to give you one with /team roles. Your day will then be here.",
		Fr: "Bienvenue dans l’équipe\u202f! Vous n’avez pas encore de rôle pour une marque\u202f: demandez à %s de vous en donner un avec /equipe roles. Votre journée s’affichera alors ici.",
	}

	homeWaits   = i18n.Text{En: "What waits for you", Fr: "Ce qui vous attend"}
	homeNothing = i18n.Text{En: "Nothing waits for you.", Fr: "Rien ne vous attend."}
	homeNext    = i18n.Text{En: "Your next posts", Fr: "Vos prochaines publications"}
	homeNoNext  = i18n.Text{En: "None of your posts is scheduled.", Fr: "Aucune de vos publications n’est programmée."}
	homeWeek    = i18n.Text{En: "The next seven days", Fr: "Les sept prochains jours"}
	homeNoWeek  = i18n.Text{En: "Nothing leaves in the next seven days.", Fr: "Rien ne part dans les sept prochains jours."}
	homeMore    = i18n.Text{En: "… and others after these", Fr: "… et d’autres ensuite"}
	homeNote    = i18n.Text{En: " · “%s”", Fr: " · «\u202f%s\u202f»"}
	homePosts   = i18n.Plural{
		One:  i18n.Text{En: "%d post", Fr: "%d publication"},
		Many: i18n.Text{En: "%d posts", Fr: "%d publications"},
	}
	homeAnswer   = i18n.Text{En: "Answer requests", Fr: "Répondre aux demandes"}
	homeCalendar = i18n.Text{En: "Calendar", Fr: "Planning"}
	homeWriteFor = i18n.Text{En: "Write a post for…", Fr: "Rédiger pour…"}
	homeWeekOf   = i18n.Text{En: "Calendar of…", Fr: "Planning de…"}
)

// home is a desk in the language of its member.
type home struct {
	social.Desk
	l i18n.Locale
}

// Home shows a member what waits for them, what of theirs leaves next, and the week of their brands.
func Home(d social.Desk, l i18n.Locale) chat.Card {
	h := home{d, l}
	c := chat.Card{Title: homeTitle.In(l), Lead: []chat.Span{chat.Plain(homeLead.In(l, d.Member.Name))}}
	if len(d.Brands) == 0 {
		c.Lead = []chat.Span{chat.Plain(homeHello.In(l, d.Member.Name))}
		c.Body = []chat.Span{chat.Plain(homeLess.In(l, social.Whom(d.Admins)))}
		return c
	}
	c.Sections = append(c.Sections, h.waits())
	if len(d.Writes()) > 0 || len(d.Next.Posts) > 0 {
		c.Sections = append(c.Sections, h.next())
	}
	c.Sections = append(c.Sections, h.week())
	for _, b := range d.Brands {
		if b.Paused {
			c.Foot = below(c.Foot, chat.Bold(pausedNote.In(l, b.Name)))
		}
	}
	c.Buttons, c.Selects = h.buttons(), h.selects()
	return c
}

func (h home) waits() chat.Section {
	out := chat.Section{Title: homeWaits.In(h.l)}
	out.Body = h.pile(out.Body, h.Stuck, h.stuck)
	out.Body = h.pile(out.Body, h.ToApprove, h.toApprove)
	out.Body = h.pile(out.Body, h.SentBack, h.sentBack)
	if n := len(h.Requests); n > 0 {
		out.Body = below(out.Body, chat.Bold(waitingOnes.In(h.l, n)))
	}
	if len(out.Body) == 0 {
		out.Tone, out.Body = chat.Good, []chat.Span{chat.Plain(homeNothing.In(h.l))}
		return out
	}
	out.Tone = chat.Waiting
	return out
}

// pile adds one line for each post of p.
func (h home) pile(body []chat.Span, p social.Pile, line func(social.Glance) []chat.Span) []chat.Span {
	for _, g := range p.Posts {
		body = below(body, line(g)...)
	}
	if p.More {
		body = below(body, chat.Plain(homeMore.In(h.l)))
	}
	return body
}

func (h home) toApprove(g social.Glance) []chat.Span {
	out := []chat.Span{chat.Bold(social.IsInReview.Name().In(h.l)), chat.Plain(" · " + h.about(g) + " · " + g.Author)}
	if !g.At.IsZero() {
		out = append(out, chat.Plain(" · "), h.when(g))
	}
	return out
}

func (h home) sentBack(g social.Glance) []chat.Span {
	return []chat.Span{chat.Bold(sentBack.In(h.l)), chat.Plain(" · " + h.about(g) + homeNote.In(h.l, oneLine(g.Post.Note, 80)))}
}

// stuckNames say what is the matter as the title of the post's own card does.
var stuckNames = map[social.DeliveryState]social.Status{social.Unsure: social.IsToCheck, social.Refused: social.IsFailed, social.Missed: social.IsMissed}

func (h home) stuck(g social.Glance) []chat.Span {
	return []chat.Span{chat.Bold(stuckNames[g.Delivery.State].Name().In(h.l)), chat.Plain(" · " + h.about(g) + " · " + g.Account.Name())}
}

func (h home) next() chat.Section {
	out := chat.Section{Title: homeNext.In(h.l)}
	if len(h.Next.Posts) == 0 {
		out.Body = []chat.Span{chat.Plain(homeNoNext.In(h.l))}
		return out
	}
	out.Body = h.pile(nil, h.Next, func(g social.Glance) []chat.Span {
		return []chat.Span{h.when(g), chat.Plain(" · " + h.about(g))}
	})
	return out
}

// week counts what leaves day by day, and shows the first posts that are not the member's: those stand above.
func (h home) week() chat.Section {
	out := chat.Section{Title: homeWeek.In(h.l)}
	if len(h.Week) == 0 {
		out.Body = []chat.Span{chat.Plain(homeNoWeek.In(h.l))}
		return out
	}
	out.Note = []chat.Span{chat.Plain(homePosts.In(h.l, len(h.Week)))}
	for _, d := range days(h.Week, h.Location()) {
		out.Body = below(out.Body, chat.Bold(i18n.Date(d.at, h.l)), chat.Plain(" · "+homePosts.In(h.l, d.n)))
	}
	if len(h.Others.Posts) > 0 {
		out.Body = append(out.Body, chat.Break{})
	}
	out.Body = h.pile(out.Body, h.Others, func(g social.Glance) []chat.Span {
		return []chat.Span{h.when(g), chat.Plain(" · " + h.about(g) + " · " + g.Author)}
	})
	return out
}

// day is how many posts leave on the day of at.
type day struct {
	at time.Time
	n  int
}

// days counts instants, soonest first, by their day in zone.
func days(all []time.Time, zone *time.Location) []day {
	var out []day
	for _, t := range all {
		t = t.In(zone)
		if n := len(out); n > 0 && out[n-1].at.YearDay() == t.YearDay() {
			out[n-1].n++
			continue
		}
		out = append(out, day{t, 1})
	}
	return out
}

// about is the beginning of a post, and its brand for a member of several.
func (h home) about(g social.Glance) string {
	words := excerpt(g.Words, 60)
	if len(h.Brands) > 1 {
		return h.Brand(g.Post.BrandID).Name + " · " + words
	}
	return words
}

func (h home) when(g social.Glance) chat.When {
	return chat.When{T: g.At, Text: i18n.Moment(g.At.In(h.Member.Location(h.Brand(g.Post.BrandID))), h.l)}
}

func (h home) buttons() []chat.Button {
	var out []chat.Button
	if len(h.Brands) == 1 && len(h.Writes()) == 1 {
		out = append(out, chat.Button{Label: writePost.In(h.l), Tag: Run("post draft"), Style: chat.Primary})
	}
	if len(h.Requests) > 0 {
		out = append(out, chat.Button{Label: homeAnswer.In(h.l), Tag: Run("team requests")})
	}
	if len(h.Brands) == 1 {
		out = append(out, chat.Button{Label: homeCalendar.In(h.l), Tag: Run("calendar")})
	}
	return out
}

// selects ask a member of several brands which one is meant: no channel says it here.
func (h home) selects() []chat.Select {
	out := h.opener()
	if len(h.Brands) == 1 {
		return out
	}
	if mine := h.Writes(); len(mine) > 0 {
		out = append(out, brandSelect(homeWriteFor.In(h.l), "post.write_for", mine))
	}
	return append(out, brandSelect(homeWeekOf.In(h.l), "calendar.of", h.Brands))
}

func brandSelect(label, verb string, all []social.Brand) chat.Select {
	s := chat.Select{Label: label, Tag: chat.Tag{Verb: verb}}
	for _, b := range all[:min(len(all), 25)] {
		s.Options = append(s.Options, chat.Option{Value: b.ID, Label: b.Name})
	}
	return s
}

// opener is one select for the posts of all lists, each once, by the list that asks most for the reader.
func (h home) opener() []chat.Select {
	s := chat.Select{Label: openPost.In(h.l), Tag: chat.Tag{Verb: "post.open"}}
	add := func(p social.Pile, name func(social.Glance) string) {
		for _, g := range p.Posts {
			if !slices.ContainsFunc(s.Options, func(o chat.Option) bool { return o.Value == g.Post.ID }) {
				s.Options = append(s.Options, chat.Option{Value: g.Post.ID, Label: chat.Cut(name(g)+" · "+excerpt(g.Words, 60), 70)})
			}
		}
	}
	is := func(st social.Status) func(social.Glance) string {
		return func(social.Glance) string { return st.Name().In(h.l) }
	}
	add(h.Stuck, func(g social.Glance) string { return stuckNames[g.Delivery.State].Name().In(h.l) })
	add(h.ToApprove, is(social.IsInReview))
	add(h.SentBack, func(social.Glance) string { return sentBack.In(h.l) })
	add(h.Next, is(social.IsScheduled))
	add(h.Others, is(social.IsScheduled))
	if len(s.Options) == 0 {
		return nil
	}
	return []chat.Select{s}
}
