#!/bin/sh
# tools/check-rooms fails on each kind of breach and passes a lawful tree; prints TAP.
set -u
here=$(cd "$(dirname "$0")/../.." && pwd)
tree=$(mktemp -d) || exit 2
trap 'rm -rf "$tree"' EXIT
number=0

# put FILE LINE...: a file of the trial tree
put() {
    file=$tree/$1; shift
    mkdir -p "$(dirname "$file")"
    printf '%s\n' "$@" >"$file"
}
# expect STATUS WORDS WHAT: runs the check, compares status and a piece of the message, clears the tree
expect() {
    number=$((number + 1))
    said=$("$here/tools/check-rooms" "$tree" 2>&1); status=$?
    case $status:$said in
    "$1":*"$2"*) echo "ok $number - $3" ;;
    *) echo "not ok $number - $3"; echo "# status $status: $said" ;;
    esac
    rm -rf "$tree"; mkdir "$tree"
}

expect 0 '' 'an empty tree'

put src/base/base.h '#include <stddef.h>'
put src/model/model.h '#include "base/base.h"'
put src/report/report.h '#include "model/model.h"'
put src/report/report.c '#include "report/report.h"' '#include "report_formats.list"'
put src/scan/api.c '#include "ratter/ratter.h"' '#include "rules/rules.h"' '#include "intel/intel.h"'
put src/facts/languages/parse.c '#include <tree_sitter/api.h>'
put programs/ratter/main.c '#include "ratter/ratter.h"' '#include "base/base.h"'
put programs/ratter-pack/main.c '#include "rules/rules.h"'
expect 0 '' 'a lawful tree'

put src/report/breach.h '#include "scan/pipeline.h"'
expect 1 "src/report/breach.h:1: room 'report' may not include 'scan/'" 'report looks up at scan'
put src/base/a.c '#include "model/model.h"'
expect 1 "room 'base' may not include 'model/'" 'base knows nothing'
put src/unpack/a.c '' '  #  include "rules/rules.h"'
expect 1 "src/unpack/a.c:2: room 'unpack' may not include 'rules/'" 'a sibling, oddly written'
put src/judge/a.c '#include <intel/intel.h>' '#include "intel/intel.h"'
expect 1 "room 'judge' may not include 'intel/'" 'judge does not ask intel'
put src/intel/a.c '#include "../base/base.h"'
expect 1 'walks the tree' 'a path with ..'
put src/novel/a.c ''
expect 1 "room 'novel' is not in the table" 'a room nobody knows'
put programs/ratter/a.c '#include "scan/pipeline.h"'
expect 1 "may not include 'scan/'" 'a program goes round the public header'
put src/rules/a.c '#include "ratter/ratter.h"'
expect 1 "may not include 'ratter/'" 'a room leans on the public header'
put include/ratter/ratter.h '#include "base/base.h"'
expect 1 'the public header may not include' 'the public header stands alone'
put src/base/json.c '#include <yyjson.h>'
put src/rules/load.c '#include <yyjson.h>'
expect 1 'yyjson.h belongs to src/base/json.c' 'a foreign header with two owners'
put src/scan/jail.h '#include <seccomp.h>'
expect 1 'a header of ours may not include seccomp.h' 'a foreign header in a header of ours'
put src/base/hash.c '#include <openssl/evp.h>' '#include <openssl/sha.h>' '#include <xxhash.h>'
expect 0 '' 'one owner may include several headers of a library, and own several libraries'
echo "1..$number"
