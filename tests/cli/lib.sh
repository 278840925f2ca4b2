# lib.sh - what the shell tests share. Source it first: it makes $tmp and cleans it up.
#
#   expect NAME STATUS COMMAND...   runs it; output in $tmp/out and $tmp/err; one TAP line
#   holds NAME FILE PATTERN         FILE (of the last command) has a line that matches (grep -E)
#   lacks NAME FILE PATTERN         it has none
#   check NAME COMMAND...           COMMAND succeeds; leaves $tmp/out and $tmp/err of the last expect alone
#   skip NAME REASON
set -u
LC_ALL=C.UTF-8
export LC_ALL
unset NO_COLOR CLICOLOR_FORCE FORCE_COLOR COLUMNS 2>/dev/null
: "${RATTER:?RATTER names the program to test}"
root=$(cd "$(dirname "$0")/../.." && pwd -P)
examples=$root/examples
tmp=$(mktemp -d) || exit 2
trap 'chmod -R u+rwX "$tmp" 2>/dev/null; rm -rf "$tmp"' EXIT
case_number=0 case_failures=0

pass() { case_number=$((case_number + 1)); echo "ok $case_number - $1"; }
fail() {
    case_number=$((case_number + 1)) case_failures=$((case_failures + 1))
    echo "not ok $case_number - $1"
    shift
    printf '#   %s\n' "$@"
    for stream in out err; do
        [ -s "$tmp/$stream" ] && sed -n "1,12s/^/#   $stream: /p" "$tmp/$stream" | cut -c1-300
    done
}
skip() { case_number=$((case_number + 1)); echo "ok $case_number - $1 # SKIP $2"; }

expect() {
    name=$1 wanted=$2
    shift 2
    "$@" >"$tmp/out" 2>"$tmp/err" </dev/null
    got=$?
    if [ "$got" -eq "$wanted" ]; then pass "$name"; else fail "$name" "status $got, not $wanted: $*"; fi
}
holds() { if grep -Eq -- "$3" "$tmp/$2"; then pass "$1"; else fail "$1" "$2 has no line like: $3"; fi; }
lacks() { if grep -Eq -- "$3" "$tmp/$2"; then fail "$1" "$2 has a line like: $3"; else pass "$1"; fi; }
check() {
    name=$1
    shift
    if "$@" >"$tmp/check" 2>&1 </dev/null; then
        pass "$name"
    else
        fail "$name" "failed: $(printf %s "$*" | tr '\n' ' ' | cut -c1-300)" "$(head -n 3 "$tmp/check")"
    fi
}
ratter() { "$RATTER" "$@"; }
finish() { [ $case_failures -eq 0 ]; }
