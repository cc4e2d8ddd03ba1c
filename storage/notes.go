package storage

import (
	"context"

	"griot/fault"
)

// Noted reads a note of the installation; empty when there is none. Notes belong to no team.
func Noted(ctx context.Context, r Reader, name string) (string, error) {
	var value string
	err := get(ctx, r, &value, `SELECT value FROM notes WHERE name = ?`, name)
	if fault.Is(err, fault.NotFound) {
		return "", nil
	}
	return value, err
}

// Note keeps a note of the installation, instead of an earlier one of that name.
func (t *Tx) Note(ctx context.Context, name, value string) error {
	return t.put(ctx, `
INSERT INTO notes (name, value)
VALUES (?,?)
ON CONFLICT (name) DO UPDATE SET value = excluded.value`, name, value)
}
