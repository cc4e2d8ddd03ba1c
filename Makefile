# What people type. The work is in scripts/.

VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)

.PHONY: run test bench build clean

run:
	go run . serve

# gofmt, vet, staticcheck and every test, beside real servers. On Debian as root it brings what it needs.
test:
	@scripts/test.sh

# About six minutes: start, memory, presses, lateness, the drain beside raw River, and acknowledgements to Slack beside its own SDK,
# as tables at the end.
bench:
	@ONLY="postgres bolt" scripts/with-servers.sh go test -run '^$$' -bench . -benchtime 1x -timeout 20m ./app

# One static binary without C: runs on any Linux of this architecture.
build:
	CGO_ENABLED=0 go build -trimpath -ldflags '-s -w -X main.version=$(VERSION)' -o griot .

clean:
	rm -f griot
