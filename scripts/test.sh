#!/usr/bin/env bash
# Every test of the product, step by step, with one closing line
#
#   N passed, N failed
#
# summed from what the runners themselves reported. A step that fails does not keep
# the later ones from running; the exit code is the first failing step's. A step in
# which nothing ran is a failed step.
#
#   scripts/test.sh                 all steps
#   scripts/test.sh rust stories    some of: build rust postgres stories calendar browser
# shellcheck disable=SC2317  # the steps are called by their names
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"
cd "$ROOT"

readonly STEPS=(build rust postgres stories calendar browser)
# What runs on SQLite and without a database.
readonly RUST_TESTS=(--workspace)
# What runs once more with PostgreSQL at hand: the same packages, so that nothing is built twice
# (another choice of packages means other features, and minutes of building).
readonly POSTGRES_TESTS=(--workspace)
readonly CALENDAR=crates/kernel/src/time/testdata/chinesecalendar.csv
readonly LOGS=${CARGO_TARGET_DIR:-target}/test-logs

step_build() {
    scripts/build.sh --workspace --all-targets
}

step_rust() {
    env -u DOORSTEP_TEST_POSTGRES cargo test --no-fail-fast "${RUST_TESTS[@]}"
}

step_postgres() {
    scripts/need.sh postgres
    scripts/postgres.sh run -- cargo test --no-fail-fast "${POSTGRES_TESTS[@]}"
}

step_stories() {
    # As `cargo run -p stories -- stories/`, with the binary that stands: see POSTGRES_TESTS.
    "${CARGO_TARGET_DIR:-target}/debug/stories" stories/
}

step_calendar() {
    scripts/need.sh python
    python3 scripts/calendar-oracle.py --check "$CALENDAR"
    say "1 passed, 0 failed"
}

step_browser() {
    if [ ! -f web/package.json ]; then
        say "web/package.json is not there: no browser tests in this tree"
        return
    fi
    scripts/need.sh web chromium
    npm --prefix web test
}

title() {
    case $1 in
    build) say "build everything, tests included" ;;
    rust) say "Rust tests (SQLite)" ;;
    postgres) say "PostgreSQL tests (a real server, thrown away afterwards)" ;;
    stories) say "stories" ;;
    calendar) say "work-day calendar against PyPI chinesecalendar" ;;
    browser) say "browser tests" ;;
    *) return 1 ;;
    esac
}

# count LOG: "passed failed ignored" as the runner in that log reported them. Knows
# cargo test, cucumber's scenarios, Node's test runner, vitest, and the plain line.
count() {
    sed 's/\x1b\[[0-9;]*m//g' "$1" | awk '
        function number(text, word,   at) {
            return match(text, "[0-9]+ " word) ? substr(text, RSTART, RLENGTH) + 0 : 0
        }
        /^test result: /                           { p += number($0, "passed"); f += number($0, "failed"); i += number($0, "ignored"); next }
        /^ *[0-9]+ passed, [0-9]+ failed *$/       { p += number($0, "passed"); f += number($0, "failed"); plain = 1; next }
        /^[0-9]+ scenarios? \(/                    { sp += number($0, "passed"); sf += number($0, "failed"); i += number($0, "skipped"); next }
        /^(#|ℹ) pass [0-9]+$/                      { p += $3; next }
        /^(#|ℹ) fail [0-9]+$/                      { f += $3; next }
        /^(#|ℹ) (skipped|todo|cancelled) [0-9]+$/  { i += $3; next }
        /^ *Tests +.*\([0-9]+\)$/                  { p += number($0, "passed"); f += number($0, "failed"); i += number($0, "skipped") }
        END { if (!plain) { p += sp; f += sf } print p + 0, f + 0, i + 0 }'
}

chosen=("$@")
[ $# -gt 0 ] || chosen=("${STEPS[@]}")
for step in "${chosen[@]}"; do
    title "$step" >/dev/null || die "no such step: $step (there are: ${STEPS[*]})"
done
mkdir -p "$LOGS"

passed=0
failed=0
first_code=0
summary=()
for step in "${chosen[@]}"; do
    heading "$(title "$step")"
    log=$LOGS/$step.log
    began=$SECONDS
    # A child shell keeps `set -e` alive inside the step. The runner's own closing
    # line is marked with its step: only ours may stand alone.
    set +e
    (set -e && "step_$step") </dev/null 2>&1 | tee "$log" |
        sed -u -E "s/^ *([0-9]+ passed, [0-9]+ failed) *$/$step: \1/"
    code=${PIPESTATUS[0]}
    set -e
    read -r p f i < <(count "$log")
    if [ "$code" -eq 0 ] && [ "$f" -gt 0 ]; then
        code=1
    fi
    if [ "$code" -eq 0 ] && [ "$step" != build ] && [ "$p" -eq 0 ] &&
        ! { [ "$step" = browser ] && [ ! -f web/package.json ]; }; then
        say "doorstep: nothing ran in this step"
        code=1
    fi
    # A step can fail before a single test is counted: it still counts as one failure.
    if [ "$code" -ne 0 ] && [ "$f" -eq 0 ]; then
        f=1
    fi
    passed=$((passed + p))
    failed=$((failed + f))
    [ "$first_code" -ne 0 ] || first_code=$code
    line="$(printf '%-9s' "$step") passed $p, failed $f, ignored $i, $((SECONDS - began)) s"
    [ "$code" -eq 0 ] || line="$line   FAILED (exit $code, log $log)"
    summary+=("$line")
done

heading "summary"
printf '%s\n' "${summary[@]}"
printf '\n%d passed, %d failed\n' "$passed" "$failed"
exit "$first_code"
