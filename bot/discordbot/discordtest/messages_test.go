package discordtest_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"griot/bot/discordbot/discordtest"
)

func (v *village) messages() string { return "/channels/" + v.c.ID + "/messages" }

func many(n int, make func(i int) any) []any {
	all := []any{}
	for i := range n {
		all = append(all, make(i))
	}
	return all
}

func menu(id string, options ...any) object {
	return object{"type": 3, "custom_id": id, "placeholder": "Choose…", "options": options}
}

func pick(label, value string) object { return object{"label": label, "value": value} }

func TestMessagesThatDiscordRefuses(t *testing.T) {
	t.Parallel()
	v := settle(t, discordtest.Options{Unlimited: true})
	x := func(n int) string { return strings.Repeat("x", n) }
	for name, c := range map[string]struct {
		body object
		says string
	}{
		"content too long":           {object{"content": x(2001)}, "2000 or fewer"},
		"content beside components":  {object{"content": "a", "flags": 1 << 15, "components": list(words("a"))}, "LEGACY_FIELDS"},
		"embeds beside components":   {object{"embeds": list(object{"title": "a"}), "flags": 1 << 15, "components": list(words("a"))}, "LEGACY_FIELDS"},
		"text without the flag":      {object{"components": list(words("a"))}, "UNION_TYPE_CHOICES"},
		"too much text":              {v2(words(x(2001)), words(x(2000))), "TEXT_SIZE"},
		"too many components":        {v2(many(41, func(int) any { return words("a") })...), "BASE_TYPE_BAD_LENGTH"},
		"too many when nested":       {v2(object{"type": 17, "components": many(21, func(i int) any { return row(button("a", fmt.Sprint(i))) })}), "must not exceed 40"},
		"the same custom_id":         {v2(row(button("a", "1"), button("b", "1"))), "CUSTOM_ID_DUPLICATED"},
		"the same id":                {v2(object{"type": 10, "id": 7, "content": "a"}, object{"type": 10, "id": 7, "content": "a"}), "COMPONENT_ID_DUPLICATED"},
		"a long custom_id":           {v2(row(button("a", x(101)))), "custom_id"},
		"six buttons":                {v2(row(many(6, func(i int) any { return button("a", fmt.Sprint(i)) })...)), "BASE_TYPE_BAD_LENGTH"},
		"a menu beside a button":     {v2(row(button("a", "1"), menu("2", pick("a", "a")))), "LAYOUT_WIDTH"},
		"options with one value":     {v2(row(menu("2", pick("a", "a"), pick("b", "a")))), "OPTION_VALUE_DUPLICATED"},
		"a link with a custom_id":    {v2(row(object{"type": 2, "style": 5, "url": "https://example.org", "custom_id": "a", "label": "a"})), "MUTUALLY_EXCLUSIVE"},
		"a button without a label":   {v2(row(object{"type": 2, "style": 1, "custom_id": "a"})), "BUTTON_COMPONENT_INVALID"},
		"a section without a button": {v2(object{"type": 9, "components": list(words("a"))}), "accessory"},
		"a container in a container": {v2(object{"type": 17, "components": list(object{"type": 17, "components": list(words("a"))})}), "UNION_TYPE"},
		"a label in a message":       {v2(label("a", input("a", nil))), "UNION_TYPE"},
		"a picture that is not here": {v2(object{"type": 12, "items": list(object{"media": object{"url": "attachment://a.png"}})}), "ATTACHMENT_NOT_FOUND"},
		"a long embed":               {object{"embeds": list(object{"description": x(4000)}, object{"description": x(2001)})}, "MAX_EMBED_SIZE"},
		"a wrong type":               {object{"content": 7}, "content"},
		"two ways to say whom":       {object{"content": "a", "allowed_mentions": object{"parse": list("users"), "users": list("1")}}, "PARSE_EXCLUSIVE"},
		"a text that is empty":       {v2(words("")), "BASE_TYPE_BAD_LENGTH"},
	} {
		t.Run(name, func(t *testing.T) { v.no(50035, c.says, "POST", v.messages(), c.body) })
	}
	v.no(50006, "empty message", "POST", v.messages(), object{"flags": 0})
	v.no(50006, "empty message", "POST", v.messages(), object{"content": " \n"})
	if all := v.c.Messages(); len(all) != 0 {
		t.Errorf("said: %v", all)
	}
}

func TestEmbedFieldsAreMeasured(t *testing.T) {
	t.Parallel()
	v := settle(t, discordtest.Options{})
	field := object{"name": "a", "value": strings.Repeat("x", 1025)}
	v.no(50035, "embeds", "POST", v.messages(), object{"embeds": list(object{"fields": list(field)})})
}

func TestComponentsKeepTheirIDs(t *testing.T) {
	t.Parallel()
	v := settle(t, discordtest.Options{})
	id := v.ok("POST", v.messages(), v2(words("a"), object{"type": 10, "id": 1, "content": "b"}, row(button("c", "c"))))["id"].(string)
	var ids []any
	for _, o := range v.ok("GET", v.messages()+"/"+id, nil)["components"].([]any) {
		ids = append(ids, o.(object)["id"])
	}
	if diff := cmp.Diff([]any{2.0, 1.0, 3.0}, ids); diff != "" {
		t.Errorf("ids (-want +got):\n%s", diff)
	}
}

func TestANonceIsOneMessage(t *testing.T) {
	t.Parallel()
	c := noon()
	v := settle(t, discordtest.Options{Now: c.Now})
	say := object{"content": "once", "nonce": "n1", "enforce_nonce": true}
	first, again := v.ok("POST", v.messages(), say), v.ok("POST", v.messages(), say)
	if first["id"] != again["id"] || len(v.c.Messages()) != 1 {
		t.Errorf("%v and %v", first["id"], again["id"])
	}
	c.pass(10 * time.Minute)
	if v.ok("POST", v.messages(), say); len(v.c.Messages()) != 2 {
		t.Error("a nonce lives a few minutes")
	}
}

func TestEditsKeepWhatTheyDoNotName(t *testing.T) {
	t.Parallel()
	v := settle(t, discordtest.Options{Unlimited: true})
	legacy := v.ok("POST", v.messages(), object{"content": "old"})["id"].(string)
	v.no(50035, "LEGACY_FIELDS", "PATCH", v.messages()+"/"+legacy, v2(words("new")))
	now := v2(words("new"))
	now["content"] = nil
	v.ok("PATCH", v.messages()+"/"+legacy, now)
	v.no(50035, "CANNOT_REMOVE", "PATCH", v.messages()+"/"+legacy, object{"flags": 0})
	v.no(50035, "LEGACY_FIELDS", "PATCH", v.messages()+"/"+legacy, object{"content": "words"})
	v.ok("PATCH", v.messages()+"/"+legacy, object{"components": list(words("newer"))})
	if m := v.c.Last(); m.String() != "newer" || m.Edits != 2 {
		t.Errorf("%+v", m)
	}
	said := v.awa.Say(v.c, "mine")
	v.no(50005, "another user", "PATCH", v.messages()+"/"+said.ID, object{"content": "yours"})
	v.no(50013, "Missing Permissions", "DELETE", v.messages()+"/"+said.ID, nil)
	v.ok("DELETE", v.messages()+"/"+legacy, nil)
	v.no(10008, "Unknown Message", "PATCH", v.messages()+"/"+legacy, object{"content": "gone"})
}

func TestPicturesAreThoseThatCame(t *testing.T) {
	t.Parallel()
	v := settle(t, discordtest.Options{Unlimited: true})
	show := v2(object{"type": 12, "items": list(object{"media": object{"url": "attachment://a.png"}})})
	show["attachments"] = list(object{"id": 0, "description": "a cat"})
	got := v.upload("POST", v.messages(), show, map[string]string{"a.png": "bytes"})
	if m := v.c.Last(); m.String() != "(image: a cat)" || string(m.Attachments[0].Bytes) != "bytes" {
		t.Errorf("%v: %+v", got, m)
	}
	media := got["components"].([]any)[0].(object)["items"].([]any)[0].(object)["media"].(object)
	if !strings.HasPrefix(media["url"].(string), v.s.URL+"/attachments/") {
		t.Errorf("media: %v", media)
	}
	id := got["id"].(string)
	v.ok("PATCH", v.messages()+"/"+id, object{"components": show["components"]})
	v.no(50035, "ATTACHMENT_NOT_FOUND", "PATCH", v.messages()+"/"+id, object{"attachments": list()})
	big := v.upload("POST", v.messages(), object{}, map[string]string{"a.png": strings.Repeat("x", 10<<20+1)})
	v.refused(big, 40005, "too large")
}

func TestWhatNobodySeesIsAFault(t *testing.T) {
	t.Parallel()
	v := settle(t, discordtest.Options{Lenient: true})
	v.upload("POST", v.messages(), v2(words("a")), map[string]string{"a.png": "bytes"})
	v.ok("POST", v.messages(), v2(object{"type": 10, "content": "a", "colour": "red"}))
	v.ok("POST", v.messages(), object{"content": "a", "contents": "b"})
	v.call("GET", "/nothing", nil)
	all := strings.Join(v.s.Faults(), "\n")
	for _, want := range []string{"a.png", "components.0.colour", "contents does not exist", "not served"} {
		if !strings.Contains(all, want) {
			t.Errorf("no fault about %s: %s", want, all)
		}
	}
}

func TestHistory(t *testing.T) {
	t.Parallel()
	v := settle(t, discordtest.Options{Unlimited: true})
	var ids []string
	for i := range 5 {
		ids = append(ids, v.ok("POST", v.messages(), object{"content": fmt.Sprint(i)})["id"].(string))
	}
	read := func(query string) string {
		var all []string
		for _, m := range v.ok("GET", v.messages()+"?"+query, nil)["list"].([]any) {
			all = append(all, m.(object)["content"].(string))
		}
		return strings.Join(all, "")
	}
	for query, want := range map[string]string{"": "43210", "limit=2": "43", "limit=2&before=" + ids[2]: "10", "limit=2&after=" + ids[1]: "32"} {
		if got := read(query); got != want {
			t.Errorf("%q: %s, not %s", query, got, want)
		}
	}
	v.no(50035, "limit", "GET", v.messages()+"?limit=101", nil)
	v.c.Deny(discordtest.ReadMessageHistory)
	if got := read(""); got != "" {
		t.Errorf("without the right: %s", got)
	}
	v.no(50013, "", "GET", v.messages()+"/"+ids[0], nil)
}

// deny is a channel where the bot may not write any more.
func deny(c *discordtest.Channel) string {
	c.Deny(discordtest.SendMessages)
	return c.ID
}

func TestThreads(t *testing.T) {
	t.Parallel()
	v := settle(t, discordtest.Options{Unlimited: true})
	id := v.ok("POST", v.messages(), object{"content": "top"})["id"].(string)
	if got := v.ok("POST", v.messages()+"/"+id+"/threads", object{"name": "talk"}); got["id"] != id || got["parent_id"] != v.c.ID {
		t.Errorf("thread: %v", got)
	}
	v.no(160004, "already", "POST", v.messages()+"/"+id+"/threads", object{"name": "talk"})
	inside := "/channels/" + id + "/messages"
	say := v.ok("POST", inside, object{"content": "below"})["id"].(string)
	thread := v.c.Thread(id)
	thread.Archive()
	v.no(50083, "archived", "PATCH", inside+"/"+say, object{"content": "edited"})
	if v.ok("POST", inside, object{"content": "again"}); thread.Archived() || len(thread.Messages()) != 2 {
		t.Errorf("a message opens it: %v", thread.Messages())
	}
	thread.Lock()
	v.no(50083, "archived", "POST", inside, object{"content": "locked"})
	forum := v.g.Forum("ideas")
	v.no(50008, "non-text", "POST", "/channels/"+forum.ID+"/messages", object{"content": "a"})
	post := v.ok("POST", "/channels/"+forum.ID+"/threads", object{"name": "an idea", "message": object{"content": "what if"}})
	if first := forum.Thread(post["id"].(string)).Last(); first.ID != post["id"] || first.String() != "what if" {
		t.Errorf("post: %v: %+v", post, first)
	}
	v.no(50013, "", "POST", "/channels/"+deny(forum)+"/threads", object{"name": "an idea", "message": object{"content": "what if"}})
}
