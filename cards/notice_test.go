package cards_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"griot/cards"
	"griot/chat"
	"griot/i18n"
	"griot/social"
)

// said is a line as it reads, with outside words between brackets.
func said(all []chat.Span) string {
	var b strings.Builder
	for _, s := range all {
		switch s := s.(type) {
		case chat.Plain:
			b.WriteString(string(s))
		case chat.Bold:
			b.WriteString("*" + string(s) + "*")
		case chat.Code:
			b.WriteString("`" + string(s) + "`")
		case chat.When:
			b.WriteString("<" + s.Text + ">")
		}
	}
	return b.String()
}

// TestNoticesAboutAnswersSayThatTheyAre: what answers a mention is no post of its own.
func TestNoticesAboutAnswersSayThatTheyAre(t *testing.T) {
	t.Parallel()
	data := map[string]string{"account": "@maison", "words": "trop long", "note": "plus court", "who": "Nora", "why_fr": "trop loin.", "reason": string(social.ByNetwork)}
	for kind, want := range map[social.NoticeKind]string{
		social.ToApprove:  "La réponse à *«\u202fOù est-il\u202f?\u202f»* attend votre validation. Lisez la carte, puis appuyez sur Valider ou À revoir.",
		social.SentBack:   "Votre réponse à *«\u202fOù est-il\u202f?\u202f»* est à revoir\u202f: «\u202fplus court\u202f». Récrivez-la avec Répondre, sur la carte.",
		social.NotTaken:   "Votre réponse à *«\u202fOù est-il\u202f?\u202f»* n’a pas été publiée sur *@maison*\u202f: «\u202ftrop long\u202f». Appuyez sur Réessayer ou Répondre, sur la carte.",
		social.NotHeard:   "Je n’arrive pas à lire ce qui est dit à *@maison*\u202f: trop loin.",
		social.HandedOver: "Nora vous transmet *«\u202fOù est-il\u202f?\u202f»*\u202f: «\u202fplus court\u202f». Répondez depuis la carte, ou passez-la à quelqu’un d’autre.",
	} {
		n := social.Notice{Kind: kind, Subject: "men_1", Data: data}
		if diff := cmp.Diff(want, said(cards.Notice(n, "Où est-il\u202f?", i18n.Fr))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", kind, diff)
		}
	}
}

func TestNoticesReadAsTheyShould(t *testing.T) {
	t.Parallel()
	data := map[string]string{"account": "@maison", "words": "trop long", "note": "plus court", "name": "Zoé", "surface": "Slack",
		"at": "2026-03-03T08:00:00Z", "zone": "Europe/Paris", "by": "2m30s"}
	for _, tt := range []struct {
		kind  social.NoticeKind
		about string
		data  map[string]string
		want  string
	}{
		{social.ToApprove, "Soldes", data, "*«\u202fSoldes\u202f»* attend votre validation. Lisez la carte, puis appuyez sur Valider ou À revoir."},
		{social.ToApprove, "", nil, "*Une publication* attend votre validation. Lisez la carte, puis appuyez sur Valider ou À revoir."},
		{social.SentBack, "Soldes", data, "*«\u202fSoldes\u202f»* vous est renvoyée\u202f: «\u202fplus court\u202f». Modifiez-la, puis renvoyez-la en validation."},
		{social.Moved, "Soldes", data, "*«\u202fSoldes\u202f»*, que vous avez validée, a une nouvelle date\u202f: <mardi 3 mars 2026 à 9\u202fh (Europe/Paris)>. Renvoyez-la si cela ne convient pas."},
		{social.NotTaken, "Soldes", data, "*«\u202fSoldes\u202f»* n’a pas été publiée sur *@maison*\u202f: «\u202ftrop long\u202f». Modifiez-la ou appuyez sur Réessayer, sur la carte."},
		{social.NotTaken, "Soldes", nil, "*«\u202fSoldes\u202f»* n’a pas été publiée sur *un compte*\u202f: le réseau n’a pas dit pourquoi. Modifiez-la ou appuyez sur Réessayer, sur la carte."},
		{social.RunsLate, "Soldes", data, "*«\u202fSoldes\u202f»* a du retard vers *@maison* (2 minutes). Griot continue d’essayer\u202f; /historique raconte tout."},
		{social.RunsLate, "Soldes", nil, "*«\u202fSoldes\u202f»* a du retard vers *un compte*. Griot continue d’essayer\u202f; /historique raconte tout."},
		{social.AskAccess, "", data, "Zoé demande à rejoindre l’équipe. Répondez avec /equipe demandes."},
		{social.Unreachable, "", map[string]string{"surface": "slack", "channel": "#validation"}, "Je ne peux plus écrire dans *#validation* sur Slack. Faites-moi revenir en tapant `/invite @Griot` dans ce canal, ou choisissez-en un autre avec /marque canal."},
		{social.Unreachable, "", map[string]string{"surface": "discord"}, "Je ne peux plus écrire dans l’un de vos canaux sur Discord. Donnez-moi «\u202fVoir le salon\u202f» et «\u202fEnvoyer des messages\u202f» sous «\u202fModifier le salon\u202f», «\u202fPermissions\u202f», ou choisissez-en un autre avec /marque canal."},
		{social.ChatGone, "", map[string]string{"surface": "discord", "workspace": "Comptoir"}, "Griot a été retiré de *Comptoir* sur Discord\u202f: les cartes et les avis n’y arrivent plus. La personne qui s’occupe de Griot a le lien pour l’inviter à nouveau\u202f; ou choisissez un autre canal avec /marque canal."},
		{social.ChatGone, "", map[string]string{"surface": "slack", "workspace": "Maison Lune"}, "Griot a été retiré de *Maison Lune* sur Slack\u202f: les cartes et les avis n’y arrivent plus. Réinstallez-le depuis la page `/slack/install` de Griot, ou choisissez un autre canal avec /marque canal."},
		{"of tomorrow", "Soldes", nil, "*«\u202fSoldes\u202f»* a besoin de vous. Regardez la carte."},
	} {
		n := social.Notice{Kind: tt.kind, Data: tt.data}
		if diff := cmp.Diff(tt.want, said(cards.Notice(n, tt.about, i18n.Fr))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.kind, diff)
		}
	}
}

// TestEveryNoticeHasWords: no kind falls back to the general line, in either language, and no mark is left unfilled.
func TestEveryNoticeHasWords(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 3, 3, 8, 0, 0, 0, time.UTC).Format(time.RFC3339)
	data := map[string]string{"account": "@a", "words": "w", "note": "n", "name": "Z", "surface": "S", "workspace": "W", "at": at, "zone": "UTC", "by": "3m"}
	for _, l := range i18n.Locales {
		other := said(cards.Notice(social.Notice{Kind: "other", Data: data}, "x", l))
		for _, k := range social.NoticeKinds {
			got := said(cards.Notice(social.Notice{Kind: k, Data: data}, "x", l))
			if got == other || strings.ContainsAny(got, "{}") || !strings.HasSuffix(got, ".") {
				t.Errorf("%s in %s: %s", k, l, got)
			}
		}
	}
}
