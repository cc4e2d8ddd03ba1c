package discordtest

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// The kinds of commands and of their options. Source: docs.discord.com/developers/interactions/application-commands.
const (
	typedCommand, userCommand, messageCommand                                   = 1, 2, 3
	subcommandOption, groupOption, textOption, integerOption, yesOption         = 1, 2, 3, 4, 5
	userOption, channelOption, roleOption, anyoneOption, numberOption, fileWish = 6, 7, 8, 9, 10, 11
)

var (
	commandName = regexp.MustCompile(`^[-_'\p{L}\p{N}\p{Devanagari}\p{Thai}]{1,32}$`)
	locales     = strings.Fields(`id da de en-GB en-US es-ES es-419 fr hr it lt hu nl no pl pt-BR ro fi sv-SE vi tr cs el bg ru uk hi th
		zh-CN ja zh-TW ko`)
)

// putCommands replaces all commands of the app, or those of a guild.
func putCommands(c *call) (any, *refusal) {
	if c.r.PathValue("application_id") != c.s.App.ID {
		return nil, missingAccess
	}
	guild := c.r.PathValue("guild_id")
	if guild != "" {
		if _, refused := c.inGuild(); refused != nil {
			return nil, refused
		}
	}
	all := objects(c.body)
	c.judge.commands(all)
	if refused := c.judge.refusal(); refused != nil {
		return nil, refused
	}
	old := c.s.commands[guild]
	now := []Object{}
	for _, o := range all {
		o = copied(o).(Object)
		o["type"], o["application_id"], o["version"] = or(typedCommand, o, "type"), c.s.App.ID, c.s.id()
		same := func(x Object) bool { return x["name"] == o["name"] && num(x, "type") == num(o, "type") }
		if i := slices.IndexFunc(old, same); i >= 0 {
			o["id"] = old[i]["id"]
		} else {
			o["id"] = c.s.id()
		}
		if guild != "" {
			o["guild_id"] = guild
		}
		now = append(now, o)
	}
	c.s.commands[guild] = now
	return now, nil
}

func getCommands(c *call) (any, *refusal) {
	all := list(copied(c.s.commands[c.r.PathValue("guild_id")]).([]Object))
	if c.r.URL.Query().Get("with_localizations") != "true" {
		for _, o := range objects(all) {
			delete(o, "name_localizations")
			delete(o, "description_localizations")
		}
	}
	return all, nil
}

// commands judges a list of commands.
func (j *judge) commands(all []Object) {
	counts := map[int64]int{}
	for i, o := range all {
		kind := or(typedCommand, o, "type")
		counts[kind]++
		at := fmt.Sprint(i)
		j.strange(o, at, "ApplicationCommandUpdateRequest")
		if kind != typedCommand {
			j.length(o, at, "name", 1, 32)
			if str(o, "description") != "" || o["options"] != nil {
				j.no(under(at, "description"), "APPLICATION_COMMAND_DESCRIPTION_NOT_ALLOWED",
					"Context menu commands have no description and no options")
			}
			continue
		}
		j.named(o, at)
		j.optionsOf(objects(o["options"]), under(at, "options"), 0)
		if n := size(o); n > 8000 {
			j.no(at, "APPLICATION_COMMAND_TOO_LARGE", "Command exceeds maximum size (8000): %d", n)
		}
	}
	for kind, most := range map[int64]int{typedCommand: 100, userCommand: 15, messageCommand: 15} {
		if counts[kind] > most {
			j.no("", "APPLICATION_COMMANDS_MAX", "%d commands of type %d, and %d are allowed", counts[kind], kind, most)
		}
		delete(counts, kind)
		j.distinct(slices.DeleteFunc(slices.Clone(all), func(o Object) bool { return or(typedCommand, o, "type") != kind }), "")
	}
}

// named judges the names and descriptions of a command or an option, in every language.
func (j *judge) named(o Object, at string) {
	j.name(str(o, "name"), under(at, "name"))
	j.length(o, at, "description", 1, 100)
	if names, ok := o["name_localizations"].(Object); ok {
		for locale := range names {
			j.locale(locale, under(at, "name_localizations"))
			j.name(str(names, locale), under(at, "name_localizations."+locale))
		}
	}
	if all, ok := o["description_localizations"].(Object); ok {
		for locale := range all {
			j.locale(locale, under(at, "description_localizations"))
			j.length(all, under(at, "description_localizations"), locale, 1, 100)
		}
	}
}

func (j *judge) name(name, at string) {
	if !commandName.MatchString(name) || name != strings.ToLower(name) {
		j.no(at, "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid: %q", name)
	}
}

func (j *judge) locale(locale, at string) {
	if !slices.Contains(locales, locale) {
		j.no(under(at, locale), "BASE_TYPE_CHOICES", "%q is no locale of Discord", locale)
	}
}

// distinct wants names that differ, in every language.
func (j *judge) distinct(all []Object, at string) {
	for _, locale := range append([]string{""}, locales...) {
		seen := map[string]bool{}
		for _, o := range all {
			name := inLocale(o, "name", locale)
			if seen[name] {
				j.no(at, "APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS", "Name %q is used twice in locale %q", name, locale)
			}
			seen[name] = true
		}
	}
}

// inLocale is a name or description in a language; the usual one when there is none.
func inLocale(o Object, key, locale string) string {
	if text := str(o, key+"_localizations", locale); text != "" {
		return text
	}
	return str(o, key)
}

// optionsOf judges options at a depth: below a command, below a group, or below a subcommand.
func (j *judge) optionsOf(all []Object, at string, depth int) {
	if len(all) > 25 {
		j.no(at, "BASE_TYPE_MAX_LENGTH", "Must be 25 or fewer in length.")
	}
	j.distinct(all, at)
	below, optional := 0, false
	for i, o := range all {
		here := under(at, i)
		j.named(o, here)
		switch kind := num(o, "type"); {
		case kind == subcommandOption && depth < 2:
			below++
			j.optionsOf(objects(o["options"]), under(here, "options"), 2)
		case kind == groupOption && depth == 0:
			below++
			j.optionsOf(objects(o["options"]), under(here, "options"), 1)
		case kind == subcommandOption || kind == groupOption || depth == 1 || kind > fileWish:
			j.no(under(here, "type"), "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID",
				"Sub-command and sub-command group option types cannot be here, or only they can")
		default:
			j.option(kind, o, here)
			required := yes(false, o, "required")
			if required && optional {
				j.no(under(here, "required"), "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID",
					"Required options must be placed before non-required options")
			}
			optional = optional || !required
		}
	}
	if below > 0 && below < len(all) {
		j.no(at, "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID",
			"Sub-command and sub-command group option types are mutually exclusive to all other types")
	}
}

// option judges an option that people fill.
func (j *judge) option(kind int64, o Object, at string) {
	choices, complete := objects(o["choices"]), yes(false, o, "autocomplete")
	typed := slices.Contains([]int64{textOption, integerOption, numberOption}, kind)
	if len(choices) > 25 {
		j.no(under(at, "choices"), "BASE_TYPE_MAX_LENGTH", "Must be 25 or fewer in length.")
	}
	if len(choices) > 0 && complete || !typed && (complete || len(choices) > 0) {
		j.no(under(at, "autocomplete"), "APPLICATION_COMMAND_OPTIONS_CHOICES_AUTOCOMPLETE",
			"Choices and autocomplete exclude each other, and are for text and numbers")
	}
	j.distinct(choices, under(at, "choices"))
	for i, x := range choices {
		j.choice(x, under(under(at, "choices"), i), kind)
	}
	for key, only := range map[string][]int64{
		"min_length": {textOption}, "max_length": {textOption}, "min_value": {integerOption, numberOption},
		"max_value": {integerOption, numberOption}, "channel_types": {channelOption},
	} {
		if o[key] != nil && !slices.Contains(only, kind) {
			j.no(under(at, key), "APPLICATION_COMMAND_OPTION_INVALID", "%s is not for options of type %d", key, kind)
		}
	}
}

// choice judges a choice of an option, as registered or offered.
func (j *judge) choice(x Object, at string, kind int64) {
	j.length(x, at, "name", 1, 100)
	if names, ok := x["name_localizations"].(Object); ok {
		for locale := range names {
			j.locale(locale, under(at, "name_localizations"))
			j.length(names, under(at, "name_localizations"), locale, 1, 100)
		}
	}
	if kind == textOption {
		j.length(x, at, "value", 1, 100)
	} else if _, ok := number(x, "value"); !ok && kind == integerOption {
		j.no(under(at, "value"), "NUMBER_TYPE_COERCE", "Value is not int.")
	}
}

// size is the length of a command as Discord counts it: of names, descriptions and values, the longest language each.
func size(o Object) int {
	n := 0
	for _, key := range []string{"name", "description"} {
		longest := runes(str(o, key))
		if all, ok := o[key+"_localizations"].(Object); ok {
			for locale := range all {
				longest = max(longest, runes(str(all, locale)))
			}
		}
		n += longest
	}
	if v := o["value"]; v != nil {
		n += runes(fmt.Sprint(v))
	}
	for _, x := range append(objects(o["options"]), objects(o["choices"])...) {
		n += size(x)
	}
	return n
}

// choices judges what is offered for an option that somebody types.
func (j *judge) choices(all []Object, i *interaction) {
	if len(all) > 25 {
		j.no("data.choices", "BASE_TYPE_MAX_LENGTH", "Must be 25 or fewer in length.")
	}
	kind := int64(0)
	if i.focus != nil {
		kind = num(i.focus, "type")
	}
	for n, x := range all {
		j.choice(x, under("data.choices", n), kind)
	}
}
