/* util.js - util, url, querystring, assert and the small modules that only have to be there. */
(function (host, S, W) {
'use strict';
/* ---- url ------------------------------------------------------------------------------------------------------------------- */
class URLSearchParams {
    constructor(init) { this.list = []; if (typeof init === 'string') this.list = parseQuery(init.replace(/^\?/, '')); else if (init && !W.isPermissive(init)) for (const [k, v] of init[Symbol.iterator] || init[S.Symbol.iterator] ? init : Object.entries(init)) this.list.push([W.text(k), W.text(v)]); else if (init) this.list = [['q', String(init)]]; }
    append(k, v) { this.list.push([W.text(k), W.text(v)]); } set(k, v) { this.delete(k); this.append(k, v); } get(k) { return this.list.find(p => p[0] === k)?.[1] ?? null; } getAll(k) { return this.list.filter(p => p[0] === k).map(p => p[1]); } has(k) { return this.list.some(p => p[0] === k); } delete(k) { this.list = this.list.filter(p => p[0] !== k); } sort() {}
    forEach(f) { this.list.forEach(([k, v]) => f(v, k, this)); } entries() { return this.list[Symbol.iterator](); } keys() { return this.list.map(p => p[0])[Symbol.iterator](); } values() { return this.list.map(p => p[1])[Symbol.iterator](); } [Symbol.iterator]() { return this.entries(); } get size() { return this.list.length; }
    toString() { return this.list.map(([k, v]) => escape(k) + '=' + escape(v)).join('&'); }
}
const escape = t => { try { return encodeURIComponent(W.text(t)).replace(/%20/g, '+'); } catch (e) { return ''; } };
const unescape = t => { try { return decodeURIComponent(String(t).replace(/\+/g, ' ')); } catch (e) { return String(t); } };
const parseQuery = t => t === '' ? [] : t.split('&').map(p => { const at = p.indexOf('='); return at < 0 ? [unescape(p), ''] : [unescape(p.slice(0, at)), unescape(p.slice(at + 1))]; });
const shape = /^([A-Za-z][\w+.-]*:)(\/\/)?(?:([^\/?#@]*)@)?([^\/?#:\[]*|\[[^\]]*\])(?::(\d*))?([^?#]*)(\?[^#]*)?(#[\s\S]*)?$/;
class URL {
    constructor(input, base) {
        let text = W.text(input);
        if (typeof text !== 'string') text = W.decode(text);
        text = text.trim();
        if (!/^[A-Za-z][\w+.-]*:/.test(text) && base !== undefined) {
            const b = new URL(base);
            text = text.startsWith('//') ? b.protocol + text : text.startsWith('/') ? b.origin + text : text[0] === '?' || text[0] === '#' ? b.origin + b.pathname + text : b.origin + b.pathname.replace(/[^\/]*$/, '') + text;
            if (b.protocol === 'file:') text = 'file://' + W.get('path/posix').normalize(text.replace(/^(null|file:\/\/)/, ''));
        }
        const m = shape.exec(text);
        if (m === null) throw Object.assign(new W.S.TypeError('Invalid URL'), { code: 'ERR_INVALID_URL', input: text });
        this.protocol = m[1].toLowerCase();
        const [user = '', password = ''] = (m[3] ?? '').split(':');
        Object.assign(this, { username: user, password, hostname: m[2] ? m[4] : '', port: m[5] ?? '', pathname: (m[2] ? '' : m[4]) + (m[6] || (m[2] ? '/' : '')), hash: m[8] ?? '' });
        this.searchParams = new URLSearchParams(m[7] ?? '');
        this.found = m[7] ?? '';
    }
    get search() { const t = this.searchParams.toString(); return t === '' ? '' : this.found && new URLSearchParams(this.found).toString() === t ? this.found : '?' + t; }
    set search(t) { this.searchParams = new URLSearchParams(String(t)); this.found = String(t); }
    get host() { return this.hostname + (this.port ? ':' + this.port : ''); } set host(t) { [this.hostname, this.port = ''] = String(t).split(':'); }
    get origin() { return this.hostname === '' ? 'null' : this.protocol + '//' + this.host; }
    get href() { return this.protocol + (this.hostname !== '' || this.protocol === 'file:' ? '//' : '') + (this.username ? this.username + (this.password ? ':' + this.password : '') + '@' : '') + this.host + this.pathname + this.search + this.hash; } set href(t) { Object.assign(this, new URL(t)); }
    get path() { return this.pathname + this.search; }
    toString() { return this.href; } toJSON() { return this.href; }
    static canParse(t, b) { try { new URL(t, b); return true; } catch (e) { return false; } } static createObjectURL() { return 'blob:nodedata:1'; } static revokeObjectURL() {} static parse(t, b) { try { return new URL(t, b); } catch (e) { return null; } }
}
W.URL = URL;
Object.assign(W.globals, { URL, URLSearchParams });
const legacy = (text, query) => {
    try {
        const u = new URL(text);
        return { protocol: u.protocol, slashes: true, auth: u.username || null, host: u.host, port: u.port || null, hostname: u.hostname, hash: u.hash || null, search: u.search || null, query: query ? Object.fromEntries(u.searchParams.list) : u.search.slice(1) || null, pathname: u.pathname, path: u.path, href: u.href };
    } catch (e) {
        const [path, search = ''] = W.text(text).split('?');
        return { protocol: null, host: null, hostname: null, pathname: path, path: W.text(text), search: search ? '?' + search : null, query: query ? Object.fromEntries(parseQuery(search)) : search, href: W.text(text) };
    }
};
W.define('url', () => ({ URL, URLSearchParams, parse: legacy, format: o => typeof o === 'string' ? o : o.href ?? (W.urlOf({ ...o, path: (o.pathname ?? '') + (o.search ?? '') }, undefined, 'http:')[0]), resolve: (a, b) => { try { return new URL(b, a).href; } catch (e) { return b; } },
    fileURLToPath: u => unescape(String(u.href ?? u).replace(/^file:\/\/(?:\/(?=[A-Za-z]:))?/, '')), pathToFileURL: p => new URL('file://' + (W.platform === 'win32' ? '/' : '') + String(p).replace(/\\/g, '/')), domainToASCII: t => t, domainToUnicode: t => t, urlToHttpOptions: u => ({ protocol: u.protocol, hostname: u.hostname, path: u.path, port: u.port, href: u.href }) }));
const querystring = { parse: t => Object.fromEntries(parseQuery(W.text(t))), stringify: o => Object.entries(o ?? {}).map(([k, v]) => escape(k) + '=' + escape(v)).join('&'), escape, unescape };
Object.assign(querystring, { encode: querystring.stringify, decode: querystring.parse });
W.define(['querystring', 'qs', 'query-string'], () => querystring);

/* ---- util -------------------------------------------------------------------------------------------------------------------- */
const inspect = value => typeof value === 'string' ? "'" + value + "'" : typeof value === 'function' ? '[Function: ' + value.name + ']' : typeof value === 'object' && value !== null ? W.stringify(value) ?? '[object Object]' : String(value);
inspect.custom = S.Symbol.for('nodejs.util.inspect.custom');
inspect.defaultOptions = {};
const format = (first, ...rest) => {
    if (typeof first !== 'string') return [first, ...rest].map(v => typeof v === 'string' ? v : inspect(v)).join(' ');
    const text = first.replace(/%[sdifjoOc%]/g, m => m === '%%' ? '%' : rest.length === 0 ? m : m === '%s' ? W.text(rest.shift()) : m === '%c' ? (rest.shift(), '') : m === '%d' || m === '%i' ? String(Number(rest.shift())) : inspect(rest.shift()));
    return [text, ...rest.map(v => typeof v === 'string' ? v : inspect(v))].join(' ');
};
W.format = format;
const custom = S.Symbol.for('nodejs.util.promisify.custom');
const promisify = fn => {
    if (fn?.[custom] && !W.isPermissive(fn)) return fn[custom];
    if (W.isPermissive(fn)) return fn;
    return function (...args) { return new W.S.Promise((yes, no) => fn.call(this, ...args, (e, v) => e ? no(e) : yes(v))); };
};
promisify.custom = custom;
const kindOf = (name, test) => [name, test];
const tag = v => Object.prototype.toString.call(v).slice(8, -1);
const types = Object.fromEntries(['Date', 'RegExp', 'Map', 'Set', 'WeakMap', 'WeakSet', 'Promise', 'ArrayBuffer', 'DataView', 'Uint8Array', 'AsyncFunction', 'GeneratorFunction', 'SharedArrayBuffer', 'Symbol', 'Arguments'].map(n => ['is' + n, v => tag(v) === n]));
Object.assign(types, { isNativeError: v => v instanceof S.Error, isProxy: () => false, isTypedArray: v => ArrayBuffer.isView(v), isArrayBufferView: v => ArrayBuffer.isView(v), isAnyArrayBuffer: v => tag(v) === 'ArrayBuffer', isExternal: () => false, isBoxedPrimitive: () => false, isModuleNamespaceObject: () => false });
const util = { inspect, format, formatWithOptions: (o, ...a) => format(...a), promisify, types, callbackify: fn => (...a) => { const cb = a.pop(); fn(...a).then(v => W.back(cb, 1, null, v), e => W.back(cb, 1, e)); }, deprecate: fn => fn, debuglog: () => Object.assign(() => {}, { enabled: false }), debug: () => () => {},
    inherits: (C, B) => { C.super_ = B; Object.setPrototypeOf(C.prototype, B.prototype); }, isDeepStrictEqual: (a, b) => W.stringify(a) === W.stringify(b), stripVTControlCharacters: t => t, styleText: (s, t) => t, toUSVString: t => t, parseArgs: () => ({ values: {}, positionals: [] }), getSystemErrorName: () => 'ENOENT', aborted: () => new W.S.Promise(() => {}),
    isArray: Array.isArray, isString: v => typeof v === 'string', isFunction: v => typeof v === 'function', isObject: v => v !== null && typeof v === 'object', isUndefined: v => v === undefined, isNull: v => v === null, isNumber: v => typeof v === 'number', isBoolean: v => typeof v === 'boolean', isRegExp: types.isRegExp, isDate: types.isDate, isError: types.isNativeError, isBuffer: v => W.Buffer.isBuffer(v), isPrimitive: v => Object(v) !== v, isNullOrUndefined: v => v == null,
    log() {}, _extend: Object.assign, get TextEncoder() { return W.globals.TextEncoder; }, get TextDecoder() { return W.globals.TextDecoder; }, MIMEType: class {}, parseEnv: () => ({}), getCallSites: () => [], transferableAbortController: () => new W.globals.AbortController() };
W.define('util', () => util);
W.define('util/types', () => types);
W.define('sys', () => util);

/* ---- assert and the small ones ------------------------------------------------------------------------------------------------- */
class AssertionError extends Error { constructor(o) { super(o?.message ?? 'assertion failed'); this.code = 'ERR_ASSERTION'; this.name = 'AssertionError'; } }
const check = (ok, message) => { if (!ok) throw message instanceof S.Error ? message : new AssertionError({ message: W.text(message) || 'assertion failed' }); };
const assert = Object.assign((v, m) => check(v, m), { ok: check, equal: (a, b, m) => check(a == b, m), strictEqual: (a, b, m) => check(Object.is(a, b), m), deepEqual: () => {}, deepStrictEqual: () => {}, notEqual: () => {}, notStrictEqual: () => {}, notDeepEqual: () => {}, notDeepStrictEqual: () => {}, throws: f => { try { f(); } catch (e) { /* as it should */ } }, doesNotThrow: f => f(), rejects: async () => {}, doesNotReject: async () => {}, match: () => {}, doesNotMatch: () => {}, ifError: e => { if (e) throw e; }, fail: m => check(false, m), AssertionError, CallTracker: class {} });
assert.strict = assert;
W.define(['assert', 'assert/strict'], () => assert);
const performance = { now: () => W.now() + 20, mark: () => ({}), measure: () => ({ duration: 1 }), timeOrigin: W.started, getEntriesByName: () => [], getEntries: () => [], getEntriesByType: () => [], clearMarks() {}, clearMeasures() {}, timerify: f => f, eventLoopUtilization: () => ({ idle: 0, active: 1, utilization: 1 }), toJSON: () => ({}) };
W.globals.performance = performance;
W.define('perf_hooks', () => ({ performance, PerformanceObserver: class { observe() {} disconnect() {} }, monitorEventLoopDelay: () => ({ enable() {}, disable() {}, mean: 1 }), constants: {}, createHistogram: () => ({}) }));
class AsyncLocalStorage { run(s, f, ...a) { const old = this.s; this.s = s; try { return f(...a); } finally { this.s = old; } } getStore() { return this.s; } enterWith(s) { this.s = s; } exit(f) { return f(); } disable() {} static bind(f) { return f; } static snapshot() { return f => f(); } }
class AsyncResource { constructor() {} runInAsyncScope(f, t, ...a) { return f.apply(t, a); } emitDestroy() { return this; } asyncId() { return 1; } triggerAsyncId() { return 0; } bind(f) { return f; } static bind(f) { return f; } }
W.define('async_hooks', () => ({ AsyncLocalStorage, AsyncResource, createHook: () => ({ enable() { return this; }, disable() {} }), executionAsyncId: () => 1, triggerAsyncId: () => 0, executionAsyncResource: () => ({}) }));
W.define('tty', () => ({ isatty: () => true, ReadStream: W.Readable, WriteStream: W.Writable }));
W.define('constants', () => ({ ...W.get('fs').constants }));
W.define('punycode', () => ({ toASCII: t => t, toUnicode: t => t, encode: t => t, decode: t => t, ucs2: { decode: t => [...t].map(c => c.codePointAt(0)), encode: l => String.fromCodePoint(...l) } }));
W.define(['v8', 'inspector', 'inspector/promises', 'trace_events', 'wasi', 'repl', 'domain', 'diagnostics_channel', 'test', 'sea', 'sqlite'], name => {
    if (name === 'diagnostics_channel') { const c = () => ({ hasSubscribers: false, publish() {}, subscribe() {}, unsubscribe() {}, bindStore() {}, runStores: (x, f) => f() }); return { channel: c, subscribe() {}, unsubscribe() {}, hasSubscribers: () => false, tracingChannel: () => ({ start: c(), end: c(), asyncStart: c(), asyncEnd: c(), error: c(), hasSubscribers: false, traceSync: (f, x, t, ...a) => f.apply(t, a), tracePromise: (f, x, t, ...a) => f.apply(t, a), traceCallback: (f, p, x, t, ...a) => f.apply(t, a) }), Channel: class {} }; }
    if (name === 'domain') return { create: () => Object.assign(new W.EventEmitter(), { run: f => f(), add() {}, bind: f => f, enter() {}, exit() {} }) };
    return W.permissive('module:' + name, W.MODULE);
});
W.define('cluster', () => Object.assign(new W.EventEmitter(), { isMaster: true, isPrimary: true, isWorker: false, fork: () => new W.EventEmitter(), workers: {}, setupMaster() {}, setupPrimary() {} }));
const lines = () => { const r = new W.EventEmitter(); return Object.assign(r, { question: (q, o, cb) => W.back(typeof o === 'function' ? o : cb, 5, W.marked('stdin:' + W.text(q).slice(0, 40), W.SECRET, W.event('secret.read', 'prompt'), 2)), close() { W.task(2, () => r.emit('close')); }, prompt() {}, setPrompt() {}, write() {}, pause() { return r; }, resume() { return r; }, on: W.EventEmitter.prototype.on, async *[Symbol.asyncIterator]() {}, terminal: false, line: '', history: [] }); };
W.define('readline', () => ({ createInterface: o => { const r = lines(); o?.input?.on?.('data', c => W.decode(W.toBuffer(c)).split('\n').forEach(l => r.emit('line', l))); o?.input?.on?.('end', () => r.emit('close')); return r; }, clearLine() {}, cursorTo() {}, moveCursor() {}, clearScreenDown() {}, emitKeypressEvents() {}, promises: W.get('readline/promises'), Interface: W.EventEmitter }));
W.define('readline/promises', () => ({ createInterface: () => Object.assign(lines(), { question: q => W.promise(W.marked('stdin:' + W.text(q).slice(0, 40), W.SECRET, W.event('secret.read', 'prompt'), 2)) }) }));
W.define('worker_threads', () => ({ isMainThread: true, parentPort: null, workerData: null, threadId: 0, resourceLimits: {}, SHARE_ENV: Symbol('share'), MessageChannel: W.globals.MessageChannel, MessagePort: W.EventEmitter, BroadcastChannel: W.globals.BroadcastChannel, setEnvironmentData() {}, getEnvironmentData() {}, markAsUncloneable() {}, markAsUntransferable() {}, receiveMessageOnPort() {}, moveMessagePortToContext() {},
    Worker: function Worker(file, o) {
        const w = new W.EventEmitter();
        const text = W.text(file);
        if (o?.eval) { const event = W.event('code.eval', text, 'worker'); if (W.runsAs(text)) W.task(5, () => W.runText(text, W.call(W.op.script, text, event, 'worker', 1))); }
        else { W.event('proc.exec', 'node ' + text, 'worker'); W.task(5, () => W.load(text.replace(/^file:\/\//, ''), { path: W.cwd() })); }
        return Object.assign(w, { postMessage() {}, terminate: async () => 0, unref() { return w; }, ref() { return w; }, stdout: new W.Readable(), stderr: new W.Readable(), threadId: 1 });
    } }));
/* vm: every way to run text. */
const evaluate = (text, how, name) => {
    text = W.text(text);
    if (typeof text !== 'string') text = W.decode(text);
    const event = W.event('code.eval', text, how);
    if (!W.runsAs(text)) return undefined;
    return host.compile(text, W.call(W.op.script, text, event, name ?? how, 0));
};
W.evaluate = evaluate;
class Script { constructor(text) { this.text = text; } runInThisContext() { return evaluate(this.text, 'vm.Script'); } runInNewContext(c) { expose(c); return evaluate(this.text, 'vm.Script'); } runInContext(c) { expose(c); return evaluate(this.text, 'vm.Script'); } createCachedData() { return W.Buffer.alloc(0); } }
const expose = context => { if (context && typeof context === 'object' && !W.isPermissive(context)) for (const [k, v] of Object.entries(context)) { try { if (!(k in S)) S[k] = v; } catch (e) { /* a getter that throws */ } } };
W.define('vm', () => ({ Script, runInThisContext: t => evaluate(t, 'vm.runInThisContext'), runInNewContext: (t, c) => { expose(c); return evaluate(t, 'vm.runInNewContext'); }, runInContext: (t, c) => { expose(c); return evaluate(t, 'vm.runInContext'); }, createContext: c => c ?? {}, isContext: () => true, compileFunction: (t, args = []) => new S.Function(...args, t), measureMemory: async () => ({}), SourceTextModule: class { constructor(t) { this.t = t; } async link() {} async evaluate() { evaluate(this.t, 'vm.Module'); } }, SyntheticModule: class {}, constants: {} }));
})
