package storage

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"
)

// Plan is how the engine would answer the one query that f makes.
func (db *DB) Plan(ctx context.Context, f func(Reader) error) (string, error) {
	s := &spy{db: db}
	if err := f(s); !errors.Is(err, errExplained) {
		return "", errors.Join(errors.New("no query was made"), err)
	}
	return s.plan, s.err
}

// PlanOfClaim is how the engine would claim.
func (db *DB) PlanOfClaim(ctx context.Context) (plan string, err error) {
	err = db.InTx(ctx, func(tx *Tx) error {
		q, args := tx.claiming("a", time.Minute, 16, []string{"other"})
		plan, err = explain(ctx, tx.tx, db.engine, tx.rebind(q), args)
		return err
	})
	return plan, err
}

var errExplained = errors.New("explained")

// spy explains a query instead of asking it.
type spy struct {
	db   *DB
	plan string
	err  error
}

func (s *spy) reader() sqlx.QueryerContext { return s }
func (s *spy) rebind(q string) string      { return s.db.rebind(q) }

func (s *spy) QueryContext(context.Context, string, ...any) (*sql.Rows, error) {
	return nil, errors.ErrUnsupported
}

func (s *spy) QueryRowxContext(context.Context, string, ...any) *sqlx.Row { return nil }

func (s *spy) QueryxContext(ctx context.Context, q string, args ...any) (*sqlx.Rows, error) {
	s.plan, s.err = explain(ctx, s.db.write, s.db.engine, q, args)
	return nil, errExplained
}

func explain(ctx context.Context, q sqlx.QueryerContext, e Engine, text string, args []any) (string, error) {
	word := "EXPLAIN "
	if e == SQLite {
		word = "EXPLAIN QUERY PLAN "
	}
	rows, err := q.QueryxContext(ctx, word+text, args...)
	if err != nil {
		return "", err
	}
	defer rows.Close()
	var out strings.Builder
	for rows.Next() {
		columns, err := rows.SliceScan()
		if err != nil {
			return "", err
		}
		switch line := columns[len(columns)-1].(type) {
		case string:
			out.WriteString(line + "\n")
		case []byte:
			out.WriteString(string(line) + "\n")
		}
	}
	return out.String(), rows.Err()
}

// MigrateTo brings the schema to an earlier version, as an older Griot left it.
func (db *DB) MigrateTo(ctx context.Context, version int64) error {
	p, err := db.provider()
	if err != nil {
		return err
	}
	_, err = p.UpTo(ctx, version)
	return err
}

// RolesOf asks for the roles of one member.
func RolesOf(ctx context.Context, r Reader, team, member string) error {
	_, err := withRoles(ctx, r, memberRow{ID: member, Team: team})
	return err
}
