package storage_test

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"griot/storage"
	"griot/storage/storagetest"
)

// previous is the schema of the release before this one.
const previous = 3

// TestPreviousReleaseIsBroughtUpToDate: on both engines nothing is lost, and what is new has a sound beginning.
func TestPreviousReleaseIsBroughtUpToDate(t *testing.T) {
	t.Parallel()
	clock := func() time.Time { return noon }
	folder := t.TempDir()
	for name, open := range map[string]func(*testing.T) storage.Options{
		"sqlite":   func(*testing.T) storage.Options { return storage.Options{Folder: folder, Clock: clock} },
		"postgres": func(t *testing.T) storage.Options { return storage.Options{URL: storagetest.Database(t), Clock: clock} },
	} {
		t.Run(name, func(t *testing.T) {
			db, err := storage.Open(t.Context(), open(t))
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() {
				if err := db.Close(); err != nil {
					t.Error(err)
				}
			})
			if err := db.MigrateTo(t.Context(), previous); err != nil {
				t.Fatal(err)
			}
			old(t, db)
			if err := db.Migrate(t.Context()); err != nil {
				t.Fatal(err)
			}
			upToDate(t, db)
			if db.Engine() == storage.SQLite {
				if copies, err := filepath.Glob(filepath.Join(folder, "griot.db.before-*")); err != nil || len(copies) != 1 {
					t.Errorf("copies made before: %v, %v", copies, err)
				}
			}
		})
	}
}

// old is what the previous release wrote.
func old(t *testing.T, db *storage.DB) {
	t.Helper()
	const at = "'2026-11-03T12:00:00.000000Z'"
	for _, row := range []string{
		`INSERT INTO teams (id, name, created_at) VALUES ('tea', 'Lune', ` + at + `)`,
		`INSERT INTO members (id, team_id, name, locale, zone, rev) VALUES ('mbr', 'tea', 'Zoé', 'fr', 'Europe/Paris', 1)`,
		`INSERT INTO placements (id, team_id, subject, surface, workspace, channel, message, sending, ours, moved, wanted, shown, drawn,
    placed, asked_at, owner)
VALUES ('plc', 'tea', 'pst', 'chat', 'w', 'c', 'm1', FALSE, TRUE, FALSE, 3, 3, 'd', 1, ` + at + `, '')`,
		`INSERT INTO notices (id, team_id, subject, member_id, kind, change, data, urgent, at)
VALUES ('ntc', 'tea', 'pst', 'mbr', 'to_approve', '1', '{}', FALSE, ` + at + `)`,
	} {
		if _, err := db.Pool().ExecContext(t.Context(), row); err != nil {
			t.Fatal(err)
		}
	}
}

func upToDate(t *testing.T, db *storage.DB) {
	t.Helper()
	ctx := t.Context()
	have, err := storage.Schema(ctx, db)
	if want, known := storage.Known(); err != nil || known != nil || have != want {
		t.Errorf("schema %d, want %d: %v, %v", have, want, err, known)
	}
	p, err := storage.PlacementByID(ctx, db, "tea", "plc")
	want := storage.Placement{ID: "plc", TeamID: "tea", Subject: "pst", Spot: storage.Spot{Surface: "chat", Workspace: "w", Channel: "c"},
		Message: "m1", Ours: true, Wanted: 3, Shown: 3, Drawn: "d", Placed: 1}
	if diff := cmp.Diff(want, p); diff != "" || err != nil {
		t.Errorf("placement, %v (-want +got):\n%s", err, diff)
	}
	n, err := storage.UnsaidNotice(ctx, db, "tea", "ntc")
	if err != nil || n.Tried || n.MemberID != "mbr" {
		t.Errorf("notice %+v, %v", n, err)
	}
}
