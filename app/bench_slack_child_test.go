//go:build !race

package app_test

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"sync"
	"testing"
	"time"

	"griot/app"
	"griot/bot/slackbot"
	"griot/chat"
	"griot/i18n"
	"griot/web"
)

// What a child finds in its environment, besides Griot's own configuration.
const (
	ackServer  = "GRIOT_ACK_SERVER"  // which of ackServers it is
	ackVillage = "GRIOT_ACK_VILLAGE" // base URL of the pretend network
)

// ackServers answer Slack on a listener until ctx ends.
var ackServers = map[string]func(context.Context, net.Listener) error{"griot": serveGriot, "surface": serveSurface, "floor": serveFloor}

// TestAckServer is a server of the benchmark in a process of its own, by the name in its environment. It prints its address, and
// lives until its standard input ends. It does nothing by itself.
func TestAckServer(t *testing.T) {
	serve := ackServers[os.Getenv(ackServer)]
	if serve == nil {
		return
	}
	ctx, stop := context.WithCancel(t.Context())
	go func() {
		defer stop()
		_, _ = io.Copy(io.Discard, os.Stdin) // nothing is said on it: it only ends
	}()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if err := serve(ctx, l); err != nil {
		t.Fatal(err)
	}
}

// listens tells the parent where to call.
func listens(l net.Listener) error {
	_, err := fmt.Println(l.Addr())
	return err
}

// serveGriot is griot serve, whole, but for the pretend network: that is the parent's, which counts.
func serveGriot(ctx context.Context, l net.Listener) error {
	cfg, err := app.Read(os.Getenv)
	if err != nil {
		return err
	}
	born := time.Now()
	a, err := app.New(ctx, cfg, app.Parts{Now: time.Now, Mono: func() time.Duration { return time.Since(born) }, Village: os.Getenv(ackVillage),
		Log: slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: cfg.LogLevel}))})
	if err != nil {
		return err
	}
	err = a.Run(ctx, l, nil, func() error { return listens(l) })
	return errors.Join(err, a.DB.Close())
}

// serveSurface is Griot's way into Slack alone, with nothing behind it.
func serveSurface(ctx context.Context, l net.Listener) error {
	log := slog.New(slog.NewTextHandler(os.Stderr, nil))
	s := slackbot.New(slackbot.Options{API: os.Getenv("SLACK_API_URL"), BotToken: os.Getenv("SLACK_BOT_TOKEN"), SigningSecret: os.Getenv("SLACK_SIGNING_SECRET"),
		Installs: &rights{}, Locale: i18n.Fr, Now: time.Now, Log: log})
	over := make(chan error, 1)
	go func() {
		over <- s.Run(ctx, func(context.Context, chat.Event) (chat.Answer, error) {
			return chat.Say{Card: chat.Sentence(chat.Neutral, chat.Plain("Bonjour !")), Private: true}, nil
		})
	}()
	if err := listens(l); err != nil {
		return err
	}
	err := web.ServeOn(ctx, l, s.Handler(), log)
	if e := <-over; !errors.Is(e, context.Canceled) {
		err = errors.Join(err, e)
	}
	return err
}

// rights are those of the one workspace of the token.
type rights struct {
	slackbot.Installs // what the one workspace does not need

	mu    sync.Mutex // guards saved
	saved slackbot.Install
}

// Get finds what was saved.
func (r *rights) Get(_ context.Context, workspace string) (slackbot.Install, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.saved.Workspace != workspace {
		return slackbot.Install{}, chat.ErrRemoved
	}
	return r.saved, nil
}

// Save remembers i.
func (r *rights) Save(_ context.Context, i slackbot.Install) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.saved = i
	return nil
}

// serveFloor is the least that can be done: Go's own server, and a look at the signature.
func serveFloor(ctx context.Context, l net.Listener) error {
	secret := []byte(os.Getenv("SLACK_SIGNING_SECRET"))
	h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		mac := hmac.New(sha256.New, secret)
		fmt.Fprintf(mac, "v0:%s:%s", r.Header.Get("X-Slack-Request-Timestamp"), body)
		if !hmac.Equal([]byte(r.Header.Get("X-Slack-Signature")), []byte("v0="+hex.EncodeToString(mac.Sum(nil)))) {
			w.WriteHeader(http.StatusUnauthorized)
		}
	})
	if err := listens(l); err != nil {
		return err
	}
	return web.ServeOn(ctx, l, h, slog.New(slog.DiscardHandler))
}
