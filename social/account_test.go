package social_test

import (
	"testing"

	"griot/social"
)

func TestAccountIsNamedWhateverIsKnownOfIt(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		a           social.Account
		name, label string
	}{
		{social.Account{Network: "mastodon", NetworkName: "Mastodon", Handle: "@maison@social.example"}, "Mastodon · @maison@social.example", "@maison@social.example"},
		{social.Account{Network: "mastodon", NetworkName: "Mastodon"}, "Mastodon", "Mastodon"},
		{social.Account{Network: "feed", Handle: "Le Journal"}, "Le Journal", "Le Journal"},
		{social.Account{Network: "feed"}, "feed", "feed"},
	} {
		if c.a.Name() != c.name || c.a.Label() != c.label {
			t.Errorf("%+v: %q, %q", c.a, c.a.Name(), c.a.Label())
		}
	}
}
