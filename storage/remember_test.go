package storage

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"testing"
)

func openRemembering(t *testing.T) *sql.Conn {
	t.Helper()
	pool, err := openSQLite(fileDSN(filepath.Join(t.TempDir(), "x.db"), "rwc"))
	if err != nil {
		t.Fatal(err)
	}
	one, err := pool.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = one.Close() // the pool's end tells
		if err := pool.Close(); err != nil {
			t.Error(err)
		}
	})
	return one
}

func do(t *testing.T, c *sql.Conn, text string, args ...any) {
	t.Helper()
	if _, err := c.ExecContext(t.Context(), text, args...); err != nil {
		t.Fatal(err)
	}
}

func number(t *testing.T, c *sql.Conn, text string, args ...any) int {
	t.Helper()
	var n int
	if err := c.QueryRowContext(t.Context(), text, args...).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// TestRememberedStatementStaysRight: after an error, after the table has changed, and while its own rows are being read.
func TestRememberedStatementStaysRight(t *testing.T) {
	t.Parallel()
	c := openRemembering(t)
	do(t, c, `CREATE TABLE x (a BIGINT PRIMARY KEY)`)
	const add, upTo = `INSERT INTO x (a) VALUES (?)`, `SELECT * FROM x WHERE a <= ? ORDER BY a`
	do(t, c, add, 1)
	if _, err := c.ExecContext(t.Context(), add, 1); err == nil {
		t.Error("the same key twice")
	}
	do(t, c, add, 2)
	if n := number(t, c, upTo, 1); n != 1 {
		t.Errorf("got %d", n)
	}
	do(t, c, `ALTER TABLE x ADD COLUMN b BIGINT NOT NULL DEFAULT 7`)
	rows, err := c.QueryContext(t.Context(), upTo, 2)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	seen := 0
	for rows.Next() {
		var a, b int
		if err := rows.Scan(&a, &b); err != nil {
			t.Fatal(err)
		}
		if seen++; a != seen || b != 7 {
			t.Errorf("row %d is %d, %d", seen, a, b)
		}
		inner, err := c.QueryContext(t.Context(), upTo, 1)
		if err != nil {
			t.Fatal(err)
		}
		if err := inner.Close(); err != nil {
			t.Error(err)
		}
	}
	if err := rows.Err(); err != nil || seen != 2 {
		t.Errorf("%d rows, %v", seen, err)
	}
}

// TestMemoryHasAnEnd: a connection that sees ever new texts forgets some, and an impatient caller breaks nothing.
func TestMemoryHasAnEnd(t *testing.T) {
	t.Parallel()
	c := openRemembering(t)
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	for i := range memory + 50 {
		text := fmt.Sprintf(`SELECT %d + ?`, i)
		if _, err := c.QueryContext(gone, text, 1); err == nil {
			t.Fatal("a call whose context has ended was answered")
		}
		if n := number(t, c, text, 1); n != i+1 {
			t.Fatalf("%s: %d", text, n)
		}
	}
	err := c.Raw(func(raw any) error {
		if n := len(raw.(*remembering).known); n != memory {
			return fmt.Errorf("%d statements are remembered, want %d", n, memory)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}
