package publishing

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"griot/fault"
	"griot/i18n"
	"griot/social"
	"griot/storage"
)

var (
	errNobody = i18n.Text{
		En: "Nobody can approve for %s yet. Ask %s to give somebody the approver role with /team roles, then send it again.",
		Fr: "Personne ne peut encore valider pour %s. Demandez à %s de donner le rôle de validation à quelqu’un avec /equipe roles, puis renvoyez.",
	}
	anAdmin  = i18n.Text{En: "an admin", Fr: "un administrateur"}
	errStale = i18n.Text{
		En: "The post changed while you were looking: %s. Here it is as it stands now; please decide again.",
		Fr: "La publication a changé entre-temps\u202f: %s. La voici telle qu’elle est maintenant\u202f; décidez à nouveau.",
	}
	errNowhere = i18n.Text{
		En: "None of its accounts is connected any more: connect %s again with /connect, or choose another one with “Edit”.",
		Fr: "Aucun de ses comptes n’est plus connecté\u202f: reconnectez %s avec /connecter, ou choisissez-en un autre avec «\u202fModifier\u202f».",
	}
	errTwice = i18n.Text{En: "You have already done that.", Fr: "C’est déjà fait\u202f: vous venez de le faire."}
)

// change is one decision about a post, in its transaction.
type change struct {
	tx    *storage.Tx
	sheet social.Sheet // before, then after
	by    social.Actor
	yes   int64    // people who said yes to the words, whose move this is among them
	quiet bool     // nobody has to be asked: the approval follows in the same act
	ended []string // labels of the accounts whose approval the new words ended
	out   Result
}

// Move does m to a post. Seen is the revision that the person had before their eyes; zero is any. Errors are faults: Conflict
// when the post changed meanwhile, says what changed.
func (s *Service) Move(ctx context.Context, by social.Member, post string, seen int64, m social.Move, c social.Change) (Result, error) {
	return s.change(ctx, by, post, seen, m, func(x *change) error {
		if m == social.Approve && x.sheet.Post.State == social.Draft && x.by.Brand.Alone {
			x.quiet = x.by.Brand.Needs(x.sheet.Post) == 1
			if err := x.apply(ctx, social.Submit, c); err != nil {
				return err
			}
		}
		return x.apply(ctx, m, c)
	})
}

// change runs f on a post in a transaction, with everything around it that all changes share.
func (s *Service) change(ctx context.Context, by social.Member, post string, seen int64, m social.Move, f func(*change) error) (Result, error) {
	var out Result
	err := s.DB.InTx(ctx, func(tx *storage.Tx) error {
		if err := tx.HoldPost(ctx, by.TeamID, post); err != nil { // of two people at once, the second sees what the first did
			return err
		}
		sheet, err := storage.SheetOf(ctx, tx, by.TeamID, post)
		if err != nil {
			return err
		}
		by, err := storage.Member(ctx, tx, by.TeamID, by.ID) // with the roles of now: one may have been taken away since the press
		if err != nil {
			return err
		}
		if seen != 0 && seen != sheet.Post.Rev {
			return stale(ctx, tx, sheet, by, m)
		}
		x := &change{tx: tx, sheet: sheet, by: social.Actor{Member: by, Brand: sheet.Brand}}
		if err := f(x); err != nil {
			return err
		}
		if err := tx.Redraw(ctx, by.TeamID, sheet.Post.Subject()); err != nil {
			return err
		}
		s.wake(tx)
		if x.out.Sheet, err = storage.SheetOf(ctx, tx, by.TeamID, post); err != nil {
			return err
		}
		out = x.out
		return nil
	})
	return out, err
}

// stale tells what changed since the person looked.
func stale(ctx context.Context, tx *storage.Tx, s social.Sheet, by social.Member, m social.Move) error {
	entries, err := storage.Entries(ctx, tx, by.TeamID, s.Post.Subject())
	if err != nil {
		return err
	}
	for _, e := range slices.Backward(entries) {
		if e.By == "" {
			continue
		}
		if e.By == by.ID && (e.What == social.What(m) || e.What == social.DidAgree && m == social.Approve) {
			return fault.New(fault.Conflict, errTwice)
		}
		names, err := storage.Names(ctx, tx, by.TeamID, []string{e.By})
		if err != nil {
			return err
		}
		return fault.New(fault.Conflict, errStale, e.What.By(names[e.By]))
	}
	return fault.New(fault.Conflict, errStale, social.DidEdit.By(s.Names[s.Post.Editor]))
}

// apply does one move of the table and everything that follows from it.
func (x *change) apply(ctx context.Context, m social.Move, c social.Change) error {
	c.Now = x.tx.Now()
	was := x.sheet.Post
	var err error
	if c.Others, err = x.others(ctx, m, c.Words); err != nil {
		return err
	}
	p, err := was.Apply(m, x.by, c)
	if err != nil {
		return err
	}
	if x.sheet.Settled() {
		return fault.New(fault.Conflict, errFrozen)
	}
	if err := x.ready(ctx, m); err != nil {
		return err
	}
	if err := x.tx.SavePost(ctx, p, was.Rev); err != nil {
		return err
	}
	x.sheet.Post = p
	if err := x.vote(ctx, m, was, c); err != nil {
		return err
	}
	if (m == social.Approve || m == social.Fix) && p.State != social.InReview {
		if err := x.approve(ctx, m); err != nil {
			return err
		}
	}
	if err := x.follow(ctx, m, was); err != nil {
		return err
	}
	return x.tell(ctx, m, was)
}

// ready checks what must be in order before words are asked to be read, or said yes to.
func (x *change) ready(ctx context.Context, m social.Move) error {
	if err := x.somewhere(m); err != nil {
		return err
	}
	asks := m == social.Submit || (m == social.Publish && x.sheet.Post.State == social.Draft)
	if !asks && m != social.Approve && m != social.Fix {
		return nil
	}
	if missing := x.sheet.Revision.MissingAlt(); len(missing) > 0 {
		return &fault.Error{Kind: fault.Invalid, Field: "alt", Say: missing[0]}
	}
	if problems := Problems(x.sheet); len(problems) > 0 {
		return &fault.Error{Kind: fault.Invalid, Field: problems[0].Field, Say: problems[0].Say}
	}
	if !asks {
		return nil
	}
	who, err := x.approvers(ctx)
	switch n := int64(len(who)); {
	case err != nil:
		return err
	case n == 0:
		return x.nobody(ctx)
	case n < x.needs():
		return fault.New(fault.Denied, errFew, x.sheet.Brand.Name, x.needs(), n)
	}
	return nil
}

// somewhere refuses to send, to date or to approve what has no account left to go to.
func (x *change) somewhere(m social.Move) error {
	if !slices.Contains([]social.Move{social.Submit, social.Approve, social.Fix, social.Schedule, social.Publish}, m) {
		return nil
	}
	var gone []string
	for _, v := range x.sheet.Variants() {
		if v.Account.State != social.Removed {
			return nil
		}
		gone = append(gone, v.Account.Label())
	}
	if len(gone) == 0 {
		return nil
	}
	return fault.New(fault.Conflict, errNowhere, strings.Join(gone, ", "))
}

func (x *change) approvers(ctx context.Context) ([]social.Member, error) {
	all, err := storage.Members(ctx, x.tx, x.by.Member.TeamID)
	return slices.DeleteFunc(all, func(m social.Member) bool {
		return !social.CanApprove(m, x.sheet.Brand, x.sheet.Post.Editor)
	}), err
}

func (x *change) nobody(ctx context.Context) error {
	admins, err := storage.MembersWith(ctx, x.tx, x.by.Member.TeamID, x.sheet.Brand.ID, social.Admin)
	if err != nil {
		return err
	}
	var who any = anAdmin
	if len(admins) > 0 {
		who = admins[0].Name
	}
	return fault.New(fault.Denied, errNobody, x.sheet.Brand.Name, who)
}

// approve says yes to every variant that is not frozen, as it is now.
func (x *change) approve(ctx context.Context, m social.Move) error {
	for _, v := range x.sheet.Variants() {
		if x.sheet.Frozen(v.Account.ID) {
			continue
		}
		a := social.Approval{PostID: x.sheet.Post.ID, AccountID: v.Account.ID, Fingerprint: v.Fingerprint(), By: x.by.Member.ID, Fixed: m == social.Fix && x.sheet.Post.Editor == x.by.Member.ID}
		if err := x.tx.Approve(ctx, x.by.Member.TeamID, a); err != nil {
			return fmt.Errorf("approve: %w", err)
		}
	}
	var err error
	x.sheet.Approvals, err = storage.Approvals(ctx, x.tx, x.by.Member.TeamID, x.sheet.Post.ID)
	return err
}

// tell writes the story's line and asks those who must act.
func (x *change) tell(ctx context.Context, m social.Move, was social.Post) error {
	p := x.sheet.Post
	data := map[string]string{}
	moved := !p.Moment.At.Equal(was.Moment.At)
	switch m {
	case social.SendBack:
		data["note"] = p.Note
	case social.Schedule, social.Publish, social.Approve, social.Fix, social.Edit:
		if !p.Moment.IsZero() && (moved || m != social.Edit) {
			data["at"], data["zone"] = p.Moment.At.Format(time.RFC3339), p.Moment.Zone
		}
		if len(x.ended) > 0 {
			data["accounts"] = strings.Join(x.ended, ", ")
		}
	}
	if err := x.tx.AddEntry(ctx, line(p, x.by.Member.ID, x.what(m, data), data)); err != nil {
		return err
	}
	for _, n := range x.whom(m, was) {
		if err := x.notify(ctx, n, data); err != nil {
			return err
		}
	}
	if p.State == social.InReview && was.State != social.InReview && !x.quiet {
		return x.ask(ctx)
	}
	return nil
}

// notice is who is told what.
type notice struct {
	member string
	kind   social.NoticeKind
}

func (x *change) whom(m social.Move, was social.Post) []notice {
	switch m {
	case social.SendBack:
		return []notice{{was.Author, social.SentBack}}
	case social.Fix:
		return append(x.askedAgain(was), notice{was.Author, social.Corrected})
	case social.Edit:
		if again := x.askedAgain(was); len(again) > 0 {
			return again
		}
	}
	if p := x.sheet.Post; was.State != social.Scheduled || p.State != social.Scheduled || p.Moment.At.Equal(was.Moment.At) {
		return nil
	}
	var out []notice
	for _, a := range x.sheet.Approvals {
		if n := (notice{a.By, social.Moved}); !slices.Contains(out, n) {
			out = append(out, n)
		}
	}
	for _, v := range x.sheet.Voters() {
		if n := (notice{v, social.Moved}); !slices.Contains(out, n) {
			out = append(out, n)
		}
	}
	return out
}

// ask tells everybody who can approve that something waits for them.
func (x *change) ask(ctx context.Context) error {
	who, err := x.approvers(ctx)
	for _, m := range who {
		if err != nil {
			return err
		}
		err = x.notify(ctx, notice{m.ID, social.ToApprove}, nil)
	}
	return err
}

func (x *change) notify(ctx context.Context, n notice, data map[string]string) error {
	if n.member == x.by.Member.ID {
		return nil
	}
	p := x.sheet.Post
	return x.tx.Notify(ctx, social.Notice{TeamID: p.TeamID, Subject: p.Subject(), MemberID: n.member, Kind: n.kind, Change: strconv.FormatInt(p.Rev, 10), Data: data})
}
