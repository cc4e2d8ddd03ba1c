package publishing

import (
	"context"
	"slices"
	"strconv"

	"griot/fault"
	"griot/i18n"
	"griot/social"
)

var (
	errFew = i18n.Text{
		En: "A post of %s needs the yes of %d people, and only %d can give it. An admin can give somebody the approver role with /team roles, or ask for fewer with /brand set approvers:.",
		Fr: "Une publication de %s demande l’accord de %d personnes, et seulement %d peuvent le donner. Un administrateur peut donner le rôle de validation avec /equipe roles, ou en demander moins avec /marque regler accords:.",
	}
	errSaidYes = i18n.Text{
		En: "You have said yes already. It still needs %d more.",
		Fr: "Vous avez déjà donné votre accord. Il en manque encore %d.",
	}
	errOwnHand = i18n.Text{
		En: "Nobody says yes to words of their own hand: if you change these, %d could still say it, and %d must. Use “Fix and approve”, or send the post back with a note.",
		Fr: "On ne donne pas son accord à son propre texte : si vous le modifiez, %d personnes peuvent encore le donner, et il en faut %d. Utilisez « Corriger et valider », ou renvoyez la publication avec une remarque.",
	}
	yesNoted = i18n.Text{
		En: "Your yes is noted. The post still needs %d more before it may leave.",
		Fr: "Votre accord est noté. Il en manque encore %d avant que la publication puisse partir.",
	}
)

func (x *change) needs() int64 { return x.sheet.Brand.Needs(x.sheet.Post) }

// others counts who else said yes. It is members who count, in whatever chat they said it.
func (x *change) others() int64 {
	n := len(x.sheet.Voters)
	if slices.Contains(x.sheet.Voters, x.by.Member.ID) {
		n--
	}
	return int64(n)
}

// vote writes a person's yes down where several must say it, and ends those that were to something else: to what was sent back,
// to other words or another date.
func (x *change) vote(ctx context.Context, m social.Move, was social.Post) error {
	p, team := x.sheet.Post, x.by.Member.TeamID
	yes := m == social.Approve || m == social.Fix
	if p.State == social.InReview && was.State != social.InReview || m != social.Approve && was.State == social.InReview && !p.Alike(was) {
		if was.State == social.InReview {
			for _, v := range x.sheet.Voters {
				x.again = append(x.again, notice{v, social.ToApprove})
			}
		}
		x.sheet.Voters = nil
		if err := x.tx.Unvote(ctx, team, p.ID); err != nil {
			return err
		}
		if !yes {
			return x.enough(ctx, m, was)
		}
	}
	if !yes || x.needs() == 1 && len(x.sheet.Voters) == 0 {
		return nil
	}
	if !slices.Contains(x.sheet.Voters, x.by.Member.ID) {
		x.sheet.Voters = append(x.sheet.Voters, x.by.Member.ID)
	}
	if missing := x.needs() - int64(len(x.sheet.Voters)); p.State == social.InReview {
		x.out.Notes = append(x.out.Notes, yesNoted.With(missing))
	}
	return x.tx.Vote(ctx, team, p.ID, x.by.Member.ID)
}

// enough refuses a change by which too few people would be left to say yes: nobody says it to words of their own hand. A fault
// Invalid, so that the form comes back with what was typed.
func (x *change) enough(ctx context.Context, m social.Move, was social.Post) error {
	if m != social.Edit || x.sheet.Post.Words == was.Words || x.needs() == 1 {
		return nil
	}
	who, err := x.approvers(ctx)
	if n := int64(len(who)); err == nil && n < x.needs() {
		return fault.In("text", errOwnHand, n, x.needs())
	}
	return err
}

// what is how the story calls m: a yes that others must follow approves nothing yet.
func (x *change) what(m social.Move, data map[string]string) social.What {
	if m != social.Approve && m != social.Fix || x.sheet.Post.State != social.InReview {
		return social.What(m)
	}
	data["yes"], data["of"] = strconv.Itoa(len(x.sheet.Voters)), strconv.FormatInt(x.needs(), 10)
	if m == social.Approve {
		return social.DidAgree
	}
	return social.DidCorrect
}

// agreed reports whether the last n things that people did to a post are all yeses of others than me.
func agreed(entries []social.Entry, n int64, me string) bool {
	for _, e := range slices.Backward(entries) {
		switch {
		case e.By == "":
			continue
		case n == 0:
			return true
		case e.What != social.DidAgree || e.By == me:
			return false
		}
		n--
	}
	return n == 0
}
