package social

import "time"

// NoticeKind names a change that asks somebody to act.
type NoticeKind string

// The kinds of notices.
const (
	ToApprove   NoticeKind = "to_approve"  // to those who can approve
	SentBack    NoticeKind = "sent_back"   // to the writer; Data: note
	Corrected   NoticeKind = "corrected"   // to the writer: an approver's hand is in the words now
	Moved       NoticeKind = "moved"       // to the approver of a post whose date changed; Data: at, zone
	NotTaken    NoticeKind = "not_taken"   // refused by a network; Data: account, words
	LookAt      NoticeKind = "look_at"     // to be checked; Data: account
	NotSent     NoticeKind = "not_sent"    // missed; Data: account
	RunsLate    NoticeKind = "runs_late"   // the watchdog; Data: account, by
	SignAgain   NoticeKind = "sign_again"  // an account must be connected again; Data: account
	CutShort    NoticeKind = "cut_short"   // a thread whose beginning stands; Data: account
	AskAccess   NoticeKind = "ask_access"  // a stranger asks to be let in; Data: name
	LetIn       NoticeKind = "let_in"      // to who asked: they are of the team now; Data: name of the brand
	NotRemoved  NoticeKind = "still_there" // could not be taken down; Data: account, words
	NoAccount   NoticeKind = "no_account"  // an account was removed for which a post was scheduled; Data: account
	Unreachable NoticeKind = "unreachable" // Griot may not write in a channel any more, to admins; Data: surface, channel when known
	HandedOver  NoticeKind = "handed_over" // a mention, to whom it was handed; Data: who, note
	NotHeard    NoticeKind = "not_heard"   // what is said to an account cannot be read, to admins; Data: account, why_en, why_fr
	ChatGone    NoticeKind = "chat_gone"   // Griot was removed from a workspace, to admins; Data: surface, workspace
)

// NoticeKinds lists every kind.
var NoticeKinds = []NoticeKind{ToApprove, SentBack, Corrected, Moved, NotTaken, LookAt, NotSent, RunsLate, SignAgain, CutShort,
	AskAccess, LetIn, NotRemoved, NoAccount, Unreachable, HandedOver, NotHeard, ChatGone}

// Notice is one line that asks one member to act. Once per subject, member, kind and change.
type Notice struct {
	ID, TeamID string
	Subject    string // post, account, request, or a place in a chat
	MemberID   string
	Kind       NoticeKind
	Change     string // what change it is about: a revision, a delivery's turn
	Data       map[string]string
	Urgent     bool // said in quiet hours, too
	At         time.Time
	Tried      bool // somebody may have heard it, although it is not known to be said
}
