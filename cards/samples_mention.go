package cards

import (
	"time"

	"griot/i18n"
	"griot/social"
)

var (
	sampleSaid     = i18n.Text{En: "@bibliotheque Hello! Is the reading room open on Saturday afternoon, and may I bring my twins?", Fr: "@bibliotheque Bonjour\u202f! La salle de lecture est-elle ouverte samedi après-midi, et puis-je venir avec mes jumelles\u202f?"}
	sampleAngry    = i18n.Text{En: "Three weeks for one book. Never again.", Fr: "Trois semaines pour un livre. Plus jamais."}
	sampleTitle    = i18n.Text{En: "The library reopens on Saturday", Fr: "La bibliothèque rouvre samedi"}
	sampleNews     = i18n.Text{En: "After a year of work, the reading room welcomes its readers again.", Fr: "Après un an de travaux, la salle de lecture retrouve son public."}
	sampleWhy      = i18n.Text{En: "She asks about the new books, you know them.", Fr: "Elle demande les nouveautés, vous les connaissez."}
	sampleAnswer   = i18n.Text{En: "Hello Léa! Yes, from 2 to 6 pm, and your twins are welcome: there is a corner for children.", Fr: "Bonjour Léa\u202f! Oui, de 14 h à 18 h, et vos jumelles sont les bienvenues\u202f: un coin leur est réservé."}
	sampleThanks   = i18n.Text{En: "Thank you for your message! We are open on Saturday from 10 am to 6 pm.", Fr: "Merci pour votre message\u202f! Nous ouvrons samedi de 10 h à 18 h."}
	sampleSoon     = i18n.Text{En: "Hello Léa, yes: see you on Saturday, both of them too!", Fr: "Bonjour Léa, oui\u202f: à samedi, avec vos deux lectrices\u202f!"}
	sampleRuleName = i18n.Text{En: "Questions", Fr: "Questions"}
	sampleTag      = i18n.Text{En: "opening hours", Fr: "horaires"}
)

// sampleMessage is where a message stands in Discord.
const sampleMessage = "https://discord.com/channels/1/2/3"

// heard is a mention of the library, to be put into the state that is to be shown.
func heard(l i18n.Locale) social.Hearing {
	s := sample(l)
	return social.Hearing{
		Mention: social.Mention{ID: "men_sample", TeamID: s.Brand.TeamID, BrandID: s.Brand.ID, AccountID: "acc_mastodon", Network: "mastodon", Key: "k",
			Remote: social.Remote{ID: "1"}, Kind: social.Named, Author: social.Author{Name: "Léa", Handle: "@lea@social.example", URL: "https://social.example/@lea"},
			Text: sampleSaid.In(l), Language: string(l), URL: "https://social.example/@lea/1", SaidAt: sampleAt.Add(-time.Minute), HeardAt: sampleAt,
			State: social.IsNew, RuleID: "rul_1", RuleName: sampleRuleName.In(l), Label: sampleTag.In(l), Rev: 1},
		Brand: s.Brand, Account: s.Accounts[1], Names: s.Names,
		Suggestions: []social.Suggestion{
			{Number: 1, Text: sampleAnswer.In(l), Basis: social.OnLine, Model: "m"},
			{Number: 2, Text: sampleThanks.In(l), Basis: social.OnSaved, Source: sampleThanks.In(l), Model: "m"},
			{Number: 3, Text: sampleSoon.In(l), Basis: social.OnPast, Source: "@max@social.example", Model: "m"},
		},
	}
}

// answering gives the sample an answer in this state.
func answering(h social.Hearing, l i18n.Locale, state social.State, d ...social.Delivery) social.Hearing {
	s := sample(l)
	s.Post.ID, s.Post.Answers, s.Post.State, s.Post.Author = "pst_answer", h.Mention.ID, state, "nora"
	s.Revision.Text, s.Revision.Accounts = sampleAnswer.In(l), []string{h.Account.ID}
	for _, x := range d {
		x.ID, x.PostID, x.AccountID, x.Answers = "dlv_answer", s.Post.ID, h.Account.ID, h.Mention.ID
		if x.State == social.Live {
			x.Parts = []social.DeliveryPart{{Live: true, URL: "https://social.example/@bibliotheque/2"}}
		}
		s.Deliveries = append(s.Deliveries, x)
	}
	h.Reply = &s
	h.Mention.State, h.Mention.Owner, h.Mention.Answer = social.IsClaimed, "nora", s.Post.ID
	return h
}

// mentionSamples are what was said to the library, in every state that people see.
func mentionSamples(l i18n.Locale) []Sample {
	var out []Sample
	add := func(name string, h social.Hearing) { out = append(out, Sample{"mention-" + name, Mention(h, l)}) }
	with := func(change func(*social.Hearing)) social.Hearing {
		h := heard(l)
		change(&h)
		return h
	}
	add("new", heard(l))
	add("thinking", with(func(h *social.Hearing) { h.Suggestions, h.Mention.Suggesting = nil, true }))
	add("urgent-offline", with(func(h *social.Hearing) {
		h.Mention.Text, h.Mention.Priority = sampleAngry.In(l), social.Urgent
		h.Suggestions = []social.Suggestion{{Number: 1, Text: sampleThanks.In(l), Basis: social.OnLine}}
	}))
	add("claimed", with(func(h *social.Hearing) { h.Mention.State, h.Mention.Owner = social.IsClaimed, "nora" }))
	add("handed", with(func(h *social.Hearing) {
		h.Mention.State, h.Mention.Owner, h.Mention.Note = social.IsEscalated, "leo", sampleWhy.In(l)
	}))
	add("to-approve", answering(heard(l), l, social.InReview))
	back := answering(heard(l), l, social.Draft)
	back.Reply.Post.Note = sampleNote.In(l)
	add("sent-back", back)
	add("leaving", answering(heard(l), l, social.Scheduled, social.Delivery{State: social.Sending}))
	add("refused", answering(heard(l), l, social.Scheduled, social.Delivery{State: social.Refused, Reason: social.ByNetwork, Words: "This action is not allowed"}))
	add("answered-there", answering(heard(l), l, social.Scheduled, social.Delivery{State: social.Refused, Reason: social.ByAnswered, Words: "https://social.example/@bibliotheque/9"}))
	add("to-check", answering(heard(l), l, social.Scheduled, social.Delivery{State: social.Unsure, Reason: social.ByNoAnswer}))
	done := answering(heard(l), l, social.Scheduled, social.Delivery{State: social.Live})
	done.Mention.State = social.IsAnswered
	add("answered", done)
	add("ignored", with(func(h *social.Hearing) { h.Mention.State = social.IsIgnored }))
	add("article", with(func(h *social.Hearing) {
		h.Mention.Kind, h.Mention.Author, h.Mention.Remote = social.Reported, social.Author{}, social.Remote{}
		h.Mention.Title, h.Mention.Text, h.Mention.RuleName, h.Mention.Label = sampleTitle.In(l), sampleNews.In(l), "", ""
		h.Account.Network, h.Account.NetworkName, h.Account.Handle = "feed", "", "Ouest-Info"
		h.Suggestions = nil
	}))
	brought := with(func(h *social.Hearing) {
		m := &h.Mention
		m.AccountID, m.Network, m.Kind, m.Remote, m.Key, m.URL = "", "discord", social.Brought, social.Remote{}, sampleMessage, sampleMessage
		m.Text, m.Author, m.SaidAt, m.Priority = sampleAngry.In(l), social.Author{Handle: "Max"}, m.HeardAt, social.High
		h.Account, h.Suggestions = social.Account{}, nil
	})
	add("brought", brought)
	m, angry := heard(l).Mention, heard(l).Mention
	angry.ID, angry.Text, angry.Priority, angry.Author.Handle = "men_angry", sampleAngry.In(l), social.High, "@max@social.example"
	g := social.Gathering{ID: "gth_sample", BrandID: m.BrandID, RuleName: m.RuleName, Number: 27, BeganAt: sampleAt, LastAt: sampleAt}
	networks := map[string]string{m.AccountID: "Mastodon"}
	entry := func(after time.Duration, by string, what social.What, data map[string]string) social.Entry {
		return social.Entry{Subject: m.ID, At: sampleAt.Add(after), By: by, What: what, Account: m.AccountID, Data: data}
	}
	came := []social.Entry{{Subject: m.ID, At: sampleAt, By: "nora", What: social.DidBring, Data: map[string]string{"rule": m.RuleName}}}
	story := []social.Entry{
		entry(0, "", social.DidHear, map[string]string{"rule": m.RuleName}),
		entry(time.Minute, "nora", social.DidClaim, nil),
		entry(2*time.Minute, "nora", social.DidEscalate, map[string]string{"to": "Léo", "note": sampleWhy.In(l)}),
		entry(3*time.Minute, "leo", social.DidReply, nil),
		entry(4*time.Minute, "", social.DidArrive, map[string]string{"url": "https://social.example/@bibliotheque/2"}),
	}
	return append(out,
		Sample{"mentions-gathered", Gathering(g, heard(l).Brand, []social.Mention{angry, m}, l)},
		Sample{"mentions", Tray("all", []social.Mention{angry, m, brought.Mention}, [3]int{3, 0, 1}, 1000, nil, networks, l)},
		Sample{"mentions-none", Tray("mine", nil, [3]int{0, 0, 0}, 1000, nil, networks, l)},
		Sample{"mention-story-brought", MentionStory(brought, came, brought.Names, l)},
		Sample{"mention-story", MentionStory(heard(l), story, heard(l).Names, l)},
	)
}
