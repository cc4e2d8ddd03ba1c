package storage

import (
	"context"
	"fmt"
	"io/fs"
	"net/url"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"

	"griot/fault"
	"griot/i18n"
	"griot/migrations"
)

var errNewer = i18n.Text{
	En: "This database was written by a newer Griot (its version is %d, this one knows %d). Start the newer one, or restore a backup made before.",
	Fr: "Cette base vient d’un Griot plus récent (sa version est %d, celui-ci connaît %d). Lancez le plus récent, ou restaurez une sauvegarde d’avant.",
}

// Migrate brings the schema to this binary's version: SQLite after a copy beside the file, PostgreSQL under a lock.
// Errors: a fault Conflict when the schema is newer than this binary.
func (db *DB) Migrate(ctx context.Context) error {
	p, err := db.provider()
	if err != nil {
		return fmt.Errorf("read migrations: %w", err)
	}
	have, err := p.GetDBVersion(ctx)
	if err != nil {
		return fmt.Errorf("read the schema's version: %w", err)
	}
	sources := p.ListSources()
	want := sources[len(sources)-1].Version
	switch {
	case have > want:
		return fault.New(fault.Conflict, errNewer, have, want)
	case have == want:
		return nil
	case have > 0 && db.engine == SQLite:
		if err := db.Backup(ctx, fmt.Sprintf("%s.before-%d", db.path, want)); err != nil {
			return fmt.Errorf("copy before migrating: %w", err)
		}
	}
	if _, err := p.Up(ctx); err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	return nil
}

// Schema is the version of the database's schema. It only reads.
func Schema(ctx context.Context, r Reader) (int64, error) {
	var v int64
	err := get(ctx, r, &v, `SELECT COALESCE(MAX(version_id), 0) FROM goose_db_version WHERE is_applied`)
	if err != nil {
		return 0, fmt.Errorf("read the schema's version: %w", err)
	}
	return v, nil
}

// Known is the version of the schema that this binary speaks.
func Known() (int64, error) {
	files, err := fs.Glob(migrations.Files, "*.sql")
	if err != nil || len(files) == 0 {
		return 0, fmt.Errorf("read migrations: %w", err)
	}
	return goose.NumericComponent(files[len(files)-1])
}

func (db *DB) provider() (*goose.Provider, error) {
	if db.engine == SQLite {
		return goose.NewProvider(goose.DialectSQLite3, db.write.DB, migrations.Files)
	}
	l, err := lock.NewPostgresSessionLocker()
	if err != nil {
		return nil, err
	}
	return goose.NewProvider(goose.DialectPostgres, db.write.DB, migrations.Files, goose.WithSessionLocker(l))
}

// Backup copies a SQLite database, whole and consistent, to a new file while it is used. It has a connection of its own:
// those of the pool may write nothing at all, and to SQLite this is writing.
func (db *DB) Backup(ctx context.Context, file string) error {
	own := url.URL{Scheme: "file", Opaque: (&url.URL{Path: db.path}).EscapedPath(), RawQuery: "mode=ro&_pragma=busy_timeout(2000)"}
	x, err := connect(ctx, SQLite, own.String(), 1)
	if err != nil {
		return err
	}
	defer x.Close()
	_, err = x.ExecContext(ctx, `VACUUM INTO ?`, file)
	return err
}
