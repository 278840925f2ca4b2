/* libraries.js - the packages that loaders lean on, each in its usual shape: HTTP clients, web sockets, archives, clipboards,
 * keychains, databases, chains. What is not here is a permissive object anyway; these know where the network and the
 * secrets are. */
(function (host, S, W) {
'use strict';
const promise = (make, delay = 20) => W.promise(make, delay);
/* A promise that is also what a callback style wants. */
const join = (base, path) => { const p = W.text(path); return base && !/^[a-z]+:/i.test(p) ? W.text(base).replace(/\/$/, '') + '/' + p.replace(/^\//, '') : p; };
const query = params => params === undefined || params === null ? '' : '?' + (typeof params === 'string' ? params : W.get('querystring').stringify(params instanceof W.globals.URLSearchParams ? Object.fromEntries(params.list) : params));

/* ---- axios ---------------------------------------------------------------------------------------------------------------- */
const makeAxios = defaults => {
    const send = config => {
        config = { ...defaults, ...config };
        const url = join(config.baseURL, config.url ?? '') + query(config.params);
        const answer = W.answerFor(url, W.text(config.method ?? 'GET').toUpperCase(), config.data, config.headers);
        const type = config.responseType;
        const data = () => type === 'stream' ? W.response(answer) : type === 'arraybuffer' ? W.Buffer.from(answer.text) : type === 'text' ? answer.text : answer.value();
        return promise(() => {
            const response = { data: data(), status: answer.status, statusText: 'OK', headers: answer.headers, config, request: {} };
            if (answer.failing)
                throw W.error('Request failed with status code 404', { name: 'AxiosError', isAxiosError: true, code: 'ERR_BAD_REQUEST', config, response: { ...response, data: answer.value(), status: 404 }, request: {}, toJSON: () => ({}) });
            return response;
        });
    };
    const axios = (a, b) => send(typeof a === 'string' || W.isPermissive(a) ? { ...b, url: a } : a);
    for (const m of ['get', 'delete', 'head', 'options'])
        axios[m] = (url, config) => send({ ...config, url, method: m });
    for (const m of ['post', 'put', 'patch', 'postForm', 'putForm'])
        axios[m] = (url, data, config) => send({ ...config, url, data, method: m.replace('Form', '') });
    const chain = { use: () => 0, eject() {}, clear() {} };
    return Object.assign(axios, { request: axios, create: o => makeAxios({ ...defaults, ...o }), defaults: { headers: { common: {}, post: {}, get: {} }, ...defaults }, interceptors: { request: chain, response: chain }, all: l => W.S.Promise.all(l), spread: f => l => f(...l), isAxiosError: e => !!e?.isAxiosError, isCancel: () => false, getUri: c => c.url, CancelToken: { source: () => ({ token: {}, cancel() {} }) }, Axios: function () { return makeAxios({}); }, AxiosError: Error, VERSION: '1.7.7', HttpStatusCode: {}, toFormData: x => x });
};
W.define(['axios', 'redaxios', 'axios-retry', 'axios-cookiejar-support'], name => {
    if (name === 'axios-retry') return Object.assign(() => {}, { default: () => {}, exponentialDelay: () => 1 });
    if (name === 'axios-cookiejar-support') return { wrapper: x => x };
    const axios = makeAxios({});
    axios.default = axios;
    return axios;
});

/* ---- request, needle, superagent, got … ---------------------------------------------------------------------------------------- */
const optionsOf = (a, b) => typeof a === 'string' || W.isPermissive(a) || a instanceof W.URL ? { ...(W.isPermissive(b) ? {} : b), url: W.text(a) } : { ...a };
const bodyOf = o => o.body ?? o.json ?? o.form ?? o.formData ?? o.data ?? '';
W.define(['request', 'request-promise', 'request-promise-native', 'needle', 'phin', 'bent', 'wreck', 'postman-request', '@cypress/request', 'requestretry', 'sync-request', 'then-request', 'urllib', 'httpclient', 'simple-get', 'hyperquest', 'tiny-json-http', 'centra', 'unirest'], name => {
    if (name === 'sync-request') return (method, url, o) => { const answer = W.answerFor(url, method, o?.body ?? o?.json, o?.headers); return { statusCode: 200, body: W.Buffer.from(answer.text), getBody: e => e ? answer.text : W.Buffer.from(answer.text), headers: answer.headers }; };
    const send = (method, a, b, c) => {
        const callback = [a, b, c].find(f => typeof f === 'function' && !W.isPermissive(f));
        const hasBody = name === 'needle' && /POST|PUT|PATCH/.test(method);
        const o = optionsOf(a, hasBody ? c : typeof b === 'function' ? undefined : b);
        const how = W.text(o.method ?? method ?? 'GET').toUpperCase();
        const answer = W.answerFor(join(o.baseUrl, o.url ?? o.uri ?? W.urlOf(o, undefined, 'http:')[0]) + query(o.qs ?? o.query), how, hasBody ? b : bodyOf(o), o.headers);
        const parsed = () => o.json || o.parse === 'json' || name === 'needle' ? answer.value() : o.encoding === null ? W.Buffer.from(answer.text) : answer.text;
        const response = () => { const r = W.response(answer); r.body = parsed(); return r; };
        const stream = new W.Transform();
        stream._transform = (chunk, e, cb) => cb(null, chunk);
        W.task(20, () => {
            if (answer.failing) { if (callback) callback(W.refused(), undefined, undefined); else stream.emit('error', W.refused()); return; }
            const r = response();
            stream.emit('response', r);
            if (callback) callback(null, r, r.body);
            stream.push(W.Buffer.from(answer.text));
            stream.push(null);
        });
        const settle = promise(() => { if (answer.failing) throw Object.assign(W.refused(), { error: answer.text, response: { body: answer.text } }); return /request-promise/.test(name) && !o.resolveWithFullResponse ? parsed() : response(); });
        stream.then = (...x) => settle.then(...x);
        stream.catch = f => settle.catch(f);
        stream.promise = () => settle;
        stream.form = () => new W.FormData();
        stream.auth = stream.jar = stream.setHeader = () => stream;
        return stream;
    };
    const request = (...a) => name === 'needle' && /^(get|post|put|delete|patch|head)$/i.test(a[0]) ? send(String(a.shift()).toUpperCase(), ...a) : send(undefined, ...a);
    for (const m of ['get', 'post', 'put', 'patch', 'delete', 'del', 'head', 'options'])
        request[m] = (...a) => send(m === 'del' ? 'DELETE' : m.toUpperCase(), ...a);
    return Object.assign(request, { defaults: () => request, jar: () => ({ setCookie() {}, getCookieString: () => '' }), cookie: x => x, request, concat: (o, cb) => send('GET', o, cb), promisified: request, default: request });
});
W.define(['node-fetch', 'cross-fetch', 'isomorphic-fetch', 'node-fetch-native', 'unfetch', 'whatwg-fetch', 'undici', 'make-fetch-happen', 'minipass-fetch', 'fetch-retry', 'isomorphic-unfetch', 'ofetch'], name => {
    const g = W.globals;
    const fetch = (...a) => W.fetch(...a);
    const extra = { fetch, Headers: g.Headers, Request: g.Request, Response: g.Response, FormData: g.FormData, default: fetch, __esModule: true };
    if (name === 'undici') return { ...extra, default: undefined, request: (url, o) => { const answer = W.answerFor(url, o?.method, o?.body, o?.headers); return promise(() => ({ statusCode: 200, headers: answer.headers, body: Object.assign(W.response(answer), { text: async () => answer.text, json: async () => answer.value(), arrayBuffer: async () => W.encode(answer.text).buffer }) })); }, Agent: class {}, ProxyAgent: class {}, Pool: class {}, Client: class {}, setGlobalDispatcher() {}, getGlobalDispatcher: () => ({}) };
    if (name === 'fetch-retry') return () => fetch;
    if (name === 'ofetch') { const of = (url, o) => { const answer = W.answerFor(url, o?.method, o?.body, o?.headers); return promise(() => answer.value()); }; return Object.assign(of, { ofetch: of, $fetch: of, fetch }); }
    return Object.assign(fetch, extra);
});
W.define(['got', 'ky', 'superagent', 'wretch', 'axios-https-proxy-fix'], name => {
    const send = (method, a, b) => {
        const o = optionsOf(a, b);
        const state = { method: W.text(o.method ?? method ?? 'GET').toUpperCase(), url: join(o.prefixUrl, o.url ?? ''), headers: { ...o.headers }, body: bodyOf(o), form: undefined, params: o.searchParams };
        let answer, settled;
        const run = () => answer ??= W.answerFor(state.url + query(state.params), state.method, state.form ?? state.body, state.headers);
        const result = () => { if (run().failing) throw Object.assign(W.refused(), { response: { body: answer.text, text: answer.text } }); return Object.assign(W.response(answer), { body: name === 'superagent' || o.responseType === 'json' ? answer.value() : answer.text, text: name === 'superagent' ? answer.text : async () => answer.text, json: async () => answer.value(), rawBody: W.Buffer.from(answer.text), ok: true, status: 200 }); };
        const settle = () => { run(); return settled ??= promise(result); };
        const self = { then: (y, n) => settle().then(y, n), catch: n => settle().catch(n), finally: f => settle().finally(f), json: () => { run(); return promise(() => { if (answer.failing) throw W.refused(); return answer.value(); }); }, text: () => { run(); return promise(() => answer.text); }, buffer: () => { run(); return promise(() => W.Buffer.from(answer.text)); }, arrayBuffer: () => { run(); return promise(() => W.encode(answer.text).buffer); }, blob: () => { run(); return promise(() => new W.globals.Blob([answer.text])); }, res: f => settle().then(f),
            end: f => { W.task(25, () => { let r, e = null; try { r = result(); } catch (x) { e = x; } W.call1(f, e, r); }); return self; }, pipe: to => { run(); return W.response(answer).pipe(to); }, on: (n, f) => { if (/data|end|response/.test(n)) { run(); W.task(20, () => n === 'data' ? f(W.Buffer.from(answer.text)) : n === 'response' ? f(W.response(answer)) : f()); } return self; } };
        for (const [m, key] of [['send', 'body'], ['field', 'form'], ['attach', 'form'], ['query', 'params']])
            self[m] = (v, w) => { if (key === 'form') { state.form ??= new W.FormData(); state.form.append(v, w ?? v); } else state[key] = v; return self; };
        for (const m of ['set', 'auth', 'type', 'accept', 'timeout', 'retry', 'redirects', 'ok', 'withCredentials', 'responseType', 'parse', 'use', 'agent', 'disableTLSCerts', 'headers'])
            self[m] = (k, v) => { if (m === 'set' && typeof k === 'string') state.headers[k] = v; else if (m === 'set') Object.assign(state.headers, k); return self; };
        if (name !== 'superagent')
            W.task(0, run);
        return self;
    };
    const got = (a, b) => send(undefined, a, b);
    for (const m of ['get', 'post', 'put', 'patch', 'delete', 'head', 'del'])
        got[m] = (a, b) => name === 'superagent' && b !== undefined && typeof b !== 'function' ? send(m.toUpperCase(), a).send(b) : send(m.toUpperCase(), a, name === 'superagent' ? undefined : b);
    return Object.assign(got, { stream: (a, b) => W.response(W.answerFor(optionsOf(a, b).url, 'GET', '', '')), extend: () => got, create: () => got, agent: () => got, got, default: got });
});
/* ---- generators that were compiled away ---------------------------------------------------------------------------------------- */
const resume = {};
const generator = (inner, self, places) => {
    let value, held, thrown;
    const entry = at => (places ?? []).filter(([from, c, f]) => from <= at && at < (c ?? f) || (c != null && f != null && from <= at && at < f)).pop();
    const context = { prev: 0, next: 0, sent: undefined, done: false, rval: undefined,
        stop() { context.done = true; return value; }, catch() { return thrown; },
        abrupt(type, arg) {
            if (type === 'throw') throw arg;
            const place = entry(context.prev);
            if (type === 'return') value = arg;
            const to = type === 'return' ? 'end' : arg;
            if (place?.[2] != null && context.prev < place[2]) { held = to; context.next = place[2]; } else context.next = to;
            return resume;
        },
        finish(at) { const place = (places ?? []).find(p => p[2] === at); context.next = held ?? place?.[3] ?? 'end'; held = undefined; return resume; },
        delegateYield(items, name, next) { context[name] = [...items].pop(); context.next = next; return resume; } };
    const caught = error => {
        const place = entry(context.prev);
        if (place === undefined) { context.done = true; return false; }
        thrown = error;
        context.next = place[1] != null && context.prev < place[1] ? place[1] : place[2];
        return true;
    };
    const go = (arg, failed) => {
        if (context.done) return { value: undefined, done: true };
        context.sent = context._sent = arg;
        if (failed && !caught(arg)) throw arg;
        for (let turns = 0; turns < 100000; turns++) {
            let result;
            try { result = inner.call(self, context); } catch (error) { if (!caught(error)) throw error; continue; }
            if (result !== resume) return { value: result, done: context.done };
        }
        return { value: undefined, done: true };
    };
    return { next: v => go(v, false), throw: e => go(e, true), return: v => { context.done = true; return { value: v, done: true }; }, [Symbol.iterator]() { return this; } };
};
const drive = g => new W.S.Promise((yes, no) => {
    const step = (arg, failed) => {
        let r;
        try { r = failed ? g.throw(arg) : g.next(arg); } catch (error) { no(error); return; }
        if (r.done) yes(r.value);
        else W.S.Promise.resolve(r.value?.__await !== undefined ? r.value.__await : r.value).then(v => step(v, false), e => step(e, true));
    };
    step(undefined, false);
});
W.define(['regenerator-runtime', 'regenerator-runtime/runtime', '@babel/runtime/regenerator'], () => {
    const runtime = { wrap: (inner, outer, self, places) => generator(inner, self, places), mark: f => f, awrap: v => ({ __await: v }), async: (inner, outer, self, places) => drive(generator(inner, self, places)), isGeneratorFunction: () => false, keys: o => { const l = Object.keys(o); return () => ({ value: l.shift(), done: l.length === 0 }); }, values: l => l };
    return Object.assign(runtime, { default: runtime });
});
W.define('form-data', () => W.FormData);
W.define(['formdata-node', 'formdata-polyfill'], () => ({ FormData: W.FormData, File: W.globals.Blob, Blob: W.globals.Blob }));
W.define(['xmlhttprequest', 'xhr2', 'xmlhttprequest-ssl'], name => name === 'xhr2' ? W.globals.XMLHttpRequest : { XMLHttpRequest: W.globals.XMLHttpRequest });
W.define(['download', 'node-downloader-helper', 'wget-improved', 'nodejs-file-downloader'], name => name === 'download' ? (url, into) => { const answer = W.answerFor(url, 'GET', '', ''); if (into) W.writeFile(W.text(into) + '/' + W.text(url).split('/').pop(), answer.text, undefined, 'write'); return promise(() => W.Buffer.from(answer.text)); } : W.permissive('module:' + name, W.MODULE));

/* ---- sockets ---------------------------------------------------------------------------------------------------------------------- */
W.define(['ws', 'isomorphic-ws', 'faye-websocket', 'websocket', 'reconnecting-websocket'], name => {
    const Ws = W.globals.WebSocket;
    const server = () => { const s = new W.EventEmitter(); s.clients = new Set(); return s; };
    return Object.assign(Ws, { Server: server, WebSocketServer: server, default: Ws, w3cwebsocket: Ws, client: function () { const c = new W.EventEmitter(); c.connect = url => { const s = Ws(url); W.task(20, () => c.emit('connect', Object.assign(s, { sendUTF: s.send, connected: true }))); }; return c; }, Client: Ws });
});
W.define(['socket.io-client', 'socket.io', 'engine.io-client'], name => {
    if (name === 'socket.io') return Object.assign(function () { return W.permissive('socket.io', W.MODULE); }, { Server: function () { return W.permissive('socket.io', W.MODULE); } });
    const io = (url, o) => {
        const s = new W.EventEmitter(), address = W.text(url ?? 'localhost'), slot = 'net:io ' + address.slice(0, 80);
        const event = W.event('net.connect', address, '', '', 'socket.io');
        const plain = s.emit.bind(s), on = s.on.bind(s);
        let count = 0;
        s.on = (n, f) => { on(n, f); if (W.failing() ? /error/.test(n) : !/disconnect|error/.test(n)) W.task(/^connect/.test(n) ? 20 : 40, () => f(W.permissive(slot + ' ' + String(n), W.NET, event, { times: 8 }), (...a) => { if (count++ < 12) W.event('net.connect', address, '', a.length === 1 ? a[0] : a, 'socket.io'); })); return s; };
        s.once = s.on;
        s.emit = (n, ...a) => { if (count++ < 12) W.event('net.connect', address, '', a.length === 0 ? W.text(n) : [n, ...a.filter(v => typeof v !== 'function')], 'socket.io'); const ack = a[a.length - 1]; W.back(ack, 30, W.permissive(slot + ' ack', W.NET, event)); return s; };
        return Object.assign(s, { connect: () => s, open: () => s, disconnect: () => s, close: () => s, send: (...a) => s.emit('message', ...a), id: 'sock1', connected: true, io: W.permissive('io.manager', W.MODULE), onAny: () => s, volatile: s, compress: () => s, timeout: () => s });
    };
    return Object.assign(io, { io, connect: io, Manager: function () { return { socket: () => io('manager') }; }, default: io });
});

/* ---- secrets of the machine ----------------------------------------------------------------------------------------------------------- */
const secret = (what, times) => W.marked('secret:' + what, W.SECRET, W.event('secret.read', what), times ?? 4);
W.define(['clipboardy', 'node-clipboardy', 'copy-paste', 'clipboard-event', 'native-clipboard', 'clipboardy-ts', 'clipboard'], name => {
    const write = text => { W.event('call', 'clipboard.write', text); };
    const c = { readSync: () => secret('clipboard'), writeSync: write, read: () => promise(() => secret('clipboard')), write: t => { write(t); return promise(undefined); }, paste: cb => cb ? W.back(cb, 5, null, secret('clipboard')) : secret('clipboard'), copy: (t, cb) => { write(t); W.back(cb, 5, null); }, readText: () => secret('clipboard'), writeText: write, on() { return c; }, startListening() {} };
    return Object.assign(c, { default: c });
});
W.define(['keytar', 'keychain', 'node-keytar', '@primno/dpapi', 'win-dpapi', 'node-dpapi', '@zaproxy/dpapi', 'node-machine-id', 'systeminformation', 'macaddress', 'getmac', 'public-ip', 'ip', 'address', 'get-mac', 'os-locale', 'username', 'fullname', 'screenshot-desktop', 'desktop-screenshot', 'node-screenshots', 'node-global-key-listener', 'iohook', 'uiohook-napi', 'browser-cookies', 'chrome-cookies-secure', 'node-hide-console-window'], name => {
    if (/dpapi/i.test(name)) { const open = data => { W.event('secret.read', 'DPAPI'); return W.toBuffer(data); }; const d = { unprotectData: open, protectData: x => x, decrypt: open }; return { ...d, Dpapi: d, isPlatformSupported: true, default: d }; }
    if (/keytar|keychain/.test(name)) return { getPassword: () => promise(() => secret('keychain')), findPassword: () => promise(() => secret('keychain')), findCredentials: () => promise(() => [{ account: 'dev', password: secret('keychain') }]), setPassword: () => promise(undefined), deletePassword: () => promise(true) };
    if (/screenshot/.test(name)) { const shot = () => promise(() => W.Buffer.from(secret('screen'))); return Object.assign(shot, { all: () => promise(() => [W.Buffer.from(secret('screen'))]), default: shot }); }
    if (/key-listener|iohook/.test(name)) { const hook = new W.EventEmitter(); const start = () => { W.event('secret.read', 'keystrokes'); }; return { GlobalKeyboardListener: function () { return { addListener: f => { start(); W.task(30, () => f({ name: secret('keystrokes', 1), state: 'DOWN' }, {})); }, kill() {} }; }, start, uIOhook: Object.assign(hook, { start }), on: (n, f) => { start(); W.task(30, () => f({ keychar: 65, rawcode: 65 })); } }; }
    const mark = what => W.marked('host:' + what, W.HOST, W.event('host.info', what), 2);
    if (name === 'node-machine-id') return { machineId: () => promise(() => mark('machine-id')), machineIdSync: () => mark('machine-id') };
    if (/mac/.test(name)) { const get = (...a) => { W.back(a.find(f => typeof f === 'function'), 5, null, mark('mac')); return a.length ? undefined : mark('mac'); }; return Object.assign(get, { one: get, default: get, all: get }); }
    if (/^(ip|address|public-ip)$/.test(name)) { const get = () => mark('ip'); return { address: get, ip: get, v4: () => promise(get), v6: () => promise(get), publicIp: () => promise(get), publicIpv4: () => promise(get), mac: (...a) => W.back(a.find(f => typeof f === 'function'), 5, null, mark('mac')) }; }
    if (/^(username|fullname)$/.test(name)) return Object.assign(() => promise(() => mark('user')), { sync: () => mark('user'), username: () => promise(() => mark('user')), usernameSync: () => mark('user') });
    if (name === 'systeminformation') return new Proxy({}, { get: (t, k) => typeof k !== 'string' || k === 'then' ? undefined : () => promise(() => { const event = W.event('host.info', k); return W.permissive('host:' + k, W.HOST, event, { times: 2 }); }) });
    return W.permissive('module:' + name, W.MODULE);
});
const rows = file => { const event = W.event('file.read', file); return [{ origin_url: 'https://a.example.invalid', username_value: 'dev', password_value: W.Buffer.from('v10' + W.marked('file:' + file.slice(-60), W.FILE, event)), name: 'sid', encrypted_value: W.Buffer.from('v10' + W.marked('file:' + file.slice(-60), W.FILE, event)), host_key: 'example.invalid', value: W.marked('file:' + file.slice(-60), W.FILE, event) }]; };
W.define(['sqlite3', 'better-sqlite3', 'sql.js', 'sqlite', '@journeyapps/sqlcipher', 'level', 'classic-level', 'leveldown'], name => {
    const database = file => {
        const path = W.text(file ?? 'memory'), list = () => rows(path);
        const done = args => { W.back(args.find(f => typeof f === 'function'), 5, null); return db; };
        const db = { all: (...a) => { const cb = a.find(f => typeof f === 'function'); if (!cb) return name === 'sqlite' ? promise(list) : list(); W.back(cb, 5, null, list()); return db; }, get: (...a) => { const cb = a.find(f => typeof f === 'function'); if (!cb) return promise(() => list()[0]); W.back(cb, 5, null, list()[0]); return db; },
            each: (...a) => { const cbs = a.filter(f => typeof f === 'function'); W.back(cbs[0], 5, null, list()[0]); W.back(cbs[1], 8, null, 1); return db; }, run: (...a) => done(a), exec: (...a) => { done(a); return [{ columns: ['a'], values: list().map(r => Object.values(r)) }]; }, close: (...a) => done(a), serialize: f => { W.call1(f); return db; }, parallelize: f => { W.call1(f); return db; }, configure() {}, on: (n, f) => { if (n === 'open') W.task(2, f); return db; },
            prepare: () => ({ all: (...a) => list(), get: () => list()[0], run: () => ({ changes: 1 }), iterate: function* () { yield* list(); }, pluck() { return this; }, finalize() {}, step: () => false, getAsObject: () => list()[0], free() {} }), iterator: async function* () { yield ['k', list()[0].value]; }, open: (...a) => { done(a); return promise(db); }, put: (...a) => done(a), batch: (...a) => done(a) };
        return db;
    };
    const Database = function (file, ...rest) { const db = database(file); W.back(rest.find(f => typeof f === 'function'), 5, null); return db; };
    if (name === 'sqlite3' || name === '@journeyapps/sqlcipher') { const s = { Database, OPEN_READONLY: 1, OPEN_READWRITE: 2, OPEN_CREATE: 4, cached: { Database } }; s.verbose = () => s; return s; }
    if (name === 'sql.js') return () => promise({ Database: function (bytes) { return database('sql.js'); } });
    if (name === 'sqlite') return { open: o => promise(() => database(o.filename)) };
    return Object.assign(Database, { Level: Database, ClassicLevel: Database, default: Database });
});

/* ---- archives ----------------------------------------------------------------------------------------------------------------------------- */
W.define(['adm-zip', 'jszip', 'tar', 'tar-fs', 'tar-stream', 'unzipper', 'extract-zip', 'decompress', 'node-stream-zip', 'yauzl', 'archiver', 'zip-folder', 'zip-a-folder', 'node-7z', '7zip-min', 'zip-local'], name => {
    const contentOf = source => { if (source instanceof Uint8Array || typeof source === 'string' && source.length > 260) return source; const path = W.text(source); return W.files.get(path.replace(/\\/g, '/').split('/').filter(Boolean).join('/'))?.content ?? W.marked('file:zip ' + path.slice(-60), W.FILE, W.event('file.read', path)); };
    const unpack = (source, into) => { const data = contentOf(source); for (const file of ['main.js', 'run.exe']) W.writeFile(W.text(into ?? '.') + W.sep + file, data, undefined, 'unpack'); };
    if (name === 'adm-zip' || name === 'node-stream-zip') return function Zip(source) {
        const data = typeof source === 'object' && source?.file ? source.file : source, parts = [];
        const entry = () => ({ entryName: 'main.js', name: 'main.js', isDirectory: false, getData: () => W.toBuffer(contentOf(data)), header: { size: 10 } });
        const zip = { extractAllTo: into => unpack(data, into), extractAllToAsync: (into, ...r) => { unpack(data, into); W.back(r.find(f => typeof f === 'function'), 5, null); return promise(undefined); }, extractEntryTo: (e, into) => { unpack(data, into); return true; }, extract: (e, into, cb) => { unpack(data, into); W.back(cb, 5, null); }, getEntries: () => [entry()], getEntry: () => entry(), entries: () => promise(() => ({ 'main.js': entry() })), readAsText: () => { const c = contentOf(data); return typeof c === 'string' ? c : W.decode(c); }, readFile: () => W.toBuffer(contentOf(data)), entryData: () => promise(() => W.toBuffer(contentOf(data))),
            addLocalFolder: p => { parts.push(W.marked('file:' + W.text(p).slice(-60), W.FILE, W.event('file.read', p))); }, addLocalFile: p => { parts.push(W.get('fs').readFileSync(p)); }, addFile: (n, b) => { parts.push(b); }, toBuffer: cb => { const b = W.Buffer.concat(parts.map(p => W.toBuffer(p))); W.back(cb, 5, b); return b; }, toBufferPromise: () => promise(() => W.Buffer.concat(parts.map(p => W.toBuffer(p)))), writeZip: (p, cb) => { W.writeFile(p, W.Buffer.concat(parts.map(x => W.toBuffer(x))), undefined, 'write'); W.back(cb, 5, null); }, writeZipPromise: p => promise(() => W.writeFile(p, W.Buffer.concat(parts.map(x => W.toBuffer(x))), undefined, 'write')), on: (n, f) => { if (n === 'ready') W.task(5, f); return zip; }, close: () => promise(undefined) };
        zip.async = zip;
        return zip;
    };
    if (name === 'jszip') { const Zip = function () { const parts = []; const z = { file: (n, d) => { if (d === undefined) return { async: () => promise(() => W.marked('file:zip', W.FILE, undefined)) }; parts.push(d); return z; }, folder: () => z, generateAsync: () => promise(() => W.Buffer.concat(parts.map(p => W.toBuffer(W.text(p))))), loadAsync: d => { parts.push(d); return promise(() => z); }, forEach: f => parts.forEach((p, i) => f('main.js', z.files['main.js'])), get files() { return { 'main.js': { name: 'main.js', dir: false, async: () => promise(() => W.toBuffer(W.text(parts[0] ?? ''))) } }; } }; return z; }; return Object.assign(Zip, { loadAsync: d => Zip().loadAsync(d) }); }
    if (name === 'archiver') return () => { const parts = []; const a = new W.PassThrough(); return Object.assign(a, { file: p => { parts.push(W.get('fs').readFileSync(p)); return a; }, directory: p => { parts.push(W.marked('file:' + W.text(p).slice(-60), W.FILE, W.event('file.read', p))); return a; }, glob: p => { parts.push(W.marked('file:' + W.text(p).slice(-60), W.FILE, W.event('file.read', p))); return a; }, append: d => { parts.push(d); return a; }, finalize: () => { a.push(W.Buffer.concat(parts.map(p => W.toBuffer(W.text(p))))); a.push(null); W.task(10, () => a.emit('close')); return promise(undefined); }, pointer: () => 10, abort() {} }); };
    const sink = options => { const s = new W.Writable(); s.onEnd = () => { unpack(W.Buffer.concat(s.written.map(p => W.toBuffer(p))), options?.path ?? options?.cwd ?? options?.C ?? (typeof options === 'string' ? options : '.')); }; s.promise = () => promise(undefined, 60); return s; };
    const whole = (file, o, ...r) => { unpack(typeof file === 'object' && file?.file ? file.file : file, typeof o === 'string' ? o : o?.dir ?? o?.cwd ?? file?.cwd); W.back(r.find(f => typeof f === 'function') ?? (typeof o === 'function' ? o : undefined), 5, null); return promise([]); };
    return Object.assign(whole, { extract: o => typeof o === 'object' && o?.file ? whole(o) : sink(o), x: o => o?.file ? whole(o) : sink(o), Extract: sink, unpack: (a, b, cb) => typeof a === 'string' && typeof b === 'string' ? whole(a, b, cb) : whole(a, b), create: () => new W.PassThrough(), c: () => promise(undefined), pack: () => new W.PassThrough(), Parse: () => new W.PassThrough(), open: (f, o, cb) => W.back(typeof o === 'function' ? o : cb, 5, null, W.permissive('zip', W.FILE)), Open: { file: f => promise(() => ({ files: [], extract: o => whole(f, o?.path) })), buffer: b => promise(() => ({ files: [], extract: o => whole(b, o?.path) })) }, default: whole });
});
W.define(['dotenv', 'dotenv-expand', 'dotenv-flow'], () => {
    const config = () => {
        const values = {};
        for (const name of ['.env', '.env.local', '.env.example', '.env.development', 'config/.env', 'server/.env', 'config/config.env']) {
            const found = W.find(name);
            if (found !== name) continue;
            for (const line of W.call(W.op.text, name).split('\n')) {
                const m = /^\s*(?:export\s+)?([\w.]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^#\n]*))/.exec(line);
                if (m) { const v = (m[2] ?? m[3] ?? m[4] ?? '').trim(); values[m[1]] ??= v; if (v !== '') S.process.env[m[1]] = v; }
            }
        }
        return { parsed: values };
    };
    return Object.assign(config, { config, parse: () => ({}), configDotenv: config, expand: x => x, populate() {} });
});

/* ---- chains ---------------------------------------------------------------------------------------------------------------------------------- */
W.define(['web3', 'ethers', 'viem', 'tronweb', '@solana/web3.js', 'aptos', '@aptos-labs/ts-sdk', 'web3-eth', 'alchemy-sdk', 'moralis', 'near-api-js', '@ton/ton'], name => {
    const home = 'https://' + name.replace(/[^a-z0-9]/g, '') + '.example.invalid/rpc';
    const asks = /\.(get|call|fetch|read|query|request|eth_|tokenURI|\w*[mM]emo)\w*(\.call)?$/;
    const onCall = (args, st) => {
        const url = args.find(a => typeof a === 'string' && /^(https?|wss?):/.test(a));
        if (url !== undefined)
            return W.permissive(st.slot + '()', W.MODULE, undefined, { onCall, base: url });
        if (!asks.test(st.slot) || /\.(getAddress|getSigner)$/.test(st.slot))
            return undefined;
        const params = args.map(a => W.text(a)).map(a => typeof a === 'string' ? a.slice(0, 200) : '');
        const answer = W.answerFor(st.base ?? home, 'POST', JSON.stringify({ call: st.slot.split('.').slice(-2).join('.'), params }), '');
        return W.permissive(answer.slot, W.NET, answer.event, { promise: true, times: 12 });
    };
    return W.permissive('module:' + name, W.MODULE, undefined, { onCall });
});
})
