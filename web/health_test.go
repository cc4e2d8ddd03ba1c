package web_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"griot/fault"
	"griot/i18n"
	"griot/web"
)

func options() web.Options {
	ok := func(context.Context) error { return nil }
	return web.Options{Now: time.Now, Log: slog.New(slog.DiscardHandler), Locale: i18n.En, Database: ok, Jobs: ok,
		Metrics: web.NewMetrics(func(context.Context) (map[string]int, error) { return map[string]int{"waiting": 3, "unsure": 1}, nil })}
}

func get(h http.Handler, path string, change func(*http.Request)) *httptest.ResponseRecorder {
	r := httptest.NewRequest("GET", "http://127.0.0.1:8080"+path, nil)
	r.RemoteAddr = "127.0.0.1:50000"
	if change != nil {
		change(r)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func TestReadiness(t *testing.T) {
	t.Parallel()
	broken := func(context.Context) error { return errors.New("dial tcp 10.0.0.5:5432: secret detail") }
	for name, tt := range map[string]struct {
		change func(*web.Options)
		status int
		want   string
	}{
		"all is well": {func(*web.Options) {}, 200, `{"ready":true,"database":"ok","jobs":"ok","chats":{}}`},
		"a chat is down": {func(o *web.Options) {
			o.Chats = func() map[string]error { return map[string]error{"slack": nil, "discord": errors.New("gone")} }
		}, 200, `{"ready":true,"database":"ok","jobs":"ok","chats":{"discord":"down","slack":"ok"}}`},
		"no database": {func(o *web.Options) { o.Database = broken }, 503, `{"ready":false,"database":"down","jobs":"ok","chats":{}}`},
		"no jobs":     {func(o *web.Options) { o.Jobs = broken }, 503, `{"ready":false,"database":"ok","jobs":"down","chats":{}}`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := options()
			tt.change(&o)
			h := web.New(o)
			got := get(h, "/readyz", nil)
			if diff := cmp.Diff(tt.want, strings.TrimSpace(got.Body.String())); diff != "" || got.Code != tt.status {
				t.Errorf("%d\n%s", got.Code, diff)
			}
			if live := get(h, "/healthz", nil); live.Code != 200 {
				t.Errorf("the process is not alive: %d", live.Code)
			}
		})
	}
}

func TestMetricsAreForThisMachineOrABearer(t *testing.T) {
	t.Parallel()
	o := options()
	o.MetricsToken = "metrics-token"
	h := web.New(o)
	for name, tt := range map[string]struct {
		change func(*http.Request)
		want   int
	}{
		"here":          {nil, 200},
		"elsewhere":     {func(r *http.Request) { r.RemoteAddr = "192.0.2.7:4000" }, 401},
		"through proxy": {func(r *http.Request) { r.Header.Set("X-Forwarded-For", "192.0.2.7") }, 401},
		"rebound name":  {func(r *http.Request) { r.Host = "evil.example" }, 401},
		"with the token": {func(r *http.Request) {
			r.RemoteAddr = "192.0.2.7:4000"
			r.Header.Set("Authorization", "Bearer metrics-token")
		}, 200},
		"wrong token": {func(r *http.Request) { r.RemoteAddr = "192.0.2.7:4000"; r.Header.Set("Authorization", "Bearer other") }, 401},
	} {
		if got := get(h, "/metrics", tt.change).Code; got != tt.want {
			t.Errorf("%s: status %d, want %d", name, got, tt.want)
		}
	}
	bare := web.New(options())
	if got := get(bare, "/metrics", func(r *http.Request) { r.RemoteAddr = "192.0.2.7:4000"; r.Header.Set("Authorization", "Bearer ") }).Code; got != 401 {
		t.Errorf("an empty token opens: %d", got)
	}
}

func TestMetricsSayWhatHappened(t *testing.T) {
	t.Parallel()
	o := options()
	o.Mounts = map[string]http.Handler{"GET /boom": http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("boom") })}
	h := web.New(o)
	o.Metrics.Late(30 * time.Millisecond)
	o.Metrics.Acted("slack", "refresh")
	get(h, "/healthz", nil)
	if got := get(h, "/boom", nil).Code; got != 500 {
		t.Errorf("a panic answers %d", got)
	}
	get(h, "/connect/toy", nil)
	body := get(h, "/metrics", nil).Body.String()
	for _, line := range []string{
		`griot_deliveries{state="waiting"} 3`, `griot_deliveries{state="unsure"} 1`, `griot_delivery_lateness_seconds_bucket{le="0.05"} 1`,
		`griot_acts_total{answer="refresh",surface="slack"} 1`, `griot_http_requests_total{route="GET /healthz",status="200"} 1`,
		`griot_http_requests_total{route="GET /boom",status="500"} 1`, `griot_http_requests_total{route="",status="404"} 1`, `go_goroutines`, `process_start_time_seconds`,
	} {
		if !strings.Contains(body, line) {
			t.Errorf("no %s in:\n%s", line, body)
		}
	}
	o.Metrics = web.NewMetrics(func(context.Context) (map[string]int, error) { return nil, errors.New("no database") })
	if body := get(web.New(o), "/metrics", nil).Body.String(); strings.Contains(body, "griot_deliveries") || !strings.Contains(body, "go_goroutines") {
		t.Errorf("a number that cannot be read is shown, or hides the others:\n%s", body)
	}
}

func TestServeStopsInOrder(t *testing.T) {
	t.Parallel()
	ctx, stop := context.WithCancel(t.Context())
	ln, err := web.Listen(ctx, "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	entered, leave := make(chan struct{}), make(chan struct{})
	h := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		close(entered)
		<-leave
		_, _ = io.WriteString(w, "finished")
	})
	ended := make(chan error, 1)
	go func() { ended <- web.ServeOn(ctx, ln, h, slog.New(slog.DiscardHandler)) }()
	got := make(chan string, 1)
	go func() {
		res, err := http.Get("http://" + ln.Addr().String())
		if err != nil {
			got <- err.Error()
			return
		}
		defer res.Body.Close()
		b, _ := io.ReadAll(res.Body)
		got <- string(b)
	}()
	<-entered
	if _, err := web.Listen(t.Context(), ln.Addr().String()); !fault.Is(err, fault.Invalid) || !strings.Contains(fault.For(err, i18n.En), "is in use") {
		t.Errorf("a taken address: %v", err)
	}
	stop()
	for refused(ln.Addr().String()) == nil { // until no more requests are taken
	}
	close(leave)
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if diff := cmp.Diff("finished", <-got); diff != "" {
		t.Errorf("the request under way (-want +got):\n%s", diff)
	}
	if _, err := web.Listen(t.Context(), "nowhere"); !fault.Is(err, fault.Invalid) {
		t.Errorf("a wrong address: %v", err)
	}
}

func refused(addr string) error {
	c, err := net.Dial("tcp", addr)
	if err != nil {
		return err
	}
	return c.Close()
}
