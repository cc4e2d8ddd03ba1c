package commands

import (
	"slices"
	"strings"

	"griot/fault"
	"griot/i18n"
)

var (
	errUnknown = i18n.Text{
		En: "I do not know “/%s”. Type /help to see what I can do.",
		Fr: "Je ne connais pas «\u202f/%s\u202f». Tapez /aide pour voir ce que je sais faire.",
	}
	errNearCommand = i18n.Text{
		En: "I do not know “/%s”. Did you mean: %s",
		Fr: "Je ne connais pas «\u202f/%s\u202f». Vouliez-vous dire\u202f: %s",
	}
	errOneMore = i18n.Text{
		En: "“/%s” needs one more word. You can type: %s",
		Fr: "Il manque un mot après «\u202f/%s\u202f». Vous pouvez taper\u202f: %s",
	}
	errOther = i18n.Text{
		En: "I do not know “/%s”. You can type: %s",
		Fr: "Je ne connais pas «\u202f/%s\u202f». Vous pouvez taper\u202f: %s",
	}
	errOption = i18n.Text{
		En: "“%s:” is not an option here. The command is typed like this: %s",
		Fr: "«\u202f%s:\u202f» n’est pas une option ici. La commande se tape ainsi\u202f: %s",
	}
	errNearOption = i18n.Text{
		En: "“%[1]s:” is not an option here. Did you mean “%[2]s:”? The command is typed like this: %[3]s",
		Fr: "«\u202f%[1]s:\u202f» n’est pas une option ici. Vouliez-vous dire «\u202f%[2]s:\u202f»\u202f? La commande se tape ainsi\u202f: %[3]s",
	}
	errLeftOver = i18n.Text{
		En: "I do not know what “%s” is for. The command is typed like this: %s",
		Fr: "Je ne sais pas à quoi se rapporte «\u202f%s\u202f». La commande se tape ainsi\u202f: %s",
	}
	errTwice = i18n.Text{
		En: "“%s:” stands there twice. Keep one of them.",
		Fr: "«\u202f%s:\u202f» apparaît deux fois. Gardez-en une.",
	}
	errLong = i18n.Text{
		En: "“%s” has %d characters, %d at most. Please shorten it.",
		Fr: "«\u202f%s\u202f» compte %d caractères, %d au plus. Raccourcissez.",
	}
	errChoice = i18n.Text{
		En: "“%s” is not one of the choices. You can say: %s.",
		Fr: "«\u202f%s\u202f» ne fait pas partie des choix. Vous pouvez dire\u202f: %s.",
	}
	errNearChoice = i18n.Text{
		En: "“%[1]s” is not one of the choices. Did you mean “%[2]s”? You can say: %[3]s.",
		Fr: "«\u202f%[1]s\u202f» ne fait pas partie des choix. Vouliez-vous dire «\u202f%[2]s\u202f»\u202f? Vous pouvez dire\u202f: %[3]s.",
	}
	errSecret = i18n.Text{
		En: "Never type a secret in a channel: others may read it there. Change that secret now, then use the command without it: a private form opens.",
		Fr: "Ne tapez jamais un secret dans un canal\u202f: d’autres peuvent l’y lire. Changez ce secret, puis lancez la commande sans lui\u202f: un formulaire privé s’ouvre.",
	}
	errAttach = i18n.Text{
		En: "Pictures cannot be typed. Use the command without them: the form has a place to attach them.",
		Fr: "Les images ne se tapent pas. Lancez la commande sans elles\u202f: le formulaire permet de les joindre.",
	}
)

// unknown says that line begins with no command, and shows the nearest one.
func (r *Registry) unknown(line string) error {
	first, rest := cutWord(line)
	second, _ := cutWord(rest)
	for _, root := range r.Roots() {
		if w := fold(first); w != root.Name && w != fold(root.French) {
			continue
		}
		if near := nearestSub(root, fold(second)); near != nil {
			return fault.New(fault.Invalid, errNearCommand, first+" "+second, usage{*near})
		}
		if second != "" && len(root.Subs) > 0 {
			return fault.New(fault.Invalid, errOther, first+" "+second, subs{root})
		}
		return fault.New(fault.Invalid, errOneMore, first, subs{root})
	}
	if c, ok := r.nearest(first, second); ok {
		return fault.New(fault.Invalid, errNearCommand, strings.TrimSpace(first+" "+secondOf(c, second)), usage{c})
	}
	return fault.New(fault.Invalid, errUnknown, first)
}

// secondOf keeps the second word when the command it was taken for has two, and it is no option of it.
func secondOf(c Command, second string) string {
	if strings.Contains(c.Name, " ") && !strings.Contains(second, ":") {
		return second
	}
	return ""
}

// nearest looks for a command like both words, then for one like the first.
func (r *Registry) nearest(first, second string) (Command, bool) {
	all := make([]string, 0, len(r.byName))
	for n := range r.byName {
		all = append(all, n)
	}
	slices.Sort(all) // of two that are as near, always the same
	for _, typed := range []string{fold(first + " " + second), fold(first)} {
		if near := nearest(typed, all); near != "" {
			return r.all[r.byName[near]], true
		}
	}
	for _, root := range r.Roots() { // "/rediger": what is said after "/post" alone
		if near := nearestSub(root, fold(first)); near != nil {
			return *near, true
		}
	}
	return Command{}, false
}

func nearestSub(root Root, typed string) *Command {
	var words []string
	by := map[string]*Command{}
	for _, s := range root.Subs {
		for _, n := range s.names() {
			w := fold(last(n))
			words, by[w] = append(words, w), &s
		}
	}
	if typed == "" {
		return nil
	}
	return by[nearest(typed, words)]
}

// subs lists what can follow a root, in the reader's language.
type subs struct{ r Root }

// In writes it.
func (s subs) In(l i18n.Locale, _ ...any) string {
	out := make([]string, len(s.r.Subs))
	for i, c := range s.r.Subs {
		out[i] = "/" + c.In(l)
	}
	return strings.Join(out, ", ")
}

// near is the option that name is probably a slip of; empty when there is none.
func (c Command) near(name string) string {
	var all []string
	for _, o := range c.Options {
		all = append(all, o.names()...)
	}
	if len(fold(name)) < 3 {
		return ""
	}
	return nearest(fold(name), all)
}

func (c Command) noSuch(name string) error {
	if o, ok := c.option(c.near(name)); ok {
		return fault.New(fault.Invalid, errNearOption, name, names{o}, usage{c})
	}
	return fault.New(fault.Invalid, errOption, name, usage{c})
}
