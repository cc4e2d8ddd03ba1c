package commands

import (
	"context"
	"slices"
	"strings"

	"griot/chat"
	"griot/fault"
	"griot/i18n"
)

// What every chat can show: the narrower of Slack's and Discord's limits, in runes, and Discord's for choices.
// Source: chat-platforms.md, A4 and B3.
const (
	titleRunes = 24
	labelRunes = 45
	helpRunes  = 100
	mostChoice = 25
)

var submit = i18n.Text{En: "Continue", Fr: "Continuer"}

// Fill is the form that asks for c's options, with what c.Values has already in it. When it is sent, the command runs.
func (c Command) Fill(ctx context.Context, call Call) (chat.Form, error) {
	if c.Form != nil {
		f, err := c.Form(ctx, call)
		if f.Tag == (chat.Tag{}) {
			f.Tag = Start(c.Name)
		}
		return f, err
	}
	l := call.Locale
	f := chat.Form{Title: chat.Cut(c.About.In(l), titleRunes), Tag: Start(c.Name), Submit: submit.In(l)}
	for _, o := range c.Options {
		in, err := o.input(ctx, call)
		if err != nil {
			return chat.Form{}, err
		}
		f.Inputs = append(f.Inputs, in)
	}
	return f, nil
}

func (o Option) input(ctx context.Context, call Call) (chat.Input, error) {
	about := o.About.In(call.Locale)
	in := chat.Input{Name: o.Name, Label: chat.Cut(about, labelRunes), Kind: o.kind(), Required: o.Required, Max: o.Max, Value: call.Values[o.Name]}
	switch {
	case o.Hint.En != "":
		in.Help = chat.Cut(o.Hint.In(call.Locale), helpRunes)
	case in.Label != about:
		in.Help = chat.Cut(about, helpRunes)
	}
	picked := in.Kind == chat.Room || in.Kind == chat.Group // where the chat has a picker, whatever we list
	if in.Kind != chat.Choice && in.Kind != chat.Many && !picked {
		return in, nil
	}
	all, err := o.Suggest(ctx, call, "")
	if err != nil {
		return chat.Input{}, err
	}
	if in.Options = all; len(all) == 0 && !picked {
		in.Kind = chat.Line // nothing to choose from: it is typed
	}
	return in, nil
}

// Suggest lists what a person may mean by what they have typed of o, at most 25. Of many, the last one is what is being
// typed: those before it are kept, and not offered again.
func (o Option) Suggest(ctx context.Context, call Call, typed string) ([]chat.Option, error) {
	cut := strings.LastIndexFunc(typed, isComma)
	if o.kind() != chat.Many || cut < 0 {
		out, err := o.suggest(ctx, call, typed)
		return out[:min(len(out), mostChoice)], err
	}
	var before, folded []string
	for _, one := range listed(typed[:cut]) {
		if one = trim(one); one != "" && !slices.Contains(folded, fold(one)) {
			before, folded = append(before, one), append(folded, fold(one))
		}
	}
	all, err := o.suggest(ctx, call, trim(strings.TrimLeftFunc(typed[cut:], isComma)))
	var out []chat.Option
	for _, x := range all {
		if slices.Contains(folded, fold(x.Value)) || slices.Contains(folded, fold(x.Label)) {
			continue
		}
		out = append(out, chat.Option{Value: strings.Join(append(slices.Clone(before), x.Value), ", "), Label: strings.Join(append(slices.Clone(before), x.Label), ", ")})
	}
	return out[:min(len(out), mostChoice)], err
}

// suggest lists what one value of o may become.
func (o Option) suggest(ctx context.Context, call Call, typed string) ([]chat.Option, error) {
	var out []chat.Option
	for _, c := range o.Choices {
		if strings.Contains(fold(c.Name.In(call.Locale)+" "+c.Value), fold(typed)) {
			out = append(out, chat.Option{Value: c.Value, Label: c.Name.In(call.Locale)})
		}
	}
	if o.Complete == nil {
		return out, nil
	}
	more, err := o.Complete(ctx, call, typed)
	if err != nil {
		return nil, err
	}
	return append(out, more...), nil
}

// Returned is a form as it comes back after a refusal: with what was typed, secrets apart, and the sentence at the field
// that it is about.
func Returned(f chat.Form, typed chat.Values, refusal *fault.Error, l i18n.Locale) chat.Form {
	f.Inputs = slices.Clone(f.Inputs)
	wrong := max(0, slices.IndexFunc(f.Inputs, func(in chat.Input) bool { return in.Name == refusal.Field }))
	for i, in := range f.Inputs {
		if v, ok := typed[in.Name]; ok && in.Kind != chat.Secret && in.Kind != chat.Files {
			f.Inputs[i].Value = v
		}
		if i == wrong {
			f.Inputs[i].Error = refusal.Say.In(l)
		}
	}
	return f
}
