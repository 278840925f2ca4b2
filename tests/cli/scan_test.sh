# scan_test.sh - ratter scan from outside: every exit status, every way to name inputs, every way output fails.
. "$(dirname "$0")/lib.sh"
stealer=$examples/npm-stealer clean=$examples/npm-clean

# ---- exit statuses ----------------------------------------------------------------------------------------
expect 'clean: 0' 0 ratter scan "$clean"
holds 'clean takes one line and a footer' out '^clean npm-clean@1\.0\.0 \(npm\)'
check 'two lines in all' test "$(ratter scan "$clean" | wc -l)" -eq 2
expect 'malicious: 1' 1 ratter scan "$stealer"
holds 'the headline comes first' out '^MALICIOUS npm-stealer@1\.0\.0 \(npm\)  confidence [01]\.[0-9][0-9]  runs at: npm install$'
check 'at most 40 lines and the footer' test "$(ratter scan "$stealer" | wc -l)" -le 42
expect '--fail-on none: 0' 0 ratter scan --fail-on none "$stealer"
expect '--fail-on=suspicious on a clean one: 0' 0 ratter scan --fail-on=suspicious "$clean"
expect 'missing path: 3' 3 ratter scan "$tmp/no-such-thing"
holds 'a missing path is named' out 'no-such-thing'
expect 'a limit met: 3' 3 ratter scan --limit-input-bytes 1 "$root/README.md"
expect 'malicious beside a missing one: 1' 1 ratter scan "$tmp/no-such-thing" "$stealer"
mkdir "$tmp/empty"
expect 'empty directory: 4' 4 ratter scan "$tmp/empty"
holds 'an empty directory is told' err '^ratter: nothing to scan'
expect 'empty list: 4' 4 ratter scan --paths-from /dev/null
expect 'a purl: 5' 5 ratter scan pkg:npm/left-pad@1.3.0
holds 'a purl says what to do' err 'npm pack'
: >"$tmp/nothing.tgz"
ratter scan "$tmp/nothing.tgz" >"$tmp/out" 2>"$tmp/err"
check 'an empty file is not a success in silence' test -s "$tmp/out"

# ---- inputs -------------------------------------------------------------------------------------------------
tar -C "$examples" -czf "$tmp/stealer.tgz" npm-stealer
tar -C "$examples" -czf "$tmp/clean.tgz" npm-clean
expect 'an archive' 1 ratter scan "$tmp/stealer.tgz"
cp "$tmp/stealer.tgz" "$tmp/picture.png"
expect 'an archive with another name' 1 ratter scan "$tmp/picture.png"
expect 'standard input, a file' 1 sh -c '"$1" scan - <"$2"' sh "$RATTER" "$tmp/stealer.tgz"
expect 'standard input, a pipe' 1 sh -c 'cat "$2" | "$1" scan --format jsonl -' sh "$RATTER" "$tmp/stealer.tgz"
holds 'standard input is called -' out '"path":"-"'
printf '%s\n\n%s' "$tmp/clean.tgz" "$tmp/stealer.tgz" >"$tmp/list"
expect '--paths-from FILE' 1 ratter scan --format jsonl --paths-from "$tmp/list"
check '--paths-from: every line, the last without a newline too' test "$(wc -l <"$tmp/out")" -eq 2
expect '--paths-from -' 1 sh -c '"$1" scan --format jsonl --paths-from - <"$2"' sh "$RATTER" "$tmp/list"
check '--paths-from -: every line' test "$(ratter scan --format jsonl --paths-from - <"$tmp/list" | wc -l)" -eq 2
odd=$(printf '%s/two\nlines' "$tmp") && cp -r "$stealer" "$odd"
printf '%s\0%s\0' "$odd" "$tmp/clean.tgz" >"$tmp/list0"
expect '--paths-from0' 1 ratter scan --format jsonl --paths-from0 "$tmp/list0"
expect 'NULs in a list of lines: 2' 2 ratter scan --paths-from "$tmp/list0"
cp -r "$clean" "$tmp/--quiet"
expect 'after -- a flag is a path' 0 sh -c 'cd "$2" && "$1" scan --format jsonl -- --quiet' sh "$RATTER" "$tmp"
check '… and is scanned' grep -q '"path":"--quiet"' "$tmp/out"

# ---- unreadable: as root nothing is, so become nobody --------------------------------------------------------
mkdir -p "$tmp/locked" && cp "$RATTER" "$tmp/ratter" && cp "$tmp/clean.tgz" "$tmp/locked/" && chmod 0 "$tmp/locked/clean.tgz"
chmod 755 "$tmp" "$tmp/locked" "$tmp/ratter"
if [ "$(id -u)" -ne 0 ]; then
    expect 'unreadable file: 3' 3 ratter scan "$tmp/locked/clean.tgz"
elif command -v setpriv >/dev/null && setpriv --reuid=65534 --regid=65534 --clear-groups "$tmp/ratter" --version >/dev/null 2>&1; then
    expect 'unreadable file: 3' 3 setpriv --reuid=65534 --regid=65534 --clear-groups "$tmp/ratter" scan "$tmp/locked/clean.tgz"
    holds 'an unreadable file is named' out 'clean\.tgz'
else
    skip 'unreadable file: 3' 'root reads everything and setpriv is missing or nobody may not run programs here'
fi

# ---- outputs --------------------------------------------------------------------------------------------------
expect 'several reports from one run' 1 ratter scan --quiet -o json="$tmp/r.json" -o sarif="$tmp/r.sarif" -ohtml="$tmp/r.html" "$stealer"
check '--quiet is quiet' test ! -s "$tmp/out"
check 'the files are whole' sh -c 'tail -c 10 "$1/r.html" | grep -q "</html>" && python3 -m json.tool "$1/r.json" >/dev/null && python3 -m json.tool "$1/r.sarif" >/dev/null' sh "$tmp"
check 'no temporary file stays' sh -c '! ls "$1" | grep -q "^r\.[a-z]*\.[A-Za-z0-9]\{6\}$"' sh "$tmp"
echo precious >"$tmp/kept"
ln -s kept "$tmp/link"
expect 'a link is written through' 0 ratter scan -q -o jsonl="$tmp/link" "$clean"
check '… and stays a link' sh -c 'test -L "$1/link" && grep -q "\"verdict\":\"clean\"" "$1/kept"' sh "$tmp"
if [ -w /dev/full ]; then
    for format in text json jsonl sarif; do
        expect "full disk on standard output ($format): 2" 2 sh -c '"$1" scan --format "$2" "$3" >/dev/full' sh "$RATTER" $format "$stealer"
        holds "a full disk is told ($format)" err '^ratter: cannot write standard output: No space left'
    done
    expect 'full disk on -o: 2' 2 ratter scan -q -o json=/dev/full "$clean"
    holds 'a full disk on -o is told' err '^ratter: cannot write /dev/full: No space left'
else
    skip 'full disk' 'no /dev/full here'
fi
i=0
while [ $i -lt 200 ]; do printf '%s\n' "$clean"; i=$((i + 1)); done >"$tmp/many"
expect 'a closed pipe: 141, in silence' 0 sh -c '{ "$1" scan --format jsonl --paths-from "$2" 2>"$3/err2"; echo $? >"$3/status"; } | head -n 1 >/dev/null' sh "$RATTER" "$tmp/many" "$tmp"
check 'its status' test "$(cat "$tmp/status")" -eq 141
check 'its silence' test ! -s "$tmp/err2"

# ---- colour ---------------------------------------------------------------------------------------------------
escape=$(printf '\033')
expect 'no colour in a pipe' 1 ratter scan "$stealer"
lacks 'no colour in a pipe, really' out "$escape"
expect '--color always' 1 ratter scan --color always "$stealer"
holds '--color always colours' out "$escape\\[1;31mMALICIOUS"
expect 'CLICOLOR_FORCE' 1 env CLICOLOR_FORCE=1 "$RATTER" scan "$stealer"
holds 'CLICOLOR_FORCE colours' out "$escape"
expect 'NO_COLOR before CLICOLOR_FORCE' 1 env NO_COLOR=1 CLICOLOR_FORCE=1 "$RATTER" scan "$stealer"
lacks 'NO_COLOR is obeyed' out "$escape"
expect '--color before NO_COLOR' 1 env NO_COLOR=1 "$RATTER" scan --color=always "$stealer"
holds '--color wins' out "$escape"
lacks 'no progress line in a pipe' err .

# ---- hostile names -----------------------------------------------------------------------------------------------
mkdir -p "$tmp/names/evil"
bad=$(printf 'x\033]0;owned\007\342\200\256gpj.js')
cp "$stealer"/* "$tmp/names/evil/" && mv "$tmp/names/evil/setup.js" "$tmp/names/evil/$bad"
printf '{"name":"a\\u001b[31mb\\u202e","version":"1.0.0","scripts":{"postinstall":"node setup.js"}}' >"$tmp/names/evil/package.json"
cp "$stealer/setup.js" "$tmp/names/evil/setup.js"
mv "$tmp/names/evil" "$tmp/names/$bad"
for format in text json jsonl sarif html md csv junit github; do
    ratter scan -v --format $format "$tmp/names/$bad" "$tmp/$bad" >"$tmp/out" 2>"$tmp/err"
    check "hostile names are escaped in $format" python3 -c '
import sys
text = open(sys.argv[1], "rb").read().decode("utf-8")
bad = [c for c in text if (ord(c) < 32 and c not in "\n\t\r") or 127 <= ord(c) < 160 or 0x202a <= ord(c) <= 0x202e]
sys.exit("%d bad characters" % len(bad) if bad or not text else 0)' "$tmp/out"
done

# ---- source maps hold honest code with its blanks, in a tarball as in a folder ----------------------------------
mkdir -p "$tmp/maps/package"
printf '{"name":"maps","version":"1.0.0","main":"a.js"}\n' >"$tmp/maps/package/package.json"
printf 'module.exports = 1;\n//# sourceMappingURL=a.js.map\n' >"$tmp/maps/package/a.js"
printf '{"version":3,"sources":["a.ts"],"sourcesContent":["const a = require(1);%400sconst x = require(2); x.get(a);"]}\n' '' >"$tmp/maps/package/a.js.map"
tar -czf "$tmp/maps.tgz" -C "$tmp/maps" package
expect 'a source map in a tarball' 0 ratter scan --format jsonl "$tmp/maps.tgz"
holds 'is no hidden code' out '"verdict":"clean"'
expect 'and in a folder' 0 ratter scan --format jsonl "$tmp/maps/package"
holds 'neither' out '"verdict":"clean"'

# ---- the same twice -------------------------------------------------------------------------------------------
for format in text json sarif html csv; do
    ratter scan --jobs 1 --format $format "$examples" | sed 's/"elapsed_ms":[0-9]*//g; s/  [0-9.]* s$//' >"$tmp/one"
    ratter scan --jobs 2 --format $format "$examples" | sed 's/"elapsed_ms":[0-9]*//g; s/  [0-9.]* s$//' >"$tmp/two"
    check "same bytes, same report ($format)" cmp "$tmp/one" "$tmp/two"
done
ratter scan --format jsonl "$examples" | sed 's/"elapsed_ms":[0-9]*//g' | sort >"$tmp/one"
ratter scan --format jsonl "$examples" | sed 's/"elapsed_ms":[0-9]*//g' | sort >"$tmp/two"
check 'same bytes, same lines (jsonl)' cmp "$tmp/one" "$tmp/two"
expect 'limits show in help' 0 ratter scan --help
expect '--no-jail is told' 1 ratter scan --no-jail "$stealer"
holds 'in the report' out 'without a jail'
finish
