package accounts

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/tink-crypto/tink-go/v2/aead/subtle"
	"github.com/tink-crypto/tink-go/v2/tink"

	"griot/fault"
	"griot/i18n"
	"griot/storage"
)

// Seal encrypts what may not be read in the database: XChaCha20-Poly1305, a fresh nonce each time, bound to what it is
// for, so that one account's secrets cannot be moved to another.
type Seal struct{ aead tink.AEAD }

// keyBytes is the length of a key.
const keyBytes = 32

var errKey = i18n.Text{
	En: "GRIOT_SECRET_KEY is not a key: it must be 32 random bytes in base64 or hexadecimal. Make one with “openssl rand -base64 32”.",
	Fr: "GRIOT_SECRET_KEY n’est pas une clé\u202f: il faut 32 octets au hasard, en base64 ou en hexadécimal. Créez-en une avec «\u202fopenssl rand -base64 32\u202f».",
}

// NewKey makes a key: 32 random bytes in base64, to be kept where only Griot reads it.
func NewKey() string {
	b := make([]byte, keyBytes)
	_, _ = rand.Read(b) // never fails: crypto/rand crashes the process instead
	return base64.StdEncoding.EncodeToString(b)
}

// NewSeal reads a key, 32 bytes in base64 (of any kind) or hexadecimal. Errors: a fault Invalid, without the key in it.
func NewSeal(key string) (*Seal, error) {
	b, ok := keyOf(strings.TrimSpace(key))
	if !ok {
		return nil, fault.New(fault.Invalid, errKey)
	}
	aead, err := subtle.NewXChaCha20Poly1305(b)
	if err != nil {
		return nil, fmt.Errorf("make a seal: %w", err)
	}
	return &Seal{aead}, nil
}

func keyOf(text string) ([]byte, bool) {
	bare := strings.TrimRight(text, "=")
	for _, decode := range []func(string) ([]byte, error){
		hex.DecodeString, base64.RawStdEncoding.DecodeString, base64.RawURLEncoding.DecodeString,
	} {
		if b, err := decode(bare); err == nil && len(b) == keyBytes {
			return b, true
		}
	}
	return nil, false
}

// sealed is the version and the base64 of what Open opens.
const version = "1."

// lock encrypts the JSON of v for one purpose.
func lock[T any](s *Seal, v T, purpose string) (string, error) {
	plain, err := json.Marshal(v)
	if err != nil {
		return "", fmt.Errorf("seal: %w", err)
	}
	b, err := s.aead.Encrypt(plain, []byte(purpose))
	if err != nil {
		return "", fmt.Errorf("seal: %w", err)
	}
	return version + base64.RawStdEncoding.EncodeToString(b), nil
}

// errSealed is the refusal to open: the key or the purpose is another, or somebody changed the bytes.
var errSealed = errors.New("accounts: cannot be opened with this key")

// unlock decrypts what lock made for the same purpose. Errors: errSealed, with nothing of the content.
func unlock[T any](s *Seal, text, purpose string) (T, error) {
	var v T
	b, err := base64.RawStdEncoding.DecodeString(strings.TrimPrefix(text, version))
	if err != nil || !strings.HasPrefix(text, version) {
		return v, errSealed
	}
	plain, err := s.aead.Decrypt(b, []byte(purpose))
	if err != nil {
		return v, errSealed
	}
	if json.Unmarshal(plain, &v) != nil { // its message would show the content
		return v, errSealed
	}
	return v, nil
}

var errOtherKey = i18n.Text{
	En: "This is not the key that the stored credentials were encrypted with. Give Griot the former one: GRIOT_SECRET_KEY, or the file secret.key that stood in GRIOT_DATA (a backup has it).",
	Fr: "Ce n’est pas la clé qui a chiffré les accès enregistrés. Remettez la précédente\u202f: GRIOT_SECRET_KEY, ou le fichier secret.key qui était dans GRIOT_DATA (une sauvegarde le contient).",
}

// Check compares the key with the one this database was first used with, and remembers it when it is the first. To be
// called at start. Errors: a fault Invalid for another key.
func (s *Seal) Check(ctx context.Context, db *storage.DB) error {
	const name, word = "seal", "griot"
	mark, err := storage.Setting(ctx, db, name)
	if fault.Is(err, fault.NotFound) {
		if mark, err = lock(s, word, name); err != nil {
			return err
		}
		err = db.InTx(ctx, func(tx *storage.Tx) error {
			if err := tx.AddSetting(ctx, name, mark); err != nil {
				return err
			}
			mark, err = storage.Setting(ctx, tx, name) // another process may have been first
			return err
		})
	}
	if err != nil {
		return fmt.Errorf("check the key: %w", err)
	}
	if got, err := unlock[string](s, mark, name); err != nil || got != word {
		return fault.New(fault.Invalid, errOtherKey)
	}
	return nil
}
