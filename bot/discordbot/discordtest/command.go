package discordtest

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Values fill options of commands and fields of modals, each by its name or label, with what a person gives it.
type Values map[string][]string

// Choice is one that the app offers while somebody types.
type Choice struct{ Name, Value string }

// Command types a command in a channel: "post draft", in the usual words or those of the person's language. Options are filled by
// their names in either. Nothing is sent when Discord's client itself finds something missing: Errors says so.
func (p *Person) Command(c *Channel, command string, values Values) Ack {
	s := p.s
	s.mu.Lock()
	in, why := p.typed(c, command)
	if why != "" {
		return s.refuse("%s: %s", p.Name, why)
	}
	errors, why := in.fill(values, "")
	if why != "" {
		return s.refuse("%s: /%s: %s", p.Name, command, why)
	}
	if len(errors) > 0 {
		s.mu.Unlock()
		return Ack{Errors: errors, Trouble: "Please complete the command."}
	}
	return s.send(p.talk(commandTalk, c, nil, in.data()))
}

// Complete types into an option of a command that is not sent yet, and returns what the app offers, in the person's language.
func (p *Person) Complete(c *Channel, command string, values Values, option, typed string) ([]Choice, Ack) {
	s := p.s
	s.mu.Lock()
	in, why := p.typed(c, command)
	if why != "" {
		return nil, s.refuse("%s: %s", p.Name, why)
	}
	focus := in.option(option)
	if focus == nil || !yes(false, focus, "autocomplete") {
		return nil, s.refuse("%s: /%s has no option %q that completes itself", p.Name, command, option)
	}
	if _, why := in.fill(values, str(focus, "name")); why != "" {
		return nil, s.refuse("%s: /%s: %s", p.Name, command, why)
	}
	in.given = append(in.given, Object{"name": focus["name"], "type": focus["type"], "value": typed, "focused": true})
	i := p.talk(completeTalk, c, nil, in.data())
	i.focus = focus
	ack := s.send(i)
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []Choice
	for _, x := range objects(ack.Data["choices"]) {
		all = append(all, Choice{inLocale(x, "name", p.Locale), fmt.Sprint(x["value"])})
	}
	return all, ack
}

// Menu chooses a command of the app in the menu of a message.
func (p *Person) Menu(on Message, command string) Ack {
	s := p.s
	s.mu.Lock()
	if on.m == nil || on.m.gone {
		return s.refuse("%s finds no message to act on", p.Name)
	}
	c := on.m.c
	found := p.command(c, messageCommand, command)
	if found == nil {
		return s.refuse("%s finds no %q in the menu of messages", p.Name, command)
	}
	resolved := Object{"messages": Object{on.ID: on.m.json()}}
	return s.send(p.talk(commandTalk, c, nil, Object{
		"id": found["id"], "name": found["name"], "type": messageCommand, "target_id": on.ID, "resolved": resolved,
	}))
}

// command is a registered command that the person may use in a channel, by its name. The mutex is held.
func (p *Person) command(c *Channel, kind int64, name string) Object {
	all := p.s.commands[""]
	if c.g != nil {
		if !c.g.in || !p.may(c, ViewChannel|UseCommands) {
			return nil
		}
		all = append(slices.Clone(p.s.commands[c.g.ID]), all...)
	}
	for _, o := range all {
		if num(o, "type") == kind && p.calls(o, name) && p.allowed(c, o) {
			return o
		}
	}
	return nil
}

// allowed says whether a command is shown to the person in the channel. The mutex is held.
func (p *Person) allowed(c *Channel, o Object) bool {
	here := int64(0)
	if c.g == nil {
		here = 1
	}
	contexts := anys(o["contexts"])
	if contexts != nil && !slices.ContainsFunc(contexts, func(v any) bool { return fmt.Sprint(v) == fmt.Sprint(here) }) {
		return false
	}
	need, restricted := o["default_member_permissions"].(string)
	if !restricted || c.g == nil {
		return true
	}
	have := c.rights(p.ID, p.roles)
	return have&Administrator != 0 || need != "0" && have&Permission(whole(need)) == Permission(whole(need))
}

// calls says whether a person may call something that, in the usual words or in their own.
func (p *Person) calls(o Object, name string) bool {
	return str(o, "name") == name || str(o, "name_localizations", p.Locale) == name
}

// invoked is a command while it is typed.
type invoked struct {
	p        *Person
	c        *Channel
	command  Object
	path     []Object // groups and subcommands below it
	given    []any    // options that are filled
	resolved resolved
}

// typed finds a command by its words. The mutex is held.
func (p *Person) typed(c *Channel, words string) (*invoked, string) {
	all := strings.Fields(words)
	if len(all) == 0 {
		return nil, "no command"
	}
	in := &invoked{p: p, c: c, command: p.command(c, typedCommand, all[0]), resolved: resolved{}}
	if in.command == nil {
		return nil, fmt.Sprintf("no command /%s in #%s", all[0], c.Name)
	}
	for _, word := range all[1:] {
		i := slices.IndexFunc(in.options(), func(o Object) bool { return num(o, "type") <= groupOption && p.calls(o, word) })
		if i < 0 {
			return nil, fmt.Sprintf("/%s has no %q", words, word)
		}
		in.path = append(in.path, in.options()[i])
	}
	if below := in.options(); len(below) > 0 && num(below[0], "type") <= groupOption {
		return nil, fmt.Sprintf("/%s is not a whole command", words)
	}
	return in, ""
}

// options are those at the end of the path.
func (in *invoked) options() []Object {
	if n := len(in.path); n > 0 {
		return objects(in.path[n-1]["options"])
	}
	return objects(in.command["options"])
}

func (in *invoked) option(name string) Object {
	for _, o := range in.options() {
		if in.p.calls(o, name) {
			return o
		}
	}
	return nil
}

// fill fills options in the order they are registered, but for one; what is missing comes back by name, what is impossible as why.
func (in *invoked) fill(values Values, but string) (errors map[string]string, why string) {
	for name := range values {
		if in.option(name) == nil {
			return nil, fmt.Sprintf("no option %q", name)
		}
	}
	errors = map[string]string{}
	for _, o := range in.options() {
		name := str(o, "name")
		given, there := values[name]
		if !there {
			given, there = values[str(o, "name_localizations", in.p.Locale)]
		}
		switch {
		case name == but:
		case !there || len(given) == 0:
			if yes(false, o, "required") {
				errors[name] = "This option is required. Specify a value."
			}
		default:
			v, wrong := in.value(o, given[0])
			if wrong != "" {
				errors[name] = wrong
			}
			in.given = append(in.given, Object{"name": name, "type": o["type"], "value": v})
		}
	}
	return errors, ""
}

// value is what a person gave an option, in its type; or what Discord's client says about it.
func (in *invoked) value(o Object, given string) (v any, wrong string) {
	kind := num(o, "type")
	choices := objects(o["choices"])
	for _, x := range choices {
		if inLocale(x, "name", in.p.Locale) == given || str(x, "name") == given || fmt.Sprint(x["value"]) == given {
			return x["value"], ""
		}
	}
	switch {
	case len(choices) > 0:
		return nil, "Input a valid choice."
	case kind == textOption:
		if n := int64(runes(given)); n < or(0, o, "min_length") || n > or(6000, o, "max_length") {
			return nil, "The text is too short or too long."
		}
		return given, ""
	case kind == integerOption || kind == numberOption:
		n, err := strconv.ParseFloat(given, 64)
		if err != nil || n != float64(int64(n)) && kind == integerOption {
			return nil, "Input a valid number."
		}
		return json.Number(given), ""
	case kind == yesOption:
		return given == "true" || given == "True", ""
	case kind == fileWish:
		f := in.p.uploaded(given)
		if f == nil {
			return nil, "This option is required. Specify a file."
		}
		return in.resolved.file(f.in(in.c)), ""
	}
	kinds := map[int64][]int64{
		userOption: {userMenuKind}, channelOption: {channelMenuKind}, roleOption: {roleMenuKind}, anyoneOption: {userMenuKind, roleMenuKind},
	}
	for _, k := range kinds[kind] {
		if id := in.resolved.named(in.p, in.c, k, given, o); id != "" {
			return id, ""
		}
	}
	return nil, "Input a valid choice."
}

// data is the command as it is sent: with the usual names, whatever the person typed.
func (in *invoked) data() Object {
	given := in.given
	if given == nil {
		given = []any{}
	}
	for _, o := range slices.Backward(in.path) {
		given = []any{Object{"name": o["name"], "type": o["type"], "options": given}}
	}
	data := Object{"id": in.command["id"], "name": in.command["name"], "type": in.command["type"], "options": given}
	if g := str(in.command, "guild_id"); g != "" {
		data["guild_id"] = g
	}
	if len(in.resolved) > 0 {
		data["resolved"] = Object(in.resolved)
	}
	return data
}
