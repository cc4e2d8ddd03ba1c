package cards

import (
	"time"

	"griot/i18n"
	"griot/social"
)

var (
	sampleClosed = i18n.Text{En: "Closed on Thursday: we are moving the shelves.", Fr: "Fermé jeudi\u202f: nous déplaçons les rayonnages."}
	sampleHours  = i18n.Text{En: "Longer opening hours from April.", Fr: "Des horaires élargis dès avril."}
)

// homeSamples are what members with different days read when they open Griot.
func homeSamples(l i18n.Locale) []Sample {
	s := sample(l)
	awa := person("mbr_awa", "Awa", social.Admin, social.Writer, social.Approver)
	full := sampleDesk(l, awa)
	quiet := social.Desk{Member: awa, Brands: full.Brands}
	client := social.Desk{Member: person("mbr_tom", "Tom", social.Client), Brands: full.Brands, ToApprove: full.ToApprove, Week: full.Week, Others: full.Others}
	museum := social.Brand{ID: "brd_museum", TeamID: s.Brand.TeamID, Name: "Musée", Locale: l, Zone: "America/Montreal", Paused: true}
	several := full
	several.Member.Zone, several.Member.Roles = "America/Montreal", map[string][]social.Role{"brd_sample": {social.Writer}, museum.ID: {social.Approver, social.Writer}}
	several.Brands, several.Requests, several.Stuck = []social.Brand{s.Brand, museum}, nil, social.Pile{}
	several.ToApprove.More = true
	return []Sample{
		{"home", Home(full, l)},
		{"home-quiet", Home(quiet, l)},
		{"home-client", Home(client, l)},
		{"home-brands", Home(several, l)},
		{"home-no-role", Home(social.Desk{Member: person("mbr_sam", "Sam"), Admins: []social.Member{awa}}, l)},
	}
}

// sampleDesk is a full day of by.
func sampleDesk(l i18n.Locale, by social.Member) social.Desk {
	s := sample(l)
	post := func(id, author string, text i18n.Text, after time.Duration) social.Glance {
		p := s.Post
		p.ID, p.Author = id, author
		return social.Glance{Post: p, Words: social.Revision{PostID: id, Text: text.In(l)}, Author: author, At: sampleAt.Add(after)}
	}
	back := post("pst_back", by.Name, sampleThread, 0)
	back.Post.Note = sampleNote.In(l)
	stuck := post("pst_stuck", by.Name, sampleClosed, -time.Hour)
	stuck.Delivery, stuck.Account = social.Delivery{State: social.Unsure, Reason: social.ByNoAnswer}, s.Accounts[1]
	dateless := post("pst_review2", "Nora", sampleHours, 0)
	dateless.At = time.Time{}
	mine, theirs := post("pst_mine", by.Name, sampleHours, 26*time.Hour), post("pst_theirs", "Nora", sampleClosed, 50*time.Hour)
	return social.Desk{Member: by, Brands: []social.Brand{s.Brand},
		ToApprove: social.Pile{Posts: []social.Glance{post("pst_review", "Nora", sampleText, 8*time.Hour), dateless}},
		SentBack:  social.Pile{Posts: []social.Glance{back}},
		Stuck:     social.Pile{Posts: []social.Glance{stuck}},
		Requests:  []social.Request{{ID: "req_ines", Name: "Inès"}},
		Next:      social.Pile{Posts: []social.Glance{mine}},
		Week:      []time.Time{mine.At, mine.At.Add(6 * time.Hour), theirs.At},
		Others:    social.Pile{Posts: []social.Glance{theirs}},
	}
}
