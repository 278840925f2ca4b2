/* events.js - EventEmitter, and streams built on it: enough for pipes, data/end handlers and async iteration. */
(function (host, S, W) {
'use strict';
function EventEmitter() { listeners(this); }
const table = new WeakMap();
const listeners = self => {
    let map = table.get(self);
    if (map === undefined)
        table.set(self, map = new Map());
    return map;
};
const add = (self, name, fn, first, once) => {
    if (typeof fn !== 'function')
        return self;
    const map = listeners(self);
    const list = map.get(name) ?? [];
    const entry = { fn, once };
    map.set(name, first ? [entry, ...list] : [...list, entry]);
    const watch = watchers.get(self);
    if (watch)
        watch(name, fn);
    return self;
};
/* Told of every listener that is added to `self`: producers start when somebody listens. */
const watchers = new WeakMap();
W.watch = (self, fn) => { watchers.set(self, fn); return self; };
/* A handler that was written for another `this` (a bundler's, a browser's, the global object) would throw and show nothing:
 * what it wants is the global object, so that is what it gets, once. */
const handle = (fn, self, args) => {
    try {
        fn.apply(self, args);
    } catch (error) {
        const words = W.errorText(error);
        if (!words.startsWith('TypeError: ') || !/\bthis\b/.test(Function.prototype.toString.call(fn)))
            throw error;
        W.note('threw', words);
        fn.apply(S, args);
    }
};
const methods = {
    on(n, f) { return add(this, n, f); }, addListener(n, f) { return add(this, n, f); }, once(n, f) { return add(this, n, f, false, true); },
    prependListener(n, f) { return add(this, n, f, true); }, prependOnceListener(n, f) { return add(this, n, f, true, true); },
    off(n, f) {
        const map = listeners(this);
        map.set(n, (map.get(n) ?? []).filter(e => e.fn !== f));
        return this;
    },
    removeListener(n, f) { return methods.off.call(this, n, f); },
    removeAllListeners(n) { n === undefined ? listeners(this).clear() : listeners(this).delete(n); return this; },
    emit(n, ...args) {
        const list = listeners(this).get(n) ?? [];
        for (const entry of list) {
            if (entry.once)
                methods.off.call(this, n, entry.fn);
            handle(entry.fn, this, args);
        }
        return list.length > 0;
    },
    listeners(n) { return (listeners(this).get(n) ?? []).map(e => e.fn); }, rawListeners(n) { return this.listeners(n); },
    listenerCount(n) { return (listeners(this).get(n) ?? []).length; }, eventNames() { return [...listeners(this).keys()]; },
    setMaxListeners() { return this; }, getMaxListeners() { return 10; },
};
const give = (proto, members) => {
    for (const [name, value] of Object.entries(members))
        Object.defineProperty(proto, name, { value, writable: true, configurable: true });
};
W.give = give;
give(EventEmitter.prototype, methods);
const later = (self, name, ...args) => W.task(1, () => self.emit(name, ...args));
Object.assign(EventEmitter, {
    EventEmitter, defaultMaxListeners: 10, captureRejectionSymbol: Symbol('nodejs.rejection'), errorMonitor: Symbol('events.errorMonitor'),
    once: (self, name) => new W.S.Promise(yes => self.once(name, (...a) => yes(a))), listenerCount: (self, n) => self.listenerCount(n), setMaxListeners: () => {},
    on: (self, name) => ({ async *[Symbol.asyncIterator]() { yield await EventEmitter.once(self, name); } }), getEventListeners: (self, n) => self.listeners?.(n) ?? [],
});
W.EventEmitter = EventEmitter;
W.define('events', () => EventEmitter);

/* A class that also works as Base.call(this) and with util.inherits. */
const classic = W.classic = (Base, make, members = {}) => {
    function Class(...args) {
        const self = new.target === undefined && !(this instanceof Class) ? Object.create(Class.prototype) : this;
        Base.call(self, ...args);
        make?.call(self, ...args);
        return self;
    }
    Class.prototype = Object.create(Base.prototype, { constructor: { value: Class, writable: true, configurable: true } });
    Object.setPrototypeOf(Class, Base);
    give(Class.prototype, members);
    return Class;
};
const Stream = classic(EventEmitter, null, {
    pipe(to) {
        this.on('data', chunk => to.write?.(chunk));
        this.on('end', () => { if (to !== S.process?.stdout && to !== S.process?.stderr) to.end?.(); });
        to.emit?.('pipe', this);
        return to;
    },
    destroy(error) { this.destroyed = true; if (error) later(this, 'error', error); later(this, 'close'); return this; },
    unpipe() { return this; }, pause() { return this; }, resume() { return this.flow?.() ?? this; }, isPaused() { return false; }, setEncoding(e) { this.encoding = e; return this; },
    ref() { return this; }, unref() { return this; }, cork() {}, uncork() {}, setDefaultEncoding() { return this; },
    [Symbol.asyncIterator]() { return collect(this); },
});
async function* collect(self) {
    const chunks = [];
    await new Promise(done => { self.on('data', c => chunks.push(c)); self.on('end', done); self.on('error', done); self.on('close', done); W.task(50, done); });
    yield* chunks;
}
Stream.prototype[Symbol.asyncIterator] = function () { return collect(this); };
/* A readable with chunks that flow as soon as somebody listens. */
const Readable = classic(Stream, function (options = {}) {
    this.readable = true;
    this.chunks = [];
    this.readableEnded = false;
    if (typeof options?.read === 'function')
        this._read = options.read;
    W.watch(this, name => { if (name === 'data' || name === 'readable') W.task(1, () => this.flow()); else if (name === 'end') W.task(30, () => this.flow()); });
}, {
    push(chunk) {
        if (chunk === null) { this.finished = true; } else { this.chunks.push(chunk); }
        if (this.flowing)
            W.task(1, () => this.flow());
        return true;
    },
    flow() {
        this.flowing = true;
        if (!this.asked && typeof this._read === 'function') {
            this.asked = true;
            this._read(65536);
        }
        while (this.chunks.length > 0) {
            const chunk = this.chunks.shift();
            this.emit('data', this.encoding && chunk instanceof Uint8Array ? W.decode(chunk, this.encoding) : chunk);
        }
        if (this.finished && !this.readableEnded) {
            this.readableEnded = true;
            this.emit('end');
            this.emit('close');
        }
        return this;
    },
    read() { return this.chunks.shift() ?? null; },
    _destroy(e, cb) { cb?.(e); },
});
Readable.from = items => {
    const r = new Readable();
    W.task(1, async () => { for await (const item of typeof items === 'string' || items instanceof Uint8Array ? [items] : items) r.push(item); r.push(null); r.flow(); });
    return r;
};
const Writable = classic(Stream, function (options = {}) {
    this.writable = true;
    this.written = [];
    for (const name of ['write', 'final', 'transform', 'flush'])
        if (typeof options?.[name] === 'function')
            this['_' + name] = options[name];
}, {
    write(chunk, encoding, callback) {
        if (typeof encoding === 'function') { callback = encoding; encoding = undefined; }
        if (this._transform)
            this._transform(chunk, encoding, (e, out) => { if (out !== undefined && out !== null) this.push(out); });
        else if (this._write)
            this._write(chunk, encoding, () => {});
        else
            this.written.push(chunk);
        W.back(callback, 1);
        return true;
    },
    end(chunk, encoding, callback) {
        if (typeof chunk === 'function') { callback = chunk; chunk = undefined; }
        if (typeof encoding === 'function') { callback = encoding; encoding = undefined; }
        if (chunk !== undefined && chunk !== null)
            this.write(chunk, encoding);
        if (this.writableEnded)
            return this;
        this.writableEnded = true;
        const done = () => { this.onEnd?.(); this.push?.(null); later(this, 'finish'); later(this, 'close'); W.back(callback, 1); };
        if (this._flush) this._flush((e, out) => { if (out) this.push(out); done(); });
        else if (this._final) this._final(done);
        else done();
        return this;
    },
});
const Duplex = classic(Readable, function (options) { Writable.call(this, options); }, {});
give(Duplex.prototype, { write: Writable.prototype.write, end: Writable.prototype.end });
const Transform = classic(Duplex, null, {});
const PassThrough = classic(Transform, null, { _transform(chunk, e, cb) { cb(null, chunk); } });
const finished = (stream, options, callback) => { stream.on('end', () => W.call1(callback ?? options)); stream.on('finish', () => W.call1(callback ?? options)); return () => {}; };
const pipeline = (...parts) => {
    const callback = typeof parts[parts.length - 1] === 'function' && parts.length > 2 ? parts.pop() : undefined;
    parts = parts.flat();
    for (let i = 0; i + 1 < parts.length; i++)
        parts[i].pipe?.(parts[i + 1]);
    W.back(callback, 60);
    return parts[parts.length - 1];
};
Object.assign(W, { Stream, Readable, Writable, Duplex, Transform, PassThrough });
W.define('stream', () => Object.assign(Stream, { Stream, Readable, Writable, Duplex, Transform, PassThrough, finished, pipeline, promises: W.get('stream/promises'), addAbortSignal: (s, x) => x, isReadable: () => true }));
W.define('stream/promises', () => ({ pipeline: async (...p) => { pipeline(...p); await W.promise(undefined, 60); }, finished: () => W.promise(undefined, 60) }));
W.define('stream/web', () => ({ ReadableStream: W.globals.ReadableStream, WritableStream: W.globals.WritableStream, TransformStream: W.globals.TransformStream }));
W.define('stream/consumers', () => ({ text: async s => (await all(s)).toString(), buffer: all, json: async s => S.JSON.parse((await all(s)).toString()), arrayBuffer: async s => (await all(s)).buffer }));
const all = async s => { const parts = []; for await (const c of s) parts.push(W.toBuffer(c)); return W.Buffer.concat(parts); };
})
