package app

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"path/filepath"
	"strconv"
	"time"

	"golang.org/x/sync/errgroup"

	"griot/connectors/pretend"
	"griot/delivery"
	"griot/fault"
	"griot/i18n"
	"griot/storage"
	"griot/web"
)

var (
	ready = i18n.Text{
		En: "Griot %s is ready.\n",
		Fr: "Griot %s est prêt.\n",
	}
	readyChat = i18n.Text{
		En: "  The team's chat      %s\n  A second chat        %s\n",
		Fr: "  Le chat de l’équipe   %s\n  Un second chat        %s\n",
	}
	readySlack = i18n.Text{
		En: "  In Slack             type /griot in a channel\n",
		Fr: "  Dans Slack            tapez /griot dans un canal\n",
	}
	readyDiscord = i18n.Text{
		En: "  In Discord           type /setup in a server; this link invites Griot there: %s\n",
		Fr: "  Dans Discord          tapez /demarrer dans un serveur\u202f; ce lien y invite Griot\u202f: %s\n",
	}
	readyInstall = i18n.Text{
		En: "  New workspaces       %s/slack/install\n",
		Fr: "  Nouveaux espaces      %s/slack/install\n",
	}
	readyVillage = i18n.Text{
		En: "  Practice network     %s\n",
		Fr: "  Réseau d’entraînement %s\n",
	}
	readyStart = i18n.Text{
		En: "Open the first one in a browser and type /setup. Stop with Ctrl-C.\n",
		Fr: "Ouvrez le premier dans un navigateur et tapez /demarrer. Arrêtez avec Ctrl-C.\n",
	}
	readyCode = i18n.Text{
		En: "Nobody has set Griot up yet. Somebody who does not manage the chat can do it with this code, once: %s\n",
		Fr: "Personne n’a encore démarré Griot. Une personne qui ne gère ni l’espace ni le serveur peut le faire avec ce code, une fois\u202f: %s\n",
	}
)

// serve runs Griot until ctx ends.
func (c Command) serve(ctx context.Context, cfg Config) error {
	log := c.logger(cfg)
	if err := storage.Folder(cfg.Data); err != nil {
		return err
	}
	listener, err := web.Listen(ctx, cfg.Addr)
	if err != nil {
		return err
	}
	village, err := openVillage(cfg, origin(listener.Addr()), log)
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	born := time.Now()
	steady := func() time.Duration { return time.Since(born) } // whatever happens to the wall clock
	p := Parts{Now: time.Now, Mono: steady, Log: log, Village: village.base, Second: "/two", Key: keyFor(cfg)}
	if c.Step != nil {
		p.Tune = func(o *delivery.Options) { o.Step = c.Step }
	}
	a, err := New(ctx, cfg, p)
	if err != nil {
		return errors.Join(err, village.close(), listener.Close())
	}
	err = a.Run(ctx, listener, village, func() error { return c.announce(ctx, a, origin(listener.Addr())) })
	return errors.Join(err, a.DB.Close())
}

// keyFor makes the one-time key that the playground asks for where others could reach it.
func keyFor(cfg Config) string {
	if loopback(cfg.Addr) {
		return ""
	}
	b := make([]byte, 18)
	_, _ = rand.Read(b) // never fails: crypto/rand crashes the process instead
	return base64.RawURLEncoding.EncodeToString(b)
}

// announce says where to look.
func (c Command) announce(ctx context.Context, a *App, here string) error {
	l := c.locale()
	fmt.Fprint(c.Out, ready.In(l, c.Version))
	c.announceSlack(a)
	if a.Discord != nil {
		fmt.Fprint(c.Out, readyDiscord.In(l, a.Discord.Invite()))
	}
	if len(a.Playgrounds) > 0 {
		query := ""
		if a.parts.Key != "" {
			query = "?key=" + a.parts.Key
		}
		fmt.Fprint(c.Out, readyChat.In(l, here+"/"+query, here+a.parts.Second+"/"+query))
		fmt.Fprint(c.Out, readyVillage.In(l, a.parts.Village+"/"))
		_, err := fmt.Fprint(c.Out, readyStart.In(l))
		return err
	}
	started, err := a.Team.Started(ctx)
	if err != nil || started {
		return err
	}
	code, err := a.Team.NewSetupCode(ctx)
	if err != nil {
		return err
	}
	_, err = fmt.Fprint(c.Out, readyCode.In(l, code))
	return err
}

// announceSlack says how to reach Griot in Slack, when it is there.
func (c Command) announceSlack(a *App) {
	if a.Slack == nil {
		return
	}
	fmt.Fprint(c.Out, readySlack.In(c.locale()))
	if a.cfg.Slack.ClientID != "" {
		fmt.Fprint(c.Out, readyInstall.In(c.locale(), a.cfg.BaseURL))
	}
}

// Run works until ctx ends, and then stops in order: chats and web first, then what is leaving, then jobs. Ready is called
// once everything has started.
func (a *App) Run(ctx context.Context, l net.Listener, v *village, ready func() error) error {
	g, ctx := errgroup.WithContext(ctx)
	later, cut := context.WithCancel(context.WithoutCancel(ctx)) // of what outlives the chats
	defer cut()
	if err := a.Queue.Start(later); err != nil {
		return fmt.Errorf("start jobs: %w", err)
	}
	for _, s := range a.Surfaces {
		g.Go(func() error { return ended(ctx, s.Run(ctx, a.handle)) })
	}
	g.Go(func() error { return web.ServeOn(ctx, l, a.Handler(), a.parts.Log) })
	if v != nil && v.server != nil {
		g.Go(func() error { return v.serve(ctx, a.parts.Log) })
	}
	g.Go(func() error { return a.Delivery.Run(ctx) })
	if err := a.Board.Resume(ctx); err != nil {
		a.parts.Log.Error("cards not looked at after the start", "err", err)
	}
	a.recall(ctx)
	if err := a.greet(ctx); err != nil {
		a.parts.Log.Error("nobody greeted", "err", err)
	}
	g.Go(ready)
	err := g.Wait()
	stopping, cancel := context.WithTimeout(later, 10*time.Second)
	defer cancel()
	err = errors.Join(err, a.Queue.Stop(stopping))
	for _, p := range a.Playgrounds {
		err = errors.Join(err, p.Close())
	}
	a.guard.Close()
	if v != nil {
		err = errors.Join(err, v.close())
	}
	return err
}

// ended is nil for an end that was asked for.
func ended(ctx context.Context, err error) error {
	if ctx.Err() != nil && errors.Is(err, ctx.Err()) {
		return nil
	}
	return err
}

// village is the pretend network beside Griot.
type village struct {
	base     string
	server   *pretend.Server // nil: another Griot on this machine runs it
	listener net.Listener
}

// openVillage listens on the port after Griot's, so that links to practice posts hold over restarts; on another one when
// that is taken.
func openVillage(cfg Config, framedBy string, log *slog.Logger) (*village, error) {
	_, port, err := net.SplitHostPort(cfg.Addr)
	if err != nil {
		return nil, err
	}
	n, err := strconv.Atoi(port)
	if err != nil {
		return nil, fault.New(fault.Invalid, errAddr, cfg.Addr)
	}
	if n > 0 {
		n++
	}
	l, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(n)))
	if err != nil {
		log.Warn("the practice network's usual port is taken, links to earlier practice posts will not open", "port", n)
		if l, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
			return nil, fmt.Errorf("open the practice network: %w", err)
		}
	}
	v := &village{base: origin(l.Addr()), listener: l}
	zone, err := time.LoadLocation(cfg.Zone)
	if err != nil {
		return nil, err
	}
	v.server, err = pretend.NewServer(pretend.Options{Now: time.Now, Zone: zone, Folder: filepath.Join(cfg.Data, "village"), BaseURL: v.base, FramedBy: []string{framedBy}})
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open the practice network: %w", err), l.Close())
	}
	return v, nil
}

// serve answers until ctx ends. Calls that the village holds back are let go first.
func (v *village) serve(ctx context.Context, log *slog.Logger) error {
	stop := context.AfterFunc(ctx, func() {
		if err := v.server.Close(); err != nil {
			log.Error("practice network not closed", "err", err)
		}
	})
	defer stop()
	return web.ServeOn(ctx, v.listener, v.server, log)
}

func (v *village) close() error {
	if v.server == nil {
		return nil
	}
	err := v.server.Close()
	if e := v.listener.Close(); e != nil && !errors.Is(e, net.ErrClosed) {
		err = errors.Join(err, e)
	}
	return err
}
