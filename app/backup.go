package app

import (
	"archive/tar"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"griot/fault"
	"griot/i18n"
	"griot/storage"
)

// A backup is a gzipped tar: rows.jsonl (every row, for either engine), media/… by content hash, and secret.key when
// Griot keeps its key itself.
const (
	rowsName  = "rows.jsonl"
	keyName   = "secret.key"
	mediaName = "media"
)

var (
	backupDone = i18n.Text{
		En: "Written to %s, as everything was on %s. Keep it as safe as a password: it holds what opens your accounts.\n",
		Fr: "Écrit dans %s, tel que tout était le %s. Gardez-le comme un mot de passe\u202f: il contient de quoi ouvrir vos comptes.\n",
	}
	backupNoKey = i18n.Text{
		En: "Written to %s, as everything was on %s. GRIOT_SECRET_KEY is not in it: keep that too, or accounts must be connected again.\n",
		Fr: "Écrit dans %s, tel que tout était le %s. GRIOT_SECRET_KEY n’y est pas\u202f: gardez-la aussi, sinon les comptes seront à reconnecter.\n",
	}
	errExists = i18n.Text{
		En: "%s exists already. Choose another name: a backup never writes over anything.",
		Fr: "%s existe déjà. Choisissez un autre nom\u202f: une sauvegarde n’écrase rien.",
	}
	restoreDone = i18n.Text{
		En: "Restored, as everything was on %s. Start Griot: whatever fell due since then is shown as “To be checked” and was not sent.\n",
		Fr: "Restauré, tel que tout était le %s. Lancez Griot\u202f: ce qui devait partir depuis est affiché «\u202fÀ vérifier\u202f» et n’a pas été envoyé.\n",
	}
	errNotBackup = i18n.Text{
		En: "%s is not a backup of Griot, or it is damaged.",
		Fr: "%s n’est pas une sauvegarde de Griot, ou il est abîmé.",
	}
)

// backup writes everything to one file, under another name until it is whole.
func (c Command) backup(ctx context.Context, cfg Config, file string) error {
	if _, err := os.Stat(file); err == nil {
		return fault.New(fault.Conflict, errExists, file)
	}
	db, err := storage.OpenReader(ctx, cfg.storage())
	if err != nil {
		return err
	}
	defer db.Close()
	part, err := os.OpenFile(file+".part", os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer os.Remove(part.Name()) // already renamed when all went well
	at, key, err := pack(ctx, cfg, db, part)
	if err := errors.Join(err, part.Sync(), part.Close()); err != nil {
		return err
	}
	if err := os.Rename(part.Name(), file); err != nil {
		return err
	}
	done := backupNoKey
	if key {
		done = backupDone
	}
	_, err = fmt.Fprint(c.Out, done.In(c.locale(), file, at.Local().Format(time.DateTime)))
	return err
}

// pack reports the instant of the rows, and whether the key is in it. Pictures are read after the rows: every picture that a
// row names is there, for files are only cleared away a week after nobody needs them.
func pack(ctx context.Context, cfg Config, db *storage.DB, w io.Writer) (at time.Time, key bool, err error) {
	zip := gzip.NewWriter(w)
	out := tar.NewWriter(zip)
	rows, err := os.CreateTemp("", "griot-rows-")
	if err != nil {
		return at, false, err
	}
	defer func() { _ = errors.Join(rows.Close(), os.Remove(rows.Name())) }() // a temporary file
	if at, err = db.Dump(ctx, rows); err != nil {
		return at, false, err
	}
	if err = add(out, rows.Name(), rowsName); err != nil {
		return at, false, err
	}
	if cfg.SecretKey == "" {
		err = add(out, filepath.Join(cfg.Data, keyName), keyName)
		if key = err == nil; err != nil && !errors.Is(err, fs.ErrNotExist) {
			return at, false, err
		}
	}
	root := filepath.Join(cfg.Data, mediaName)
	err = filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
		if err != nil || !e.Type().IsRegular() || ctx.Err() != nil {
			return errors.Join(err, ctx.Err())
		}
		rel, err := filepath.Rel(cfg.Data, path)
		if err != nil {
			return err
		}
		return add(out, path, filepath.ToSlash(rel))
	})
	if errors.Is(err, fs.ErrNotExist) {
		err = nil
	}
	return at, key, errors.Join(err, out.Close(), zip.Close())
}

func add(out *tar.Writer, path, name string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	if err := out.WriteHeader(&tar.Header{Name: name, Mode: 0o600, Size: info.Size(), ModTime: info.ModTime()}); err != nil {
		return err
	}
	_, err = io.Copy(out, io.LimitReader(f, info.Size()))
	return err
}

// restore fills an empty database and media folder. Files that are there already are those of the same content.
func (c Command) restore(ctx context.Context, cfg Config, file string) error {
	db, err := storage.Open(ctx, cfg.storage())
	if err != nil {
		return err
	}
	defer db.Close()
	if err := db.Migrate(ctx); err != nil {
		return err
	}
	f, err := os.Open(file)
	if err != nil {
		return err
	}
	defer f.Close()
	at, err := unpack(ctx, cfg, db, f)
	if err != nil {
		if errors.Is(err, gzip.ErrHeader) || errors.Is(err, tar.ErrHeader) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
			return fault.New(fault.Invalid, errNotBackup, file)
		}
		return err
	}
	_, err = fmt.Fprint(c.Out, restoreDone.In(c.locale(), at.Local().Format(time.DateTime)))
	return err
}

func unpack(ctx context.Context, cfg Config, db *storage.DB, r io.Reader) (at time.Time, err error) {
	zip, err := gzip.NewReader(r)
	if err != nil {
		return at, err
	}
	in := tar.NewReader(zip)
	for first := true; ; first = false {
		h, err := in.Next()
		if errors.Is(err, io.EOF) && !first {
			return at, nil
		}
		if err != nil {
			return at, err
		}
		switch {
		case first && h.Name == rowsName:
			if at, err = db.Load(ctx, in); err != nil {
				return at, err
			}
		case !first && (h.Name == keyName && cfg.SecretKey == "" || strings.HasPrefix(h.Name, mediaName+"/")):
			if err := write(in, cfg.Data, h.Name); err != nil {
				return at, err
			}
		case first:
			return at, io.ErrUnexpectedEOF
		}
	}
}

// write keeps one file of a backup inside folder, whatever its name says.
func write(r io.Reader, folder, name string) error {
	root, err := os.OpenRoot(folder)
	if err != nil {
		return err
	}
	defer root.Close()
	if err := root.MkdirAll(filepath.Dir(filepath.FromSlash(name)), 0o700); err != nil {
		return err
	}
	f, err := root.OpenFile(filepath.FromSlash(name), os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(f, r)
	return errors.Join(err, f.Sync(), f.Close())
}

func (c Command) migrate(ctx context.Context, cfg Config) error {
	db, err := storage.Open(ctx, cfg.storage())
	if err != nil {
		return err
	}
	defer db.Close()
	return db.Migrate(ctx)
}

// storage is where the rows are, on which clock.
func (cfg Config) storage() storage.Options {
	return storage.Options{URL: cfg.DatabaseURL, Folder: cfg.Data, Clock: time.Now, DatabaseClock: cfg.DatabaseURL != ""}
}
