package publishing

import (
	"context"
	"slices"
	"strconv"

	"griot/fault"
	"griot/i18n"
	"griot/social"
	"griot/storage"
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
	yesNoted = i18n.Text{
		En: "Your yes is noted. The post still needs %d more before it may leave.",
		Fr: "Votre accord est noté. Il en manque encore %d avant que la publication puisse partir.",
	}
)

func (x *change) needs() int64 { return x.sheet.Brand.Needs(x.sheet.Post) }

// others counts who else said yes to the words that m says yes to, of those who still may. It is members who count, in
// whatever chat they said it. A fault Conflict when the same person says yes again while others must.
func (x *change) others(ctx context.Context, m social.Move, words int64) (int64, error) {
	if m != social.Approve && m != social.Fix || x.needs() == 1 {
		return 0, nil
	}
	who, err := storage.Members(ctx, x.tx, x.by.Member.TeamID)
	if err != nil {
		return 0, err
	}
	if m == social.Approve {
		words = x.sheet.Post.Words
	}
	mine, n := false, int64(0)
	for _, v := range x.sheet.Votes {
		switch {
		case v.Words != words:
		case v.By == x.by.Member.ID:
			mine = true
		case slices.ContainsFunc(who, func(w social.Member) bool { return w.ID == v.By && social.CanApprove(w, x.sheet.Brand, "") }):
			n++
		}
	}
	if missing := x.needs() - n - 1; mine && m == social.Approve && missing > 0 {
		return n, fault.New(fault.Conflict, errSaidYes, missing)
	}
	return n, nil
}

// vote writes a person's yes down where several must say it. Whoever sends words for approval asks everybody anew.
func (x *change) vote(ctx context.Context, m social.Move, was social.Post, c social.Change) error {
	p, team := x.sheet.Post, x.by.Member.TeamID
	switch {
	case p.State == social.InReview && was.State != social.InReview:
		x.sheet.Votes = nil
		return x.tx.Unvote(ctx, team, p.ID)
	case m != social.Approve && m != social.Fix || x.needs() == 1:
		return nil
	}
	x.yes = c.Others + 1
	v := social.Vote{By: x.by.Member.ID, Words: p.Words}
	x.sheet.Votes = append(slices.DeleteFunc(slices.Clone(x.sheet.Votes), func(o social.Vote) bool { return o.By == v.By }), v)
	if missing := x.needs() - x.yes; missing > 0 {
		x.out.Notes = append(x.out.Notes, yesNoted.With(missing))
	}
	return x.tx.Vote(ctx, team, p.ID, v)
}

// what is how the story calls m: a yes that others must follow approves nothing yet.
func (x *change) what(m social.Move, data map[string]string) social.What {
	if x.yes == 0 || x.sheet.Post.State != social.InReview {
		return social.What(m)
	}
	data["yes"], data["of"] = strconv.FormatInt(x.yes, 10), strconv.FormatInt(x.needs(), 10)
	if m == social.Approve {
		return social.DidAgree
	}
	return social.What(m)
}

// askedAgain are those who said yes to words that are others now.
func (x *change) askedAgain(was social.Post) []notice {
	p := x.sheet.Post
	if p.State != social.InReview || was.State != social.InReview || p.Words == was.Words {
		return nil
	}
	var out []notice
	for _, v := range x.sheet.Votes {
		if v.Words == was.Words {
			out = append(out, notice{v.By, social.ToApprove})
		}
	}
	return out
}
