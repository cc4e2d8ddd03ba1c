package rest

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"
)

// ErrForbidden is wrapped when an address may not be called: not https, or not on the public internet.
var ErrForbidden = errors.New("this address is not on the public internet or not https, and not in the list of allowed hosts")

// Guard keeps Griot from being used to reach what only its own machine can see. A name is resolved once, every address
// is checked, and the checked address is the one dialled, so that a second resolution cannot differ. No proxy is ever used,
// whatever the environment says. Connections for reading are kept and shared; a visible call gets one of its own.
type Guard struct {
	allow map[string]struct{}
	dial  net.Dialer
	reads *http.Transport // kept-alive connections
	once  *http.Transport // one connection per call: Go re-sends only on a reused one
}

// NewGuard lets through public https addresses, and each "host:port" of allow wherever it is and without https.
// It fails when an entry is not host:port.
func NewGuard(allow []string) (*Guard, error) {
	g := &Guard{allow: map[string]struct{}{}, dial: net.Dialer{Timeout: 10 * time.Second}}
	for _, a := range allow {
		host, port, err := net.SplitHostPort(strings.TrimSpace(a))
		if err != nil || host == "" || port == "" {
			return nil, fmt.Errorf("allowed host %q: not host:port", a)
		}
		g.allow[allowKey(host, port)] = struct{}{}
	}
	g.reads, g.once = g.transport(), g.transport()
	g.reads.MaxIdleConnsPerHost, g.reads.IdleConnTimeout = 2, 30*time.Second
	g.once.DisableKeepAlives = true
	return g, nil
}

// Close drops the idle connections. The Guard stays usable.
func (g *Guard) Close() { g.reads.CloseIdleConnections() }

// Check reports whether u may be called as far as its text tells: scheme, host and port. Dialling checks the rest.
// It wraps ErrForbidden.
func (g *Guard) Check(u *url.URL) error {
	if u.Hostname() == "" {
		return fmt.Errorf("%w: no host", ErrForbidden)
	}
	switch u.Scheme {
	case "https":
		return nil
	case "http":
		if g.allowed(u.Hostname(), portOf(u)) {
			return nil
		}
	}
	return fmt.Errorf("%w: %s://%s", ErrForbidden, u.Scheme, u.Host)
}

// transport speaks HTTP/1.1 only: HTTP/2 brings retries of its own.
func (g *Guard) transport() *http.Transport {
	var p http.Protocols
	p.SetHTTP1(true)
	return &http.Transport{
		Proxy:                  nil,
		DialContext:            g.dialContext,
		Protocols:              &p,
		TLSHandshakeTimeout:    10 * time.Second,
		MaxResponseHeaderBytes: 64 << 10,
	}
}

// dialContext is where every connection of Griot to the outside begins.
func (g *Guard) dialContext(ctx context.Context, network, addr string) (net.Conn, error) {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, err
	}
	if g.allowed(host, port) {
		c, err := g.dial.DialContext(ctx, network, addr)
		return watch(c), err
	}
	ips, err := net.DefaultResolver.LookupNetIP(ctx, "ip", host)
	if err != nil {
		return nil, err
	}
	last := fmt.Errorf("%w: %s", ErrForbidden, host)
	for _, ip := range ips {
		if !public(ip) {
			continue
		}
		c, err := g.dial.DialContext(ctx, network, net.JoinHostPort(ip.Unmap().String(), port))
		if err == nil {
			return watch(c), nil
		}
		last = err
	}
	return nil, last
}

func (g *Guard) allowed(host, port string) bool {
	_, ok := g.allow[allowKey(host, port)]
	return ok
}

func allowKey(host, port string) string {
	return net.JoinHostPort(strings.TrimSuffix(strings.ToLower(host), "."), port)
}

func portOf(u *url.URL) string {
	if p := u.Port(); p != "" {
		return p
	}
	if u.Scheme == "http" {
		return "80"
	}
	return "443"
}

// special lists what is inside the unicast space and still not the public internet.
// Source: IANA special-purpose address registries; 168.63.129.16 is Azure's machine-local service.
var special = prefixes(
	"0.0.0.0/8", "100.64.0.0/10", "168.63.129.16/32", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "198.18.0.0/15",
	"198.51.100.0/24", "203.0.113.0/24", "240.0.0.0/4",
	"2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20",
)

var (
	globalV6 = netip.MustParsePrefix("2000::/3")
	nat64    = netip.MustParsePrefix("64:ff9b::/96") // an IPv4 address in its last four bytes
)

// public reports whether ip is a public unicast address.
func public(ip netip.Addr) bool {
	if ip = ip.Unmap(); ip.Zone() != "" {
		return false
	}
	if nat64.Contains(ip) {
		b := ip.As16()
		return public(netip.AddrFrom4([4]byte(b[12:])))
	}
	if ip.Is6() && !globalV6.Contains(ip) {
		return false
	}
	if !ip.IsGlobalUnicast() || ip.IsPrivate() {
		return false
	}
	for _, p := range special {
		if p.Contains(ip) {
			return false
		}
	}
	return true
}

func prefixes(ss ...string) []netip.Prefix {
	ps := make([]netip.Prefix, len(ss))
	for i, s := range ss {
		ps[i] = netip.MustParsePrefix(s)
	}
	return ps
}
