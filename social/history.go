package social

import "time"

// Entry is one line of the story that /why tells. Entries are only ever added.
type Entry struct {
	TeamID  string
	Subject string // post id
	At      time.Time
	By      string // member id; empty: Griot itself
	What    What
	Account string            // account id, when it concerns one network
	Data    map[string]string // words to show: note, at, words, url, reason, fixed… ; keys are fixed per What
}

// What names a kind of entry.
type What string

// The kinds: one per move of a post, one per turn of a delivery that a person would recognise.
const (
	DidDraft      What = "draft"
	DidEdit       What = "edit" // Data: accounts (labels whose approval was voided)
	DidSubmit     What = "submit"
	DidApprove    What = "approve" // Data: accounts
	DidFix        What = "fix"
	DidSendBack   What = "send_back"  // Data: note
	DidSchedule   What = "schedule"   // Data: at (RFC 3339), zone
	DidUnschedule What = "unschedule" //
	DidPublish    What = "publish"
	DidCancel     What = "cancel"
	DidPause      What = "pause"
	DidResume     What = "resume"
	DidLeave      What = "leave"     // the visible call began
	DidArrive     What = "live"      // Data: url
	DidRefuse     What = "refused"   // Data: words
	DidPostpone   What = "postponed" // Data: reason, at
	DidDoubt      What = "unsure"
	DidLook       What = "look" // Data: found
	DidMiss       What = "missed"
	DidSayLive    What = "say_live"
	DidSendAgain  What = "send_again"
	DidTakeDown   What = "take_down"
	DidTakenDown  What = "taken_down"
	DidStop       What = "stop" // Data: reason
)
