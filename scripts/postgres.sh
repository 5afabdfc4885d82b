#!/usr/bin/env bash
# A throw-away PostgreSQL server for the length of one command.
#
#   scripts/postgres.sh run [--durable] -- COMMAND…   start, run, stop, remove
#   scripts/postgres.sh has-server                    exit 0 when the programs are here
#
# The command finds
#   DOORSTEP_TEST_POSTGRES            postgres://…/postgres, a role that may create databases
#   DOORSTEP_TEST_POSTGRES_TEMPLATE   the name of an empty database to migrate once and copy
# The server listens on 127.0.0.1 on a port of its own with a password of its own,
# keeps everything in one folder under /tmp, and never runs as root. Without
# --durable it does not wait for the disk: the tests are about rules, and the
# machine that loses power loses nothing that matters. The exit code is the command's.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

readonly PREFIX=/tmp/doorstep-postgres
readonly TEMPLATE=doorstep_template
readonly ROLE=doorstep
readonly START_TRIES=10
readonly CONNECTIONS=300

# The folder of initdb and pg_ctl: the newest of Debian's, else whatever is on the path.
server_bin() {
    local newest
    newest=$(find /usr/lib/postgresql -mindepth 2 -maxdepth 2 -name bin 2>/dev/null | sort -V | tail -n 1)
    if [ -n "$newest" ] && [ -x "$newest/initdb" ]; then
        printf '%s\n' "$newest"
    elif have initdb && have pg_ctl; then
        dirname "$(readlink -f "$(command -v initdb)")"
    else
        return 1
    fi
}

# Runs a command as the user who owns the server: PostgreSQL refuses root.
as_owner() {
    if [ "$(id -u)" -eq 0 ]; then
        (cd / && runuser -u postgres -- "$@")
    else
        (cd / && "$@")
    fi
}

# Folders whose run was killed before it could tidy up. A server notices that its
# folder is gone and ends by itself.
sweep() {
    local dir owner
    for dir in "$PREFIX".*; do
        if [ ! -f "$dir/owner" ] || [ ! -O "$dir/owner" ]; then
            continue
        fi
        owner=$(cat "$dir/owner")
        kill -0 "$owner" 2>/dev/null || rm -rf "$dir"
    done
}

start() {
    local durable=$1 try port
    if [ "$(id -u)" -eq 0 ] && ! id postgres >/dev/null 2>&1; then
        say "doorstep: creating the system user postgres, because PostgreSQL refuses to run as root"
        getent group postgres >/dev/null || groupadd --system postgres
        useradd --system --gid postgres --home-dir /nonexistent --no-create-home --shell /usr/sbin/nologin postgres
    fi
    DIR=$(mktemp -d "$PREFIX.XXXXXX")
    printf '%s\n' "$$" >"$DIR/owner"
    PASSWORD=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
    (umask 077 && printf '%s\n' "$PASSWORD" >"$DIR/password")
    if [ "$(id -u)" -eq 0 ]; then
        chown postgres "$DIR" "$DIR/password"
    fi
    as_owner "$BIN/initdb" --pgdata="$DIR/data" --username="$ROLE" --pwfile="$DIR/password" \
        --auth=scram-sha-256 --locale=C --encoding=UTF8 --no-sync >"$DIR/initdb.log" 2>&1 ||
        { cat "$DIR/initdb.log" >&2 && die "PostgreSQL could not set up its folder $DIR"; }
    {
        printf "listen_addresses = '127.0.0.1'\n"
        printf "unix_socket_directories = '%s'\n" "$DIR"
        printf 'max_connections = %d\n' "$CONNECTIONS"
        printf "timezone = 'UTC'\nlog_min_messages = warning\n"
        if [ "$durable" = no ]; then
            printf 'fsync = off\nsynchronous_commit = off\nfull_page_writes = off\n'
        fi
    } | as_owner tee -a "$DIR/data/postgresql.conf" >/dev/null
    for ((try = 0; try < START_TRIES; try++)); do
        port=$((20000 + RANDOM % 12000))
        if as_owner "$BIN/pg_ctl" --pgdata="$DIR/data" --log="$DIR/server.log" --options="-p $port" \
            --wait --silent start >/dev/null 2>&1; then
            PORT=$port
            return
        fi
        grep -q 'Address already in use\|could not create any TCP' "$DIR/server.log" || break
    done
    cat "$DIR/server.log" >&2
    die "PostgreSQL did not start; what it said stands above"
}

stop() {
    local code=$?
    trap - EXIT INT TERM HUP
    if [ -n "${CHILD:-}" ] && kill -0 "$CHILD" 2>/dev/null; then
        kill -TERM -- "-$CHILD" 2>/dev/null || true
        wait "$CHILD" 2>/dev/null || true
    fi
    if [ -n "${DIR:-}" ]; then
        if [ -f "$DIR/data/postmaster.pid" ]; then
            as_owner "$BIN/pg_ctl" --pgdata="$DIR/data" --mode=immediate --silent stop >/dev/null 2>&1 || true
        fi
        rm -rf "$DIR"
    fi
    exit "$code"
}

run() {
    local durable=no
    if [ "${1:-}" = --durable ]; then
        durable=yes
        shift
    fi
    [ "${1:-}" = -- ] || die "usage: scripts/postgres.sh run [--durable] -- COMMAND…"
    shift
    [ $# -gt 0 ] || die "usage: scripts/postgres.sh run [--durable] -- COMMAND…"
    BIN=$(server_bin) || die "PostgreSQL's server is not on this machine: call scripts/need.sh postgres"
    sweep
    trap stop EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM
    trap 'exit 129' HUP
    start "$durable"
    export DOORSTEP_TEST_POSTGRES="postgres://$ROLE:$PASSWORD@127.0.0.1:$PORT/postgres"
    export DOORSTEP_TEST_POSTGRES_TEMPLATE=$TEMPLATE
    PGPASSWORD=$PASSWORD "$BIN/createdb" --host=127.0.0.1 --port="$PORT" --username="$ROLE" "$TEMPLATE"
    say "doorstep: $("$BIN/postgres" --version) on 127.0.0.1:$PORT, durable: $durable, folder $DIR"
    # In a process group of its own and waited for, so that a signal to this script
    # is acted on at once and reaches everything that the command started.
    set -m
    "$@" </dev/null &
    CHILD=$!
    set +m
    wait "$CHILD"
}

case ${1:-} in
has-server) server_bin >/dev/null ;;
run)
    shift
    run "$@"
    ;;
*) die "usage: scripts/postgres.sh run [--durable] -- COMMAND… | has-server" ;;
esac
