/* net.js - http, https, http2, sockets, dns: nothing leaves, everything answers. Building an object is no deed: only a
 * request, a connection or a write is told. */
(function (host, S, W) {
'use strict';
const urlOf = (input, options, scheme) => {
    if (typeof input === 'string') return [input, options];
    if (W.isPermissive(input)) return [String(input), options];
    if (input instanceof W.URL) return [input.href, options];
    const o = input ?? {};
    const protocol = W.text(o.protocol || scheme).replace(/:?$/, ':'), name = W.text(o.hostname ?? o.host ?? 'localhost');
    const port = o.port === undefined || o.port === null || /:\d+$/.test(name) ? '' : ':' + W.text(o.port);
    return [protocol + '//' + name + port + W.text(o.path ?? o.pathname ?? '/'), o];
};
const response = answer => {
    const r = new W.Readable();
    Object.assign(r, { statusCode: answer.status, statusMessage: 'OK', headers: answer.headers, rawHeaders: [], httpVersion: '1.1', complete: true, url: answer.url, socket: socket(), trailers: {} });
    r.push(W.Buffer.from(answer.text));
    r.push(null);
    W.origins.set(r, answer);
    return r;
};
W.origins = new WeakMap();
W.refused = url => W.error('connect ECONNREFUSED 192.0.2.1:443', { code: 'ECONNREFUSED', errno: -111, syscall: 'connect' });
const socket = () => {
    const s = new W.Duplex();
    let place = ['', ''], protocol = 'tcp', connected = false;
    const told = [];
    Object.assign(s, { remoteAddress: '192.0.2.1', remotePort: 443, localAddress: '192.0.2.15', localPort: 50000, authorized: true, encrypted: true, connecting: false, readyState: 'open', bytesRead: 0, bytesWritten: 0,
        setTimeout(ms, f) { return s; }, setNoDelay() { return s; }, setKeepAlive() { return s; }, address: () => ({ address: '192.0.2.15', port: 50000, family: 'IPv4' }), getPeerCertificate: () => ({ subject: {} }), getCipher: () => ({}), destroySoon() {}, setServername() {}, resetAndDestroy() {} });
    s.connect = (...args) => {
        const callback = typeof args[args.length - 1] === 'function' ? args.pop() : undefined;
        const o = typeof args[0] === 'object' && args[0] !== null ? args[0] : typeof args[0] === 'string' && args.length === 1 && !/^\d+$/.test(args[0]) ? { path: args[0] } : { port: args[0], host: typeof args[1] === 'string' || W.isPermissive(args[1]) ? args[1] : 'localhost' };
        const pipe = o.path ?? (typeof o.port === 'string' && !/^\d*$/.test(o.port) ? o.port : undefined);
        place = pipe !== undefined ? [W.text(pipe), ''] : [W.text(o.host ?? o.path ?? 'localhost'), W.text(o.port === undefined ? '' : String(o.port))];
        const event = W.event('net.connect', place[0], place[1], '', protocol = pipe !== undefined ? 'unix' : 'tcp');
        connected = true;
        if (W.failing()) {
            W.task(20, () => s.emit('error', W.refused()));
            return s;
        }
        const slot = 'net:tcp ' + place.join(':');
        W.task(20, () => { s.emit('connect'); s.emit('secureConnect'); s.emit('ready'); W.call1(callback); });
        W.task(40, () => { s.push(W.Buffer.from(W.marked(slot, W.NET, event, 8) + '\n')); s.flow(); });
        W.task(400, () => { s.push(null); s.flow(); });
        return s;
    };
    s.write = (data, encoding, callback) => {
        if (connected && told.length < 12) { told.push(1); W.event('net.connect', place[0], place[1], data, protocol); }
        W.back(typeof encoding === 'function' ? encoding : callback, 1);
        return true;
    };
    return s;
};
W.socket = socket;
const request = (scheme, input, options, callback) => {
    if (typeof options === 'function') { callback = options; options = undefined; }
    let [url, o] = urlOf(input, options, scheme);
    const headers = {}, given = o?.headers;
    if (given && !W.isPermissive(given)) Object.assign(headers, given);
    const r = new W.Writable();
    let sent = false;
    Object.assign(r, { method: o?.method || 'GET', path: '/', host: '', protocol: scheme, socket: null, aborted: false, setTimeout() { return r; }, abort() { r.aborted = true; }, setHeader(k, v) { headers[k] = v; return r; }, getHeader: k => headers[k], removeHeader() {}, flushHeaders() {}, setNoDelay() {}, setSocketKeepAlive() {}, hasHeader: () => false, getHeaders: () => headers });
    if (typeof callback === 'function') r.once('response', callback);
    r.onEnd = () => {
        if (sent || r.aborted) return;
        sent = true;
        const body = r.written.length === 0 ? '' : r.written.every(p => typeof p === 'string') ? r.written.join('') : W.Buffer.concat(r.written.map(p => W.toBuffer(p)));
        if (o?.auth) headers.authorization = W.text(o.auth);
        const answer = W.answerFor(url, r.method, body, Object.keys(headers).length === 0 ? '' : headers);
        W.task(20, () => {
            r.emit('socket', socket());
            if (answer.failing) r.emit('error', W.refused(url));
            else r.emit('response', response(answer));
        });
    };
    return r;
};
const server = handler => {
    const s = new W.EventEmitter();
    s.listen = (...args) => {
        const callback = args.find(a => typeof a === 'function');
        W.event('net.listen', typeof args[1] === 'string' ? args[1] : W.text(args[0]?.host ?? ''), W.text(args[0]?.port ?? args[0] ?? ''));
        W.task(5, () => { s.emit('listening'); W.call1(callback); });
        return s;
    };
    Object.assign(s, { close: cb => { W.back(cb, 1); return s; }, address: () => ({ address: '::', port: 3000, family: 'IPv6' }), setTimeout: () => s, unref: () => s, ref: () => s, listening: true, closeAllConnections() {}, keepAliveTimeout: 5000, timeout: 0 });
    if (typeof handler === 'function') s.on('request', handler);
    return s;
};
class Agent { constructor(options) { this.options = options ?? {}; this.sockets = {}; this.requests = {}; } destroy() {} addRequest() {} }
const http = scheme => {
    const module = {
        request: (a, b, c) => request(scheme, a, b, c), get: (a, b, c) => { const r = request(scheme, a, b, c); r.end(); return r; }, createServer: (o, h) => server(typeof o === 'function' ? o : h), Agent, globalAgent: new Agent(),
        METHODS: ['GET', 'POST', 'PUT', 'DELETE', 'HEAD', 'OPTIONS', 'PATCH'], STATUS_CODES: { 200: 'OK', 301: 'Moved Permanently', 302: 'Found', 400: 'Bad Request', 401: 'Unauthorized', 403: 'Forbidden', 404: 'Not Found', 500: 'Internal Server Error' },
        IncomingMessage: W.classic(W.Readable), ServerResponse: W.classic(W.Writable), OutgoingMessage: W.classic(W.Writable), ClientRequest: W.classic(W.Writable), Server: W.classic(W.EventEmitter), maxHeaderSize: 16384, validateHeaderName() {}, validateHeaderValue() {}, setMaxIdleHTTPParsers() {},
    };
    module.IncomingMessage.prototype.__proto__ ??= null;
    return module;
};
W.define('http', () => http('http:'));
W.define('https', () => http('https:'));
W.define('http2', () => ({ connect: base => { const s = new W.EventEmitter(); s.request = h => { const r = request('https:', W.text(base) + (h?.[':path'] ?? '/'), { method: h?.[':method'], headers: h }); r.setEncoding = () => r; r.on('response', m => m.on('data', d => r.emit('data', d)).on('end', () => r.emit('end'))); W.task(2, () => r.end()); return r; }; s.close = s.destroy = () => {}; return s; },
    createServer: server, createSecureServer: server, constants: W.permissive('http2.constants', W.MODULE), sensitiveHeaders: Symbol('sensitive'), getDefaultSettings: () => ({}) }));
for (const name of ['_http_client', '_http_common', '_http_agent', '_http_server', '_http_outgoing', '_http_incoming', '_tls_wrap', '_tls_common', '_stream_readable', '_stream_writable', '_stream_transform', '_stream_duplex', '_stream_passthrough'])
    W.define(name, () => name.startsWith('_stream') ? W.Stream : W.get('http'));
const Socket = function Socket() { return socket(); };
const connect = (...args) => socket().connect(...args);
W.define('net', () => ({ Socket, Stream: Socket, connect, createConnection: connect, createServer: server, Server: function () { return server(); }, isIP: t => /^\d+\.\d+\.\d+\.\d+$/.test(t) ? 4 : /:/.test(t) ? 6 : 0, isIPv4: t => /^\d+\.\d+\.\d+\.\d+$/.test(t), isIPv6: t => /:/.test(t), setDefaultAutoSelectFamily() {}, BlockList: class {} }));
W.define('tls', () => ({ connect, TLSSocket: Socket, createServer: server, createSecureContext: () => ({}), rootCertificates: [], checkServerIdentity: () => undefined, DEFAULT_MIN_VERSION: 'TLSv1.2', DEFAULT_MAX_VERSION: 'TLSv1.3' }));
W.define('dgram', () => ({ createSocket: () => {
    const s = new W.EventEmitter();
    return Object.assign(s, { send: (data, ...rest) => { const nums = rest.filter(a => typeof a === 'number'), name = rest.find(a => typeof a === 'string' || W.isPermissive(a)); W.event('net.connect', W.text(name ?? 'localhost'), String(nums[nums.length - 1] ?? ''), data, 'udp'); W.back(rest.find(a => typeof a === 'function'), 2, null); },
        bind(...a) { W.task(2, () => s.emit('listening')); return s; }, close() {}, setBroadcast() {}, unref() { return s; }, ref() { return s; }, address: () => ({ address: '0.0.0.0', port: 5353 }), addMembership() {} });
} }));
const lookUp = (name, type) => {
    const event = W.event('net.dns', name, type);
    const mark = () => W.marked('dns:' + type + ' ' + W.text(name).replace(/(q7x.....)+/g, '*').slice(0, 80), W.NET, event, 4);
    return { A: () => ['192.0.2.7'], AAAA: () => ['2001:db8::7'], TXT: () => [[mark()]], MX: () => [{ exchange: 'mx.example.invalid', priority: 1 }], CNAME: () => [mark()], NS: () => ['ns.example.invalid'], PTR: () => ['host.example.invalid'], SRV: () => [{ name: 'a', port: 1 }], SOA: () => ({ nsname: 'ns' }) }[type]?.() ?? [mark()];
};
const dnsCall = type => (name, ...rest) => {
    const callback = rest.find(a => typeof a === 'function'), list = lookUp(name, type);
    W.back(callback, 10, null, list);
};
const dnsBase = () => {
    const dns = { lookup: (name, o, cb) => { const callback = typeof o === 'function' ? o : cb; lookUp(name, 'A'); if (o?.all) W.back(callback, 10, null, [{ address: '192.0.2.7', family: 4 }]); else W.back(callback, 10, null, '192.0.2.7', 4); },
        resolve: (name, type, cb) => dnsCall(typeof type === 'string' ? type : 'A')(name, typeof type === 'function' ? type : cb), lookupService: (a, p, cb) => W.back(cb, 5, null, 'host.example.invalid', 'http'), reverse: (a, cb) => W.back(cb, 5, null, ['host.example.invalid']),
        setServers() {}, getServers: () => ['192.0.2.53'], setDefaultResultOrder() {}, getDefaultResultOrder: () => 'verbatim' };
    for (const [name, type] of [['resolve4', 'A'], ['resolve6', 'AAAA'], ['resolveTxt', 'TXT'], ['resolveMx', 'MX'], ['resolveCname', 'CNAME'], ['resolveNs', 'NS'], ['resolvePtr', 'PTR'], ['resolveSrv', 'SRV'], ['resolveSoa', 'SOA'], ['resolveAny', 'A']])
        dns[name] = dnsCall(type);
    return dns;
};
W.define('dns/promises', () => {
    const out = {};
    for (const [name, fn] of Object.entries(dnsBase()))
        out[name] = (...a) => new W.S.Promise((yes, no) => { if (/^(set|get)/.test(name)) yes(fn(...a)); else fn(...a, (e, v, f) => e ? no(e) : yes(name === 'lookup' && !Array.isArray(v) ? { address: v, family: f } : v)); });
    return { ...out, Resolver: class { constructor() { Object.assign(this, out); } } };
});
W.define('dns', () => Object.assign(dnsBase(), { promises: W.get('dns/promises'), Resolver: class { constructor() { Object.assign(this, dnsBase()); } } }));

/* ---- fetch and its relatives -------------------------------------------------------------------------------------------- */
class Headers {
    constructor(init) { this.map = new Map(); if (init && !W.isPermissive(init)) for (const [k, v] of init instanceof Headers ? init.map : Array.isArray(init) ? init : Object.entries(init)) this.map.set(String(k).toLowerCase(), v); }
    get(k) { const v = this.map.get(String(k).toLowerCase()); return v !== undefined ? v : this.answer ? this.answer.headers[String(k).toLowerCase()] ?? null : null; }
    set(k, v) { this.map.set(String(k).toLowerCase(), v); } append(k, v) { this.set(k, v); } has(k) { return this.map.has(String(k).toLowerCase()); } delete(k) { this.map.delete(String(k).toLowerCase()); }
    entries() { return this.map.entries(); } keys() { return this.map.keys(); } values() { return this.map.values(); } forEach(f) { this.map.forEach((v, k) => f(v, k)); } [Symbol.iterator]() { return this.map.entries(); } raw() { return Object.fromEntries(this.map); }
}
W.Headers = Headers;
class Request { constructor(url, o = {}) { this.url = W.text(url?.url ?? url); Object.assign(this, W.isPermissive(o) ? {} : o); this.method = o.method ?? 'GET'; this.headers = new Headers(o.headers); } clone() { return this; } }
class Response {
    constructor(body, o = {}) { this.given = body; this.status = o.status ?? 200; this.ok = this.status < 400; this.headers = new Headers(o.headers); this.statusText = 'OK'; this.url = ''; this.redirected = false; this.type = 'basic'; this.bodyUsed = false; }
    get body() { const s = new W.Readable(); s.push(W.Buffer.from(this.textNow())); s.push(null); s.getReader = () => { let done = false; return { read: async () => done ? { done: true, value: undefined } : (done = true, { done: false, value: W.encode(this.textNow()) }), cancel: async () => {}, releaseLock() {} }; }; s.pipeTo = async () => {}; s.pipeThrough = x => s; return s; }
    textNow() { return this.answer ? this.answer.text : typeof this.given === 'string' ? this.given : this.given === undefined || this.given === null ? '' : W.decode(W.toBuffer(W.text(this.given))); }
    async text() { return this.textNow(); }
    async json() { return this.answer ? this.answer.value() : S.JSON.parse(this.textNow()); }
    async arrayBuffer() { return W.encode(this.textNow()).buffer; } async bytes() { return W.encode(this.textNow()); } async blob() { return new W.globals.Blob([this.textNow()]); } async buffer() { return W.Buffer.from(this.textNow()); } async formData() { return new W.FormData(); }
    clone() { return this; }
}
const fetch = (input, options) => {
    const o = options ?? (input instanceof Request ? input : {});
    const answer = W.answerFor(input instanceof Request ? input.url : urlOf(input, o, 'http:')[0], W.isPermissive(o) ? 'GET' : o.method ?? 'GET', W.isPermissive(o) ? '' : o.body, W.isPermissive(o) ? '' : o.headers);
    return new W.S.Promise((yes, no) => W.task(20, () => {
        if (answer.failing) { no(Object.assign(new W.S.TypeError('fetch failed'), { cause: W.refused() })); return; }
        const r = new Response('', { status: answer.status });
        r.answer = answer;
        r.headers.answer = answer;
        r.url = answer.url;
        yes(r);
    }));
};
W.fetch = fetch;
class XMLHttpRequest extends W.EventEmitter {
    open(method, url) { this.how = [method, url]; this.sentHeaders = {}; this.readyState = 1; }
    setRequestHeader(k, v) { this.sentHeaders[k] = v; }
    send(body) {
        const answer = W.answerFor(this.how?.[1] ?? '', this.how?.[0], body, this.sentHeaders);
        W.task(20, () => {
            if (answer.failing) { W.call1(this.onerror, { type: 'error' }); this.emit('error', {}); return; }
            this.readyState = 4;
            this.status = answer.status;
            this.statusText = 'OK';
            this.responseText = answer.text;
            this.responseURL = answer.url;
            this.response = this.responseType === 'json' ? answer.value() : answer.text;
            for (const name of ['readystatechange', 'load', 'loadend']) { W.attempt(() => this['on' + name]?.call(this, { type: name, target: this })); this.emit(name, { target: this }); }
        });
    }
    addEventListener(n, f) { this.on(n, f); } removeEventListener() {} abort() {} overrideMimeType() {} getResponseHeader(k) { return this.answer?.headers[k] ?? null; } getAllResponseHeaders() { return ''; }
    get upload() { return new W.EventEmitter(); }
}
XMLHttpRequest.DONE = 4;
/* Web sockets of both kinds: handlers as properties, addEventListener, and ws's emitter. */
function WebSocket(url, ...rest) {
    const s = new W.EventEmitter();
    Object.setPrototypeOf(s, WebSocket.prototype);
    const address = W.text(url);
    const event = W.event('net.connect', address, '', '', 'websocket');
    let sent = 0;
    Object.assign(s, { url: address, readyState: 1, bufferedAmount: 0, protocol: '', send(data, ...more) { if (sent++ < 12) W.event('net.connect', address, '', data, 'websocket'); W.back(more.find(f => typeof f === 'function'), 1); }, close() {}, terminate() {}, ping() {}, pong() {}, addEventListener(n, f) { s.on(n, e => f(e)); }, removeEventListener() {}, _socket: socket() });
    if (W.failing()) { W.task(20, () => { W.call1(s.onerror, { message: 'refused' }); s.emit('error', W.refused()); W.call1(s.onclose, { code: 1006 }); s.emit('close', 1006); }); return s; }
    W.task(20, () => { W.attempt(() => s.onopen?.({ type: 'open', target: s })); s.emit('open'); });
    W.task(40, () => { const data = W.marked('net:ws ' + address.slice(0, 80), W.NET, event, 8); const message = { data, type: 'message', target: s }; W.attempt(() => s.onmessage?.(message)); s.emit('message', Object.assign(W.Buffer.from(data), { data, utf8Data: data, type: 'utf8' }), false); });
    return s;
}
WebSocket.prototype = Object.create(W.EventEmitter.prototype, { constructor: { value: WebSocket } });
Object.assign(WebSocket, { CONNECTING: 0, OPEN: 1, CLOSING: 2, CLOSED: 3, WebSocket });
class EventSource extends W.EventEmitter {
    constructor(url) { super(); const answer = W.answerFor(url, 'GET', '', ''); W.task(20, () => { W.attempt(() => this.onmessage?.({ data: answer.text })); this.emit('message', { data: answer.text }); }); }
    addEventListener(n, f) { this.on(n, f); } close() {}
}
class FormData {
    constructor() { this.__form = []; } append(k, v, name) { this.__form.push([W.text(k), W.streamOf?.get(v)?.() ?? v]); } set(k, v) { this.append(k, v); } get(k) { return this.__form.find(p => p[0] === k)?.[1]; } has(k) { return this.__form.some(p => p[0] === k); }
    getHeaders() { return { 'content-type': 'multipart/form-data; boundary=x' }; } getBoundary() { return 'x'; } getLength(cb) { W.back(cb, 1, null, 10); } getLengthSync() { return 10; } getBuffer() { return W.Buffer.from(W.text(this)); } entries() { return this.__form[Symbol.iterator](); } [Symbol.iterator]() { return this.entries(); }
    pipe(to) { to.write?.(W.text(this)); W.task(1, () => to.end?.()); return to; } submit(target, cb) { const answer = W.answerFor(typeof target === 'string' ? target : urlOf(target, {}, 'https:')[0], 'POST', this, ''); W.back(cb, 20, null, response(answer)); } on() { return this; } resume() {}
}
W.FormData = FormData;
W.response = response;
W.urlOf = urlOf;
Object.assign(W.globals, { fetch, Headers, Request, Response, XMLHttpRequest, WebSocket, EventSource, FormData });
})
