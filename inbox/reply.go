package inbox

import (
	"context"
	"errors"
	"strings"

	"griot/delivery"
	"griot/fault"
	"griot/i18n"
	"griot/social"
	"griot/storage"
)

var (
	errOnItsWay = i18n.Text{
		En: "An answer is on its way to the network. Wait until the card says what became of it.",
		Fr: "Une réponse est en route vers le réseau. Attendez que la carte dise ce qu’elle est devenue.",
	}
	errAnswered = i18n.Text{
		En: "It is answered already: the card shows the answer.",
		Fr: "Une réponse est déjà en ligne\u202f: la carte la montre.",
	}
	errNoReply = i18n.Text{
		En: "It cannot be answered from here: this account is only read. Open it with its link.",
		Fr: "On ne peut pas y répondre d’ici\u202f: ce compte est seulement lu. Ouvrez la mention par son lien.",
	}
	errNoWords = i18n.Text{En: "Write the answer.", Fr: "Écrivez la réponse."}
	errOnePart = i18n.Text{
		En: "An answer is one message. Remove the line of hyphens.",
		Fr: "Une réponse est un seul message. Retirez la ligne de tirets.",
	}
	errSecond = i18n.Text{
		En: "%s wants a second person’s yes before an answer leaves, and nobody else may give it. An admin can change that with /brand set second:no.",
		Fr: "%s demande l’accord d’une seconde personne avant qu’une réponse parte, et personne d’autre ne peut le donner. Un administrateur peut le changer avec /marque regler second:non.",
	}
)

// Reply answers a mention with exactly these words: who presses sends them, unless the brand wants a second person's yes. What
// was typed is given back with whatever is wrong.
func (s *Service) Reply(ctx context.Context, by social.Member, mention, text string) (social.Hearing, error) {
	out, err := s.change(ctx, by, mention, 0, social.DidReply, func(x *change) error {
		if err := x.reply(ctx, text); err != nil {
			return err
		}
		if s.Wake != nil {
			x.tx.OnCommit(s.Wake)
		}
		return nil
	})
	if f, ok := errors.AsType[*fault.Error](err); ok && f.Kind == fault.Conflict { // the form comes back with what was typed
		err = &fault.Error{Kind: fault.Invalid, Field: "text", Say: f.Say}
	}
	return out, err
}

func (x *change) reply(ctx context.Context, text string) error {
	h := x.hearing
	p := social.Post{ID: storage.NewID("pst"), TeamID: h.Brand.TeamID, BrandID: h.Brand.ID, Author: x.by.Member.ID, Editor: x.by.Member.ID,
		State: social.Scheduled, Rev: 1, Words: 1, When: social.Soon, CreatedAt: x.tx.Now(), Answers: h.Mention.ID,
		Moment: social.Moment{At: x.tx.Now(), Local: x.tx.Now().In(h.Brand.Location()).Format("2006-01-02T15:04"), Zone: h.Brand.Zone}}
	words := social.Revision{PostID: p.ID, Number: 1, By: p.Author, At: x.tx.Now(), Text: social.Normal(text), Accounts: []string{h.Account.ID}}
	v := words.Variants([]social.Account{h.Account})[0]
	v.To = h.Mention.Remote
	if err := x.sendable(ctx, v); err != nil {
		return err
	}
	if err := x.replace(ctx); err != nil {
		return err
	}
	if err := x.apply(ctx, social.Reply, social.MentionChange{}); err != nil {
		return err
	}
	second := h.Brand.Second && !h.Brand.Alone
	if second {
		p.State, p.Moment = social.InReview, social.Moment{}
	}
	if err := errors.Join(x.tx.AddPost(ctx, p), x.tx.AddRevision(ctx, p.TeamID, words)); err != nil {
		return err
	}
	m := x.hearing.Mention
	m.Answer = p.ID
	if err := x.tx.SaveMention(ctx, m, m.Rev); err != nil {
		return err
	}
	if second {
		return x.askSecond(ctx, p)
	}
	yes := social.Approval{PostID: p.ID, AccountID: h.Account.ID, Fingerprint: v.Fingerprint(), By: p.Author}
	return errors.Join(x.tx.Approve(ctx, p.TeamID, yes), x.tx.AddDelivery(ctx, delivery.Plan(p, v)))
}

// sendable says what keeps a text from leaving as an answer.
func (x *change) sendable(ctx context.Context, v social.Variant) error {
	h := x.hearing
	switch {
	case h.Mention.Remote.ID == "":
		return fault.In("text", errNoReply)
	case len(v.Parts) > 1:
		return fault.In("text", errOnePart)
	case len(v.Parts) == 0 || v.Parts[0].Text == "":
		return fault.In("text", errNoWords)
	}
	full := v
	if h.Account.Limits.Addressed && !strings.Contains(v.Parts[0].Text, h.Mention.Author.Handle) {
		full.Parts = []social.Part{{Text: h.Mention.Author.Handle + " " + v.Parts[0].Text}}
	}
	if problems := full.Check(); len(problems) > 0 {
		return &fault.Error{Kind: fault.Invalid, Field: "text", Say: problems[0].Say}
	}
	lines, err := storage.Lines(ctx, x.tx, h.Brand.TeamID, h.Brand)
	if err != nil {
		return err
	}
	if problems := social.Banned(v, lines); len(problems) > 0 {
		return &fault.Error{Kind: fault.Invalid, Field: "text", Say: problems[0].Say}
	}
	return nil
}

// replace gives up an answer that was written before and did not arrive. It refuses while that may still arrive.
func (x *change) replace(ctx context.Context) error {
	old := x.hearing.Reply
	if old == nil {
		return nil
	}
	if err := x.noneLeaving(); err != nil {
		return err
	}
	for _, d := range old.Newest() {
		if d.State == social.Live {
			return fault.New(fault.Conflict, errAnswered)
		}
	}
	leaving, err := x.tx.Stop(ctx, old.Post.TeamID, storage.StopWhich{Post: old.Post.ID}, social.ByEdit)
	switch {
	case err != nil:
		return err
	case len(leaving) > 0:
		return fault.New(fault.Conflict, errOnItsWay)
	}
	return x.withdraw(ctx)
}

// withdraw cancels an answer that was written and has not left, so that no late yes sends it.
func (x *change) withdraw(ctx context.Context) error {
	p := x.hearing.Reply.Post
	was := p.Rev
	p.State, p.Rev = social.Cancelled, p.Rev+1
	return x.tx.SavePost(ctx, p, was)
}

// askSecond tells those who may say yes to somebody else's answer.
func (x *change) askSecond(ctx context.Context, p social.Post) error {
	all, err := storage.Members(ctx, x.tx, p.TeamID)
	if err != nil {
		return err
	}
	asked := false
	for _, m := range all {
		if !social.CanApprove(m, x.by.Brand, p.Editor) {
			continue
		}
		asked = true
		if err := x.tx.Notify(ctx, social.Notice{TeamID: p.TeamID, Subject: p.Answers, MemberID: m.ID, Kind: social.ToApprove, Change: p.ID}); err != nil {
			return err
		}
	}
	if !asked {
		return fault.In("text", errSecond, x.by.Brand.Name)
	}
	return nil
}
