package discordbot_test

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"griot/bot/discordbot"
	"griot/bot/discordbot/discordtest"
	"griot/chat"
)

// second starts another process of the same Griot.
func (w world) second() (griot *discordbot.Surface, stop func()) {
	o := w.options(false)
	o.Memory = w.store.of("second")
	griot = discordbot.New(o)
	return griot, w.start(griot)
}

// shards are who holds which, by number.
func (w world) shards() []string {
	holders := w.store.holders()
	maps.DeleteFunc(holders, func(name, _ string) bool { return !strings.HasPrefix(name, "discord.shard.") })
	var out []string
	for _, name := range slices.Sorted(maps.Keys(holders)) {
		out = append(out, holders[name])
	}
	return out
}

func TestAShardIsHeldByOneProcess(t *testing.T) {
	t.Parallel()
	for what, end := range map[string]func(w world){
		"stops": func(w world) { w.stop() },
		"dies": func(w world) {
			w.store.kill("first")
			w.stop()
			if diff := cmp.Diff([]string{"first", "first"}, w.shards()); diff != "" {
				w.Errorf("it gave back what it held (-want +got):\n%s", diff)
			}
			w.clock.move(time.Minute)
		},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			w := begin(t, setting{discord: discordtest.Options{Shards: 2, Lenient: true}})
			w.discord.WaitConnected(2)
			w.discord.Eventually("the first one has noted which commands Discord knows", func() bool { return w.store.noted() == 1 })
			second, _ := w.second()
			w.discord.Eventually("the second one knows that others have them", func() bool { return second.Health() == nil })
			if n := w.discord.Connected(); n != 2 {
				t.Errorf("%d sessions for two shards", n)
			}
			if diff := cmp.Diff([]string{"first", "first"}, w.shards()); diff != "" {
				t.Errorf("holders (-want +got):\n%s", diff)
			}
			end(w)
			w.discord.Eventually("the other one takes over", func() bool { return cmp.Equal([]string{"second", "second"}, w.shards()) })
			w.discord.WaitConnected(2)
			w.griot = second
			w.works()
			if n := len(w.discord.Calls(discordtest.PutCommands)); n != 1 {
				t.Errorf("commands were registered %d times", n)
			}
			w.discord.Eventually("one session for each", func() bool { return w.discord.Connected() == 2 })
		})
	}
}

func TestAShardThatIsLostIsLeft(t *testing.T) {
	t.Parallel()
	w := begin(t, setting{})
	second, _ := w.second()
	w.discord.Eventually("the second one waits", func() bool { return second.Health() == nil })
	w.store.steal("discord.shard.", "second") // as when the first one slept for long
	w.discord.Eventually("the second one has it", func() bool { return strings.Contains(w.log.String(), "connected") && w.discord.Sessions() == 2 })
	w.discord.Eventually("one session", func() bool { return w.discord.Connected() == 1 })
	w.ok(w.awa.Command(w.posts, "say", discordtest.Values{"what": {"hello"}}))
	if n := len(w.desk.heard()); n != 1 {
		t.Errorf("heard %d times", n)
	}
}

// noted is how many things are noted for all processes.
func (s *store) noted() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.notes)
}

// steal gives what begins so to another process.
func (s *store) steal(prefix, to string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for name, h := range s.holds {
		if strings.HasPrefix(name, prefix) {
			s.holds[name] = hold{to, h.until}
		}
	}
}

func TestThePaceOfSessionsIsThatOfAllProcesses(t *testing.T) {
	t.Parallel()
	var turn string
	w := begin(t, setting{unheard: true, griot: func(o *discordbot.Options) { o.Pause.Identify = 50 * time.Millisecond }, ready: func(w world) {
		turn = "discord.identify." + w.discord.App.ID + ".0"
		w.store.holds[turn] = hold{"second", w.clock.Now().Add(5 * time.Second)} // it has just begun one
	}})
	w.discord.Eventually("it waits", func() bool { return w.store.refused(turn) > 2 })
	if n := w.discord.Sessions(); n != 0 {
		t.Errorf("%d sessions", n)
	}
	w.clock.move(5 * time.Second)
	w.discord.WaitConnected(1)
}

// refused is how often a thing was not to be had.
func (s *store) refused(name string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.waits[name]
}

func TestAProcessWithoutTheShardLearnsOfAnInvitation(t *testing.T) {
	t.Parallel()
	w := begin(t, setting{})
	second, _ := w.second()
	send := func() error {
		_, err := second.Send(t.Context(), w.at(w.posts), "k", w.desk.card("k"))
		return err
	}
	w.must(send())
	w.acme.Kick()
	w.wants("Send", send(), chat.ErrRemoved)
	w.discord.Eventually("the removal", func() bool { _, removed, _ := w.guilds.log(); return len(removed) == 1 })
	w.acme.Install()
	w.discord.Eventually("the invitation", func() bool { told, _, _ := w.guilds.log(); return len(told) > 0 })
	w.must(send())
}
