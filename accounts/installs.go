package accounts

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"sync"
	"time"

	"griot/fault"
	"griot/i18n"
	"griot/social"
	"griot/storage"
)

// Install is the right to speak in one workspace of a chat, as its people gave it.
type Install struct {
	Surface, Workspace string // as in chat.Place
	Name               string // of the workspace, as people call it
	App                string // the chat's id of Griot
	BotUser            string // Griot's own user there
	InstalledBy        string // the chat's user; empty: not known
	Scopes             []string
	Token              string
	Refresh            string    // works once; empty: Token is not renewed
	Expires            time.Time // of Token; zero: never
	Rev                int64     // raised by each write
}

// rights are the secrets of an Install, as they are sealed.
type rights struct {
	Token   string `json:"token"`
	Refresh string `json:"refresh,omitzero"`
}

// Installs keeps the rights to speak in any number of workspaces, their tokens sealed. No error of it has a token in it.
type Installs struct {
	Log *slog.Logger // nil: silent

	db    *storage.DB
	seal  *Seal
	slots chan struct{} // how many are renewed at once: each holds a connection of the database's few

	mu    sync.Mutex // guards turns
	turns map[[2]string]chan struct{}
}

// renewals is how many rights one process renews at once.
const renewals = 4

// NewInstalls keeps rights in db, sealed with seal.
func NewInstalls(db *storage.DB, seal *Seal) *Installs {
	return &Installs{db: db, seal: seal, slots: make(chan struct{}, renewals), turns: map[[2]string]chan struct{}{}}
}

var (
	errNotInstalled = i18n.Text{
		En: "Griot is not installed in this workspace.",
		Fr: "Griot n’est pas installé dans cet espace.",
	}
	errState = i18n.Text{
		En: "This installation was begun more than ten minutes ago, or is finished already. Begin again from Griot’s installation page.",
		Fr: "Cette installation a été commencée il y a plus de dix minutes, ou est déjà terminée. Recommencez depuis la page d’installation de Griot.",
	}
)

// Get reads the right to speak in a workspace. Errors: a fault NotFound when it never gave any, or took it back.
func (s *Installs) Get(ctx context.Context, surface, workspace string) (Install, error) {
	x, err := storage.Installation(ctx, s.db, surface, workspace)
	if fault.Is(err, fault.NotFound) || err == nil && !x.Active {
		return Install{}, fault.New(fault.NotFound, errNotInstalled)
	}
	if err != nil {
		return Install{}, fmt.Errorf("read the installation of %s: %w", workspace, err)
	}
	return s.opened(x)
}

// All reads every right in one chat. Those that can be read are returned whatever the error, so that one that cannot
// disturbs no other.
func (s *Installs) All(ctx context.Context, surface string) ([]Install, error) {
	all, err := storage.Installations(ctx, s.db, surface)
	if err != nil {
		return nil, fmt.Errorf("list installations: %w", err)
	}
	var out []Install
	var errs []error
	for _, x := range all {
		i, err := s.opened(x)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		out = append(out, i)
	}
	return out, errors.Join(errs...)
}

// Save stores the right that a workspace has just given, instead of an earlier one.
func (s *Installs) Save(ctx context.Context, i Install) error {
	x, err := s.closed(i)
	if err != nil {
		return err
	}
	if err := s.db.InTx(ctx, func(tx *storage.Tx) error { return tx.PutInstallation(ctx, x) }); err != nil {
		return fmt.Errorf("store the installation of %s: %w", i.Workspace, err)
	}
	return nil
}

// Remove forgets the right to speak in a workspace and tells the team's admins where they can still be reached, once. It
// reports false when there was none.
func (s *Installs) Remove(ctx context.Context, surface, workspace string) (was bool, err error) {
	err = s.db.InTx(ctx, func(tx *storage.Tx) (err error) {
		var x storage.Install
		if x, was, err = tx.RemoveInstallation(ctx, surface, workspace); err != nil || !was {
			return err
		}
		return tellGone(ctx, tx, x)
	})
	if err != nil {
		return false, fmt.Errorf("remove the installation of %s: %w", workspace, err)
	}
	return was, nil
}

// tellGone says to the admins of the team that a workspace belongs to, if it belongs to one, that it put Griot out.
func tellGone(ctx context.Context, tx *storage.Tx, x storage.Install) error {
	team, err := storage.TeamAt(ctx, tx, x.Surface, x.Workspace)
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	admins, err := storage.Admins(ctx, tx, team.ID)
	if err != nil {
		return err
	}
	change := tx.Now().Format(time.DateOnly) + "." + strconv.FormatInt(x.Rev, 10)
	for _, m := range admins {
		n := social.Notice{TeamID: team.ID, Subject: x.Surface + "|" + x.Workspace, MemberID: m.ID, Kind: social.ChatGone, Change: change,
			Data: map[string]string{"surface": x.Surface, "workspace": cmp.Or(x.Name, x.Workspace)}}
		if err := tx.Notify(ctx, n); err != nil {
			return err
		}
	}
	return nil
}

// stateLife is how long somebody may take to install Griot.
const stateLife = 10 * time.Minute

// NewState makes the word that binds an installation to whoever begins it: 32 random bytes in hexadecimal, good once, for
// ten minutes.
func (s *Installs) NewState(ctx context.Context, surface string) (string, error) {
	b := make([]byte, 32)
	_, _ = rand.Read(b) // never fails: crypto/rand crashes the process instead
	state := hex.EncodeToString(b)
	err := s.db.InTx(ctx, func(tx *storage.Tx) error { return tx.AddSignIn(ctx, surface, state, tx.Now().Add(stateLife)) })
	if err != nil {
		return "", fmt.Errorf("begin an installation: %w", err)
	}
	return state, nil
}

// UseState spends the word of an installation. Errors: a fault NotFound when it is unknown, spent, too old or another chat's.
func (s *Installs) UseState(ctx context.Context, surface, state string) error {
	good := false
	err := s.db.InTx(ctx, func(tx *storage.Tx) (err error) {
		good, err = tx.UseSignIn(ctx, surface, state)
		return err
	})
	switch {
	case err != nil:
		return fmt.Errorf("end an installation: %w", err)
	case !good:
		return fault.New(fault.NotFound, errState)
	}
	return nil
}

// closed is an install with its secrets sealed.
func (s *Installs) closed(i Install) (storage.Install, error) {
	secrets, err := lock(s.seal, rights{i.Token, i.Refresh}, installPurpose(i.Surface, i.Workspace))
	if err != nil {
		return storage.Install{}, fmt.Errorf("seal the token of %s: %w", i.Workspace, err)
	}
	return storage.Install{Surface: i.Surface, Workspace: i.Workspace, Name: i.Name, App: i.App, BotUser: i.BotUser,
		InstalledBy: i.InstalledBy, Scopes: i.Scopes, Secrets: secrets, Expires: i.Expires, Active: true, Rev: i.Rev}, nil
}

// opened is a stored install with its secrets.
func (s *Installs) opened(x storage.Install) (Install, error) {
	r, err := unlock[rights](s.seal, x.Secrets, installPurpose(x.Surface, x.Workspace))
	if err != nil {
		return Install{}, fmt.Errorf("token of %s: %w", x.Workspace, err)
	}
	return Install{Surface: x.Surface, Workspace: x.Workspace, Name: x.Name, App: x.App, BotUser: x.BotUser, InstalledBy: x.InstalledBy,
		Scopes: x.Scopes, Token: r.Token, Refresh: r.Refresh, Expires: x.Expires, Rev: x.Rev}, nil
}

// installPurpose is what sealed tokens are bound to: moved to another workspace they do not open.
func installPurpose(surface, workspace string) string { return "install|" + surface + "|" + workspace }
