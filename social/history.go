package social

import (
	"time"

	"griot/i18n"
)

// Entry is one line of the story that /why tells. Entries are only ever added.
type Entry struct {
	TeamID  string
	Subject string // post, mention or rule id
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
	DidAgree      What = "agree"   // one of several people who must say yes; Data: yes, of (counts)
	DidFix        What = "fix"
	DidCorrect    What = "correct"    // corrected, and said yes, which others must too; Data: yes, of
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
	DidStay       What = "stay"  // could not be taken down; Data: words
	DidStop       What = "stop"  // Data: reason
	DidHear       What = "hear"  // a mention arrived; Data: rule
	DidBring      What = "bring" // somebody made a message of a chat a mention; Data: rule
	DidClaim      What = "claim"
	DidRelease    What = "release"
	DidExpire     What = "expire"   // a claim that was held for too long
	DidEscalate   What = "escalate" // Data: to (name), note
	DidReply      What = "reply"    // Data: text
	DidIgnore     What = "ignore"
	DidFinish     What = "done"
	DidReopen     What = "reopen"
	DidChange     What = "change" // a rule, which has no story to read: it says who was faster
)

// acts say who did what, for "it changed meanwhile: …".
var acts = map[What]i18n.Text{
	DidDraft:      {En: "%s wrote it", Fr: "%s l’a rédigée"},
	DidEdit:       {En: "%s changed the words", Fr: "%s a modifié le texte"},
	DidSubmit:     {En: "%s sent it for approval", Fr: "%s l’a envoyée en validation"},
	DidApprove:    {En: "%s approved it", Fr: "%s l’a validée"},
	DidAgree:      {En: "%s said yes", Fr: "%s a donné son accord"},
	DidCorrect:    {En: "%s corrected it and said yes", Fr: "%s l’a corrigée et a donné son accord"},
	DidFix:        {En: "%s corrected and approved it", Fr: "%s l’a corrigée et validée"},
	DidSendBack:   {En: "%s sent it back", Fr: "%s l’a renvoyée à revoir"},
	DidSchedule:   {En: "%s changed the date", Fr: "%s a changé la date"},
	DidUnschedule: {En: "%s took it off the calendar", Fr: "%s l’a retirée du planning"},
	DidPublish:    {En: "%s asked to publish it now", Fr: "%s a demandé à la publier maintenant"},
	DidCancel:     {En: "%s cancelled it", Fr: "%s l’a annulée"},
	DidPause:      {En: "%s paused everything", Fr: "%s a tout mis en pause"},
	DidResume:     {En: "%s lifted the pause", Fr: "%s a levé la pause"},
	DidSayLive:    {En: "%s said that it is live", Fr: "%s a confirmé qu’elle est en ligne"},
	DidSendAgain:  {En: "%s asked to send it again", Fr: "%s a demandé un nouvel envoi"},
	DidTakeDown:   {En: "%s asked to take it down", Fr: "%s a demandé à la retirer"},
	DidStop:       {En: "%s gave up a late sending", Fr: "%s a renoncé à un envoi en retard"},
	DidBring:      {En: "brought by %s", Fr: "apportée par %s"},
	DidClaim:      {En: "%s takes care of it", Fr: "%s s’en occupe"},
	DidRelease:    {En: "%s released it", Fr: "%s l’a laissée"},
	DidEscalate:   {En: "%s handed it over", Fr: "%s l’a transmise"},
	DidReply:      {En: "%s answered", Fr: "%s a répondu"},
	DidIgnore:     {En: "%s decided that nothing is to be done", Fr: "%s l’a classée sans suite"},
	DidFinish:     {En: "%s marked it as done", Fr: "%s l’a marquée comme traitée"},
	DidReopen:     {En: "%s opened it again", Fr: "%s l’a rouverte"},
	DidChange:     {En: "%s changed the rule", Fr: "%s a modifié la règle"},
}

// By says that somebody did w.
func (w What) By(name string) i18n.Localised { return acts[w].With(name) }
