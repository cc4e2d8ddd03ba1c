package commands

import (
	"context"
	"errors"
	"net/url"
	"strings"
	"time"

	"griot/cards"
	"griot/chat"
	"griot/connectors"
	"griot/fault"
	"griot/i18n"
	"griot/social"
)

// inTime is how long a network may take while a person's form waits: chats wait three seconds in all.
const inTime = 1500 * time.Millisecond

var (
	connectAbout  = i18n.Text{En: "Connect an account of a network", Fr: "Connecter un compte d’un réseau"}
	connectTitle  = i18n.Text{En: "Connect %s", Fr: "Connecter %s"}
	connectSubmit = i18n.Text{En: "Connect", Fr: "Connecter"}
	connectFor    = i18n.Text{En: "For %s. ", Fr: "Pour %s. "}
	whichNetwork  = i18n.Text{En: "Which network?", Fr: "Quel réseau\u202f?"}
)

func connect(s Services) Command {
	return Command{
		Name: "connect", French: "connecter", Rank: 22, For: []social.Role{social.Admin}, About: connectAbout,
		Options: []Option{{Name: "network", French: "reseau", Kind: chat.Choice, About: whichNetwork, Complete: s.completeNetwork}, optBrand(s)},
		Run:     s.connect,
		Presses: map[string]Act{
			"account.page": func(ctx context.Context, c Call) (chat.Answer, error) {
				brand, network, _ := strings.Cut(c.Tag().Subject, ".")
				return s.secretPage(ctx, c, brand, network)
			},
		},
		Forms: map[string]Form{"account.connect": {Build: s.connectForm, Sent: s.signIn}},
	}
}

func (s Services) completeNetwork(_ context.Context, _ Call, typed string) ([]chat.Option, error) {
	var out []chat.Option
	for _, n := range s.Accounts.Networks() {
		if strings.Contains(fold(n.Name), fold(typed)) {
			out = append(out, chat.Option{Value: n.ID, Label: n.Name})
		}
	}
	return out, nil
}

func (s Services) connect(ctx context.Context, c Call) (chat.Answer, error) {
	b, err := c.Brand(ctx, c.Get("brand"))
	if err != nil {
		return nil, err
	}
	if err := s.Accounts.May(ctx, c.By, b.ID); err != nil {
		return nil, err
	}
	if c.Get("network") == "" {
		var all []cards.Network
		for _, n := range s.Accounts.Networks() {
			all = append(all, cards.Network{ID: n.ID, Name: n.Name, About: n.About, Verb: s.way(n)})
		}
		return chat.Say{Card: cards.Networks(b, all, c.Locale), Private: true}, nil
	}
	info, err := s.Accounts.Network(c.Get("network"))
	if err != nil {
		return nil, err
	}
	return s.begin(ctx, c, b.ID, info)
}

// way is the verb of what takes a network's secrets: a page where Griot has a public address, else a form. What is no
// secret needs no page.
func (s Services) way(n connectors.Info) string {
	if s.BaseURL != "" && hiddenKey(n) != "" {
		return "account.page"
	}
	return "account.connect"
}

// hiddenKey is the first thing that a network keeps secret; empty when nothing is.
func hiddenKey(n connectors.Info) string {
	for _, k := range n.Secrets {
		if k.Kind == connectors.Hidden {
			return k.Key
		}
	}
	return ""
}

// begin opens what takes a network's secrets.
func (s Services) begin(ctx context.Context, c Call, brand string, n connectors.Info) (chat.Answer, error) {
	tag := cards.ConnectTag(s.way(n), brand, n.ID)
	if tag.Verb == "account.page" {
		return s.secretPage(ctx, c, brand, n.ID)
	}
	c.Event.Tag = tag
	f, err := s.connectForm(ctx, c)
	return chat.Ask{Form: f}, err
}

func (s Services) secretPage(ctx context.Context, c Call, brand, network string) (chat.Answer, error) {
	b, err := s.Team.Brand(ctx, c.By, brand)
	if err != nil {
		return nil, err
	}
	n, err := s.Accounts.Network(network)
	if err != nil {
		return nil, err
	}
	code, err := s.Accounts.NewSecretPage(ctx, c.By, brand, n.ID)
	if err != nil {
		return nil, err
	}
	at, err := url.JoinPath(s.BaseURL, "connect", n.ID, "secret", code)
	if err != nil {
		return nil, err
	}
	return chat.Say{Card: cards.SecretPage(n.Name, b, at, c.Locale), Private: true}, nil
}

// connectForm asks for what a network needs.
func (s Services) connectForm(ctx context.Context, c Call) (chat.Form, error) {
	brand, network, _ := strings.Cut(c.Tag().Subject, ".")
	b, err := s.Team.Brand(ctx, c.By, brand)
	if err != nil {
		return chat.Form{}, err
	}
	if err := s.Accounts.MayConnect(ctx, c.By, brand, network); err != nil {
		return chat.Form{}, err
	}
	n, err := s.Accounts.Network(network)
	if err != nil {
		return chat.Form{}, err
	}
	l := c.Locale
	f := chat.Form{Title: chat.Cut(connectTitle.In(l, n.Called()), titleRunes), Tag: cards.ConnectTag("account.connect", b.ID, n.ID), Submit: connectSubmit.In(l),
		Intro: []chat.Span{chat.Plain(connectFor.In(l, b.Name) + n.About.In(l))}}
	for _, k := range n.Secrets {
		in := chat.Input{Name: k.Key, Label: chat.Cut(k.Label.In(l), labelRunes), Help: chat.Cut(k.Help.In(l), helpRunes), Kind: chat.Line, Required: k.Default == ""}
		switch {
		case k.Kind == connectors.Hidden:
			in.Kind = chat.Secret
		case k.Default != "":
			in.Value = []string{k.Default}
		}
		f.Inputs = append(f.Inputs, in)
	}
	return f, nil
}

// signIn connects with what a form says. A network that takes too long goes on later, with the secrets sealed.
func (s Services) signIn(ctx context.Context, c Call) (chat.Answer, error) {
	brand, network, _ := strings.Cut(c.Tag().Subject, ".")
	b, err := s.Team.Brand(ctx, c.By, brand)
	if err != nil {
		return nil, err
	}
	n, err := s.Accounts.Network(network)
	if err != nil {
		return nil, err
	}
	secrets := map[string]string{}
	for _, k := range n.Secrets {
		secrets[k.Key] = c.Get(k.Key)
	}
	return s.connectWith(ctx, c, b, n, secrets)
}

// connectWith connects with what was typed, now or later.
func (s Services) connectWith(ctx context.Context, c Call, b social.Brand, n connectors.Info, secrets map[string]string) (chat.Answer, error) {
	soon, cancel := context.WithTimeout(ctx, inTime)
	defer cancel()
	a, err := s.Accounts.Connect(soon, c.By, b.ID, n.ID, secrets)
	switch {
	case err == nil:
		return chat.Say{Card: connectedCard(n, a, b, c.Locale), Private: true}, nil
	case soon.Err() != nil && s.ConnectLater != nil:
		return s.later(ctx, c, b, n, secrets)
	}
	return nil, atSecret(n, err)
}

func (s Services) later(ctx context.Context, c Call, b social.Brand, n connectors.Info, secrets map[string]string) (chat.Answer, error) {
	sealed, err := s.Accounts.Keep(ctx, c.By, b.ID, n.ID, secrets)
	if err != nil {
		return nil, err
	}
	if err := s.ConnectLater(ctx, c.By, c.Event.Place, sealed); err != nil {
		return nil, err
	}
	return chat.Say{Card: cards.Connecting(where(n, secrets), c.Locale), Private: true}, nil
}

// where says what is being connected to: a network, or the address that was typed when it has no name.
func where(n connectors.Info, typed map[string]string) string {
	for _, k := range n.Secrets {
		if n.Name == "" && k.Kind == connectors.Address {
			return typed[k.Key]
		}
	}
	return n.Name
}

// atSecret is a network's refusal at the field of the form that it is about, so that the form comes back: a sign-in at
// what is hidden, silence at the address.
func atSecret(n connectors.Info, err error) error {
	f, ok := errors.AsType[*fault.Error](err)
	if !ok || f.Field != "" || f.Kind != fault.Invalid && f.Kind != fault.Busy {
		return err
	}
	at := *f
	at.Field = hiddenKey(n)
	for _, k := range n.Secrets {
		if k.Kind == connectors.Address && f.Kind == fault.Busy || at.Field == "" {
			at.Field = k.Key
		}
	}
	at.Kind = fault.Invalid
	return &at
}

// Finish ends a sign-in that ConnectLater was given, in the language of who asked: the card to tell them, whatever the
// network said. Errors: those of the database; then it may be called again.
func (s Services) Finish(ctx context.Context, by social.Member, sealed string) (chat.Card, error) {
	a, err := s.Accounts.ConnectKept(ctx, sealed)
	if err != nil {
		if fault.KindOf(err) == fault.Internal {
			return chat.Card{}, err
		}
		return cards.NotConnected(fault.For(err, by.Locale), by.Locale), nil
	}
	n, err := s.Accounts.Network(a.Network)
	if err != nil {
		return chat.Card{}, err
	}
	b, err := s.Team.Brand(ctx, by, a.BrandID)
	return connectedCard(n, a, b, by.Locale), err
}

// connectedCard is the result of a sign-in, or of the first reading of what is only read.
func connectedCard(n connectors.Info, a social.Account, b social.Brand, l i18n.Locale) chat.Card {
	if n.ReadOnly {
		return cards.Watched(a, b, l)
	}
	return cards.Connected(a, b, l)
}
