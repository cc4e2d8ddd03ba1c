package app

import (
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// visitor is somebody who looks at the practice network in a browser and writes to the people there.
type visitor struct {
	*world
	browser *http.Client
	name    string
}

func (w *world) visitor(name string) *visitor {
	w.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		w.Fatal(err)
	}
	return &visitor{world: w, browser: &http.Client{Jar: jar}, name: name}
}

var formToken = regexp.MustCompile(`name="token" value="([^"]+)"`)

// writes sends the form of a page: to an account ("/@bibliotheque") or under a post ("/posts/…").
func (v *visitor) writes(page, form, text string) {
	v.Helper()
	body := v.opens(page)
	m := formToken.FindStringSubmatch(body)
	if m == nil {
		v.Fatalf("no form on %s", page)
	}
	r, err := v.browser.PostForm(v.web.URL+form, url.Values{"token": {m[1]}, "name": {v.name}, "text": {text}})
	if err != nil {
		v.Fatal(err)
	}
	defer r.Body.Close()
	if r.StatusCode != http.StatusOK {
		v.Fatalf("%s: %d", form, r.StatusCode)
	}
}

func (v *visitor) opens(page string) string {
	v.Helper()
	r, err := v.browser.Get(v.web.URL + page)
	if err != nil {
		v.Fatal(err)
	}
	defer r.Body.Close()
	b, err := io.ReadAll(r.Body)
	if err != nil || r.StatusCode != http.StatusOK {
		v.Fatalf("%s: %d, %v", page, r.StatusCode, err)
	}
	return string(b)
}

// collects lets a minute go by and reads what is said to the brand: in the program a regular job does, by a clock that moves.
func (w *world) collects() {
	w.Helper()
	w.clock.advance(minute)
	if err := w.app.Inbox.Collect(w.Context()); err != nil {
		w.Fatal(err)
	}
}

// visited does what a line "village lea tells bibliotheque: words" says, or one of its likes.
func (s *transcript) visited(line string) bool {
	m := visit.FindStringSubmatch(line)
	if m == nil {
		return false
	}
	who, does, account, words := s.visitor(m[1]), m[2], m[3], m[4]
	page := "/@" + account
	switch does {
	case "follows":
		who.writes(page, "/follow/"+account, "")
	case "likes", "shares":
		who.writes(page, s.postOn(account, words)+"/"+strings.TrimSuffix(does, "s"), "")
	case "tells":
		s.collects() // what came before is read: a source begins where it stands
		who.writes(page, "/write/"+account, strings.ReplaceAll(words, " ⏎ ", "\n"))
		s.collects()
	}
	return true
}

var visit = regexp.MustCompile(`^village (\S+) (tells|follows|likes|shares) ([\w-]+)(?:: (.+))?$`)

// postOn is the page of an account's newest post with words in it, once it stands there.
func (s *transcript) postOn(account, words string) string {
	s.Helper()
	page := ""
	if !s.soon(patience, func() bool {
		all, err := s.posts(account)
		i := slices.IndexFunc(all, func(p saying) bool { return strings.Contains(p.Text, words) })
		if i >= 0 {
			page = strings.TrimPrefix(all[i].URL, s.web.URL)
		}
		return err == nil && i >= 0
	}) {
		s.Fatalf("%s:%d: @%s has not posted %q", s.path, s.next, account, words)
	}
	return page
}
