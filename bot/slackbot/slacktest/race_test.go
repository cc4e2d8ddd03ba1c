package slacktest_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"griot/bot/slackbot/slacktest"
)

// TestManyPeopleAtOnce is a crowd on a few sockets that go away and come back.
func TestManyPeopleAtOnce(t *testing.T) {
	t.Parallel()
	v := connected(t, slacktest.Options{Pace: -1, Lenient: true})
	drafts(v)
	var people []*slacktest.Person
	for i := range 8 {
		p := v.w.Person(slacktest.Profile{Name: fmt.Sprint("p", i)})
		v.c.Join(p)
		people = append(people, p)
	}
	var busy sync.WaitGroup
	for _, p := range people {
		busy.Go(func() {
			for range 20 {
				p.Command(v.c, "/post", "draft")
				if p.Modal().Open() {
					p.Submit(slacktest.Values{"Text": {"Hello"}, "Accounts": {"Bluesky"}})
				}
				if m := v.c.Last(); m.Has("Approve") {
					p.Press(m, "Approve")
				}
				p.Mention(v.c, "hello")
			}
		})
	}
	stop := make(chan struct{})
	var shaking sync.WaitGroup
	shaking.Go(func() {
		tick := time.NewTicker(20 * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-stop:
				return
			case <-tick.C:
				v.s.Drop()
				v.connect()
			}
		}
	})
	busy.Wait()
	close(stop)
	shaking.Wait()
	v.s.WaitConnected(1)
	v.s.Eventually("no event unanswered", func() bool { return len(v.s.Retry()) == 0 })
	if len(v.c.Messages()) == 0 {
		t.Error("nothing was said")
	}
}

// BenchmarkCommand is how fast the fake itself is, with an app that only acknowledges.
func BenchmarkCommand(b *testing.B) {
	s := slacktest.New(b, slacktest.Options{})
	w := s.Workspace("Acme")
	r := &raw{t: b, s: s, token: w.Install(), answer: func(string, object) any { return nil }}
	awa := w.Person(slacktest.Profile{Name: "awa"})
	c := w.Channel("posts", awa, w.Bot)
	r.connect()
	s.WaitConnected(1)
	for b.Loop() {
		if ack := awa.Command(c, "/post", "draft"); !ack.OK() {
			b.Fatalf("%+v", ack)
		}
	}
}
