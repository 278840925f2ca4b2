#!/bin/sh
# tools/check-length fails on a long file, header or function, and lets tables be; prints TAP.
set -u
here=$(cd "$(dirname "$0")/../.." && pwd)
tree=$(mktemp -d) || exit 2
trap 'rm -rf "$tree"' EXIT
number=0
lines() { awk -v n="$1" 'BEGIN { while (n-- > 0) print "    work();" }'; }
expect() {
    number=$((number + 1))
    said=$("$here/tools/check-length" "$tree" 2>&1); status=$?
    case $status:$said in
    "$1":*"$2"*) echo "ok $number - $3" ;;
    *) echo "not ok $number - $3"; echo "# status $status: $said" ;;
    esac
    rm -f "$tree"/src/base/*
}
mkdir -p "$tree/src/base"
function_of() { printf 'static int act(int a,\n               int b)\n{\n'; lines "$1"; echo '}'; }

function_of 80 >"$tree/src/base/a.c"
expect 0 '' 'a function of 80 lines'
function_of 81 >"$tree/src/base/a.c"
expect 1 'src/base/a.c:3: act has 81 lines' 'a function of 81 lines'
lines 900 >"$tree/src/base/a.c"
expect 0 '' 'a file of 900 lines'
lines 901 >"$tree/src/base/a.c"
expect 1 'a.c: 901 lines' 'a file of 901 lines'
lines 251 >"$tree/src/base/a.h"
expect 1 'a.h: 251 lines' 'a header of 251 lines'
{ echo '/* table */'; lines 2000; } >"$tree/src/base/a.c"
expect 0 '' 'a table may be long'
echo "1..$number"
