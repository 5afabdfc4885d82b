# shellcheck shell=bash
# What the other scripts share. Sourced, never run.

# The repository's root, whatever folder make was called from.
# shellcheck disable=SC2034  # used by those who source this
ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

# rustup puts cargo here; a fresh root shell may not have it on the path yet.
PATH=$PATH:${HOME:-/root}/.cargo/bin
export PATH

say() { printf '%s\n' "$*"; }

# A line that cannot be missed, on stderr, and the end.
die() {
    printf '\ndoorstep: %s\n' "$*" >&2
    exit 1
}

heading() { printf '\n=== %s ===\n' "$*"; }

have() { command -v "$1" >/dev/null 2>&1; }

# Runs a command as root: as it is, or through sudo where that asks for nothing.
as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    elif have sudo && sudo -n true 2>/dev/null; then
        sudo "$@"
    else
        die "this needs root: $*"
    fi
}
