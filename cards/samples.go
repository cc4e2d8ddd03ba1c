package cards

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"io"
	"slices"
	"strings"
	"time"

	"griot/chat"
	"griot/i18n"
	"griot/social"
)

// Sample is a card with invented data, for the gallery and for the golden files.
type Sample struct {
	Name string
	Card chat.Card
}

// sampleAt is the moment around which the samples stand.
var sampleAt = time.Date(2026, 3, 17, 8, 0, 0, 0, time.UTC)

var (
	sampleText = i18n.Text{
		En: "Doors open on Saturday at 10! Come and see the new reading room, and bring the children: there is a storyteller at 11.\nhttps://example.org/opening",
		Fr: "Ouverture samedi à 10 h\u202f! Venez découvrir la nouvelle salle de lecture, avec les enfants\u202f: une conteuse vous attend à 11 h.\nhttps://example.org/ouverture",
	}
	sampleThread = i18n.Text{
		En: "Three reasons to come on Saturday.\n---\nOne: the reading room has twice as many seats.\n---\nTwo: the storyteller, at 11. Three: cake.",
		Fr: "Trois raisons de venir samedi.\n---\nUne\u202f: la salle de lecture a deux fois plus de places.\n---\nDeux\u202f: la conteuse, à 11 h. Trois\u202f: un gâteau.",
	}
	sampleAlt  = i18n.Text{En: "A bright room with shelves of books and a round table", Fr: "Une salle claire, des rayons de livres et une table ronde"}
	sampleNote = i18n.Text{En: "Please name the street, people ask every time.", Fr: "Indiquez la rue, on nous la demande à chaque fois."}
)

// sample is a post of the library, to be put into the state that is to be shown.
func sample(l i18n.Locale) social.Sheet {
	village := social.Account{ID: "acc_village", Network: "pretend", NetworkName: "Village", Handle: "@bibliotheque", State: social.Connected,
		Limits: social.Limits{Length: 280, Unit: social.Graphemes, Images: 4, Parts: 25}}
	mastodon := social.Account{ID: "acc_mastodon", Network: "mastodon", NetworkName: "Mastodon", Handle: "@bibliotheque@social.example", State: social.Connected,
		Limits: social.Limits{Length: 500, Unit: social.Graphemes, URLLength: 23, Images: 4, Parts: 25}}
	return social.Sheet{
		Post: social.Post{ID: "pst_sample", TeamID: "tea_sample", BrandID: "brd_sample", Author: "nora", Editor: "nora", State: social.Draft, Rev: 3, Words: 1,
			When: social.OnDate, Moment: social.Moment{At: sampleAt, Local: "2026-03-17T09:00", Zone: "Europe/Paris"}, CreatedAt: sampleAt.Add(-26 * time.Hour)},
		Revision: social.Revision{PostID: "pst_sample", Number: 1, By: "nora", Text: sampleText.In(l), Accounts: []string{village.ID, mastodon.ID}},
		Brand:    social.Brand{ID: "brd_sample", TeamID: "tea_sample", Name: "Bibliothèque", Locale: l, Zone: "Europe/Paris"},
		Accounts: []social.Account{village, mastodon},
		Names:    map[string]string{"nora": "Nora", "leo": "Léo"},
	}
}

// delivered gives the sample one delivery to each account, in these states.
func delivered(s social.Sheet, states ...social.Delivery) social.Sheet {
	s.Post.State = social.Scheduled
	for i, d := range states {
		a := s.Accounts[i]
		d.ID, d.AccountID, d.Network, d.PostID = "dlv_"+a.Network, a.ID, a.Network, s.Post.ID
		if len(d.Parts) == 0 {
			d.Parts = []social.DeliveryPart{{Live: d.State == social.Live}}
		}
		for n := range d.Parts {
			if d.Parts[n].Live {
				d.Parts[n].URL = "https://social.example/@bibliotheque/1"
			}
		}
		s.Deliveries = append(s.Deliveries, d)
	}
	return yes(s)
}

// yes is Léo's approval of everything.
func yes(s social.Sheet) social.Sheet {
	for _, v := range s.Variants() {
		s.Approvals = append(s.Approvals, social.Approval{PostID: s.Post.ID, AccountID: v.Account.ID, Fingerprint: v.Fingerprint(), By: "leo"})
	}
	return s
}

// Samples are all cards of posts, in every state that people meet.
func Samples(l i18n.Locale) []Sample {
	at := func(st social.State) social.Sheet { s := sample(l); s.Post.State = st; return s }
	var out []Sample
	add := func(name string, s social.Sheet) { out = append(out, Sample{name, Post(s, l)}) }

	add("draft", at(social.Draft))
	pictured := at(social.Draft)
	pictured.Revision.Media = []social.Media{{Hash: "sample", Name: "salle.png", Type: "image/png", Alt: sampleAlt.In(l)}}
	out = append(out, Sample{"draft-picture", painted(Post(pictured, l))})
	long := at(social.Draft)
	long.Revision.Text = strings.Repeat(sampleText.In(l)+"\n", 3)
	long.Revision.Media = []social.Media{{Hash: "sample", Name: "salle.png", Type: "image/png"}}
	out = append(out, Sample{"draft-problems", painted(Post(long, l))})
	thread := at(social.Draft)
	thread.Revision.Text = sampleThread.In(l)
	add("draft-thread", thread)
	alone := at(social.Draft)
	alone.Brand.Alone = true
	add("draft-alone", alone)
	add("in-review", at(social.InReview))
	two := at(social.InReview)
	two.Brand.Approvals, two.Votes = 2, []social.Vote{{By: "leo", Words: two.Post.Words}}
	add("in-review-of-two", two)
	back := at(social.Draft)
	back.Post.Note = sampleNote.In(l)
	add("sent-back", back)
	later := yes(at(social.Approved))
	later.Post.When, later.Post.Moment = social.Later, social.Moment{}
	add("approved", later)
	waits := social.Delivery{State: social.Waiting}
	live := social.Delivery{State: social.Live}
	add("scheduled", delivered(sample(l), waits, waits))
	paused := delivered(sample(l), waits, waits)
	paused.Brand.Paused = true
	add("paused", paused)
	add("leaving", delivered(sample(l), live, social.Delivery{State: social.Sending, Reason: social.ByNoAnswer}))
	add("published", delivered(sample(l), live, live))
	add("partly", delivered(sample(l), live, social.Delivery{State: social.Refused, Reason: social.ByNetwork, Words: "Validation failed: Text character limit of 500 exceeded"}))
	add("sign-in", delivered(sample(l), live, social.Delivery{State: social.Refused, Reason: social.BySignIn}))
	add("to-check", delivered(sample(l), live, social.Delivery{State: social.Unsure, Reason: social.ByNoAnswer}))
	add("missed", delivered(sample(l), social.Delivery{State: social.Missed, Reason: social.ByLateness}, social.Delivery{State: social.Missed, Reason: social.ByLateness}))
	cut := sample(l)
	cut.Revision.Text = sampleThread.In(l)
	add("thread-cut-short", delivered(cut, live, social.Delivery{State: social.Refused, Reason: social.ByNetwork, Words: "This action is not allowed", Parts: []social.DeliveryPart{{Live: true}, {}, {}}}))
	add("taken-down", delivered(sample(l), social.Delivery{State: social.Gone}, social.Delivery{State: social.Gone}))
	add("cancelled", at(social.Cancelled))
	return slices.Concat(out, told(l), teamSamples(l), homeSamples(l), mentionSamples(l), ruleSamples(l), digestSamples(l))
}

// told are the cards that tell of several things.
func told(l i18n.Locale) []Sample {
	s := delivered(sample(l), social.Delivery{State: social.Live}, social.Delivery{State: social.Refused, Reason: social.ByNetwork})
	entry := func(after time.Duration, by string, what social.What, account string, data map[string]string) social.Entry {
		return social.Entry{Subject: s.Post.ID, At: sampleAt.Add(after), By: by, What: what, Account: account, Data: data}
	}
	entries := []social.Entry{
		entry(-26*time.Hour, "nora", social.DidDraft, "", nil),
		entry(-25*time.Hour, "nora", social.DidSubmit, "", nil),
		entry(-24*time.Hour, "leo", social.DidSendBack, "", map[string]string{"note": sampleNote.In(l)}),
		entry(-23*time.Hour, "nora", social.DidEdit, "", nil),
		entry(-22*time.Hour, "leo", social.DidApprove, "", map[string]string{"at": sampleAt.Format(time.RFC3339), "zone": "Europe/Paris"}),
		entry(0, "", social.DidLeave, "acc_village", nil),
		entry(time.Second, "", social.DidArrive, "acc_village", map[string]string{"url": "https://social.example/@bibliotheque/1"}),
		entry(2*time.Second, "", social.DidRefuse, "acc_mastodon", map[string]string{"reason": string(social.ByNetwork), "words": "Validation failed"}),
	}
	week := []social.Sheet{s, delivered(sample(l), social.Delivery{State: social.Waiting})}
	week[1].Post.Moment.At = sampleAt.Add(50 * time.Hour)
	monday := time.Date(2026, 3, 16, 0, 0, 0, 0, s.Brand.Location())
	return []Sample{
		{"story", Story(s, entries, s.Names, l)},
		{"list", List(week, l)},
		{"list-empty", List(nil, l)},
		{"week", Week(s.Brand, monday, week, l)},
	}
}

// painted gives the sample picture its bytes: a quiet gradient.
func painted(c chat.Card) chat.Card {
	for i := range c.Images {
		c.Images[i].Open = func() (io.ReadCloser, error) {
			m := image.NewRGBA(image.Rect(0, 0, 320, 180))
			for y := range 180 {
				for x := range 320 {
					m.Set(x, y, color.RGBA{uint8(60 + x/4), uint8(70 + y/3), 150, 255})
				}
			}
			var b bytes.Buffer
			if err := png.Encode(&b, m); err != nil {
				return nil, err
			}
			return io.NopCloser(&b), nil
		}
	}
	return c
}
