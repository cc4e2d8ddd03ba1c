package storage

import (
	"bufio"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"

	"griot/fault"
	"griot/i18n"
)

// tables are all of ours, each after those it refers to. Jobs are not among them: what they ask for is read from rows.
var tables = []string{
	"teams", "workspaces", "brands", "channels", "members", "roles", "identities", "codes", "guesses", "requests",
	"accounts", "credentials", "media", "settings",
	"posts", "revisions", "revision_media", "approvals", "votes", "deliveries", "parts", "entries",
	"placements", "notices", "seen",
	"installations", "sign_ins", "paces", "turns",
	"holds", "notes", "shelf", "group_roles", "identity_groups",
	"rules", "sources", "gatherings", "mentions", "suggestions",
	"lines", "spending",
	"samples", "watched", "tellings", "digests",
}

// line is one row in a backup: its table, and its columns by name. Times are text as this package writes them, whatever
// the engine, so that a backup of one engine restores into the other.
type line struct {
	Table string         `json:"table"`
	Row   map[string]any `json:"row"`
}

// head is the first line of a backup.
type head struct {
	Griot  string    `json:"griot"` // always "backup"
	Schema int64     `json:"schema"`
	At     time.Time `json:"at"`
}

// Dump writes every row, as it is at one instant, while the database is used. It returns that instant.
func (db *DB) Dump(ctx context.Context, w io.Writer) (time.Time, error) {
	version, err := Schema(ctx, db)
	if err != nil {
		return time.Time{}, err
	}
	tx, err := db.read.BeginTxx(ctx, &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true})
	if db.engine == SQLite {
		tx, err = db.read.BeginTxx(ctx, nil) // a reading transaction of SQLite sees one instant anyway
	}
	if err != nil {
		return time.Time{}, fmt.Errorf("begin: %w", err)
	}
	defer func() { _ = tx.Rollback() }() // it only read
	at, err := db.Now(ctx)
	if err != nil {
		return at, err
	}
	out := json.NewEncoder(w)
	if err := out.Encode(head{Griot: "backup", Schema: version, At: at}); err != nil {
		return at, err
	}
	for _, t := range tables {
		if err := dump(ctx, tx, t, out); err != nil {
			return at, fmt.Errorf("dump %s: %w", t, err)
		}
	}
	return at, nil
}

// dump asks for all columns by *, alone in this package: a backup has what the table has.
func dump(ctx context.Context, tx *sqlx.Tx, table string, out *json.Encoder) error {
	rows, err := tx.QueryxContext(ctx, `SELECT * FROM `+table)
	if err != nil {
		return err
	}
	defer rows.Close()
	types, err := rows.ColumnTypes()
	if err != nil {
		return err
	}
	for rows.Next() {
		row := map[string]any{}
		if err := rows.MapScan(row); err != nil {
			return err
		}
		for _, c := range types {
			row[c.Name()] = portable(row[c.Name()], c.DatabaseTypeName())
		}
		if err := out.Encode(line{table, row}); err != nil {
			return err
		}
	}
	return rows.Err()
}

// portable is a value as JSON keeps it for either engine.
func portable(v any, kind string) any {
	switch x := v.(type) {
	case []byte:
		return string(x)
	case time.Time:
		return x.UTC().Format(layout)
	case int64:
		if strings.HasPrefix(strings.ToUpper(kind), "BOOL") {
			return x != 0
		}
	}
	return v
}

var (
	errNoBackup = i18n.Text{En: "This file is not a backup of Griot, or it is damaged.", Fr: "Ce fichier n’est pas une sauvegarde de Griot, ou il est abîmé."}
	errOther    = i18n.Text{
		En: "This backup was made by another version of Griot (its schema is %d, this one has %d). Restore it with that version, then upgrade.",
		Fr: "Cette sauvegarde vient d’une autre version de Griot (son schéma est %d, celui-ci est %d). Restaurez-la avec cette version, puis mettez à jour.",
	}
	errNotEmpty = i18n.Text{
		En: "There is already a team here, and a restore would mix two. Choose an empty GRIOT_DATA or database.",
		Fr: "Il y a déjà une équipe ici, et une restauration en mélangerait deux. Choisissez un GRIOT_DATA ou une base vide.",
	}
)

// Load fills an empty, migrated database from a backup, and makes everything that fell due since then a person's to
// decide: nobody knows what went out meanwhile, so nothing is sent. It returns the instant of the backup. Errors: faults
// for what is no backup, of another schema, or not empty.
func (db *DB) Load(ctx context.Context, r io.Reader) (time.Time, error) {
	version, err := Schema(ctx, db)
	if err != nil {
		return time.Time{}, err
	}
	in := json.NewDecoder(bufio.NewReaderSize(r, 1<<20))
	in.UseNumber()
	var h head
	if err := in.Decode(&h); err != nil || h.Griot != "backup" {
		return h.At, fault.New(fault.Invalid, errNoBackup)
	}
	if h.Schema != version {
		return h.At, fault.New(fault.Conflict, errOther, h.Schema, version)
	}
	return h.At, db.once(ctx, func(tx *Tx) error {
		if full, err := HasTeams(ctx, tx); err != nil || full {
			return cmpErr(err, fault.New(fault.Conflict, errNotEmpty))
		}
		for {
			var l line
			if err := in.Decode(&l); err == io.EOF {
				break
			} else if err != nil || !slices.Contains(tables, l.Table) {
				return fault.New(fault.Invalid, errNoBackup)
			}
			if err := tx.insert(ctx, l); err != nil {
				return fmt.Errorf("restore %s: %w", l.Table, err)
			}
		}
		_, err := tx.DoubtAll(ctx, tx.now)
		return err
	})
}

func cmpErr(err error, otherwise error) error {
	if err != nil {
		return err
	}
	return otherwise
}

// insert writes a row whose columns are named by a file: the names are checked, for they stand in the statement.
func (t *Tx) insert(ctx context.Context, l line) error {
	var columns []string
	var values []any
	for name, v := range l.Row {
		if strings.Trim(name, "abcdefghijklmnopqrstuvwxyz_") != "" {
			return fault.New(fault.Invalid, errNoBackup)
		}
		if n, ok := v.(json.Number); ok {
			i, err := n.Int64()
			if err != nil {
				return fault.New(fault.Invalid, errNoBackup)
			}
			v = i
		}
		columns, values = append(columns, name), append(values, v)
	}
	return t.put(ctx, `INSERT INTO `+l.Table+` (`+strings.Join(columns, ", ")+`) VALUES (`+marks(len(values))+`)`, values...)
}
