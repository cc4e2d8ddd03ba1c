package storage

import (
	"crypto/rand"
	"database/sql/driver"
	"encoding/base32"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"
)

// NewID makes "pst_" and 26 characters of a-z2-7 that sort roughly by time: a UUID version 7 in base 32.
func NewID(prefix string) string {
	id := uuid.Must(uuid.NewV7())
	return prefix + "_" + small.EncodeToString(id[:])
}

// NewCode makes n characters for a person to copy, without letters that look alike.
func NewCode(n int) string {
	const letters = "abcdefghjkmnpqrstuvwxyz23456789"
	b := make([]byte, n)
	_, _ = rand.Read(b) // never fails: crypto/rand crashes the process instead
	for i := range b {
		b[i] = letters[int(b[i])%len(letters)]
	}
	return string(b)
}

// small keeps the order of what it encodes: digits stand before letters.
var small = base32.NewEncoding("234567abcdefghijklmnopqrstuvwxyz").WithPadding(base32.NoPadding)

// stamp keeps a time as fixed-width UTC text: TIMESTAMPTZ to PostgreSQL, sortable TEXT to SQLite. Zero is NULL.
type stamp struct{ time.Time }

const layout = "2006-01-02T15:04:05.000000Z"

// Value writes the time.
func (s stamp) Value() (driver.Value, error) {
	if s.IsZero() {
		return nil, nil
	}
	return s.UTC().Format(layout), nil
}

// Scan reads what either engine gives back.
func (s *stamp) Scan(v any) error {
	switch x := v.(type) {
	case nil:
		s.Time = time.Time{}
		return nil
	case time.Time:
		s.Time = x.UTC()
		return nil
	case string:
		t, err := time.Parse(layout, x)
		s.Time = t
		return err
	}
	return fmt.Errorf("storage: a time from %T", v)
}

// doc keeps a value as JSON text.
type doc[T any] struct{ V T }

// Value writes the JSON.
func (d doc[T]) Value() (driver.Value, error) {
	b, err := json.Marshal(d.V)
	return string(b), err
}

// Scan reads the JSON; NULL and the empty text are the zero value.
func (d *doc[T]) Scan(v any) error {
	var text string
	switch x := v.(type) {
	case nil:
	case string:
		text = x
	case []byte:
		text = string(x)
	default:
		return fmt.Errorf("storage: JSON from %T", v)
	}
	d.V = *new(T)
	if strings.TrimSpace(text) == "" {
		return nil
	}
	return json.Unmarshal([]byte(text), &d.V)
}

// text reads a column that may be NULL.
func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// null is NULL for an empty text.
func null(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// like is a pattern that finds s anywhere, with nothing in s meaning anything but itself.
func like(s string) string {
	return "%" + strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(s) + "%"
}

// or is n, or d when n is zero.
func or(n, d int) int {
	if n == 0 {
		return d
	}
	return n
}

// each maps rows to what they mean.
func each[R, T any](rows []R, f func(R) T) []T {
	out := make([]T, len(rows))
	for i, r := range rows {
		out[i] = f(r)
	}
	return out
}
