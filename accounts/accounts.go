// Package accounts connects brands to networks: it takes what a person types to sign in, keeps it sealed, opens it for
// those who send and read, and says when somebody must sign in again. It may know social, storage and connectors; no
// secret leaves it in an error, a log or a row that is not sealed.
package accounts

import (
	"cmp"
	"context"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"time"

	"griot/connectors"
	"griot/fault"
	"griot/i18n"
	"griot/social"
	"griot/storage"
)

// patience is how long a network may take to say who an account is.
const patience = 20 * time.Second

// Service keeps the accounts of every team.
type Service struct {
	// Stop ends everything that waits to leave for an account that is removed, in the same transaction; nil: nothing does.
	Stop func(ctx context.Context, tx *storage.Tx, a social.Account, by string) error
	// Resume lets leave again what waited for an account that somebody signed in to; by is empty when the network changed
	// its mind by itself. nil: nothing waited.
	Resume func(ctx context.Context, tx *storage.Tx, a social.Account, by string) error

	db       *storage.DB
	seal     *Seal
	networks map[string]connectors.Connector
	log      *slog.Logger
}

// New keeps accounts in db, sealed with seal, for networks by their id.
func New(db *storage.DB, seal *Seal, networks map[string]connectors.Connector, log *slog.Logger) *Service {
	return &Service{db: db, seal: seal, networks: networks, log: log}
}

var (
	errNetwork = i18n.Text{
		En: "Griot does not know the network “%s”. It knows: %s.",
		Fr: "Griot ne connaît pas le réseau «\u202f%s\u202f». Il connaît\u202f: %s.",
	}
	errNotAdmin = i18n.Text{
		En: "Accounts of %s are managed by its admins. Ask %s.",
		Fr: "Les comptes de %s sont gérés par son administration. Voyez avec %s.",
	}
	errNoListener = i18n.Text{
		En: "What is read for %s is chosen by its moderators and admins. Ask %s.",
		Fr: "Ce qui est suivi pour %s se décide entre modération et administration. Voyez avec %s.",
	}
	errNothing = i18n.Text{
		En: "Please fill this in: %s.",
		Fr: "Remplissez ce champ\u202f: %s.",
	}
	errTooLong = i18n.Text{
		En: "This is too long to be right: %s.",
		Fr: "C’est trop long pour être juste\u202f: %s.",
	}
	errRemoved = i18n.Text{
		En: "The account %s was removed. Connect it again with /connect.",
		Fr: "Le compte %s a été retiré. Reconnectez-le avec /connecter.",
	}
)

// Networks says what can be connected to publish there, by name.
func (s *Service) Networks() []connectors.Info {
	return slices.DeleteFunc(s.Known(), func(i connectors.Info) bool { return i.ReadOnly })
}

// Known are all networks, by name; what is only read too.
func (s *Service) Known() []connectors.Info {
	var out []connectors.Info
	for _, c := range s.networks {
		out = append(out, c.Info())
	}
	slices.SortFunc(out, func(a, b connectors.Info) int { return cmp.Compare(cmp.Or(a.Name, a.ID), cmp.Or(b.Name, b.ID)) })
	return out
}

// Network says what a network needs, by its id or its name in any case; one that is only read too. Errors: a fault Invalid in
// the field network.
func (s *Service) Network(typed string) (connectors.Info, error) {
	for _, i := range s.Known() {
		if strings.EqualFold(typed, i.ID) || called(i, typed) {
			return i, nil
		}
	}
	var names []string
	for _, i := range s.Networks() {
		names = append(names, i.Name)
	}
	return connectors.Info{}, fault.In("network", errNetwork, typed, strings.Join(names, ", "))
}

// called reports whether people call a network so; an article may be missing.
func called(i connectors.Info, typed string) bool {
	name := i.Called()
	for _, n := range []string{name.En, name.Fr, name.Fr[strings.LastIndexByte(name.Fr, ' ')+1:]} {
		if strings.EqualFold(typed, n) {
			return true
		}
	}
	return false
}

// May refuses whoever does not manage a brand's accounts, before they are asked for anything secret. Errors: faults Denied,
// NotFound.
func (s *Service) May(ctx context.Context, by social.Member, brand string) error {
	return manage(ctx, s.db, by, brand, social.Admin)
}

// MayConnect is May for one network: a brand's moderators choose what is only read. Errors: faults Denied, NotFound.
func (s *Service) MayConnect(ctx context.Context, by social.Member, brand, network string) error {
	return manage(ctx, s.db, by, brand, s.managers(network)...)
}

// List returns the brand's accounts on which something can be published, by network and handle, without those that were removed.
// See Sources for the others.
func (s *Service) List(ctx context.Context, by social.Member, brand string) ([]social.Account, error) {
	return s.list(ctx, by, brand, func(a social.Account) bool { return !s.readOnly(a.Network) })
}

// Sources returns the brand's accounts that are only read, such as feeds, by network and handle, without those that were removed.
func (s *Service) Sources(ctx context.Context, by social.Member, brand string) ([]social.Account, error) {
	return s.list(ctx, by, brand, func(a social.Account) bool { return s.readOnly(a.Network) })
}

func (s *Service) list(ctx context.Context, by social.Member, brand string, wanted func(social.Account) bool) ([]social.Account, error) {
	all, err := storage.Accounts(ctx, s.db, by.TeamID, brand)
	return slices.DeleteFunc(all, func(a social.Account) bool { return !wanted(a) }), err
}

func (s *Service) readOnly(network string) bool {
	c, ok := s.networks[network]
	return ok && c.Info().ReadOnly
}

// managers are the roles that connect and remove accounts of a network.
func (s *Service) managers(network string) []social.Role {
	if s.readOnly(network) {
		return social.Listeners
	}
	return []social.Role{social.Admin}
}

// Account reads one account of by's team, a removed one too.
func (s *Service) Account(ctx context.Context, by social.Member, id string) (social.Account, error) {
	return storage.Account(ctx, s.db, by.TeamID, id)
}

// Remove disconnects an account: nothing leaves for it any more, and its secrets are forgotten. What is already live
// stays live. An admin of the brand may, and a moderator what is only read. Errors: faults Denied, NotFound, Conflict when it was removed already.
func (s *Service) Remove(ctx context.Context, by social.Member, id string) (social.Account, error) {
	var a social.Account
	err := s.db.InTx(ctx, func(tx *storage.Tx) (err error) {
		if a, err = storage.Account(ctx, tx, by.TeamID, id); err != nil {
			return err
		}
		if err := manage(ctx, tx, by, a.BrandID, s.managers(a.Network)...); err != nil {
			return err
		}
		if a.State == social.Removed {
			return fault.New(fault.Conflict, errRemoved, a.Label())
		}
		was := a.Rev
		a.State, a.Rev = social.Removed, was+1
		if err := tx.SaveAccount(ctx, a, was); err != nil {
			return err
		}
		if err := tx.DropCredential(ctx, a.TeamID, a.ID); err != nil {
			return err
		}
		return call(ctx, s.Stop, tx, a, by.ID)
	})
	return a, err
}

// call runs a hook that the program set, if it did.
func call(ctx context.Context, f func(context.Context, *storage.Tx, social.Account, string) error, tx *storage.Tx, a social.Account, by string) error {
	if f == nil {
		return nil
	}
	return f(ctx, tx, a, by)
}

// manage refuses whoever has none of roles for the brand now.
func manage(ctx context.Context, r storage.Reader, by social.Member, brand string, roles ...social.Role) error {
	b, err := storage.Brand(ctx, r, by.TeamID, brand)
	if err != nil {
		return err
	}
	m, err := storage.Member(ctx, r, by.TeamID, by.ID)
	if err != nil || m.Has(b.ID, roles...) {
		return err
	}
	all, err := storage.MembersWith(ctx, r, by.TeamID, b.ID, social.Admin)
	if err != nil {
		return err
	}
	if len(roles) > 1 {
		return fault.New(fault.Denied, errNoListener, b.Name, social.Whom(all))
	}
	return fault.New(fault.Denied, errNotAdmin, b.Name, social.Whom(all))
}

// typed is what a person gave for a network, with defaults in. Errors: faults Invalid in the field that is wrong.
func typed(info connectors.Info, given map[string]string) (map[string]string, error) {
	const longest = 4096 // bytes; tokens of every network are shorter
	out := map[string]string{}
	for _, k := range info.Secrets {
		v := strings.TrimSpace(given[k.Key])
		if v == "" && k.Kind != connectors.Hidden {
			v = k.Default
		}
		if len(v) > longest {
			return nil, fault.In(k.Key, errTooLong, k.Label)
		}
		if v != "" {
			out[k.Key] = v
		}
	}
	if len(out) == 0 && len(info.Secrets) > 0 {
		return nil, fault.In(info.Secrets[0].Key, errNothing, info.Secrets[0].Label)
	}
	return out, nil
}

// merged is fresh, with what was stored where fresh says nothing: renewing never empties a secret.
func merged(stored, fresh map[string]string) map[string]string {
	out := maps.Clone(stored)
	if out == nil {
		out = map[string]string{}
	}
	maps.Copy(out, fresh)
	return out
}
