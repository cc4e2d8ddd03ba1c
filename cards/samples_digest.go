package cards

import (
	"time"

	"griot/i18n"
	"griot/social"
)

var sampleRemarks = i18n.Text{
	En: "A good day on Mastodon, carried by the post about the opening. Nothing can be said of Bluesky before its numbers are back.",
	Fr: "Bonne journée sur Mastodon, portée par l’annonce de l’ouverture. Pour Bluesky, il faudra attendre le retour des chiffres.",
}

// digestSamples are mornings: a usual one, the first one, one after a weekend, a week asked for.
func digestSamples(l i18n.Locale) []Sample {
	s := sample(l)
	n := func(v int64) *int64 { return &v }
	f := func(v float64) *float64 { return &v }
	lost := time.Date(2026, 3, 16, 13, 0, 0, 0, time.UTC)
	day := social.Span{First: "2026-03-16", Last: "2026-03-16"}
	mastodon := social.AccountRow{AccountID: "acc_mastodon", Network: "Mastodon", Handle: "@bibliotheque@social.example", Read: true, Figures: []social.Figure{
		{Metric: social.Followers, Total: n(12480), Gained: n(23), Before: n(8), Usual: f(11.5), Weeks: 4},
		{Metric: social.Posts, Total: n(812), Gained: n(2), Before: n(2), Usual: f(1), Weeks: 4}}}
	bluesky := social.AccountRow{AccountID: "acc_bluesky", Network: "Bluesky", Handle: "@bibliotheque.example", Read: true, LostAt: lost, Figures: []social.Figure{
		{Metric: social.Followers, Before: n(3), Usual: f(4), Weeks: 3}}}
	village := social.AccountRow{AccountID: "acc_village", Network: "Village", Handle: "@bibliotheque", Read: true, Figures: []social.Figure{
		{Metric: social.Followers, Total: n(96), Gained: n(-2), Before: n(0), Usual: f(1), Weeks: 4}}}
	post := social.PostRow{PostID: "pst_sample", AccountID: "acc_mastodon", Network: "Mastodon", Text: Excerpt(s, 100), URL: "https://social.example/@bibliotheque/1",
		LiveAt: lost, Counts: map[social.Metric]int64{social.Likes: 41, social.Shares: 12, social.Replies: 1, social.Quotes: 0}}
	r := social.Report{BrandID: s.Brand.ID, Brand: s.Brand.Name, Zone: s.Brand.Zone, Span: day, Before: day.Plus(-1), At: sampleAt, Usual: true,
		Accounts: []social.AccountRow{mastodon, bluesky, village}, Posts: []social.PostRow{post, {Network: "Village", Counts: map[social.Metric]int64{social.Likes: 0}}},
		Mentions: map[social.MentionState]int{social.IsAnswered: 3, social.IsDone: 1, social.IsNew: 1, social.IsIgnored: 2}, Muted: 12}
	remarks := r
	remarks.Remarks = sampleRemarks.In(l)
	first := r
	first.Accounts = []social.AccountRow{{Network: "Mastodon", Handle: mastodon.Handle, Read: true, Figures: []social.Figure{{Metric: social.Followers, Total: n(12480)}}},
		{Network: "Village", Handle: village.Handle}}
	first.Posts, first.Mentions, first.Muted = nil, nil, 1
	weekend := r
	weekend.Span = social.Span{First: "2026-03-13", Last: "2026-03-15"}
	weekend.Before, weekend.Accounts = weekend.Span.Plus(-7), []social.AccountRow{mastodon, village}
	week := r
	week.Span, week.Before, week.Usual, week.SoFar = social.Span{First: "2026-03-11", Last: "2026-03-17"}, social.Span{First: "2026-03-04", Last: "2026-03-10"}, false, true
	mastodon.Figures = []social.Figure{{Metric: social.Followers, Total: n(12480), Gained: n(70), Before: n(64)}}
	for i, v := range []*int64{n(8), n(12), nil, n(15), n(8), n(23), n(4)} {
		mastodon.Days = append(mastodon.Days, social.DayFigure{Day: week.Span.First.Plus(i), Gained: v})
	}
	week.Accounts = []social.AccountRow{mastodon}
	return []Sample{
		{"digest", Digest("dgs_sample", r, l)},
		{"digest-remarks", Digest("dgs_sample", remarks, l)},
		{"digest-first", Digest("dgs_sample", first, l)},
		{"digest-weekend", Digest("dgs_sample", weekend, l)},
		{"numbers-week", Asked(week, l)},
		{"numbers-none", Asked(social.Report{Brand: s.Brand.Name, Zone: s.Brand.Zone, Span: day, Before: day.Plus(-1), At: sampleAt, SoFar: true}, l)},
	}
}
