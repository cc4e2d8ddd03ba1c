package pretend_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"mime/multipart"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"griot/connectors"
	"griot/connectors/pretend"
	"griot/connectors/rest"
)

// said is the status and the machine word that s answers.
func said(t *testing.T, s *pretend.Server, token, method, path, kind string, body io.Reader) (int, string) {
	t.Helper()
	r := httptest.NewRequest(method, "http://127.0.0.1"+path, body)
	r.Header.Set("Authorization", "Bearer "+token)
	r.Header.Set("Content-Type", kind)
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	var v struct{ Error, ID string }
	if w.Body.Len() > 0 {
		if err := json.Unmarshal(w.Body.Bytes(), &v); err != nil {
			t.Fatalf("%s: %v", w.Body, err)
		}
	}
	return w.Code, v.Error + v.ID
}

func uploads(t *testing.T, s *pretend.Server, token string, file []byte) (int, string) {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	f, err := w.CreateFormFile("file", "a.png")
	if err != nil {
		t.Fatal(err)
	}
	f.Write(file) // into memory
	w.Close()     // likewise
	return said(t, s, token, "POST", "/api/media", w.FormDataContentType(), &b)
}

func enrol(t *testing.T, s *pretend.Server, name string) string {
	t.Helper()
	_, token, err := s.Enrol(name)
	if err != nil {
		t.Fatal(err)
	}
	return token
}

func TestRulesOfPosts(t *testing.T) {
	t.Parallel()
	s := village(t, pretend.Options{})
	mine, other := enrol(t, s, "Maison Lune"), enrol(t, s, "Café des Halles")
	png := onePixel(t)
	f, err := png.Open()
	if err != nil {
		t.Fatal(err)
	}
	bytesOf, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	_, picture := uploads(t, s, other, bytesOf)
	family := strings.Repeat("👩‍👩‍👧", 280)
	for name, c := range map[string]struct {
		token, body string
		status      int
		code        string
	}{
		"not JSON":          {mine, `{"text":`, 400, "not_json"},
		"one too many":      {mine, fmt.Sprintf(`{"text":%q}`, family+"x"), 422, "too_long"},
		"nothing":           {mine, `{"text":" \n"}`, 422, "empty"},
		"five pictures":     {mine, `{"media":["1","2","3","4","5"]}`, 422, "too_many_pictures"},
		"unknown picture":   {mine, `{"media":["1"]}`, 422, "no_such_picture"},
		"another's picture": {mine, fmt.Sprintf(`{"media":[%q]}`, picture), 422, "no_such_picture"},
		"answer to nothing": {mine, `{"text":"Oui","reply_to":"1"}`, 422, "nothing_to_answer"},
		"nobody":            {"village_NOBODY", `{"text":"Oui"}`, 401, "unknown_token"},
		"a long key":        {mine, fmt.Sprintf(`{"text":"Oui","key":%q}`, strings.Repeat("k", 101)), 422, "long_key"},
		"an empty token":    {"", `{"text":"Oui"}`, 401, "unknown_token"},
	} {
		if status, code := said(t, s, c.token, "POST", "/api/posts", "application/json", strings.NewReader(c.body)); status != c.status || code != c.code {
			t.Errorf("%s: %d %s, want %d %s", name, status, code, c.status, c.code)
		}
	}
	status, id := said(t, s, mine, "POST", "/api/posts", "application/json", strings.NewReader(fmt.Sprintf(`{"text":%q,"key":"k"}`, family)))
	if status != 201 {
		t.Errorf("280 families: %d %s", status, id)
	}
	if status, code := said(t, s, mine, "POST", "/api/posts", "application/json", strings.NewReader(`{"text":"Autre","key":"k"}`)); status != 409 || code != "key_used" {
		t.Errorf("the key of another post: %d %s", status, code)
	}
	if status, code := said(t, s, other, "DELETE", "/api/posts/"+id, "", nil); status != 403 || code != "not_yours" {
		t.Errorf("another's post: %d %s", status, code)
	}
}

func TestRulesOfPictures(t *testing.T) {
	t.Parallel()
	s := village(t, pretend.Options{})
	token := enrol(t, s, "Maison Lune")
	gif := append([]byte("GIF89a"), make([]byte, 5_000_000-6)...)
	for name, c := range map[string]struct {
		file   []byte
		status int
		code   string
	}{
		"a PDF called .png": {[]byte("%PDF-1.7"), 422, "not_a_picture"},
		"nothing":           {nil, 422, "not_a_picture"},
		"5 MB and a byte":   {append(slices.Clone(gif), 0), 422, "too_heavy"},
		"20 MB":             {append(slices.Clone(gif), make([]byte, 15_000_000)...), 422, "too_heavy"},
		"26 MB":             {append(slices.Clone(gif), make([]byte, 21_000_000)...), 413, "too_large"},
	} {
		if status, code := uploads(t, s, token, c.file); status != c.status || code != c.code {
			t.Errorf("%s: %d %s, want %d %s", name, status, code, c.status, c.code)
		}
	}
	if status, code := uploads(t, s, token, gif); status != 201 {
		t.Errorf("5 MB: %d %s", status, code)
	}
	if status, code := said(t, s, token, "POST", "/api/media", "image/png", strings.NewReader("x")); status != 400 || code != "not_a_form" {
		t.Errorf("not a form: %d %s", status, code)
	}
}

func TestThreadsHave25Parts(t *testing.T) {
	t.Parallel()
	s := village(t, pretend.Options{})
	token, last := enrol(t, s, "Maison Lune"), ""
	for i := range 26 {
		status, id := said(t, s, token, "POST", "/api/posts", "application/json", strings.NewReader(fmt.Sprintf(`{"text":"%d","reply_to":%q}`, i+1, last)))
		switch {
		case i < 25 && status != 201, i == 25 && id != "long_thread":
			t.Fatalf("part %d: %d %s", i+1, status, id)
		}
		last = id
	}
}

// TestOneKeyManyAtOnce: one post where keys are honoured, as many as calls where they are not.
func TestOneKeyManyAtOnce(t *testing.T) {
	t.Parallel()
	const calls = 40
	for keys, want := range map[pretend.Keys]int{pretend.Honoured: 1, pretend.Ignored: calls} {
		t.Run(string(keys), func(t *testing.T) {
			t.Parallel()
			s := village(t, pretend.Options{Keys: keys, Folder: t.TempDir()})
			a := open(t, serve(t, s), "Maison Lune")
			r := prepare(t, a, "Tous ensemble")
			ids := make([]connectors.Receipt, calls)
			var all sync.WaitGroup
			for i := range ids {
				all.Go(func() {
					var err error
					if ids[i], err = a.Publish.Send(t.Context(), r); err != nil {
						t.Error(err)
					}
				})
			}
			all.Wait()
			slices.SortFunc(ids, func(a, b connectors.Receipt) int { return strings.Compare(a.RemoteID, b.RemoteID) })
			if got := len(slices.Compact(ids)); got != want || s.Accepted("Tous ensemble") != want || len(s.Log()) != calls {
				t.Errorf("%d posts, %d accepted, %d calls in the log, want %d, %d, %d", got, s.Accepted("Tous ensemble"), len(s.Log()), want, want, calls)
			}
			found, err := a.Publish.Find(t.Context(), r)
			if err != nil || len(found) != want {
				t.Errorf("found %d, %v, want %d", len(found), err, want)
			}
		})
	}
}

func TestAskingAnewStaysTheSameAccount(t *testing.T) {
	t.Parallel()
	s, err := pretend.NewServer(pretend.Options{Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	web := httptest.NewServer(s)
	defer web.Close()
	guard, err := rest.NewGuard([]string{strings.TrimPrefix(web.URL, "http://")})
	if err != nil {
		t.Fatal(err)
	}
	defer guard.Close()
	network, facts := pretend.New(web.URL, guard), map[string]string{}
	open := func() connectors.Account {
		t.Helper()
		a, err := network.Open(t.Context(), connectors.Credential{Secrets: map[string]string{"name": "Lune"}, Facts: facts,
			Save: func(_ context.Context, learnt map[string]string) error { facts = learnt; return nil }})
		if err != nil {
			t.Fatal(err)
		}
		return a
	}
	first := open()
	maps.DeleteFunc(facts, func(key, _ string) bool { return !slices.Contains(network.Info().Granted, key) })
	if again := open(); again.RemoteID != first.RemoteID || again.Handle != first.Handle {
		t.Errorf("%s %s became %s %s", first.RemoteID, first.Handle, again.RemoteID, again.Handle)
	}
}
