// Package feed reads what sites publish about themselves: RSS, Atom and JSON Feed. A feed is a network on which nothing can be
// said: its account is one address, and each article that appears there is a mention.
package feed

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"time"

	"griot/connectors"
	"griot/connectors/markup"
	"griot/connectors/rest"
	"griot/i18n"
)

// ID is the network's id in rows.
const ID = "feed"

// Address is the key of the one secret: where the feed is.
const Address = "address"

// Connector reads feeds.
type Connector struct {
	guard *rest.Guard
	now   func() time.Time
}

// New makes the connector. It reads now for articles that do not say when they appeared.
func New(guard *rest.Guard, now func() time.Time) Connector { return Connector{guard, now} }

// Info says that nothing can be published here, and that an address is all it takes.
func (Connector) Info() connectors.Info {
	return connectors.Info{
		ID:   ID,
		What: i18n.Text{En: "feeds", Fr: "les flux"}, // RSS, Atom or JSON Feed: people see the site's title
		About: i18n.Text{
			En: "The address of a feed: RSS, Atom or JSON Feed. Each new article comes to the mentions channel.",
			Fr: "L’adresse d’un flux RSS, Atom ou JSON Feed. Chaque nouvel article arrive dans le canal des mentions.",
		},
		Secrets: []connectors.Secret{{
			Key: Address, Kind: connectors.Address,
			Label: i18n.Text{En: "Address of the feed", Fr: "Adresse du flux"},
			Help: i18n.Text{
				En: "As on the site: https://maison.example/feed.xml.",
				Fr: "Telle que le site la donne\u202f: https://maison.example/feed.xml.",
			},
		}},
		ReadOnly: true,
	}
}

// The keys of Facts.
const (
	factFor   = "for" // the address as typed, for which the rest was learnt
	factTitle = "title"
	factSite  = "site"
)

// maxTitle is how much of a feed's own title names it, in runes.
const maxTitle = 80

// Open reads the feed once and keeps its title; see connectors.Connector.
func (n Connector) Open(ctx context.Context, c connectors.Credential) (connectors.Account, error) {
	at, err := n.address(c.Secrets[Address])
	if err != nil {
		return connectors.Account{}, err
	}
	// Without the log of rest: a private feed's secret is in its path.
	client, err := rest.New(ID, n.guard, rest.BodyLimit(maxBytes))
	if err != nil {
		return connectors.Account{}, err
	}
	s := source{client: client, at: at, now: n.now}
	facts := c.Facts
	if facts[factFor] != at || facts[factTitle] == "" {
		doc, err := s.read(ctx, reading{})
		if err != nil {
			return connectors.Account{}, err
		}
		facts = map[string]string{factFor: at, factTitle: doc.title(at), factSite: doc.site(at)}
		if err := c.Save(ctx, facts); err != nil {
			return connectors.Account{}, fmt.Errorf("save what the feed said: %w", err)
		}
	}
	s.title, s.site = facts[factTitle], facts[factSite]
	return connectors.Account{
		RemoteID: at,
		Handle:   s.title,
		URL:      s.site,
		Probe: func(ctx context.Context) error {
			_, err := s.read(ctx, reading{})
			return err
		},
		Mentions: s,
	}, nil
}

// address is what was typed as one spelling. A plain http address that may not be called is tried with https.
func (n Connector) address(typed string) (string, error) {
	s := strings.TrimSpace(typed)
	s = strings.TrimPrefix(strings.TrimPrefix(s, "feed:"), "//")
	if !strings.Contains(s, "://") {
		s = "https://" + s
	}
	u, err := url.Parse(s)
	if err != nil || u.Host == "" || u.User != nil {
		return "", &connectors.Error{Kind: connectors.Refused, Network: ID, Err: rest.ErrAddress}
	}
	u.Host, u.Fragment = strings.ToLower(u.Host), ""
	if u.Path == "" {
		u.Path = "/"
	}
	if u.Scheme == "http" && n.guard.Check(u) != nil {
		u.Scheme = "https"
	}
	if err := n.guard.Check(u); err != nil {
		return "", &connectors.Error{Kind: connectors.Refused, Network: ID, Err: err}
	}
	return u.String(), nil
}

// title names the feed: its own title, else its host.
func (d document) title(at string) string {
	if t := markup.Cut(markup.Line(markup.Text(d.feed.Title)), maxTitle); t != "" {
		return t
	}
	u, err := url.Parse(at)
	if err != nil {
		return at
	}
	return u.Host
}

// site is the page that the feed is of, else the feed itself.
func (d document) site(at string) string {
	if s := absolute(at, d.feed.Link); s != "" {
		return s
	}
	return at
}

// absolute is where a link leads, from the feed's own address; empty when it is no web address.
func absolute(from, link string) string {
	base, err := url.Parse(from)
	if err != nil || strings.TrimSpace(link) == "" {
		return ""
	}
	u, err := base.Parse(strings.TrimSpace(link))
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil {
		return ""
	}
	return u.String()
}
