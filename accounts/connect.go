package accounts

import (
	"context"
	"errors"
	"fmt"
	"maps"

	"griot/connectors"
	"griot/fault"
	"griot/i18n"
	"griot/social"
	"griot/storage"
)

var (
	errSignIn = i18n.Text{
		En: "%s refused this sign-in%s. Check what you typed, or make a new password or token there, and try again. Nothing was stored.",
		Fr: "%s a refusé cette connexion%s. Vérifiez votre saisie, ou créez là-bas un nouveau mot de passe ou jeton, puis réessayez. Rien n’a été enregistré.",
	}
	errRefused = i18n.Text{
		En: "%s did not accept this%s. Check what you typed, and try again. Nothing was stored.",
		Fr: "%s n’a pas accepté cette demande%s. Vérifiez votre saisie, puis réessayez. Rien n’a été enregistré.",
	}
	errAddress = i18n.Text{
		En: "Griot cannot call this address: it takes a public one with https, such as https://social.example. For a server of your own, see GRIOT_ALLOW_HOSTS. Nothing was stored.",
		Fr: "Griot ne peut pas appeler cette adresse\u202f: il en faut une publique en https, comme https://social.example. Pour un serveur à vous, voyez GRIOT_ALLOW_HOSTS. Rien n’a été enregistré.",
	}
	errLimited = i18n.Text{
		En: "%s asks for fewer tries. Please wait %s, then try again. Nothing was stored.",
		Fr: "%s demande d’espacer les essais. Attendez %s, puis réessayez. Rien n’a été enregistré.",
	}
	errAway = i18n.Text{
		En: "%s does not answer as it should. Check the address if you gave one, and try again in a minute. Nothing was stored.",
		Fr: "%s ne répond pas comme il le devrait. Vérifiez l’adresse si vous en avez donné une, et réessayez dans une minute. Rien n’a été enregistré.",
	}
	inItsWords = i18n.Text{En: " (“%s”)", Fr: " («\u202f%s\u202f»)"}
	silence    = i18n.Text{}
	errNobody  = i18n.Text{
		En: "%s did not say whose account this is, so it cannot be connected. Try another password or token.",
		Fr: "%s n’a pas dit à qui est ce compte\u202f: il ne peut pas être connecté. Essayez un autre mot de passe ou jeton.",
	}
)

// reached is an account as its network described it, with what the connector learnt.
type reached struct {
	RemoteID, Handle, URL string
	Limits                social.Limits
	Facts                 map[string]string
}

// Connect signs a brand in to a network with what a person typed, and stores the account. The same account again is
// renewed. An admin of the brand may, and a moderator what is only read. It asks the network first and may take 20 seconds: call it from a job or a page,
// and see Keep. Errors: faults Denied; Invalid for the sign-in, in the network's words; Busy when the network cannot be
// reached or wants a pause.
func (s *Service) Connect(ctx context.Context, by social.Member, brand, network string, secrets map[string]string) (social.Account, error) {
	b, err := s.try(ctx, by, brand, network, secrets)
	if err != nil {
		return social.Account{}, err
	}
	return s.store(ctx, b, "")
}

// try checks the right and the fields, then asks the network.
func (s *Service) try(ctx context.Context, by social.Member, brand, network string, secrets map[string]string) (bundle, error) {
	b := bundle{Team: by.TeamID, Member: by.ID, Brand: brand, Network: network}
	if err := manage(ctx, s.db, by, brand, s.managers(network)...); err != nil {
		return b, err
	}
	c, ok := s.networks[network]
	if !ok {
		_, err := s.Network(network)
		return b, err
	}
	var err error
	if b.Secrets, err = typed(c.Info(), secrets); err != nil {
		return b, err
	}
	b.Reached, err = s.reach(ctx, c, b.Secrets)
	return b, err
}

// reach asks the network whose secrets these are.
func (s *Service) reach(ctx context.Context, c connectors.Connector, secrets map[string]string) (reached, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	info, facts := c.Info(), map[string]string{}
	a, err := c.Open(ctx, connectors.Credential{
		Secrets: maps.Clone(secrets),
		Facts:   map[string]string{},
		Save: func(_ context.Context, learnt map[string]string) error {
			facts = maps.Clone(learnt)
			return nil
		},
		Log: s.logger(info, func() hider { return hide(info, secrets, facts) }),
	})
	if err != nil {
		return reached{}, said(info, hide(info, secrets, facts).err(err))
	}
	if a.RemoteID == "" {
		return reached{}, fault.New(fault.Invalid, errNobody, asked(info))
	}
	return reached{RemoteID: a.RemoteID, Handle: a.Handle, URL: a.URL, Limits: a.Limits, Facts: facts}, nil
}

// logger is a connector's way to say a word for the log, without secrets even if it is careless.
func (s *Service) logger(info connectors.Info, h func() hider) func(context.Context, string) {
	return func(ctx context.Context, what string) {
		s.log.InfoContext(ctx, "connector", "network", info.ID, "what", h().text(what))
	}
}

// asked is who answers a sign-in, as a sentence begins with it.
func asked(info connectors.Info) i18n.Text {
	if info.Name == "" {
		return someSite
	}
	return info.Called()
}

var someSite = i18n.Text{En: "The site", Fr: "Le site"}

// said turns a network's answer to a sign-in into a sentence. err holds no secret any more.
func said(info connectors.Info, err error) error {
	var f *fault.Error
	answer, _ := errors.AsType[*connectors.Error](err)
	if answer != nil && answer.Tell != nil {
		return &fault.Error{Kind: fault.Invalid, Say: answer.Tell, Err: err}
	}
	switch connectors.KindOf(err) {
	case connectors.SignIn:
		f = fault.New(fault.Invalid, errSignIn, asked(info), quoted(answer.Words))
	case connectors.Refused:
		if answer.Status == 0 && answer.Words == "" { // nobody was asked
			f = fault.New(fault.Invalid, errAddress)
			break
		}
		f = fault.New(fault.Invalid, errRefused, asked(info), quoted(answer.Words))
	case connectors.Limited:
		f = fault.New(fault.Busy, errLimited, asked(info), i18n.Span(max(answer.After, minute)))
	default:
		if own, ok := errors.AsType[*fault.Error](err); ok { // the connector's own sentence, about a field
			return own
		}
		f = fault.New(fault.Busy, errAway, asked(info))
	}
	f.Err = err
	return f
}

func quoted(words string) i18n.Localised {
	if words == "" {
		return silence
	}
	return inItsWords.With(words)
}

// store writes what was reached. code, when there is one, is spent in the same transaction.
func (s *Service) store(ctx context.Context, b bundle, code string) (social.Account, error) {
	var a social.Account
	by := social.Member{ID: b.Member, TeamID: b.Team}
	err := s.db.InTx(ctx, func(tx *storage.Tx) (err error) {
		if err := manage(ctx, tx, by, b.Brand, s.managers(b.Network)...); err != nil {
			return err
		}
		if code != "" {
			if _, err := tx.UseCode(ctx, code, storage.ForSecret); err != nil {
				return pageGone(err)
			}
		}
		a, err = s.put(ctx, tx, b)
		return err
	})
	return a, err
}

// put adds the account of b, or renews it.
func (s *Service) put(ctx context.Context, tx *storage.Tx, b bundle) (social.Account, error) {
	a := social.Account{ID: storage.NewID("acc"), TeamID: b.Team, BrandID: b.Brand, Network: b.Network,
		NetworkName: s.networks[b.Network].Info().Name, RemoteID: b.Reached.RemoteID, Handle: b.Reached.Handle, URL: b.Reached.URL, State: social.Connected, Limits: b.Reached.Limits, CheckedAt: tx.Now(), Rev: 1}
	added, err := tx.AddAccount(ctx, a)
	if err != nil {
		return a, err
	}
	secrets := b.Secrets
	if !added {
		if a, secrets, err = s.renew(ctx, tx, a, b); err != nil {
			return a, err
		}
	}
	c, err := s.sealed(a, secrets, b.Reached.Facts)
	if err != nil {
		return a, err
	}
	return a, tx.PutCredential(ctx, a.TeamID, a.ID, c)
}

// renew makes the stored account be as fresh says, connected, and returns it with the secrets it has now.
func (s *Service) renew(ctx context.Context, tx *storage.Tx, fresh social.Account, b bundle) (social.Account, map[string]string, error) {
	old, err := storage.AccountOf(ctx, tx, b.Team, b.Brand, b.Network, fresh.RemoteID)
	if err != nil {
		return old, nil, err
	}
	stored, _, _, err := s.credential(ctx, tx, old)
	if err != nil && !fault.Is(err, fault.NotFound) { // a removed account has none
		return old, nil, err
	}
	a := fresh
	a.ID, a.Rev = old.ID, old.Rev+1
	if err := tx.SaveAccount(ctx, a, old.Rev); err != nil {
		return a, nil, err
	}
	if old.State != social.NeedsSignIn {
		return a, merged(stored, b.Secrets), nil
	}
	return a, merged(stored, b.Secrets), call(ctx, s.Resume, tx, a, b.Member)
}

func (s *Service) sealed(a social.Account, secrets, facts map[string]string) (storage.Credential, error) {
	var c storage.Credential
	var err error
	if c.Secrets, err = lock(s.seal, secrets, purpose("secrets", a)); err != nil {
		return c, fmt.Errorf("seal secrets of %s: %w", a.ID, err)
	}
	if c.Facts, err = lock(s.seal, facts, purpose("facts", a)); err != nil {
		return c, fmt.Errorf("seal facts of %s: %w", a.ID, err)
	}
	return c, nil
}

// purpose is what a sealed text is bound to: moved to another account, team or column it does not open.
func purpose(what string, a social.Account) string { return what + "|" + a.TeamID + "|" + a.ID }

// credential reads and opens what is stored for an account, with the revision of its facts.
func (s *Service) credential(ctx context.Context, r storage.Reader, a social.Account) (secrets, facts map[string]string, rev int64, err error) {
	c, err := storage.CredentialOf(ctx, r, a.TeamID, a.ID)
	if err != nil {
		return nil, nil, 0, err
	}
	if secrets, err = unlock[map[string]string](s.seal, c.Secrets, purpose("secrets", a)); err != nil {
		return nil, nil, 0, fmt.Errorf("secrets of %s: %w", a.ID, err)
	}
	if facts, err = unlock[map[string]string](s.seal, c.Facts, purpose("facts", a)); err != nil {
		return nil, nil, 0, fmt.Errorf("facts of %s: %w", a.ID, err)
	}
	return secrets, facts, c.FactsRev, nil
}
