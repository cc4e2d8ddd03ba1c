package cards_test

import (
	"strings"
	"testing"
	"time"

	"griot/cards"
	"griot/chat"
	"griot/i18n"
	"griot/social"
)

// TestEveryLineOfTheStoryHasWords: what a person did names them, what happened by itself names the account.
func TestEveryLineOfTheStoryHasWords(t *testing.T) {
	t.Parallel()
	people := []social.What{social.DidDraft, social.DidEdit, social.DidSubmit, social.DidApprove, social.DidFix, social.DidSendBack,
		social.DidSchedule, social.DidUnschedule, social.DidPublish, social.DidCancel, social.DidPause, social.DidResume,
		social.DidSayLive, social.DidSendAgain, social.DidTakeDown, social.DidStop}
	itself := []social.What{social.DidLeave, social.DidArrive, social.DidRefuse, social.DidPostpone, social.DidDoubt, social.DidLook,
		social.DidMiss, social.DidTakenDown, social.DidStay, social.DidStop}
	sheet := social.Sheet{Brand: social.Brand{Name: "Lune", Zone: "Europe/Paris"}, Accounts: []social.Account{{ID: "acc", Handle: "@lune"}}}
	for _, l := range i18n.Locales {
		tell := func(e social.Entry, names string) {
			e.At = time.Date(2026, 2, 9, 13, 0, 0, 0, time.UTC)
			var line strings.Builder
			for _, s := range cards.Story(sheet, []social.Entry{e}, map[string]string{"mbr": "Nora"}, l).Sections[0].Body {
				if p, ok := s.(chat.Plain); ok {
					line.WriteString(string(p))
				}
			}
			if got := line.String(); strings.Contains(got, "%!") || !strings.Contains(got, names) {
				t.Errorf("%s in %s: %q", e.What, l, got)
			}
		}
		for _, w := range people {
			tell(social.Entry{What: w, By: "mbr"}, "Nora")
		}
		for _, w := range itself {
			tell(social.Entry{What: w, Account: "acc"}, "@lune")
		}
	}
}
