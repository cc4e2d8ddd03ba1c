package rest

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
)

// ErrAddress is wrapped when what was typed is not a server's address.
var ErrAddress = errors.New("this is not the address of a server")

// NormaliseBase makes one spelling of what people type as a server's address: "Social.Example/", "https://social.example:443"
// and "@me@social.example" all become "https://social.example". A path is kept without its last slash; query and
// fragment are dropped. It wraps ErrAddress, also for a name and password inside the address.
func NormaliseBase(typed string) (string, error) {
	s := strings.TrimSpace(typed)
	if !strings.Contains(s, "://") {
		if i := strings.LastIndexByte(s, '@'); i >= 0 && !strings.Contains(s, "/") {
			s = s[i+1:] // a handle: its server
		}
		s = "https://" + s
	}
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.User != nil || !hostLike(u.Hostname()) {
		return "", fmt.Errorf("%w: https://…", ErrAddress) // not what was typed: it may hold a password
	}
	host := strings.TrimSuffix(strings.ToLower(u.Hostname()), ".")
	if strings.Contains(host, ":") {
		host = "[" + host + "]"
	}
	if p := u.Port(); p != "" && p != portOf(&url.URL{Scheme: u.Scheme}) {
		host += ":" + p
	}
	return u.Scheme + "://" + host + strings.TrimRight(u.EscapedPath(), "/"), nil
}

// hostLike reports whether h can be a server's name: a bare word is a network's name, not a server's.
func hostLike(h string) bool {
	return (strings.EqualFold(h, "localhost") || strings.ContainsAny(h, ".:")) && !strings.ContainsAny(h, " \t\n\"'<>,;@\\%")
}
