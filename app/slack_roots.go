package app

import (
	"cmp"
	"strings"
	"unicode/utf8"

	"griot/bot/slackbot"
	"griot/commands"
	"griot/i18n"
)

// slackRoots are the first words of every command, as Slack's menu shows them: what each does, and what can follow it.
func slackRoots(r *commands.Registry) []slackbot.Root {
	var out []slackbot.Root
	for _, root := range r.Roots() {
		x := slackbot.Root{Name: root.Name, French: root.French}
		if c, alone := r.Named(root.Name); alone {
			x.About = c.About
			x.Hint = i18n.Text{En: options(c, i18n.En), Fr: options(c, i18n.Fr)}
		}
		if len(root.Subs) > 0 {
			x.About = i18n.Text{En: abouts(root.Subs, i18n.En), Fr: abouts(root.Subs, i18n.Fr)}
			x.Hint = i18n.Text{En: follows(root.Subs, i18n.En), Fr: follows(root.Subs, i18n.Fr)}
		}
		out = append(out, x)
	}
	return out
}

// options are what can follow a command: "post:… [at:…]".
func options(c commands.Command, l i18n.Locale) string {
	return strings.TrimPrefix(strings.TrimPrefix(commands.Usage(c, l), "/"+c.In(l)), " ")
}

// menuRunes is about what Slack's menu of commands shows of one.
const menuRunes = 100

// abouts are what the first commands of one first word do.
func abouts(all []commands.Command, l i18n.Locale) string {
	said := all[0].About.In(l)
	for _, c := range all[1:] {
		more := said + " · " + c.About.In(l)
		if utf8.RuneCountInString(more) > menuRunes {
			return said + " · …"
		}
		said = more
	}
	return said
}

// follows are the second words of commands that have their first in common: "[draft|list|show]".
func follows(all []commands.Command, l i18n.Locale) string {
	var words []string
	for _, c := range all {
		_, word, _ := strings.Cut(c.In(l), " ")
		words = append(words, cmp.Or(word, c.In(l)))
	}
	return "[" + strings.Join(words, "|") + "]"
}
