package pretend_test

import (
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"griot/connectors"
	"griot/connectors/pretend"
)

// TestVillageOutlivesARestart: accounts, tokens, posts, pictures, keys, and what visitors did.
func TestVillageOutlivesARestart(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	s := village(t, pretend.Options{Folder: folder})
	facts := map[string]string{}
	connect := func(base string) connectors.Account {
		t.Helper()
		a, err := pretend.New(base, guard(t, base)).Open(t.Context(), connectors.Credential{
			Secrets: map[string]string{"name": "Maison Lune"},
			Facts:   facts,
			Save:    save(facts),
		})
		if err != nil {
			t.Fatal(err)
		}
		return a
	}
	a := connect(serve(t, s))
	r, err := a.Publish.Prepare(t.Context(), connectors.Draft{Key: "k1", Text: "Bonjour", Media: []connectors.Media{onePixel(t)}})
	if err != nil {
		t.Fatal(err)
	}
	first, err := a.Publish.Send(t.Context(), r)
	if err != nil {
		t.Fatal(err)
	}
	gone, err := a.Publish.Send(t.Context(), prepare(t, a, "Retirée"))
	if err != nil {
		t.Fatal(err)
	}
	if err := a.Publish.Remove(t.Context(), gone); err != nil {
		t.Fatal(err)
	}
	post := "/posts/" + first.RemoteID
	visitor := newBrowser(t, s)
	visitor.press(post, post+"/like", nil)
	visitor.press(post, post+"/reply", url.Values{"text": {"Bravo"}, "name": {"Inès"}})
	token := facts["token"]
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	cutLine(t, filepath.Join(folder, "village.jsonl"), token)

	s = village(t, pretend.Options{Folder: folder})
	a = connect(serve(t, s))
	if again, err := a.Publish.Send(t.Context(), r); err != nil || again.RemoteID != first.RemoteID {
		t.Errorf("the same key after a restart: %+v, %v", again, err)
	}
	if s.Accepted("Bonjour") != 1 || s.Live("Bonjour") != 1 || s.Accepted("Retirée") != 1 || s.Live("Retirée") != 0 {
		t.Error("the counts after a restart differ")
	}
	counts, err := a.Metrics.OfPosts(t.Context(), []connectors.Receipt{first, gone})
	if c := counts[first.RemoteID]; err != nil || len(counts) != 1 || c[connectors.Likes] != 1 || c[connectors.Replies] != 1 {
		t.Errorf("numbers after a restart: %+v, %v", counts, err)
	}
	text, status := newBrowser(t, s).get(post)
	if status != http.StatusOK || !strings.Contains(text, "Bravo") || !strings.Contains(text, "Inès") {
		t.Errorf("the page after a restart: %d\n%s", status, text)
	}
	if _, status := newBrowser(t, s).get(pictureIn(t, text)); status != http.StatusOK {
		t.Errorf("the picture after a restart: %d", status)
	}
}

// cutLine leaves half a line at the end, as a crash would, and looks for the token in the file.
func cutLine(t *testing.T, name, token string) {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(b), token) {
		t.Error("the file holds a token")
	}
	if err := os.WriteFile(name, append(b, `{"do":"post","id":"zz`...), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestBrokenFileIsRefused(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "village.jsonl"), []byte("{\n{}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := pretend.NewServer(pretend.Options{Now: (&clock{}).Now, Folder: folder})
	if err == nil || !strings.Contains(err.Error(), "line 1") {
		t.Errorf("error %v, want one that names line 1", err)
	}
}
