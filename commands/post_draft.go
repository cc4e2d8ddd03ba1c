package commands

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"strings"
	"time"

	"griot/cards"
	"griot/chat"
	"griot/dates"
	"griot/fault"
	"griot/i18n"
	"griot/publishing"
	"griot/social"
	"griot/team"
)

var (
	optText = Option{Name: "text", French: "texte", Kind: chat.Text, Required: true, Unless: "topic",
		About: i18n.Text{En: "Text", Fr: "Texte"},
		Hint:  i18n.Text{En: "A line of three hyphens (---) begins the next part of a thread.", Fr: "Une ligne de trois tirets (---) commence la partie suivante d’un fil."}}
	atAbout  = i18n.Text{En: "When?", Fr: "Quand\u202f?"}
	atHint   = i18n.Text{En: "“tomorrow 9am”, “Tuesday 6:30pm”, “now”… Empty: to be decided later.", Fr: "«\u202fdemain 9h\u202f», «\u202fmardi 18h30\u202f», «\u202fmaintenant\u202f»… Vide\u202f: à décider plus tard."}
	optMedia = Option{Name: "media", French: "image", Kind: chat.Files, Max: 4, About: i18n.Text{En: "Pictures", Fr: "Images"}}
	optAlt   = Option{Name: "alt", French: "description", Kind: chat.Text,
		About: i18n.Text{En: "What each picture shows, one line each", Fr: "Ce que montre chaque image, une ligne chacune"},
		Hint:  i18n.Text{En: "For people who cannot see them. A hyphen (-) for a decorative picture.", Fr: "Pour les personnes qui ne les voient pas. Un tiret (-) pour une image décorative."}}
	brandAbout = i18n.Text{En: "Which brand, when this channel is not one’s own", Fr: "Quelle marque, si ce canal n’en a pas"}
)

// brandOption is the option by which a command asks which brand it is about.
const brandOption = "brand"

func optBrand(s Services) Option {
	return Option{Name: brandOption, French: "marque", About: brandAbout, Complete: s.completeBrand}
}

func optAt(s Services) Option {
	return Option{Name: "at", French: "quand", Kind: chat.Moment, About: atAbout, Hint: atHint, Complete: s.completeMoment}
}

// optTo asks for accounts of the brand at hand.
func optTo(s Services) Option {
	return Option{Name: "to", French: "vers", Kind: chat.Many, Required: true,
		About: i18n.Text{En: "On which accounts?", Fr: "Sur quels comptes\u202f?"},
		Complete: func(ctx context.Context, c Call, typed string) ([]chat.Option, error) {
			b, err := c.Brand(ctx, c.Get("brand"))
			if err != nil {
				return nil, err
			}
			all, err := s.Accounts.List(ctx, c.By, b.ID)
			var out []chat.Option
			for _, a := range all {
				if name := a.Name(); strings.Contains(fold(name), fold(typed)) {
					out = append(out, chat.Option{Value: a.ID, Label: name})
				}
			}
			return out, err
		}}
}

func postDraft(s Services) Command {
	cmd := Command{
		Name: "post draft", French: "post rediger", Rank: 10, For: social.Drafters,
		About:   i18n.Text{En: "Write a post", Fr: "Rédiger une publication"},
		Options: []Option{optText, optTopic, optTo(s), optAt(s), optMedia, optAlt, optBrand(s)},
		Run:     s.draft,
		Form:    s.draftForm,
		Beside:  ownText,
	}
	cmd.Presses = map[string]Act{writeFor: func(ctx context.Context, c Call) (chat.Answer, error) {
		c.Event.Tag = chat.Tag{Verb: "post.write", Subject: c.Get("value")}
		c.Values = chat.Values{optText.Name: c.Values[optText.Name], optTopic.Name: c.Values[optTopic.Name]}
		f, err := s.draftFormFor(ctx, c)
		return chat.Ask{Form: f}, err
	}}
	cmd.Forms = map[string]Form{"post.write": {Build: s.draftFormFor, Sent: func(ctx context.Context, c Call) (chat.Answer, error) {
		v, err := Accept(cmd, c.Values)
		if err != nil {
			return nil, err
		}
		v[brandOption] = []string{c.Tag().Subject}
		c.Values = v
		return s.draft(ctx, c)
	}}}
	return cmd
}

func (s Services) draftForm(ctx context.Context, c Call) (chat.Form, error) {
	if f, err := s.whichBrand(ctx, c); err != nil || len(f.Inputs) > 0 {
		return f, err
	}
	f, err := s.postForm(ctx, c, c.Values, chat.Form{Title: draftTitle.In(c.Locale), Submit: draftSubmit.In(c.Locale)})
	if err != nil {
		return f, err
	}
	if about(c) {
		return topicInstead(ctx, c, f)
	}
	return s.ownFields(ctx, c, f)
}

// whichBrand asks for the brand first, where a place says too little: a form opened from a chat's menu has no line to name
// it on. What was typed goes along. Empty when there is nothing to ask.
func (s Services) whichBrand(ctx context.Context, c Call) (chat.Form, error) {
	_, err := c.Brand(ctx, c.Get(brandOption))
	if c.Given(brandOption) || !errors.Is(err, team.ErrWhichBrand) {
		return chat.Form{}, nil
	}
	in, err := s.brandInput(ctx, c, "value", social.Drafters)
	if len(in.Options) == 0 {
		return chat.Form{}, err // the refusal tells more
	}
	f := chat.Form{Title: draftTitle.In(c.Locale), Tag: chat.Tag{Verb: writeFor}, Inputs: []chat.Input{in}, Submit: submit.In(c.Locale)}
	for _, o := range []Option{optText, optTopic} {
		if words := c.Values[o.Name]; len(words) > 0 {
			f.Inputs = append(f.Inputs, chat.Input{Name: o.Name, Label: o.About.In(c.Locale), Kind: o.kind(), Value: words})
		}
	}
	return f, err
}

// writeFor is the verb of choosing the brand to write for.
const writeFor = "post.write_for"

// mostOwn is for how many accounts a new post's form has a field each: with more it would be nothing but fields, and the
// form of Edit has them for the accounts that were chosen.
const mostOwn = 6

// ownFields lets each of a brand's accounts have words of its own.
func (s Services) ownFields(ctx context.Context, c Call, f chat.Form) (chat.Form, error) {
	b, err := c.Brand(ctx, c.Get(brandOption))
	if err != nil {
		return f, err
	}
	all, err := s.Accounts.List(ctx, c.By, b.ID)
	if err != nil || len(all) < 2 || len(all) > mostOwn {
		return f, err
	}
	for _, a := range all {
		f.Inputs = append(f.Inputs, ownField(a, c))
	}
	return f, nil
}

// ownField asks for the words of one account alone.
func ownField(a social.Account, c Call) chat.Input {
	name := ownText + a.ID
	return chat.Input{Name: name, Label: chat.Cut(ownLabel.In(c.Locale, a.Label()), labelRunes), Kind: chat.Text, Value: c.Values[name]}
}

// draftFormFor is the form for the brand that the tag names, wherever it is opened, with what was typed already.
func (s Services) draftFormFor(ctx context.Context, c Call) (chat.Form, error) {
	have := chat.Values{}
	maps.Copy(have, c.Values)
	have[brandOption] = []string{c.Tag().Subject}
	c.Values = have
	f, err := s.draftForm(ctx, c)
	f.Tag = c.Tag()
	return f, err
}

var (
	draftTitle  = i18n.Text{En: "Write a post", Fr: "Rédiger"}
	draftSubmit = i18n.Text{En: "Show the draft", Fr: "Voir le brouillon"}
)

func (s Services) draft(ctx context.Context, c Call) (chat.Answer, error) {
	b, err := c.Brand(ctx, c.Get("brand"))
	if err != nil {
		return nil, err
	}
	content, err := s.content(ctx, c, b)
	if err != nil {
		return nil, err
	}
	if said(c.Values, optTopic.Name) {
		return s.write(ctx, c, b, content)
	}
	sheet, err := s.Publishing.Draft(ctx, c.By, b.ID, content)
	if err != nil {
		return nil, err
	}
	return Shown(sheet.Post.ID), nil
}

// content reads what a form or a command says a post should be.
func (s Services) content(ctx context.Context, c Call, b social.Brand) (publishing.Content, error) {
	out := publishing.Content{Text: c.Get("text"), Texts: map[string]string{}}
	var err error
	if out.Accounts, err = s.targets(ctx, c, b, c.Values["to"]); err != nil {
		return out, fault.At("to", err)
	}
	if out.When, out.Moment, err = s.when(ctx, c, b, c.Get("at")); err != nil {
		return out, fault.At("at", err)
	}
	for name, v := range c.Values {
		if id, ok := strings.CutPrefix(name, ownText); ok && len(v) > 0 {
			out.Texts[id] = v[0]
		}
	}
	if out.Media, err = s.pictures(ctx, c); err != nil {
		return out, fault.At("media", err)
	}
	out.Media, err = describe(out.Media, c.Get("alt"))
	return out, err
}

// ownText begins the name of a field for one account's own text.
const ownText = "text:"

var errNoTarget = i18n.Text{
	En: "No account called “%s” here. Accounts of %s: %s.",
	Fr: "Aucun compte «\u202f%s\u202f» ici. Comptes de %s\u202f: %s.",
}

// targets finds the accounts that people name by network, handle or id.
func (s Services) targets(ctx context.Context, c Call, b social.Brand, named []string) ([]string, error) {
	all, err := s.Accounts.List(ctx, c.By, b.ID)
	if err != nil {
		return nil, err
	}
	var out []string
	for _, n := range named {
		hit := len(out)
		for _, a := range all {
			if n == a.ID || fold(n) == fold(a.Network) || fold(n) == fold(a.NetworkName) || strings.TrimPrefix(fold(n), "@") == strings.TrimPrefix(fold(a.Handle), "@") || n == a.Name() {
				out = append(out, a.ID)
			}
		}
		if len(out) == hit && strings.TrimSpace(n) != "" {
			var have []string
			for _, a := range all {
				have = append(have, a.Name())
			}
			return nil, fault.New(fault.Invalid, errNoTarget, n, b.Name, strings.Join(have, ", "))
		}
	}
	return out, nil
}

// when reads a date in words. Nothing is later, now is as soon as it is approved.
func (s Services) when(ctx context.Context, c Call, b social.Brand, said string) (social.When, social.Moment, error) {
	if strings.TrimSpace(said) == "" {
		return social.Later, social.Moment{}, nil
	}
	m, now, err := s.moment(ctx, c, b, said)
	if err != nil {
		return "", social.Moment{}, err
	}
	if m.At.Sub(now) < time.Second {
		return social.Soon, social.Moment{}, nil
	}
	return social.OnDate, social.Moment{At: m.At.UTC(), Local: m.Local, Zone: m.Zone}, nil
}

func (s Services) moment(ctx context.Context, c Call, b social.Brand, said string) (dates.Moment, time.Time, error) {
	now, err := s.Now(ctx)
	if err != nil {
		return dates.Moment{}, now, err
	}
	m, err := dates.Parse(said, now, b.Location(), c.Locale)
	return m, now, err
}

// pictures stores what is attached.
func (s Services) pictures(ctx context.Context, c Call) ([]social.Media, error) {
	var out []social.Media
	for _, f := range c.Event.Files {
		m, err := s.picture(ctx, c.By.TeamID, f)
		if err != nil {
			return nil, err
		}
		out = append(out, m)
	}
	return out, nil
}

func (s Services) picture(ctx context.Context, team string, f chat.File) (social.Media, error) {
	r, err := f.Open()
	if err != nil {
		return social.Media{}, fmt.Errorf("read attachment: %w", err)
	}
	defer r.Close()
	return s.Media.Add(ctx, team, f.Name, r)
}

// describe gives each picture its line of alt: a hyphen marks one that carries no meaning.
func describe(all []social.Media, alt string) ([]social.Media, error) {
	var said []string
	for line := range strings.SplitSeq(alt, "\n") {
		if line = strings.TrimSpace(line); line != "" {
			said = append(said, line)
		}
	}
	if len(all) == 1 && len(said) > 1 {
		said = []string{strings.Join(said, " ")}
	}
	if len(said) > len(all) {
		return nil, fault.In("alt", errAltLines, len(said), len(all))
	}
	for i := range all {
		all[i].Alt, all[i].Decorative = "", false
		switch {
		case i >= len(said):
		case said[i] == "-" || said[i] == "–" || said[i] == "—":
			all[i].Decorative = true
		default:
			all[i].Alt = said[i]
		}
	}
	return all, nil
}

var errAltLines = i18n.Text{
	En: "There are %d descriptions for %d pictures. Write one line for each picture, in the same order.",
	Fr: "Il y a %d descriptions pour %d images. Écrivez une ligne par image, dans le même ordre.",
}

// postForm asks for everything a post is, with what is known already in it.
func (s Services) postForm(ctx context.Context, c Call, have chat.Values, f chat.Form) (chat.Form, error) {
	call := c
	call.Values = have
	for _, o := range []Option{optText, optTo(s), optAt(s), optMedia, optAlt} {
		in, err := o.input(ctx, call)
		if err != nil {
			return f, err
		}
		if o.Name == "to" && len(in.Options) == 1 {
			in.Value = []string{in.Options[0].Value} // there is nothing to choose
		}
		f.Inputs = append(f.Inputs, in)
	}
	return f, nil
}

func postShow(s Services) Command {
	open := func(ctx context.Context, c Call, id string) (chat.Answer, error) {
		sheet, err := s.find(ctx, c, id)
		if err != nil {
			return nil, err
		}
		return chat.Say{Card: cards.Post(sheet, c.Locale), Private: true}, nil
	}
	return Command{
		Name: "post show", French: "post voir", Rank: 40,
		About:   i18n.Text{En: "Open a post", Fr: "Ouvrir une publication"},
		Options: []Option{optPost(s)},
		Run:     func(ctx context.Context, c Call) (chat.Answer, error) { return open(ctx, c, c.Get("post")) },
		Presses: map[string]Act{"post.open": func(ctx context.Context, c Call) (chat.Answer, error) { return open(ctx, c, c.Get("value")) }},
	}
}
