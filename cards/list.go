package cards

import (
	"strings"
	"time"

	"griot/chat"
	"griot/i18n"
	"griot/social"
)

var (
	postsTitle = i18n.Text{En: "Posts", Fr: "Publications"}
	noPosts    = i18n.Text{En: "No post here yet. Start one with /post draft.", Fr: "Aucune publication ici. Commencez-en une avec /post rediger."}
	weekTitle  = i18n.Text{En: "Calendar of %s, week of %s", Fr: "Planning de %s, semaine du %s"}
	freeDay    = i18n.Text{En: "nothing planned", Fr: "rien de prévu"}
	openPost   = i18n.Text{En: "Open a post…", Fr: "Ouvrir une publication…"}
	before     = i18n.Text{En: "← Week before", Fr: "← Semaine précédente"}
	after      = i18n.Text{En: "Week after →", Fr: "Semaine suivante →"}
)

// List shows posts, one a line, with a select that opens one.
func List(sheets []social.Sheet, l i18n.Locale) chat.Card {
	c := chat.Card{Title: postsTitle.In(l)}
	if len(sheets) == 0 {
		c.Body = []chat.Span{chat.Plain(noPosts.In(l))}
		return c
	}
	for i, s := range sheets {
		if i > 0 {
			c.Body = append(c.Body, chat.Break{})
		}
		c.Body = append(c.Body, postLine(s, l)...)
	}
	c.Selects = chooser(sheets, l)
	return c
}

func postLine(s social.Sheet, l i18n.Locale) []chat.Span {
	out := []chat.Span{chat.Bold(s.Status().Name().In(l)), chat.Plain(" · " + Excerpt(s, 60))}
	if m := s.Post.Moment; !m.IsZero() {
		out = append(out, chat.Plain(" · "), Moment(s.Brand, m, l))
	}
	return out
}

// Excerpt is the beginning of a post's words, on one line, at most n runes.
func Excerpt(s social.Sheet, n int) string { return excerpt(s.Revision, n) }

func excerpt(r social.Revision, n int) string {
	text := oneLine(social.SplitThread(r.Text)[0], n)
	if text == "" && len(r.Media) > 0 {
		return chat.Cut("🖼 "+r.Media[0].Name, n)
	}
	return text
}

// oneLine is the beginning of a text, its line ends as spaces, at most n runes.
func oneLine(text string, n int) string { return chat.Cut(strings.Join(strings.Fields(text), " "), n) }

func chooser(sheets []social.Sheet, l i18n.Locale) []chat.Select {
	sel := chat.Select{Label: openPost.In(l), Tag: chat.Tag{Verb: "post.open"}}
	for _, s := range sheets[:min(len(sheets), 25)] {
		sel.Options = append(sel.Options, chat.Option{Value: s.Post.ID, Label: Excerpt(s, 70)})
	}
	if len(sel.Options) == 0 {
		return nil
	}
	return []chat.Select{sel}
}

// Week shows seven days of a brand from monday, which is a midnight in the brand's zone.
func Week(b social.Brand, monday time.Time, sheets []social.Sheet, l i18n.Locale) chat.Card {
	c := chat.Card{Title: weekTitle.In(l, b.Name, i18n.Date(monday, l)), Foot: []chat.Span{chat.Plain(b.Zone)}}
	for i := range 7 {
		day := monday.AddDate(0, 0, i)
		sec := chat.Section{Title: i18n.Date(day, l)}
		for _, s := range sheets {
			at := s.Post.Moment.At.In(b.Location())
			if at.YearDay() != day.YearDay() || at.Year() != day.Year() {
				continue
			}
			if len(sec.Body) > 0 {
				sec.Body = append(sec.Body, chat.Break{})
			}
			sec.Body = append(sec.Body, chat.Bold(i18n.Clock(at, l)), chat.Plain("  "+s.Status().Name().In(l)+" · "+Excerpt(s, 60)))
		}
		if len(sec.Body) == 0 {
			sec.Body = []chat.Span{chat.Plain(freeDay.In(l))}
		}
		c.Sections = append(c.Sections, sec)
	}
	week := func(label i18n.Text, days int) chat.Button {
		return chat.Button{Label: label.In(l), Tag: chat.Tag{Verb: "calendar.week", Subject: b.ID + "." + monday.AddDate(0, 0, days).Format(time.DateOnly)}}
	}
	c.Buttons = []chat.Button{week(before, -7), week(after, 7)}
	c.Selects = chooser(sheets, l)
	return c
}
