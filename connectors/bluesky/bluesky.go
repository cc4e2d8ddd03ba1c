package bluesky

import (
	"context"
	"time"

	"griot/connectors"
	"griot/connectors/rest"
	"griot/i18n"
	"griot/social"
)

// Keys of Credential.Secrets.
const (
	Identifier  = "identifier"   // handle or e-mail address
	AppPassword = "app_password" // xxxx-xxxx-xxxx-xxxx
	Server      = "server"       // where people sign in; empty: DefaultServer
)

// DefaultServer is where accounts hosted by Bluesky sign in.
const DefaultServer = "https://bsky.social"

const network = "bluesky"

// Connector is Bluesky.
type Connector struct {
	guard   *rest.Guard
	now     func() time.Time
	options []rest.Option
}

// New makes the connector. It reads now to know when a token must be renewed. Options are applied to every client, after the
// connector's own.
func New(guard *rest.Guard, now func() time.Time, options ...rest.Option) Connector {
	return Connector{guard: guard, now: now, options: options}
}

// usual are the limits of every server. Source: lexicons app.bsky.feed.post (text) and app.bsky.embed.images, and the reference
// server, which enforces the length, the bytes, the number of pictures and their size; read and measured 2026-11. GIF is left
// out: Bluesky shows its first frame only. The length of descriptions is unlimited there; people's apps stop at 2000.
var usual = social.Limits{
	Length: 300, Unit: social.Graphemes, Bytes: 3000,
	Images: 4, ImageBytes: 2_000_000, ImageTypes: []string{"image/jpeg", "image/png", "image/webp"},
	Alt: 2000, Parts: 25,
}

var repeatable = connectors.Repeat{
	For: connectors.Forever,
	Seen: "putRecord with a stored key, the stored record and swapRecord null, sent again to the reference server after a lost answer:" +
		" one record, the same CID, no second event.",
}

// Info names the network, what to paste, and its limits.
func (Connector) Info() connectors.Info {
	return connectors.Info{
		ID:   network,
		Name: "Bluesky",
		About: i18n.Text{
			En: "Enter your handle and an app password. In Bluesky: Settings → Privacy and security → App passwords → Add.",
			Fr: "Indiquez votre identifiant et un mot de passe d’application. Dans Bluesky\u202f: Paramètres → Confidentialité et sécurité → Mots de passe d’application → Ajouter.",
		},
		Secrets: []connectors.Secret{
			{
				Key: Identifier, Kind: connectors.Plain,
				Label: i18n.Text{En: "Handle or e-mail address", Fr: "Identifiant ou adresse e-mail"},
				Help:  i18n.Text{En: "Such as maison.bsky.social.", Fr: "Par exemple maison.bsky.social."},
			},
			{
				Key: AppPassword, Kind: connectors.Hidden,
				Label: i18n.Text{En: "App password", Fr: "Mot de passe d’application"},
				Help: i18n.Text{
					En: "Four groups of four characters, made for Griot alone. Never the password of the account itself.",
					Fr: "Quatre groupes de quatre caractères, créés pour Griot. Jamais le mot de passe du compte.",
				},
			},
			{
				Key: Server, Kind: connectors.Address, Default: DefaultServer,
				Label: i18n.Text{En: "Server", Fr: "Serveur"},
				Help: i18n.Text{
					En: "Leave it as it is, unless your account lives on a server of its own.",
					Fr: "Laissez tel quel, sauf si votre compte est hébergé ailleurs que chez Bluesky.",
				},
			},
		},
		Limits: usual,
		Repeat: repeatable,
	}
}

// Open signs in once and keeps the session; see connectors.Connector.
func (n Connector) Open(ctx context.Context, c connectors.Credential) (connectors.Account, error) {
	s, err := n.session(ctx, c)
	if err != nil {
		return connectors.Account{}, err
	}
	f := s.current()
	p := publisher{s}
	return connectors.Account{
		RemoteID: f.DID,
		Handle:   "@" + f.name(),
		URL:      profileURL(f.name()),
		Limits:   usual,
		Repeat:   repeatable,
		Probe:    s.probe,
		Publish:  p,
		Reply:    p,
		Metrics:  reader{s},
		Mentions: listener{s},
		Answered: s.answered,
	}, nil
}
