package commands

import (
	"cmp"
	"context"
	"fmt"

	"griot/cards"
	"griot/chat"
	"griot/fault"
	"griot/i18n"
	"griot/social"
	"griot/team"
)

var (
	optPurpose = func() Option {
		o := Option{Name: "purpose", French: "pour", About: i18n.Text{En: "What the channel is for", Fr: "À quoi sert le canal"}}
		for _, p := range purposes {
			o.Choices = append(o.Choices, Choice{Value: string(p), Name: cards.PurposeNames[p]})
		}
		return o
	}()
	errPurpose = i18n.Text{
		En: "Say too what this channel is for: purpose:approvals, purpose:mentions or purpose:numbers.",
		Fr: "Dites aussi à quoi sert ce canal\u202f: pour:validations, pour:mentions ou pour:chiffres.",
	}
	channelsTitle = i18n.Text{En: "The brand’s channels", Fr: "Les canaux de la marque"}
	channelsAbout = i18n.Text{En: "Choose a brand’s channels", Fr: "Choisir les canaux d’une marque"}
	channelAbout  = i18n.Text{En: "Which one (“here”, or “none”)", Fr: "Lequel («\u202fici\u202f», ou «\u202faucun\u202f»)"}
)

func brandChannel(s Services) Command {
	at := Option{Name: "channel", French: "canal", Kind: chat.Room, About: channelAbout, Complete: s.completeChannel}
	return Command{
		Name: "brand channel", French: "marque canal", Rank: 135, For: []social.Role{social.Admin}, About: channelsAbout,
		Options: []Option{optPurpose, at, optBrand(s)},
		Run: func(ctx context.Context, c Call) (chat.Answer, error) {
			b, err := c.Brand(ctx, c.Get("brand"))
			if err != nil {
				return nil, err
			}
			purpose := c.Get("purpose")
			switch {
			case purpose == "" && c.Get("channel") != "":
				return nil, fault.In("purpose", errPurpose)
			case purpose == "":
				f, err := s.channelsForm(ctx, c, b.ID)
				f.Tag = chat.Tag{Verb: "brand.channel", Subject: b.ID}
				return chat.Ask{Form: f}, err
			}
			if err := s.setChannel(ctx, c, b.ID, social.Purpose(purpose), "channel", cmp.Or(c.Get("channel"), hereWords[0])); err != nil {
				return nil, err
			}
			return s.showBrand(ctx, c, b, brandSaved.In(c.Locale))
		},
		Forms: map[string]Form{"brand.channel": {
			Build: func(ctx context.Context, c Call) (chat.Form, error) { return s.channelsForm(ctx, c, c.Tag().Subject) },
			Sent:  s.setChannels,
		}},
	}
}

// channelsForm asks for the brand's channel of each purpose in the workspace of the call.
func (s Services) channelsForm(ctx context.Context, c Call, brand string) (chat.Form, error) {
	have, err := s.here(ctx, c, brand)
	if err != nil {
		return chat.Form{}, err
	}
	f := chat.Form{Title: channelsTitle.In(c.Locale), Submit: brandSave.In(c.Locale)}
	for _, o := range s.channelOptions() {
		c.Values = chat.Values{o.Name: {have[social.Purpose(o.Name)]}}
		in, err := o.input(ctx, c)
		if err != nil {
			return f, err
		}
		f.Inputs = append(f.Inputs, in)
	}
	return f, nil
}

// here are a brand's channels in the workspace of the call.
func (s Services) here(ctx context.Context, c Call, brand string) (map[social.Purpose]string, error) {
	all, err := s.Team.Channels(ctx, c.By, brand)
	out := map[social.Purpose]string{}
	for _, ch := range all {
		if ch.Surface == c.Event.Place.Surface && ch.Workspace == c.Event.Place.Workspace {
			out[ch.Purpose] = ch.Channel
		}
	}
	return out, err
}

func (s Services) setChannels(ctx context.Context, c Call) (chat.Answer, error) {
	brand := c.Tag().Subject
	b, err := s.Team.Brand(ctx, c.By, brand)
	if err != nil {
		return nil, err
	}
	for _, p := range purposes {
		if err := s.setChannel(ctx, c, brand, p, string(p), c.Get(string(p))); err != nil {
			return nil, err
		}
	}
	return s.showBrand(ctx, c, b, brandSaved.In(c.Locale))
}

// setChannel makes what somebody said in a field be the brand's channel for p; what it was already is left alone.
func (s Services) setChannel(ctx context.Context, c Call, brand string, p social.Purpose, field, said string) error {
	have, err := s.here(ctx, c, brand)
	if err != nil {
		return fmt.Errorf("read channels: %w", err)
	}
	want, err := s.channelNamed(ctx, c, field, said)
	if err != nil || want == have[p] {
		return err
	}
	at := team.Place(c.Event.Place)
	if want == "" {
		at.Channel = have[p]
		return s.Team.DropChannel(ctx, c.By, brand, at, p)
	}
	at.Channel = want
	return fault.At(field, s.Team.SetChannel(ctx, c.By, brand, at, p))
}
