package app_test

import (
	"fmt"
	"slices"
	"strings"

	"griot/connectors/pretend"
	"griot/fault"
	"griot/i18n"
	"griot/publishing"
	"griot/social"
	"griot/storage"
)

// scene makes a brand with an account and a post of three parts.
func (s *stage) scene(name string) *scene {
	s.Helper()
	x := &scene{}
	for i := range 3 {
		x.words = append(x.words, fmt.Sprintf("%s, partie %d", name, i+1))
	}
	brand, err := s.app.Team.AddBrand(s.Context(), s.by, social.Brand{Name: name, Locale: i18n.Fr, Zone: "Europe/Paris", Alone: true})
	if err != nil {
		s.Fatal(err)
	}
	if s.by, err = storage.Member(s.Context(), s.app.DB, s.by.TeamID, s.by.ID); err != nil {
		s.Fatal(err)
	}
	account, err := s.app.Accounts.Connect(s.Context(), s.by, brand.ID, pretend.ID, map[string]string{"name": name})
	if err != nil {
		s.Fatal(err)
	}
	sheet, err := s.app.Publishing.Draft(s.Context(), s.by, brand.ID,
		publishing.Content{Text: strings.Join(x.words, "\n---\n"), Accounts: []string{account.ID}, When: social.Soon})
	if err != nil {
		s.Fatal(err)
	}
	x.brand, x.account, x.post = brand.ID, account.ID, sheet.Post.ID
	return x
}

// there counts each part of x on the network.
func (s *stage) there(x *scene) []int {
	var out []int
	for _, text := range x.words {
		out = append(out, s.village.Accepted(text))
	}
	return out
}

// move does one that stops; what is leaving already was not stopped.
func (s *stage) move(x *scene, m social.Move) (bool, error) {
	r, err := s.app.Publishing.Move(s.Context(), s.by, x.post, 0, m, social.Change{})
	return err == nil && len(r.Leaving) == 0, ignoreRefusal(err)
}

func (s *stage) delivery(x *scene) social.Delivery {
	s.Helper()
	ds, err := storage.Deliveries(s.Context(), s.app.DB, s.by.TeamID, x.post)
	if err != nil || len(ds) != 1 {
		s.Errorf("%d deliveries: %v", len(ds), err)
		return social.Delivery{}
	}
	return ds[0]
}

// ignoreRefusal: a person who reads that it is too late was not told that it was stopped.
func ignoreRefusal(err error) error {
	if fault.Is(err, fault.Conflict) {
		return nil
	}
	return err
}

// ends waits until nothing more happens to x. What a pause holds back does not leave when the pause ends either: it has
// fallen due meanwhile, and somebody must say what to do.
func (s *stage) ends(name string, x *scene) {
	s.Helper()
	still := func() bool { return s.over(x) }
	held := func() bool {
		return slices.Contains([]social.DeliveryState{social.Waiting, social.Leased}, s.delivery(x).State) && s.paused(x)
	}
	if !eventually(func() bool { return still() || held() }) {
		s.Fatalf("%s: never ends: %s", name, s.delivery(x).State)
	}
	if !s.paused(x) {
		return
	}
	if _, err := s.app.Publishing.Resume(s.Context(), s.by, x.brand); err != nil {
		s.Fatal(err)
	}
	if !eventually(still) {
		s.Fatalf("%s: never ends after the pause: %s", name, s.delivery(x).State)
	}
}

// over reports whether everything there is to do for x was done, and told.
func (s *stage) over(x *scene) bool {
	s.Helper()
	d := s.delivery(x)
	return slices.Contains(final, d.State) && !d.News
}

func (s *stage) paused(x *scene) bool {
	s.Helper()
	b, err := s.app.Team.Brand(s.Context(), s.by, x.brand)
	if err != nil {
		s.Fatal(err)
	}
	return b.Paused
}
