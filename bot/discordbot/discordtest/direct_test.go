package discordtest_test

import (
	"net/http"
	"testing"

	"griot/bot/discordbot/discordtest"
)

func TestCommandsInDirectMessages(t *testing.T) {
	t.Parallel()
	v := connected(t, discordtest.Options{Lenient: true})
	here := command("here")
	here["contexts"] = list(0)
	v.ok("PUT", v.commands(), list(here, command("anywhere")))
	if ack := v.awa.Command(v.awa.Direct(), "here", nil); !ack.Refused {
		t.Errorf("%+v", ack)
	}
	if ack := v.awa.Command(v.awa.Direct(), "anywhere", nil); !ack.OK() {
		t.Errorf("%+v", ack)
	}
	i := v.seen("INTERACTION_CREATE")[0]
	if i["context"] != 1.0 || i["member"] != nil || i["guild_id"] != nil || i["user"].(object)["id"] != v.awa.ID {
		t.Errorf("%v", i)
	}
}

func TestOnePersonInTwoGuilds(t *testing.T) {
	t.Parallel()
	v := connected(t, discordtest.Options{})
	other := v.s.Guild("Other")
	other.Install()
	there := other.Join(v.awa)
	v.ok("PUT", v.commands(), list(command("anywhere")))
	there.Command(other.Channel("talk"), "anywhere", nil)
	i := v.seen("INTERACTION_CREATE")[0]
	if i["guild_id"] != other.ID || i["member"].(object)["user"].(object)["id"] != v.awa.ID || there.Direct() != v.awa.Direct() {
		t.Errorf("%v", i)
	}
}

func TestGuildsInAnOutage(t *testing.T) {
	t.Parallel()
	v := connected(t, discordtest.Options{})
	v.g.GoDown()
	v.g.ComeBack()
	v.g.SendEvent("SOMETHING_NEW", object{"a": 1})
	v.s.Eventually("something new", func() bool { return len(v.seen("SOMETHING_NEW")) == 1 })
	if gone := v.seen("GUILD_DELETE"); len(gone) != 1 || gone[0]["unavailable"] != true || len(v.seen("GUILD_CREATE")) != 2 {
		t.Errorf("%v", gone)
	}
}

func TestRequestsForBenchmarks(t *testing.T) {
	t.Parallel()
	v, base := overHTTP(t, discordtest.Options{}, func(*village, object) (int, any) { return 200, object{"type": 5} })
	v.desk()
	r, err := v.awa.Request(base, v.c, "post draft", discordtest.Values{"network": {"m"}})
	if err != nil {
		t.Fatal(err)
	}
	got, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer got.Body.Close()
	if got.StatusCode != http.StatusOK {
		t.Errorf("status %d", got.StatusCode)
	}
}
