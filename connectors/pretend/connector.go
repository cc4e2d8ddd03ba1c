package pretend

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"

	"griot/connectors"
	"griot/connectors/rest"
	"griot/i18n"
	"griot/social"
)

// ID is the network's id in rows.
const ID = "pretend"

// Connector reaches one village. Make one with New.
type Connector struct {
	base  string
	guard *rest.Guard
}

// New makes the connector of the village at base, "http://127.0.0.1:8081", which guard must allow.
func New(base string, guard *rest.Guard) *Connector { return &Connector{base, guard} }

// Info says what a practice account needs: a name. Repeating is harmless where the village honours keys, which only
// the opened account knows.
func (c *Connector) Info() connectors.Info {
	return connectors.Info{
		ID:   ID,
		Name: "Village",
		About: i18n.Text{
			En: "A practice account on the Village Square, a small network beside Griot. Only a name is needed, and nothing leaves.",
			Fr: "Un compte d’entraînement sur la Place du village, un petit réseau à côté de Griot. Il suffit d’un nom, et rien ne sort.",
		},
		Secrets: []connectors.Secret{{
			Key:   "name",
			Label: i18n.Text{En: "Name of the account", Fr: "Nom du compte"},
			Help:  i18n.Text{En: "As visitors will read it: your brand’s name, for example.", Fr: "Tel que les visiteurs le liront\u202f: le nom de votre marque, par exemple."},
			Kind:  connectors.Plain,
		}},
		Limits: social.Limits{
			Length: maxText, Unit: social.Graphemes, Images: maxPictures, ImageBytes: maxPictureBytes,
			ImageTypes: slices.Clone(pictureTypes), Alt: maxAlt, Parts: maxParts,
		},
		Granted: []string{factToken},
	}
}

// The keys of Facts.
const (
	factToken  = "token"
	factID     = "id"
	factHandle = "handle"
	factURL    = "url"
	factKeys   = "keys"
	factLimits = "limits" // JSON of social.Limits
)

// Open enrols the name at the village when nothing is known yet, and keeps the token it gets; with the token alone it asks
// who that is.
func (c *Connector) Open(ctx context.Context, cred connectors.Credential) (connectors.Account, error) {
	facts := maps.Clone(cred.Facts)
	if facts[factLimits] == "" {
		learnt, err := c.learn(ctx, cred)
		if err != nil {
			return connectors.Account{}, err
		}
		if err := cred.Save(ctx, learnt); err != nil {
			return connectors.Account{}, fmt.Errorf("save practice account: %w", err)
		}
		facts = learnt
	}
	client, err := rest.New(ID, c.guard, rest.Base(c.base), rest.Bearer(facts[factToken]), rest.Log(cred.Log))
	if err != nil {
		return connectors.Account{}, err
	}
	var limits social.Limits
	if err := json.Unmarshal([]byte(facts[factLimits]), &limits); err != nil {
		return connectors.Account{}, fmt.Errorf("read limits of practice account: %w", err)
	}
	p := &publisher{client: client, handle: facts[factHandle], keys: Keys(facts[factKeys])}
	return connectors.Account{
		RemoteID: facts[factID],
		Handle:   "@" + p.handle,
		URL:      facts[factURL],
		Limits:   limits,
		Repeat:   p.keys.repeat(),
		Probe: func(ctx context.Context) error {
			_, _, err := rest.Fetch[accountJSON](ctx, client, rest.Call{Path: "/api/me"})
			return err
		},
		Publish:  p,
		Reply:    p,
		Metrics:  reader{client},
		Mentions: listener{client},
		Answered: answered(client),
	}, nil
}

// learn asks for the rules of the village first, which may be repeated, then for an account: a new one, or the one whose
// token is known.
func (c *Connector) learn(ctx context.Context, cred connectors.Credential) (map[string]string, error) {
	client, err := rest.New(ID, c.guard, rest.Base(c.base), rest.Log(cred.Log))
	if err != nil {
		return nil, err
	}
	rules, answer, err := rest.Fetch[instanceJSON](ctx, client, rest.Call{Path: "/api/instance"})
	if err != nil {
		return nil, err
	}
	if rules.Limits.Text == 0 {
		return nil, answer.Unreadable("no limit of length")
	}
	limits, err := json.Marshal(rules.Limits.social())
	if err != nil {
		return nil, err
	}
	a, answer, err := c.who(ctx, cred)
	if err != nil {
		return nil, err
	}
	if a.ID == "" || a.Token == "" || a.Handle == "" {
		return nil, answer.Unreadable("no account in the answer")
	}
	return map[string]string{
		factToken: a.Token, factID: a.ID, factHandle: a.Handle, factURL: a.URL,
		factKeys: string(rules.Keys), factLimits: string(limits),
	}, nil
}

// who is the account whose token is known, or a new one.
func (c *Connector) who(ctx context.Context, cred connectors.Credential) (accountJSON, rest.Answer, error) {
	token, options := cred.Facts[factToken], []rest.Option{rest.Base(c.base), rest.Log(cred.Log)}
	body, err := json.Marshal(map[string]string{"name": cred.Secrets["name"]})
	if err != nil {
		return accountJSON{}, rest.Answer{}, err
	}
	call := rest.Call{Method: http.MethodPost, Path: "/api/accounts", Body: rest.JSON(body)}
	if token != "" {
		call, options = rest.Call{Path: "/api/me"}, append(options, rest.Bearer(token))
	}
	client, err := rest.New(ID, c.guard, options...)
	if err != nil {
		return accountJSON{}, rest.Answer{}, err
	}
	a, answer, err := rest.Fetch[accountJSON](ctx, client, call)
	a.Token = cmp.Or(a.Token, token)
	return a, answer, err
}

func (l limitsJSON) social() social.Limits {
	return social.Limits{
		Length: l.Text, Unit: social.Unit(l.Unit), Images: l.Pictures, ImageBytes: l.PictureBytes,
		ImageTypes: l.PictureTypes, Alt: l.Description, Parts: l.Thread,
	}
}

// repeat: a village that honours keys gives back the first post for every repeat.
func (k Keys) repeat() connectors.Repeat {
	if k != Honoured {
		return connectors.Repeat{}
	}
	return connectors.Repeat{For: connectors.Forever, Seen: "the village says so in GET /api/instance, and its tests send the same request three times"}
}
