//go:build !race

package app_test

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"griot/bot/slackbot/slacktest"
	"griot/needs"
	"griot/storage"
)

// bureau is a Slack workspace whose people give commands.
type bureau struct {
	*slacktest.Server
	space   *slacktest.Workspace
	channel *slacktest.Channel
	people  []*slacktest.Person
}

func newBureau(b *testing.B) *bureau {
	b.Helper()
	s := slacktest.New(b, slacktest.Options{})
	o := &bureau{Server: s, space: s.Workspace("Bureau")}
	o.space.Install()
	for i := range throng {
		o.people = append(o.people, o.space.Person(slacktest.Profile{Name: fmt.Sprint("ana", i), Locale: "fr-FR", Zone: "Europe/Paris"}))
	}
	o.channel = o.space.Channel("posts", o.people...)
	return o
}

// commands are "/griot help" as Slack sends it for each of the people.
func (o *bureau) commands(b *testing.B) []url.Values {
	b.Helper()
	var out []url.Values
	for _, p := range o.people {
		r, err := p.Request(o.URL, o.channel, "/griot", "help")
		if err == nil {
			err = r.ParseForm()
		}
		if err != nil {
			b.Fatal(err)
		}
		out = append(out, r.PostForm)
	}
	return out
}

// environment is what a server must know of the workspace.
func (o *bureau) environment() []string {
	return []string{"SLACK_API_URL=" + o.API(), "SLACK_BOT_TOKEN=" + o.space.Token(), "SLACK_SIGNING_SECRET=" + o.App.SigningSecret}
}

// environment is what a child must know to be this Griot.
func (m *measured) environment(o *bureau) []string {
	return append(o.environment(), "GRIOT_DATA="+m.cfg.Data, "GRIOT_DATABASE_URL="+m.cfg.DatabaseURL, "GRIOT_SECRET_KEY="+m.cfg.SecretKey,
		"GRIOT_BASE_URL=http://griot.example", "GRIOT_PLAYGROUND=off", "GRIOT_LOCALE=fr", ackServer+"=griot", ackVillage+"="+m.hamlet.web.URL)
}

// acknowledging is a server that Slack can call, in a process of its own.
type acknowledging struct {
	*testing.B
	name string
	cmd  *exec.Cmd
	hold io.Closer // its standard input
	addr string
	log  bytes.Buffer // read only once it has ended
}

// started starts a server and waits until it can be called.
func started(b *testing.B, name string, cmd *exec.Cmd, env []string) *acknowledging {
	b.Helper()
	a := &acknowledging{B: b, name: name, cmd: cmd}
	cmd.Env, cmd.Stderr = append(os.Environ(), env...), &a.log
	hold, err := cmd.StdinPipe()
	if err != nil {
		b.Fatal(err)
	}
	a.hold = hold
	out, err := cmd.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	said, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		a.stop()
		b.Fatalf("%s does not start: %v, %q\n%s", name, err, said, &a.log)
	}
	a.addr = strings.TrimSpace(said)
	b.Cleanup(a.end)
	go func() { _, _ = io.Copy(io.Discard, out) }() // what testing says at the end
	return a
}

// child starts this test binary as a server.
func child(b *testing.B, name string, env []string) *acknowledging {
	b.Helper()
	self, err := os.Executable()
	if err != nil {
		b.Fatal(err)
	}
	return started(b, name, exec.CommandContext(b.Context(), self, "-test.run=^TestAckServer$"), env)
}

// bolt starts Slack's own SDK.
func bolt(b *testing.B, o *bureau) *acknowledging {
	b.Helper()
	installed, folder := needs.Bolt(b), b.TempDir()
	script, err := os.ReadFile("../test/bolt/bench.mjs")
	if err == nil {
		err = os.WriteFile(filepath.Join(folder, "bench.mjs"), script, 0o600)
	}
	if err == nil {
		err = os.Symlink(filepath.Join(installed, "node_modules"), filepath.Join(folder, "node_modules"))
	}
	if err != nil {
		b.Fatal(err)
	}
	cmd := exec.CommandContext(b.Context(), "node", filepath.Join(folder, "bench.mjs"))
	return started(b, "@slack/bolt, an empty handler", cmd, append(o.environment(), "NODE_ENV=production"))
}

// peak is the most memory that the process has had, in MB; zero where that is not said.
func (a *acknowledging) peak() float64 {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", a.cmd.Process.Pid))
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(status), "VmHWM:")
	kb, _, _ := strings.Cut(strings.TrimSpace(rest), " ")
	n, _ := strconv.Atoi(kb) // zero when it is not said
	return float64(n) * 1024 / 1e6
}

// worked is the processor time that the process has taken, together with those of PostgreSQL that serve the database, if it has
// one there; zero where that is not said.
func (a *acknowledging) worked(database string) time.Duration {
	all := processorTime(strconv.Itoa(a.cmd.Process.Pid))
	if database == "" {
		return all
	}
	titles, _ := filepath.Glob("/proc/[0-9]*/cmdline") // the pattern is right
	for _, t := range titles {
		if title, err := os.ReadFile(t); err == nil && strings.HasPrefix(string(title), "postgres: ") && strings.Contains(string(title), database) {
			all += processorTime(filepath.Base(filepath.Dir(t)))
		}
	}
	return all
}

// processorTime is that of one process. Source: proc_pid_stat(5), fields 14 and 15, in hundredths of a second.
func processorTime(pid string) time.Duration {
	stat, err := os.ReadFile(filepath.Join("/proc", pid, "stat"))
	if err != nil {
		return 0 // it has ended, or this is not Linux
	}
	_, rest, _ := strings.Cut(string(stat), ") ")
	fields := strings.Fields(rest)
	if len(fields) < 13 {
		return 0
	}
	user, _ := strconv.Atoi(fields[11]) // zero when it is not said
	kernel, _ := strconv.Atoi(fields[12])
	return time.Duration(user+kernel) * 10 * time.Millisecond
}

// stop ends it in good order.
func (a *acknowledging) stop() {
	a.Helper()
	a.hold.Close() // it may have ended already: then its state tells
	if err := a.cmd.Wait(); err != nil {
		a.Errorf("%s: %v\n%s", a.name, err, &a.log)
	}
}

// end is the end of one that was not stopped in good order. Its log may tell why.
func (a *acknowledging) end() {
	if a.cmd.ProcessState != nil {
		return
	}
	_ = a.cmd.Wait() // it was killed with the context of the benchmark
	a.Logf("%s said:\n%s", a.name, &a.log)
}

// seen counts the acts that a Griot has written down as answered.
func (m *measured) seen() int {
	m.Helper()
	db, err := storage.OpenReader(m.Context(), storage.Options{Folder: m.cfg.Data, URL: m.cfg.DatabaseURL})
	if err != nil {
		m.Fatal(err)
	}
	defer db.Close()
	var n int
	if err := db.Pool().QueryRowContext(m.Context(), `SELECT COUNT(*) FROM seen WHERE id LIKE 'event|slack|%'`).Scan(&n); err != nil {
		m.Fatal(err)
	}
	return n
}
