#!/usr/bin/env bash
# Builds the web faces, when their sources changed, and then the Rust that carries them.
#
#   scripts/build.sh CARGO-BUILD-ARGUMENTS…
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"
cd "$ROOT"

scripts/need.sh rust cc web

if [ -f web/package.json ]; then
    mark=${CARGO_TARGET_DIR:-target}/web-built
    changed=yes
    if [ -f "$mark" ] && [ -d web/dist ]; then
        changed=$(find web -path web/node_modules -prune -o -path web/dist -prune -o -newer "$mark" -print -quit)
    fi
    if [ -n "$changed" ]; then
        say "doorstep: building the web faces"
        npm --prefix web run build --if-present
        mkdir -p "$(dirname "$mark")"
        touch "$mark"
    fi
fi

say "doorstep: building (the first time takes some minutes)"
cargo build "$@"
