package accounts_test

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"griot/accounts"
	"griot/connectors"
	"griot/fault"
	"griot/i18n"
	"griot/social"
	"griot/storage"
	"griot/storage/storagetest"
)

// village is a network whose answers a test chooses. It says every secret aloud, as a careless one would.
type village struct {
	mu     sync.Mutex
	refuse error // what opening answers
	length int   // the limit it gives
	asked  int   // how often it was asked anew
	seen   map[string]string
	facts  map[string]string
	save   func(context.Context, map[string]string) error
}

const token = "s3cr3t-t0ken-of-the-house"

func (v *village) Info() connectors.Info {
	return connectors.Info{ID: "village", Name: "Village", Secrets: []connectors.Secret{
		{Key: "server", Label: i18n.Text{En: "Server", Fr: "Serveur"}, Kind: connectors.Address, Default: "https://village.example"},
		{Key: "token", Label: i18n.Text{En: "Token", Fr: "Jeton"}, Kind: connectors.Hidden},
		{Key: "spare", Label: i18n.Text{En: "Spare token", Fr: "Second jeton"}, Kind: connectors.Hidden},
	}}
}

func (v *village) Open(ctx context.Context, c connectors.Credential) (connectors.Account, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.seen, v.facts, v.save = c.Secrets, c.Facts, c.Save
	c.Log(ctx, "opening with "+c.Secrets["token"])
	if v.refuse != nil {
		return connectors.Account{}, v.refuse
	}
	if len(c.Facts) == 0 {
		v.asked++
		if err := c.Save(ctx, map[string]string{"session": "session-made-of-" + c.Secrets["token"], "length": fmt.Sprint(v.length)}); err != nil {
			return connectors.Account{}, err
		}
	}
	return connectors.Account{RemoteID: "42", Handle: "@maison@village.example", URL: "https://village.example/@maison",
		Limits: social.Limits{Length: v.length}, Probe: func(context.Context) error {
			v.mu.Lock()
			defer v.mu.Unlock()
			return v.refuse
		}}, nil
}

func (v *village) answer(err error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.refuse = err
}

type nowhere struct{}

func (nowhere) InsertTx(context.Context, *sql.Tx, storage.Job, time.Time) error { return nil }

type world struct {
	*testing.T
	s       *accounts.Service
	db      *storage.DB
	net     *village
	log     *bytes.Buffer
	now     *time.Time
	brand   string
	awa     social.Member // admin
	nora    social.Member // writer
	foreign social.Member // admin of another team
}

func each(t *testing.T, f func(world)) {
	t.Helper()
	now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	storagetest.Each(t, func() time.Time { return now }, func(t *testing.T, db *storage.DB) {
		db.Use(nowhere{})
		w := world{T: t, db: db, net: &village{length: 500}, log: &bytes.Buffer{}, now: &now}
		seal, err := accounts.NewSeal(accounts.NewKey())
		w.ok(err)
		w.s = accounts.New(db, seal, map[string]connectors.Connector{"village": w.net}, slog.New(slog.NewTextHandler(w.log, nil)))
		w.brand, w.awa = w.team("tem_1", "brd_1", "awa", social.Admin)
		w.ok(db.InTx(t.Context(), func(tx *storage.Tx) error {
			if err := tx.AddMember(t.Context(), social.Member{ID: "nora", TeamID: "tem_1", Name: "nora", Rev: 1}); err != nil {
				return err
			}
			return tx.SetRoles(t.Context(), "tem_1", "nora", "brd_1", []social.Role{social.Writer})
		}))
		w.nora = social.Member{ID: "nora", TeamID: "tem_1"}
		_, w.foreign = w.team("tem_2", "brd_2", "bob", social.Admin)
		f(w)
		if strings.Contains(w.log.String(), token) {
			t.Errorf("the log has the secret: %s", w.log)
		}
	})
}

func (w world) team(id, brand, member string, roles ...social.Role) (string, social.Member) {
	w.Helper()
	ctx, m := w.Context(), social.Member{ID: member, TeamID: id, Name: member, Rev: 1}
	w.ok(w.db.InTx(ctx, func(tx *storage.Tx) error {
		return errors.Join(tx.AddTeam(ctx, social.Team{ID: id, Name: id}),
			tx.AddBrand(ctx, social.Brand{ID: brand, TeamID: id, Name: brand, Zone: "UTC", Rev: 1}),
			tx.AddMember(ctx, m), tx.SetRoles(ctx, id, member, brand, roles))
	}))
	return brand, m
}

func (w world) ok(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

// wants checks an error's kind, and that it says no secret in any form.
func (w world) wants(err error, k fault.Kind) {
	w.Helper()
	if !fault.Is(err, k) {
		w.Errorf("error %v, want a fault of kind %d", err, k)
	}
	w.quiet(err)
}

func (w world) quiet(err error) {
	w.Helper()
	for e := err; e != nil; e = errors.Unwrap(e) {
		if said := fmt.Sprintf("%v %s", e, fault.For(e, i18n.Fr)); strings.Contains(said, token) {
			w.Errorf("an error says the secret: %s", said)
		}
	}
}

func (w world) connect() social.Account {
	w.Helper()
	a, err := w.s.Connect(w.Context(), w.awa, w.brand, "village", map[string]string{"token": " " + token + "\n"})
	w.ok(err)
	return a
}

func (w world) notices() []string {
	w.Helper()
	var out []string
	rows, err := w.db.Pool().QueryContext(w.Context(), `SELECT member_id, change FROM notices ORDER BY change, member_id`)
	w.ok(err)
	defer rows.Close()
	for rows.Next() {
		var member, change string
		w.ok(rows.Scan(&member, &change))
		out = append(out, member+" "+change)
	}
	w.ok(rows.Err())
	return out
}

func TestConnectStoresWhatTheNetworkSays(t *testing.T) {
	each(t, func(w world) {
		a := w.connect()
		got, err := w.s.Account(w.Context(), w.awa, a.ID)
		w.ok(err)
		if got.Handle != "@maison@village.example" || got.State != social.Connected || got.Limits.Length != 500 || got.RemoteID != "42" {
			w.Errorf("account %+v", got)
		}
		if w.net.seen["server"] != "https://village.example" || w.net.seen["token"] != token {
			w.Errorf("the network was given %v", w.net.seen)
		}
		open, again, err := w.s.Open(w.Context(), a.TeamID, a.ID)
		w.ok(err)
		if open.RemoteID != "42" || again.ID != a.ID || w.net.asked != 1 {
			w.Errorf("opened %+v, asked %d times", open, w.net.asked)
		}
	})
}

func TestConnectIsForAdminsWithSomethingTyped(t *testing.T) {
	each(t, func(w world) {
		secrets := map[string]string{"token": token}
		_, err := w.s.Connect(w.Context(), w.nora, w.brand, "village", secrets)
		w.wants(err, fault.Denied)
		_, err = w.s.Connect(w.Context(), w.awa, w.brand, "myspace", secrets)
		w.wants(err, fault.Invalid)
		_, err = w.s.Connect(w.Context(), w.awa, w.brand, "village", map[string]string{"token": strings.Repeat("x", 5000)})
		w.wants(err, fault.Invalid)
		_, err = w.s.Connect(w.Context(), w.foreign, w.brand, "village", secrets)
		w.wants(err, fault.NotFound)
	})
}

func TestEachAnswerBecomesASentenceWithoutTheSecret(t *testing.T) {
	each(t, func(w world) {
		cause := errors.New("GET https://village.example/?t=" + token)
		for _, c := range []struct {
			answer error
			kind   fault.Kind
			want   string
		}{
			{&connectors.Error{Kind: connectors.SignIn, Network: "village", Words: "bad token " + token, Err: cause}, fault.Invalid, "refused this sign-in (“bad token •••”)"},
			{&connectors.Error{Kind: connectors.Refused, Network: "village", Words: "no", Err: cause}, fault.Invalid, "did not accept this (“no”)"},
			{&connectors.Error{Kind: connectors.Refused, Network: "village", Err: cause}, fault.Invalid, "Griot cannot call this address"},
			{&connectors.Error{Kind: connectors.Limited, Network: "village", After: 5 * time.Minute}, fault.Busy, "Please wait 5 minutes"},
			{&connectors.Error{Kind: connectors.Temporary, Network: "village", Err: cause}, fault.Busy, "does not answer as it should"},
			{fmt.Errorf("dial with %s: %w", token, context.DeadlineExceeded), fault.Busy, "does not answer as it should"},
		} {
			w.net.answer(c.answer)
			_, err := w.s.Connect(w.Context(), w.awa, w.brand, "village", map[string]string{"token": token})
			w.wants(err, c.kind)
			if said := fault.For(err, i18n.En); !strings.Contains(said, c.want) {
				w.Errorf("said %q, want %q in it", said, c.want)
			}
		}
		if all, err := w.s.List(w.Context(), w.awa, w.brand); err != nil || len(all) != 0 {
			w.Errorf("stored %v, %v", all, err)
		}
	})
}

func TestNoSecretStandsInTheDatabase(t *testing.T) {
	each(t, func(w world) {
		a := w.connect()
		c, err := storage.CredentialOf(w.Context(), w.db, a.TeamID, a.ID)
		w.ok(err)
		if strings.Contains(c.Secrets+c.Facts, token) || c.Secrets == "" {
			w.Errorf("credential %+v", c)
		}
		if w.db.Engine() != storage.SQLite {
			return
		}
		copied := filepath.Join(w.TempDir(), "copy.db")
		w.ok(w.db.Backup(w.Context(), copied))
		b, err := os.ReadFile(copied)
		w.ok(err)
		if !bytes.Contains(b, []byte("@maison@village.example")) || bytes.Contains(b, []byte(token)) {
			w.Error("the file has the secret, or not the account")
		}
	})
}

func TestASealedSecretOpensForItsAccountOnly(t *testing.T) {
	each(t, func(w world) {
		a := w.connect()
		b, err := w.s.Connect(w.Context(), w.foreign, "brd_2", "village", map[string]string{"token": token})
		w.ok(err)
		c, err := storage.CredentialOf(w.Context(), w.db, b.TeamID, b.ID)
		w.ok(err)
		w.ok(w.db.InTx(w.Context(), func(tx *storage.Tx) error { return tx.PutCredential(w.Context(), a.TeamID, a.ID, c) }))
		if _, _, err := w.s.Open(w.Context(), a.TeamID, a.ID); err == nil {
			w.Error("another account's secrets were opened")
		}
	})
}

func TestConnectingAgainRenewsAndKeepsWhatWasNotTyped(t *testing.T) {
	each(t, func(w world) {
		resumed := 0
		w.s.Resume = func(context.Context, *storage.Tx, social.Account, string) error { resumed++; return nil }
		a, err := w.s.Connect(w.Context(), w.awa, w.brand, "village", map[string]string{"token": token, "spare": "second-secret"})
		w.ok(err)
		w.ok(w.s.MarkSignIn(w.Context(), a.TeamID, a.ID))
		b := w.connect()
		if b.ID != a.ID || b.State != social.Connected || resumed != 1 {
			w.Errorf("renewed %+v, resumed %d times", b, resumed)
		}
		if _, _, err := w.s.Open(w.Context(), a.TeamID, a.ID); err != nil || w.net.seen["spare"] != "second-secret" {
			w.Errorf("opened with %v, %v", w.net.seen, err)
		}
	})
}

func TestRemoveForgetsSecretsAndStopsWhatWaits(t *testing.T) {
	each(t, func(w world) {
		a := w.connect()
		stopped := ""
		w.s.Stop = func(_ context.Context, _ *storage.Tx, a social.Account, by string) error {
			stopped = a.ID + by
			return nil
		}
		_, err := w.s.Remove(w.Context(), w.nora, a.ID)
		w.wants(err, fault.Denied)
		_, err = w.s.Remove(w.Context(), w.foreign, a.ID)
		w.wants(err, fault.NotFound)
		_, err = w.s.Remove(w.Context(), w.awa, a.ID)
		w.ok(err)
		if stopped != a.ID+"awa" {
			w.Errorf("stopped %q", stopped)
		}
		_, err = w.s.Remove(w.Context(), w.awa, a.ID)
		w.wants(err, fault.Conflict)
		_, _, err = w.s.Open(w.Context(), a.TeamID, a.ID)
		w.wants(err, fault.NotFound)
		_, err = storage.CredentialOf(w.Context(), w.db, a.TeamID, a.ID)
		w.wants(err, fault.NotFound)
		if back := w.connect(); back.ID != a.ID || back.State != social.Connected {
			w.Errorf("back as %+v", back)
		}
	})
}

func TestRemoveHoldsOnlyIfWhatWaitsIsStopped(t *testing.T) {
	each(t, func(w world) {
		a := w.connect()
		broken := errors.New("no")
		w.s.Stop = func(context.Context, *storage.Tx, social.Account, string) error { return broken }
		if _, err := w.s.Remove(w.Context(), w.awa, a.ID); !errors.Is(err, broken) {
			w.Errorf("error %v", err)
		}
		if got, err := w.s.Account(w.Context(), w.awa, a.ID); err != nil || got.State != social.Connected {
			w.Errorf("account %+v, %v", got, err)
		}
	})
}

func TestSignInIsAskedOncePerIncident(t *testing.T) {
	each(t, func(w world) {
		a := w.connect()
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() {
				if err := w.s.MarkSignIn(w.Context(), a.TeamID, a.ID); err != nil {
					w.Error(err)
				}
			})
		}
		wg.Wait()
		if got := w.notices(); len(got) != 1 || got[0] != "awa 2" {
			w.Errorf("notices %v", got)
		}
		w.connect()
		w.ok(w.s.MarkSignIn(w.Context(), a.TeamID, a.ID))
		if got := w.notices(); len(got) != 2 {
			w.Errorf("notices after a second incident %v", got)
		}
		w.wants(w.s.MarkSignIn(w.Context(), w.foreign.TeamID, a.ID), fault.NotFound)
	})
}

func TestProbeReadsLimitsAnewAndSeesBothWays(t *testing.T) {
	each(t, func(w world) {
		a := w.connect()
		w.net.length = 5000
		got, err := w.s.Probe(w.Context(), a.TeamID, a.ID)
		w.ok(err)
		if got.Limits.Length != 5000 {
			w.Errorf("limits %+v", got.Limits)
		}
		w.net.answer(&connectors.Error{Kind: connectors.SignIn, Network: "village", Words: token})
		_, err = w.s.Probe(w.Context(), a.TeamID, a.ID)
		w.wants(err, fault.Invalid)
		if got, err = w.s.Account(w.Context(), w.awa, a.ID); err != nil || got.State != social.NeedsSignIn {
			w.Errorf("account %+v, %v", got, err)
		}
		w.net.answer(nil)
		w.ok(w.s.ProbeAll(w.Context()))
		if got, err = w.s.Account(w.Context(), w.awa, a.ID); err != nil || got.State != social.Connected {
			w.Errorf("account %+v, %v", got, err)
		}
		w.net.answer(&connectors.Error{Kind: connectors.Temporary, Network: "village"})
		w.ok(w.s.ProbeAll(w.Context()))
		if got, err = w.s.Account(w.Context(), w.awa, a.ID); err != nil || got.State != social.Connected {
			w.Errorf("an outage changed the account to %+v, %v", got, err)
		}
		_, err = w.s.Probe(w.Context(), w.foreign.TeamID, a.ID)
		w.wants(err, fault.NotFound)
	})
}

func TestFactsAreSavedByOneProcessAtATime(t *testing.T) {
	each(t, func(w world) {
		a := w.connect()
		_, _, err := w.s.Open(w.Context(), a.TeamID, a.ID)
		w.ok(err)
		first := w.net.save
		_, _, err = w.s.Open(w.Context(), a.TeamID, a.ID)
		w.ok(err)
		second := w.net.save
		w.ok(second(w.Context(), map[string]string{"session": "two"}))
		w.ok(second(w.Context(), map[string]string{"session": "three"}))
		if err := first(w.Context(), map[string]string{"session": "one"}); !errors.Is(err, connectors.ErrRaced) {
			w.Errorf("error %v, want ErrRaced", err)
		}
		_, _, err = w.s.Open(w.Context(), a.TeamID, a.ID)
		w.ok(err)
		if w.net.facts["session"] != "three" {
			w.Errorf("facts %v", w.net.facts)
		}
	})
}
