package accounts

import (
	"context"
	"fmt"
	"time"

	"griot/connectors"
	"griot/fault"
	"griot/i18n"
	"griot/social"
	"griot/storage"
)

// secretPage is how long the page lasts that takes a secret; kept, how long a sealed bundle may wait for its job.
const (
	secretPage = 10 * time.Minute
	kept       = time.Hour
)

var errPage = i18n.Text{
	En: "This page has been used or has expired: it lasts ten minutes. Type /connect in the chat to get a new one.",
	Fr: "Cette page a déjà servi ou a expiré\u202f: elle dure dix minutes. Tapez /connecter dans le chat pour en recevoir une autre.",
}

// bundle is a sign-in on its way: sealed whenever it leaves this package.
type bundle struct {
	Team, Member, Brand, Network string
	Secrets                      map[string]string
	Reached                      reached
	Code                         string // of the page it came from
	Until                        time.Time
}

// pageGone says what a code that opens nothing means on a page.
func pageGone(err error) error {
	if fault.Is(err, fault.NotFound) {
		return fault.New(fault.NotFound, errPage)
	}
	return err
}

// SecretPage is what a page asks for: the secrets of Info, for Brand, from Member and nobody else.
type SecretPage struct {
	Member social.Member
	Brand  social.Brand
	Info   connectors.Info
}

// NewSecretPage makes the code of a page on which by alone types what a network needs: once, within ten minutes. An admin
// of the brand may. Errors: faults Denied, Invalid in the field network.
func (s *Service) NewSecretPage(ctx context.Context, by social.Member, brand, network string) (string, error) {
	info, err := s.Network(network)
	if err != nil {
		return "", err
	}
	code := storage.NewCode(26)
	return code, s.db.InTx(ctx, func(tx *storage.Tx) error {
		if err := manage(ctx, tx, by, brand, s.managers(info.ID)...); err != nil {
			return err
		}
		return tx.AddCode(ctx, code, storage.Code{Purpose: storage.ForSecret, TeamID: by.TeamID, MemberID: by.ID,
			Data: map[string]string{"brand": brand, "network": info.ID}, Expires: tx.Now().Add(secretPage)})
	})
}

// OpenSecretPage says what the page of a code asks for. It uses nothing up. Errors: a fault NotFound when it was used or
// has expired, Denied when its member no longer manages the brand.
func (s *Service) OpenSecretPage(ctx context.Context, code string) (SecretPage, error) {
	var p SecretPage
	now, err := s.db.Now(ctx)
	if err != nil {
		return p, err
	}
	c, err := storage.LookCode(ctx, s.db, code, now, storage.ForSecret)
	if err != nil {
		return p, pageGone(err)
	}
	if p.Member, err = storage.Member(ctx, s.db, c.TeamID, c.MemberID); err != nil {
		return p, err
	}
	if p.Brand, err = storage.Brand(ctx, s.db, c.TeamID, c.Data["brand"]); err != nil {
		return p, err
	}
	if err := manage(ctx, s.db, p.Member, p.Brand.ID, s.managers(c.Data["network"])...); err != nil {
		return p, err
	}
	p.Info, err = s.Network(c.Data["network"])
	return p, err
}

// Preview is the account that secrets belong to, shown before Connect is pressed.
type Preview struct {
	Handle, URL string
	Sealed      string // for FinishSecretPage; may stand in the page: nobody else can read it
}

// TrySecretPage asks the network whose secrets these are, and stores nothing. Errors: as OpenSecretPage and Connect.
func (s *Service) TrySecretPage(ctx context.Context, code string, secrets map[string]string) (Preview, error) {
	page, err := s.OpenSecretPage(ctx, code)
	if err != nil {
		return Preview{}, err
	}
	b, err := s.try(ctx, page.Member, page.Brand.ID, page.Info.ID, secrets)
	if err != nil {
		return Preview{}, err
	}
	b.Code = code
	sealed, err := s.wrap(ctx, b, secretPage)
	return Preview{Handle: b.Reached.Handle, URL: b.Reached.URL, Sealed: sealed}, err
}

// FinishSecretPage connects the account of a preview and uses the code up. Errors: as OpenSecretPage.
func (s *Service) FinishSecretPage(ctx context.Context, code, sealed string) (social.Account, error) {
	b, err := s.unwrap(ctx, sealed)
	if err != nil {
		return social.Account{}, err
	}
	if b.Code == "" || b.Code != code {
		return social.Account{}, fault.New(fault.NotFound, errPage)
	}
	return s.store(ctx, b, code)
}

// Keep seals what a person typed in a form, for a job that calls ConnectKept within the hour: the secrets are encrypted
// before anything is stored. Errors: faults Denied, Invalid in the field that is wrong.
func (s *Service) Keep(ctx context.Context, by social.Member, brand, network string, secrets map[string]string) (string, error) {
	info, err := s.Network(network)
	if err != nil {
		return "", err
	}
	if err := manage(ctx, s.db, by, brand, s.managers(info.ID)...); err != nil {
		return "", err
	}
	b := bundle{Team: by.TeamID, Member: by.ID, Brand: brand, Network: info.ID}
	if b.Secrets, err = typed(info, secrets); err != nil {
		return "", err
	}
	return s.wrap(ctx, b, kept)
}

// ConnectKept is Connect with what Keep sealed. Doing it again renews the account.
func (s *Service) ConnectKept(ctx context.Context, sealed string) (social.Account, error) {
	b, err := s.unwrap(ctx, sealed)
	if err != nil {
		return social.Account{}, err
	}
	return s.Connect(ctx, social.Member{ID: b.Member, TeamID: b.Team}, b.Brand, b.Network, b.Secrets)
}

const onItsWay = "sign-in on its way"

func (s *Service) wrap(ctx context.Context, b bundle, last time.Duration) (string, error) {
	now, err := s.db.Now(ctx)
	if err != nil {
		return "", fmt.Errorf("read the clock: %w", err)
	}
	b.Until = now.Add(last)
	return lock(s.seal, b, onItsWay)
}

// unwrap opens a bundle. Errors: a fault NotFound when it is not one of ours or has expired.
func (s *Service) unwrap(ctx context.Context, sealed string) (bundle, error) {
	b, err := unlock[bundle](s.seal, sealed, onItsWay)
	if err != nil {
		return b, fault.New(fault.NotFound, errPage)
	}
	now, err := s.db.Now(ctx)
	if err != nil {
		return b, fmt.Errorf("read the clock: %w", err)
	}
	if now.After(b.Until) {
		return b, fault.New(fault.NotFound, errPage)
	}
	return b, nil
}
