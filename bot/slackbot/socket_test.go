package slackbot_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"griot/bot/slackbot/slacktest"
	"griot/chat"
)

func TestWhatPeopleDoArrivesBySocketAndOverHTTP(t *testing.T) {
	t.Parallel()
	for way, http := range map[string]bool{"socket": false, "http": true} {
		t.Run(way, func(t *testing.T) {
			t.Parallel()
			w := begin(t, setting{http: http})
			w.ok(w.awa.Command(w.posts, "/post", "hello"))
			want := chat.Event{ID: w.desk.last().ID, Place: w.at(w.posts), Command: "post", Text: "hello",
				Who: chat.Who{Surface: "slack", Workspace: w.acme.ID, User: w.awa.ID, Name: "awa", Locale: "fr", Zone: "Europe/Paris", Manager: true}}
			if diff := cmp.Diff(want, w.desk.last()); diff != "" || want.ID == "" {
				t.Errorf("command (-want +got):\n%s", diff)
			}
			w.says(w.awa.Ephemeral().String(), "You said: post hello")

			ref := w.card("p1")
			w.ok(w.awa.Press(w.posts.Last(), "Approve"))
			w.slack.Eventually("the card that was pressed", func() bool { return strings.Contains(w.posts.Last().String(), "approved by awa") })
			want = chat.Event{ID: w.desk.last().ID, Who: want.Who, Place: w.at(w.posts), Message: ref.Message, Tag: chat.Tag{Verb: "post.approve", Subject: "p1", Rev: 1}}
			if diff := cmp.Diff(want, w.desk.last()); diff != "" {
				t.Errorf("press (-want +got):\n%s", diff)
			}
			w.ok(w.awa.Choose(w.posts.Last(), "Move to", "Tuesday"))
			w.slack.Eventually("what was chosen", func() bool { return w.desk.state("p1") == "moved to tue" && w.awa.Ephemeral().String() == "✅ Moved." })

			w.ok(w.awa.Press(w.posts.Last(), "Send back"))
			w.slack.Eventually("the form", func() bool { return w.awa.Modal().Title == "Send back" })
			w.ok(w.awa.Submit(slacktest.Values{"Note": {"Too long"}}))
			w.slack.Eventually("the card", func() bool { return strings.Contains(w.posts.Last().String(), "sent back: Too long") })

			w.ok(w.awa.Mention(w.posts, "hello"))
			w.slack.Eventually("the answer to a mention", func() bool { return w.awa.Ephemeral().String() == "✅ You said: hello" })
			w.ok(w.awa.DirectMessage("bonjour"))
			w.slack.Eventually("the answer to a direct message", func() bool { return w.awa.Direct().Last().String() == "✅ You said: bonjour" })
			w.ok(w.awa.OpenHome())
			w.slack.Eventually("the home tab", func() bool { return w.awa.Home().Open() })
			w.unrefused()
			if old := w.shelf.doubted(); len(old) > 0 {
				t.Errorf("doubted: %v", old)
			}
		})
	}
}

func TestAnActThatComesAgainIsAnsweredOnce(t *testing.T) {
	t.Parallel()
	for way, http := range map[string]bool{"socket": false, "http": true} {
		t.Run(way, func(t *testing.T) {
			t.Parallel()
			w := begin(t, setting{http: http})
			w.card("p1")
			w.slack.RedeliverTogether(2)
			w.ok(w.awa.Press(w.posts.Last(), "Show"))
			w.slack.Eventually("an answer", func() bool { return len(w.awa.Ephemerals()) > 0 })
			w.ok(w.awa.Press(w.posts.Last(), "Send back"))
			w.slack.Eventually("a form", func() bool { return w.awa.Modal().Open() })
			w.ok(w.awa.Submit(slacktest.Values{"Note": {"No"}}))
			w.slack.Redeliver(2)
			w.ok(w.awa.Command(w.posts, "/post", "draft"))
			w.slack.Eventually("another form", func() bool { return w.awa.Modal().Title == "New post" })
			w.ok(w.awa.Mention(w.posts, "hello"))
			w.slack.Eventually("an answer to words", func() bool { return len(w.awa.Ephemerals()) > 1 })
			w.stop()
			if whispers, edits, forms := len(w.awa.Ephemerals()), w.posts.Messages()[0].Edits, len(w.slack.Calls("views.open")); whispers != 2 || edits != 1 || forms != 2 {
				t.Errorf("%d private answers, %d answers in the card, %d forms", whispers, edits, forms)
			}
			w.unrefused()
		})
	}
}

func TestALinkAndWhatIsNotOursDoNothing(t *testing.T) {
	t.Parallel()
	w := begin(t, setting{})
	c := w.desk.card("p1")
	c.Buttons = append(c.Buttons, chat.Button{Label: "Read it", URL: "https://example.com/1"})
	_, err := w.griot.Send(t.Context(), w.at(w.posts), "p1", c)
	w.must(err)
	w.ok(w.awa.Press(w.posts.Last(), "Read it"))
	w.stop()
	if len(w.desk.heard()) > 0 || w.awa.Ephemeral().ID != "" {
		t.Errorf("heard: %v", w.desk.heard())
	}
}

func TestADisconnectRightAfterHelloDoesNotHurrySlack(t *testing.T) {
	t.Parallel()
	w := begin(t, setting{})
	const many = 24
	w.slack.DisconnectAtOnce(many, "link_disabled")
	began := time.Now()
	w.slack.Drop()
	w.slack.Eventually("many connections in vain", func() bool { return w.slack.Connections() >= many })
	// Two sockets that wait half of a tenth of a second on average. The library alone makes thousands in that time.
	if took := time.Since(began); took < 4*many*time.Millisecond {
		t.Errorf("%d connections in %v", many, took)
	}
	w.slack.WaitConnected(2)
	if n := len(w.slack.Calls("apps.connections.open")); n > many+8 {
		t.Errorf("%d calls for %d connections", n, many+4)
	}
	w.ok(w.awa.Command(w.posts, "/post", "hello"))
}

func TestABurstIsNotLost(t *testing.T) {
	t.Parallel()
	w := begin(t, setting{slack: slacktest.Options{Lenient: true}})
	const many = 300
	gate := make(chan struct{})
	var inside atomic.Int64
	w.desk.before(func(ctx context.Context, _ chat.Event) error {
		if inside.Add(1) == many/3 {
			close(gate) // nobody is answered before a hundred are there
		}
		select {
		case <-gate:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	})
	w.card("p1")
	card := w.posts.Last()
	var all sync.WaitGroup
	var tries atomic.Int64
	for range many {
		all.Go(func() {
			for tries.Add(1); !w.awa.Press(card, "Show").OK(); {
				tries.Add(1) // this machine is too slow to answer all in time: people press again
			}
		})
	}
	all.Wait()
	if n := int64(w.desk.acts()); n < many || n > tries.Load() {
		t.Errorf("%d acts arrived of %d, with %d presses", n, many, tries.Load())
	}
	if n := w.slack.Connections(); n != 2 {
		t.Errorf("a socket died: there were %d", n)
	}
	if n := len(w.slack.Calls("users.info")); n > many/10 {
		t.Errorf("Slack was asked %d times who awa is", n)
	}
}

func TestWhatComesTooLateIsNotAcknowledgedButShown(t *testing.T) {
	t.Parallel()
	w := begin(t, setting{slack: slacktest.Options{Lenient: true, Wait: 4 * time.Second}})
	w.desk.before(func(ctx context.Context, _ chat.Event) error {
		<-ctx.Done() // as a handler does that is too slow and commits all the same
		return nil
	})
	ack := w.awa.Command(w.posts, "/post", "hello")
	if ack.Status != 0 || !strings.Contains(ack.Trouble, "did not respond") {
		t.Errorf("acknowledged after %v: %+v", ack.Took, ack)
	}
	w.slack.Eventually("the answer", func() bool { return w.awa.Ephemeral().String() == "✅ You said: post hello" })
}

func TestWhatIsNewAtSlackIsAcknowledged(t *testing.T) {
	t.Parallel()
	w := begin(t, setting{})
	w.card("p1")
	press := slacktest.Object{"type": "block_actions", "trigger_id": "t1", "team": slacktest.Object{"id": w.acme.ID},
		"user":    slacktest.Object{"id": w.awa.ID, "team_id": w.acme.ID},
		"actions": []any{"what is this", slacktest.Object{"type": "button", "action_id": "post.open", "block_id": "b", "value": "post.open|p1|1"}},
		"message": slacktest.Object{"ts": w.posts.Last().ID, "team": w.acme.ID, "blocks": []any{slacktest.Object{"type": "section", "text": 5}, 7}},
		"view":    slacktest.Object{"id": "V1", "type": "home", "blocks": []any{slacktest.Object{"type": "header", "text": []any{}}}},
	}
	for what, ack := range map[string]slacktest.Ack{
		"inner event":    w.acme.SendEvent(slacktest.Object{"type": "brand_new_thing", "user": 5, "channel": slacktest.Object{}}),
		"envelope":       w.slack.SendRaw("brand_new_envelope", slacktest.Object{"x": 1}),
		"interaction":    w.slack.SendRaw("interactive", slacktest.Object{"type": "brand_new", "team": slacktest.Object{"id": w.acme.ID}}),
		"no view":        w.slack.SendRaw("interactive", slacktest.Object{"type": "view_submission", "team": slacktest.Object{"id": w.acme.ID}}),
		"malformed view": w.slack.SendRaw("interactive", press),
	} {
		if !ack.OK() || ack.Tries != 1 {
			t.Errorf("%s: %+v", what, ack)
		}
	}
	if got := w.desk.last().Tag.Verb; got != "post.open" {
		t.Errorf("the press in a malformed payload arrived as %q", got)
	}
}

func TestABadAppTokenIsSaidAndTriedGently(t *testing.T) {
	t.Parallel()
	for _, why := range []string{"invalid_auth", "token_revoked", "not_allowed_token_type", "missing_scope"} {
		t.Run(why, func(t *testing.T) {
			t.Parallel()
			w := begin(t, setting{})
			w.slack.BreakAppToken(why)
			w.clock.move(time.Minute)
			since, began, calls := w.clock.Now(), time.Now(), len(w.slack.Calls("apps.connections.open"))
			w.slack.Drop()
			const tries = 12
			w.slack.Eventually("tries", func() bool { return len(w.slack.Calls("apps.connections.open")) >= calls+tries })
			if took := time.Since(began); took < tries*10*time.Millisecond {
				t.Errorf("%d tries in %v", tries, took)
			}
			w.clock.move(time.Hour)
			s, ok := errors.AsType[*chat.Silence](w.griot.Health())
			if !ok || !s.Since().Equal(since) || !strings.Contains(s.Error(), why) {
				t.Errorf("health: %v, since %v", w.griot.Health(), since)
			}
			if err := w.griot.CheckSocket(t.Context()); err == nil || !strings.Contains(err.Error(), why) {
				t.Errorf("the doctor says %v", err)
			}
			w.slack.BreakAppToken("")
			w.slack.WaitConnected(2)
			w.slack.Eventually("health", func() bool { return w.griot.Health() == nil })
			w.must(w.griot.CheckSocket(t.Context()))
			w.ok(w.awa.Command(w.posts, "/post", "hello"))
		})
	}
}

func TestASlackThatIsAwayIsComeBackTo(t *testing.T) {
	t.Parallel()
	w := begin(t, setting{})
	w.slack.Fail("apps.connections.open", slacktest.Unavailable, 6)
	w.slack.RateLimit("apps.connections.open", "", time.Second, 2)
	w.slack.Drop()
	w.slack.Eventually("trouble", func() bool { return w.griot.Health() != nil })
	w.slack.WaitConnected(2)
	w.slack.Eventually("health", func() bool { return w.griot.Health() == nil })
	w.ok(w.awa.Command(w.posts, "/post", "hello"))
}

func TestEventsDuringARefreshAreKeptOnce(t *testing.T) {
	t.Parallel()
	w := begin(t, setting{slack: slacktest.Options{Linger: 50 * time.Millisecond}})
	const many = 40
	for i := range many {
		if i%10 == 5 {
			w.slack.Disconnect([]string{"warning", "refresh_requested"}[i/10%2])
		}
		w.awa.Mention(w.posts, fmt.Sprint("number ", i))
	}
	w.slack.WaitConnected(2)
	for _, ack := range w.slack.Retry() {
		w.ok(ack)
	}
	w.slack.Eventually("all answers", func() bool { return len(w.awa.Ephemerals()) >= many })
	if n := w.desk.acts(); n != many || w.shelf.kept() != many {
		t.Errorf("%d acts of %d, %d kept", n, many, w.shelf.kept())
	}
}

func TestASilentSocketIsSaid(t *testing.T) {
	t.Parallel()
	w := begin(t, setting{slack: slacktest.Options{Ping: 5 * time.Millisecond}})
	w.must(w.griot.Health())
	w.clock.move(10 * time.Minute)
	w.slack.Eventually("a sign of life", func() bool { return w.griot.Health() == nil })
	w.slack.Silent()
	since := w.clock.Now()
	var s *chat.Silence
	w.slack.Eventually("silence", func() (ok bool) {
		w.clock.move(2 * time.Minute)
		s, ok = errors.AsType[*chat.Silence](w.griot.Health())
		return ok
	})
	if s.Err != nil || s.Since().Before(since) || s.Since().Equal(w.clock.Now()) {
		t.Errorf("health: %v, silent since %v", s, since)
	}
	w.slack.Pings()
	w.slack.Drop()
	w.slack.WaitConnected(2)
	w.slack.Eventually("health", func() bool { return w.griot.Health() == nil })
	w.ok(w.awa.Command(w.posts, "/post", "hello"))
	if !slices.ContainsFunc(w.desk.heard(), func(e chat.Event) bool { return e.Text == "hello" }) {
		t.Error("nothing arrives after the line was cut")
	}
}
