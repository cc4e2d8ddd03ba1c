//go:build !race

package app_test

import (
	"cmp"
	"fmt"
	"io"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"
	"text/tabwriter"
	"time"

	"griot/storage"
	"griot/storage/storagetest"
)

// BenchmarkGriot measures what the people who run Griot or work with it notice, and prints one table: `make bench`. The
// race detector would be what is measured, so under it there is nothing here.
func BenchmarkGriot(b *testing.B) {
	r := &results{cells: map[string][2]string{}}
	b.Run("start", func(b *testing.B) { benchStart(b, r) })
	b.Run("acks", func(b *testing.B) {
		for b.Loop() {
			benchAcks(b, r)
		}
		b.ReportMetric(0, "ns/op")
	})
	for _, m := range []struct {
		name string
		run  func(*testing.B, storage.Engine, *results)
	}{{"presses", benchPresses}, {"lateness", benchLateness}, {"drain", benchDrain}, {"busy", benchBusy},
		{"heard", benchHeard}, {"tray", benchTray}, {"arrival", benchArrival}} {
		for _, e := range []storage.Engine{storage.SQLite, storage.Postgres} {
			b.Run(m.name+"/"+string(e), func(b *testing.B) {
				for b.Loop() {
					m.run(b, e, r)
				}
				b.ReportMetric(0, "ns/op") // says nothing here: it is taken off the line
			})
		}
	}
	r.print(os.Stdout)
}

// database makes an empty one: a folder for SQLite, a URL for PostgreSQL.
func database(b *testing.B, e storage.Engine) storage.Options {
	b.Helper()
	o := storage.Options{Folder: b.TempDir(), Clock: time.Now}
	if e == storage.Postgres {
		o.URL, o.DatabaseClock = storagetest.Database(b), true
	}
	return o
}

// results is the table that is printed at the end.
type results struct {
	order []string
	cells map[string][2]string // by what was measured: on SQLite, on PostgreSQL
	aims  map[string]string
	acks  []acked // by server: a table of their own
}

// put fills one cell.
func (r *results) put(e storage.Engine, what, format string, values ...any) {
	c, known := r.cells[what]
	if !known {
		r.order = append(r.order, what)
	}
	i := 0
	if e == storage.Postgres {
		i = 1
	}
	c[i] = fmt.Sprintf(format, values...)
	r.cells[what] = c
}

// aim is what a row should be at best.
func (r *results) aim(what, format string, values ...any) {
	if r.aims == nil {
		r.aims = map[string]string{}
	}
	r.aims[what] = fmt.Sprintf(format, values...)
}

func (r *results) print(w io.Writer) {
	fmt.Fprintf(w, "\n%s/%s, %d cores, %s%s\n", runtime.GOOS, runtime.GOARCH, runtime.NumCPU(), runtime.Version(), load())
	if len(r.order) > 0 {
		r.printEngines(w)
	}
	if len(r.acks) > 0 {
		r.printAcks(w)
	}
	fmt.Fprintln(w)
}

// printEngines is the table of what there is on both engines.
func (r *results) printEngines(w io.Writer) {
	t := tabwriter.NewWriter(w, 0, 0, 3, ' ', 0)
	fmt.Fprintln(t, "\n\tSQLite\tPostgreSQL\taim")
	for _, what := range r.order {
		c := r.cells[what]
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\n", what, cmp.Or(c[0], "–"), cmp.Or(c[1], "–"), r.aims[what])
	}
	_ = t.Flush() // to a terminal or a pipe: nobody to tell
}

// load is how busy the machine is, where it says so.
func load() string {
	b, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return ""
	}
	return ", load average " + strings.Join(strings.Fields(string(b))[:3], " ")
}

// spread is the middle, the 99th of a hundred and the greatest of some durations.
type spread struct{ p50, p99, most time.Duration }

func spreadOf(all []time.Duration) spread {
	slices.Sort(all)
	return spread{all[len(all)/2], all[len(all)*99/100], all[len(all)-1]}
}

func (s spread) String() string { return fmt.Sprintf("%s / %s / %s", ms(s.p50), ms(s.p99), ms(s.most)) }

// report puts the figures on the line of go test's.
func (s spread) report(b *testing.B, prefix string) {
	for name, d := range map[string]time.Duration{"p50": s.p50, "p99": s.p99, "max": s.most} {
		b.ReportMetric(float64(d.Microseconds())/1000, prefix+name+"-ms")
	}
}

// ms is d for people.
func ms(d time.Duration) string {
	if d < 10*time.Millisecond {
		return fmt.Sprintf("%.1f ms", float64(d.Microseconds())/1000)
	}
	return fmt.Sprintf("%d ms", d.Milliseconds())
}
