#!/usr/bin/env bash
# Makes sure that what a step needs is on this machine, and installs from Debian
# or npm what is not. What is there already is left alone, without the network.
#
#   scripts/need.sh rust cc postgres chromium python web
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

# install WHAT HOW-LONG PACKAGE…: from Debian, its long output kept in a file that
# is shown only when something went wrong.
install() {
    local what=$1 long=$2 log
    shift 2
    have apt-get || die "$what is missing and this is no Debian: install it yourself, then call this again ($*)"
    say "doorstep: installing $what from Debian, $long ($*)"
    log=$(mktemp)
    # A fresh machine has no package lists; an old one has stale ones.
    if ! { as_root env DEBIAN_FRONTEND=noninteractive apt-get update &&
        as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@"; } \
        </dev/null >"$log" 2>&1; then
        tail -n 20 "$log" >&2
        rm -f "$log"
        die "Debian did not give us $what. The reason stands above."
    fi
    rm -f "$log"
}

need_rust() {
    have cargo || die "Rust is missing. Install it from rustup.rs (1.95 or newer), then call this again."
}

# rusqlite, argon2 and others compile C.
need_cc() {
    have cc || install "a C compiler" "about a minute" build-essential
}

need_postgres() {
    "$ROOT/scripts/postgres.sh" has-server && return
    install "PostgreSQL 15" "about a minute" postgresql-15
    say "doorstep: the tests start their own server; the one that Debian set up is not touched"
}

need_chromium() {
    if ! have chromium; then
        install "Chromium" "about two minutes" chromium fonts-noto-cjk
    elif ! dpkg-query -W fonts-noto-cjk >/dev/null 2>&1; then
        install "Chinese type" "half a minute" fonts-noto-cjk
    fi
}

need_python() {
    if ! have python3 || ! python3 -c 'import ensurepip, venv' >/dev/null 2>&1; then
        install "Python's venv" "half a minute" python3 python3-venv
    fi
}

need_node() {
    local major
    if ! have node || ! have npm; then
        die "Node is missing. Install Node 20 with npm, then call this again."
    fi
    major=$(node --version | sed 's/^v\([0-9]*\).*/\1/')
    [ "$major" -ge 20 ] || die "Node $(node --version) is too old: 20 or newer is needed."
}

# npm's packages as the lock file says; again only after the lock file changed.
need_web() {
    [ -f "$ROOT/web/package.json" ] || return 0
    need_node
    local lock=$ROOT/web/package-lock.json mark=$ROOT/web/node_modules/.doorstep-lock
    [ -f "$lock" ] || die "web/package-lock.json is missing; it belongs into the repository."
    if ! cmp -s "$lock" "$mark"; then
        say "doorstep: installing the web packages with npm, about a minute"
        npm --prefix "$ROOT/web" ci --no-audit --no-fund </dev/null
        cp "$lock" "$mark"
    fi
}

for thing in "$@"; do
    case $thing in
    rust) need_rust ;;
    cc) need_cc ;;
    postgres) need_postgres ;;
    chromium) need_chromium ;;
    python) need_python ;;
    web) need_web ;;
    *) die "scripts/need.sh knows rust, cc, postgres, chromium, python and web, not $thing" ;;
    esac
done
