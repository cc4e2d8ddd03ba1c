package web

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"syscall"
	"time"

	"griot/fault"
	"griot/i18n"
)

// How long a connection may dawdle. There is no limit on the whole of a request: pages stream for hours, and each handler
// bounds its own.
const (
	headerTime = 10 * time.Second
	idleTime   = 2 * time.Minute
	headerSize = 64 << 10
	stopTime   = 10 * time.Second
)

var (
	errTaken = i18n.Text{
		En: "The address %s is in use: another Griot or another program listens there. Stop it, or set GRIOT_ADDR to another address.",
		Fr: "L’adresse %s est déjà prise\u202f: un autre Griot ou un autre programme y écoute. Arrêtez-le, ou donnez une autre adresse avec GRIOT_ADDR.",
	}
	errAddress = i18n.Text{
		En: "Griot cannot listen on %s. GRIOT_ADDR is an address of this machine and a port, like 127.0.0.1:8080.",
		Fr: "Griot ne peut pas écouter sur %s. GRIOT_ADDR est une adresse de cette machine et un port, comme 127.0.0.1:8080.",
	}
)

// Listen opens addr, so that what is printed about it is true. Errors: a fault Invalid that says what to change.
func Listen(ctx context.Context, addr string) (net.Listener, error) {
	ln, err := new(net.ListenConfig).Listen(ctx, "tcp", addr)
	if err == nil {
		return ln, nil
	}
	f := fault.New(fault.Invalid, errAddress, addr)
	if errors.Is(err, syscall.EADDRINUSE) {
		f = fault.New(fault.Invalid, errTaken, addr)
	}
	f.Err = err
	return nil, f
}

// ServeOn answers on ln with h until ctx ends, then takes no more requests and gives those under way ten seconds. Streams
// end with the surface that feeds them: it stops first. nil after an orderly stop.
func ServeOn(ctx context.Context, ln net.Listener, h http.Handler, log *slog.Logger) error {
	s := &http.Server{Handler: h, ReadHeaderTimeout: headerTime, IdleTimeout: idleTime, MaxHeaderBytes: headerSize,
		ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelDebug)} // what strangers' broken connections cause
	ended := make(chan error, 1)
	go func() { ended <- s.Serve(ln) }()
	select {
	case err := <-ended:
		return fmt.Errorf("serve %s: %w", ln.Addr(), err)
	case <-ctx.Done():
	}
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTime)
	defer cancel()
	err := s.Shutdown(last)
	if errors.Is(err, context.DeadlineExceeded) {
		log.Warn("requests cut off at stop", "after", stopTime)
		err = s.Close()
	}
	<-ended
	if err != nil {
		return fmt.Errorf("stop serving %s: %w", ln.Addr(), err)
	}
	return nil
}
