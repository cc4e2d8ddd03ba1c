package playground

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"sync"

	"griot/chat"
)

// memoryBlobs is how many bytes of pictures are held when there is no folder; the oldest go first.
const memoryBlobs = 64_000_000

// largestPicture is how many bytes of one card image are kept.
const largestPicture = 32_000_000

// goodHash is what may name a blob: it becomes a file name and a part of an address.
var goodHash = regexp.MustCompile(`^[A-Za-z0-9_-]{1,128}$`)

// shown lists the types a browser may show in the page; anything else is only saved.
var shown = []string{"image/png", "image/jpeg", "image/gif", "image/webp"}

// blobs keeps pictures and attached files by the name of their bytes.
type blobs struct {
	dir string // empty: in memory

	mu    sync.Mutex // guards what follows
	held  map[string][]byte
	order []string
	size  int
}

func newBlobs(journal string) *blobs {
	b := &blobs{held: map[string][]byte{}}
	if journal != "" {
		b.dir = journal + ".files"
	}
	return b
}

// blob is one name; whether its bytes are there shows when it is opened.
type blob struct {
	from *blobs
	hash string
}

func (b *blobs) at(hash string) *blob { return &blob{b, hash} }

func (x *blob) open() (io.ReadCloser, error) { return x.from.open(x.hash) }

// open reads a blob. Errors: fs.ErrNotExist when it is not here.
func (b *blobs) open(hash string) (io.ReadCloser, error) {
	if !goodHash.MatchString(hash) {
		return nil, fs.ErrNotExist
	}
	if b.dir != "" {
		return os.Open(filepath.Join(b.dir, hash))
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	data, ok := b.held[hash]
	if !ok {
		return nil, fs.ErrNotExist
	}
	return io.NopCloser(bytes.NewReader(data)), nil
}

func (b *blobs) has(hash string) bool {
	r, err := b.open(hash)
	if err != nil {
		return false
	}
	return r.Close() == nil
}

// keep copies the pictures of a card. One that cannot be read is left out: the page then shows its description.
func (b *blobs) keep(c chat.Card) {
	for _, i := range c.Images {
		if i.Open == nil || !goodHash.MatchString(i.Hash) || b.has(i.Hash) {
			continue
		}
		r, err := i.Open()
		if err != nil {
			continue
		}
		data, err := io.ReadAll(io.LimitReader(r, largestPicture+1))
		if errors.Join(err, r.Close()) == nil && len(data) <= largestPicture {
			_ = b.put(i.Hash, data) // the description stands in for it
		}
	}
}

// add keeps data under the name of its bytes.
func (b *blobs) add(data []byte) (hash, kind string, err error) {
	sum := sha256.Sum256(data)
	hash = hex.EncodeToString(sum[:])
	return hash, http.DetectContentType(data), b.put(hash, data)
}

func (b *blobs) put(hash string, data []byte) error {
	if b.dir == "" {
		b.hold(hash, data)
		return nil
	}
	if err := os.MkdirAll(b.dir, 0o700); err != nil {
		return fmt.Errorf("keep file: %w", err)
	}
	f, err := os.CreateTemp(b.dir, "new.*")
	if err != nil {
		return fmt.Errorf("keep file: %w", err)
	}
	_, err = f.Write(data)
	if err := errors.Join(err, f.Close()); err != nil {
		return errors.Join(fmt.Errorf("keep file: %w", err), os.Remove(f.Name()))
	}
	return os.Rename(f.Name(), filepath.Join(b.dir, hash))
}

func (b *blobs) hold(hash string, data []byte) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if _, ok := b.held[hash]; ok {
		return
	}
	b.held[hash] = data
	b.order = append(b.order, hash)
	for b.size += len(data); b.size > memoryBlobs && len(b.order) > 1; b.order = b.order[1:] {
		b.size -= len(b.held[b.order[0]])
		delete(b.held, b.order[0])
	}
}

// sweep removes the files that no message shows.
func (b *blobs) sweep(used map[string]bool) error {
	entries, err := os.ReadDir(b.dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	for _, e := range entries {
		if !used[e.Name()] {
			err = errors.Join(err, os.Remove(filepath.Join(b.dir, e.Name())))
		}
	}
	return err
}

// serve answers with the bytes. Whatever somebody attached, the browser never runs it.
func (b *blobs) serve(w http.ResponseWriter, r *http.Request) {
	f, err := b.open(r.PathValue("hash"))
	if err != nil {
		http.NotFound(w, r)
		return
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, largestPicture+1))
	if err != nil {
		http.NotFound(w, r)
		return
	}
	kind := http.DetectContentType(data)
	h := w.Header()
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	h.Set("Cache-Control", "private, max-age=31536000, immutable")
	if !slices.Contains(shown, kind) {
		kind = "application/octet-stream"
		h.Set("Content-Disposition", "attachment")
	}
	h.Set("Content-Type", kind)
	_, _ = w.Write(data) // the browser went away
}
