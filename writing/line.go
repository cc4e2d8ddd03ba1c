package writing

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"griot/drafting"
	"griot/fault"
	"griot/i18n"
	"griot/social"
	"griot/storage"
)

// What a line may hold: all of it is told to a model with every question.
const (
	mostWords = 100 // banned or required, and themes
	wordRunes = 80
	mostTexts = 20 // samples, and saved replies
	textRunes = 1000
	toneRunes = 500
)

var (
	errNoShaper = i18n.Text{
		En: "You do not have the role to change the editorial line of %s. An admin can give it to you with /team roles (approver).",
		Fr: "Vous n’avez pas le rôle nécessaire pour changer la ligne éditoriale de %s. Un administrateur peut vous le donner avec /equipe roles (validation).",
	}
	errLineMoved = i18n.Text{
		En: "Somebody has changed this line meanwhile. Open it again with /line, then make your change.",
		Fr: "Quelqu’un a changé cette ligne entre-temps. Rouvrez-la avec /ligne, puis refaites votre changement.",
	}
	errTooMany = i18n.Text{
		En: "That is too many: %d, and %d at most. Keep what matters most.",
		Fr: "C’est trop\u202f: %d, pour %d au plus. Gardez l’essentiel.",
	}
	errTooLong = i18n.Text{
		En: "“%s” is too long: %d characters at most.",
		Fr: "«\u202f%s\u202f» est trop long\u202f: %d caractères au plus.",
	}
	errNoWord = i18n.Text{
		En: "There is no word in “%s” that Griot could look for. Write a word or a phrase.",
		Fr: "Il n’y a dans «\u202f%s\u202f» aucun mot que Griot puisse chercher. Écrivez un mot ou une expression.",
	}
	errBoth = i18n.Text{
		En: "“%s” cannot be asked for: it holds a banned word.",
		Fr: "«\u202f%s\u202f» ne peut pas être demandé\u202f: on y trouve un mot à éviter.",
	}
	errBannedReply = i18n.Text{
		En: "The saved reply “%s” holds a banned word (%s). Change one or the other.",
		Fr: "La réponse type «\u202f%s\u202f» contient un mot à éviter (%s). Changez l’un ou l’autre.",
	}
)

// Line is the line of the member's brand in a language, its own when none is named. One that nobody has written is empty.
func (s *Service) Line(ctx context.Context, by social.Member, brand string, named i18n.Locale) (social.Line, error) {
	b, err := storage.Brand(ctx, s.DB, by.TeamID, brand)
	if err != nil {
		return social.Line{}, err
	}
	all, err := storage.Lines(ctx, s.DB, b.TeamID, b)
	return social.LineIn(all, b, language(b, named)), err
}

// SaveLine writes l as the member has changed it. Errors: Denied without the role, Conflict when another has changed it
// since l.Rev, Invalid at the field that is wrong.
func (s *Service) SaveLine(ctx context.Context, by social.Member, l social.Line) (social.Line, error) {
	l, err := tidy(l)
	if err != nil {
		return l, err
	}
	was := l.Rev
	err = s.DB.InTx(ctx, func(tx *storage.Tx) error {
		b, err := storage.Brand(ctx, tx, by.TeamID, l.BrandID)
		if err != nil {
			return err
		}
		by, err := storage.Member(ctx, tx, by.TeamID, by.ID)
		if err != nil {
			return err
		}
		if !by.Has(b.ID, social.Shapers...) {
			return fault.New(fault.Denied, errNoShaper, b.Name)
		}
		l.TeamID, l.Rev = b.TeamID, was+1
		return tx.SaveLine(ctx, l, was)
	})
	if fault.Is(err, fault.Conflict) {
		err = fault.New(fault.Conflict, errLineMoved)
	}
	return l, err
}

// tidy drops what is empty or said twice, and refuses what could not work. Fields are named as in the form of /line.
func tidy(l social.Line) (social.Line, error) {
	l.Tone = strings.TrimSpace(l.Tone)
	if utf8.RuneCountInString(l.Tone) > toneRunes {
		return l, fault.In("tone", errTooLong, drafting.Beginning(l.Tone), toneRunes)
	}
	for _, x := range []struct {
		field string
		all   *[]string
		most  int
		runes int
	}{
		{"themes", &l.Themes, mostWords, wordRunes}, {"banned", &l.Banned, mostWords, wordRunes}, {"required", &l.Required, mostWords, wordRunes},
		{"samples", &l.Samples, mostTexts, textRunes}, {"replies", &l.Replies, mostTexts, textRunes},
	} {
		*x.all = distinct(*x.all)
		if n := len(*x.all); n > x.most {
			return l, fault.In(x.field, errTooMany, n, x.most)
		}
		for _, one := range *x.all {
			if utf8.RuneCountInString(one) > x.runes {
				return l, fault.In(x.field, errTooLong, drafting.Beginning(one), x.runes)
			}
		}
	}
	return l, sound(l)
}

// sound refuses a line that contradicts itself.
func sound(l social.Line) error {
	for field, all := range map[string][]string{"banned": l.Banned, "required": l.Required} {
		for _, w := range all {
			if len(social.Words(w)) == 0 {
				return fault.In(field, errNoWord, w)
			}
		}
	}
	for _, w := range l.Required {
		if len(l.Forbidden(w)) > 0 {
			return fault.In("required", errBoth, w)
		}
	}
	for _, r := range l.Replies {
		if bad := l.Forbidden(r); len(bad) > 0 {
			return fault.In("replies", errBannedReply, drafting.Beginning(r), strings.Join(bad, ", "))
		}
	}
	return nil
}

func distinct(all []string) []string {
	var out []string
	for _, x := range all {
		if x = strings.TrimSpace(x); x != "" && !slices.Contains(out, x) {
			out = append(out, x)
		}
	}
	return out
}
