// Package needs tells tests where the real servers and programs are that scripts/with-servers.sh starts or finds. It is
// the one rule about what is not there: the test is skipped and says what to run; with CI=true it fails. Only tests
// import it.
package needs

import (
	"os"
	"testing"
)

// Postgres is the DSN of an empty database on a server of this test run, "postgres://…". The database is shared: a test
// makes a schema or a database of its own.
func Postgres(t testing.TB) string {
	t.Helper()
	return need(t, "GRIOT_TEST_POSTGRES")
}

// Chromium is the path of a Chromium or Chrome program.
func Chromium(t testing.TB) string {
	t.Helper()
	return need(t, "GRIOT_TEST_CHROMIUM")
}

// Chrono is a folder whose node_modules holds chrono-node. A node that can run it stands first in PATH.
func Chrono(t testing.TB) string {
	t.Helper()
	return need(t, "GRIOT_CHRONO")
}

// Bolt is a folder whose node_modules holds @slack/bolt, Slack's own SDK. A node that can run it stands first in PATH.
func Bolt(t testing.TB) string {
	t.Helper()
	return need(t, "GRIOT_TEST_BOLT")
}

// Network is an AT Protocol network on loopback, with two people in it.
type Network struct {
	PDS, PLC, Appview string // base URLs without a slash at the end: data server, directory, public API
	Alice, Bob        Person
}

// Person is an account of the network.
type Person struct {
	Handle      string // "alice.test"
	DID         string // "did:plc:…"
	Password    string // the account's own
	AppPassword string // "xxxx-xxxx-xxxx-xxxx"
}

// Bluesky is the reference implementation of the AT Protocol, with its appview.
func Bluesky(t testing.TB) Network {
	t.Helper()
	get := func(name string) string { return need(t, "GRIOT_TEST_BLUESKY_"+name) }
	person := func(name string) Person {
		return Person{
			Handle:      get(name + "_HANDLE"),
			DID:         get(name + "_DID"),
			Password:    get(name + "_PASSWORD"),
			AppPassword: get(name + "_APP_PASSWORD"),
		}
	}
	return Network{PDS: get("PDS"), PLC: get("PLC"), Appview: get("APPVIEW"), Alice: person("ALICE"), Bob: person("BOB")}
}

func need(t testing.TB, name string) string {
	t.Helper()
	value := os.Getenv(name)
	if value != "" {
		return value
	}
	say := t.Skipf
	if os.Getenv("CI") == "true" {
		say = t.Fatalf
	}
	say("%s is not set: run make test, or scripts/with-servers.sh go test with this package", name)
	return ""
}
