package discordtest_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"griot/bot/discordbot/discordtest"
)

// hook is the path of an interaction's webhook.
func (v *village) hook(a discordtest.Ack, rest string) string {
	return "/webhooks/" + v.s.App.ID + "/" + a.Token + rest
}

// free is a call without a token, as these need none.
func (v *village) free(method, path string, body object) object {
	v.t.Helper()
	return v.do(method, path, "application/json", encoded(v.t, body), "")
}

func TestDeferredRepliesAreFilled(t *testing.T) {
	t.Parallel()
	v := connected(t, discordtest.Options{})
	v.desk()
	ack := v.awa.Command(v.c, "post draft", nil)
	if m := v.awa.Ephemeral(); !m.Thinking || !m.Private || m.Lines[0] != "(thinking…)" {
		t.Fatalf("%+v: %+v", ack, m)
	}
	v.free("PATCH", v.hook(ack, "/messages/@original"), v2(words("here"), row(button("Go", "go"))))
	if m := v.awa.Ephemeral(); m.Thinking || m.String() != "here\n[Go]" || !m.Private {
		t.Errorf("%+v", m)
	}
	got := v.free("GET", v.hook(ack, "/messages/@original"), nil)
	if got["flags"] != float64(1<<15|1<<6) {
		t.Errorf("original: %v", got)
	}
	v.free("POST", v.hook(ack, ""), object{"content": "more", "flags": 64})
	v.free("POST", v.hook(ack, ""), object{"content": "<@" + v.awa.ID + "> @everyone"})
	if n := len(v.awa.Ephemerals()); n != 2 {
		t.Errorf("%d ephemerals", n)
	}
	if diff := cmp.Diff([]string{"@awa"}, v.c.Last().Pings); diff != "" {
		t.Errorf("pings (-want +got):\n%s", diff)
	}
	v.free("DELETE", v.hook(ack, "/messages/@original"), nil)
	v.refused(v.free("GET", v.hook(ack, "/messages/@original"), nil), 10008, "Unknown Message")
	if m := v.awa.Ephemeral(); m.String() != "more" {
		t.Errorf("%+v", m)
	}
}

func TestTheFirstFollowUpFillsADeferral(t *testing.T) {
	t.Parallel()
	v := connected(t, discordtest.Options{})
	v.desk()
	ack := v.awa.Command(v.c, "post draft", nil)
	v.free("POST", v.hook(ack, ""), object{"content": "for all"})
	if m := v.awa.Ephemeral(); m.String() != "for all" || len(v.c.Messages()) != 0 {
		t.Errorf("it stays what it was: %+v", m)
	}
}

func TestFirstResponsesThatDiscordRefuses(t *testing.T) {
	t.Parallel()
	v := connected(t, discordtest.Options{})
	v.desk()
	v.ok("POST", v.messages(), v2(row(button("Go", "go"))))
	refusals := make(chan object, 10)
	try := func(a object) {
		v.answers(func(i object) object {
			refusals <- v.callback(i, a)
			return object{"type": 5}
		})
	}
	try(object{"type": 7, "data": object{"content": "a"}})
	v.awa.Command(v.c, "post draft", nil)
	v.refused(<-refusals, 50035, "takes no response of type 7")
	try(object{"type": 8, "data": object{"choices": list()}})
	v.awa.Press(v.c.Message(v.c.Messages()[0].ID), "Go")
	v.refused(<-refusals, 50035, "takes no response of type 8")
	try(object{"type": 5, "data": object{"flags": 1 << 15}})
	v.awa.Command(v.c, "post draft", nil)
	v.refused(<-refusals, 50035, "EPHEMERAL")
	v.answers(func(i object) object {
		v.ok("POST", fmt.Sprintf("/interactions/%s/%s/callback", i["id"], i["token"]), object{"type": 5})
		refusals <- v.callback(i, object{"type": 5})
		return nil
	})
	v.awa.Command(v.c, "post draft", nil)
	v.refused(<-refusals, 40060, "already been acknowledged")
	v.answers(func(object) object { return form(label("A", input("a", nil))) })
	v.awa.Command(v.c, "post draft", nil)
	try(form(label("A", input("a", nil))))
	v.awa.Submit(discordtest.Values{"A": {"a"}})
	v.refused(<-refusals, 50035, "takes no response of type 9")
}

func TestNobodyWaitsForEver(t *testing.T) {
	t.Parallel()
	c := noon()
	v := connected(t, discordtest.Options{Now: c.Now, Wait: 50 * time.Millisecond})
	v.desk()
	v.answers(func(object) object { return nil })
	ack := v.awa.Command(v.c, "post draft", nil)
	if !ack.Late || ack.Trouble != "The application did not respond" {
		t.Errorf("%+v", ack)
	}
	v.refused(v.callback(object{"id": ack.ID, "token": ack.Token}, object{"type": 5}), 10062, "Unknown interaction")
	v.refused(v.free("GET", v.hook(ack, "/messages/@original"), nil), 10015, "Unknown Webhook")
}

func TestTokensOfInteractionsEnd(t *testing.T) {
	t.Parallel()
	c := noon()
	v := connected(t, discordtest.Options{Now: c.Now})
	v.desk()
	ack := v.awa.Command(v.c, "post draft", nil)
	c.pass(15*time.Minute - time.Second)
	v.free("PATCH", v.hook(ack, "/messages/@original"), object{"content": "in time"})
	c.pass(time.Second)
	v.refused(v.free("PATCH", v.hook(ack, "/messages/@original"), object{"content": "late"}), 50027, "Invalid Webhook Token")
	if m := v.awa.Ephemeral(); m.String() != "in time" {
		t.Errorf("%+v", m)
	}
}

func TestAResponseTellsItsMessage(t *testing.T) {
	t.Parallel()
	v := connected(t, discordtest.Options{})
	v.desk()
	told := make(chan object, 1)
	v.answers(func(i object) object {
		told <- v.call("POST", fmt.Sprintf("/interactions/%s/%s/callback?with_response=true", i["id"], i["token"]),
			object{"type": 4, "data": object{"content": "here"}})
		return nil
	})
	v.awa.Command(v.c, "post draft", nil)
	got := <-told
	if id := got["interaction"].(object)["response_message_id"]; id != v.c.Last().ID {
		t.Errorf("%v", got)
	}
}

func TestInteractionsTellWhoAndWhere(t *testing.T) {
	t.Parallel()
	v := connected(t, discordtest.Options{})
	v.desk()
	v.c.Deny(discordtest.ViewChannel)
	team := v.g.Role("team")
	v.awa.Give(team)
	cat := v.awa.Upload("a cat.png", []byte("meow"))
	values := discordtest.Values{"reseau": {"Bluesky"}, "in": {"#posts"}, "picture": {cat}, "for": {"@awa"}, "team": {"team"}}
	if ack := v.awa.Command(v.c, "post draft", values); !ack.OK() {
		t.Fatalf("%+v", ack)
	}
	i := v.seen("INTERACTION_CREATE")[0]
	sub := i["data"].(object)["options"].([]any)[0].(object)
	given := map[string]any{}
	for _, o := range sub["options"].([]any) {
		given[o.(object)["name"].(string)] = o.(object)["value"]
	}
	found := i["data"].(object)["resolved"].(object)
	for id, o := range found["attachments"].(object) {
		if given["picture"] != id || o.(object)["filename"] != "a_cat.png" {
			t.Errorf("picture %v: %v", given["picture"], o)
		}
	}
	delete(given, "picture")
	want := map[string]any{"network": "b", "in": v.c.ID, "for": v.awa.ID, "team": team.ID}
	if diff := cmp.Diff(want, given); diff != "" {
		t.Errorf("options (-want +got):\n%s", diff)
	}
	member := i["member"].(object)
	if sub["name"] != "draft" || i["locale"] != "fr" || i["app_permissions"] != "0" || member["user"].(object)["id"] != v.awa.ID || i["guild_id"] != v.g.ID {
		t.Errorf("%v", i)
	}
	if roles := member["roles"].([]any); roles[len(roles)-1] != team.ID {
		t.Errorf("roles: %v", roles)
	}
}

func TestMenusOfMessages(t *testing.T) {
	t.Parallel()
	v := connected(t, discordtest.Options{})
	v.desk()
	said := v.awa.Say(v.c, "a *fine* idea", v.awa.Upload("a.png", []byte("a")))
	if ack := v.awa.Menu(said, "En faire un message"); !ack.OK() {
		t.Fatalf("%+v", ack)
	}
	data := v.seen("INTERACTION_CREATE")[0]["data"].(object)
	m := data["resolved"].(object)["messages"].(object)[data["target_id"].(string)].(object)
	if m["content"] != "a *fine* idea" || len(m["attachments"].([]any)) != 1 {
		t.Errorf("%v", m)
	}
}

func TestMenusOfAMessageChoose(t *testing.T) {
	t.Parallel()
	v := connected(t, discordtest.Options{Lenient: true})
	v.ok("POST", v.messages(), v2(row(menu("m", pick("One", "1"), pick("Two", "2"))), row(object{"type": 6, "custom_id": "r", "placeholder": "Who…"})))
	v.awa.Choose(v.c.Last(), "Choose…", "Two")
	v.awa.Choose(v.c.Last(), "Who…", "@everyone")
	all := v.seen("INTERACTION_CREATE")
	if diff := cmp.Diff(list("2"), all[0]["data"].(object)["values"]); diff != "" {
		t.Error(diff)
	}
	if m := all[1]["message"].(object); m["id"] != v.c.Last().ID || len(m["components"].([]any)) != 2 {
		t.Errorf("message: %v", m)
	}
	for _, ack := range []discordtest.Ack{v.awa.Choose(v.c.Last(), "Choose…", "One", "Two"), v.awa.Choose(v.c.Last(), "Choose…"), v.awa.Press(v.c.Last(), "Go")} {
		if !ack.Refused {
			t.Errorf("%+v", ack)
		}
	}
}

func TestChoicesWhileTyping(t *testing.T) {
	t.Parallel()
	v := connected(t, discordtest.Options{})
	v.desk()
	v.answers(func(i object) object {
		sub := i["data"].(object)["options"].([]any)[0].(object)["options"].([]any)
		last := sub[len(sub)-1].(object)
		return object{"type": 8, "data": object{"choices": list(
			object{"name": "typed " + last["value"].(string), "value": "7", "name_localizations": object{"fr": "tapé " + last["value"].(string)}})}}
	})
	got, ack := v.awa.Complete(v.c, "post draft", discordtest.Values{"network": {"m"}}, "brand", "lib")
	if diff := cmp.Diff([]discordtest.Choice{{"tapé lib", "7"}}, got); diff != "" || !ack.OK() {
		t.Errorf("%+v (-want +got):\n%s", ack, diff)
	}
	refused := make(chan object, 1)
	v.answers(func(i object) object {
		refused <- v.callback(i, object{"type": 8, "data": object{"choices": many(26, func(n int) any { return object{"name": fmt.Sprint(n), "value": "a"} })}})
		return object{"type": 8, "data": object{"choices": list()}}
	})
	v.awa.Complete(v.c, "post draft", nil, "brand", "")
	v.refused(<-refused, 50035, "choices")
}
