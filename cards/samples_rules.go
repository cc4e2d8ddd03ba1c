package cards

import (
	"griot/i18n"
	"griot/social"
)

var (
	sampleRule  = i18n.Text{En: "Delivery", Fr: "Livraison"}
	sampleLabel = i18n.Text{En: "delivery", Fr: "livraison"}
	sampleRest  = i18n.Text{En: "Competitions", Fr: "Jeux-concours"}
	sampleFans  = i18n.Text{En: "Regulars", Fr: "Habitués"}
	samplePress = i18n.Text{En: "Everything else", Fr: "Tout le reste"}
	sampleSays  = i18n.Text{En: "My parcel with the books has been in Lyon for a week, is that usual?", Fr: "Mon colis de livres est à Lyon depuis une semaine, c’est normal\u202f?"}
	sampleAdded = i18n.Text{En: "Saved. It decides from the next mention on.", Fr: "Enregistrée. Elle décide dès la prochaine mention."}
)

var sampleWords = map[i18n.Locale][]string{
	i18n.En: {"parcel", "delivery"},
	i18n.Fr: {"colis", "livraison"},
}

// ruleSamples are the cards about rules.
func ruleSamples(l i18n.Locale) []Sample {
	b := sample(l).Brand
	care := social.Room{Surface: "slack", Workspace: "T1", Channel: "C7"}
	rule := func(n int64, name i18n.Text, c social.Condition, e social.Effects) social.Rule {
		return social.Rule{ID: "rul_" + string(rune('0'+n)), TeamID: b.TeamID, BrandID: b.ID, Position: n, Name: name.In(l), If: c, Then: e, Rev: 1}
	}
	k := RuleBook{Brand: b, By: person("mbr_ines", "Inès", social.Moderator), Networks: map[string]string{"mastodon": "Mastodon", "bluesky": "Bluesky"},
		Rooms: map[social.Room]string{care: "#sav"}, Rules: []social.Rule{
			rule(1, sampleRule, social.Condition{Words: sampleWords[l], Networks: []string{"mastodon"}}, social.Effects{Room: care, Label: sampleLabel.In(l), Priority: social.Urgent}),
			rule(2, sampleRest, social.Condition{Words: []string{"concours", "giveaway", "tirage", "contest", "prize", "lot", "gagnant", "winner"}, Languages: []string{"fr", "en"}}, social.Effects{Mute: true, Quiet: true}),
			rule(3, sampleFans, social.Condition{Authors: []string{"@lea@social.example", "tom"}, Networks: []string{"mastodon", "bluesky"}}, social.Effects{Priority: social.High}),
			rule(4, samplePress, social.Condition{}, social.Effects{}),
		}}
	reader := k
	reader.By = person("mbr_nora", "Nora", social.Writer)
	said := social.Mention{Author: social.Author{Name: "Léa", Handle: "@lea@social.example"}, Text: sampleSays.In(l)}
	return []Sample{
		{"rules", Rules(k, l)},
		{"rules-reader", Rules(reader, l)},
		{"rules-which", WhichRule(k, l)},
		{"rules-none", Rules(RuleBook{Brand: b, By: k.By}, l)},
		{"rule-trial", RuleTrial(k, Trial{Rule: k.Rules[0], Read: 500, Found: 7, Shown: []social.Mention{said, {Author: social.Author{Name: "Le Progrès"}, Title: sampleSays.In(l)}}}, l)},
		{"rule-trial-behind", RuleTrial(k, Trial{Rule: k.Rules[3], Read: 41, Taken: 3, Last: true}, l)},
		{"rule-trial-one", RuleTrial(k, Trial{Rule: k.Rules[3], Read: 1, Found: 1, Shown: []social.Mention{said}, Last: true}, l)},
		{"rule-trial-zero", RuleTrial(k, Trial{Rule: k.Rules[3], Read: 1, Last: true}, l)},
		{"rule-added", RuleTrial(k, Trial{Rule: k.Rules[2], Introducing: sampleAdded.In(l)}, l)},
	}
}
