package slackbot_test

import (
	"context"
	"strings"
	"sync/atomic"
	"testing"

	"griot/bot/slackbot/slacktest"
	"griot/chat"
)

func (w world) home() string { return strings.Join(w.awa.Home().Lines, "\n") }

func TestTheHomeTabIsShownAndShownAnew(t *testing.T) {
	t.Parallel()
	w := begin(t, setting{})
	w.ok(w.awa.OpenMessages())
	w.ok(w.awa.OpenHome())
	w.slack.Eventually("the tab", func() bool { return strings.Contains(w.home(), "0 posts are done") })
	w.ok(w.awa.Press(w.awa.Home(), "Approve all"))
	w.shows("All approved.")
	w.slack.Eventually("the tab after it", func() bool { return strings.Contains(w.home(), "1 posts are done") })
	if e := w.desk.last(); e.Place != (chat.Place{Surface: "slack", Workspace: w.acme.ID}) || e.Message != "" {
		t.Errorf("pressed in %v, message %q", e.Place, e.Message)
	}
	w.awa.CloseAll()
	// A form that begins there: its answer is in its window, and the tab is shown anew too.
	w.ok(w.awa.Press(w.awa.Home(), "New"))
	w.shows("form: New post")
	w.ok(w.awa.Submit(slacktest.Values{"Text": {"hello"}, "Pictures": {w.awa.Upload("a.png", png(100))}}))
	w.shows("Post p1")
	w.slack.Eventually("the tab after the form", func() bool { return strings.Contains(w.home(), "2 posts are done") })
	if e := w.desk.last(); e.Place != w.at(w.awa.Direct()) {
		t.Errorf("the form belongs to %v, not to the conversation with Griot", e.Place)
	}
	w.unrefused(tooEarly)
}

func TestTheHomeTabShowsWhatIsNewest(t *testing.T) {
	t.Parallel()
	w := begin(t, setting{})
	w.ok(w.awa.OpenHome())
	w.slack.Eventually("the tab", func() bool { return w.awa.Home().Open() })
	var looks atomic.Int64
	held, goOn := make(chan bool), make(chan bool)
	w.desk.after(func(_ context.Context, e chat.Event) {
		switch {
		case e.Command != "home":
		case looks.Add(1) == 1:
			close(held)
			<-goOn // what it has seen is old by then
		case len(w.slack.Calls("views.publish")) < 2:
			t.Error("a look was taken while an older one was not shown yet")
		}
	})
	w.ok(w.awa.OpenHome())
	<-held
	w.ok(w.awa.Press(w.awa.Home(), "Approve all"))
	w.shows("All approved.")
	close(goOn)
	w.slack.Eventually("the tab after it", func() bool { return strings.Contains(w.home(), "1 posts are done") })
	w.stop()
	w.says(w.home(), "1 posts are done")
}

func TestAHomeTabThatCannotBeDrawnStays(t *testing.T) {
	t.Parallel()
	w := begin(t, setting{})
	w.ok(w.awa.OpenHome())
	w.slack.Eventually("the tab", func() bool { return w.awa.Home().Open() })
	w.desk.before(func(context.Context, chat.Event) error { return context.DeadlineExceeded })
	w.ok(w.awa.OpenHome())
	w.ok(w.awa.Press(w.awa.Home(), "Approve all"))
	w.shows("Une erreur est survenue de notre côté")
	w.says(w.home(), "0 posts are done")
}
