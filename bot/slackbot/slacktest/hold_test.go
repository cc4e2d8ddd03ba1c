package slacktest_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"griot/bot/slackbot/slacktest"
)

// say posts a message in a goroutine of its own until ctx ends.
func (v *village) say(ctx context.Context, words string) <-chan error {
	v.t.Helper()
	form := url.Values{"channel": {v.c.ID}, "text": {words}}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, v.s.API()+"chat.postMessage", strings.NewReader(form.Encode()))
	if err != nil {
		v.t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+v.token)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	over := make(chan error, 1)
	go func() {
		res, err := http.DefaultClient.Do(r)
		if err == nil {
			err = res.Body.Close()
		}
		over <- err
	}()
	return over
}

func TestACallIsHeldBeforeItIsDone(t *testing.T) {
	t.Parallel()
	v := settle(t, slacktest.Options{Pace: -1})
	ctx, die := context.WithCancel(t.Context())
	h := v.s.HoldCall("chat.postMessage")
	over := v.say(ctx, "lost")
	<-h.Reached()
	die()
	<-over
	h = v.s.HoldCall("chat.postMessage")
	over = v.say(t.Context(), "waits")
	<-h.Reached()
	if all := v.c.Messages(); len(all) != 0 {
		t.Errorf("said already: %v", all)
	}
	h.Release()
	h.Release()
	if err := <-over; err != nil || v.c.Last().String() != "waits" || len(v.c.Messages()) != 1 {
		t.Errorf("%v: %v", err, v.c.Messages())
	}
}

func TestACallIsHeldBeforeItIsAnswered(t *testing.T) {
	t.Parallel()
	v := settle(t, slacktest.Options{Pace: -1})
	ctx, die := context.WithCancel(t.Context())
	h := v.s.HoldAnswer("chat.postMessage")
	over := v.say(ctx, "there")
	<-h.Reached()
	if v.c.Last().String() != "there" {
		t.Errorf("not done: %v", v.c.Messages())
	}
	die()
	if err := <-over; err == nil {
		t.Error("answered")
	}
}

func TestResponseURLsFailToo(t *testing.T) {
	t.Parallel()
	v := connected(t, slacktest.Options{})
	url := make(chan string, 2)
	v.answers(func(_ string, payload object) any {
		url <- payload["response_url"].(string)
		return nil
	})
	for how, said := range map[slacktest.Outage]int{slacktest.Unavailable: 0, slacktest.Cut: 0, slacktest.AnswerLost: 1} {
		before := len(v.awa.Ephemerals())
		v.awa.Command(v.c, "/post", "")
		v.s.Fail("response_url", how, 1)
		res, err := http.Post(<-url, "application/json", strings.NewReader(`{"text":"Only you"}`))
		if err == nil {
			err = res.Body.Close()
		}
		if got := len(v.awa.Ephemerals()) - before; got != said || (how == slacktest.Unavailable) != (err == nil && res.StatusCode == http.StatusServiceUnavailable) {
			t.Errorf("%s: %d said, %v", how, got, err)
		}
	}
}
