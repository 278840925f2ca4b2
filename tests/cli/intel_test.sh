# intel_test.sh - ratter intel: import, look-up, export, and a store or a feed that is not what it should be.
. "$(dirname "$0")/lib.sh"

store=$tmp/store.sqlite
intel() { word=$1; shift; "$RATTER" intel "$word" --store "$store" "$@"; }
wrong() { # NAME PATTERN COMMAND...: status 2, one line that matches
    name=$1 pattern=$2
    shift 2
    expect "$name: status 2" 2 "$@"
    holds "$name: says what" err "$pattern"
    if [ "$(wc -l <"$tmp/err")" -eq 1 ]; then pass "$name: one line"; else fail "$name: one line"; fi
}
record() { # ID NAME MORE: one OSV record
    printf '{"schema_version":"1.7.4","id":"%s","modified":"2026-05-01T00:00:00Z","summary":"made for a test","affected":[{"package":{"ecosystem":"%s","name":"%s"},%s}]%s}\n' "$1" "$4" "$2" "$3" "${5:-}"
}
all='"ranges":[{"type":"SEMVER","events":[{"introduced":"0"}]}]'

wrong 'no word' 'intel what' ratter intel
wrong 'misspelt word' 'did you mean import' ratter intel imprt
wrong 'nothing to import' 'import what' intel import
wrong 'lookup of nothing' 'takes WHAT' intel lookup
wrong 'a flag of another word' 'takes no --seed' intel status --seed
wrong 'a feed that is not there' 'No such file' intel import "$tmp/none"
wrong 'an unknown format' 'cannot be imported' intel import --format nothing "$root/README.md"
wrong 'export without a format' 'which format' intel export
wrong 'export in a format that only reads' 'cannot be exported' intel export --format seed
wrong 'an unknown marking' 'a marking is' intel import --tlp blue "$root/README.md"
expect 'a file of no format' 2 intel import "$root/README.md"
holds 'a file of no format: says so' err 'in no format that is known here'
printf 'rule a { condition: true }\n' >"$tmp/a.yar"
expect 'rules of YARA' 2 intel import "$tmp/a.yar"
holds 'rules of YARA are refused in words' err 'YARA rules, which nothing here would run'
wrong 'no purl' 'no package URL' intel lookup pkg:npm
wrong 'a source called seed' 'name another' intel import --source seed "$root/README.md"

rm -f "$store"
expect 'lookup without a store' 0 intel lookup pkg:npm/no-such-package-here@1.0.0
holds 'lookup without a store says that nothing is known' out 'nothing is known'
check 'lookup makes no store' test ! -e "$store"
expect 'status without a store' 0 intel status
holds 'status tells of the seed' out 'ships with ratter'
holds 'status tells that nothing was imported' out 'Nothing was imported'

mkdir "$tmp/feed"
record MAL-2026-1 evil "$all" npm >"$tmp/feed/1.json"
record MAL-2026-2 Flask_Login.Ext '"versions":["1.0"]' PyPI >"$tmp/feed/2.json"
record MAL-2026-3 once-bad "$all" npm ',"withdrawn":"2026-05-02T00:00:00Z"' >"$tmp/feed/3.json"
record GHSA-aaaa-bbbb-cccc weak "$all" npm >"$tmp/feed/4.json"
record MAL-2026-5 org.a:b '"ranges":[{"type":"ECOSYSTEM","events":[{"introduced":"1.0"},{"fixed":"2.0"}]}]' Maven >"$tmp/feed/5.json"
printf '{"id":"MAL-2026-6","modified":' >"$tmp/feed/6.json"
record MAL-2026-7 no-versions '"versions":[]' npm >"$tmp/feed/7.json"
printf '{"id":7,"modified":[],"affected":{}}' >"$tmp/feed/8.json"
expect 'a folder with malformed records among good ones' 0 intel import "$tmp/feed"
holds 'the good ones are in' out 'osv, 4 entries added'
holds 'the malformed are counted' out '3 malformed'
holds 'those of vulnerabilities are counted' out '1 that speak of no malware'
holds 'the malformed are named' err '6.json is in no format'
expect 'known' 1 intel lookup pkg:npm/evil@1.2.3
holds 'known: its id' out 'MAL-2026-1'
expect 'known under another spelling' 1 intel lookup pkg:pypi/flask.login-ext@1.0.0
expect 'another version is not' 0 intel lookup pkg:pypi/flask-login-ext@1.1
expect 'withdrawn is not known' 0 intel lookup pkg:npm/once-bad@1.0.0
expect 'in a range' 1 intel lookup 'pkg:maven/org.a/b@1.9'
expect 'behind a range' 0 intel lookup 'pkg:maven/org.a/b@2.0'
expect 'a name in every ecosystem' 1 intel lookup evil@3.0.0
expect 'the same folder again' 0 intel import "$tmp/feed"
holds 'nothing is written twice' out '0 entries added, 0 dropped'
rm "$tmp/feed/1.json"
expect 'diff tells what would change' 1 intel diff "$tmp/feed"
holds 'diff names what would go' out '^- npm evil MAL-2026-1'
expect 'diff has changed nothing' 1 intel lookup pkg:npm/evil@1.0.0
expect 'the folder without a record' 0 intel import "$tmp/feed"
expect 'what the source says no more is gone' 0 intel lookup pkg:npm/evil@1.0.0

python3 - "$tmp" <<'END'
import json, struct, sys, zipfile, zlib
tmp = sys.argv[1]
def record(i): return json.dumps({"id": "MAL-2026-%d" % i, "modified": "2026-05-01T00:00:00Z", "schema_version": "1.7.4", "affected": [{"package": {"ecosystem": "npm", "name": "zip-%d" % i}, "versions": ["1.0.0"]}]})
with zipfile.ZipFile(tmp + "/all.zip", "w", zipfile.ZIP_DEFLATED) as z:
    for i in range(300): z.writestr("MAL-2026-%d.json" % i, record(i))
with zipfile.ZipFile(tmp + "/new.zip", "w", zipfile.ZIP_DEFLATED) as z:
    for i in range(1, 301): z.writestr("MAL-2026-%d.json" % i, record(i))
data = bytearray(open(tmp + "/all.zip", "rb").read())
open(tmp + "/cut.zip", "wb").write(data[:-30])
end = data.rfind(b"PK\5\6")
first = struct.unpack_from("<I", data, end + 16)[0]
name_len = struct.unpack_from("<H", data, first + 28)[0]
entry = data[first:first + 46 + name_len]
overlap = data[:first] + entry * 2000  # two thousand entries over the same bytes, and one far too large
tail = struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, 2000, 2000, len(entry) * 2000, first, 0)
open(tmp + "/overlap.zip", "wb").write(overlap * 1 + tail)
with zipfile.ZipFile(tmp + "/bomb.zip", "w", zipfile.ZIP_DEFLATED) as z:
    z.writestr("bomb.json", b" " * (200 << 20))
    z.writestr("good.json", record(1000))
data[70] ^= 0xff  # the first record's content
open(tmp + "/damaged.zip", "wb").write(data)
with open(tmp + "/deep.json", "w") as f: f.write('{"id":"MAL-1","modified":"x","affected":' + "[" * 100000)
with open(tmp + "/twice.json", "w") as f: f.write(record(5)[:-1] + ',"id":"MAL-2026-55","affected":[]}')
END
expect 'a zip' 0 intel import --source zip "$tmp/all.zip"
holds 'a zip: all of it' out '300 entries added'
expect 'the same zip' 0 intel import --source zip "$tmp/all.zip"
holds 'the same zip is unchanged' out 'unchanged'
expect 'a newer zip' 0 intel import --source zip "$tmp/new.zip"
holds 'a newer zip: what is new, what is gone, what stays' out '1 entries added, 1 dropped, 299 records as they were'
wrong 'a zip cut off' 'without a directory' intel import --source zip "$tmp/cut.zip"
expect 'and the store has what it had' 1 intel lookup pkg:npm/zip-300@1.0.0
wrong 'a zip whose entries overlap' 'bomb' intel import --source overlap "$tmp/overlap.zip"
expect 'a zip with one entry that is a bomb' 0 intel import --source bomb "$tmp/bomb.zip"
holds 'the bomb is named' err 'larger than 32 MiB'
expect 'a zip with one damaged entry' 0 intel import --source damaged "$tmp/damaged.zip"
holds 'the damaged one is counted, the others are in' out '299 entries added.*1 malformed'
expect 'JSON a hundred thousand deep' 2 intel import --source deep --format osv "$tmp/deep.json"
expect 'a record with keys twice' 0 intel import --source twice "$tmp/twice.json"

printf 'type,indicator,version,ecosystem\n,bad[.]example[.]invalid,,\npackage,%s@x/y,1.0.0;1.0.1,npm\nfoo,x,,\n' "'" >"$tmp/list.csv"
expect 'a table' 0 intel import "$tmp/list.csv"
holds 'a table: row by row' err 'row 4 is of no known kind'
expect 'a host inside an address' 1 intel lookup https://bad.example.invalid:8443/x
expect 'a cell shielded from spreadsheets' 1 intel lookup pkg:npm/%40x/y@1.0.1
expect 'mark a feed' 0 intel import --tlp red --source red "$tmp/list.csv"
expect 'export what is clear' 0 intel export --format csv --source red --tlp red
holds 'export to those who may' out 'bad.example.invalid'
expect 'a table for everybody' 4 intel export --format csv --source red
lacks 'what is marked red stays here' out 'bad.example.invalid'

printf '{"schema":"ratter-report/1","artifact":{"path":"a.tgz","purl":"pkg:npm/found@1.0.0","sha256":"%064d","bytes":1},"verdict":"malicious","score":0.99,"findings":[{"title":"Sends it all away"}]}\n{"schema":"ratter-report/1","artifact":{"path":"b.tgz","purl":"pkg:npm/fine@1.0.0","sha256":null,"bytes":1},"verdict":"suspicious","score":0.5}\n' 7 >"$tmp/report.jsonl"
expect 'findings as OSV' 0 intel export --findings "$tmp/report.jsonl" --format osv
holds 'findings: the package in its version' out '"name":"found"},"versions":\["1.0.0"\]'
lacks 'findings: a suspicion is none' out fine
expect 'findings as CSV' 0 intel export --findings "$tmp/report.jsonl" --format csv
holds 'findings: the digest' out '"sha256","","0*7"'

expect 'keys' 0 intel keygen "$tmp/key"
wrong 'keys do not replace keys' 'File exists' intel keygen "$tmp/key"
expect 'a signed bundle' 0 intel export --format bundle --output "$tmp/bundle" --sign "$tmp/key"
expect 'verified and imported' 0 "$RATTER" intel import --store "$tmp/other.sqlite" --verify "$tmp/key.pub" "$tmp/bundle"
echo >>"$tmp/bundle"
wrong 'a changed bundle' 'does not fit' "$RATTER" intel import --store "$tmp/other.sqlite" --verify "$tmp/key.pub" "$tmp/bundle"
wrong 'a bundle without a signature' 'minisig' "$RATTER" intel import --store "$tmp/other.sqlite" --verify "$tmp/key.pub" "$tmp/list.csv"
wrong 'a bundle under a key that is none' 'no public key' "$RATTER" intel import --store "$tmp/other.sqlite" --verify "$tmp/list.csv" "$tmp/bundle"
if command -v minisign >/dev/null; then
    "$RATTER" intel export --store "$store" --format bundle --output "$tmp/bundle" --sign "$tmp/key" 2>/dev/null
    check 'minisign verifies our bundle' minisign -Vq -p "$tmp/key.pub" -m "$tmp/bundle"
else
    skip 'minisign verifies our bundle' 'minisign is missing; tests/validators has another'
fi

expect 'a whole store' 0 intel verify
holds 'a whole store is called so' out 'whole'
head -c 60000 "$store" >"$tmp/broken.sqlite"
expect 'a store cut off' 1 "$RATTER" intel verify --store "$tmp/broken.sqlite"
holds 'a store cut off: what to do' out 'import the feeds again'
printf 'no store, only text, and enough of it to be read as the header of a database: %0100d\n' 1 >"$tmp/text.sqlite"
wrong 'a store that is none' 'ratter intel verify' "$RATTER" intel lookup --store "$tmp/text.sqlite" x
wrong 'a store in a missing folder' 'cannot open' "$RATTER" intel import --store "$tmp/no/such/store" "$tmp/list.csv"
python3 - "$store" >"$tmp/lock" 2>&1 <<'END' &
import sqlite3, sys, time
db = sqlite3.connect(sys.argv[1]); db.execute("BEGIN IMMEDIATE"); print("locked", flush=True); time.sleep(20)
END
holder=$!
for _ in 1 2 3 4 5 6 7 8 9 10; do grep -q locked "$tmp/lock" && break; sleep 0.2; done
wrong 'a locked store' 'another process is writing' intel import --source late "$tmp/list.csv"
expect 'a locked store can be read' 1 intel lookup bad.example.invalid
kill $holder 2>/dev/null
wait $holder 2>/dev/null
XDG_DATA_HOME=$tmp/data
export XDG_DATA_HOME
expect 'the default store' 0 "$RATTER" intel import "$tmp/list.csv"
check 'the default store is the user'"'"'s alone' test "$(stat -c %a "$tmp/data/ratter")" = 700
check 'the default store is there' test -f "$tmp/data/ratter/intel.sqlite"
finish
