package media

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"griot/fault"
	"griot/i18n"
	"griot/storage"
)

// orphaned is how long a picture is kept that no post uses.
const orphaned = 7 * 24 * time.Hour

var (
	errGone = i18n.Text{
		En: "This picture is no longer stored. Attach it again.",
		Fr: "Cette image n’est plus enregistrée. Joignez-la à nouveau.",
	}
	errChanged = i18n.Text{
		En: "The stored picture is damaged. Attach it again.",
		Fr: "L’image enregistrée est abîmée. Joignez-la à nouveau.",
	}
)

// hashes are the only names that become paths.
var hashes = regexp.MustCompile(`^[0-9a-f]{64}$`)

func (s *Store) path(hash string) string { return filepath.Join(s.folder, hash[:2], hash) }

// Open reads the stored bytes of a picture. Errors: a fault NotFound.
func (s *Store) Open(hash string) (io.ReadCloser, error) {
	if !hashes.MatchString(hash) {
		return nil, fault.New(fault.NotFound, errGone)
	}
	f, err := os.Open(s.path(hash))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fault.New(fault.NotFound, errGone)
	}
	return f, err
}

// Verify reads the stored bytes and compares them with their name, to be called before they are sent. Errors: faults
// NotFound when they are gone, Conflict when they changed.
func (s *Store) Verify(ctx context.Context, hash string) error {
	f, err := s.Open(hash)
	if err != nil {
		return err
	}
	defer f.Close()
	sum := sha256.New()
	if _, err := io.Copy(sum, reader{ctx, f}); err != nil {
		return fmt.Errorf("verify picture %s: %w", hash, err)
	}
	if hex.EncodeToString(sum.Sum(nil)) != hash {
		return fault.New(fault.Conflict, errChanged)
	}
	return nil
}

// reader stops when its context ends.
type reader struct {
	ctx context.Context
	r   io.Reader
}

// Read reads on while the context lasts.
func (r reader) Read(b []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.r.Read(b)
}

// write stores b under its hash: whole, and on the disk before it has its name. A file that stands there already is left.
func (s *Store) write(hash string, b []byte) error {
	if old, err := os.ReadFile(s.path(hash)); err == nil && bytes.Equal(old, b) {
		return nil
	}
	folder := filepath.Dir(s.path(hash))
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(folder, unfinished+"*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name()) // once renamed, there is nothing to remove
	_, err = f.Write(b)
	if err == nil {
		err = f.Sync()
	}
	if e := f.Close(); err == nil {
		err = e
	}
	if err == nil {
		err = os.Rename(f.Name(), s.path(hash))
	}
	if err != nil {
		return err
	}
	return syncFolder(folder)
}

// unfinished begins the names of files that are being written or taken away.
const unfinished = ".part-"

// syncFolder makes the names in a folder outlive a power cut.
func syncFolder(folder string) error {
	d, err := os.Open(folder)
	if err != nil {
		return err
	}
	defer d.Close()
	return d.Sync()
}

// Probe writes and reads a file in the folder, and says in the log's words what fails: the folder must exist or be
// creatable, and be the same for every process.
func (s *Store) Probe(ctx context.Context) error {
	word := []byte(storage.NewID("probe"))
	name := hash(word)
	if err := s.write(name, word); err != nil {
		return fmt.Errorf("write to %s: %w", s.folder, err)
	}
	defer os.Remove(s.path(name)) // a sweep would take it as well
	if err := s.Verify(ctx, name); err != nil {
		return fmt.Errorf("read from %s: %w", s.folder, err)
	}
	return nil
}

// Sweep takes away pictures that nothing has used for seven days, and files without a row or an end that are as old. It
// returns how many files it took. Errors: the first that happened; the rest is swept all the same.
func (s *Store) Sweep(ctx context.Context) (int, error) {
	now, err := s.db.Now(ctx)
	if err != nil {
		return 0, fmt.Errorf("read the clock: %w", err)
	}
	before := now.Add(-orphaned)
	var first error
	note := func(err error) {
		if first == nil {
			first = err
		}
	}
	var orphans []string
	note(s.db.InTx(ctx, func(tx *storage.Tx) (err error) {
		orphans, err = tx.DropOrphans(ctx, before)
		return err
	}))
	old, err := s.older(before)
	note(err)
	taken := 0
	for _, hash := range append(orphans, old...) {
		gone, err := s.take(ctx, hash)
		note(err)
		if gone {
			taken++
		}
	}
	if first != nil {
		return taken, fmt.Errorf("sweep pictures: %w", first)
	}
	return taken, nil
}

// older lists the hashes of files written before an instant, and removes what was never finished.
func (s *Store) older(before time.Time) ([]string, error) {
	var out []string
	err := filepath.WalkDir(s.folder, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return ignoreGone(err)
		}
		info, err := e.Info()
		if err != nil || info.ModTime().After(before) {
			return ignoreGone(err)
		}
		switch {
		case strings.HasPrefix(e.Name(), unfinished):
			return ignoreGone(os.Remove(path))
		case hashes.MatchString(e.Name()):
			out = append(out, e.Name())
		}
		return nil
	})
	return out, ignoreGone(err)
}

// take removes a file that no team has a row for. It is moved aside first and the rows are read again: a row that was
// added meanwhile brings it back.
func (s *Store) take(ctx context.Context, hash string) (bool, error) {
	if kept, err := storage.MediaKept(ctx, s.db, hash); err != nil || kept {
		return false, err
	}
	path := s.path(hash)
	aside := filepath.Join(filepath.Dir(path), unfinished+hash)
	if err := os.Rename(path, aside); err != nil {
		return false, ignoreGone(err)
	}
	kept, err := storage.MediaKept(ctx, s.db, hash)
	if err != nil || kept {
		if e := os.Rename(aside, path); err == nil {
			err = e
		}
		return false, err
	}
	return true, ignoreGone(os.Remove(aside))
}

func ignoreGone(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}
