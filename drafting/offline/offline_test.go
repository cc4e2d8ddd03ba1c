package offline_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"griot/drafting"
	"griot/drafting/offline"
	"griot/i18n"
	"griot/social"
)

func post(t *testing.T, a drafting.PostAsk, l social.Limits) string {
	t.Helper()
	a.Accounts = []social.Account{{ID: "acc", Limits: l}}
	d, err := offline.Drafter{}.Posts(t.Context(), a)
	if err != nil || d.Model != "" || d.Tokens != 0 {
		t.Errorf("%+v, %v", d, err)
	}
	return d.Texts["acc"]
}

func TestPostsAreTheTopicInTheBrandsForm(t *testing.T) {
	t.Parallel()
	samples := []string{"Ce matin au four. #pain #Paris", "Fermé lundi. #Paris"}
	for _, c := range []struct {
		line social.Line
		want string
	}{
		{social.Line{Locale: "fr"}, "Ouverture samedi 10 h. Vos avis sont les bienvenus."},
		{social.Line{Locale: "fr", Address: social.Tu}, "Ouverture samedi 10 h. Dis-nous ce que tu en penses."},
		{social.Line{Locale: "fr", Address: social.Vous, Required: []string{"#maison", "Samedi"}, Samples: samples},
			"Ouverture samedi 10 h. Dites-nous ce que vous en pensez.\n\n#maison #Paris"},
		{social.Line{Locale: "en"}, "Ouverture samedi 10 h. Tell us what you think."},
		{social.Line{Locale: "fr", Banned: []string{"avis"}}, "Ouverture samedi 10 h."},
	} {
		if diff := cmp.Diff(c.want, post(t, drafting.PostAsk{Line: c.line, Topic: "ouverture samedi 10 h"}, social.Limits{})); diff != "" {
			t.Errorf("%+v (-want +got):\n%s", c.line, diff)
		}
	}
}

func TestPostsFitTheirNetwork(t *testing.T) {
	t.Parallel()
	line := social.Line{Locale: "fr", Required: []string{"#maison"}}
	for _, n := range []int{300, 60, 30, 20} {
		l := social.Limits{Length: n}
		got := post(t, drafting.PostAsk{Line: line, Topic: strings.Repeat("ouverture samedi ", 20)}, l)
		if drafting.Fits(got, l) != "" || !strings.Contains(got, "#maison") {
			t.Errorf("%d: %q", n, got)
		}
	}
}

func TestRepliesSayWhatTheyRestOn(t *testing.T) {
	t.Parallel()
	a := drafting.ReplyAsk{
		Line: social.Line{Locale: "fr", Address: social.Tu, Banned: []string{"désolé"},
			Replies: []string{"Nos horaires sont sur le site.", "Pour un colis abîmé, écris-nous et joins une photo du colis.", "Désolé pour le colis."}},
		Mention: social.Mention{Language: "fr", Text: "Mon COLIS est arrivé abîmé, merci de faire quelque chose"},
		Past:    []drafting.Answered{{Said: "Et les soldes ?", Answer: "Bientôt.", To: "Awa"}, {Said: "colis perdu", Answer: "On cherche ton colis.", To: "Bob"}},
	}
	d, err := offline.Drafter{}.Replies(t.Context(), a)
	want := []social.Suggestion{
		{Number: 1, Text: a.Line.Replies[1], Basis: social.OnSaved, Source: "Pour un colis abîmé, écris-nous et joins une photo du colis."},
		{Number: 2, Text: "On cherche ton colis.", Basis: social.OnPast, Source: "Bob"},
		{Number: 3, Text: "Merci pour ton message\u202f! On regarde et on revient vers toi.", Basis: social.OnLine},
	}
	if diff := cmp.Diff(want, d.Suggestions); diff != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
}

func TestThereAreThreeRepliesWithoutALine(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		language string
		brand    i18n.Locale
		begins   string
	}{{"en", i18n.Fr, "Thank you"}, {"fr", i18n.En, "Merci"}, {"de", i18n.Fr, "Merci"}, {"", i18n.En, "Thank you"}} {
		a := drafting.ReplyAsk{Brand: social.Brand{Locale: c.brand}, Mention: social.Mention{Language: c.language, Text: "😀"}, Limits: social.Limits{Length: 100}}
		d, err := offline.Drafter{}.Replies(t.Context(), a)
		if err != nil || len(d.Suggestions) != 3 || !strings.HasPrefix(d.Suggestions[0].Text, c.begins) {
			t.Errorf("%+v: %+v, %v", c, d.Suggestions, err)
		}
	}
}
