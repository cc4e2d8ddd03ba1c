package slackbot_test

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"griot/bot/slackbot/slacktest"
	"griot/chat"
)

// picture is one of a post, with what it shows.
func picture(hash, alt string) chat.Image {
	return chat.Image{Hash: hash, Type: "image/png", Alt: alt, Open: func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(png(100))), nil }}
}

func TestAPictureIsBroughtToAWorkspaceOnce(t *testing.T) {
	t.Parallel()
	w := begin(t, setting{})
	w.desk.images = []chat.Image{picture("abcdef0123456789", "A griot & <his> kora"), picture("broken", "A lost one")}
	w.desk.images[1].Open = func() (io.ReadCloser, error) { return nil, errors.New("no such file") }
	var all sync.WaitGroup
	for _, key := range []string{"p1", "p2", "p3", "p4"} { // as the board does, at once
		all.Go(func() {
			if _, err := w.griot.Send(t.Context(), w.at(w.posts), key, w.desk.card(key)); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	want := []slacktest.File{{Name: "abcdef012345.png", Title: "A griot & <his> kora", Type: "image/png", Alt: "A griot & <his> kora", Bytes: png(100)}}
	got := w.acme.Files()
	for i := range got {
		want[0].ID = got[i].ID
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
	for _, m := range w.posts.Messages() {
		w.says(m.String(), "(image: A griot & <his> kora)", "A lost one")
	}
	w.ok(w.awa.Press(w.posts.Last(), "Approve")) // an answer shows it too
	w.slack.Eventually("the answer", func() bool { return strings.Contains(w.posts.Last().String(), "approved by awa") })
	w.says(w.posts.Last().String(), "(image: A griot & <his> kora)")
	w.unrefused()
}

func TestAPictureThatIsNotReadyIsTriedAgain(t *testing.T) {
	t.Parallel()
	w := begin(t, setting{})
	ref := w.card("p0")
	w.desk.images = []chat.Image{picture("abcdef0123456789", "A kora")}
	w.slack.SlowFiles(3)
	for range 2 {
		if _, err := w.griot.Send(t.Context(), w.at(w.posts), "p1", w.desk.card("p1")); err == nil {
			t.Error("sent without its picture")
		}
	}
	if err := w.griot.Edit(t.Context(), ref, w.desk.card("p0")); err == nil {
		t.Error("edited without its picture")
	}
	w.card("p1")
	w.says(w.posts.Last().String(), "(image: A kora)")
	w.must(w.griot.Edit(t.Context(), ref, w.desk.card("p0")))
	if n := len(w.acme.Files()); n != 1 {
		t.Errorf("uploaded %d times", n)
	}
}

// TestAPassingCardForAllBringsItsPicture: also when Slack is not ready to show it at once; when it never is, its words do.
func TestAPassingCardForAllBringsItsPicture(t *testing.T) {
	t.Parallel()
	w := begin(t, setting{})
	w.card("p1")
	w.desk.images, w.desk.loud = []chat.Image{picture("abcdef0123456789", "A kora")}, true
	w.slack.SlowFiles(2)
	w.ok(w.awa.Press(w.posts.Last(), "Show"))
	w.slack.Eventually("the card for all", func() bool { return len(w.posts.Messages()) == 2 })
	w.says(w.posts.Last().String(), "Post p1", "(image: A kora)")
	w.desk.images = []chat.Image{picture("another", "A drum")}
	w.slack.SlowFiles(100)
	w.ok(w.awa.Press(w.posts.Last(), "Show"))
	w.slack.Eventually("the next card for all", func() bool { return len(w.posts.Messages()) == 3 })
	w.says(w.posts.Last().String(), "Post p1", "🖼 A drum")
	if n := len(w.awa.Ephemerals()); n != 0 {
		t.Errorf("%d private answers", n)
	}
}

func TestALookThatSlackNeverTakesBecomesBareWords(t *testing.T) {
	t.Parallel()
	w := begin(t, setting{})
	ref := w.card("p0")
	w.desk.images = []chat.Image{picture("abcdef0123456789", "A kora")}
	w.slack.SlowFiles(100)
	if _, err := w.griot.Send(t.Context(), w.at(w.posts), "p1", w.desk.card("p1")); err == nil {
		t.Error("given up at once")
	}
	w.clock.move(2 * time.Minute)
	w.desk.images = append(w.desk.images, picture("another", "A drum")) // what was uploaded a moment ago is worth a try
	if _, err := w.griot.Send(t.Context(), w.at(w.posts), "p1", w.desk.card("p1")); err == nil {
		t.Error("given up at once")
	}
	w.desk.images = w.desk.images[:1]
	w.card("p1")
	if m := w.posts.Last(); len(m.Blocks) > 0 || !strings.Contains(m.Text, "Hello *world* &amp; &lt;!channel&gt;") || m.Metadata == nil {
		t.Errorf("sent: %q, mark %v", m, m.Metadata)
	}
	w.must(w.griot.Edit(t.Context(), ref, w.desk.card("p0")))
	if m := w.posts.Message(ref.Message); len(m.Blocks) > 0 || !strings.Contains(m.String(), "A kora") {
		t.Errorf("edited: %q", m)
	}
	w.says(w.log.String(), "slack does not take a card's look", "slack_file") // why, for whoever runs Griot
}

func TestALimitOfUploadsIsALimit(t *testing.T) {
	t.Parallel()
	w := begin(t, setting{})
	w.desk.images = []chat.Image{picture("abcdef0123456789", "A kora")}
	w.slack.RateLimit("files.getUploadURLExternal", "", 9*time.Second, 1)
	_, err := w.griot.Send(t.Context(), w.at(w.posts), "p1", w.desk.card("p1"))
	if wait, ok := errors.AsType[*chat.Wait](err); !ok || wait.After != 9*time.Second {
		t.Errorf("Send: %v", err)
	}
	w.card("p1")
	w.says(w.posts.Last().String(), "(image: A kora)")
}
