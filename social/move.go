package social

import (
	"slices"
	"time"

	"griot/fault"
	"griot/i18n"
)

// Move is something a person may do to a post.
type Move string

// The moves.
const (
	Submit     Move = "submit"
	Approve    Move = "approve"
	SendBack   Move = "send_back"
	Edit       Move = "edit"
	Fix        Move = "fix" // an approver corrects and approves in one go
	Schedule   Move = "schedule"
	Unschedule Move = "unschedule"
	Publish    Move = "publish" // now, or as soon as approved
	Cancel     Move = "cancel"
)

// rule is one line of the table of moves.
type rule struct {
	Do     Move
	From   []State
	To     State // empty: stays, or decided by the wish for a date (see arm)
	Who    []Role
	Author bool // the member who started the post may, too
}

// moves is the whole life of a post's words. Buttons, permissions, the diagram and tests are read from it.
var moves = []rule{
	{Submit, []State{Draft}, InReview, []Role{Writer, Approver, Admin}, true},
	{Approve, []State{InReview}, "", []Role{Approver, Client, Admin}, false},
	{Fix, []State{InReview}, "", []Role{Approver, Admin}, false},
	{SendBack, []State{InReview, Approved, Scheduled}, Draft, []Role{Approver, Client, Admin}, false},
	{Edit, []State{Draft, InReview, Approved, Scheduled}, "", []Role{Approver, Admin}, true},
	{Schedule, []State{Draft, InReview, Approved, Scheduled}, "", []Role{Approver, Admin}, true},
	{Publish, []State{Draft, InReview, Approved, Scheduled}, "", []Role{Approver, Admin}, true},
	{Unschedule, []State{Scheduled}, Approved, []Role{Approver, Admin}, true},
	{Cancel, []State{Draft, InReview, Approved, Scheduled}, Cancelled, []Role{Approver, Admin}, true},
}

// Drafters may start a post; Pausers may stop everything of a brand at once.
var (
	Drafters = []Role{Writer, Approver, Admin}
	Pausers  = []Role{Approver, Moderator, Admin}
)

// Actor is a member who does something for a brand, with the brand's rules at hand.
type Actor struct {
	Member Member
	Brand  Brand
}

// Change is what a move needs besides its name.
type Change struct {
	When   When   // Edit and Fix: the wish for a date; empty: as it was
	Moment Moment // Schedule; Edit and Fix with OnDate
	Note   string // SendBack: required
	Others int64  // Approve and Fix: other people who said yes to the same words
	Words  int64  // Edit and Fix: number of the new revision; the current one when only the wish for a date changed
	Now    time.Time
}

var (
	errMove = i18n.Text{
		En: "This post is “%s” now, so that can no longer be done. Open it to see where it stands.",
		Fr: "Cette publication est maintenant « %s » : ce n’est plus possible. Ouvrez-la pour voir où elle en est.",
	}
	errRole = i18n.Text{
		En: "You do not have the role for this on %s. An admin can give it to you with /team roles.",
		Fr: "Vous n’avez pas le rôle nécessaire pour %s. Un administrateur peut vous le donner avec /equipe roles.",
	}
	errOwn = i18n.Text{
		En: "These are your own words: somebody else must approve them. An admin can allow it with /brand set alone:yes.",
		Fr: "C’est votre propre texte : une autre personne doit le valider. Un administrateur peut l’autoriser avec /marque regler seul:oui.",
	}
	errNoFix = i18n.Text{
		En: "%s does not allow correcting and approving in one go. Send the post back with a note instead.",
		Fr: "%s n’autorise pas à corriger et valider d’un seul geste. Renvoyez plutôt la publication avec une remarque.",
	}
	errNote = i18n.Text{
		En: "Please say in a few words what should change.",
		Fr: "Dites en quelques mots ce qu’il faut changer.",
	}
	errDatePast = i18n.Text{
		En: "Choose a date that is still to come.",
		Fr: "Choisissez une date à venir.",
	}
	errDateGone = i18n.Text{
		En: "The date of this post, %s, has gone by. Choose another one, then approve.",
		Fr: "La date de cette publication, %s, est passée. Choisissez-en une autre, puis validez.",
	}
)

// Apply returns p after m. It changes nothing else: the caller stores the result, if nobody wrote p meanwhile.
// Errors are faults: Denied without the role or for one's own words, Conflict when the state no longer allows m,
// Invalid when c lacks what m needs.
func (p Post) Apply(m Move, by Actor, c Change) (Post, error) {
	r, err := p.allowed(m, by)
	if err != nil {
		return p, err
	}
	p.Rev++
	if r.To != "" {
		p.State = r.To
	}
	switch m {
	case Submit:
		p.Note = ""
	case SendBack:
		if c.Note == "" {
			return p, fault.In("note", errNote)
		}
		p.Note = c.Note
	case Edit:
		return p.edited(by, c).wished(by, c)
	case Fix:
		if p, err = p.edited(by, c).wished(by, c); err != nil {
			return p, err
		}
		return p.agreed(by, c)
	case Approve:
		return p.agreed(by, c)
	case Schedule:
		if !c.Moment.At.After(c.Now) {
			return p, fault.In("at", errDatePast)
		}
		p.When, p.Moment = OnDate, c.Moment
		return p.moved(by), nil
	case Publish:
		if p.When = Soon; p.State == Draft {
			p.State, p.Note = InReview, ""
		}
		return p.moved(by).at(by, c.Now), nil
	case Unschedule:
		p.When, p.Moment = Later, Moment{}
	}
	return p, nil
}

// edited takes the new words. What was approved and differs needs approval again, so the post goes back to
// its writer's hands; in review it stays there, for the approver reads the newest words.
func (p Post) edited(by Actor, c Change) Post {
	if c.Words == p.Words {
		return p
	}
	p.Words, p.Editor = c.Words, by.Member.ID
	if p.State == Approved || p.State == Scheduled {
		p.State = Draft
	}
	return p
}

// wished takes another wish for a date, when c has one. For approved words that is moving them.
func (p Post) wished(by Actor, c Change) (Post, error) {
	switch {
	case c.When == "", c.When == p.When && (c.When != OnDate || c.Moment.At.Equal(p.Moment.At)):
		return p, nil
	case c.When == OnDate && !c.Moment.At.After(c.Now):
		return p, fault.In("at", errDatePast)
	}
	p.When, p.Moment = c.When, c.Moment
	switch {
	case p.When == Later && p.State == Scheduled:
		p.State = Approved
	case p.When != Later:
		p = p.moved(by).at(by, c.Now)
	}
	return p, nil
}

// agreed is a post to which one more person said yes: approved once they are as many as the brand wants.
func (p Post) agreed(by Actor, c Change) (Post, error) {
	armed, err := p.arm(by, c.Now)
	if err != nil || c.Others+1 >= by.Brand.Needs(p) {
		return armed, err
	}
	return p, nil
}

// arm is what approval does to the date: now, on its day, or later.
func (p Post) arm(by Actor, now time.Time) (Post, error) {
	switch {
	case p.When == Later:
		p.State = Approved
		return p, nil
	case p.When == OnDate && !p.Moment.At.After(now):
		return p, fault.In("at", errDateGone, i18n.When(p.Moment.At.In(by.Brand.Location())))
	}
	p.State = Scheduled
	return p.at(by, now), nil
}

// moved is an approved post with a new date: still approved, unless the brand wants to see it again.
func (p Post) moved(by Actor) Post {
	switch {
	case p.State != Approved && p.State != Scheduled:
	case by.Brand.NoMove && !by.Member.Has(p.BrandID, Approver, Admin):
		p.State = InReview
	default:
		p.State = Scheduled
	}
	return p
}

// at writes the instant of a post that leaves as soon as it may.
func (p Post) at(by Actor, now time.Time) Post {
	if p.When == Soon && p.State == Scheduled {
		p.Moment = Moment{At: now, Local: now.In(by.Brand.Location()).Format("2006-01-02T15:04"), Zone: by.Brand.Zone}
	}
	return p
}

// allowed finds m's line in the table and checks who asks.
func (p Post) allowed(m Move, by Actor) (rule, error) {
	for _, r := range moves {
		if r.Do != m {
			continue
		}
		if !slices.Contains(r.From, p.State) {
			return rule{}, fault.New(fault.Conflict, errMove, p.State.Name())
		}
		if !by.Member.Has(p.BrandID, r.Who...) && (!r.Author || by.Member.ID != p.Author) {
			return rule{}, fault.New(fault.Denied, errRole, by.Brand.Name)
		}
		return r, p.alone(m, by)
	}
	return rule{}, fault.New(fault.Conflict, errMove, p.State.Name())
}

// alone refuses that one person says and approves the same words.
func (p Post) alone(m Move, by Actor) error {
	switch {
	case m == Fix && by.Brand.NoFix:
		return fault.New(fault.Denied, errNoFix, by.Brand.Name)
	case by.Brand.Alone:
		return nil
	case m == Approve && p.Editor == by.Member.ID, m == Fix && p.Author == by.Member.ID:
		return fault.New(fault.Denied, errOwn)
	}
	return nil
}

// Moves lists what anybody at all may do to p now: the buttons of a card that many people see.
func (p Post) Moves() []Move {
	var out []Move
	for _, r := range moves {
		if slices.Contains(r.From, p.State) {
			out = append(out, r.Do)
		}
	}
	return out
}

// CanApprove reports whether m could approve words last touched by editor.
func CanApprove(m Member, b Brand, editor string) bool {
	return m.Has(b.ID, Approver, Client, Admin) && (b.Alone || m.ID != editor)
}
