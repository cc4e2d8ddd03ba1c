// Package storage is the only one that speaks SQL, and one text of it serves PostgreSQL and SQLite.
//
// Reads are functions over a Reader (the pool or a transaction). Writes and Enqueue exist only on *Tx, so that a job
// cannot outlive a rollback. Functions that serve a person take the team and find nothing of another's; the few that
// sweep over all teams stand in sweep.go. Nothing here calls the network.
package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"
	_ "github.com/lib/pq" // the PostgreSQL driver

	"griot/fault"
	"griot/i18n"
)

// Engine is one of the two databases.
type Engine string

// The engines.
const (
	SQLite   Engine = "sqlite"
	Postgres Engine = "postgres"
)

// Options say where the database is and what it stands on.
type Options struct {
	URL    string           // "postgres://…"; empty: SQLite in Folder
	Folder string           // where griot.db lives
	Clock  func() time.Time // the one clock of SQLite, and of both engines in tests
	// DatabaseClock takes a transaction's instant from the database instead, because the clocks of two machines
	// disagree. For PostgreSQL.
	DatabaseClock bool
}

// Job is work to do after the transaction commits. It is stored as JSON.
type Job interface{ Kind() string }

// Queue remembers jobs inside the given transaction. A zero at means now.
type Queue interface {
	InsertTx(ctx context.Context, tx *sql.Tx, j Job, at time.Time) error
}

// DB is the database: one writer at a time on SQLite, a pool on PostgreSQL.
type DB struct {
	write, read *sqlx.DB
	engine      Engine
	clock       func() time.Time
	ofDatabase  bool
	queue       Queue
	lock        *os.File // SQLite: held while this process uses the file
	path        string   // SQLite: the file
	together    together
}

// Open connects. It does not migrate. Errors: a fault when another process has the SQLite file.
func Open(ctx context.Context, o Options) (*DB, error) {
	db := &DB{clock: o.Clock, ofDatabase: o.DatabaseClock, engine: Postgres}
	var err error
	if o.URL != "" {
		db.write, err = connect(ctx, Postgres, pgDSN(o.URL), 16)
		db.read = db.write
	} else {
		err = db.openFile(ctx, o.Folder)
	}
	if err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	return db, nil
}

// OpenReader connects only to read, beside a running Griot or without one: for backups and for the doctor. A SQLite file
// must exist.
func OpenReader(ctx context.Context, o Options) (*DB, error) {
	if o.URL != "" {
		return Open(ctx, o)
	}
	db := &DB{clock: o.Clock, engine: SQLite, path: filepath.Join(o.Folder, "griot.db")}
	if _, err := os.Stat(db.path); err != nil {
		return nil, fault.New(fault.NotFound, errNoFile, o.Folder)
	}
	var err error
	db.read, err = connect(ctx, SQLite, fileDSN(db.path, "ro"), 2)
	db.write = db.read
	if err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	return db, nil
}

// Folder makes the folder of the data, for its owner alone. Errors: a fault that says whose turn it is.
func Folder(path string) error {
	if err := os.MkdirAll(path, 0o700); err != nil {
		return &fault.Error{Kind: fault.Invalid, Say: errFolder.With(path), Err: err}
	}
	return nil
}

var errFolder = i18n.Text{
	En: "Griot cannot use the folder %s. Give the user who runs it the right to write there, or set GRIOT_DATA to another.",
	Fr: "Griot ne peut pas utiliser le dossier %s. Donnez à l’utilisateur qui le lance le droit d’y écrire, ou choisissez-en un autre avec GRIOT_DATA.",
}

var errNoFile = i18n.Text{
	En: "There is no Griot database in %s yet. Is GRIOT_DATA right? “griot serve” makes one.",
	Fr: "Il n’y a pas encore de base Griot dans %s. GRIOT_DATA est-il juste\u202f? «\u202fgriot serve\u202f» en crée une.",
}

func (db *DB) openFile(ctx context.Context, folder string) (err error) {
	db.engine, db.path = SQLite, filepath.Join(folder, "griot.db")
	if err := Folder(folder); err != nil {
		return err
	}
	if db.lock, err = lockFile(db.path + ".lock"); err != nil {
		return err
	}
	if db.write, err = connect(ctx, SQLite, fileDSN(db.path, "rwc"), 1); err != nil {
		_ = db.lock.Close() // the first error tells more
		return err
	}
	db.read, err = connect(ctx, SQLite, fileDSN(db.path, "ro"), 4)
	return err
}

// fileDSN: durable at every commit (synchronous FULL), and a busy wait shorter than a chat platform's patience.
func fileDSN(path, mode string) string {
	q := url.Values{"mode": {mode}, "_txlock": {"immediate"}, "_time_format": {"sqlite"},
		"_pragma": {"busy_timeout(2000)", "foreign_keys(1)", "synchronous(FULL)", "cache_size(-4000)", "temp_store(MEMORY)"}}
	if mode == "ro" {
		q.Del("_txlock")
		q.Add("_pragma", "query_only(1)")
	} else {
		q["_pragma"] = append([]string{"journal_mode(WAL)"}, q["_pragma"]...)
	}
	return "file:" + (&url.URL{Path: path}).EscapedPath() + "?" + q.Encode()
}

// pgDSN adds what every connection to PostgreSQL needs, where dsn is a URL that does not say it itself: a statement goes
// with its values in one round trip instead of two, and the server takes back the rows of a process that stands still in
// the middle of a transaction, for it may stand still for hours and others have work to do. Nothing that waits for the
// outside happens inside a transaction, so ten seconds are plenty.
func pgDSN(dsn string) string {
	u, err := url.Parse(dsn)
	if err != nil || u.Scheme == "" {
		return dsn
	}
	q := u.Query()
	for name, value := range map[string]string{"binary_parameters": "yes", "idle_in_transaction_session_timeout": "10000"} {
		if !q.Has(name) {
			q.Set(name, value)
		}
	}
	u.RawQuery = q.Encode()
	return u.String()
}

func connect(ctx context.Context, e Engine, dsn string, most int) (*sqlx.DB, error) {
	open := openSQLite
	if e == Postgres {
		open = func(dsn string) (*sql.DB, error) { return sql.Open(string(e), dsn) }
	}
	pool, err := open(dsn)
	if err != nil {
		return nil, err
	}
	pool.SetMaxOpenConns(most)
	pool.SetMaxIdleConns(most)
	if err := pool.PingContext(ctx); err != nil {
		_ = pool.Close() // the first error tells more
		return nil, err
	}
	return sqlx.NewDb(pool, string(e)), nil
}

// Use gives the queue that Tx.Enqueue writes to. Called once, at start.
func (db *DB) Use(q Queue) { db.queue = q }

// Engine says which database it is.
func (db *DB) Engine() Engine { return db.engine }

// Pool is the writing pool, for the library that keeps jobs beside our rows.
func (db *DB) Pool() *sql.DB { return db.write.DB }

// Ping asks the database for an answer.
func (db *DB) Ping(ctx context.Context) error { return db.write.PingContext(ctx) }

// Now is the instant by the same clock as a transaction's.
func (db *DB) Now(ctx context.Context) (time.Time, error) {
	if !db.ofDatabase {
		return db.clock().UTC(), nil
	}
	var t time.Time
	err := db.read.GetContext(ctx, &t, `SELECT clock_timestamp()`)
	return t.UTC(), err
}

// Close ends every connection, the writing one last: with it SQLite brings everything into the one file. Then it gives
// the file free.
func (db *DB) Close() error {
	var err error
	if db.read != db.write {
		err = db.read.Close()
	}
	err = errors.Join(err, db.write.Close())
	if db.lock != nil {
		_ = db.lock.Close() // closing gives the lock back; the content is nothing
	}
	return err
}

func (db *DB) reader() sqlx.QueryerContext { return db.read }

func (db *DB) rebind(q string) string { return db.read.Rebind(q) }

// Reader is the pool or a transaction: what a read needs.
type Reader interface {
	reader() sqlx.QueryerContext
	rebind(string) string
}

// get reads one row into dst; a fault NotFound when there is none.
func get(ctx context.Context, r Reader, dst any, q string, args ...any) error {
	return found(sqlx.GetContext(ctx, r.reader(), dst, r.rebind(q), args...))
}

// list reads rows into dst.
func list(ctx context.Context, r Reader, dst any, q string, args ...any) error {
	return sqlx.SelectContext(ctx, r.reader(), dst, r.rebind(q), args...)
}

// in expands slices among args into as many marks. The query must hold one ? for each slice.
func in(ctx context.Context, r Reader, dst any, q string, args ...any) error {
	q, flat, err := sqlx.In(q, args...)
	if err != nil {
		return err
	}
	return list(ctx, r, dst, q, flat...)
}

// marks is n question marks for a VALUES or IN list.
func marks(n int) string { return strings.TrimSuffix(strings.Repeat("?,", n), ",") }
