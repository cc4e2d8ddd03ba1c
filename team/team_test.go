package team_test

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"griot/fault"
	"griot/i18n"
	"griot/social"
	"griot/storage"
	"griot/storage/storagetest"
	"griot/team"
)

// clock is the time of a test: it stands until it is moved.
type clock struct {
	mu sync.Mutex
	t  time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.t
}

func (c *clock) move(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.t = c.t.Add(d)
}

// nowhere takes jobs and forgets them: what is told is read from the notices.
type nowhere struct{}

func (nowhere) InsertTx(context.Context, *sql.Tx, storage.Job, time.Time) error { return nil }

// world is one database with one team in one workspace: awa set it up.
type world struct {
	*testing.T
	s     *team.Service
	db    *storage.DB
	clock *clock
	team  social.Team
	brand social.Brand
	awa   social.Member
}

func each(t *testing.T, f func(w world)) {
	t.Helper()
	c := &clock{t: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)}
	storagetest.Each(t, c.now, func(t *testing.T, db *storage.DB) {
		db.Use(nowhere{})
		w := world{T: t, s: team.New(db), db: db, clock: c}
		start := w.setup("T1", "awa", "Maison")
		w.team, w.brand, w.awa = start.Team, start.Brand, start.Member
		f(w)
	})
}

func person(workspace, user string) team.Person {
	return team.Person{Surface: "chat", Workspace: workspace, User: user, Name: user, Locale: i18n.Fr, Zone: "Europe/Paris"}
}

func manager(workspace, user string) team.Person {
	p := person(workspace, user)
	p.Manager = true
	return p
}

func (w world) setup(workspace, user, brand string) team.Start {
	w.Helper()
	start, err := w.s.Setup(w.Context(), team.SetupRequest{Person: manager(workspace, user), Brand: brand, Locale: i18n.Fr,
		Zone: "Europe/Paris", Approvals: "C1", Mentions: "C1", Numbers: "C2"})
	if err != nil {
		w.Fatal(err)
	}
	return start
}

// join brings user into the team with roles.
func (w world) join(user string, roles ...social.Role) social.Member {
	w.Helper()
	code, err := w.s.Invite(w.Context(), w.awa, w.brand.ID, roles)
	if err != nil {
		w.Fatal(err)
	}
	m, err := w.s.Join(w.Context(), person("T1", user), code)
	if err != nil {
		w.Fatal(err)
	}
	return m
}

func (w world) wants(err error, k fault.Kind) {
	w.Helper()
	if !fault.Is(err, k) {
		w.Errorf("error %v, want a fault of kind %d", err, k)
	}
}

func (w world) ok(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

func TestWhoKnowsMembersStrangersAndEmptyWorkspaces(t *testing.T) {
	each(t, func(w world) {
		m, at, err := w.s.Who(w.Context(), person("T1", "awa"))
		w.ok(err)
		if m.ID != w.awa.ID || at != w.team || !m.Has(w.brand.ID, social.Admin) || !m.Has(w.brand.ID, social.Writer) {
			w.Errorf("awa is %+v of %+v", m, at)
		}
		_, _, err = w.s.Who(w.Context(), person("T1", "zoe"))
		w.wants(err, fault.Denied)
		if !errors.Is(err, team.ErrStranger) {
			w.Errorf("%v is not ErrStranger", err)
		}
		if got, want := fault.For(err, i18n.En), "You are not in the team “Maison” yet. awa can invite you with /team invite. Or press “Ask for access”, and they will be told."; got != want {
			w.Errorf("said %q, want %q", got, want)
		}
		_, _, err = w.s.Who(w.Context(), person("T9", "awa"))
		if !errors.Is(err, team.ErrNoTeam) {
			w.Errorf("%v is not ErrNoTeam", err)
		}
	})
}

func TestSetupIsForManagersOrTheCodeOnce(t *testing.T) {
	each(t, func(w world) {
		q := team.SetupRequest{Person: person("T2", "bob"), Brand: "Atelier", Locale: i18n.En, Zone: "Europe/London"}
		_, err := w.s.Setup(w.Context(), q)
		w.wants(err, fault.Denied)
		old, err := w.s.NewSetupCode(w.Context())
		w.ok(err)
		code, err := w.s.NewSetupCode(w.Context())
		w.ok(err)
		q.Code = old
		_, err = w.s.Setup(w.Context(), q)
		w.wants(err, fault.Invalid) // a newer one was printed
		q.Code, q.Zone = code, "Nowhere/Land"
		_, err = w.s.Setup(w.Context(), q)
		w.wants(err, fault.Invalid)
		q.Zone = "Europe/London"
		start, err := w.s.Setup(w.Context(), q) // the mistake did not spend the code
		w.ok(err)
		if !start.Member.IsAdmin() || start.Brand.Name != "Atelier" || start.Member.Locale != i18n.Fr {
			w.Errorf("start %+v", start)
		}
		q.Person = person("T3", "eve")
		_, err = w.s.Setup(w.Context(), q)
		w.wants(err, fault.Invalid) // used
		_, err = w.s.Setup(w.Context(), team.SetupRequest{Person: manager("T1", "zoe"), Brand: "X", Locale: i18n.En, Zone: "UTC"})
		w.wants(err, fault.Conflict)
	})
}

func TestTwoSetupsAtOnceMakeOneTeam(t *testing.T) {
	each(t, func(w world) {
		errs := atOnce(6, func(int) error {
			_, err := w.s.Setup(w.Context(), team.SetupRequest{Person: manager("T5", "kim"), Brand: "Seul", Locale: i18n.Fr, Zone: "UTC"})
			return err
		})
		if n := count(errs, nil); n != 1 {
			w.Errorf("%d setups succeeded: %v", n, errs)
		}
		for _, err := range errs {
			if err != nil {
				w.wants(err, fault.Conflict)
			}
		}
	})
}

// atOnce runs f n times at the same moment.
func atOnce(n int, f func(i int) error) []error {
	errs := make([]error, n)
	start := make(chan struct{})
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() {
			<-start
			errs[i] = f(i)
		})
	}
	close(start)
	wg.Wait()
	return errs
}

func count(errs []error, want error) int {
	n := 0
	for _, err := range errs {
		if errors.Is(err, want) {
			n++
		}
	}
	return n
}

func TestAdminsWhoTakeEachOthersRoleLeaveOne(t *testing.T) {
	each(t, func(w world) {
		leo := w.join("leo", social.Admin)
		pair := []social.Member{w.awa, leo}
		errs := atOnce(2, func(i int) error {
			_, err := w.s.SetRoles(w.Context(), pair[i], pair[1-i].ID, w.brand.ID, nil)
			return err
		})
		if n := count(errs, nil); n != 1 {
			w.Errorf("%d of 2 succeeded: %v", n, errs)
		}
		left, err := storage.Admins(w.Context(), w.db, w.team.ID)
		w.ok(err)
		if len(left) != 1 {
			w.Fatalf("%d admins left", len(left))
		}
		_, err = w.s.SetRoles(w.Context(), left[0], left[0].ID, w.brand.ID, []social.Role{social.Writer})
		w.wants(err, fault.Conflict)
	})
}

func TestRolesAreForAdminsAndMustExist(t *testing.T) {
	each(t, func(w world) {
		nora := w.join("nora", social.Writer)
		_, err := w.s.SetRoles(w.Context(), nora, nora.ID, w.brand.ID, []social.Role{social.Admin})
		w.wants(err, fault.Denied)
		_, err = w.s.SetRoles(w.Context(), w.awa, nora.ID, w.brand.ID, []social.Role{"king"})
		w.wants(err, fault.Invalid)
		m, err := w.s.SetRoles(w.Context(), w.awa, nora.ID, w.brand.ID, []social.Role{social.Approver, social.Approver})
		w.ok(err)
		if got := m.Roles[w.brand.ID]; !slices.Equal(got, []social.Role{social.Approver}) {
			w.Errorf("roles %v", got)
		}
		_, err = w.s.Invite(w.Context(), nora, w.brand.ID, []social.Role{social.Writer})
		w.wants(err, fault.Denied)
		_, err = w.s.Invite(w.Context(), w.awa, w.brand.ID, nil)
		w.wants(err, fault.Invalid)
	})
}

func TestBrandsAndTheirChannels(t *testing.T) {
	each(t, func(w world) {
		nora := w.join("nora", social.Writer)
		at := func(c string) team.Place { return team.Place{Surface: "chat", Workspace: "T1", Channel: c} }
		b, err := w.s.BrandAt(w.Context(), nora, at("anywhere"))
		w.ok(err)
		if b.ID != w.brand.ID {
			w.Errorf("the only brand is %+v", b)
		}
		_, err = w.s.AddBrand(w.Context(), nora, social.Brand{Name: "Autre", Locale: i18n.Fr, Zone: "UTC"})
		w.wants(err, fault.Denied)
		_, err = w.s.AddBrand(w.Context(), w.awa, social.Brand{Name: " maison ", Locale: i18n.Fr, Zone: "UTC"})
		w.wants(err, fault.Invalid)
		other, err := w.s.AddBrand(w.Context(), w.awa, social.Brand{Name: "Autre", Locale: i18n.Fr, Zone: "UTC"})
		w.ok(err)
		awa, _, err := w.s.Who(w.Context(), person("T1", "awa"))
		w.ok(err)
		_, err = w.s.BrandAt(w.Context(), awa, at("anywhere"))
		if !errors.Is(err, team.ErrWhichBrand) {
			w.Errorf("%v is not ErrWhichBrand", err)
		}
		if b, err = w.s.BrandAt(w.Context(), nora, at("anywhere")); err != nil || b.ID != w.brand.ID {
			w.Errorf("nora writes for one brand only: %v, %v", b, err)
		}
		w.wants(w.s.SetChannel(w.Context(), awa, other.ID, at("C1"), social.Numbers), fault.Conflict)
		w.ok(w.s.SetChannel(w.Context(), awa, other.ID, at("C7"), social.Approvals))
		w.ok(w.s.SetChannel(w.Context(), awa, other.ID, at("C8"), social.Approvals))
		channels, err := w.s.Channels(w.Context(), awa, other.ID)
		w.ok(err)
		if len(channels) != 1 || channels[0].Channel != "C8" {
			w.Errorf("channels %+v", channels)
		}
		if b, err = w.s.BrandAt(w.Context(), awa, at("C8")); err != nil || b.ID != other.ID {
			w.Errorf("C8 is of %v, %v", b, err)
		}
		w.wants(w.s.SetChannel(w.Context(), awa, other.ID, team.Place{Surface: "chat", Workspace: "T8", Channel: "C"}, social.Approvals), fault.NotFound)
		w.wants(w.s.SetChannel(w.Context(), awa, other.ID, at("C9"), "parties"), fault.Invalid)
		for typed, want := range map[string]string{"MAISON": w.brand.ID, "au": other.ID, other.ID: other.ID} {
			if b, err := w.s.BrandNamed(w.Context(), awa, typed); err != nil || b.ID != want {
				w.Errorf("%q is %v, %v", typed, b, err)
			}
		}
		_, err = w.s.BrandNamed(w.Context(), awa, "")
		w.wants(err, fault.Invalid)
	})
}

func TestTwoBrandsAtOnceDoNotShareAChannel(t *testing.T) {
	each(t, func(w world) {
		other, err := w.s.AddBrand(w.Context(), w.awa, social.Brand{Name: "Autre", Locale: i18n.Fr, Zone: "UTC"})
		w.ok(err)
		brands := []string{w.brand.ID, other.ID}
		purposes := []social.Purpose{social.Approvals, social.Mentions}
		errs := atOnce(2, func(i int) error {
			return w.s.SetChannel(w.Context(), w.awa, brands[i], team.Place{Surface: "chat", Workspace: "T1", Channel: "C5"}, purposes[i])
		})
		if n := count(errs, nil); n != 1 {
			w.Errorf("%d of 2 took the channel: %v", n, errs)
		}
	})
}

func TestAChannelThatRulesOfAnotherBrandFillIsNotGiven(t *testing.T) {
	each(t, func(w world) {
		other, err := w.s.AddBrand(w.Context(), w.awa, social.Brand{Name: "Autre", Locale: i18n.Fr, Zone: "UTC"})
		w.ok(err)
		at := team.Place{Surface: "chat", Workspace: "T1", Channel: "C5"}
		for _, name := range []string{"Livraison", "Presse"} {
			w.ok(w.db.InTx(w.Context(), func(tx *storage.Tx) error {
				_, err := tx.AddRule(w.Context(), social.Rule{ID: "rul_" + name, TeamID: w.team.ID, BrandID: w.brand.ID, Name: name, Then: social.Effects{Room: social.Room(at)}, Rev: 1})
				return err
			}))
		}
		err = w.s.SetChannel(w.Context(), w.awa, other.ID, at, social.Mentions)
		w.wants(err, fault.Conflict)
		if got, want := fault.For(err, i18n.Fr), "Maison a des règles qui amènent des mentions dans ce canal\u202f: Livraison, Presse. "+
			"Un canal n’a qu’une marque\u202f: choisissez un autre canal, ou modifiez d’abord ces règles avec /regles modifier."; got != want {
			w.Errorf("%s, want\n%s", got, want)
		}
		w.ok(w.s.SetChannel(w.Context(), w.awa, w.brand.ID, at, social.Mentions)) // their own brand
		w.ok(w.s.DropChannel(w.Context(), w.awa, w.brand.ID, at, social.Mentions))
		for _, name := range []string{"Livraison", "Presse"} {
			w.wants(w.s.SetChannel(w.Context(), w.awa, other.ID, at, social.Mentions), fault.Conflict)
			w.ok(w.db.InTx(w.Context(), func(tx *storage.Tx) error { return tx.DropRule(w.Context(), w.team.ID, w.brand.ID, "rul_"+name) }))
		}
		w.ok(w.s.SetChannel(w.Context(), w.awa, other.ID, at, social.Mentions))
	})
}

func TestABrandIsChangedByOneAtATimeAndKeepsItsPause(t *testing.T) {
	each(t, func(w world) {
		w.ok(w.db.InTx(w.Context(), func(tx *storage.Tx) error {
			return tx.SetPaused(w.Context(), w.team.ID, w.brand.ID, true)
		}))
		stale := w.brand
		stale.Alone = true
		_, err := w.s.SetBrand(w.Context(), w.awa, stale)
		w.wants(err, fault.Conflict)
		b, err := w.s.Brand(w.Context(), w.awa, w.brand.ID)
		w.ok(err)
		b.Alone, b.NoMove, b.Late = true, true, social.LatenessPolicy{Within: time.Hour, Drop: true}
		saved, err := w.s.SetBrand(w.Context(), w.awa, b)
		w.ok(err)
		again, err := w.s.Brand(w.Context(), w.awa, w.brand.ID)
		w.ok(err)
		if again != saved || !again.Paused || !again.Alone || again.Late.Within != time.Hour {
			w.Errorf("saved %+v, read %+v", saved, again)
		}
		b = again
		b.Late.Within = 30 * 24 * time.Hour
		_, err = w.s.SetBrand(w.Context(), w.awa, b)
		w.wants(err, fault.Invalid)
	})
}

func TestLanguageIsEachPersonsChoice(t *testing.T) {
	each(t, func(w world) {
		m, err := w.s.SetLanguage(w.Context(), w.awa, i18n.En)
		w.ok(err)
		if who, _, err := w.s.Who(w.Context(), person("T1", "awa")); err != nil || who.Locale != i18n.En || m.Locale != i18n.En {
			w.Errorf("%+v, %v", who, err)
		}
		_, err = w.s.SetLanguage(w.Context(), w.awa, "br")
		w.wants(err, fault.Invalid)
	})
}

func TestPracticePeopleLiveInThePlaygroundOnly(t *testing.T) {
	each(t, func(w world) {
		w.s.Practice = team.Practice{
			Workspaces: []social.Workspace{{Surface: "play", Workspace: "W", Name: "One"}, {Surface: "play2", Workspace: "W", Name: "Two"}},
			People: []team.PracticePerson{
				{User: "awa", Name: "Awa", Roles: []social.Role{social.Admin}},
				{User: "nora", Name: "Nora", Roles: []social.Role{social.Writer}, Locale: i18n.En},
				{User: "leo", Name: "Léo", Roles: []social.Role{social.Approver}},
			},
		}
		_, err := w.s.Practise(w.Context(), w.awa, w.brand.ID)
		w.wants(err, fault.Denied)
		p := team.Person{Surface: "play", Workspace: "W", User: "awa", Name: "Awa", Manager: true}
		start, err := w.s.Setup(w.Context(), team.SetupRequest{Person: p, Brand: "Café", Locale: i18n.Fr, Zone: "Europe/Paris"})
		w.ok(err)
		for _, surface := range []string{"play", "play2"} {
			for user, role := range map[string]social.Role{"awa": social.Admin, "nora": social.Writer, "leo": social.Approver} {
				m, at, err := w.s.Who(w.Context(), team.Person{Surface: surface, Workspace: "W", User: user})
				if err != nil || at.ID != start.Team.ID || !m.Has(start.Brand.ID, role) {
					w.Errorf("%s on %s: %+v, %v", user, surface, m, err)
				}
			}
		}
		again, err := w.s.Practise(w.Context(), start.Member, start.Brand.ID)
		w.ok(err)
		all, err := w.s.Members(w.Context(), start.Member)
		w.ok(err)
		if len(again) != 3 || len(all) != 3 {
			w.Errorf("%d again, %d members", len(again), len(all))
		}
	})
}
