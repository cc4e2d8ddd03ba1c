#!/usr/bin/env bash
# All checks: gofmt, vet, staticcheck, then every test with the race detector beside real servers.
#   test.sh [go test arguments]   default: ./...
set -euo pipefail
scripts=$(cd "$(dirname "$0")" && pwd)
. "$scripts/base.sh"
cd "$root"

if ! have race; then
  may_install || { say "The race detector needs a C compiler. Install gcc and the C library’s headers, then run this again."; exit 1; }
  "$scripts/bring.sh" race
fi

say "gofmt"
unformatted=$(git ls-files -z --cached --others --exclude-standard -- '*.go' | xargs -0 gofmt -l)
if [ -n "$unformatted" ]; then
  say "These files are not formatted. Run:  gofmt -w $unformatted"
  exit 1
fi
say "go vet"
go vet ./...
say "staticcheck"
go tool -modfile=test/tools/go.mod staticcheck ./...

[ $# -gt 0 ] || set -- ./...
"$scripts/with-servers.sh" go test -race -timeout 40m -p 2 "$@"
