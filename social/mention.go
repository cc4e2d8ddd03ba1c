package social

import (
	"slices"
	"time"

	"griot/fault"
	"griot/i18n"
)

// MentionKind is what somebody did to be heard.
type MentionKind string

// The kinds of mentions.
const (
	Named    MentionKind = "mention" // the brand is named
	Replied  MentionKind = "reply"   // to something that the brand said
	Quoted   MentionKind = "quote"   // the brand is quoted
	Reported MentionKind = "article" // something new in a feed
	Brought  MentionKind = "brought" // somebody of the team came upon it in a chat, and it deserves care
)

// MentionState is where a mention stands.
type MentionState string

// The states of a mention, in the order of its life.
const (
	IsNew       MentionState = "new"
	IsClaimed   MentionState = "claimed"
	IsEscalated MentionState = "escalated" // handed to somebody
	IsAnswered  MentionState = "answered"
	IsIgnored   MentionState = "ignored"
	IsDone      MentionState = "done"
)

// MentionStates lists every state.
var MentionStates = []MentionState{IsNew, IsClaimed, IsEscalated, IsAnswered, IsIgnored, IsDone}

var mentionNames = map[MentionState]i18n.Text{
	IsNew:       {En: "New", Fr: "Nouvelle"},
	IsClaimed:   {En: "Taken care of", Fr: "Prise en charge"},
	IsEscalated: {En: "Handed over", Fr: "Transmise"},
	IsAnswered:  {En: "Answered", Fr: "Réponse envoyée"},
	IsIgnored:   {En: "No action", Fr: "Sans suite"},
	IsDone:      {En: "Done", Fr: "Traitée"},
}

// Name is what people read on the card.
func (s MentionState) Name() i18n.Text { return mentionNames[s] }

// Author is who said something elsewhere. All of it is from outside.
type Author struct {
	Name   string `json:"name"`   // as they call themselves; empty: only the handle is known
	Handle string `json:"handle"` // as people write it, "@lea@social.example"
	URL    string `json:"url"`    // http or https; empty: none
}

// Remote is where an item stands in its network: what an answer to it needs.
type Remote struct {
	ID      string `json:"id"`
	Ref     string `json:"ref,omitempty"` // what a reply needs beside the id (a CID)
	Root    string `json:"root,omitempty"`
	RootRef string `json:"root_ref,omitempty"` // of the first item of the conversation, where a network asks for both
}

// Room is a channel of a chat, as in chat.Place. Zero: none is named.
type Room struct {
	Surface   string `json:"surface"`
	Workspace string `json:"workspace"`
	Channel   string `json:"channel"`
}

// Priority is how soon a mention should be looked at.
type Priority int64

// The priorities.
const (
	Usual  Priority = 0
	High   Priority = 1
	Urgent Priority = 2
)

// Mention is something said elsewhere to or about a brand.
type Mention struct {
	ID, TeamID, BrandID string
	AccountID           string // on which it was read; empty: it was brought
	Network             string // a connector's id; of one that was brought the chat where that was done, as in chat.Place
	Key                 string // of the item, the same on whatever account of the network it is read
	Remote              Remote // zero ID: it cannot be answered there
	Kind                MentionKind
	Author              Author
	Title               string    // of an article
	Text                string    // plain, NFC
	Language            string    // two letters of ISO 639-1; empty: not known
	URL                 string    // where people read it; http or https; empty: nowhere
	SaidAt, HeardAt     time.Time // of one that was brought both are when that was: nobody knows more

	State      MentionState
	Owner      string    // member who takes care of it, or to whom it was handed; empty: nobody
	OwnedAt    time.Time // since when
	FreeAt     time.Time // when the claim ends by itself; zero: there is none
	LateAt     time.Time // when it is late, while it waits for somebody; zero: never
	RuleID     string    // the rule that brought it; empty: none fitted
	RuleName   string    // as it was then
	Room       Room      // where the rule brought it; zero: the brand's channels for mentions
	Label      string
	Priority   Priority
	Muted      bool   // kept, and shown in no channel
	Gathering  string // the card that shows it among others; empty: its own
	Note       string // why it was handed over
	Answer     string // id of the Post that answers it; empty: none
	Suggesting bool   // suggestions are on their way
	Rev        int64  // of decisions; suggestions and the way of an answer do not raise it
}

// Open reports whether the mention waits for somebody.
func (m Mention) Open() bool {
	return slices.Contains([]MentionState{IsNew, IsClaimed, IsEscalated}, m.State)
}

// Basis is what a suggested reply rests on.
type Basis string

// What a reply may rest on.
const (
	OnLine  Basis = "line"  // the editorial line
	OnSaved Basis = "saved" // a saved reply of the line
	OnPast  Basis = "past"  // what the brand has answered before
	OnNone  Basis = "none"  // nothing of the brand's: nobody has written its line
)

// Suggestion is a reply that somebody may use. Nothing of it leaves without a press.
type Suggestion struct {
	Number int64 // from 1
	Text   string
	Basis  Basis
	Source string // the saved reply's beginning, or to whom the past answer was; empty: the line
	Model  string // that wrote it; empty: the offline helper
}

// MentionMove is something that a person may do to a mention.
type MentionMove string

// The moves.
const (
	ClaimIt  MentionMove = "claim"
	Release  MentionMove = "release"
	Escalate MentionMove = "escalate"
	Reply    MentionMove = "reply"
	Ignore   MentionMove = "ignore"
	Finish   MentionMove = "done"
	Reopen   MentionMove = "reopen"
)

// mentionRule is one line of the table of moves.
type mentionRule struct {
	Do   MentionMove
	From []MentionState
	To   MentionState
	Own  bool // of what somebody takes care of: only they, or an admin
}

var waiting = []MentionState{IsNew, IsClaimed, IsEscalated}

// mentionMoves is the whole life of a mention, as people decide about it. That an answer has arrived is no decision: see
// Mention.Answered.
var mentionMoves = []mentionRule{
	{ClaimIt, []MentionState{IsNew, IsClaimed, IsEscalated}, IsClaimed, true},
	{Reply, waiting, IsClaimed, true},
	{Escalate, waiting, IsEscalated, true},
	{Release, []MentionState{IsClaimed, IsEscalated}, IsNew, true},
	{Ignore, waiting, IsIgnored, true},
	{Finish, []MentionState{IsNew, IsClaimed, IsEscalated, IsAnswered}, IsDone, true},
	{Reopen, []MentionState{IsAnswered, IsIgnored, IsDone}, IsNew, false},
}

// Listeners may decide about mentions.
var Listeners = []Role{Moderator, Admin}

var (
	errMentionMove = i18n.Text{
		En: "This mention is “%s” now, so that can no longer be done. The card shows where it stands.",
		Fr: "Cette mention est maintenant «\u202f%s\u202f»\u202f: ce n’est plus possible. La carte montre où elle en est.",
	}
	errOwned = i18n.Text{
		En: "%s was faster and takes care of it. Ask them to release it, or choose another one with /mentions.",
		Fr: "%s a été plus rapide et s’en occupe. Demandez-lui de laisser la mention, ou choisissez-en une autre avec /mentions.",
	}
	errYours = i18n.Text{
		En: "You already take care of it.",
		Fr: "Vous vous en occupez déjà.",
	}
	errNoListener = i18n.Text{
		En: "You do not have the role to answer for %s. An admin can give it to you with /team roles (moderator).",
		Fr: "Vous n’avez pas le rôle nécessaire pour répondre au nom de %s. Un administrateur peut vous le donner avec /equipe roles (modérateur).",
	}
	errWhy = i18n.Text{
		En: "Please say in a few words why you hand it over.",
		Fr: "Dites en quelques mots pourquoi vous la transmettez.",
	}
	errToWhom = i18n.Text{
		En: "Choose to whom you hand it.",
		Fr: "Choisissez à qui la transmettre.",
	}
)

// MentionChange is what a move needs besides its name.
type MentionChange struct {
	To    string // Escalate: member
	Note  string // Escalate: why
	Owner string // name of the member who takes care of it, for the refusal
	Now   time.Time
}

// Apply returns m after do. It changes nothing else: the caller stores the result if nobody wrote m meanwhile. Errors are
// faults: Denied without the role, Conflict when the state no longer allows it or somebody else takes care of it, Invalid when
// c lacks what the move needs.
func (m Mention) Apply(do MentionMove, by Actor, c MentionChange) (Mention, error) {
	i := slices.IndexFunc(mentionMoves, func(r mentionRule) bool { return r.Do == do })
	if i < 0 {
		return m, fault.New(fault.Conflict, errMentionMove, m.State.Name())
	}
	r, mine := mentionMoves[i], m.Owner == by.Member.ID && m.Owner != ""
	switch {
	case !mine && !by.Member.Has(m.BrandID, Listeners...):
		return m, fault.New(fault.Denied, errNoListener, by.Brand.Name)
	case !slices.Contains(r.From, m.State):
		return m, fault.New(fault.Conflict, errMentionMove, m.State.Name())
	case do == ClaimIt && mine && m.State == IsClaimed:
		return m, fault.New(fault.Conflict, errYours)
	case r.Own && !mine && m.State == IsClaimed && !(do != ClaimIt && do != Reply && by.Member.Has(m.BrandID, Admin)):
		return m, fault.New(fault.Conflict, errOwned, c.Owner)
	case do == Escalate && c.To == "":
		return m, fault.In("to", errToWhom)
	case do == Escalate && c.Note == "":
		return m, fault.In("note", errWhy)
	}
	m.State, m.Rev, m.FreeAt = r.To, m.Rev+1, time.Time{}
	switch do {
	case ClaimIt, Reply:
		m.Owner, m.OwnedAt, m.FreeAt = by.Member.ID, c.Now, c.Now.Add(by.Brand.Keeps())
	case Escalate:
		m.Owner, m.OwnedAt, m.Note = c.To, c.Now, c.Note
	case Release, Reopen:
		m = m.Freed()
	}
	if !m.Open() {
		m.LateAt = time.Time{}
	}
	return m, nil
}

// Freed is m with nobody who takes care of it.
func (m Mention) Freed() Mention {
	m.State, m.Owner, m.OwnedAt, m.FreeAt, m.Note = IsNew, "", time.Time{}, time.Time{}, ""
	return m
}

// Moves lists what anybody at all may do to m now: the buttons of a card that many people see.
func (m Mention) Moves() []MentionMove {
	var out []MentionMove
	for _, r := range mentionMoves {
		if slices.Contains(r.From, m.State) && !(r.Do == ClaimIt && m.State == IsClaimed) && !(r.Do == Reply && m.Remote.ID == "") {
			out = append(out, r.Do)
		}
	}
	return out
}

// ClaimUsually is how long a claim holds when the brand says nothing.
const ClaimUsually = 2 * time.Hour

// Patience is after how long a mention that nobody has settled is late, by its priority.
func (p Priority) Patience() time.Duration {
	switch p {
	case Urgent:
		return 30 * time.Minute
	case High:
		return 2 * time.Hour
	}
	return 24 * time.Hour
}

// Gathering is one card for many mentions of one rule that came in a rush.
type Gathering struct {
	ID, TeamID, BrandID string
	RuleID, RuleName    string
	Room                Room
	Number              int64 // of mentions in it
	BeganAt, LastAt     time.Time
}

// Hearing is a mention with everything a card or a decision about it needs.
type Hearing struct {
	Mention     Mention
	Brand       Brand
	Account     Account // zero: it was brought
	Suggestions []Suggestion
	Reply       *Sheet            // the answer, when somebody has written one
	Names       map[string]string // members named anywhere in it, by id
}
