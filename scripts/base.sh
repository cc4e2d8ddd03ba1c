# Sourced by the other scripts: where things are, and what may be done on this machine.
# shellcheck shell=bash

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/griot
node_dir=$cache/node
bluesky_dir=$cache/atproto-0.6.7
chrono_dir=$cache/chrono-2.10.3
bolt_dir=$cache/bolt-5.1.0

say() { printf '%s\n' "$*" >&2; }

# On Debian as root the scripts bring what they need. Elsewhere they install nothing unless asked by name.
may_install() { [ "$(id -u)" = 0 ] && [ -f /etc/debian_version ] && command -v apt-get >/dev/null; }

# The packages each need comes with, by Debian's names.
packages() {
  case $1 in
  postgres) echo postgresql ;;
  chromium) echo chromium fonts-dejavu-core fonts-noto-color-emoji ;;
  node) echo npm ;;
  bluesky) echo postgresql redis-server npm python3 make g++ ;;
  chrono) echo npm ;;
  bolt) echo npm ;;
  race) echo gcc libc6-dev ;;
  esac
}

# The folder of PostgreSQL's own programs, which Debian keeps out of PATH. The newest one wins.
postgres_bin() {
  local bin
  bin=$(find /usr/lib/postgresql -maxdepth 2 -name bin 2>/dev/null | sort -V | tail -n 1)
  if [ -n "$bin" ] && [ -x "$bin/initdb" ]; then echo "$bin"; return; fi
  bin=$(command -v initdb) && dirname "$bin"
}

chromium_path() { command -v chromium || command -v chromium-browser || command -v google-chrome; }

lock_sum() {
  if command -v sha256sum >/dev/null; then sha256sum "$1/package-lock.json"; else shasum -a 256 "$1/package-lock.json"; fi | cut -d ' ' -f 1
}

# Whether the packages in folder $1 are those of the lock file in folder $2.
unpacked() { [ -f "$1/.done" ] && [ "$(cat "$1/.done")" = "$(lock_sum "$2")" ]; }

have() {
  case $1 in
  postgres) postgres_bin >/dev/null ;;
  chromium) chromium_path >/dev/null && has_fonts ;;
  node) unpacked "$node_dir" "$root/test/node" ;;
  bluesky) have node && have postgres && command -v redis-server >/dev/null && unpacked "$bluesky_dir" "$root/test/bluesky" ;;
  chrono) have node && unpacked "$chrono_dir" "$root/dates/testdata/chrono" ;;
  bolt) have node && unpacked "$bolt_dir" "$root/test/bolt" ;;
  race) command -v "${CC:-gcc}" >/dev/null ;;
  esac
}

# Screenshots need letters and emoji; where fontconfig cannot be asked, the person's own fonts are trusted.
has_fonts() {
  command -v fc-list >/dev/null || return 0
  local fonts
  fonts=$(fc-list)
  case $fonts in *[Ee]moji*) return 0 ;; esac
  return 1
}

# A port that is free on loopback now. It may be taken before it is bound: callers try again.
free_port() {
  perl -MIO::Socket::INET -e 'print IO::Socket::INET->new(Listen => 1, LocalAddr => "127.0.0.1")->sockport, "\n"'
}
