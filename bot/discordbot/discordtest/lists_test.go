package discordtest_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"griot/bot/discordbot/discordtest"
)

// ids are those of a list that was answered.
func ids(all any) []string {
	var out []string
	for _, x := range all.([]any) {
		out = append(out, x.(object)["id"].(string))
	}
	return out
}

func TestGuildsOfTheBot(t *testing.T) {
	t.Parallel()
	v := settle(t, discordtest.Options{Unlimited: true})
	want := []string{v.g.ID}
	for i := range 4 {
		g := v.s.Guild(fmt.Sprint("g", i))
		if i != 1 { // the bot is not in this one
			g.Install()
			want = append(want, g.ID)
		}
	}
	list := func(query string) []string { return ids(v.ok("GET", "/users/@me/guilds"+query, nil)["list"]) }
	for query, want := range map[string][]string{"": want, "?limit=2": want[:2], "?limit=2&after=" + want[1]: want[2:], "?after=" + want[2]: want[3:]} {
		if diff := cmp.Diff(want, list(query)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", query, diff)
		}
	}
	v.no(50035, "", "GET", "/users/@me/guilds?limit=201", nil)
	v.g.Kick()
	if diff := cmp.Diff(want[1:], list("")); diff != "" {
		t.Errorf("after a removal (-want +got):\n%s", diff)
	}
}

func TestThreadsThatAreOpen(t *testing.T) {
	t.Parallel()
	v := settle(t, discordtest.Options{Unlimited: true})
	forum := v.g.Forum("ideas")
	hidden := v.g.Channel("hidden")
	thread := func(at, name string) string {
		return v.ok("POST", at, object{"name": name, "message": object{"content": name}})["id"].(string)
	}
	post := thread("/channels/"+forum.ID+"/threads", "one")
	over := thread("/channels/"+forum.ID+"/threads", "two")
	forum.Thread(over).Archive()
	v.ok("POST", v.messages(), object{"content": "a"})
	below := v.ok("POST", v.messages()+"/"+v.c.Last().ID+"/threads", object{"name": "a"})["id"].(string)
	v.ok("POST", "/channels/"+hidden.ID+"/messages", object{"content": "a"})
	v.ok("POST", "/channels/"+hidden.ID+"/messages/"+hidden.Last().ID+"/threads", object{"name": "a"})
	hidden.Deny(discordtest.ViewChannel)
	if diff := cmp.Diff([]string{below, post}, ids(v.ok("GET", "/guilds/"+v.g.ID+"/threads/active", nil)["threads"])); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	v.g.Kick()
	v.no(50001, "Missing Access", "GET", "/guilds/"+v.g.ID+"/threads/active", nil)
}

func TestAThreadIsTakenOutOfTheArchive(t *testing.T) {
	t.Parallel()
	v := settle(t, discordtest.Options{Unlimited: true, Lenient: true})
	v.ok("POST", v.messages(), object{"content": "a"})
	id := v.ok("POST", v.messages()+"/"+v.c.Last().ID+"/threads", object{"name": "a"})["id"].(string)
	v.ok("POST", "/channels/"+id+"/messages", object{"content": "b"})
	thread := v.c.Thread(id)
	edit := "/channels/" + id + "/messages/" + thread.Last().ID
	open := object{"archived": false}
	thread.Archive()
	v.no(50083, "Thread is archived", "PATCH", edit, object{"content": "c"})
	v.c.Deny(discordtest.SendMessages)
	v.no(50013, "Missing Permissions", "PATCH", "/channels/"+id, open)
	v.c.Allow(discordtest.SendMessages)
	v.ok("PATCH", "/channels/"+id, open)
	if thread.Archived() {
		t.Error("it is still archived")
	}
	v.ok("PATCH", edit, object{"content": "c"})
	thread.Lock()
	v.no(50013, "Missing Permissions", "PATCH", "/channels/"+id, open)
	v.c.Allow(discordtest.ManageThreads)
	v.ok("PATCH", "/channels/"+id, open)
	if faults := v.s.Faults(); len(faults) > 0 {
		t.Errorf("faults: %q", faults)
	}
	v.no(50024, "", "PATCH", "/channels/"+v.c.ID, object{"name": "another"})
	if faults := v.s.Faults(); len(faults) != 1 {
		t.Errorf("what is not served is said: %q", faults)
	}
}
