// Package mastodon speaks the API of Mastodon and of the servers that share it (GoToSocial, Pleroma and Akkoma, Pixelfed,
// Friendica). It is written on rest and not on mattn/go-mastodon, because that client leaves to chance what this product
// is about: it sends through http.Client, which may send a call twice, cannot set Idempotency-Key, follows redirects with
// a write, reads answers without a limit, and its errors do not tell a refusal from a lost answer.
//
// No post is ever sent again without a human's word (Repeat is zero), although Mastodon remembers an Idempotency-Key for an hour.
// A server can be shown to honour the key without anything visible (two scheduled posts with one key, then deleted), but this
// proves too little: Mastodon stores the key after the post is made, so that a first call which is still waiting in the server
// and a second one make two posts, and a lost answer is just when the first may still be waiting. The key is sent all the
// same; what decides is looking at the account's own posts.
package mastodon

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"griot/connectors"
	"griot/connectors/rest"
	"griot/i18n"
	"griot/social"
)

// Keys of Credential.Secrets.
const (
	Server = "server"
	Token  = "token"
)

// Connector is Mastodon.
type Connector struct {
	guard   *rest.Guard
	options []rest.Option
	poll    time.Duration
}

// New makes the connector. Options are applied to every client, after the connector's own.
func New(guard *rest.Guard, options ...rest.Option) Connector {
	return Connector{guard: guard, options: options, poll: time.Second}
}

// Polling returns a connector that asks after a picture in work every d. Default: a second.
func (n Connector) Polling(d time.Duration) Connector {
	n.poll = d
	return n
}

// Info names the network, what to paste, and the limits of a server that was not asked yet.
func (Connector) Info() connectors.Info {
	return connectors.Info{
		ID:   network,
		Name: "Mastodon",
		About: i18n.Text{
			En: "Paste your server’s address and an access token. On your server: Preferences → Development → New application, with the scopes " + scopes + "; then copy “Your access token”.",
			Fr: "Indiquez l’adresse de votre serveur et un jeton d’accès. Sur votre serveur\u202f: Préférences → Développement → Nouvelle application, avec les droits " + scopes + "\u202f; copiez ensuite «\u202fVotre jeton d’accès\u202f».",
		},
		Secrets: []connectors.Secret{
			{
				Key: Server, Kind: connectors.Address,
				Label: i18n.Text{En: "Server address", Fr: "Adresse du serveur"},
				Help: i18n.Text{
					En: "As in your browser: https://mastodon.social. GoToSocial, Pleroma and Akkoma work too.",
					Fr: "Comme dans votre navigateur\u202f: https://mastodon.social. GoToSocial, Pleroma, Akkoma vont aussi.",
				},
			},
			{
				Key: Token, Kind: connectors.Hidden,
				Label: i18n.Text{En: "Access token", Fr: "Jeton d’accès"},
				Help: i18n.Text{
					En: "Preferences → Development → your application → “Your access token”.",
					Fr: "Préférences → Développement → votre application → «\u202fVotre jeton d’accès\u202f».",
				},
			},
		},
		Limits: usual,
	}
}

const network = "mastodon"

// scopes is the least that publishing, looking, counting and listening need.
const scopes = "read:accounts, read:statuses, read:notifications, write:statuses, write:media"

// usual are the limits of an untouched Mastodon. Source: its /api/v2/instance, version 4.4.
var usual = social.Limits{
	Length: 500, Unit: social.Graphemes, URLLength: 23, ShortMentions: true, Addressed: true,
	Images: 4, ImageBytes: 16 << 20, ImagePixels: 33_177_600,
	ImageTypes: []string{"image/jpeg", "image/png", "image/gif", "image/heic", "image/heif", "image/webp", "image/avif"},
	Alt:        1500, Parts: threadParts,
}

// threadParts is our own measure: no server limits threads, and longer ones meet the limit of 300 calls in five minutes.
const threadParts = 20

// Open reads who the token belongs to and what the server takes, once; see connectors.Connector.
func (n Connector) Open(ctx context.Context, c connectors.Credential) (connectors.Account, error) {
	client, err := n.client(c)
	if err != nil {
		return connectors.Account{}, err
	}
	f, err := readFacts(c.Facts)
	if err != nil || f.Server != client.Server() {
		if f, err = learn(ctx, client); err != nil {
			return connectors.Account{}, err
		}
		// Another process that was faster learnt the same.
		if err := c.Save(ctx, f.write()); err != nil && !errors.Is(err, connectors.ErrRaced) {
			return connectors.Account{}, fmt.Errorf("save what %s said: %w", f.Server, err)
		}
	}
	p := publisher{client: client, facts: f, poll: n.poll}
	return connectors.Account{
		RemoteID: f.AccountID,
		Handle:   "@" + f.Acct + "@" + f.Domain,
		URL:      f.URL,
		Limits:   f.Limits,
		Probe:    func(ctx context.Context) error { return probe(ctx, client, f) },
		Publish:  p,
		Reply:    replier{p},
		Metrics:  reader{client: client},
		Mentions: listener{client: client, facts: f},
		Answered: p.answered,
	}, nil
}

// client speaks for one credential. A token is taken as people paste it: with spaces around, or with the word before it.
func (n Connector) client(c connectors.Credential) (*rest.Client, error) {
	fields := strings.Fields(c.Secrets[Token])
	if len(fields) == 2 && strings.EqualFold(fields[0], "Bearer") {
		fields = fields[1:]
	}
	if len(fields) != 1 || strings.ContainsFunc(fields[0], func(r rune) bool { return r <= ' ' || r > '~' }) {
		return nil, &connectors.Error{Kind: connectors.SignIn, Network: network, Err: errors.New("this is not an access token")}
	}
	options := append([]rest.Option{rest.Base(c.Secrets[Server]), rest.Bearer(fields[0]), rest.Log(c.Log)}, n.options...)
	return rest.New(network, n.guard, options...)
}

// probe asks whose the token is. Somebody else's is as bad as none.
func probe(ctx context.Context, client *rest.Client, f facts) error {
	me, err := whoAmI(ctx, client)
	if err == nil && me.ID != f.AccountID {
		return &connectors.Error{Kind: connectors.SignIn, Network: network, Err: errors.New("the token belongs to another account")}
	}
	return err
}
