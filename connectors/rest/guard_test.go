package rest_test

import (
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"

	"griot/connectors"
	"griot/connectors/rest"
)

// counting is a server on loopback that counts connections and calls.
func counting(t *testing.T, h http.HandlerFunc) (*httptest.Server, *atomic.Int64) {
	t.Helper()
	var n atomic.Int64
	s := httptest.NewUnstartedServer(h)
	s.Config.ConnState = func(_ net.Conn, st http.ConnState) {
		if st == http.StateNew {
			n.Add(1)
		}
	}
	s.Start()
	t.Cleanup(s.Close)
	return s, &n
}

func TestGuardReachesNothingPrivate(t *testing.T) {
	t.Parallel()
	s, connections := counting(t, func(http.ResponseWriter, *http.Request) {})
	_, port, _ := net.SplitHostPort(s.Listener.Addr().String())
	g, err := rest.NewGuard([]string{"other.example:443", "127.0.0.1:1"})
	if err != nil {
		t.Fatal(err)
	}
	for _, base := range []string{
		"http://127.0.0.1:" + port, "https://127.0.0.1:" + port, "https://localhost:" + port, "https://localhost.:" + port,
		"https://[::ffff:127.0.0.1]:" + port, "https://[::ffff:7f00:1]:" + port, "https://0.0.0.0:" + port, "https://[::1]:" + port,
		"https://[::]:" + port, "https://169.254.169.254", "https://10.0.0.1", "http://example.com",
	} {
		for _, effect := range []rest.Effect{rest.Safe, rest.Visible} {
			c, err := rest.New("testnet", g, rest.Base(base))
			if err == nil {
				_, err = c.Do(t.Context(), rest.Call{Path: "/", Effect: effect})
			}
			wantKind(t, err, connectors.Refused)
			if !errors.Is(err, rest.ErrForbidden) {
				t.Errorf("%s: %v", base, err)
			}
		}
	}
	// Names that only some resolvers read as an address must not reach it either.
	for _, host := range []string{"2130706433", "0x7f000001", "127.1", "0177.0.0.1"} {
		c, err := rest.New("testnet", g, rest.Base("https://"+host+":"+port))
		if err == nil {
			if _, err = c.Do(t.Context(), rest.Call{Path: "/"}); err == nil {
				t.Errorf("%s answered", host)
			}
		}
	}
	if n := connections.Load(); n != 0 {
		t.Errorf("%d connections were made", n)
	}
}

func TestGuardListIsHostAndPort(t *testing.T) {
	t.Parallel()
	for _, bad := range []string{"localhost", "", ":80", "localhost:", "https://localhost:80/"} {
		if _, err := rest.NewGuard([]string{bad}); err == nil {
			t.Errorf("%q is taken", bad)
		}
	}
	s, _ := counting(t, func(w http.ResponseWriter, _ *http.Request) { answerJSON(w, `{}`) })
	_, port, _ := net.SplitHostPort(s.Listener.Addr().String())
	c := client(t, "http://LOCALHOST:"+port, []string{" LocalHost:" + port + " "})
	if _, err := c.Do(t.Context(), rest.Call{Path: "/"}); err != nil {
		t.Errorf("an allowed host: %v", err)
	}
}

func TestNoProxyFromEnvironment(t *testing.T) {
	proxy, connections := counting(t, func(w http.ResponseWriter, _ *http.Request) { answerJSON(w, `{}`) })
	for _, v := range []string{"HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"} {
		t.Setenv(v, proxy.URL)
	}
	g, err := rest.NewGuard([]string{"nowhere.invalid:80"})
	if err != nil {
		t.Fatal(err)
	}
	for _, base := range []string{"http://nowhere.invalid", "https://nowhere.invalid", "https://10.0.0.1"} {
		c, err := rest.New("testnet", g, rest.Base(base))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := c.Do(t.Context(), rest.Call{Path: "/"}); err == nil {
			t.Errorf("%s answered", base)
		}
	}
	if n := connections.Load(); n != 0 {
		t.Errorf("the proxy got %d connections", n)
	}
}

func TestRedirects(t *testing.T) {
	t.Parallel()
	var auth []string
	far, farConnections := counting(t, func(w http.ResponseWriter, r *http.Request) {
		auth = append(auth, r.Header.Get("Authorization")+r.Header.Get("Cookie"))
		answerJSON(w, `{}`)
	})
	near, _ := counting(t, func(w http.ResponseWriter, r *http.Request) {
		switch u := r.URL.Path; {
		case u == "/far":
			w.Header().Set("Location", far.URL+"/x")
		case u == "/loop":
			w.Header().Set("Location", "/loop")
		case u == "/hidden":
			w.Header().Set("Location", strings.Replace(far.URL, "127.0.0.1", "localhost", 1))
		case u == "/file":
			w.Header().Set("Location", "file:///etc/passwd")
		case u == "/1", u == "/2":
			w.Header().Set("Location", "/"+string(u[1]+1))
		case u == "/3":
			answerJSON(w, `{"auth":"`+r.Header.Get("Authorization")+`"}`)
			return
		}
		w.WriteHeader(http.StatusFound)
	})
	hosts := []string{hostOf(t, near.URL), hostOf(t, far.URL)}
	c := client(t, near.URL, hosts)

	got, _, err := rest.Fetch[struct{ Auth string }](t.Context(), c, rest.Call{Path: "/1"})
	if err != nil || got.Auth != "Bearer "+token {
		t.Errorf("on the same host: %+v, %v", got, err)
	}
	if _, err := c.Do(t.Context(), rest.Call{Path: "/far", Header: http.Header{"Cookie": {"a=b"}}}); err != nil {
		t.Errorf("to another host: %v", err)
	}
	if len(auth) != 1 || auth[0] != "" {
		t.Errorf("the other host was told %q", auth)
	}
	for _, path := range []string{"/loop", "/nowhere", "/hidden", "/file"} {
		_, err := c.Do(t.Context(), rest.Call{Path: path})
		wantKind(t, err, connectors.Refused)
	}
	before := farConnections.Load()
	_, err = c.Do(t.Context(), rest.Call{Path: "/far", Effect: rest.Visible}) // a visible GET is a write
	wantKind(t, err, connectors.Refused)
	for _, method := range []string{http.MethodPost, http.MethodDelete, http.MethodPut} {
		for _, effect := range []rest.Effect{rest.Safe, rest.Visible} {
			_, err := c.Do(t.Context(), rest.Call{Method: method, Path: "/far", Effect: effect, Body: rest.JSON([]byte("1"))})
			if e := wantKind(t, err, connectors.Refused); e.Status != 302 || !strings.Contains(err.Error(), far.URL) || strings.Contains(err.Error(), "/x") {
				t.Errorf("%s: %v", method, err)
			}
		}
	}
	if farConnections.Load() != before {
		t.Error("a write followed a redirect")
	}
}

func hostOf(t *testing.T, base string) string {
	t.Helper()
	u, err := url.Parse(base)
	if err != nil {
		t.Fatal(err)
	}
	return u.Host
}
