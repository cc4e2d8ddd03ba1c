package web

import (
	"context"
	"crypto/subtle"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// Metrics are the numbers that an operator watches.
type Metrics struct {
	registry *prometheus.Registry
	late     prometheus.Histogram
	presses  *prometheus.CounterVec
	requests *prometheus.CounterVec
	took     *prometheus.HistogramVec
}

// NewMetrics makes the numbers. deliveries counts all teams' deliveries by state, and is asked at each reading.
func NewMetrics(deliveries func(ctx context.Context) (map[string]int, error)) *Metrics {
	m := &Metrics{
		registry: prometheus.NewRegistry(),
		late: prometheus.NewHistogram(prometheus.HistogramOpts{Name: "griot_delivery_lateness_seconds",
			Help:    "Time between the moment a post was due and the moment its sending began.",
			Buckets: []float64{.01, .025, .05, .1, .25, .5, 1, 2.5, 5, 15, 60, 120, 300, 900, 3600}}),
		presses: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "griot_acts_total",
			Help: "What people did in a chat, by surface and by how it was answered."}, []string{"surface", "answer"}),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "griot_http_requests_total",
			Help: "HTTP requests by route and status."}, []string{"route", "status"}),
		took: prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "griot_http_request_seconds",
			Help: "Time to answer an HTTP request by route; streams are left out.", Buckets: prometheus.DefBuckets}, []string{"route"}),
	}
	m.registry.MustRegister(m.late, m.presses, m.requests, m.took, states{deliveries},
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// Late notes how long after its moment a delivery left.
func (m *Metrics) Late(by time.Duration) { m.late.Observe(max(0, by).Seconds()) }

// Acted notes what somebody did on a surface and how it was answered: "say", "ask", "refresh", "silent", "error". Both are
// few and ours: each pair is a number of its own.
func (m *Metrics) Acted(surface, answer string) { m.presses.WithLabelValues(surface, answer).Inc() }

// states reads the deliveries by state when somebody looks.
type states struct {
	count func(ctx context.Context) (map[string]int, error)
}

var deliveriesDesc = prometheus.NewDesc("griot_deliveries", "Deliveries of all teams by state.", []string{"state"}, nil)

// Describe names the number.
func (s states) Describe(out chan<- *prometheus.Desc) { out <- deliveriesDesc }

// Collect asks for it. A number that cannot be read is missing, never zero.
func (s states) Collect(out chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second) // Prometheus hands no context over
	defer cancel()
	all, err := s.count(ctx)
	if err != nil {
		out <- prometheus.NewInvalidMetric(deliveriesDesc, fmt.Errorf("count deliveries: %w", err))
		return
	}
	for state, n := range all {
		out <- prometheus.MustNewConstMetric(deliveriesDesc, prometheus.GaugeValue, float64(n), state)
	}
}

// guarded shows the numbers to this machine, and to who bears token.
func (m *Metrics) guarded(token string) http.Handler {
	show := promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{ErrorHandling: promhttp.ContinueOnError})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !bears(r, token) && !local(r) {
			w.Header().Set("WWW-Authenticate", "Bearer")
			http.Error(w, "Metrics are for this machine, or with GRIOT_METRICS_TOKEN as a bearer token.", http.StatusUnauthorized)
			return
		}
		show.ServeHTTP(w, r)
	})
}

func bears(r *http.Request, token string) bool {
	given, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	return ok && token != "" && subtle.ConstantTimeCompare([]byte(given), []byte(token)) == 1
}

// local reports whether a request comes from this machine itself: not through a proxy on it, and not from a page of a
// foreign name that was made to point here.
func local(r *http.Request) bool {
	from, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil || !from.Addr().Unmap().IsLoopback() {
		return false
	}
	for _, h := range []string{"Forwarded", "X-Forwarded-For", "X-Real-Ip", "Via"} {
		if r.Header.Get(h) != "" {
			return false
		}
	}
	host := r.Host
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	ip, err := netip.ParseAddr(strings.Trim(host, "[]"))
	return host == "localhost" || err == nil && ip.IsLoopback()
}

// counted notes each request by its route in mux, never by its path.
func (m *Metrics) counted(mux *http.ServeMux, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, route := mux.Handler(r)
		seen := &status{ResponseWriter: w, code: http.StatusOK}
		timer := prometheus.NewTimer(prometheus.ObserverFunc(func(s float64) {
			if !strings.HasPrefix(w.Header().Get("Content-Type"), "text/event-stream") {
				m.took.WithLabelValues(route).Observe(s)
			}
		}))
		defer func() {
			timer.ObserveDuration()
			m.requests.WithLabelValues(route, strconv.Itoa(seen.code)).Inc()
		}()
		next.ServeHTTP(seen, r)
	})
}

// status remembers the status that was written.
type status struct {
	http.ResponseWriter
	code int
}

// WriteHeader notes the final status.
func (s *status) WriteHeader(code int) {
	if code >= http.StatusOK {
		s.code = code
	}
	s.ResponseWriter.WriteHeader(code)
}

// Unwrap lets http.ResponseController reach flushing and deadlines.
func (s *status) Unwrap() http.ResponseWriter { return s.ResponseWriter }
