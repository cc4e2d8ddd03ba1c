package storage_test

import (
	"context"
	"database/sql"
	"strings"
	"testing"
	"time"

	"griot/fault"
	"griot/social"
	"griot/storage"
	"griot/storage/storagetest"
)

// quiet takes jobs and forgets them.
type quiet struct{}

func (quiet) InsertTx(context.Context, *sql.Tx, storage.Job, time.Time) error { return nil }

// settle fills a team, "a" or "b", with one of everything that people, accounts and pictures need. Ids end in its name.
func settle(ctx context.Context, tx *storage.Tx, team string) error {
	account := social.Account{ID: "acc_" + team, TeamID: team, BrandID: "brd_" + team, Network: "n", RemoteID: "1", State: social.Connected, Rev: 1}
	for _, do := range []func() error{
		func() error { return tx.AddTeam(ctx, social.Team{ID: team, Name: team}) },
		func() error {
			_, err := tx.AddWorkspace(ctx, social.Workspace{TeamID: team, Surface: "chat", Workspace: "w_" + team, Name: team})
			return err
		},
		func() error {
			return tx.AddBrand(ctx, social.Brand{ID: "brd_" + team, TeamID: team, Name: "Brand", Rev: 1})
		},
		func() error {
			return tx.AddMember(ctx, social.Member{ID: "mbr_" + team, TeamID: team, Name: team, Rev: 1})
		},
		func() error { return tx.SetRoles(ctx, team, "mbr_"+team, "brd_"+team, []social.Role{social.Admin}) },
		func() error {
			_, err := tx.AddIdentity(ctx, social.Identity{TeamID: team, MemberID: "mbr_" + team, Surface: "chat", Workspace: "w_" + team, User: "u"})
			return err
		},
		func() error {
			return tx.PutChannel(ctx, social.Channel{TeamID: team, BrandID: "brd_" + team, Surface: "chat", Workspace: "w_" + team, Channel: "c", Purpose: social.Approvals})
		},
		func() error {
			_, err := tx.PutRequest(ctx, social.Request{ID: "req_" + team, TeamID: team, Surface: "chat", Workspace: "w_" + team, User: "z", AskedAt: tx.Now()})
			return err
		},
		func() error { _, err := tx.AddAccount(ctx, account); return err },
		func() error {
			return tx.PutCredential(ctx, team, account.ID, storage.Credential{Secrets: "s", Facts: "f"})
		},
		func() error { return tx.AddMedia(ctx, team, social.Media{Hash: "hash_" + team, Name: "p"}) },
	} {
		if err := do(); err != nil {
			return err
		}
	}
	return nil
}

// two runs f on each engine with the teams a and b.
func two(t *testing.T, f func(*testing.T, *storage.DB)) {
	t.Helper()
	now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	storagetest.Each(t, func() time.Time { return now }, func(t *testing.T, db *storage.DB) {
		db.Use(quiet{})
		for _, team := range []string{"a", "b"} {
			if err := db.InTx(t.Context(), func(tx *storage.Tx) error { return settle(t.Context(), tx, team) }); err != nil {
				t.Fatal(err)
			}
		}
		f(t, db)
	})
}

// reads asks for one thing by id, as team.
var reads = map[string]func(ctx context.Context, r storage.Reader, team, of string) error{
	"Brand": func(ctx context.Context, r storage.Reader, team, of string) error {
		_, err := storage.Brand(ctx, r, team, "brd_"+of)
		return err
	},
	"BrandAt": func(ctx context.Context, r storage.Reader, team, of string) error {
		_, err := storage.BrandAt(ctx, r, team, "chat", "w_"+of, "c")
		return err
	},
	"Member": func(ctx context.Context, r storage.Reader, team, of string) error {
		_, err := storage.Member(ctx, r, team, "mbr_"+of)
		return err
	},
	"Request": func(ctx context.Context, r storage.Reader, team, of string) error {
		_, err := storage.Request(ctx, r, team, "req_"+of)
		return err
	},
	"RequestOf": func(ctx context.Context, r storage.Reader, team, of string) error {
		_, err := storage.RequestOf(ctx, r, team, "chat", "w_"+of, "z")
		return err
	},
	"Account": func(ctx context.Context, r storage.Reader, team, of string) error {
		_, err := storage.Account(ctx, r, team, "acc_"+of)
		return err
	},
	"AccountOf": func(ctx context.Context, r storage.Reader, team, of string) error {
		_, err := storage.AccountOf(ctx, r, team, "brd_"+of, "n", "1")
		return err
	},
	"CredentialOf": func(ctx context.Context, r storage.Reader, team, of string) error {
		_, err := storage.CredentialOf(ctx, r, team, "acc_"+of)
		return err
	},
	"Media": func(ctx context.Context, r storage.Reader, team, of string) error {
		_, err := storage.Media(ctx, r, team, "hash_"+of)
		return err
	},
}

func TestATeamReadsItsOwnAndNothingElse(t *testing.T) {
	two(t, func(t *testing.T, db *storage.DB) {
		for name, read := range reads {
			if err := read(t.Context(), db, "a", "a"); err != nil {
				t.Errorf("%s of its own: %v", name, err)
			}
			if err := read(t.Context(), db, "a", "b"); !fault.Is(err, fault.NotFound) {
				t.Errorf("%s of the other: %v, want NotFound", name, err)
			}
		}
	})
}

// lists counts what team finds of the team of.
var lists = map[string]func(ctx context.Context, r storage.Reader, team, of string) (int, error){
	"Channels": func(ctx context.Context, r storage.Reader, team, of string) (int, error) {
		x, err := storage.Channels(ctx, r, team, "brd_"+of)
		return len(x), err
	},
	"ChannelsFor": func(ctx context.Context, r storage.Reader, team, of string) (int, error) {
		x, err := storage.ChannelsFor(ctx, r, team, "brd_"+of, social.Approvals)
		return len(x), err
	},
	"MembersWith": func(ctx context.Context, r storage.Reader, team, of string) (int, error) {
		x, err := storage.MembersWith(ctx, r, team, "brd_"+of, social.Admin)
		return len(x), err
	},
	"Names": func(ctx context.Context, r storage.Reader, team, of string) (int, error) {
		x, err := storage.Names(ctx, r, team, []string{"mbr_" + of})
		return len(x), err
	},
	"Identities": func(ctx context.Context, r storage.Reader, team, of string) (int, error) {
		x, err := storage.Identities(ctx, r, team, "mbr_"+of)
		return len(x), err
	},
	"Accounts": func(ctx context.Context, r storage.Reader, team, of string) (int, error) {
		x, err := storage.Accounts(ctx, r, team, "brd_"+of)
		return len(x), err
	},
	"AccountsIn": func(ctx context.Context, r storage.Reader, team, of string) (int, error) {
		x, err := storage.AccountsIn(ctx, r, team, []string{"acc_" + of})
		return len(x), err
	},
}

func TestATeamListsItsOwnAndNothingElse(t *testing.T) {
	two(t, func(t *testing.T, db *storage.DB) {
		for name, count := range lists {
			for of, want := range map[string]int{"a": 1, "b": 0} {
				if n, err := count(t.Context(), db, "a", of); err != nil || n != want {
					t.Errorf("%s of %s: %d, %v; want %d", name, of, n, err, want)
				}
			}
		}
		whole := map[string]int{}
		add := func(name string, n int, err error) {
			if err != nil {
				t.Error(err)
			}
			whole[name] = n
		}
		ctx := t.Context()
		w, err := storage.Workspaces(ctx, db, "a")
		add("Workspaces", len(w), err)
		b, err := storage.Brands(ctx, db, "a")
		add("Brands", len(b), err)
		m, err := storage.Members(ctx, db, "a")
		add("Members", len(m), err)
		d, err := storage.Admins(ctx, db, "a")
		add("Admins", len(d), err)
		q, err := storage.Requests(ctx, db, "a")
		add("Requests", len(q), err)
		for name, n := range whole {
			if n != 1 {
				t.Errorf("%s lists %d, want 1", name, n)
			}
		}
	})
}

func TestATeamWritesItsOwnAndNothingElse(t *testing.T) {
	two(t, func(t *testing.T, db *storage.DB) {
		ctx := t.Context()
		refused := map[string]func(tx *storage.Tx) error{
			"SaveBrand": func(tx *storage.Tx) error {
				return tx.SaveBrand(ctx, social.Brand{ID: "brd_b", TeamID: "a", Name: "X", Rev: 2}, 1)
			},
			"SetPaused": func(tx *storage.Tx) error { return tx.SetPaused(ctx, "a", "brd_b", true) },
			"HoldBrand": func(tx *storage.Tx) error { return tx.HoldBrand(ctx, "a", "brd_b") },
			"SaveMember": func(tx *storage.Tx) error {
				return tx.SaveMember(ctx, social.Member{ID: "mbr_b", TeamID: "a", Rev: 2}, 1)
			},
			"Settle": func(tx *storage.Tx) error { return tx.SettleRequest(ctx, "a", "req_b", "mbr_a") },
			"SaveAccount": func(tx *storage.Tx) error {
				return tx.SaveAccount(ctx, social.Account{ID: "acc_b", TeamID: "a", State: social.Removed, Rev: 2}, 1)
			},
			"HoldWorkspace": func(tx *storage.Tx) error { return tx.HoldWorkspace(ctx, "a", "chat", "w_b") },
			"GiveWorkspace": func(tx *storage.Tx) error {
				return tx.GiveWorkspace(ctx, social.Workspace{TeamID: "a", Surface: "chat", Workspace: "w_b"}, "a")
			},
		}
		for name, write := range refused {
			err := db.InTx(ctx, write)
			if !fault.Is(err, fault.NotFound) && !fault.Is(err, fault.Conflict) {
				t.Errorf("%s of the other: %v", name, err)
			}
		}
		err := db.InTx(ctx, func(tx *storage.Tx) error {
			if err := tx.DropCredential(ctx, "a", "acc_b"); err != nil {
				return err
			}
			if err := tx.PutCredential(ctx, "a", "acc_b", storage.Credential{Secrets: "stolen"}); err != nil {
				return err
			}
			if dropped, err := tx.DropIdentity(ctx, "a", "mbr_b", "chat", "w_b"); err != nil || dropped {
				t.Errorf("DropIdentity of the other: %v, %v", dropped, err)
			}
			if dropped, err := tx.DropMember(ctx, "a", "mbr_b"); err != nil || dropped {
				t.Errorf("DropMember of the other: %v, %v", dropped, err)
			}
			if dropped, err := tx.DropMember(ctx, "a", "mbr_a"); err != nil || dropped {
				t.Errorf("DropMember of somebody with roles: %v, %v", dropped, err)
			}
			if swapped, err := tx.SwapFacts(ctx, "a", "acc_b", "x", 1); err != nil || swapped {
				t.Errorf("SwapFacts of the other: %v, %v", swapped, err)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if c, err := storage.CredentialOf(ctx, db, "b", "acc_b"); err != nil || c.Secrets != "s" || c.FactsRev != 1 {
			t.Errorf("the other's credential is %+v, %v", c, err)
		}
	})
}

func TestTwoBrandsOfOneNameAreRefusedInWords(t *testing.T) {
	two(t, func(t *testing.T, db *storage.DB) {
		err := db.InTx(t.Context(), func(tx *storage.Tx) error {
			return tx.AddBrand(t.Context(), social.Brand{ID: "brd_c", TeamID: "a", Name: "BRAND", Rev: 1})
		})
		if !fault.Is(err, fault.Invalid) {
			t.Errorf("error %v", err)
		}
	})
}

func TestPeopleAreFoundByIndex(t *testing.T) {
	two(t, func(t *testing.T, db *storage.DB) {
		if db.Engine() != storage.SQLite {
			return // a planner that looks at the number of rows scans a table of two
		}
		for name, q := range map[string]string{
			"identity":  `SELECT member_id FROM identities WHERE surface = 'a' AND workspace = 'b' AND user_id = 'c'`,
			"roles":     `SELECT role FROM roles WHERE team_id = 'a' AND member_id = 'b'`,
			"channel":   `SELECT brand_id FROM channels WHERE team_id = 't' AND surface = 'a' AND workspace = 'b' AND channel = 'c'`,
			"channels":  `SELECT channel FROM channels WHERE team_id = 't' AND brand_id = 'a' AND purpose = 'b'`,
			"accounts":  `SELECT id FROM accounts WHERE team_id = 't' AND brand_id = 'b' AND state <> 'removed'`,
			"guesses":   `SELECT at FROM guesses WHERE surface = 'a' AND workspace = 'b' AND user_id = 'c' AND at > '2026'`,
			"orphans":   `SELECT hash FROM media WHERE added_at < '2026'`,
			"used":      `SELECT 1 FROM revision_media WHERE hash = 'a' AND team_id = 'b'`,
			"workspace": `SELECT team_id FROM workspaces WHERE surface = 'a' AND workspace = 'b'`,
		} {
			rows, err := db.Pool().QueryContext(t.Context(), `EXPLAIN QUERY PLAN `+q)
			if err != nil {
				t.Fatal(err)
			}
			for rows.Next() {
				var id, parent, unused int
				var what string
				if err := rows.Scan(&id, &parent, &unused, &what); err != nil {
					t.Fatal(err)
				}
				if strings.HasPrefix(what, "SCAN") {
					t.Errorf("%s: %s", name, what)
				}
			}
			if err := rows.Close(); err != nil {
				t.Error(err)
			}
		}
	})
}
