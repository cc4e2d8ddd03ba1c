// Package cards turns what Griot knows into what people see. Pure functions: no I/O, no clock, no platform.
package cards

import (
	"fmt"
	"slices"
	"strings"

	"griot/chat"
	"griot/i18n"
	"griot/social"
)

var moveLabels = map[social.Move]i18n.Text{
	social.Submit:     {En: "Send for approval", Fr: "Envoyer en validation"},
	social.Approve:    {En: "Approve", Fr: "Valider"},
	social.Fix:        {En: "Fix and approve", Fr: "Corriger et valider"},
	social.SendBack:   {En: "Needs changes", Fr: "À revoir"},
	social.Edit:       {En: "Edit", Fr: "Modifier"},
	social.Schedule:   {En: "Schedule…", Fr: "Programmer…"},
	social.Publish:    {En: "Publish now", Fr: "Publier maintenant"},
	social.Unschedule: {En: "Take off the calendar", Fr: "Retirer du planning"},
	social.Cancel:     {En: "Cancel", Fr: "Annuler"},
}

var (
	approveOwn  = i18n.Text{En: "Approve and schedule", Fr: "Valider et programmer"}
	moveDate    = i18n.Text{En: "Move…", Fr: "Déplacer…"}
	onceYes     = i18n.Text{En: "Publish once approved", Fr: "Publier dès validation"}
	history     = i18n.Text{En: "History", Fr: "Historique"}
	sureCancel  = i18n.Text{En: "Cancel this post for good?", Fr: "Annuler définitivement cette publication\u202f?"}
	surePublish = i18n.Text{En: "Publish now on %s?", Fr: "Publier maintenant sur %s\u202f?"}
	leadText    = i18n.Text{En: "%s · written by %s", Fr: "%s · rédigée par %s"}
	leadEdited  = i18n.Text{En: "%s · written by %s, changed by %s", Fr: "%s · rédigée par %s, modifiée par %s"}
	fieldWhen   = i18n.Text{En: "When", Fr: "Quand"}
	sentBack    = i18n.Text{En: "Needs changes", Fr: "À revoir"}
	fieldNote   = i18n.Text{En: "Note", Fr: "Remarque"}
	fieldYes    = i18n.Text{En: "Approved by", Fr: "Validée par"}
	fieldVotes  = i18n.Text{En: "Yes so far", Fr: "Accords"}
	votesOf     = i18n.Text{En: "%d of %d", Fr: "%d sur %d"}
	fieldFixed  = i18n.Text{En: "Corrected and approved by", Fr: "Corrigée et validée par"}
	asSoon      = i18n.Text{En: "as soon as it is approved", Fr: "dès qu’elle est validée"}
	noDate      = i18n.Text{En: "no date yet", Fr: "pas encore de date"}
	pausedNote  = i18n.Text{
		En: "%s is paused: nothing leaves before somebody lifts it with /pause.",
		Fr: "%s est en pause\u202f: rien ne part avant la reprise, avec /pause.",
	}
)

// Post shows a post: its words, where and when it goes, what became of it on each network, and what can be done now.
func Post(s social.Sheet, l i18n.Locale) chat.Card {
	st := s.Status()
	c := chat.Card{Subject: s.Post.ID, Title: postTitle(s, st).In(l), Tone: postTone(s, st), Lead: postLead(s, l)}
	c.Body = parts(social.SplitThread(s.Revision.Text))
	c.Fields = postFields(s, l)
	for _, v := range s.Variants() {
		c.Sections = append(c.Sections, section(s, v, l))
	}
	for _, d := range s.Newest() {
		if !slices.Contains(s.Revision.Accounts, d.AccountID) {
			c.Sections = append(c.Sections, section(s, social.Variant{Account: s.Account(d.AccountID)}, l))
		}
	}
	for _, m := range s.Revision.Media {
		c.Images = append(c.Images, chat.Image{Hash: m.Hash, Type: m.Type, Alt: m.Alt})
	}
	for _, say := range s.Revision.MissingAlt() {
		c.Foot = below(c.Foot, chat.Plain("⚠ "+say.In(l)))
	}
	if s.Brand.Paused && networks(s) != "" {
		c.Foot = below(c.Foot, chat.Bold(pausedNote.In(l, s.Brand.Name)))
	}
	c.Buttons = postButtons(s, l)
	return c
}

// lines is text from outside with its line ends.
func lines(text string) []chat.Span {
	var out []chat.Span
	for i, line := range strings.Split(text, "\n") {
		if i > 0 {
			out = append(out, chat.Break{})
		}
		if line != "" {
			out = append(out, chat.Plain(line))
		}
	}
	return out
}

// postTitle is the status; a draft that was sent back says so.
func postTitle(s social.Sheet, st social.Status) i18n.Text {
	if st == social.IsDraft && s.Post.Note != "" {
		return sentBack
	}
	return st.Name()
}

// parts shows the words of a post; the parts of a thread are numbered.
func parts(texts []string) []chat.Span {
	if len(texts) == 1 {
		return lines(texts[0])
	}
	var out []chat.Span
	for i, t := range texts {
		if i > 0 {
			out = append(out, chat.Break{}, chat.Break{})
		}
		out = append(append(out, chat.Bold(fmt.Sprintf("%d/%d", i+1, len(texts))), chat.Break{}), lines(t)...)
	}
	return out
}

// below adds a line.
func below(all []chat.Span, line ...chat.Span) []chat.Span {
	if len(all) > 0 {
		all = append(all, chat.Break{})
	}
	return append(all, line...)
}

func postTone(s social.Sheet, st social.Status) chat.Tone {
	switch st {
	case social.IsPublished, social.IsApproved, social.IsScheduled:
		return chat.Good
	case social.IsInReview, social.IsToCheck, social.IsMissed:
		return chat.Waiting
	case social.IsFailed, social.IsPartly:
		return chat.Bad
	case social.IsDraft:
		if s.Post.Note != "" {
			return chat.Waiting
		}
	}
	return chat.Neutral
}

func postLead(s social.Sheet, l i18n.Locale) []chat.Span {
	author, editor := s.Names[s.Post.Author], s.Names[s.Post.Editor]
	if s.Post.Editor == s.Post.Author || editor == "" {
		return []chat.Span{chat.Plain(leadText.In(l, s.Brand.Name, author))}
	}
	return []chat.Span{chat.Plain(leadEdited.In(l, s.Brand.Name, author, editor))}
}

func postFields(s social.Sheet, l i18n.Locale) []chat.Field {
	when := []chat.Span{chat.Plain(noDate.In(l))}
	switch m := s.Post.Moment; {
	case !m.IsZero():
		when = []chat.Span{Moment(s.Brand, m, l)}
		if said := shift(m, l); said != "" {
			when = append(when, chat.Plain(said))
		}
	case s.Post.When == social.Soon:
		when = []chat.Span{chat.Plain(asSoon.In(l))}
	}
	out := []chat.Field{{Label: fieldWhen.In(l), Value: when}}
	if s.Post.Note != "" {
		out = append(out, chat.Field{Label: fieldNote.In(l), Value: lines(s.Post.Note)})
	}
	switch s.Post.State {
	case social.InReview:
		if need := s.Brand.Needs(s.Post); need > 1 {
			said := []chat.Span{chat.Plain(votesOf.In(l, len(s.Voters()), need))}
			if len(s.Voters()) > 0 {
				said = append(append(said, chat.Plain(" · ")), people(s, s.Voters())...)
			}
			out = append(out, chat.Field{Label: fieldVotes.In(l), Value: said})
		}
	case social.Approved, social.Scheduled:
		for _, a := range s.Approvals[:min(1, len(s.Approvals))] {
			label, by := fieldYes, []string{a.By}
			if a.Fixed {
				label = fieldFixed
			} else if all := s.Voters(); len(all) > 1 {
				by = all
			}
			out = append(out, chat.Field{Label: label.In(l), Value: people(s, by)})
		}
	}
	return out
}

// people names members of s.
func people(s social.Sheet, ids []string) []chat.Span {
	var out []chat.Span
	for i, id := range ids {
		if i > 0 {
			out = append(out, chat.Plain(", "))
		}
		out = append(out, chat.Person{Name: s.Names[id]})
	}
	return out
}

// Moment writes a post's date in the brand's zone; chats that can add the reader's own hour.
func Moment(b social.Brand, m social.Moment, l i18n.Locale) chat.When {
	return chat.When{T: m.At, Text: i18n.Moment(m.At.In(b.Location()), l)}
}

// networks names the accounts that a post still has to go to.
func networks(s social.Sheet) string {
	var names []string
	for _, v := range s.Variants() {
		if !s.Frozen(v.Account.ID) {
			names = append(names, v.Account.Label())
		}
	}
	return strings.Join(names, ", ")
}

func postButtons(s social.Sheet, l i18n.Locale) []chat.Button {
	var out []chat.Button
	for _, m := range postMoves(s) {
		b := chat.Button{Label: moveLabels[m].In(l), Tag: chat.Tag{Verb: "post." + string(m), Subject: s.Post.ID, Rev: s.Post.Rev}}
		switch m {
		case social.Submit, social.Approve:
			b.Style = chat.Primary
		case social.Cancel:
			b.Style, b.Confirm = chat.Risky, sureCancel.In(l)
		case social.Publish:
			if s.Post.State == social.Draft || s.Post.State == social.InReview {
				b.Label = onceYes.In(l)
				break
			}
			b.Style, b.Confirm = chat.Risky, surePublish.In(l, networks(s))
		case social.Schedule:
			if s.Post.When == social.OnDate {
				b.Label = moveDate.In(l)
			}
		}
		if m == social.Approve && s.Post.State == social.Draft {
			b.Label = approveOwn.In(l)
		}
		out = append(out, b)
	}
	out = append(out, deliveryButtons(s, l)...)
	return append(out, chat.Button{Label: history.In(l), Tag: chat.Tag{Verb: "post.history", Subject: s.Post.ID}})
}

// postMoves is what the card offers: the table's moves, without those that would do nothing now.
func postMoves(s social.Sheet) []social.Move {
	moves := s.Moves()
	if len(moves) > 0 && s.Post.State == social.Draft && s.Brand.Alone {
		moves[0] = social.Approve // one press for somebody who works alone
	}
	return slices.DeleteFunc(moves, func(m social.Move) bool {
		switch m {
		case social.Fix:
			return s.Brand.NoFix || s.Brand.Alone
		case social.Edit, social.Schedule:
			return networks(s) == "" // only what is on its way is left: it can be called back, not changed
		case social.Publish:
			return networks(s) == "" || s.Post.State == social.InReview && s.Post.When == social.Soon || again(s)
		case social.SendBack:
			return s.Brand.Alone
		}
		return false
	})
}

// again reports whether everything that has not gone out has a button of its own to try again.
func again(s social.Sheet) bool {
	for _, v := range s.Variants() {
		d, _ := s.Delivery(v.Account.ID)
		if !s.Frozen(v.Account.ID) && d.State != social.Missed && d.State != social.Refused {
			return false
		}
	}
	return true
}

// count writes how long the parts of v are, as its network counts: "142/500", "30 · 53 · 46/280".
func count(v social.Variant) string {
	var n []string
	for _, p := range v.Parts {
		n = append(n, fmt.Sprint(v.Account.Limits.Count(p.Text)))
	}
	out := strings.Join(n, " · ")
	if most := v.Account.Limits.Length; most > 0 {
		out += fmt.Sprintf("/%d", most)
	}
	return out
}
