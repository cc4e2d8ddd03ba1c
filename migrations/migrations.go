// Package migrations holds the schema: numbered SQL files, run in order, the same text on both engines.
// Files are only ever added.
package migrations

import "embed"

// Files are the migrations, for goose.
//
//go:embed *.sql
var Files embed.FS
