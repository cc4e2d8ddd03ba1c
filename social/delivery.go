package social

import (
	"cmp"
	"slices"
	"time"

	"griot/i18n"
)

// DeliveryState is where one variant stands on its way to one account.
type DeliveryState string

// The states of a delivery. The row is the queue: nothing else remembers that it is due.
const (
	Waiting  DeliveryState = "waiting"  // for its instant, or for another try that is known to be safe
	Leased   DeliveryState = "leased"   // a process prepares it: uploads, nothing visible
	Sending  DeliveryState = "sending"  // the call that makes the words visible may be under way
	Pending  DeliveryState = "pending"  // the network took it and still works on it
	Live     DeliveryState = "live"     // seen by everybody
	Refused  DeliveryState = "refused"  // the network said no, in its own words
	Unsure   DeliveryState = "unsure"   // nobody can tell but a human: to be checked
	Missed   DeliveryState = "missed"   // too late, and somebody must say what to do
	Void     DeliveryState = "void"     // the right to send ended before it left
	Removing DeliveryState = "removing" // being taken down
	Gone     DeliveryState = "removed"  // taken down
)

// DeliveryStates lists every state.
var DeliveryStates = []DeliveryState{Waiting, Leased, Sending, Pending, Live, Refused, Unsure, Missed, Void, Removing, Gone}

// Turn is something that happens to a delivery.
type Turn string

// The turns.
const (
	Claim      Turn = "claim"       // a process takes the lease
	Expire     Turn = "expire"      // the lease ended before anything visible began
	Arm        Turn = "arm"         // committed before the first byte of the visible call
	Next       Turn = "next"        // one part of a thread is live, the next one is prepared
	Wonder     Turn = "wonder"      // no clear answer yet: it is looked for, or repeated where that is harmless
	Accept     Turn = "accept"      // the network still works on it
	Confirm    Turn = "confirm"     // every part is live
	Postpone   Turn = "postpone"    // certainly not accepted: another try later
	Refuse     Turn = "refuse"      // the network said no
	Doubt      Turn = "doubt"       // looked for, and still nobody can tell
	Miss       Turn = "miss"        // later than its policy allows
	Stop       Turn = "stop"        // edited, sent back, unscheduled, cancelled, paused, account removed
	SayLive    Turn = "say_live"    // a human saw it
	SendAgain  Turn = "send_again"  // a human asks for it; Griot looks first
	TakeDown   Turn = "take_down"   // a human wants it off the network
	TakenDown  Turn = "taken_down"  // it is off
	StillThere Turn = "still_there" // the network would not take it down
	Insist     Turn = "insist"      // the network could not take it down just now
)

// deliveryTurns is all that can become of a delivery.
var deliveryTurns = []struct {
	Do   Turn
	From []DeliveryState
	To   DeliveryState
}{
	{Claim, []DeliveryState{Waiting}, Leased},
	{Expire, []DeliveryState{Leased}, Waiting}, // also what a pause does
	{Arm, []DeliveryState{Leased}, Sending},
	{Next, []DeliveryState{Sending, Pending}, Leased},
	{Wonder, []DeliveryState{Sending}, Sending},
	{Accept, []DeliveryState{Sending, Pending}, Pending},
	{Confirm, []DeliveryState{Sending, Pending, Leased, Waiting, Unsure, Refused, Missed, Void}, Live}, // a late receipt is never discarded
	{Postpone, []DeliveryState{Leased, Sending}, Waiting},
	{Refuse, []DeliveryState{Leased, Sending, Pending}, Refused},
	{Doubt, []DeliveryState{Leased, Sending, Pending}, Unsure},
	{Miss, []DeliveryState{Waiting, Leased}, Missed},
	{Stop, []DeliveryState{Waiting, Leased, Missed, Refused}, Void},
	{SayLive, []DeliveryState{Unsure}, Live},
	{SendAgain, []DeliveryState{Unsure, Refused, Missed, Void}, Waiting},
	{TakeDown, []DeliveryState{Live, Refused, Unsure, Void, Missed}, Removing}, // all but live: the beginning of a thread
	{TakenDown, []DeliveryState{Removing}, Gone},
	{StillThere, []DeliveryState{Removing}, Live},
	{Insist, []DeliveryState{Removing}, Removing},
}

// After returns the state that t leads to from s, and whether the table allows it.
func (s DeliveryState) After(t Turn) (DeliveryState, bool) {
	for _, r := range deliveryTurns {
		if r.Do == t && slices.Contains(r.From, s) {
			return r.To, true
		}
	}
	return s, false
}

// Before lists the states from which t is allowed: the WHERE of its conditional update.
func (t Turn) Before() []DeliveryState {
	for _, r := range deliveryTurns {
		if r.Do == t {
			return r.From
		}
	}
	return nil
}

// Delivery is one variant of one post going to one account. Unique by post, account and occurrence.
type Delivery struct {
	ID, TeamID, BrandID string
	PostID, AccountID   string
	Answers             string // id of the Mention that the post answers; empty: none
	Network             string
	Occurrence          int64  // 0 for the first sending; raised only when a human sends again after taking down
	Fingerprint         string // of the variant that was approved; checked again before anything leaves
	Revision            int64  // number of the Revision that holds those words
	State               DeliveryState
	DueAt               time.Time // when it should leave
	WakeAt              time.Time // when a process must look at it next; zero: nobody has to
	Looks               int64     // how often an uncertain sending was looked for
	Owner               string    // process that holds the lease
	LeaseUntil          time.Time
	Fence               int64     // raised by each claim: a late worker's writes miss
	Tries               int64     // claims so far
	LeftAt              time.Time // when its visible call began
	ToldLate            bool      // the watchdog has spoken of it
	News                bool      // what happened is stored, and not told yet
	Words               string    // the network's own words, when it refused
	Reason              Reason    // why it is where it is, for the card
	Halt                Reason    // asked to stop while it was leaving: no other try if this one is not taken; empty: nobody asked
	Rev                 int64
	Parts               []DeliveryPart
}

// DeliveryPart is one message of a delivery, sent by one visible call.
type DeliveryPart struct {
	Index   int64
	Key     string    // made before the first try, the same for ever
	At      time.Time // the created-at that the network is given, the same on every try
	Request string    // exactly what is sent, stored before `sending`; JSON of the connector; empty: not prepared
	Armed   time.Time
	Receipt string // JSON of the connector; empty: no answer yet
	URL     string
	Live    bool
}

// Subject is what cards and the story of d are about, as of its post.
func (d Delivery) Subject() string { return cmp.Or(d.Answers, d.PostID) }

// LiveParts counts the parts that everybody can see.
func (d Delivery) LiveParts() int {
	n := 0
	for _, p := range d.Parts {
		if p.Live {
			n++
		}
	}
	return n
}

// URL is the public address of the first part, empty before it is live.
func (d Delivery) URL() string {
	if len(d.Parts) == 0 {
		return ""
	}
	return d.Parts[0].URL
}

// Reason is why a delivery is where it is, as an id that texts and /why share.
type Reason string

// The reasons.
const (
	NoReason     Reason = ""
	ByNetwork    Reason = "network"    // Words says why
	ByLimit      Reason = "limit"      // the network asked to wait until WakeAt
	ByOutage     Reason = "outage"     // the network did not take it; another try at WakeAt
	BySignIn     Reason = "sign_in"    // the account must be connected again
	ByNoAnswer   Reason = "no_answer"  // sent, then no clear answer; none found
	ByTwo        Reason = "two"        // two candidates on the account
	ByLateness   Reason = "late"       // later than its policy allows
	ByEdit       Reason = "edit"       // its words changed
	BySendBack   Reason = "send_back"  // its approval was taken back
	ByUnschedule Reason = "unschedule" // taken off the calendar
	ByCancel     Reason = "cancel"     // the post was cancelled
	ByPause      Reason = "pause"      // fell due while its brand was paused
	ByRemoval    Reason = "account"    // the account was removed
	ByCheck      Reason = "check"      // no longer fits the network's limits
	ByMedia      Reason = "media"      // a picture is gone or changed
	ByRestore    Reason = "restore"    // fell due after the backup that was restored
	ByDropped    Reason = "dropped"    // late, and its policy drops it
	ByAnswered   Reason = "answered"   // somebody has answered there meanwhile; Words is where
	ByHand       Reason = "by_hand"    // Griot has no receipt of it: only a person can take it down
)

// Status is what a post is to the people who follow it: its own state and what its deliveries have become.
type Status string

// The statuses.
const (
	IsDraft     Status = "draft"
	IsInReview  Status = "in_review"
	IsApproved  Status = "approved"
	IsScheduled Status = "scheduled"
	IsLeaving   Status = "leaving"
	IsRemoving  Status = "removing"
	IsPublished Status = "published"
	IsPartly    Status = "partly"   // live on some networks, not on others
	IsFailed    Status = "failed"   // on none
	IsToCheck   Status = "to_check" // a human must look
	IsMissed    Status = "missed"   // a human must say: send, or drop
	IsRemoved   Status = "removed"
	IsCancelled Status = "cancelled"
)

var statusNames = map[Status]i18n.Text{
	IsDraft:     {En: "Draft", Fr: "Brouillon"},
	IsInReview:  {En: "To approve", Fr: "À valider"},
	IsApproved:  {En: "Approved", Fr: "Validée"},
	IsScheduled: {En: "Scheduled", Fr: "Programmée"},
	IsLeaving:   {En: "Leaving", Fr: "Envoi en cours"},
	IsRemoving:  {En: "Being taken down", Fr: "Retrait en cours"},
	IsPublished: {En: "Published", Fr: "Publiée"},
	IsPartly:    {En: "Partly published", Fr: "Publiée en partie"},
	IsFailed:    {En: "Not published", Fr: "Non publiée"},
	IsToCheck:   {En: "To be checked", Fr: "À vérifier"},
	IsMissed:    {En: "Not sent", Fr: "Pas partie"},
	IsRemoved:   {En: "Taken down", Fr: "Retirée"},
	IsCancelled: {En: "Cancelled", Fr: "Annulée"},
}

// Name is what people read on the card.
func (s Status) Name() i18n.Text { return statusNames[s] }

// StatusOf computes what p is from its deliveries. What needs a human comes first, then what moves, then what is.
func StatusOf(p Post, ds []Delivery) Status {
	n := map[DeliveryState]int{}
	for _, d := range ds {
		n[d.State]++
	}
	has := func(ss ...DeliveryState) bool {
		return slices.ContainsFunc(ss, func(s DeliveryState) bool { return n[s] > 0 })
	}
	switch {
	case has(Unsure):
		return IsToCheck
	case has(Missed):
		return IsMissed
	case has(Leased, Sending, Pending):
		return IsLeaving
	case has(Removing):
		return IsRemoving
	case has(Live) && has(Refused, Gone, Void) && p.State != Draft && p.State != InReview:
		return IsPartly
	case has(Live) && has(Waiting):
		return IsLeaving
	case has(Refused) && !has(Waiting):
		return IsFailed
	case p.State == Draft:
		return IsDraft
	case p.State == InReview:
		return IsInReview
	case has(Live):
		return IsPublished
	case has(Gone) && !has(Waiting):
		return IsRemoved
	case p.State == Cancelled:
		return IsCancelled
	case p.State == Approved:
		return IsApproved
	case has(Void) && !has(Waiting):
		return IsFailed // dropped for its lateness, or its account was removed
	}
	return IsScheduled
}
