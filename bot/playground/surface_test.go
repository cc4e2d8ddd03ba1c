package playground_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"griot/bot/playground"
	"griot/chat"
)

func titles(s *playground.Surface, channel string) []string {
	var all []string
	for _, m := range s.Messages(channel) {
		line := m.Text
		if m.Card != nil {
			line = m.Card.Title + plain(m.Card.Body[:min(1, len(m.Card.Body))])
			if m.Card.Title != "" {
				line = m.Card.Title
			}
		}
		for _, l := range m.Lines {
			line += "@" + l.Name + " " + plain(l.Words)
		}
		if m.To != "" {
			line += " (" + m.To + ")"
		}
		all = append(all, line)
	}
	return all
}

func plain(spans []chat.Span) string {
	var b strings.Builder
	for _, s := range spans {
		if p, ok := s.(chat.Plain); ok {
			b.WriteString(string(p))
		}
	}
	return b.String()
}

func want(t *testing.T, s *playground.Surface, channel string, lines ...string) {
	t.Helper()
	if diff := cmp.Diff(lines, titles(s, channel)); diff != "" {
		t.Errorf("#%s (-want +got):\n%s", channel, diff)
	}
}

func TestCardIsSentFoundAndRedrawn(t *testing.T) {
	t.Parallel()
	s, _ := open(t, playground.Options{})
	ref := send(t, s, "approvals", "post:p1", waiting(""))
	found, err := s.Find(t.Context(), s.Place("approvals"), "post:p1")
	if err != nil || found != ref {
		t.Fatalf("found %v, %v; want %v", found, err, ref)
	}
	if err := s.Edit(t.Context(), ref, scheduled("Paul")); err != nil {
		t.Fatal(err)
	}
	want(t, s, "approvals", "Scheduled")
}

func TestSecondSendOfOneKeyShowsTheDouble(t *testing.T) {
	t.Parallel()
	s, _ := open(t, playground.Options{})
	send(t, s, "approvals", "k", cancelled())
	send(t, s, "approvals", "k", cancelled())
	want(t, s, "approvals", "Not sent", "Not sent")
}

func TestWhatIsGoneAndWhatIsOutside(t *testing.T) {
	t.Parallel()
	s, _ := open(t, playground.Options{})
	gone := send(t, s, "approvals", "k", cancelled())
	if err := s.Delete(gone); err != nil {
		t.Fatal(err)
	}
	closed := send(t, s, "mentions", "k", cancelled())
	s.CloseChannel("mentions")
	elsewhere := s.Place("general")
	elsewhere.Surface = "slack"
	for _, c := range []struct {
		name string
		want error
		do   func() error
	}{
		{"edit of a deleted message", chat.ErrGone, func() error { return s.Edit(t.Context(), gone, cancelled()) }},
		{"find of a deleted message", chat.ErrGone, func() error { _, err := s.Find(t.Context(), gone.Place, "k"); return err }},
		{"nudge under a deleted message", chat.ErrGone, func() error { return s.Nudge(t.Context(), chat.Nudge{Key: "n", Thread: gone}) }},
		{"nudge to a stranger", chat.ErrGone, func() error { return s.Nudge(t.Context(), chat.Nudge{Key: "n", To: chat.Who{User: "zoe"}}) }},
		{"unknown channel", chat.ErrGone, func() error { _, err := s.Send(t.Context(), s.Place("nowhere"), "k", cancelled()); return err }},
		{"another surface", chat.ErrGone, func() error { _, err := s.Send(t.Context(), elsewhere, "k", cancelled()); return err }},
		{"send to a closed channel", chat.ErrOutside, func() error { _, err := s.Send(t.Context(), closed.Place, "k", cancelled()); return err }},
		{"edit in a closed channel", chat.ErrOutside, func() error { return s.Edit(t.Context(), closed, cancelled()) }},
		{"find in a closed channel", chat.ErrOutside, func() error { _, err := s.Find(t.Context(), closed.Place, "k"); return err }},
	} {
		if err := c.do(); !errors.Is(err, c.want) {
			t.Errorf("%s: got %v, want %v", c.name, err, c.want)
		}
	}
	s.OpenChannel("mentions")
	if err := s.Edit(t.Context(), closed, cancelled()); err != nil {
		t.Errorf("after the invitation: %v", err)
	}
}

func TestNudgeOncePerKey(t *testing.T) {
	t.Parallel()
	s, _ := open(t, playground.Options{})
	ref := send(t, s, "approvals", "k", waiting(""))
	paul, _ := s.Who("paul")
	for range 2 {
		for _, n := range []chat.Nudge{
			{Key: "thread", To: paul, Thread: ref, Words: []chat.Span{chat.Plain("to approve")}},
			{Key: "direct", To: paul, Words: []chat.Span{chat.Plain("sign in again")}},
		} {
			if err := s.Nudge(t.Context(), n); err != nil {
				t.Fatal(err)
			}
		}
	}
	want(t, s, "approvals", "To approve@Paul Keïta to approve")
	want(t, s, playground.Direct("paul"), "@Paul Keïta sign in again")
}

func TestAnswersAreShown(t *testing.T) {
	t.Parallel()
	s, _ := open(t, playground.Options{})
	ref := send(t, s, "approvals", "k", waiting(""))
	press := func(verb string) chat.Event {
		return chat.Event{Who: chat.Who{User: "paul"}, Place: ref.Place, Message: ref.Message, Tag: chat.Tag{Verb: verb, Subject: "p1"}}
	}
	if _, err := s.Do(t.Context(), press("post.approve")); err != nil {
		t.Fatal(err)
	}
	want(t, s, "approvals", "Scheduled", "You approved this post. It leaves on its own. (paul)")
	if err := s.Delete(ref); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Do(t.Context(), press("post.cancel")); err != nil {
		t.Fatal(err)
	}
	want(t, s, "approvals", "You approved this post. It leaves on its own. (paul)", "Not sent (paul)")
}

func TestSameActIsDoneOnce(t *testing.T) {
	t.Parallel()
	s, y := open(t, playground.Options{})
	y.hold = make(chan struct{})
	e := chat.Event{ID: "one", Who: chat.Who{User: "nora"}, Place: s.Place("general"), Command: "help"}
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			if a, err := s.Do(t.Context(), e); err != nil {
				t.Error(err)
			} else if _, ok := a.(chat.Say); !ok {
				t.Errorf("answer %T", a)
			}
		})
	}
	until(t, func() bool { return len(y.seen()) > 0 })
	close(y.hold)
	all.Wait()
	if n := len(y.seen()); n != 1 {
		t.Errorf("the handler was asked %d times", n)
	}
	want(t, s, "general", "Ce que Griot sait faire (nora)")
	e.Who.User = "paul"
	if _, err := s.Do(t.Context(), e); err != nil || len(y.seen()) != 2 {
		t.Errorf("another person's act of the same id: %v, asked %d times", err, len(y.seen()))
	}
}

func TestWhatFailedMayBePressedAgain(t *testing.T) {
	t.Parallel()
	s, y := open(t, playground.Options{})
	y.broken = 1
	e := chat.Event{ID: "one", Who: chat.Who{User: "nora"}, Place: s.Place("general"), Command: "help"}
	if _, err := s.Do(t.Context(), e); err == nil {
		t.Fatal("no error from a handler that failed")
	}
	if _, err := s.Do(t.Context(), e); err != nil {
		t.Fatal(err)
	}
	want(t, s, "general", "Ce que Griot sait faire (nora)")
}

func TestTypedLines(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		line, channel        string
		command, text, words string
		shown                bool
	}{
		{`/post draft text:"Bonjour"`, "general", "post draft", `text:"Bonjour"`, "", false},
		{"/post rediger", "general", "post draft", "", "", false},
		{"  /POST  Rédiger quand:demain ", "general", "post draft", "quand:demain", "", false},
		{"/aide", "general", "help", "", "", false},
		{"/post", "general", "", "", "/post", false},
		{"/helpless", "general", "", "", "/helpless", false},
		{"@Griot, où en est-on ?", "general", "", "", "où en est-on ?", true},
		{"dis @griot bonjour", "general", "", "", "dis bonjour", true},
		{"@griotte n’est pas Griot", "general", "", "", "", true},
		{"Bonjour à tous", "general", "", "", "", true},
		{"Bonjour", playground.Direct("nora"), "", "", "Bonjour", true},
	} {
		t.Run(c.line, func(t *testing.T) {
			t.Parallel()
			s, y := open(t, playground.Options{})
			if _, err := s.Type(t.Context(), "nora", c.channel, c.line); err != nil {
				t.Fatal(err)
			}
			var got chat.Event
			if all := y.seen(); len(all) > 0 {
				got = all[0]
			}
			if diff := cmp.Diff([]string{c.command, c.text, c.words}, []string{got.Command, got.Text, got.Words}); diff != "" {
				t.Errorf("command, text, words (-want +got):\n%s", diff)
			}
			shown := len(s.Messages(c.channel)) > 0 && s.Messages(c.channel)[0].From == "nora"
			if shown != c.shown {
				t.Errorf("shown as a message: %v, want %v", shown, c.shown)
			}
		})
	}
}

func TestOthersConversationsAreClosed(t *testing.T) {
	t.Parallel()
	s, y := open(t, playground.Options{})
	if _, err := s.Type(t.Context(), "nora", playground.Direct("paul"), "coucou"); err == nil {
		t.Error("nora wrote in paul's conversation with Griot")
	}
	if _, err := s.Type(t.Context(), "zoe", "general", "coucou"); err == nil {
		t.Error("a stranger wrote")
	}
	if len(y.seen()) != 0 {
		t.Error("the handler heard of it")
	}
}

func TestRunWaitsForWhatIsUnderWay(t *testing.T) {
	t.Parallel()
	s, err := playground.New(options(playground.Options{}))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Type(t.Context(), "nora", "general", "/aide"); err == nil {
		t.Error("an act before Run was taken")
	}
	y := &toy{hold: make(chan struct{})}
	ctx, stop := context.WithCancel(t.Context())
	over := make(chan error, 1)
	go func() { over <- s.Run(ctx, y.handle) }()
	until(t, s.Ready)
	acted := make(chan error, 1)
	go func() { _, err := s.Type(context.Background(), "nora", "general", "/aide"); acted <- err }()
	until(t, func() bool { return len(y.seen()) == 1 })
	stop()
	until(t, func() bool { return !s.Ready() })
	select {
	case <-over:
		t.Error("Run ended before the act")
	default:
	}
	close(y.hold)
	if err := <-acted; err != nil {
		t.Errorf("the act under way: %v", err)
	}
	if err := <-over; !errors.Is(err, context.Canceled) {
		t.Errorf("Run ended with %v", err)
	}
}

func TestALiveAnswerChanges(t *testing.T) {
	t.Parallel()
	s, y := open(t, playground.Options{})
	run(t, s, y.handle)
	say := func(id, words string) {
		t.Helper()
		if _, err := s.Do(t.Context(), chat.Event{ID: id, Who: chat.Who{User: "nora"}, Place: chat.Place{Channel: "general"}, Words: words}); err != nil {
			t.Fatal(err)
		}
	}
	revise := func(id, words string, want error) {
		t.Helper()
		if err := s.Revise(t.Context(), id, chat.Sentence(chat.Neutral, chat.Plain(words))); !errors.Is(err, want) {
			t.Errorf("%s: %v, want %v", words, err, want)
		}
	}
	revise("a", "too early", chat.ErrGone)
	say("a", "write")
	say("b", "hello")
	revise("a", "Saturday, we", nil)
	revise("a", "Saturday, we open", nil)
	revise("b", "not this one", chat.ErrGone)
	want(t, s, "general", "Saturday, we open (nora)", "You said: hello")
	if err := s.Delete(s.Messages("general")[0].Ref); err != nil {
		t.Fatal(err)
	}
	revise("a", "dismissed", chat.ErrGone)
	for i := range 300 {
		say("more"+strconv.Itoa(i), "write")
	}
	revise("more0", "forgotten", chat.ErrGone)
	revise("more299", "the last", nil)
}

func TestJournalKeepsMessages(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "deep", "playground.jsonl")
	s, _ := open(t, playground.Options{Journal: file})
	story(t, s)
	full := waiting("")
	full.Images = nil
	full.Body = append(full.Body, chat.Break{}, chat.Bold("b"), chat.Code("c"), chat.Link{Label: "l", URL: "https://griot.example/"})
	kept := send(t, s, "general", "full", full)
	gone := send(t, s, "general", "gone", full)
	if _, err := s.Type(t.Context(), "nora", "general", "/aide"); err != nil { // a private answer
		t.Fatal(err)
	}
	if err := s.Delete(gone); err != nil {
		t.Fatal(err)
	}
	tear(t, file)

	again, _ := open(t, playground.Options{Journal: file})
	for _, channel := range []string{"approvals", "mentions", playground.Direct("paul")} {
		want(t, again, channel, titles(s, channel)...)
	}
	want(t, again, "general", "To approve")
	if diff := cmp.Diff(full, *again.Messages("general")[0].Card); diff != "" {
		t.Errorf("card after the restart (-want +got):\n%s", diff)
	}
	picture := again.Messages("approvals")[3].Card.Images[0]
	if r, err := picture.Open(); err != nil {
		t.Errorf("picture after the restart: %v", err)
	} else {
		r.Close()
	}
	if ref := send(t, again, "general", "new", full); ref.Message <= gone.Message {
		t.Errorf("the number %s was given before (%s)", ref.Message, gone.Message)
	}
	if err := again.Edit(t.Context(), kept, cancelled()); err != nil {
		t.Errorf("edit after the restart: %v", err)
	}
	paul, _ := again.Who("paul")
	if err := again.Nudge(t.Context(), chat.Nudge{Key: "n2", To: paul}); err != nil {
		t.Fatal(err)
	}
	if n := len(again.Messages(playground.Direct("paul"))); n != 1 {
		t.Errorf("%d direct nudges after the restart, want the one of before", n)
	}
}

func TestJournalIsTidiedAsItGrows(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "playground.jsonl")
	s, _ := open(t, playground.Options{Journal: file})
	ref := send(t, s, "general", "k", cancelled())
	long := chat.Card{Title: "long", Body: []chat.Span{chat.Plain(strings.Repeat("mots ", 100_000))}}
	for range 40 { // 20 MB
		if err := s.Edit(t.Context(), ref, long); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Edit(t.Context(), ref, scheduled("Paul")); err != nil {
		t.Fatal(err)
	}
	if f, err := os.Stat(file); err != nil || f.Size() > 10_000_000 {
		t.Errorf("journal: %v, %v", f, err)
	}
	again, _ := open(t, playground.Options{Journal: file})
	want(t, again, "general", "Scheduled")
}

// TestLostJournalGivesNoOldID: as after a restore into a new folder, where the database still names what was said before.
func TestLostJournalGivesNoOldID(t *testing.T) {
	t.Parallel()
	old, _ := open(t, playground.Options{})
	ref := send(t, old, "general", "old", waiting("of before"))
	at := options(playground.Options{}).Now().Add(time.Minute)
	s, _ := open(t, playground.Options{Now: func() time.Time { return at }})
	send(t, s, "general", "new", scheduled("Paul"))
	if err := s.Edit(t.Context(), ref, cancelled()); !errors.Is(err, chat.ErrGone) {
		t.Errorf("edit of a message of before: %v, want ErrGone", err)
	}
	want(t, s, "general", "Scheduled")
}

// tear leaves half a line at the end and rubbish in the middle, as a crash and a bad disk do.
func tear(t *testing.T, file string) {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	torn := append([]byte("{\"put\":\n"), b...)
	torn = append(torn, []byte(`{"put":{"id":"99","ch":"general","text":"half a li`)...)
	if err := os.WriteFile(file, torn, 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestWhatCannotBeKeptIsNotShown(t *testing.T) {
	t.Parallel()
	s, err := playground.New(options(playground.Options{Journal: filepath.Join(t.TempDir(), "j")}))
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Send(t.Context(), s.Place("general"), "k", cancelled()); err == nil {
		t.Error("sent without a journal")
	}
	want(t, s, "general")
}

func TestOptionsAreChecked(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]func(*playground.Options){
		"no name":   func(o *playground.Options) { o.Name = "" },
		"no people": func(o *playground.Options) { o.People = nil },
		"no clock":  func(o *playground.Options) { o.Now = nil },
		"prefix":    func(o *playground.Options) { o.Prefix = "two/" },
		"user":      func(o *playground.Options) { o.People[0].User = playground.Griot },
		"channel":   func(o *playground.Options) { o.Channels[0].ID = "dm:nora" },
	} {
		o := options(playground.Options{})
		spoil(&o)
		if _, err := playground.New(o); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
}
