// Package media keeps pictures: files named by the hash of their bytes, in one folder that all processes share. What comes
// in is typed by its bytes, measured, and stored without what it tells about where and by whom it was taken; what goes out
// is checked against its name. It may know social and storage.
package media

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"image"
	_ "image/gif"  // decodes
	_ "image/jpeg" // decodes
	_ "image/png"  // decodes
	"io"
	"path/filepath"
	"strings"
	"sync"
	"unicode"

	"github.com/gabriel-vasile/mimetype"
	_ "golang.org/x/image/webp" // decodes

	"griot/fault"
	"griot/i18n"
	"griot/social"
	"griot/storage"
)

// MaxBytes is the largest file taken in.
const MaxBytes = 20_000_000

// MaxPixels is the largest picture taken in, width × height: beyond it a small file can fill the memory of whoever
// decodes it. The largest telephone photographs have 50 million.
const MaxPixels = 64_000_000

// Store keeps the pictures of every team under one folder.
type Store struct {
	folder string
	db     *storage.DB
	heavy  sync.Mutex // one picture at a time is decoded: that takes four bytes a pixel, several times
}

// New keeps pictures under folder, and what is known of them in db.
func New(folder string, db *storage.DB) *Store { return &Store{folder: folder, db: db} }

var (
	errTooBig = i18n.Text{
		En: "“%s” weighs %s; %s is the most. Save it smaller, then attach it again.",
		Fr: "«\u202f%s\u202f» pèse %s\u202f; le maximum est de %s. Enregistrez une version plus légère, puis joignez-la.",
	}
	errFarTooBig = i18n.Text{
		En: "“%s” weighs more than %s; %s is the most. Save it smaller, then attach it again.",
		Fr: "«\u202f%s\u202f» pèse plus de %s\u202f; le maximum est de %s. Enregistrez une version plus légère, puis joignez-la.",
	}
	errNoPicture = i18n.Text{
		En: "“%s” is not a picture, whatever its name says: its content is %s. Attach a JPEG, PNG, WebP or GIF.",
		Fr: "«\u202f%s\u202f» n’est pas une image, quel que soit son nom\u202f: son contenu est de type %s. Joignez un JPEG, un PNG, un WebP ou un GIF.",
	}
	errOtherPicture = i18n.Text{
		En: "“%s” is a picture of a kind (%s) that networks do not show. Save it as a JPEG or a PNG, then attach it again.",
		Fr: "«\u202f%s\u202f» est une image d’un format (%s) que les réseaux n’affichent pas. Enregistrez-la en JPEG ou en PNG, puis joignez-la.",
	}
	errDamaged = i18n.Text{
		En: "“%s” is damaged: it cannot be read to its end. Save it again, then attach it.",
		Fr: "«\u202f%s\u202f» est abîmé\u202f: impossible de le lire jusqu’au bout. Enregistrez-le à nouveau, puis joignez-le.",
	}
	errTooLarge = i18n.Text{
		En: "“%s” is too large: %d × %d pixels, when %d million in all is the most. Save it smaller, then attach it again.",
		Fr: "«\u202f%s\u202f» est trop grand\u202f: %d × %d pixels, alors que le maximum est de %d millions en tout. Enregistrez une version plus petite, puis joignez-la.",
	}
	errEmpty = i18n.Text{
		En: "“%s” is empty. Attach it again.",
		Fr: "«\u202f%s\u202f» est vide. Joignez-le à nouveau.",
	}
)

// kinds are the types taken in, with what takes the metadata out of each.
var kinds = map[string]func([]byte) ([]byte, error){
	"image/jpeg": bareJPEG,
	"image/png":  barePNG,
	"image/webp": bareWebP,
	"image/gif":  bareGIF,
}

// Add copies a picture in for a team and returns what is known of it, without a description. The same bytes are kept
// once. Errors: faults Invalid in the field media for what is too big, no picture, or damaged; those of r.
func (s *Store) Add(ctx context.Context, team, name string, r io.Reader) (social.Media, error) {
	m, b, err := s.read(printable(name), r)
	if err != nil {
		return social.Media{}, err
	}
	if err := s.write(m.Hash, b); err != nil {
		return social.Media{}, fmt.Errorf("store picture %s: %w", m.Hash, err)
	}
	if err := s.db.InTx(ctx, func(tx *storage.Tx) error { return tx.AddMedia(ctx, team, m) }); err != nil {
		return social.Media{}, fmt.Errorf("remember picture %s: %w", m.Hash, err)
	}
	// A sweep that saw no row a moment ago may have taken the file away: now that the row stands, none will.
	if err := s.write(m.Hash, b); err != nil {
		return social.Media{}, fmt.Errorf("store picture %s: %w", m.Hash, err)
	}
	return m, nil
}

// Find reads what a team knows of a picture; a fault NotFound for another team's.
func (s *Store) Find(ctx context.Context, team, hash string) (social.Media, error) {
	return storage.Media(ctx, s.db, team, hash)
}

// read takes a picture in and returns the bytes to store.
func (s *Store) read(name string, r io.Reader) (social.Media, []byte, error) {
	b, err := capped(name, r)
	if err != nil {
		return social.Media{}, nil, err
	}
	kind, _, _ := strings.Cut(mimetype.Detect(b).String(), ";")
	bare, ok := kinds[kind]
	switch {
	case len(b) == 0:
		return social.Media{}, nil, fault.In("media", errEmpty, name)
	case !ok && strings.HasPrefix(kind, "image/"):
		return social.Media{}, nil, fault.In("media", errOtherPicture, name, kind)
	case !ok:
		return social.Media{}, nil, fault.In("media", errNoPicture, name, kind)
	}
	if err := sized(name, b); err != nil {
		return social.Media{}, nil, err
	}
	turn := orientation(kind, b)
	if b, err = bare(b); err != nil {
		return social.Media{}, nil, fault.In("media", errDamaged, name)
	}
	if turn != upright {
		s.heavy.Lock()
		b, kind, err = turned(kind, b, turn)
		s.heavy.Unlock()
		if err != nil {
			return social.Media{}, nil, fault.In("media", errDamaged, name)
		}
	}
	c, _, err := image.DecodeConfig(bytes.NewReader(b))
	if err != nil {
		return social.Media{}, nil, fault.In("media", errDamaged, name)
	}
	return social.Media{Hash: hash(b), Name: name, Type: kind, Size: int64(len(b)), Width: c.Width, Height: c.Height}, b, nil
}

// capped reads r to its end, or says how much too big it is: it counts up to ten times what is taken.
func capped(name string, r io.Reader) ([]byte, error) {
	b, err := io.ReadAll(io.LimitReader(r, MaxBytes+1))
	if err != nil {
		return nil, fmt.Errorf("read picture: %w", err)
	}
	if len(b) <= MaxBytes {
		return b, nil
	}
	const enough = 10 * MaxBytes
	more, err := io.Copy(io.Discard, io.LimitReader(r, enough))
	if errors.Is(err, context.Canceled) {
		return nil, fmt.Errorf("read picture: %w", err)
	}
	if more == enough || err != nil { // what is read says enough
		return nil, fault.In("media", errFarTooBig, name, i18n.Size(MaxBytes+more), i18n.Size(MaxBytes))
	}
	return nil, fault.In("media", errTooBig, name, i18n.Size(int64(len(b))+more), i18n.Size(MaxBytes))
}

// sized refuses what would take too much memory, by what the file says of itself, before anything is decoded.
func sized(name string, b []byte) error {
	c, _, err := image.DecodeConfig(bytes.NewReader(b))
	switch {
	case err != nil || c.Width <= 0 || c.Height <= 0:
		return fault.In("media", errDamaged, name)
	case c.Width > MaxPixels/c.Height:
		return fault.In("media", errTooLarge, name, c.Width, c.Height, MaxPixels/1_000_000)
	}
	return nil
}

func hash(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// printable is a file's name in one line, without its folder, of 100 runes at most.
func printable(name string) string {
	name = filepath.Base(strings.ReplaceAll(name, `\`, "/"))
	name = strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(name, ""))
	if name == "" || name == "." || name == "/" {
		return "image"
	}
	if runes := []rune(name); len(runes) > 100 {
		return string(runes[:99]) + "…"
	}
	return name
}
