package storage_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"griot/fault"
	"griot/i18n"
	"griot/social"
	"griot/storage"
	"griot/storage/storagetest"
)

// names lists the tables of the schema, without goose's, River's and the engine's own.
func names(t *testing.T, db *storage.DB) []string {
	t.Helper()
	q := `SELECT name FROM sqlite_master WHERE type = 'table'`
	if db.Engine() == storage.Postgres {
		q = `SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'`
	}
	rows, err := db.Pool().QueryContext(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var out []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(name, "goose_") && !strings.HasPrefix(name, "river_") && !strings.HasPrefix(name, "sqlite_") {
			out = append(out, name)
		}
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	slices.Sort(out)
	return out
}

// TestEveryTableIsInTheBackup: whoever adds a table adds it to the backup, or nothing of it comes back.
func TestEveryTableIsInTheBackup(t *testing.T) {
	storagetest.Each(t, time.Now, func(t *testing.T, db *storage.DB) {
		listed := slices.Sorted(slices.Values(storage.BackedUp()))
		if diff := cmp.Diff(names(t, db), listed); diff != "" {
			t.Errorf("tables (-schema +backup):\n%s", diff)
		}
	})
}

// full is a team with a row in most tables, with a value of each kind that columns have.
func full(t *testing.T, db *storage.DB, now time.Time) {
	t.Helper()
	brand := social.Brand{ID: "brd_1", TeamID: "tea_1", Name: "Lune", Locale: i18n.Fr, Zone: "Europe/Paris", Alone: true, Rev: 7}
	member := social.Member{ID: "mbr_1", TeamID: "tea_1", Name: "Zoé «\u202fl’autre\u202f»", Locale: i18n.Fr, Rev: 1}
	account := social.Account{ID: "acc_1", TeamID: "tea_1", BrandID: "brd_1", Network: "pretend", RemoteID: "9", Handle: "@lune",
		State: social.Connected, Limits: social.Limits{Length: 280}, CheckedAt: now, Rev: 1}
	post := social.Post{ID: "pst_1", TeamID: "tea_1", BrandID: "brd_1", Author: "mbr_1", Editor: "mbr_1", State: social.Scheduled, Rev: 3,
		Words: 1, When: social.OnDate, Moment: social.Moment{At: now, Local: "2026-02-09T14:00", Zone: "Europe/Paris"}, CreatedAt: now}
	words := social.Revision{PostID: "pst_1", Number: 1, By: "mbr_1", At: now, Text: "Deux lignes\net un emoji 👩‍🚀", Accounts: []string{"acc_1"}}
	past := social.Delivery{ID: "dlv_past", TeamID: "tea_1", BrandID: "brd_1", PostID: "pst_1", AccountID: "acc_1", Network: "pretend",
		State: social.Waiting, DueAt: now, WakeAt: now, Parts: []social.DeliveryPart{{Key: "one", At: now}}}
	next := past
	next.ID, next.Occurrence, next.DueAt, next.WakeAt = "dlv_next", 1, now.Add(72*time.Hour), now.Add(72*time.Hour)
	err := db.InTx(t.Context(), func(tx *storage.Tx) error {
		for _, do := range []func() error{
			func() error { return tx.AddTeam(t.Context(), social.Team{ID: "tea_1", Name: "Lune"}) },
			func() error { return tx.AddBrand(t.Context(), brand) },
			func() error { return tx.AddMember(t.Context(), member) },
			func() error { return tx.AddRoles(t.Context(), "tea_1", "mbr_1", "brd_1", []social.Role{social.Admin}) },
			func() error { _, err := tx.AddAccount(t.Context(), account); return err },
			func() error {
				return tx.PutCredential(t.Context(), "tea_1", "acc_1", storage.Credential{Secrets: "s3aled", Facts: "f4cts"})
			},
			func() error {
				return tx.AddMedia(t.Context(), "tea_1", social.Media{Hash: "abc", Name: "porte.png", Type: "image/png", Size: 5_000_000_000, Width: 3, Height: 4})
			},
			func() error { return tx.AddPost(t.Context(), post) },
			func() error { return tx.AddRevision(t.Context(), "tea_1", words) },
			func() error { return tx.AddDelivery(t.Context(), past) },
			func() error { return tx.AddDelivery(t.Context(), next) },
			func() error {
				return tx.AddEntry(t.Context(), social.Entry{TeamID: "tea_1", Subject: "pst_1", By: "mbr_1", What: social.DidDraft})
			},
		} {
			if err := do(); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestBackupOfOneEngineRestoresIntoTheOther: row by row the same, but for what fell due, which is a person's to decide.
func TestBackupOfOneEngineRestoresIntoTheOther(t *testing.T) {
	now := time.Date(2026, 2, 9, 13, 0, 0, 123456000, time.UTC)
	clock := func() time.Time { return now }
	open := map[string]func(*testing.T) *storage.DB{
		"sqlite": func(t *testing.T) *storage.DB {
			return storagetest.Open(t, storage.Options{Folder: t.TempDir(), Clock: clock})
		},
		"postgres": func(t *testing.T) *storage.DB {
			return storagetest.Open(t, storage.Options{URL: storagetest.Database(t), Clock: clock})
		},
	}
	for _, way := range [][2]string{{"sqlite", "sqlite"}, {"sqlite", "postgres"}, {"postgres", "sqlite"}, {"postgres", "postgres"}} {
		t.Run(way[0]+" to "+way[1], func(t *testing.T) {
			from, to := open[way[0]](t), open[way[1]](t)
			full(t, from, now)
			var first bytes.Buffer
			if at, err := from.Dump(t.Context(), &first); err != nil || !at.Equal(now) {
				t.Fatal(at, err)
			}
			if at, err := to.Load(t.Context(), bytes.NewReader(first.Bytes())); err != nil || !at.Equal(now) {
				t.Fatal(at, err)
			}
			if _, err := to.Load(t.Context(), bytes.NewReader(first.Bytes())); !fault.Is(err, fault.Conflict) {
				t.Errorf("restored over a team: %v", err)
			}
			var second bytes.Buffer
			if _, err := to.Dump(t.Context(), &second); err != nil {
				t.Fatal(err)
			}
			want, got := rows(t, first), rows(t, second)
			for _, d := range want["deliveries"] {
				if d["id"] == "dlv_past" {
					d["state"], d["reason"], d["wake_at"], d["news"] = "unsure", "restore", nil, true
					d["fence"], d["rev"] = json.Number("1"), json.Number("1")
				}
			}
			for _, p := range want["parts"] {
				if p["delivery_id"] == "dlv_past" {
					p["armed_at"] = p["created_at"]
				}
			}
			if diff := cmp.Diff(want, got, cmpopts.SortSlices(func(a, b map[string]any) bool { return key(a) < key(b) })); diff != "" {
				t.Errorf("rows (-dumped +restored):\n%s", diff)
			}
		})
	}
}

// key orders rows of one table.
func key(row map[string]any) string { return fmt.Sprint(row["id"], row["delivery_id"]) }

// rows are the lines of a backup by table.
func rows(t *testing.T, b bytes.Buffer) map[string][]map[string]any {
	t.Helper()
	out := map[string][]map[string]any{}
	for _, l := range strings.Split(strings.TrimSpace(b.String()), "\n")[1:] {
		var x struct {
			Table string
			Row   map[string]any
		}
		d := json.NewDecoder(strings.NewReader(l))
		d.UseNumber()
		if err := d.Decode(&x); err != nil {
			t.Fatal(err)
		}
		out[x.Table] = append(out[x.Table], x.Row)
	}
	return out
}

// TestWhatIsNoBackupChangesNothing: refused in words, and the database stays empty.
func TestWhatIsNoBackupChangesNothing(t *testing.T) {
	storagetest.Each(t, time.Now, func(t *testing.T, db *storage.DB) {
		version, err := storage.Schema(t.Context(), db)
		if err != nil {
			t.Fatal(err)
		}
		v, err := json.Marshal(version)
		if err != nil {
			t.Fatal(err)
		}
		head := `{"griot":"backup","schema":` + string(v) + `,"at":"2026-02-09T13:00:00Z"}` + "\n"
		team := `{"table":"teams","row":{"id":"tea_1","name":"Lune","created_at":"2026-02-09T13:00:00.000000Z"}}` + "\n"
		for what, text := range map[string]string{
			"nothing":            "",
			"something else":     `{"hello":1}`,
			"another schema":     strings.Replace(head, string(v), "999", 1),
			"a table of nobody":  head + team + `{"table":"pg_user","row":{"id":"x"}}`,
			"a column of nobody": head + team + `{"table":"teams","row":{"id) VALUES ('x'); DROP TABLE teams; --":"x"}}`,
			"a cut line":         head + team + `{"table":"tea`,
		} {
			if _, err := db.Load(t.Context(), strings.NewReader(text)); fault.KindOf(err) == fault.Internal {
				t.Errorf("%s: %v", what, err)
			}
			if any, err := storage.HasTeams(t.Context(), db); err != nil || any {
				t.Errorf("%s left something behind: %v", what, err)
			}
		}
	})
}
