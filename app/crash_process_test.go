package app_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// patient is how long anything may take that happens by itself: far more than it needs on a busy machine.
const patient = 90 * time.Second

// process is a child that runs Griot.
type process struct {
	*testing.T
	cmd  *exec.Cmd
	in   io.WriteCloser
	out  *os.File
	log  bytes.Buffer // read only once it has ended
	over chan struct{}
	err  error // written before over is closed
}

// build makes the program of the children: these tests without the race detector, which makes SQLite so slow that the
// waits of a delivery would have to be long.
func build(t *testing.T) string {
	t.Helper()
	program := filepath.Join(t.TempDir(), "griot.test")
	if out, err := exec.CommandContext(t.Context(), "go", "test", "-c", "-o", program, ".").CombinedOutput(); err != nil {
		t.Fatalf("build the children: %v\n%s", err, out)
	}
	return program
}

// launch starts a child in an environment and gives it its first order.
func launch(t *testing.T, program string, env []string, where whereabouts, first order) *process {
	t.Helper()
	at, err := json.Marshal(where)
	if err != nil {
		t.Fatal(err)
	}
	p := &process{T: t, over: make(chan struct{}), cmd: exec.CommandContext(t.Context(), program, "-test.run=^TestCrashChild$")}
	p.cmd.Env = append(append(os.Environ(), env...), crashChild+"="+string(at))
	p.cmd.Stderr = &p.log
	if p.in, err = p.cmd.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	var far *os.File
	if p.out, far, err = os.Pipe(); err != nil {
		t.Fatal(err)
	}
	p.cmd.ExtraFiles = []*os.File{far}
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	far.Close() // ours of the two ends that the child has; nothing was written to it
	go func() {
		defer close(p.over)
		p.err = p.cmd.Wait()
	}()
	p.order(first)
	return p
}

// order tells the child what to do. That it died meanwhile shows when it is listened to.
func (p *process) order(o order) {
	p.Helper()
	if err := json.NewEncoder(p.in).Encode(o); err != nil {
		p.Fatalf("order: %v\n%s", err, p.words())
	}
}

// heard is the child's answer to an order.
func (p *process) heard() answer {
	p.Helper()
	var a answer
	if err := p.out.SetReadDeadline(time.Now().Add(patient)); err != nil {
		p.Fatal(err)
	}
	if err := json.NewDecoder(p.out).Decode(&a); err != nil {
		p.Fatalf("the child does not answer: %v\n%s", err, p.words())
	}
	return a
}

// words is what the child said on its way, once it has ended; it is ended for that.
func (p *process) words() string {
	_ = p.cmd.Process.Kill() // it may have ended already
	<-p.over
	return fmt.Sprintf("%v\n%s", p.err, p.log.String())
}

// alive reports whether the child has not ended.
func (p *process) alive() bool {
	select {
	case <-p.over:
		return false
	default:
		return true
	}
}

// died waits for the end of a child that was killed.
func (p *process) died() {
	p.Helper()
	select {
	case <-p.over:
	case <-time.After(patient):
		p.Fatalf("the child lives on:\n%s", p.words())
	}
	p.out.Close() // nobody writes to it any more
	if status, ok := p.cmd.ProcessState.Sys().(syscall.WaitStatus); !ok || !status.Signaled() || status.Signal() != syscall.SIGKILL {
		p.Fatalf("the child was not killed: %v\n%s", p.err, p.log.String())
	}
}

// kill ends the child at whatever instruction it is.
func (p *process) kill() {
	p.Helper()
	if err := p.cmd.Process.Kill(); err != nil {
		p.Fatal(err)
	}
	p.died()
}

// stopped waits until the child stands still.
func (p *process) stopped() {
	p.Helper()
	p.until("the child stands still", func() bool {
		b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", p.cmd.Process.Pid))
		if err != nil {
			return false
		}
		_, rest, _ := strings.Cut(string(b), ") ")
		return strings.HasPrefix(rest, "T")
	})
}

func (p *process) signal(s syscall.Signal) {
	p.Helper()
	if err := p.cmd.Process.Signal(s); err != nil {
		p.Fatalf("%v\n%s", err, p.words())
	}
}

// end lets the child stop in good order.
func (p *process) end() {
	p.Helper()
	p.in.Close() // it may have ended already: then its state tells
	select {
	case <-p.over:
	case <-time.After(patient):
		p.Fatalf("the child does not stop:\n%s", p.words())
	}
	p.out.Close() // nobody writes to it any more
	if p.err != nil {
		p.Fatalf("the child did not stop in good order: %v\n%s", p.err, p.log.String())
	}
}

// until waits for a condition that another process brings about.
func (p *process) until(what string, yes func() bool) {
	p.Helper()
	if !eventually(yes) {
		p.Fatalf("never: %s\n%s", what, p.words())
	}
}

// eventually looks at a condition outside of this process until it holds.
func eventually(yes func() bool) bool {
	look := time.NewTicker(5 * time.Millisecond)
	defer look.Stop()
	for end := time.Now().Add(patient); time.Now().Before(end); <-look.C {
		if yes() {
			return true
		}
	}
	return yes()
}
