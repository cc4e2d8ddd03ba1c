package delivery_test

import (
	"context"
	"testing"
	"time"

	"griot/connectors"
	"griot/connectors/pretend"
	"griot/social"
	"griot/storage"
)

const question, reply = "À quelle heure ouvrez-vous ?", "De 9 h à 18 h"

// asked is a question to the first account, of which Ana takes care, and the delivery of her reply to it.
func (w *world) asked() (social.Mention, social.Delivery) {
	w.Helper()
	item := w.says(w.other, question, nil)
	p := w.draft()
	m := social.Mention{ID: storage.NewID("mnt"), TeamID: w.brand.TeamID, BrandID: w.brand.ID, AccountID: w.account.ID, Network: pretend.ID,
		Key: item.RemoteID, Remote: social.Remote{ID: item.RemoteID, Root: item.RemoteID}, Kind: social.Named, Author: social.Author{Handle: w.other.Handle},
		Text: question, SaidAt: w.clock.Now(), HeardAt: w.clock.Now(), State: social.IsClaimed, Owner: p.Author, OwnedAt: w.clock.Now(), Answer: p.ID, Rev: 1}
	p.Answers = m.ID
	w.tx(func(ctx context.Context, tx *storage.Tx) error {
		_, err := tx.Hear(ctx, m)
		return err
	})
	return m, w.plan(p, reply, m.Remote, w.account)[0]
}

// client is another client of an account than Griot.
func (w *world) client(of social.Account) connectors.Account {
	w.Helper()
	a, err := w.open(w.Context(), of.TeamID, of.ID)
	if err != nil {
		w.Fatal(err)
	}
	return a
}

// says publishes from another client of an account.
func (w *world) says(as social.Account, text string, to *connectors.Receipt) connectors.Receipt {
	w.Helper()
	a := w.client(as)
	r, err := a.Reply.Prepare(w.Context(), connectors.Draft{Key: storage.NewID("")[1:], At: w.clock.Now(), Locale: "fr", Text: text, ReplyTo: to})
	if err != nil {
		w.Fatal(err)
	}
	r.Armed = w.clock.Now()
	got, err := a.Reply.Send(w.Context(), r)
	if err != nil {
		w.Fatal(err)
	}
	return got
}

// stands checks the state of a mention.
func (w *world) stands(m social.Mention, want social.MentionState) {
	w.Helper()
	got, err := storage.Mention(w.Context(), w.db, m.TeamID, m.ID)
	if err != nil || got.State != want {
		w.Fatalf("the mention is %q (%v), want %q", got.State, err, want)
	}
}

func TestAReplyThatIsLiveAnswersTheMention(t *testing.T) {
	each(t, pretend.Ignored, func(w *world) {
		m, d := w.asked()
		w.says(w.other, "Je crois que c’est 9 h", &connectors.Receipt{RemoteID: m.Remote.ID}) // somebody else's answer is none of ours
		w.pass(w.service("a", nil))
		w.is(d, social.Live, social.NoReason)
		w.accepted(reply, 1)
		w.stands(m, social.IsAnswered)
	})
}

// Somebody of the brand was faster, in the network's own app: nothing leaves until a person who has read that wants it.
func TestAnsweredThereMeanwhileIsAPersonsToDecide(t *testing.T) {
	each(t, pretend.Ignored, func(w *world) {
		m, d := w.asked()
		theirs := w.says(w.account, "À 9 h !", &connectors.Receipt{RemoteID: m.Remote.ID})
		s := w.service("a", nil)
		w.pass(s)
		w.is(d, social.Refused, social.ByAnswered)
		if got := w.now(d).Words; got != theirs.URL {
			w.Errorf("it is said to be answered at %q, want %q", got, theirs.URL)
		}
		w.clock.Advance(time.Hour)
		w.pass(s)
		w.is(d, social.Refused, social.ByAnswered)
		w.accepted(reply, 0)
		w.stands(m, social.IsClaimed)

		w.sendsAgain(d)
		w.pass(s)
		w.is(d, social.Live, social.NoReason)
		w.accepted(reply, 1)
		w.stands(m, social.IsAnswered)
	})
}

// sendsAgain is the turn of a person who has read why d was stopped.
func (w *world) sendsAgain(d social.Delivery) {
	w.Helper()
	w.tx(func(ctx context.Context, tx *storage.Tx) error {
		x, err := storage.Delivery(ctx, tx, d.TeamID, d.ID)
		if err != nil {
			return err
		}
		x.DueAt, x.WakeAt, x.Looks, x.Words, x.LeftAt = tx.Now(), tx.Now(), 0, "", time.Time{}
		return tx.Decided(ctx, x, social.SendAgain)
	})
}

// Where it cannot be asked, nothing leaves unasked.
func TestAReplyWaitsUntilItCanBeAsked(t *testing.T) {
	each(t, pretend.Ignored, func(w *world) {
		m, d := w.asked()
		w.village.Misbehave(pretend.Fault{Do: pretend.FailBefore, Call: pretend.AnswersCall})
		s := w.service("a", nil)
		w.pass(s)
		w.is(d, social.Waiting, social.ByOutage)
		w.accepted(reply, 0)
		w.clock.Advance(time.Minute)
		w.pass(s)
		w.is(d, social.Live, social.NoReason)
		w.stands(m, social.IsAnswered)
	})
}

func TestAReplyToWhatIsGoneIsRefused(t *testing.T) {
	each(t, pretend.Ignored, func(w *world) {
		m, d := w.asked()
		if err := w.client(w.other).Publish.Remove(w.Context(), connectors.Receipt{RemoteID: m.Remote.ID}); err != nil {
			w.Fatal(err)
		}
		w.pass(w.service("a", nil))
		w.is(d, social.Refused, social.ByNetwork)
		w.accepted(reply, 0)
		w.stands(m, social.IsClaimed)
	})
}

// A reply whose answer was lost is looked for as a post is: that it stands there is never taken for somebody else's.
func TestALostReplyIsFound(t *testing.T) {
	each(t, pretend.Ignored, func(w *world) {
		m, d := w.asked()
		w.village.Misbehave(pretend.Fault{Do: pretend.CutAfter})
		s := w.service("a", nil)
		w.pass(s)
		w.is(d, social.Sending, social.ByNoAnswer)
		w.stands(m, social.IsClaimed)
		w.village.Misbehave(pretend.Fault{Do: pretend.Stale, Wait: time.Hour})
		w.clock.Advance(firstLook)
		w.pass(s)
		w.is(d, social.Sending, social.ByNoAnswer)
		w.clock.Advance(secondLook)
		w.pass(s)
		w.is(d, social.Live, social.NoReason)
		w.accepted(reply, 1)
		w.stands(m, social.IsAnswered)
	})
}
