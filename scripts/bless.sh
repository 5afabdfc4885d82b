#!/usr/bin/env bash
# Accepts what the tests print now as their snapshots, on both engines. Read the
# difference (git diff) before you commit it.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"
cd "$ROOT"

scripts/need.sh rust cc postgres
export INSTA_UPDATE=always INSTA_FORCE_PASS=1
scripts/postgres.sh run -- cargo test --workspace --no-fail-fast

# Snapshots inside a test's source are only noted down by the run.
pending=$(find crates -name '.*.pending-snap')
if [ -n "$pending" ]; then
    cargo insta --version >/dev/null 2>&1 ||
        die "snapshots inside the sources wait to be accepted: cargo install cargo-insta, then make bless again"
    cargo insta accept
fi
git --no-pager diff --stat
