package commands

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"griot/chat"
	"griot/i18n"
	"griot/social"
)

// Registry is the one list of commands.
type Registry struct {
	all     []Command
	byName  map[string]int // every name in every language, folded
	presses map[string]int // the command whose verb it is
	forms   map[string]int
}

// New makes the registry of commands, with /help. It panics on two commands with one name, two handlers of one verb, and
// other mistakes in our own tables.
func New(commands ...Command) *Registry {
	r := &Registry{byName: map[string]int{}, presses: map[string]int{}, forms: map[string]int{}}
	for _, c := range append(slices.Clone(commands), help(r)) {
		r.add(c)
	}
	return r
}

func (r *Registry) add(c Command) {
	i := len(r.all)
	r.all = append(r.all, c)
	for _, n := range c.names() {
		n = fold(n)
		if _, ok := r.byName[n]; ok || n == "" {
			panic(fmt.Sprintf("commands: two commands called %q", n))
		}
		r.byName[n] = i
	}
	if c.About.En == "" || c.About.Fr == "" {
		panic(fmt.Sprintf("commands: %s says nothing about itself", c.Name))
	}
	if c.Run == nil {
		panic(fmt.Sprintf("commands: %s does nothing", c.Name))
	}
	for verb := range c.Presses {
		r.claim(r.presses, verb, i)
	}
	for verb := range c.Forms {
		r.claim(r.forms, verb, i)
	}
	checkOptions(c)
}

func (r *Registry) claim(verbs map[string]int, verb string, i int) {
	if _, ok := verbs[verb]; ok || verb == RunVerb || verb == "" || strings.Contains(verb, "|") {
		panic(fmt.Sprintf("commands: verb %q is taken or no verb", verb))
	}
	verbs[verb] = i
}

func checkOptions(c Command) {
	known := map[string]bool{}
	for _, o := range c.Options {
		for _, n := range o.names() {
			if known[n] || n == "" || strings.ContainsAny(n, " :") {
				panic(fmt.Sprintf("commands: option %q of %s is taken or no name", n, c.Name))
			}
			known[n] = true
		}
		if o.About.En == "" || o.About.Fr == "" {
			panic(fmt.Sprintf("commands: option %s of %s says nothing about itself", o.Name, c.Name))
		}
	}
}

// names are all the folded names of an option.
func (o Option) names() []string {
	if o.French == "" || fold(o.French) == fold(o.Name) {
		return []string{fold(o.Name)}
	}
	return []string{fold(o.Name), fold(o.French)}
}

// All lists every command, in the order they were given.
func (r *Registry) All() []Command { return slices.Clone(r.all) }

// Named finds a command by its whole name in any language.
func (r *Registry) Named(name string) (Command, bool) {
	i, ok := r.byName[fold(strings.TrimPrefix(strings.TrimSpace(name), "/"))]
	if !ok {
		return Command{}, false
	}
	return r.all[i], true
}

// Pressed finds what a verb of a button does, and the command it belongs to.
func (r *Registry) Pressed(verb string) (Act, Command, bool) {
	i, ok := r.presses[verb]
	if !ok {
		return nil, Command{}, false
	}
	return r.all[i].Presses[verb], r.all[i], true
}

// FormOf finds the form that a verb opens and sends, and the command it belongs to.
func (r *Registry) FormOf(verb string) (Form, Command, bool) {
	i, ok := r.forms[verb]
	if !ok {
		return Form{}, Command{}, false
	}
	return r.all[i].Forms[verb], r.all[i], true
}

// Root is one word after the slash, and what can follow it.
type Root struct {
	Name, French string
	Subs         []Command // "post draft", "post list"… in the order they were given
}

// Roots groups the commands by their first word, in the order they were given.
func (r *Registry) Roots() []Root {
	var out []Root
	for _, c := range r.all {
		word, _, deep := strings.Cut(c.Name, " ")
		french, _, _ := strings.Cut(cmp.Or(c.French, c.Name), " ")
		i := slices.IndexFunc(out, func(o Root) bool { return o.Name == word })
		if i < 0 {
			i = len(out)
			out = append(out, Root{Name: word, French: french})
		}
		if deep {
			out[i].Subs = append(out[i].Subs, c)
		}
	}
	return out
}

func last(name string) string { return name[strings.LastIndex(name, " ")+1:] }

// Offered lists the commands for these roles, the most useful first.
func (r *Registry) Offered(roles []social.Role) []Command {
	var out []Command
	for _, c := range r.all {
		if c.forRoles(roles) {
			out = append(out, c)
		}
	}
	slices.SortStableFunc(out, func(a, b Command) int { return cmp.Or(cmp.Compare(a.Rank, b.Rank), cmp.Compare(a.Name, b.Name)) })
	return out
}

// Usage writes how a command is typed by a reader of l: "/post rediger texte:… [comptes:…]".
func Usage(c Command, l i18n.Locale) string {
	var b strings.Builder
	b.WriteString("/" + c.In(l))
	for _, o := range c.Options {
		if o.kind() == chat.Files || o.kind() == chat.Secret {
			continue // never typed
		}
		one := o.In(l) + ":" + o.sample(l)
		switch i := slices.IndexFunc(c.Options, func(x Option) bool { return x.Name == o.Unless }); {
		case slices.ContainsFunc(c.Options, func(x Option) bool { return x.Unless == o.Name }):
			continue // it stands beside what it stands in for
		case i >= 0:
			one = "(" + one + "|" + c.Options[i].In(l) + ":" + c.Options[i].sample(l) + ")"
		case !o.Required:
			one = "[" + one + "]"
		}
		b.WriteString(" " + one)
	}
	return b.String()
}

// sample is what stands for the value in Usage.
func (o Option) sample(l i18n.Locale) string {
	if len(o.Choices) == 0 || len(o.Choices) > 4 {
		return "…"
	}
	names := make([]string, len(o.Choices))
	for i, c := range o.Choices {
		names[i] = c.typed(l)
	}
	return strings.Join(names, "|")
}

// typed is the choice as a reader of l would type it.
func (c Choice) typed(l i18n.Locale) string {
	switch n := strings.ToLower(c.Name.In(l)); {
	case n == "":
		return c.Value
	case strings.ContainsAny(n, " \u00a0\u202f"):
		return `"` + n + `"`
	default:
		return n
	}
}
