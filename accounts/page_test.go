package accounts_test

import (
	"encoding/base64"
	"strings"
	"testing"
	"time"

	"griot/accounts"
	"griot/connectors"
	"griot/fault"
	"griot/social"
	"griot/storage"
)

func TestASecretPageShowsTheAccountThenServesOnce(t *testing.T) {
	each(t, func(w world) {
		ctx, secrets := w.Context(), map[string]string{"token": token}
		_, err := w.s.NewSecretPage(ctx, w.nora, w.brand, "village")
		w.wants(err, fault.Denied)
		code, err := w.s.NewSecretPage(ctx, w.awa, w.brand, "Village")
		w.ok(err)
		page, err := w.s.OpenSecretPage(ctx, code)
		w.ok(err)
		if page.Member.ID != "awa" || page.Brand.ID != w.brand || page.Info.ID != "village" {
			w.Errorf("page %+v", page)
		}
		w.net.answer(&connectors.Error{Kind: connectors.SignIn, Words: token})
		_, err = w.s.TrySecretPage(ctx, code, secrets)
		w.wants(err, fault.Invalid)
		w.net.answer(nil)
		seen, err := w.s.TrySecretPage(ctx, code, secrets)
		w.ok(err)
		if seen.Handle != "@maison@village.example" || strings.Contains(seen.Sealed, token) {
			w.Errorf("preview %+v", seen)
		}
		if all, err := w.s.List(ctx, w.awa, w.brand); err != nil || len(all) != 0 {
			w.Errorf("stored before Connect: %v, %v", all, err)
		}
		other, err := w.s.NewSecretPage(ctx, w.foreign, "brd_2", "village")
		w.ok(err)
		_, err = w.s.FinishSecretPage(ctx, other, seen.Sealed)
		w.wants(err, fault.NotFound)
		a, err := w.s.FinishSecretPage(ctx, code, seen.Sealed)
		w.ok(err)
		if a.BrandID != w.brand || a.State != social.Connected {
			w.Errorf("account %+v", a)
		}
		_, err = w.s.FinishSecretPage(ctx, code, seen.Sealed)
		w.wants(err, fault.NotFound)
		_, err = w.s.OpenSecretPage(ctx, code)
		w.wants(err, fault.NotFound)
	})
}

func TestASecretPageEndsAfterTenMinutesAndWithTheRole(t *testing.T) {
	each(t, func(w world) {
		ctx := w.Context()
		code, err := w.s.NewSecretPage(ctx, w.awa, w.brand, "village")
		w.ok(err)
		seen, err := w.s.TrySecretPage(ctx, code, map[string]string{"token": token})
		w.ok(err)
		*w.now = w.now.Add(10*time.Minute + time.Second)
		_, err = w.s.OpenSecretPage(ctx, code)
		w.wants(err, fault.NotFound)
		_, err = w.s.FinishSecretPage(ctx, code, seen.Sealed)
		w.wants(err, fault.NotFound)
		code, err = w.s.NewSecretPage(ctx, w.awa, w.brand, "village")
		w.ok(err)
		w.ok(w.db.InTx(ctx, func(tx *storage.Tx) error { return tx.SetRoles(ctx, "tem_1", "awa", w.brand, nil) }))
		_, err = w.s.OpenSecretPage(ctx, code)
		w.wants(err, fault.Denied)
	})
}

func TestWhatAFormKeepsIsSealedUntilItsJob(t *testing.T) {
	each(t, func(w world) {
		ctx := w.Context()
		_, err := w.s.Keep(ctx, w.nora, w.brand, "village", map[string]string{"token": token})
		w.wants(err, fault.Denied)
		sealed, err := w.s.Keep(ctx, w.awa, w.brand, "village", map[string]string{"token": token})
		w.ok(err)
		if strings.Contains(sealed, token) || strings.Contains(sealed, base64.StdEncoding.EncodeToString([]byte(token))) {
			w.Error("what is kept can be read")
		}
		a, err := w.s.ConnectKept(ctx, sealed)
		w.ok(err)
		if a.Handle != "@maison@village.example" {
			w.Errorf("account %+v", a)
		}
		_, err = w.s.ConnectKept(ctx, sealed[:len(sealed)-2]+"AA")
		w.wants(err, fault.NotFound)
		*w.now = w.now.Add(2 * time.Hour)
		_, err = w.s.ConnectKept(ctx, sealed)
		w.wants(err, fault.NotFound)
	})
}

func TestAKeyIsThirtyTwoBytesAndStaysTheSame(t *testing.T) {
	for _, bad := range []string{"", "short", strings.Repeat("x", 31), strings.Repeat("z", 64), "un mot de passe de trente-deux caractères"} {
		_, err := accounts.NewSeal(bad)
		if !fault.Is(err, fault.Invalid) {
			t.Errorf("%q: %v", bad, err)
		}
		if bad != "" && err != nil && strings.Contains(err.Error(), bad) {
			t.Errorf("the error says the key: %v", err)
		}
	}
	each(t, func(w world) {
		key := accounts.NewKey()
		raw, err := base64.StdEncoding.DecodeString(key)
		w.ok(err)
		for _, same := range []string{key, "\n" + key + " ", base64.RawURLEncoding.EncodeToString(raw), strings.ToUpper(hexOf(raw))} {
			seal, err := accounts.NewSeal(same)
			w.ok(err)
			w.ok(seal.Check(w.Context(), w.db))
		}
		other, err := accounts.NewSeal(accounts.NewKey())
		w.ok(err)
		w.wants(other.Check(w.Context(), w.db), fault.Invalid)
	})
}

func hexOf(b []byte) string {
	const digits = "0123456789abcdef"
	var out strings.Builder
	for _, c := range b {
		out.WriteByte(digits[c>>4])
		out.WriteByte(digits[c&15])
	}
	return out.String()
}
