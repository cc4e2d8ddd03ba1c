package bluesky_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"griot/connectors"
	"griot/connectors/conntest"
	"griot/needs"
)

// patience is how long the reference servers may take for what they do a moment later.
const patience = 30 * time.Second

// pds is the reference server as a plain client sees it: past the connector, past faults.
type pds struct {
	t   *testing.T
	net needs.Network
}

// person is a new account of the reference server.
type person struct {
	pds
	did, handle, app string
	access           string // of a session with the account's own password
}

// newPerson makes an account of its own, so that tests do not see one another's posts.
func newPerson(t *testing.T) person {
	t.Helper()
	p := person{pds: pds{t, needs.Bluesky(t)}}
	name := "t" + strings.ToLower(rand.Text())[:12]
	var s struct{ DID, Handle, AccessJwt string }
	p.post("com.atproto.server.createAccount", "", map[string]any{
		"email": name + "@test.invalid", "handle": name + ".test", "password": "pw-" + name,
	}, &s)
	p.did, p.handle, p.access = s.DID, s.Handle, s.AccessJwt
	p.app = p.newAppPassword("griot")
	return p
}

func (p person) newAppPassword(name string) string {
	p.t.Helper()
	var made struct{ Password string }
	p.post("com.atproto.server.createAppPassword", p.access, map[string]any{"name": name}, &made)
	return made.Password
}

func (p person) revoke(name string) {
	p.t.Helper()
	p.post("com.atproto.server.revokeAppPassword", p.access, map[string]any{"name": name}, nil)
}

// create makes a record with the ordinary call.
func (p person) create(collection string, record map[string]any) (uri, cid string) {
	p.t.Helper()
	record["$type"], record["createdAt"] = collection, time.Now().UTC().Format("2006-01-02T15:04:05.000Z") // as people’s apps do: pages of the index lose posts of one instant
	var made struct{ URI, CID string }
	p.post("com.atproto.repo.createRecord", p.access, map[string]any{"repo": p.did, "collection": collection, "record": record}, &made)
	return made.URI, made.CID
}

func (p person) like(r connectors.Receipt) {
	p.t.Helper()
	p.create("app.bsky.feed.like", map[string]any{"subject": map[string]string{"uri": r.RemoteID, "cid": r.Ref}})
}

// items is the whole repository of the account.
func (p person) items() []conntest.Item {
	p.t.Helper()
	var all []conntest.Item
	q := url.Values{"repo": {p.did}, "collection": {"app.bsky.feed.post"}, "limit": {"100"}}
	for {
		var page struct {
			Records []struct {
				URI   string
				Value json.RawMessage
			}
			Cursor string
		}
		p.get(p.net.PDS, "com.atproto.repo.listRecords", q, &page)
		for _, r := range page.Records {
			all = append(all, item(p.t, r.URI, r.Value))
		}
		if len(page.Records) == 0 || page.Cursor == "" {
			return all
		}
		q.Set("cursor", page.Cursor)
	}
}

func (p pds) post(method, token string, in map[string]any, out any) {
	p.t.Helper()
	body, err := json.Marshal(in)
	if err != nil {
		p.t.Fatal(err)
	}
	req, err := http.NewRequest(http.MethodPost, p.net.PDS+"/xrpc/"+method, bytes.NewReader(body))
	if err != nil {
		p.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	if err := call(req, out); err != nil {
		p.t.Fatal(err)
	}
}

func (p pds) get(base, method string, q url.Values, out any) {
	p.t.Helper()
	if err := p.try(base, method, q, out); err != nil {
		p.t.Fatal(err)
	}
}

func (p pds) try(base, method string, q url.Values, out any) error {
	req, err := http.NewRequest(http.MethodGet, base+"/xrpc/"+method+"?"+q.Encode(), nil)
	if err != nil {
		return err
	}
	return call(req, out)
}

func call(req *http.Request, out any) error {
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

// eventually waits until done says so.
func eventually(t *testing.T, what string, done func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	for !done() {
		select {
		case <-time.After(100 * time.Millisecond):
		case <-ctx.Done():
			t.Fatalf("never: %s", what)
		}
	}
}

// front stands before the data server: faults, and sessions that name the front as the account's home.
func front(t *testing.T, net needs.Network) (*conntest.Faults, string) {
	t.Helper()
	real := conntest.Proxy(parse(t, net.PDS))
	home := ""
	faults := conntest.NewFaults(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !strings.HasPrefix(r.URL.Path, "/xrpc/com.atproto.server.") {
			real.ServeHTTP(w, r)
			return
		}
		r.Header.Del("Accept-Encoding") // plain text can be read here
		rec := httptest.NewRecorder()
		real.ServeHTTP(rec, r)
		for k, v := range rec.Header() {
			if k != "Content-Length" {
				w.Header()[k] = v
			}
		}
		w.WriteHeader(rec.Code)
		io.WriteString(w, strings.ReplaceAll(rec.Body.String(), net.PDS, home)) // the client may be gone
	}))
	home = faults.Serve(t)
	return faults, home
}

// view is a post as the public API shows it to everybody.
type view struct {
	URI    string
	Author struct{ Handle string }
	Record struct {
		Text   string
		Langs  []string
		Facets []struct {
			Index    struct{ ByteStart, ByteEnd int }
			Features []map[string]string
		}
		Reply struct{ Root, Parent struct{ URI string } }
	}
	Embed struct {
		Images []struct {
			Alt         string
			AspectRatio struct{ Width, Height int }
		}
	}
	LikeCount, ReplyCount int
}

// shown reads posts from the appview, without signing in.
func (p pds) shown(uris ...string) []view {
	p.t.Helper()
	var got struct{ Posts []view }
	p.get(p.net.Appview, "app.bsky.feed.getPosts", url.Values{"uris": uris}, &got)
	return got.Posts
}

// told reports whether the network tells the account of a post, past the connector.
func (p person) told(uri string) bool {
	p.t.Helper()
	req, err := http.NewRequest(http.MethodGet, p.net.PDS+"/xrpc/app.bsky.notification.listNotifications?limit=100", nil)
	if err != nil {
		p.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+p.access)
	var got struct{ Notifications []struct{ URI string } }
	if err := call(req, &got); err != nil {
		p.t.Fatal(err)
	}
	return slices.ContainsFunc(got.Notifications, func(n struct{ URI string }) bool { return n.URI == uri })
}
