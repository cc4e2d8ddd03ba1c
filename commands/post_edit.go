package commands

import (
	"context"
	"strings"

	"griot/chat"
	"griot/i18n"
	"griot/publishing"
	"griot/social"
)

var (
	editTitle  = i18n.Text{En: "Edit the post", Fr: "Modifier"}
	editSubmit = i18n.Text{En: "Save", Fr: "Enregistrer"}
	fixTitle   = i18n.Text{En: "Fix and approve", Fr: "Corriger et valider"}
	fixSubmit  = i18n.Text{En: "Approve like this", Fr: "Valider ainsi"}
	ownLabel   = i18n.Text{En: "Only for %s", Fr: "Seulement pour %s"}
	keepMedia  = i18n.Text{En: "Attach nothing to keep: %s", Fr: "Ne joignez rien pour garder\u202f: %s"}
	dropMedia  = Option{Name: "no_media", French: "sans_image", Kind: chat.Many,
		About:   i18n.Text{En: "Remove the pictures it has", Fr: "Retirer les images actuelles"},
		Choices: yesNo[:1]}
	saidSaved = i18n.Text{En: "Saved.", Fr: "Enregistrée."}
)

func postEdit(s Services) Command {
	text, to := optText, optTo(s)
	text.Required, to.Required = false, false
	return Command{
		Name: "post edit", French: "post modifier", Rank: 20, For: social.Drafters,
		About:   i18n.Text{En: "Change the words, pictures or accounts", Fr: "Changer le texte, les images ou les comptes"},
		Options: []Option{optPost(s), text, to, optAt(s), optMedia, optAlt, dropMedia},
		Run: func(ctx context.Context, c Call) (chat.Answer, error) {
			sheet, err := s.find(ctx, c, c.Get("post"))
			if err != nil {
				return nil, err
			}
			r, err := s.rewrite(ctx, c, sheet, 0, s.Publishing.Edit)
			if err != nil {
				return nil, err
			}
			return commanded(c, r, saidSaved), nil
		},
		Forms: map[string]Form{
			"post.edit": {Build: s.editForm(editTitle, editSubmit), Sent: s.edited((*publishing.Service).Edit)},
			"post.fix":  {Build: s.editForm(fixTitle, fixSubmit), Sent: s.edited((*publishing.Service).Fix)},
		},
	}
}

type rewrite func(ctx context.Context, by social.Member, post string, seen int64, c publishing.Content) (publishing.Result, error)

func (s Services) edited(do func(*publishing.Service, context.Context, social.Member, string, int64, publishing.Content) (publishing.Result, error)) Act {
	return func(ctx context.Context, c Call) (chat.Answer, error) {
		sheet, err := s.Publishing.Sheet(ctx, c.By, c.Tag().Subject)
		if err != nil {
			return nil, err
		}
		r, err := s.rewrite(ctx, c, sheet, c.Tag().Rev, func(ctx context.Context, by social.Member, post string, seen int64, x publishing.Content) (publishing.Result, error) {
			return do(s.Publishing, ctx, by, post, seen, x)
		})
		if err != nil {
			return nil, err
		}
		return told(c, r), nil
	}
}

// rewrite gives a post what was typed; what was not given stays as it is.
func (s Services) rewrite(ctx context.Context, c Call, was social.Sheet, seen int64, do rewrite) (publishing.Result, error) {
	given := chat.Values{"text": {was.Revision.Text}, "to": was.Revision.Accounts}
	for id, own := range was.Revision.Texts {
		given[ownText+id] = []string{own}
	}
	for name, v := range c.Values {
		given[name] = v
	}
	call := c
	call.Values = given
	x, err := s.content(ctx, withoutAlt(call), was.Brand)
	if err != nil {
		return publishing.Result{}, err
	}
	if !c.Given("at") {
		x.When, x.Moment = was.Post.When, was.Post.Moment
	}
	if len(x.Media) == 0 && c.Get(dropMedia.Name) == "" {
		x.Media = append(x.Media, was.Revision.Media...)
	}
	if c.Given("alt") || len(c.Event.Files) > 0 {
		if x.Media, err = describe(x.Media, c.Get("alt")); err != nil {
			return publishing.Result{}, err
		}
	}
	return do(ctx, c.By, was.Post.ID, seen, x)
}

// withoutAlt leaves describing to the caller, who knows which pictures are meant.
func withoutAlt(c Call) Call {
	v := chat.Values{}
	for name, x := range c.Values {
		if name != "alt" {
			v[name] = x
		}
	}
	c.Values = v
	return c
}

// editForm shows a post as it is, ready to be changed. With several accounts, each may have words of its own.
func (s Services) editForm(title, submit i18n.Text) func(context.Context, Call) (chat.Form, error) {
	return func(ctx context.Context, c Call) (chat.Form, error) {
		sheet, err := s.Publishing.Sheet(ctx, c.By, c.Tag().Subject)
		if err != nil {
			return chat.Form{}, err
		}
		have := chat.Values{"text": {sheet.Revision.Text}, "to": sheet.Revision.Accounts, "alt": {alts(sheet.Revision.Media)}, "brand": {sheet.Brand.Name}}
		if m := sheet.Post.Moment; sheet.Post.When == social.OnDate {
			have["at"] = []string{strings.Replace(m.Local, "T", " ", 1)}
		}
		f, err := s.postForm(ctx, c, have, chat.Form{Title: title.In(c.Locale), Submit: submit.In(c.Locale)})
		if err != nil {
			return f, err
		}
		return ownTexts(withPictures(f, sheet, c), sheet, c), nil
	}
}

func alts(all []social.Media) string {
	var out []string
	for _, m := range all {
		if m.Decorative {
			out = append(out, "-")
		} else if m.Alt != "" {
			out = append(out, m.Alt)
		}
	}
	return strings.Join(out, "\n")
}

// withPictures says which pictures a post has, and offers to remove them.
func withPictures(f chat.Form, sheet social.Sheet, c Call) chat.Form {
	var names []string
	for _, m := range sheet.Revision.Media {
		names = append(names, m.Name)
	}
	if len(names) == 0 {
		return f
	}
	for i := range f.Inputs {
		if f.Inputs[i].Name == "media" {
			f.Inputs[i].Help = chat.Cut(keepMedia.In(c.Locale, strings.Join(names, ", ")), helpRunes)
		}
	}
	drop := dropMedia.Choices[0]
	f.Inputs = append(f.Inputs, chat.Input{Name: dropMedia.Name, Label: dropMedia.About.In(c.Locale), Kind: chat.Many,
		Options: []chat.Option{{Value: drop.Value, Label: drop.Name.In(c.Locale)}}})
	return f
}

func ownTexts(f chat.Form, sheet social.Sheet, c Call) chat.Form {
	vs := sheet.Variants()
	if len(vs) < 2 {
		return f
	}
	for _, v := range vs {
		if sheet.Frozen(v.Account.ID) {
			continue
		}
		in := ownField(v.Account, c)
		if own := sheet.Revision.Texts[v.Account.ID]; own != "" {
			in.Value = []string{own}
		}
		f.Inputs = append(f.Inputs, in)
	}
	return f
}
