package storage

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"

	"modernc.org/sqlite"
)

// openSQLite is a pool whose connections remember how they understood a statement. SQLite's driver reads the text of every
// call anew, which took a third of all the time that Griot and its jobs spend.
func openSQLite(dsn string) (*sql.DB, error) {
	c, err := sqlite.NewConnector(dsn)
	if err != nil {
		return nil, err
	}
	return sql.OpenDB(connector{c}), nil
}

// connector opens connections that remember.
type connector struct{ driver.Connector }

// Connect opens one.
func (c connector) Connect(ctx context.Context) (driver.Conn, error) {
	plain, err := c.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	full, ok := plain.(conn)
	if !ok {
		return nil, errors.Join(fmt.Errorf("storage: the driver's %T cannot all that is asked of it", plain), plain.Close())
	}
	return &remembering{conn: full, known: map[string]*remembered{}}, nil
}

// conn is what the driver's connections can.
type conn interface {
	driver.Conn
	driver.ConnPrepareContext
	driver.ConnBeginTx
	driver.ExecerContext
	driver.QueryerContext
	driver.Pinger
	driver.SessionResetter
	driver.Validator
}

// remembering is a connection that keeps its statements. As every driver.Conn, it is used by one goroutine at a time.
type remembering struct {
	conn
	known map[string]*remembered // by text
}

// runner is what the driver's statements can.
type runner interface {
	driver.Stmt
	driver.StmtExecContext
	driver.StmtQueryContext
}

// remembered is a statement; while rows are read from it, it cannot be run again.
type remembered struct {
	runner
	busy bool
}

// memory is how many statements one connection keeps: more than Griot and its jobs have.
const memory = 400

// worth reports whether the statement of a text is to be remembered: not while its rows are still being read, and not
// without arguments, as migrations and the like are, which run once.
func (c *remembering) worth(text string, args []driver.NamedValue) bool {
	s := c.known[text]
	return len(args) > 0 && (s == nil || !s.busy)
}

// recall is the statement of a text, ready to be run.
func (c *remembering) recall(ctx context.Context, text string) (*remembered, error) {
	if s := c.known[text]; s != nil {
		return s, nil
	}
	if err := c.forget(memory - 1); err != nil {
		return nil, err
	}
	stmt, err := c.conn.PrepareContext(ctx, text)
	if err != nil {
		return nil, err
	}
	run, ok := stmt.(runner)
	if !ok {
		return nil, errors.Join(fmt.Errorf("storage: the driver's %T cannot all that is asked of it", stmt), stmt.Close())
	}
	s := &remembered{runner: run}
	c.known[text] = s
	return s, nil
}

// forget drops statements that are not in use when there are more than most; which, is of no matter: it hardly ever happens.
func (c *remembering) forget(most int) error {
	for text, s := range c.known {
		if len(c.known) <= most {
			return nil
		}
		if s.busy {
			continue
		}
		delete(c.known, text)
		if err := s.Close(); err != nil {
			return err
		}
	}
	return nil
}

// ExecContext runs a statement without rows.
func (c *remembering) ExecContext(ctx context.Context, text string, args []driver.NamedValue) (driver.Result, error) {
	if !c.worth(text, args) {
		return c.conn.ExecContext(ctx, text, args)
	}
	s, err := c.recall(ctx, text)
	if err != nil {
		return nil, err
	}
	return s.ExecContext(ctx, args)
}

// QueryContext runs a statement with rows.
func (c *remembering) QueryContext(ctx context.Context, text string, args []driver.NamedValue) (driver.Rows, error) {
	if !c.worth(text, args) {
		return c.conn.QueryContext(ctx, text, args)
	}
	s, err := c.recall(ctx, text)
	if err != nil {
		return nil, err
	}
	rows, err := s.QueryContext(ctx, args)
	if err != nil {
		return nil, err
	}
	s.busy = true
	return &reading{Rows: rows, of: s}, nil
}

// Close ends the connection and what it remembers.
func (c *remembering) Close() error {
	return errors.Join(c.forget(0), c.conn.Close())
}

// reading is rows of a remembered statement.
type reading struct {
	driver.Rows
	of *remembered // nil once closed
}

// Close makes the statement free to be run again.
func (r *reading) Close() error {
	if r.of == nil {
		return nil
	}
	r.of.busy, r.of = false, nil
	return r.Rows.Close()
}
