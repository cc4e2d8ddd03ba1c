package pretend_test

import (
	"context"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"griot/connectors"
	"griot/connectors/pretend"
)

// save keeps facts as a database would.
func save(into map[string]string) func(context.Context, map[string]string) error {
	return func(_ context.Context, facts map[string]string) error {
		clear(into)
		maps.Copy(into, facts)
		return nil
	}
}

func pictureIn(t *testing.T, page string) string {
	t.Helper()
	m := regexp.MustCompile(`src="(/media/[0-9a-z]+)"`).FindStringSubmatch(page)
	if m == nil {
		t.Fatalf("no picture in\n%s", page)
	}
	return m[1]
}

// publish says text as a new account and returns the path of its post.
func publish(t *testing.T, s *pretend.Server, name, text string, media ...connectors.Media) string {
	t.Helper()
	a := open(t, serve(t, s), name)
	r, err := a.Publish.Prepare(t.Context(), connectors.Draft{Key: "k-" + name, Text: text, Media: media})
	if err != nil {
		t.Fatal(err)
	}
	got, err := a.Publish.Send(t.Context(), r)
	if err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(got.URL)
	if err != nil {
		t.Fatal(err)
	}
	return u.Path
}

// has fails unless page holds every one of words.
func has(t *testing.T, page string, words ...string) {
	t.Helper()
	for _, w := range words {
		if !strings.Contains(page, w) {
			t.Errorf("the page lacks %q:\n%s", w, page)
		}
	}
}

func TestEmptySquareIsKindInBothLanguages(t *testing.T) {
	t.Parallel()
	b := newBrowser(t, village(t, pretend.Options{}))
	page, status := b.get("/")
	if status != http.StatusOK {
		t.Errorf("status %d", status)
	}
	has(t, page, `<html lang="fr">`, "Place du village", "rien ici ne quitte cet ordinateur", "La place est encore calme", "Personne pour l’instant")
	b.lang = "de, en;q=0.8"
	page, _ = b.get("/")
	has(t, page, `<html lang="en">`, "Village Square", "nothing here leaves this computer", "The square is still quiet")
	b.get("/?lang=fr")
	page, _ = b.get("/")
	has(t, page, `<html lang="fr">`)
}

func TestWordsFromOutsideStayWords(t *testing.T) {
	t.Parallel()
	s := village(t, pretend.Options{})
	path := publish(t, s, "Maison <b>Lune</b>", `<script>alert(1)</script> https://exemple.fr/a?b=1&c="x" javascript:alert(1) @maison-b-lune-b #été moi@maison-b-lune-b.fr`, onePixel(t))
	page, _ := newBrowser(t, s).get(path)
	has(t, page,
		"&lt;script&gt;alert(1)&lt;/script&gt;", `<a href="https://exemple.fr/a?b=1&amp;c="`, `<a href="/@maison-b-lune-b">@maison-b-lune-b</a>`,
		`<span class="tag">#été</span>`, " javascript:alert(1) ", "moi@maison-b-lune-b.fr",
		`alt="Un point &lt;noir&gt; &amp; rond"`, `title="Un point &lt;noir&gt; &amp; rond"`, ">ALT</summary><p>Un point &lt;noir&gt; &amp; rond</p>")
	if strings.Contains(page, "<script>") || strings.Contains(page, "<b>Lune") {
		t.Errorf("markup from outside:\n%s", page)
	}
}

func TestVisitorLikesSharesFollowsAndTakesItBack(t *testing.T) {
	t.Parallel()
	s := village(t, pretend.Options{})
	path := publish(t, s, "Maison Lune", "Bonjour")
	one, two := newBrowser(t, s), newBrowser(t, s)
	one.press("/", path+"/like", nil)
	page, _ := two.press("/", path+"/like", nil)
	has(t, page, `aria-pressed="true" aria-label="Je n’aime plus (2)"`)
	page, _ = one.press(path, path+"/like", nil)
	has(t, page, `aria-pressed="false" aria-label="J’aime (1)"`)
	page, _ = one.press(path, path+"/share", nil)
	has(t, page, `aria-label="Ne plus partager (1)"`)
	page, _ = one.press("/@maison-lune", "/follow/maison-lune", nil)
	has(t, page, "1 abonné<", "Ne plus suivre", "1 publication<")
}

func TestVisitorRepliesAndWrites(t *testing.T) {
	t.Parallel()
	s := village(t, pretend.Options{})
	path := publish(t, s, "Maison Lune", "Bonjour")
	b := newBrowser(t, s)
	page, status := b.press(path, path+"/reply", url.Values{"text": {"   "}, "name": {"Inès"}})
	if status != http.StatusUnprocessableEntity {
		t.Errorf("empty reply: %d", status)
	}
	has(t, page, `role="alert"`, "Écrivez d’abord quelques mots.")
	long := strings.Repeat("é", 281)
	page, _ = b.press(path, path+"/reply", url.Values{"text": {long}})
	has(t, page, "Cela fait 281 caractères", ">"+long+"</textarea>")
	page, status = b.press(path, path+"/reply", url.Values{"text": {"Vous livrez en Belgique\u202f?"}, "name": {"Inès"}})
	if status != http.StatusOK {
		t.Errorf("reply: %d", status)
	}
	has(t, page, "Vous livrez en Belgique", `<span class="name">Inès</span>`, `value="Inès"`)
	page, status = b.press("/@maison-lune", "/write/maison-lune", url.Values{"text": {"bravo"}})
	if status != http.StatusOK {
		t.Errorf("writing: %d", status)
	}
	has(t, page, `<a href="/@maison-lune">@maison-lune</a> bravo`)
	page, _ = b.get("/")
	has(t, page, "bravo", "(1)")
}

func TestFormsOfOthersAreRefused(t *testing.T) {
	t.Parallel()
	s := village(t, pretend.Options{})
	path := publish(t, s, "Maison Lune", "Bonjour")
	b := newBrowser(t, s)
	page, _ := b.get(path)
	token := hidden.FindStringSubmatch(page)[1]
	for name, try := range map[string]struct{ token, origin string }{
		"another site":    {token, "https://ailleurs.example"},
		"no token":        {"", b.base},
		"another's token": {strings.Repeat("0", 64), b.base},
	} {
		page, status := b.post(path+"/like", url.Values{"token": {try.token}, "back": {"/"}}, try.origin)
		if status != http.StatusForbidden {
			t.Errorf("%s: %d", name, status)
		}
		has(t, page, "Ce formulaire vient d’ailleurs")
	}
	for _, call := range []string{"/api/accounts", "/_faults"} {
		if _, status := b.post(call, nil, "https://ailleurs.example"); status != http.StatusForbidden {
			t.Errorf("%s from another site: %d", call, status)
		}
	}
	page, _ = b.get(path)
	has(t, page, `aria-label="J’aime (0)"`)
	page, _ = b.post(path+"/like", url.Values{"token": {token}, "back": {"//ailleurs.example"}}, b.base)
	has(t, page, "Sur la place", "(1)")
}

func TestOtherHostsAreRefused(t *testing.T) {
	t.Parallel()
	s := village(t, pretend.Options{BaseURL: "https://village.example"})
	base := serve(t, s)
	for host, want := range map[string]int{
		"attacker.example": http.StatusMisdirectedRequest, "village.example": http.StatusOK, "localhost:80": http.StatusOK, "[::1]:80": http.StatusOK,
	} {
		for _, path := range []string{"/", "/api/instance"} {
			r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, base+path, nil)
			if err != nil {
				t.Fatal(err)
			}
			r.Host = host
			res, err := http.DefaultClient.Do(r)
			if err != nil {
				t.Fatal(err)
			}
			res.Body.Close()
			if res.StatusCode != want {
				t.Errorf("%s%s: %d, want %d", host, path, res.StatusCode, want)
			}
		}
	}
}

func TestPolicyLetsNothingInFromElsewhere(t *testing.T) {
	t.Parallel()
	s := village(t, pretend.Options{FramedBy: []string{"http://127.0.0.1:8080"}})
	res, err := http.Get(serve(t, s) + "/")
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	has(t, res.Header.Get("Content-Security-Policy"), "default-src 'none'", "frame-ancestors http://127.0.0.1:8080")
	for _, path := range []string{"/village.css", "/village.js"} {
		if page, status := newBrowser(t, s).get(path); status != http.StatusOK || page == "" {
			t.Errorf("%s: %d", path, status)
		}
	}
}

func TestTakenDownIsGoneAndSaysSo(t *testing.T) {
	t.Parallel()
	s := village(t, pretend.Options{})
	a := open(t, serve(t, s), "Maison Lune")
	var parts []connectors.Receipt
	for _, text := range []string{"Un", "Deux", "Trois"} {
		d := connectors.Draft{Key: text, Text: text}
		if len(parts) > 0 {
			d.Root, d.ReplyTo = &parts[0], &parts[len(parts)-1]
		} else {
			d.Media = []connectors.Media{onePixel(t)}
		}
		r, err := a.Publish.Prepare(t.Context(), d)
		if err != nil {
			t.Fatal(err)
		}
		got, err := a.Publish.Send(t.Context(), r)
		if err != nil {
			t.Fatal(err)
		}
		parts = append(parts, got)
	}
	b := newBrowser(t, s)
	page, _ := b.get("/")
	has(t, page, "Fil de 3")
	page, _ = b.get("/posts/" + parts[0].RemoteID)
	has(t, page, "Deux", "Trois")
	picture := pictureIn(t, page)
	if err := a.Publish.Remove(t.Context(), parts[0]); err != nil {
		t.Fatal(err)
	}
	page, status := b.get("/posts/" + parts[0].RemoteID)
	if status != http.StatusNotFound {
		t.Errorf("a post that was taken down: %d", status)
	}
	has(t, page, "Il n’y a rien à cette adresse")
	page, _ = b.get("/posts/" + parts[2].RemoteID)
	has(t, page, "La publication qui se trouvait ici a été retirée.", "Deux", "Trois")
	if _, status := b.get(picture); status != http.StatusNotFound {
		t.Errorf("its picture: %d", status)
	}
}

func TestOlderPostsFollow(t *testing.T) {
	t.Parallel()
	s := village(t, pretend.Options{})
	a := open(t, serve(t, s), "Maison Lune")
	for i := range 31 {
		if _, err := a.Publish.Send(t.Context(), prepare(t, a, "numéro "+strings.Repeat("i", i+1)+".")); err != nil {
			t.Fatal(err)
		}
	}
	b := newBrowser(t, s)
	page, _ := b.get("/")
	m := regexp.MustCompile(`href="(/\?before=[0-9a-z]+)"`).FindStringSubmatch(page)
	if m == nil || strings.Contains(page, "numéro i.") {
		t.Fatalf("31 posts on one page:\n%s", page)
	}
	page, _ = b.get(m[1])
	has(t, page, "numéro i.")
}
