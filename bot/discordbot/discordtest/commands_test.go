package discordtest_test

import (
	"fmt"
	"strings"
	"testing"

	"griot/bot/discordbot/discordtest"
)

func (v *village) commands() string { return "/applications/" + v.s.App.ID + "/commands" }

func command(name string, options ...any) object {
	return object{"name": name, "description": "What it does", "options": options}
}

func TestCommandsThatDiscordRefuses(t *testing.T) {
	t.Parallel()
	v := settle(t, discordtest.Options{Unlimited: true})
	needed := option("b", 3)
	needed["required"] = true
	chosen := option("a", 3)
	chosen["choices"], chosen["autocomplete"] = list(object{"name": "a", "value": "a"}), true
	french := option("b", 3)
	french["name_localizations"] = object{"fr": "a"}
	martian := command("a")
	martian["name_localizations"] = object{"xx": "a"}
	long := func(i int) any {
		o := option(fmt.Sprint("o", i), 3)
		o["choices"] = many(25, func(n int) any {
			return object{"name": strings.Repeat("x", 98) + fmt.Sprintf("%02d", n), "value": strings.Repeat("x", 100)}
		})
		return o
	}
	for name, c := range map[string]struct {
		all  []any
		says string
	}{
		"capitals":               {list(command("Post")), "INVALID_NAME"},
		"spaces":                 {list(command("a post")), "INVALID_NAME"},
		"no description":         {list(object{"name": "post"}), "description"},
		"a menu with one":        {list(object{"name": "Draft", "type": 3, "description": "a"}), "DESCRIPTION_NOT_ALLOWED"},
		"the same name":          {list(command("a"), command("a")), "ALREADY_EXISTS"},
		"too many menus":         {many(16, func(i int) any { return object{"name": fmt.Sprint("Menu ", i), "type": 3} }), "15 are allowed"},
		"26 options":             {list(command("a", many(26, func(i int) any { return option(fmt.Sprint("o", i), 3) })...)), "options"},
		"options beside a sub":   {list(command("a", option("s", 1), option("o", 3))), "mutually exclusive"},
		"required after not":     {list(command("a", option("a", 3), needed)), "REQUIRED_INVALID"},
		"choices that complete":  {list(command("a", chosen)), "exclude each other"},
		"one name in French":     {list(command("a", option("a", 3), french)), "used twice"},
		"an unknown language":    {list(martian), "xx"},
		"8000 characters":        {list(command("a", many(3, long)...)), "TOO_LARGE"},
		"groups inside of a sub": {list(command("a", object{"type": 1, "name": "s", "description": "a", "options": list(option("g", 2))})), "options"},
	} {
		t.Run(name, func(t *testing.T) { v.no(50035, c.says, "PUT", v.commands(), c.all) })
	}
	if all := v.s.Commands(); len(all) != 0 {
		t.Errorf("registered: %v", all)
	}
}

func TestCommandsKeepTheirIDs(t *testing.T) {
	t.Parallel()
	v := settle(t, discordtest.Options{})
	first := v.ok("PUT", v.commands(), list(command("a"), command("b")))["list"].([]any)
	again := v.ok("PUT", v.commands(), list(command("b")))["list"].([]any)
	if len(again) != 1 || again[0].(object)["id"] != first[1].(object)["id"] {
		t.Errorf("%v, then %v", first, again)
	}
	if got := v.ok("GET", v.commands(), nil)["list"].([]any); len(got) != 1 || got[0].(object)["name"] != "b" {
		t.Errorf("%v", got)
	}
	v.ok("PUT", "/applications/"+v.s.App.ID+"/guilds/"+v.g.ID+"/commands", list(command("c")))
	if len(v.g.Commands()) != 1 || len(v.s.Commands()) != 1 {
		t.Errorf("%v", v.g.Commands())
	}
}

func TestCommandsAreForWhoMay(t *testing.T) {
	t.Parallel()
	v := connected(t, discordtest.Options{Lenient: true})
	v.desk()
	guest := v.g.Person(discordtest.Profile{Name: "guest"})
	for name, ack := range map[string]discordtest.Ack{
		"without MANAGE_GUILD":   guest.Command(v.c, "post draft", nil),
		"in another language":    v.g.Person(discordtest.Profile{Name: "boss", Manager: true}).Command(v.c, "post rediger", nil),
		"that is not there":      v.awa.Command(v.c, "post nothing", nil),
		"that is not whole":      v.awa.Command(v.c, "post", nil),
		"without such an option": v.awa.Command(v.c, "post draft", discordtest.Values{"x": {"1"}}),
	} {
		if !ack.Refused {
			t.Errorf("%s: %+v", name, ack)
		}
	}
	if ack := v.awa.Command(v.c, "post draft", discordtest.Values{"network": {"Facebook"}}); ack.Errors["network"] == "" {
		t.Errorf("no such choice: %+v", ack)
	}
	if got := v.seen("INTERACTION_CREATE"); len(got) != 0 {
		t.Errorf("sent: %v", got)
	}
}
