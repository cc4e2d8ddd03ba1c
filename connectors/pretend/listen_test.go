package pretend_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"griot/connectors"
	"griot/connectors/pretend"
	"griot/social"

	"github.com/google/go-cmp/cmp"
)

// house opens Maison Lune's account over a socket.
func house(t *testing.T, base string) connectors.Account {
	t.Helper()
	a, err := pretend.New(base, guard(t, base)).Open(t.Context(), connectors.Credential{
		Secrets: map[string]string{"name": "Maison Lune"}, Save: save(map[string]string{}),
	})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func hear(t *testing.T, a connectors.Account, cursor string) connectors.Heard {
	t.Helper()
	got, err := a.Mentions.Since(t.Context(), cursor)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// tell publishes an answer, or a post when to is nil.
func tell(t *testing.T, a connectors.Account, text string, to *connectors.Receipt) connectors.Receipt {
	t.Helper()
	req, err := a.Reply.Prepare(t.Context(), connectors.Draft{Key: strings.ToLower(strings.ReplaceAll(text, " ", "")), At: time.Now(), Text: text, ReplyTo: to})
	if err != nil {
		t.Fatal(err)
	}
	got, err := a.Reply.Send(t.Context(), req)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// TestVisitorsAreHeardAndAnswered: what a visitor writes under a post and on a profile is heard, and the answer stands below it
// on the pages.
func TestVisitorsAreHeardAndAnswered(t *testing.T) {
	t.Parallel()
	s := village(t, pretend.Options{})
	b := newBrowser(t, s)
	a := house(t, b.base)
	post := tell(t, a, "Ouverture samedi", nil)
	began := hear(t, a, "")
	at := "/posts/" + post.RemoteID
	b.press(at, at+"/reply", url.Values{"text": {"À quelle heure\u202f?"}, "name": {"Inès"}})
	b.press("/@maison-lune", "/write/maison-lune", url.Values{"text": {"@maison-lunette dit bravo"}, "name": {""}})

	got := hear(t, a, began.Cursor)
	want := []social.Mention{
		{Kind: social.Replied, Text: "À quelle heure\u202f?", Author: social.Author{Handle: "Inès"}},
		{Kind: social.Named, Text: "@maison-lune @maison-lunette dit bravo", Author: social.Author{Handle: "visiteur"}},
	}
	for i, m := range got.Mentions {
		if m.Remote.ID != m.Key || m.URL != b.base+"/posts/"+m.Key || m.SaidAt.IsZero() {
			t.Errorf("mention %+v", m)
		}
		if root := []string{post.RemoteID, m.Key}[i]; m.Remote.Root != root {
			t.Errorf("root %q, want %q", m.Remote.Root, root)
		}
		got.Mentions[i].Key, got.Mentions[i].URL, got.Mentions[i].Remote, got.Mentions[i].SaidAt = "", "", social.Remote{}, time.Time{}
	}
	if diff := cmp.Diff(want, got.Mentions); diff != "" {
		t.Fatalf("heard (-want +got):\n%s", diff)
	}

	question := hear(t, a, began.Cursor).Mentions[0]
	answer := tell(t, a, "Dès dix heures", &connectors.Receipt{RemoteID: question.Remote.ID})
	page, status := b.get(at)
	if i, j := strings.Index(page, "À quelle heure"), strings.Index(page, "Dès dix heures"); status != http.StatusOK || i < 0 || j < i {
		t.Errorf("the thread's page shows the question at %d and the answer at %d", i, j)
	}
	if to := call[struct {
		ReplyTo string `json:"reply_to"`
	}](t, s, "", "GET", "/api/posts/"+answer.RemoteID, "").ReplyTo; to != question.Key {
		t.Errorf("the answer answers %q, want %q", to, question.Key)
	}
	if got := hear(t, a, got.Cursor); len(got.Mentions) != 0 {
		t.Errorf("the account hears itself: %+v", got.Mentions)
	}
}

// TestMentionsWaitForWhatIsSeenLater: what is still being processed is not passed by.
func TestMentionsWaitForWhatIsSeenLater(t *testing.T) {
	t.Parallel()
	clock := &clock{now: time.Now()}
	s := village(t, pretend.Options{Now: clock.Now})
	a := house(t, serve(t, s))
	other := enrol(t, s, "Boulangerie")
	began := hear(t, a, "")
	s.Misbehave(pretend.Fault{Do: pretend.Processing, Wait: time.Minute})
	for _, text := range []string{"@maison-lune lent", "@maison-lune rapide", "@maison-lunes non"} {
		call[struct{}](t, s, other, "POST", "/api/posts", `{"text":"`+text+`"}`)
	}
	early := hear(t, a, began.Cursor)
	clock.Add(2 * time.Minute)
	late := hear(t, a, early.Cursor)
	var got []string
	for _, m := range append(early.Mentions, late.Mentions...) {
		got = append(got, m.Text)
	}
	if diff := cmp.Diff([]string{"@maison-lune lent", "@maison-lune rapide"}, got); diff != "" || len(early.Mentions) != 0 {
		t.Errorf("heard early %d, in all (-want +got):\n%s", len(early.Mentions), diff)
	}
	if _, err := a.Mentions.Since(context.Background(), "no cursor"); connectors.KindOf(err) != connectors.Refused {
		t.Errorf("a cursor of somebody else: %v", err)
	}
}
