package app

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"griot/connectors"
	"griot/connectors/mastodon/mastodontest"
)

const (
	threadText = "Trois bonnes raisons de venir samedi.\n---\nOn repart avec son carnet.\n---\nEt il y a du gâteau."
	threadOwn  = "Samedi, atelier de reliure.\n---\nInscrivez-vous à l’accueil. #reliure"
	moodyText  = "La salle du fond rouvre lundi."
	lostText   = "Dimanche, contes pour les petits à 15 h."
)

// moody is a Mastodon whose next visible call can go wrong.
type moody struct {
	*mastodontest.Server

	mu   sync.Mutex
	next string // "refuse", "lose" or empty
}

func (m *moody) will(do string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.next = do
}

func (m *moody) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	do := ""
	if r.Method == http.MethodPost && r.URL.Path == "/api/v1/statuses" {
		m.mu.Lock()
		do, m.next = m.next, ""
		m.mu.Unlock()
	}
	switch do {
	case "refuse":
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusUnprocessableEntity)
		fmt.Fprint(w, `{"error":"Validation failed: Text is not welcome here"}`)
	case "lose":
		m.Server.ServeHTTP(httptest.NewRecorder(), r)
		panic(http.ErrAbortHandler) // the answer never arrives
	default:
		m.Server.ServeHTTP(w, r)
	}
}

// texts are Alice's posts, each after what it answers.
func (m *moody) texts() []string {
	words := map[string]string{}
	var out []string
	for _, p := range m.Posts() {
		words[p.ID] = p.Text
		line := p.Text
		if p.Parent != "" {
			line = words[p.Parent] + " ← " + p.Text
		}
		out = append(out, line)
	}
	return out
}

// TestBrowserMastodon sends a thread to two networks at once, with words of its own on one of them; then one network refuses
// and the other is not held; then an answer is lost. However the server takes keys, everything is there once.
func TestBrowserMastodon(t *testing.T) {
	for _, keys := range []mastodontest.Keys{mastodontest.Honoured, mastodontest.Ignored} {
		t.Run("keys "+string(keys), func(t *testing.T) {
			all := chromium(t)
			clock := &tide{began: time.Now()}
			m := &moody{Server: mastodontest.New(mastodontest.Options{Keys: keys, Now: clock.Now})}
			web := httptest.NewServer(m)
			t.Cleanup(web.Close)
			s := newSiteAt(t, clock, host(web.URL))
			p := newPage(t, all, s.home)
			p.begins()
			p.connects("mastodon", map[string]string{"Adresse du serveur": web.URL, "Jeton": mastodontest.Token})
			p.look("70-mastodon")
			p.threads(m)
			p.refuses(m)
			p.loses(s, m)
			s.counts(m)
		})
	}
}

// threads is one post as two threads, told apart.
func (p *page) threads(m *moody) {
	p.speaks("nora")
	p.enters("general")
	p.says("/post rediger")
	p.asked("Rédiger")
	p.fills("Texte", threadText)
	p.goesTo("Village", "Mastodon")
	p.sends()
	p.card("Brouillon", "1/3", "Et il y a du gâteau.", "Village · @bibliotheque", "Mastodon · @alice@")
	p.presses("Modifier", "gâteau")
	p.asked("Modifier")
	p.fills("Seulement pour @alice@", threadOwn)
	p.look("71-own-text")
	p.sends()
	p.card("Brouillon", "gâteau", "1/2", "Inscrivez-vous")
	p.approved("gâteau")
	p.card("Publiée", "gâteau", "Inscrivez-vous")
	p.until("both to be live", `(plain(cards('gâteau').at(-1).innerText).match(/en ligne/g) || []).length === 2`)
	p.look("72-both-live")
	want := []string{"Samedi, atelier de reliure.", "Samedi, atelier de reliure. ← Inscrivez-vous à l’accueil. #reliure"}
	if diff := cmp.Diff(want, m.texts()); diff != "" {
		p.Errorf("on Mastodon (-want +got):\n%s", diff)
	}
}

// refuses is one network's no, which the other does not wait for.
func (p *page) refuses(m *moody) {
	before := len(m.Posts())
	m.will("refuse")
	p.speaks("nora")
	p.enters("general")
	p.says(`/post rediger texte:"` + moodyText + `" vers:village,mastodon`)
	p.card("Brouillon", moodyText)
	p.approved(moodyText)
	p.card("Publiée en partie", moodyText, "en ligne", "non publiée", "Text is not welcome here")
	p.look("73-partly")
	p.presses(p.button("Réessayer", moodyText), moodyText)
	p.card("Publiée", moodyText)
	p.until("both to be live", `(plain(cards(`+quoted([]string{moodyText})+`).at(-1).innerText).match(/en ligne/g) || []).length === 2`)
	if diff := cmp.Diff([]string{moodyText}, m.texts()[before:]); diff != "" {
		p.Errorf("after another try (-want +got):\n%s", diff)
	}
}

// loses is an answer that never arrives although the post does.
func (p *page) loses(s *site, m *moody) {
	before := len(m.Posts())
	m.will("lose")
	p.speaks("nora")
	p.enters("general")
	p.says(`/post rediger texte:"` + lostText + `" vers:mastodon`)
	p.card("Brouillon", lostText)
	p.approved(lostText)
	p.card(lostText, "Griot regarde sur le compte")
	s.clock.passes(2 * minute) // the look comes half a minute after the lease
	p.card("Publiée", lostText, "en ligne", "voir")
	if diff := cmp.Diff([]string{lostText}, m.texts()[before:]); diff != "" {
		p.Errorf("after an answer was lost (-want +got):\n%s", diff)
	}
	p.look("74-after-a-lost-answer")
}

// button is the whole label of the newest card's button that begins like this.
func (p *page) button(begins string, card ...string) string {
	p.Helper()
	at := `[...cards(` + quoted(card) + `).at(-1)?.querySelectorAll('.acts .btn') || []].find((b) => plain(b.innerText).startsWith(` + quoted([]string{begins}) + `))`
	p.until(begins, at)
	return p.text(at)
}

// counts reads the numbers of what was published, as a report will.
func (s *site) counts(m *moody) {
	s.Helper()
	posts := m.Posts()
	last := posts[len(posts)-1]
	m.Like(last.ID)
	who, _ := s.app.Playgrounds[0].Who(awa)
	by, _, err := people{s.app.Team}.Who(s.Context(), who)
	if err != nil {
		s.Fatal(err)
	}
	brands, err := s.app.Team.Brands(s.Context(), by)
	if err != nil {
		s.Fatal(err)
	}
	all, err := s.app.Accounts.List(s.Context(), by, brands[0].ID)
	if err != nil {
		s.Fatal(err)
	}
	for _, a := range all {
		if a.Network != "mastodon" {
			continue
		}
		x, err := s.app.openAccount(s.Context(), by.TeamID, a.ID)
		if err != nil {
			s.Fatal(err)
		}
		got, err := x.Metrics.OfPosts(s.Context(), []connectors.Receipt{{RemoteID: last.ID}})
		if err != nil || got[last.ID][connectors.Likes] != 1 {
			s.Errorf("numbers of %s: %v %v", strings.TrimSpace(last.Text), got, err)
		}
	}
}
