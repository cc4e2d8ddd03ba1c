//go:build !race

package app_test

import (
	"bytes"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"griot/storage"
)

const (
	starts = 5                // of each kind; the middle one counts
	idle   = 10 * time.Second // before the memory is looked at
)

// benchStart runs the program as people get it, with the playground and the pretend network in it, on SQLite.
func benchStart(b *testing.B, r *results) {
	program := compile(b)
	for b.Loop() {
		var fresh, existing []time.Duration
		var memory int
		for i := range starts {
			folder := filepath.Join(b.TempDir(), "data")
			p := begin(b, program, folder)
			fresh = append(fresh, p.ready)
			p.stop()
			p = begin(b, program, folder)
			existing = append(existing, p.ready)
			if i == 0 {
				memory = p.resident(idle)
			}
			p.stop()
		}
		report := func(what, metric string, all []time.Duration) {
			slices.Sort(all)
			b.ReportMetric(float64(all[starts/2].Milliseconds()), metric)
			r.put(storage.SQLite, what, "%s", ms(all[starts/2]))
			r.aim(what, "< 300 ms")
		}
		report("start to ready, new folder", "fresh-ms", fresh)
		report("start to ready, existing folder", "existing-ms", existing)
		const what = "resident memory after ten idle seconds"
		b.ReportMetric(float64(memory)/1000, "idle-MB")
		r.put(storage.SQLite, what, "%.1f MB", float64(memory)/1000)
		r.aim(what, "< 40 MB")
	}
	b.ReportMetric(0, "ns/op")
}

// compile makes the program as `make build` does, and runs it once: the first reading from the disk is not the program's.
func compile(b *testing.B) string {
	b.Helper()
	program := filepath.Join(b.TempDir(), "griot")
	cmd := exec.CommandContext(b.Context(), "go", "build", "-trimpath", "-ldflags", "-s -w", "-o", program, "griot")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		b.Fatalf("%v\n%s", err, out)
	}
	if out, err := exec.CommandContext(b.Context(), program, "version").CombinedOutput(); err != nil {
		b.Fatalf("%v\n%s", err, out)
	}
	return program
}

// served is griot serve in a process of its own.
type served struct {
	*testing.B
	cmd   *exec.Cmd
	log   bytes.Buffer // read only once it has ended
	ready time.Duration
}

// begin starts it and waits until it is ready.
func begin(b *testing.B, program, folder string) *served {
	b.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	addr := l.Addr().String()
	l.Close() // nothing was asked of it: it only found a port
	p := &served{B: b, cmd: exec.CommandContext(b.Context(), program, "serve")}
	p.cmd.Env = append(os.Environ(), "GRIOT_ADDR="+addr, "GRIOT_DATA="+folder, "GRIOT_DATABASE_URL=", "GRIOT_PLAYGROUND=")
	p.cmd.Stderr = &p.log
	begun := time.Now()
	if err := p.cmd.Start(); err != nil {
		b.Fatal(err)
	}
	look := time.NewTicker(time.Millisecond)
	defer look.Stop()
	for !answers("http://" + addr + "/readyz") {
		if time.Since(begun) > unreasonable {
			p.stop()
			b.Fatalf("never ready:\n%s", &p.log)
		}
		<-look.C
	}
	p.ready = time.Since(begun)
	return p
}

func answers(url string) bool {
	res, err := http.Get(url)
	if err != nil {
		return false
	}
	res.Body.Close() // a status is all there is to know
	return res.StatusCode == http.StatusOK
}

// resident is the memory of the process after a while in which nobody wants anything, in kilobytes.
func (p *served) resident(after time.Duration) int {
	p.Helper()
	if runtime.GOOS != "linux" {
		p.Log("resident memory is only read on Linux")
		return 0
	}
	<-time.After(after)
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
	if err != nil {
		p.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(status), "VmRSS:")
	var pages int
	if _, err := fmt.Sscanf(rest, "%d kB", &pages); err != nil {
		p.Fatalf("read resident memory: %v", err)
	}
	return pages * 1024 / 1000
}

// stop ends it in good order.
func (p *served) stop() {
	p.Helper()
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		p.Fatal(err)
	}
	if err := p.cmd.Wait(); err != nil {
		p.Fatalf("stop: %v\n%s", err, &p.log)
	}
}
