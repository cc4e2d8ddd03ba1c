package app

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"griot/needs"
)

const (
	skyText = "Samedi à 10 h : atelier de reliure pour tous.\n\nInscription : https://bibliotheque.example/reliure #reliure"
	skyAlt  = "Des livres reliés sur une étagère, au soleil du soir."
	skyLate = "L’atelier de samedi est complet, merci à tous !"
)

// TestBrowserBluesky publishes what was written in the chat on the reference servers of Bluesky's network, reads it back as
// anybody may, takes it down, and finds the way back after the app password was revoked.
func TestBrowserBluesky(t *testing.T) {
	me := newSky(t)
	all := chromium(t)
	s := newSite(t, host(me.net.PDS), strings.Replace(host(me.net.PDS), "localhost", "127.0.0.1", 1), strings.Replace(host(me.net.PDS), "127.0.0.1", "localhost", 1))
	p := newPage(t, all, s.home)
	p.begins()
	p.connects("bluesky", map[string]string{"Identifiant": me.handle, "Mot de passe": me.newPassword("griot"), "Serveur": me.net.PDS})
	p.look("60-connected")

	p.speaks("nora")
	p.enters("general")
	p.says("/post rediger")
	p.asked("Rédiger")
	p.fills("Texte", skyText)
	p.goesTo("Bluesky")
	p.attaches(s.file("affiche.png", shelf()))
	p.fills("Ce que montre chaque image", skyAlt)
	p.sends()
	p.card("Brouillon", "#reliure", "Bluesky · @"+me.handle, skyAlt)
	p.approved("#reliure")
	p.card("Publiée", "#reliure", "en ligne", "voir")
	p.look("61-live")

	uri := me.uri(p.link("Publiée", "#reliure"))
	got := me.post(uri)
	want := skyPost{Text: skyText, Alt: skyAlt, Facets: []string{
		"https://bibliotheque.example/reliure → https://bibliotheque.example/reliure", "#reliure → reliure"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("as everybody reads it (-want +got):\n%s", diff)
	}

	p.presses("Retirer", "#reliure")
	p.sure()
	p.card("Retirée", "#reliure")
	eventually(t, "the public API to forget it", func() bool { return me.seen(uri) == nil })

	me.revoke("griot")
	s.clock.passes(3 * 60 * minute) // what was signed in lives on for two hours
	p.enters("general")
	p.speaks("nora")
	p.enters("general")
	p.says(`/post rediger texte:"` + skyLate + `" vers:bluesky`)
	p.card("Brouillon", skyLate)
	p.approved(skyLate)
	p.card(skyLate, "non publiée", "Le compte doit être reconnecté", "Réessayer")
	p.look("62-signed-out")
	if all := me.posts(); len(all) != 0 {
		t.Errorf("signed out, and yet there: %q", all)
	}

	p.speaks("awa")
	p.enters("dm:awa")
	p.sees("@Awa", "n’accepte plus notre connexion", "/connecter")
	p.look("65-sign-in-again")
	p.connects("bluesky", map[string]string{"Identifiant": me.handle, "Mot de passe": me.newPassword("griot again"), "Serveur": me.net.PDS})
	p.look("63-connected-again")
	p.enters("validations")
	p.sees(skyLate, "Réessayer")
	p.presses("Réessayer", skyLate)
	p.card("Publiée", skyLate, "en ligne", "voir")
	if diff := cmp.Diff([]string{skyLate}, me.posts()); diff != "" {
		t.Errorf("on the account (-want +got):\n%s", diff)
	}
	if got := me.post(me.uri(p.link("Publiée", skyLate))); got.Text != skyLate {
		t.Errorf("as everybody reads it: %+v", got)
	}
	p.look("64-published")
}

// approved sends the newest draft with these words, to leave as soon as Léo has approved it, and Léo does.
func (p *page) approved(words string) {
	p.Helper()
	p.presses("Publier dès validation", words)
	p.speaks("leo")
	p.enters("validations")
	p.sees("À valider", words, "@Léo", "@Awa", pending) // nothing moves any more
	p.presses("Valider", words)
}

// file is a file in a folder of the test.
func (s *site) file(name string, body []byte) string {
	s.Helper()
	path := filepath.Join(s.TempDir(), name)
	if err := os.WriteFile(path, body, 0o600); err != nil {
		s.Fatal(err)
	}
	return path
}

// host is what GRIOT_ALLOW_HOSTS takes of an address.
func host(base string) string {
	_, after, _ := strings.Cut(base, "://")
	return after
}

// sky is somebody new on the reference network, and a plain client of it.
type sky struct {
	*testing.T
	net                 needs.Network
	did, handle, access string
}

func newSky(t *testing.T) sky {
	t.Helper()
	me := sky{T: t, net: needs.Bluesky(t)}
	name := "b" + strings.ToLower(rand.Text())[:12]
	var made struct{ DID, Handle, AccessJwt string }
	me.call("com.atproto.server.createAccount", map[string]any{"email": name + "@test.invalid", "handle": name + ".test", "password": "pw-" + name}, &made)
	me.did, me.handle, me.access = made.DID, made.Handle, made.AccessJwt
	return me
}

func (me sky) newPassword(name string) string {
	me.Helper()
	var made struct{ Password string }
	me.call("com.atproto.server.createAppPassword", map[string]any{"name": name}, &made)
	return made.Password
}

func (me sky) revoke(name string) {
	me.Helper()
	me.call("com.atproto.server.revokeAppPassword", map[string]any{"name": name}, nil)
}

// posts are the texts of everything on the account, as its own server has it.
func (me sky) posts() []string {
	me.Helper()
	var page struct {
		Records []struct{ Value struct{ Text string } }
	}
	if err := me.get(me.net.PDS, "com.atproto.repo.listRecords", url.Values{"repo": {me.did}, "collection": {"app.bsky.feed.post"}}, &page); err != nil {
		me.Fatal(err)
	}
	var all []string
	for _, r := range page.Records {
		all = append(all, r.Value.Text)
	}
	return all
}

// uri is the name of a post whose page is at link.
func (me sky) uri(link string) string {
	me.Helper()
	key, ok := strings.CutPrefix(link, "https://bsky.app/profile/"+me.did+"/post/")
	if !ok {
		me.Fatalf("the card leads to %s", link)
	}
	return "at://" + me.did + "/app.bsky.feed.post/" + key
}

// skyPost is a post as the public API shows it.
type skyPost struct {
	Text, Alt string
	Facets    []string // "the words → where they lead"
}

// post waits until everybody can read a post.
func (me sky) post(uri string) skyPost {
	me.Helper()
	var got *skyPost
	eventually(me.T, "the public API to know "+uri, func() bool {
		got = me.seen(uri)
		return got != nil
	})
	return *got
}

// seen is a post as everybody reads it; nil when there is none.
func (me sky) seen(uri string) *skyPost {
	me.Helper()
	var all struct {
		Posts []struct {
			Record struct {
				Text   string
				Facets []struct {
					Index    struct{ ByteStart, ByteEnd int }
					Features []struct{ URI, Tag string }
				}
			}
			Embed struct{ Images []struct{ Alt string } }
		}
	}
	if err := me.get(me.net.Appview, "app.bsky.feed.getPosts", url.Values{"uris": {uri}}, &all); err != nil {
		me.Fatal(err)
	}
	if len(all.Posts) == 0 {
		return nil
	}
	p := all.Posts[0]
	out := &skyPost{Text: p.Record.Text}
	for _, i := range p.Embed.Images {
		out.Alt += i.Alt
	}
	for _, f := range p.Record.Facets {
		for _, to := range f.Features {
			out.Facets = append(out.Facets, p.Record.Text[f.Index.ByteStart:f.Index.ByteEnd]+" → "+to.URI+to.Tag)
		}
	}
	return out
}

func (me sky) call(method string, in map[string]any, out any) {
	me.Helper()
	body, err := json.Marshal(in)
	if err != nil {
		me.Fatal(err)
	}
	req, err := http.NewRequestWithContext(me.Context(), http.MethodPost, me.net.PDS+"/xrpc/"+method, bytes.NewReader(body))
	if err != nil {
		me.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	if me.access != "" {
		req.Header.Set("Authorization", "Bearer "+me.access)
	}
	if err := answered(req, out); err != nil {
		me.Fatal(err)
	}
}

// mine asks my own server as myself.
func (me sky) mine(method string, q url.Values, out any) error {
	req, err := http.NewRequestWithContext(me.Context(), http.MethodGet, me.net.PDS+"/xrpc/"+method+"?"+q.Encode(), nil)
	if err != nil {
		return err
	}
	req.Header.Set("Authorization", "Bearer "+me.access)
	return answered(req, out)
}

func (me sky) get(base, method string, q url.Values, out any) error {
	req, err := http.NewRequestWithContext(me.Context(), http.MethodGet, base+"/xrpc/"+method+"?"+q.Encode(), nil)
	if err != nil {
		return err
	}
	return answered(req, out)
}

func answered(req *http.Request, out any) error {
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err == nil && res.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %d %s", req.URL.Path, res.StatusCode, b)
	}
	if err != nil || out == nil {
		return err
	}
	return json.Unmarshal(b, out)
}
