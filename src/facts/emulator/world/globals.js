/* globals.js - what stands in the sample's global object: Node's globals, timers on the virtual clock, and the few
 * built-ins that let a marked value through where a real answer would have had the right shape. */
(function (host, S, W) {
'use strict';
const own = W.S;
const show = (name, value) => Object.defineProperty(S, name, { value, writable: true, configurable: true, enumerable: false });

/* ---- timers ------------------------------------------------------------------------------------------------------------ */
class Timeout { constructor(task) { this.task = task; } ref() { return this; } unref() { return this; } hasRef() { return true; } refresh() { return this; } close() { W.cancel(this.task); return this; } [Symbol.toPrimitive]() { return this.task?.order ?? 1; } }
const INTERVAL_TURNS = 2;
const code = (fn, how) => typeof fn === 'string' || (W.isPermissive(fn) && W.stateOf(fn).cls !== W.MODULE) ? () => W.evaluate(String(fn), how) : fn;
const setTimeout = (fn, ms, ...args) => { const run = code(fn, 'setTimeout'); return new Timeout(W.task(ms ?? 1, () => typeof run === 'function' && run(...args))); };
const setInterval = (fn, ms, ...args) => {
    const run = code(fn, 'setInterval'), timer = new Timeout();
    let turns = 0;
    const again = () => { timer.task = W.task(ms ?? 1, () => { if (++turns < INTERVAL_TURNS) again(); if (typeof run === 'function') run(...args); }); };
    again();
    return timer;
};
const clear = timer => { if (timer?.task) W.cancel(timer.task); };
const setImmediate = (fn, ...args) => new Timeout(W.task(0, () => typeof fn === 'function' && fn(...args)));
const timers = { setTimeout, setInterval, setImmediate, clearTimeout: clear, clearInterval: clear, clearImmediate: clear, queueMicrotask: fn => { Promise.resolve().then(() => W.attempt(fn)); } };
Object.defineProperty(setTimeout, own.Symbol.for('nodejs.util.promisify.custom'), { value: (ms, v) => W.promise(v, ms) });
W.define('timers', () => ({ ...timers, promises: W.get('timers/promises') }));
W.define('timers/promises', () => ({ setTimeout: (ms, v) => W.promise(v, ms ?? 1), setImmediate: v => W.promise(v, 0), setInterval: async function* (ms, v) { yield v; }, scheduler: { wait: ms => W.promise(undefined, ms), yield: () => W.promise() } }));

/* ---- console ------------------------------------------------------------------------------------------------------------- */
const console = {};
for (const name of ['log', 'error', 'warn', 'info', 'debug', 'trace', 'dir', 'table', 'group', 'groupEnd', 'groupCollapsed', 'time', 'timeEnd', 'timeLog', 'assert', 'count', 'countReset', 'clear', 'dirxml', 'profile', 'profileEnd', 'timeStamp'])
    console[name] = { [name]() {} }[name];
console.Console = function Console() { return console; };
W.define('console', () => console);

/* ---- events of the web --------------------------------------------------------------------------------------------------- */
class EventTarget extends W.EventEmitter { addEventListener(n, f) { this.on(n, typeof f === 'function' ? f : e => f?.handleEvent?.(e)); } removeEventListener(n, f) { this.off(n, f); } dispatchEvent(e) { this.emit(e.type, e); return true; } }
class Event { constructor(type, o) { this.type = type; Object.assign(this, o); } preventDefault() {} stopPropagation() {} stopImmediatePropagation() {} }
class AbortSignal extends EventTarget { constructor() { super(); this.aborted = false; } throwIfAborted() {} static timeout() { return new AbortSignal(); } static abort() { return new AbortSignal(); } static any() { return new AbortSignal(); } }
class AbortController { constructor() { this.signal = new AbortSignal(); } abort() { this.signal.aborted = true; } }
class Port extends EventTarget { postMessage(data) { W.task(1, () => { this.other?.onmessage?.({ data }); this.other?.emit('message', { data }); }); } start() {} close() {} ref() {} unref() {} }
class MessageChannel { constructor() { this.port1 = new Port(); this.port2 = new Port(); this.port1.other = this.port2; this.port2.other = this.port1; } }
const stub = name => ({ [name]: class { constructor(source) { this.source = source; } getReader() { return { read: async () => ({ done: true }), releaseLock() {}, cancel: async () => {} }; } getWriter() { return { write: async () => {}, close: async () => {}, releaseLock() {} }; } pipeThrough(x) { return x; } async pipeTo() {} get readable() { return this; } get writable() { return this; } async *[Symbol.asyncIterator]() {} } })[name];
Object.assign(W.globals, { EventTarget, Event, CustomEvent: Event, AbortController, AbortSignal, MessageChannel, MessagePort: Port, BroadcastChannel: Port, ReadableStream: stub('ReadableStream'), WritableStream: stub('WritableStream'), TransformStream: stub('TransformStream'), CompressionStream: stub('CompressionStream'), DecompressionStream: stub('DecompressionStream'),
    structuredClone: v => { try { return W.isPermissive(v) ? v : own.JSON.parse(W.stringify(v)); } catch (e) { return v; } }, DOMException: class DOMException extends Error { constructor(m, n) { super(m); this.name = n ?? 'Error'; } } });

/* ---- built-ins that understand marks ----------------------------------------------------------------------------------------- */
const patch = (object, name, make) => {
    const plain = object[name], fresh = make(plain);
    Object.defineProperty(fresh, 'name', { value: name, configurable: true });
    Object.defineProperty(object, name, { value: fresh, writable: true, configurable: true, enumerable: false });
};
const marked = W.hasMark;
/* What V8 says of text that is no JSON quotes it. */
const inWords = (error, text) => {
    const bad = /^unexpected token: '([^]*)'$/.exec(error?.message)?.[1];
    if (bad === undefined) return error;
    const at = text.indexOf(bad), from = Math.max(0, at - 10), to = at + 10;
    const shown = text.length <= 40 ? '"' + text + '"' : (from > 0 ? '...' : '') + '"' + text.slice(from, to) + '"' + (to < text.length ? '...' : '');
    error.message = bad === '' ? 'Unexpected end of JSON input' : `Unexpected token '${bad[0]}', ${shown} is not valid JSON`;
    return error;
};
patch(S.JSON, 'parse', plain => function (text, reviver) {
    const words = W.isPermissive(text) ? String(text) : text instanceof Uint8Array ? W.decode(text) : text;
    if (!marked(words)) {
        try {
            return plain(words, reviver);
        } catch (error) {
            throw inWords(error, String(words));
        }
    }
    try {
        return plain(words, reviver);
    } catch (error) {
        const from = W.origin(words);
        return from === undefined ? plain(words, reviver) : W.permissive(from[0] + '{}', from[1], from[2], { times: 12, leaf: W.kindOfWorld() !== 'obj' });
    }
});
patch(S.JSON, 'stringify', plain => function (value, replacer, space) {
    if (W.isPermissive(value)) return '"' + String(value) + '"';
    return plain(value, replacer, space);
});
/* A separator that the answer lacks would be there in a real one. */
patch(S.String.prototype, 'split', plain => function (separator, limit) {
    const parts = plain.call(this, separator, limit);
    if (parts.length === 1 && limit !== 1 && typeof separator !== 'undefined' && marked(parts[0])) {
        const from = W.origin(parts[0]);
        if (from !== undefined && from[1] === W.NET) return own.Array.of(parts[0], parts[0], parts[0]);
    }
    return parts;
});
for (const name of ['exec'])
    patch(S.RegExp.prototype, name, plain => function (text) {
        const found = plain.call(this, text);
        if (found === null && !this.global && !this.sticky && typeof text === 'string' && marked(text) && text.length < 100000) {
            const from = W.origin(text);
            if (from !== undefined && from[1] === W.NET && /\(/.test(this.source)) return Object.assign(own.Array.of(text, text, text, text), { index: 0, input: text, groups: undefined });
        }
        return found;
    });
patch(S.Number, 'isInteger', plain => v => plain(v));
for (const name of ['parseInt', 'parseFloat'])
    patch(S, name, plain => function (v, radix) { const n = plain(W.isPermissive(v) ? String(v) : v, radix); return n !== n && marked(v) && W.origin(v)?.[1] === W.NET ? 7 : n; });

/* A stack as V8 draws it: the error's own line first, no line feed at the end, natives as <anonymous>. */
const drawn = Object.getOwnPropertyDescriptor(S.Error.prototype, 'stack');
const getStack = { 'get stack'() {
    const lines = drawn.get.call(this);
    if (typeof lines !== 'string' || !/^(?: {4}at |$)/.test(lines)) return lines;
    return (W.errorText(this).replace(/: $/, '') + '\n' + lines.replace(/^ {4}at <anonymous> \((.*)\)$/gm, '    at $1')
        .replace(/^ {4}at (?:forEach|map|filter|reduce|some|every|find|flatMap|sort)(?= \(native\)$)/gm, m => '    at Array.' + m.slice(7)).replace(/ \((?:native|missing)\)$/gm, ' (<anonymous>)')).trimEnd();
} }['get stack'];
Object.defineProperty(S.Error.prototype, 'stack', { get: getStack, set: drawn.set, enumerable: false, configurable: true });

/* ---- put in place ------------------------------------------------------------------------------------------------------------ */
W.install = () => {
    W.setup();
    host.seed();
    const process = W.makeProcess();
    show('process', process);
    show('global', S);
    for (const [name, value] of Object.entries({ ...W.globals, ...timers, console }))
        show(name, value);
    show('crypto', W.webcrypto);
    show('navigator', { hardwareConcurrency: 8, language: 'en-US', languages: ['en-US'], platform: 'Linux x86_64', userAgent: 'Node.js/20' });
    Object.defineProperty(S, own.Symbol.toStringTag, { value: 'global', configurable: true });
    const main = new W.Module(W.root + W.sep + 'index.js', null);
    W.main = main;
    S.require = W.requireOf(main);
    S.module = main;
    S.exports = main.exports;
    S.__filename = main.filename;
    S.__dirname = W.root;
    for (const name of JSON.parse(W.option('defined') || '[]'))
        W.foreign(name);
};
})
