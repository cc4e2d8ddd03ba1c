package cards_test

import (
	"testing"
	"time"

	"griot/cards"
	"griot/chat"
	"griot/i18n"
	"griot/social"
)

func TestTheNightTheClocksChangeIsSaidOnTheCard(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		local string
		at    time.Time
		want  string
	}{
		{"2027-03-28T02:30", time.Date(2027, 3, 28, 1, 30, 0, 0, time.UTC), ". Cette nuit-là, l’heure avance\u202f: 2\u202fh\u202f30 n’existe pas."},
		{"2027-10-31T02:30", time.Date(2027, 10, 31, 0, 30, 0, 0, time.UTC), ". Cette nuit-là, l’heure recule et 2\u202fh\u202f30 revient deux fois\u202f: c’est la première."},
		{"2027-10-31T02:30", time.Date(2027, 10, 31, 1, 30, 0, 0, time.UTC), ". Cette nuit-là, l’heure recule et 2\u202fh\u202f30 revient deux fois\u202f: c’est la seconde."},
		{"2027-03-28T03:30", time.Date(2027, 3, 28, 1, 30, 0, 0, time.UTC), ""},
		{"2027-03-29T09:00", time.Date(2027, 3, 29, 7, 0, 0, 0, time.UTC), ""},
		{"", time.Date(2027, 3, 29, 7, 0, 0, 0, time.UTC), ""},
	} {
		var s social.Sheet
		s.Brand.Zone, s.Post.State, s.Post.When = "Europe/Paris", social.Draft, social.OnDate
		s.Post.Moment = social.Moment{At: tt.at, Local: tt.local, Zone: "Europe/Paris"}
		got := ""
		for _, span := range cards.Post(s, i18n.Fr).Fields[0].Value[1:] {
			if p, ok := span.(chat.Plain); ok {
				got += string(p)
			}
		}
		if got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.local, got, tt.want)
		}
	}
}
