package social_test

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"griot/social"
)

var roles = rapid.SampledFrom(append([]social.Role{""}, social.Roles...))

func posts(t *rapid.T) social.Post {
	id := rapid.SampledFrom([]string{"a", "b", "c"})
	return social.Post{ID: "p", BrandID: "b", Author: id.Draw(t, "author"), Editor: id.Draw(t, "editor"), State: rapid.SampledFrom(social.States).Draw(t, "state"),
		Rev: rapid.Int64Range(1, 100).Draw(t, "rev"), Words: 1, When: rapid.SampledFrom([]social.When{social.Later, social.Soon, social.OnDate}).Draw(t, "when"),
		Moment: social.Moment{At: now.Add(time.Duration(rapid.IntRange(-5, 5).Draw(t, "hours")) * time.Hour)}}
}

func actors(t *rapid.T) social.Actor {
	return social.Actor{
		Member: social.Member{ID: rapid.SampledFrom([]string{"a", "b", "c"}).Draw(t, "who"), Roles: map[string][]social.Role{"b": {roles.Draw(t, "role")}}},
		Brand: social.Brand{ID: "b", Zone: "Europe/Paris", Alone: rapid.Bool().Draw(t, "alone"), NoFix: rapid.Bool().Draw(t, "nofix"),
			NoMove: rapid.Bool().Draw(t, "nomove")},
	}
}

func changes(t *rapid.T) social.Change {
	return social.Change{Words: rapid.Int64Range(1, 2).Draw(t, "words"), Note: rapid.SampledFrom([]string{"", "non"}).Draw(t, "note"), Now: now,
		When:   rapid.SampledFrom([]social.When{"", social.Later, social.Soon, social.OnDate}).Draw(t, "wish"),
		Moment: social.Moment{At: now.Add(time.Duration(rapid.IntRange(-5, 5).Draw(t, "to")) * time.Hour)}}
}

// Apply changes nothing but what it returns, raises the revision by one, and gives the same answer twice; a refusal is a
// refusal of a move that Open does not offer, or of what the change lacks.
func TestApplyIsPure(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, by, c := posts(t), actors(t), changes(t)
		m := rapid.SampledFrom(allMoves).Draw(t, "move")
		before := p
		q, err := p.Apply(m, by, c)
		again, err2 := p.Apply(m, by, c)
		if p != before || q != again || (err == nil) != (err2 == nil) {
			t.Fatalf("not pure: %+v, %+v", q, again)
		}
		if err == nil && q.Rev != p.Rev+1 {
			t.Fatalf("revision %d after %d", q.Rev, p.Rev)
		}
	})
}

// Nothing becomes approved without a second hand, unless the brand says that one is enough.
func TestTwoHands(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, by := posts(t), actors(t)
		p.State, by.Brand.Alone = social.Draft, false
		hands := map[string]bool{p.Editor: true, p.Author: true}
		p.Editor = p.Author
		hands = map[string]bool{p.Author: true}
		for range rapid.IntRange(1, 12).Draw(t, "steps") {
			by.Member = actors(t).Member
			m, c := rapid.SampledFrom(allMoves).Draw(t, "move"), changes(t)
			c.Words += p.Words - 1
			q, err := p.Apply(m, by, c)
			if err != nil {
				continue
			}
			ok := func(s social.State) bool { return s == social.Approved || s == social.Scheduled }
			if !ok(p.State) && ok(q.State) {
				hands[by.Member.ID] = true
				if len(hands) < 2 {
					t.Fatalf("%s by %s alone: %+v", m, by.Member.ID, q)
				}
			}
			if ok(p.State) && ok(q.State) && q.Words != p.Words {
				t.Fatalf("%s changed approved words: %+v", m, q)
			}
			if q.Words != p.Words && m == social.Edit {
				hands = map[string]bool{by.Member.ID: true}
			}
			p = q
		}
	})
}

func TestFingerprintIsOfWordsPicturesAndAccount(t *testing.T) {
	text := rapid.StringN(0, 20, -1)
	variants := func(t *rapid.T) social.Variant {
		v := social.Variant{PostID: "p", Account: social.Account{Network: rapid.SampledFrom([]string{"x", "y"}).Draw(t, "network"), RemoteID: text.Draw(t, "remote")}}
		for range rapid.IntRange(1, 3).Draw(t, "parts") {
			p := social.Part{Text: text.Draw(t, "text")}
			for range rapid.IntRange(0, 2).Draw(t, "pictures") {
				p.Media = append(p.Media, social.Media{Hash: text.Draw(t, "hash"), Alt: text.Draw(t, "alt"), Decorative: rapid.Bool().Draw(t, "decorative")})
			}
			v.Parts = append(v.Parts, p)
		}
		return v
	}
	rapid.Check(t, func(t *rapid.T) {
		v, w := variants(t), variants(t)
		if reflect.DeepEqual(v, w) != (v.Fingerprint() == w.Fingerprint()) {
			t.Fatalf("%+v and %+v", v, w)
		}
		same := v
		same.PostID, same.Account.ID, same.Account.Handle, same.Account.State = "q", "other", "@new", social.NeedsSignIn
		if same.Fingerprint() != v.Fingerprint() {
			t.Fatal("a new name of the account changed the fingerprint")
		}
	})
}

func TestCount(t *testing.T) {
	const family, flag, accent = "👨‍👩‍👧‍👦", "🇫🇷", "e\u0301"
	cases := map[string]struct {
		limits social.Limits
		text   string
		want   int
	}{
		"graphemes: letters":           {social.Limits{}, "été", 3},
		"graphemes: combining":         {social.Limits{}, accent, 1},
		"graphemes: flag":              {social.Limits{}, flag + flag, 2},
		"graphemes: family":            {social.Limits{}, family, 1},
		"graphemes: skin tone":         {social.Limits{}, "👋🏽", 1},
		"runes: family":                {social.Limits{Unit: social.Runes}, family, 7},
		"runes: flag":                  {social.Limits{Unit: social.Runes}, flag, 2},
		"runes: combining":             {social.Limits{Unit: social.Runes}, accent, 2},
		"utf16: emoji":                 {social.Limits{Unit: social.UTF16}, "😀", 2},
		"utf16: family":                {social.Limits{Unit: social.UTF16}, family, 11},
		"utf16: letters":               {social.Limits{Unit: social.UTF16}, "été", 3},
		"a link counts 23":             {social.Limits{URLLength: 23}, "Voir https://maison-lune.example/une/tres/longue/adresse?a=b#c ici", 5 + 23 + 4},
		"a short link counts 23":       {social.Limits{URLLength: 23}, "http://a.fr", 23},
		"two links":                    {social.Limits{URLLength: 23}, "https://a.fr https://b.fr", 47},
		"a link as written":            {social.Limits{}, "https://a.fr", 12},
		"an emoji beside a link":       {social.Limits{URLLength: 23}, "👩 https://a.fr 👩", 27},
		"a link ends its sentence":     {social.Limits{URLLength: 23}, "(https://a.fr/b).", 26},
		"a mention without its server": {social.Limits{ShortMentions: true}, "Merci @lune@maison.example !", len("Merci @lune !")},
		"a local mention":              {social.Limits{ShortMentions: true}, "@lune bonjour", 13},
		"nothing":                      {social.Limits{URLLength: 23, ShortMentions: true}, "", 0},
	}
	for name, c := range cases {
		if got := c.limits.Count(c.text); got != c.want {
			t.Errorf("%s: %d, want %d", name, got, c.want)
		}
	}
}

func TestSplitThread(t *testing.T) {
	cases := map[string][]string{
		"Un":                     {"Un"},
		"Un\n---\nDeux":          {"Un", "Deux"},
		"Un\n  -----  \n\nDeux":  {"Un", "Deux"},
		"---\nUn\n---\n---\n":    {"Un"},
		"Un -- deux\n--\ntrois":  {"Un -- deux\n--\ntrois"},
		"Un --- deux":            {"Un --- deux"},
		"":                       {""},
		"---":                    {""},
		"Un\r\n---\r\nDeux":      {"Un", "Deux"},
		"Liste :\n- a\n---\n- b": {"Liste :\n- a", "- b"},
	}
	for text, want := range cases {
		if diff := cmp.Diff(want, social.SplitThread(text)); diff != "" {
			t.Errorf("%q (-want +got):\n%s", text, diff)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		parts := rapid.SliceOfN(rapid.StringMatching(`[a-z][a-z \n]{0,10}[a-z]`), 1, 5).Draw(t, "parts")
		if diff := cmp.Diff(parts, social.SplitThread(strings.Join(parts, "\n---\n"))); diff != "" {
			t.Fatal(diff)
		}
	})
}

func TestStatus(t *testing.T) {
	post := func(s social.State) social.Post { return social.Post{State: s} }
	cases := []struct {
		post   social.Post
		states []social.DeliveryState
		want   social.Status
	}{
		{post(social.Draft), nil, social.IsDraft},
		{post(social.InReview), nil, social.IsInReview},
		{post(social.Approved), []social.DeliveryState{social.Void}, social.IsApproved},
		{post(social.Scheduled), []social.DeliveryState{social.Waiting, social.Waiting}, social.IsScheduled},
		{post(social.Scheduled), []social.DeliveryState{social.Sending, social.Waiting}, social.IsLeaving},
		{post(social.Scheduled), []social.DeliveryState{social.Live, social.Live}, social.IsPublished},
		{post(social.Scheduled), []social.DeliveryState{social.Live, social.Refused}, social.IsPartly},
		{post(social.Scheduled), []social.DeliveryState{social.Live, social.Void}, social.IsPartly},
		{post(social.Scheduled), []social.DeliveryState{social.Refused}, social.IsFailed},
		{post(social.Scheduled), []social.DeliveryState{social.Void}, social.IsFailed},
		{post(social.Scheduled), []social.DeliveryState{social.Live, social.Unsure}, social.IsToCheck},
		{post(social.Scheduled), []social.DeliveryState{social.Live, social.Missed}, social.IsMissed},
		{post(social.Scheduled), []social.DeliveryState{social.Gone, social.Gone}, social.IsRemoved},
		{post(social.Draft), []social.DeliveryState{social.Live, social.Void}, social.IsDraft},
		{post(social.Cancelled), []social.DeliveryState{social.Void}, social.IsCancelled},
	}
	for _, c := range cases {
		var ds []social.Delivery
		for _, s := range c.states {
			ds = append(ds, social.Delivery{State: s})
		}
		if got := social.StatusOf(c.post, ds); got != c.want {
			t.Errorf("%s with %v is %s, want %s", c.post.State, c.states, got, c.want)
		}
	}
}
