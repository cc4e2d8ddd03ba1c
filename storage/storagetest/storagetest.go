// Package storagetest gives tests a fresh, migrated database of each engine.
package storagetest

import (
	"context"
	"database/sql"
	"net/url"
	"testing"
	"time"

	"griot/needs"
	"griot/storage"
)

// Each runs f once on SQLite and once on PostgreSQL, each with an empty, migrated database and clock.
func Each(t *testing.T, clock func() time.Time, f func(*testing.T, *storage.DB)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { f(t, Open(t, storage.Options{Folder: t.TempDir(), Clock: clock})) })
	t.Run("postgres", func(t *testing.T) { f(t, Open(t, storage.Options{URL: Database(t), Clock: clock})) })
}

// Open opens o, migrates it and closes it with the test.
func Open(t *testing.T, o storage.Options) *storage.DB {
	t.Helper()
	db, err := storage.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	if err := db.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	return db
}

// Database makes an empty PostgreSQL database for this test alone and returns its URL.
func Database(t testing.TB) string {
	t.Helper()
	server := needs.Postgres(t)
	name := storage.NewID("test")
	admin(t, server, `CREATE DATABASE `+name)
	t.Cleanup(func() { admin(t, server, `DROP DATABASE `+name+` WITH (FORCE)`) })
	u, err := url.Parse(server)
	if err != nil {
		t.Fatal(err)
	}
	u.Path = "/" + name
	return u.String()
}

func admin(t testing.TB, server, statement string) {
	t.Helper()
	db, err := sql.Open("postgres", server)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.ExecContext(context.WithoutCancel(t.Context()), statement); err != nil {
		t.Fatal(err)
	}
}
