package cards

import (
	"time"

	"griot/i18n"
	"griot/social"
)

// teamSamples are the cards about people, brands and accounts.
func teamSamples(l i18n.Locale) []Sample {
	s := sample(l)
	b, village, mastodon := s.Brand, s.Accounts[0], s.Accounts[1]
	village.ID, village.URL, village.CheckedAt = "acc_village", "http://127.0.0.1:8080/village/@bibliotheque", sampleAt
	mastodon.State, mastodon.CheckedAt = social.NeedsSignIn, sampleAt.Add(-48*time.Hour)
	mastodon.Limits.ImageBytes, mastodon.Limits.Alt = 16_000_000, 1500
	gone := village
	gone.State = social.Removed
	awa := person("mbr_awa", "Awa", social.Admin, social.Writer, social.Approver)
	people := []social.Member{awa, person("mbr_leo", "Léo", social.Approver), person("mbr_nora", "Nora", social.Writer), person("mbr_sam", "Sam")}
	places := []Place{{social.Approvals, "#validations"}, {social.Approvals, "#relecture (discord)"}}
	ask := social.Request{ID: "req_ines", TeamID: b.TeamID, Surface: "slack", Workspace: "T1", User: "U7", Name: "Inès", AskedAt: sampleAt}
	answered := ask
	answered.SettledBy, answered.SettledAt = awa.ID, sampleAt
	groups := []social.Group{{BrandID: b.ID, Surface: "discord", ID: "41771983423143936", Name: "Modération", Roles: []social.Role{social.Approver, social.Moderator}}}
	strict := b
	strict.Alone, strict.NoFix, strict.NoMove, strict.Paused, strict.Late = true, true, true, true, social.LatenessPolicy{Within: 2 * time.Hour, Drop: true}
	networks := []Network{
		{ID: "mastodon", Name: "Mastodon", Verb: "account.page", About: i18n.Text{En: "Paste your server’s address and an access token.", Fr: "Indiquez l’adresse de votre serveur et un jeton d’accès."}},
		{ID: "pretend", Name: "Village", Verb: "account.connect", About: i18n.Text{En: "A practice account: nothing leaves this computer.", Fr: "Un compte d’entraînement\u202f: rien ne sort de cet ordinateur."}},
	}
	journal := social.Account{ID: "acc_journal", Network: "feed", Handle: "Le Journal de la Croix-Rousse", URL: "https://journal.example/", State: social.Connected, CheckedAt: sampleAt}
	return []Sample{
		{"welcome", Welcome(l)},
		{"ready", Ready(Setup{Brand: b, Places: places[:1]}, l)},
		{"ready-practice", Ready(Setup{Brand: b, Places: places[:1], People: people[:3], Practice: village.Name()}, l)},
		{"brand", Brand(b, places, awa, l)},
		{"brand-strict", Brand(strict, nil, people[3], l)},
		{"line", Line(b, sampleLine(l), awa, l)},
		{"line-none", Line(b, social.Line{Locale: string(l)}, awa, l)},
		{"members", Members(People{Brand: b, Members: people, Requests: []social.Request{ask}, By: awa}, l)},
		{"members-writer", Members(People{Brand: b, Members: people, Requests: []social.Request{ask}, By: people[2]}, l)},
		{"members-groups", Members(People{Brand: b, Members: people[1:3], Groups: map[string][]social.Group{people[1].ID: groups}, By: people[2]}, l)},
		{"groups", Groups(b, groups, l)},
		{"groups-none", Groups(b, nil, l)},
		{"request", Request(ask, "", l)},
		{"request-answered", Request(answered, "Awa", l)},
		{"requests", Requests([]social.Request{ask, {ID: "req_tom", Name: "Tom", Surface: "discord"}}, l)},
		{"invitation", Invitation("k3m7q2w9zt", b, []social.Role{social.Writer, social.Analyst}, l)},
		{"link-code", LinkCode("p4t8x2nd", awa, l)},
		{"link-code-writer", LinkCode("p4t8x2nd", people[2], l)},
		{"networks", Networks(b, networks, l)},
		{"secret-page", SecretPage("Mastodon", b, "https://griot.example/connect/mastodon/secret/k3m7q2w9zt", l)},
		{"connected", Connected(village, b, l)},
		{"connecting", Connecting("Bluesky", l)},
		{"not-connected", NotConnected(broken.In(l), l)},
		{"accounts", Accounts(b, []social.Account{mastodon, village}, l)},
		{"accounts-none", Accounts(b, nil, l)},
		{"watched", Watched(journal, b, l)},
		{"watches", Watches(b, []social.Account{journal}, l)},
		{"watches-none", Watches(b, nil, l)},
		{"account", Account(village, b, 3, l)},
		{"account-sign-in", Account(mastodon, b, 0, l)},
		{"account-removed", Account(gone, b, 0, l)},
	}
}

var broken = i18n.Text{
	En: "Bluesky refused this sign-in. Check what you typed, and try again. Nothing was stored.",
	Fr: "Bluesky a refusé cette connexion. Vérifiez votre saisie, puis réessayez. Rien n’a été enregistré.",
}

func person(id, name string, roles ...social.Role) social.Member {
	return social.Member{ID: id, TeamID: "tea_sample", Name: name, Roles: map[string][]social.Role{"brd_sample": roles}}
}

// sampleLine is the editorial line of the sample brand.
func sampleLine(l i18n.Locale) social.Line {
	line := social.Line{Locale: string(i18n.En), Tone: "Warm and precise, with a touch of humour.", Themes: []string{"books", "workshops"},
		Banned: []string{"bargain", "last chance"}, Required: []string{"#library"}, Samples: []string{"This morning, three new arrivals.\n\n#library"},
		Replies: []string{"Our opening hours are on our site."}}
	if l == i18n.Fr {
		line = social.Line{Locale: string(i18n.Fr), Tone: "Chaleureux et précis, avec une pointe d’humour.", Address: social.Vous, Themes: []string{"livres", "ateliers"},
			Banned: []string{"bon plan", "dernière chance"}, Required: []string{"#bibliothèque"}, Samples: []string{"Ce matin, trois nouveautés en rayon.\n\n#bibliothèque"},
			Replies: []string{"Nos horaires sont sur notre site."}}
	}
	return line
}
