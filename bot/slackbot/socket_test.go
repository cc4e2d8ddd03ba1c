package slackbot_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"griot/chat"
)

func TestSmoke(t *testing.T) {
	t.Parallel()
	for _, http := range []bool{false, true} {
		w := begin(t, setting{http: http})
		w.ok(w.awa.Command(w.posts, "/post", "hello"))
		t.Log(w.awa.Ephemeral())
		w.ok(w.awa.Command(w.posts, "/post", "say hello"))
		t.Log(w.posts.Last())
		w.card("p1")
		t.Log(w.posts.Last())
		w.ok(w.awa.Press(w.posts.Last(), "Approve"))
		w.slack.Eventually("approved", func() bool { return w.posts.Last().Edits == 1 })
		t.Log(w.posts.Last())
		w.ok(w.awa.Choose(w.posts.Last(), "Move to", "Tuesday"))
		w.slack.Eventually("moved", func() bool { return w.posts.Last().Edits == 2 })
		t.Log(w.posts.Last())
		w.ok(w.awa.Command(w.posts, "/post", "draft Hello 🎉"))
		w.slack.Eventually("form", func() bool { return w.awa.Modal().Open() })
		t.Log(w.awa.Modal().Lines)
		w.ok(w.awa.Submit(nil))
		t.Log(w.awa.Modal().Lines)
		w.ok(w.awa.OpenHome())
		w.slack.Eventually("home", func() bool { return w.awa.Home().Open() })
		t.Log(w.awa.Home().Lines)
		w.unrefused()
		if diff := cmp.Diff(chat.Values{}, w.desk.last().Values); diff != "" {
			t.Log(diff)
		}
		t.Log(w.log)
	}
}
