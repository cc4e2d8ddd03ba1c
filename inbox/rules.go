package inbox

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"griot/fault"
	"griot/i18n"
	"griot/social"
	"griot/storage"
)

// The most that a rule and a brand's list of rules may hold: a card of the list can still be read, and a form can hold the rule.
const (
	mostRules  = 100
	mostWords  = 200 // in one rule
	longestTag = 40  // a label, in runes
	longName   = 60  // a rule's name, in runes
	longWord   = 80  // a word or phrase, in runes
	triedOn    = 500 // past mentions
	shownOf    = 5   // those that a trial shows
)

var (
	errRuleRole = i18n.Text{
		En: "The rules of %s are for its moderators and admins. Ask %s.",
		Fr: "Les règles de %s sont réservées à la modération et à l’administration. Voyez avec %s.",
	}
	errRuleName = i18n.Text{
		En: "Give the rule a name of at most %d characters: every card that it brings will say it.",
		Fr: "Donnez à la règle un nom de %d caractères au plus\u202f: chaque carte qu’elle amène le portera.",
	}
	errRuleWord = i18n.Text{
		En: "“%s” holds no word that could be found in a message. Please change or remove it.",
		Fr: "«\u202f%s\u202f» ne contient aucun mot à chercher dans un message. Modifiez-le ou retirez-le.",
	}
	errRuleLong = i18n.Text{
		En: "“%s” is too long: %d characters at most.",
		Fr: "«\u202f%s\u202f» est trop long\u202f: %d caractères au plus.",
	}
	errRuleWords = i18n.Text{
		En: "A rule holds %d words or phrases at most. Please make two rules of it.",
		Fr: "Une règle contient au plus %d mots ou expressions. Faites-en deux règles.",
	}
	errRuleLanguage = i18n.Text{
		En: "“%s” is no language that I know. Write it with two letters: fr, en, es…",
		Fr: "Je ne connais pas la langue «\u202f%s\u202f». Écrivez-la en deux lettres\u202f: fr, en, es…",
	}
	errRuleStale = i18n.Text{En: "Meanwhile %s.", Fr: "Entre-temps, %s."}
	errRuleRoom  = i18n.Text{
		En: "This channel belongs to the brand %s, and a channel has one brand. Choose another channel, or take it from %[1]s first with /brand channel.",
		Fr: "Ce canal appartient à la marque %s, et un canal n’a qu’une marque. Choisissez un autre canal, ou retirez-le d’abord à %[1]s avec /marque canal.",
	}
	errManyRules = i18n.Text{
		En: "%s has %d rules already, the most there can be. Remove one first.",
		Fr: "%s a déjà %d règles, le maximum. Retirez-en une d’abord.",
	}
)

// Rules lists the rules of a brand of by's team in the order in which they are asked. Everybody of the team may read them: cards
// name them.
func (s *Service) Rules(ctx context.Context, by social.Member, brand string) ([]social.Rule, error) {
	return storage.Rules(ctx, s.DB, by.TeamID, brand)
}

// Rule reads one rule of by's team.
func (s *Service) Rule(ctx context.Context, by social.Member, id string) (social.Rule, error) {
	return storage.Rule(ctx, s.DB, by.TeamID, id)
}

// AddRule puts a rule behind all others of its brand. One without effects is an exception: what it fits goes the usual way, whatever
// the rules behind it say. A moderator or admin of the brand may. Errors: faults Denied, NotFound for a
// brand or a workspace of another team, Invalid with the field that is wrong (name, words, authors, languages, label; channel
// when it is another brand's).
func (s *Service) AddRule(ctx context.Context, by social.Member, r social.Rule) (social.Rule, error) {
	r, err := checkedRule(r)
	if err != nil {
		return r, err
	}
	r.ID, r.TeamID, r.Rev = storage.NewID("rul"), by.TeamID, 1
	err = s.DB.InTx(ctx, func(tx *storage.Tx) error {
		if err := tx.HoldBrand(ctx, by.TeamID, r.BrandID); err != nil {
			return err
		}
		b, err := listens(ctx, tx, by, r.BrandID, errRuleRole)
		if err != nil {
			return err
		}
		all, err := storage.Rules(ctx, tx, by.TeamID, b.ID)
		if err != nil {
			return err
		}
		if len(all) >= mostRules {
			return fault.New(fault.Invalid, errManyRules, b.Name, mostRules)
		}
		if err := ownRoom(ctx, tx, r); err != nil {
			return err
		}
		r, err = tx.AddRule(ctx, r)
		return err
	})
	return r, err
}

// ChangeRule makes a rule say what r says; its position stays. r.Rev is the revision that by has seen. What the rule has brought keeps
// the name by which it came. A moderator or admin of the brand may. Errors: faults Denied, NotFound, Conflict with who was faster,
// Invalid as AddRule has it.
func (s *Service) ChangeRule(ctx context.Context, by social.Member, r social.Rule) (social.Rule, error) {
	r, err := checkedRule(r)
	if err != nil {
		return r, err
	}
	return r, s.withRule(ctx, by, r.ID, func(tx *storage.Tx, was social.Rule) error {
		if r.Rev != was.Rev {
			return overtaken(ctx, tx, was)
		}
		r.TeamID, r.BrandID, r.Position, r.Rev = was.TeamID, was.BrandID, was.Position, was.Rev+1
		if err := ownRoom(ctx, tx, r); err != nil {
			return err
		}
		if err := tx.SaveRule(ctx, r, was.Rev); err != nil {
			return err
		}
		return tx.AddEntry(ctx, social.Entry{TeamID: r.TeamID, Subject: r.ID, By: by.ID, What: social.DidChange})
	})
}

// ownRoom keeps a rule out of the channels of other brands: their people, and their clients, read there.
func ownRoom(ctx context.Context, tx *storage.Tx, r social.Rule) error {
	room := r.Then.Room
	if room == (social.Room{}) {
		return nil
	}
	if err := tx.HoldWorkspace(ctx, r.TeamID, room.Surface, room.Workspace); err != nil { // nobody gives it to a brand meanwhile
		return fault.At("channel", err)
	}
	other, err := storage.BrandAt(ctx, tx, r.TeamID, room.Surface, room.Workspace, room.Channel)
	switch {
	case fault.Is(err, fault.NotFound):
		return nil
	case err == nil && other.ID != r.BrandID:
		return fault.In("channel", errRuleRoom, other.Name)
	}
	return err
}

// overtaken says who has changed r last.
func overtaken(ctx context.Context, r storage.Reader, rule social.Rule) error {
	entries, err := storage.Entries(ctx, r, rule.TeamID, rule.ID)
	if err != nil {
		return err
	}
	last := entries[len(entries)-1] // a revision is written with its entry
	names, err := storage.Names(ctx, r, rule.TeamID, []string{last.By})
	if err != nil {
		return err
	}
	return fault.New(fault.Conflict, errRuleStale, last.What.By(names[last.By]))
}

// MoveRule gives a rule the position to among those of its brand, from 1, or the nearest there is. A moderator or admin of the brand
// may. Errors: faults Denied, NotFound.
func (s *Service) MoveRule(ctx context.Context, by social.Member, id string, to int64) (social.Rule, error) {
	var r social.Rule
	return r, s.withRule(ctx, by, id, func(tx *storage.Tx, was social.Rule) error {
		if err := tx.MoveRule(ctx, by.TeamID, was.BrandID, id, to); err != nil {
			return err
		}
		var err error
		r, err = storage.Rule(ctx, tx, by.TeamID, id)
		return err
	})
}

// DropRule removes a rule and returns it. What it has brought stays where it is. A moderator or admin of the brand may. Errors: faults
// Denied, NotFound.
func (s *Service) DropRule(ctx context.Context, by social.Member, id string) (social.Rule, error) {
	var r social.Rule
	return r, s.withRule(ctx, by, id, func(tx *storage.Tx, was social.Rule) error {
		r = was
		return tx.DropRule(ctx, by.TeamID, was.BrandID, id)
	})
}

// withRule runs f with a rule that by may change, and that nobody else changes meanwhile.
func (s *Service) withRule(ctx context.Context, by social.Member, id string, f func(*storage.Tx, social.Rule) error) error {
	return s.DB.InTx(ctx, func(tx *storage.Tx) error {
		r, err := storage.Rule(ctx, tx, by.TeamID, id)
		if err != nil {
			return err
		}
		if err := tx.HoldBrand(ctx, by.TeamID, r.BrandID); err != nil {
			return err
		}
		if r, err = storage.Rule(ctx, tx, by.TeamID, id); err != nil { // as who held it before has left it
			return err
		}
		if _, err := listens(ctx, tx, by, r.BrandID, errRuleRole); err != nil {
			return err
		}
		return f(tx, r)
	})
}

// Trial is what a rule would have done to the mentions of the past.
type Trial struct {
	Rule  social.Rule
	Read  int              // mentions that were looked at: the last ones of the brand
	Found int              // that it would have decided about
	Taken int              // that it fits, and that a rule before it decides
	Shown []social.Mention // the newest of Found
}

// TryRule asks what r would have done to the last mentions of its brand, at its place among the other rules; a rule without a position
// stands behind all. Nothing is changed. A moderator or admin of the brand may. Errors: those of AddRule, but for its name and label.
func (s *Service) TryRule(ctx context.Context, by social.Member, r social.Rule) (Trial, error) {
	r, err := checkedIf(r)
	if err != nil {
		return Trial{Rule: r}, err
	}
	if _, err := listens(ctx, s.DB, by, r.BrandID, errRuleRole); err != nil {
		return Trial{Rule: r}, err
	}
	all, err := storage.Rules(ctx, s.DB, by.TeamID, r.BrandID)
	if err != nil {
		return Trial{Rule: r}, err
	}
	past, err := storage.PastMentions(ctx, s.DB, by.TeamID, r.BrandID, triedOn)
	return try(r, before(r, all), past), err
}

// before are the rules that are asked before r.
func before(r social.Rule, all []social.Rule) []social.Rule {
	return slices.DeleteFunc(slices.Clone(all), func(o social.Rule) bool { return o.ID == r.ID || r.Position > 0 && o.Position > r.Position })
}

// try decides about each of past, the newest first.
func try(r social.Rule, earlier []social.Rule, past []social.Mention) Trial {
	t := Trial{Rule: r, Read: len(past)}
	one, first := social.NewBook([]social.Rule{r}), social.NewBook(earlier)
	for _, m := range past {
		if _, fits := one.Decide(m); !fits {
			continue
		}
		if _, taken := first.Decide(m); taken {
			t.Taken++
			continue
		}
		if t.Found++; t.Found <= shownOf {
			t.Shown = append(t.Shown, m)
		}
	}
	return t
}

// listens is the brand, when by may decide what happens to its mentions as the database has it now; else the sentence refuses, with
// the brand and whom to ask.
func listens(ctx context.Context, r storage.Reader, by social.Member, brand string, refusal i18n.Text) (social.Brand, error) {
	b, err := storage.Brand(ctx, r, by.TeamID, brand)
	if err != nil {
		return b, err
	}
	m, err := storage.Member(ctx, r, by.TeamID, by.ID)
	if err != nil || m.Has(brand, social.Listeners...) {
		return b, err
	}
	who, err := storage.MembersWith(ctx, r, by.TeamID, brand, social.Listeners...)
	if err != nil {
		return b, err
	}
	return b, fault.New(fault.Denied, refusal, b.Name, social.Whom(who))
}

// checkedRule is r as it is stored.
func checkedRule(r social.Rule) (social.Rule, error) {
	r.Name, r.Then.Label = line(r.Name), line(r.Then.Label)
	if r.Name == "" || utf8.RuneCountInString(r.Name) > longName {
		return r, fault.In("name", errRuleName, longName)
	}
	if utf8.RuneCountInString(r.Then.Label) > longestTag {
		return r, fault.In("label", errRuleLong, r.Then.Label, longestTag)
	}
	return checkedIf(r)
}

// checkedIf is r with its condition as it is stored: each word once, without what is empty.
func checkedIf(r social.Rule) (social.Rule, error) {
	r.If.Words, r.If.Authors, r.If.Languages = lines(r.If.Words), lines(r.If.Authors), lines(r.If.Languages)
	if len(r.If.Words) > mostWords || len(r.If.Authors) > mostWords {
		return r, fault.In("words", errRuleWords, mostWords)
	}
	for _, w := range r.If.Words {
		if len(social.Words(w)) == 0 {
			return r, fault.In("words", errRuleWord, w)
		}
		if utf8.RuneCountInString(w) > longWord {
			return r, fault.In("words", errRuleLong, w, longWord)
		}
	}
	for _, a := range r.If.Authors {
		if len(social.Words(a)) == 0 {
			return r, fault.In("authors", errRuleWord, a)
		}
		if utf8.RuneCountInString(a) > longWord {
			return r, fault.In("authors", errRuleLong, a, longWord)
		}
	}
	var codes []string
	for _, l := range r.If.Languages {
		code, ok := languageNamed(l)
		if !ok {
			return r, fault.In("languages", errRuleLanguage, l)
		}
		codes = append(codes, code)
	}
	r.If.Languages = lines(codes)
	return r, nil
}

// languageNamed is the two letters of a language that somebody writes so, or as Griot's own two are called.
func languageNamed(said string) (string, bool) {
	if l, ok := i18n.ParseLocale(said); ok {
		return string(l), true
	}
	low := strings.ToLower(said)
	return low, len(low) == 2 && low[0] >= 'a' && low[0] <= 'z' && low[1] >= 'a' && low[1] <= 'z'
}

// line is a text on one line.
func line(text string) string { return strings.Join(strings.Fields(text), " ") }

// lines are texts on one line each, without empty ones and without those that fold to one before.
func lines(all []string) []string {
	var out, folded []string
	for _, one := range all {
		one = line(one)
		if f := i18n.Fold(one); one != "" && !slices.Contains(folded, f) {
			out, folded = append(out, one), append(folded, f)
		}
	}
	return out
}
