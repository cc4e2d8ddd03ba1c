package storage

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"

	"griot/fault"
	"griot/i18n"
)

var errLocked = i18n.Text{
	En: "Another Griot is already using this folder (%s). Stop it first, give this one its own GRIOT_DATA, or move to PostgreSQL with GRIOT_DATABASE_URL.",
	Fr: "Un autre Griot utilise déjà ce dossier (%s). Arrêtez-le d’abord, donnez à celui-ci son propre GRIOT_DATA, ou passez à PostgreSQL avec GRIOT_DATABASE_URL.",
}

// lockFile holds path for this process alone, until it is closed or the process ends however it ends.
func lockFile(path string) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, &fault.Error{Kind: fault.Invalid, Say: errFolder.With(filepath.Dir(path)), Err: err}
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		_ = f.Close() // the first error tells more
		if errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, fault.New(fault.Conflict, errLocked, path)
		}
		return nil, err
	}
	return f, nil
}
