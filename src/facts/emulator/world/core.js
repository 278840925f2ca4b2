/* core.js - what every part of the mocked world stands on: events, marked values, permissive objects, the task queue.
 *
 * Runs in the world realm, whose built-ins the sample cannot touch; so the code here may be written plainly. Each file of
 * this folder is one function (host, S, W): host speaks with C, S is the sample's global object, W is the world. */
(function (host, S, W) {
'use strict';
const op = { event: 0, mark: 1, learned: 2, find: 3, text: 4, bytes: 5, source: 6, digest: 7, hmac: 8, cipher: 9, derive: 10,
             inflate: 11, encode: 12, decode: 13, marks: 14, wrote: 15, note: 16, forward: 17, option: 18, script: 19, runs: 20 };
const call = host.call;
W.op = op;
W.call = call;

/* The sample's constructors as they were before it ran. */
const own = W.S = {};
for (const name of ['Object', 'Function', 'Array', 'String', 'Number', 'Boolean', 'Error', 'TypeError', 'RangeError', 'SyntaxError',
    'ReferenceError', 'Promise', 'Map', 'Set', 'Date', 'RegExp', 'Uint8Array', 'ArrayBuffer', 'JSON', 'Math', 'Symbol', 'Proxy', 'Reflect'])
    own[name] = S[name];

/* What we hand out passes for the sample's own: instanceof and .constructor lead there. */
const join = (mine, theirs) => {
    host.chain(mine.prototype, theirs.prototype);
    mine.prototype.constructor = theirs;
};
for (const name of ['Array', 'Promise', 'Map', 'Set', 'RegExp', 'Date'])
    join(globalThis[name], S[name]);
for (const name of ['EvalError', 'RangeError', 'ReferenceError', 'SyntaxError', 'TypeError', 'URIError'])
    globalThis[name].prototype.constructor = S[name];
join(Error, S.Error);
join(Function, S.Function);
host.chain(Object.getPrototypeOf(Uint8Array.prototype), S.Uint8Array.prototype);
Object.prototype.constructor = S.Object;
const kinds = [[async function () {}, S.Function('return async function () {}')()], [function* () {}, S.Function('return function* () {}')()],
               [async function* () {}, S.Function('return async function* () {}')()]];
for (const [mine, theirs] of kinds)
    Object.defineProperty(Object.getPrototypeOf(mine), 'constructor', { value: theirs.constructor, configurable: true });

/* ---- options of this run ------------------------------------------------------------------------------------------ */
W.option = name => call(op.option, name);
W.note = (what, detail) => call(op.note, what, detail === undefined ? '' : String(detail));

/* ---- events and marked values --------------------------------------------------------------------------------------- */
const text = W.text = value => {
    if (typeof value === 'string')
        return value;
    if (value === undefined || value === null)
        return '';
    if (value instanceof Uint8Array)
        return value;
    if (ArrayBuffer.isView(value))
        return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
    try {
        if (typeof value === 'function')
            return isPermissive(value) ? String(value) : '[function]';
        if (typeof value === 'object' && !isPermissive(value)) {
            if (value instanceof S.URLSearchParams || value instanceof S.URL || value instanceof S.Error)
                return String(value);
            if (value.__form)
                return value.__form.map(p => p[0] + '=' + text(p[1])).join('&');
            return JSON.stringify(value, plainly()) ?? '';
        }
        return String(value);
    } catch (e) {
        return '';
    }
};
const plainly = () => {
    let left = 5000;
    const seen = new Set();
    return function (key, value) {
        if (left-- < 0)
            return undefined;
        if (typeof value === 'bigint')
            return String(value);
        if (isPermissive(value))
            return String(value);
        if (typeof value === 'object' && value !== null) {
            if (seen.has(value))
                return undefined;
            seen.add(value);
            if (ArrayBuffer.isView(value) && value.length > 4096)
                return W.decode(value.subarray(0, 65536), 'utf8');
            if (value instanceof Map)
                return [...value];
        }
        return typeof value === 'function' ? undefined : value;
    };
};
W.stringify = value => JSON.stringify(value, plainly());
const clip = value => {
    const t = text(value);
    return t.length > 300000 ? (typeof t === 'string' ? t.slice(0, 300000) : t.subarray(0, 300000)) : t;
};
/* Tells what happened; gives the event's number, which answers that come from it carry. */
W.event = (kind, a, b, c, d) => call(op.event, kind, clip(a), clip(b), clip(c), clip(d));

/* Classes of sources. */
const NET = W.NET = 1, FILE = W.FILE = 2, ENV = W.ENV = 3, HOST = W.HOST = 4, SECRET = W.SECRET = 5, ARG = W.ARG = 6, MODULE = W.MODULE = 7;
/* Eight letters that stand for the value in slot `slot`, which event `event` gave. */
const token = W.token = (slot, cls, event) => call(op.mark, slot, cls, event === undefined ? -1 : event);
W.learned = slot => call(op.learned, slot);
W.marked = (slot, cls, event, times = 6) => W.learned(slot) ?? token(slot, cls, event).repeat(times);
W.hasMark = value => typeof value === 'string' && value.includes('q7x');
/* [slot, class, event] of the first mark in `value`, or undefined. */
W.origin = value => {
    const found = call(op.marks, value);
    return found === undefined ? undefined : JSON.parse(found);
};

/* ---- permissive objects ------------------------------------------------------------------------------------------------ */
const states = new WeakMap();
let nodes = 0;
const stringMethods = new Set(['split', 'replace', 'replaceAll', 'trim', 'trimStart', 'trimEnd', 'charCodeAt', 'charAt', 'codePointAt', 'slice',
    'substring', 'substr', 'indexOf', 'lastIndexOf', 'match', 'matchAll', 'search', 'startsWith', 'endsWith', 'toLowerCase', 'toUpperCase',
    'includes', 'padStart', 'padEnd', 'repeat', 'normalize', 'localeCompare', 'at', 'concat']);
const arrayMethods = new Set(['map', 'forEach', 'filter', 'find', 'findIndex', 'some', 'every', 'reduce', 'flatMap', 'join', 'reverse', 'sort',
    'entries', 'values', 'keys', 'shift', 'pop', 'flat']);
const isPermissive = W.isPermissive = value => (typeof value === 'function' || typeof value === 'object') && value !== null && states.has(value);
const stateOf = W.stateOf = value => states.get(value);
const textOf = st => W.learned(st.slot) ?? (st.text ??= token(st.slot, st.cls, st.event).repeat(st.times || 6));
const isData = st => st.cls !== MODULE;

const child = (st, key, more) => {
    if (nodes++ > 20000)
        return undefined;
    return permissive(st.slot + '.' + key, st.cls, st.event, st.onCall ? { onCall: st.onCall, base: st.base, ...more } : more);
};
const items = st => st.items ??= [child(st, '0'), child(st, '1')];
const fixed = new WeakMap();
const learnedValue = st => {
    const constant = W.learned(st.slot);
    return constant === undefined ? undefined : constant;
};
const get = (st, key, receiver) => {
    if (typeof key === 'symbol') {
        if (key === Symbol.toPrimitive)
            return hint => hint === 'number' ? (Number(W.learned(st.slot)) || 7) : textOf(st);
        if (key === Symbol.iterator)
            return function () { return items(st)[Symbol.iterator](); };
        if (key === Symbol.asyncIterator)
            return async function* () { yield isData(st) ? textOf(st) : child(st, 'chunk'); };
        return st.own.get(key);
    }
    if (st.own.has(key))
        return st.own.get(key);
    switch (key) {
    case 'then':
        return st.promise ? (yes, no) => child(st, 'then', { promise: true }, W.later(() => typeof yes === 'function' && yes(settled(st)))) : undefined;
    case 'catch':
    case 'finally':
        return st.promise ? fn => (key === 'finally' && typeof fn === 'function' && W.later(() => fn()), st.self) : child(st, key);
    case 'toString': case 'valueOf': case 'toJSON': case 'toLocaleString':
        return () => textOf(st);
    case 'constructor':
        return own.Function;
    case 'call': case 'apply': case 'bind':
        return Function.prototype[key];
    case 'hasOwnProperty': case 'isPrototypeOf': case 'propertyIsEnumerable':
        return () => true;
    case 'length':
        return isData(st) ? textOf(st).length : 2;
    case 'name':
        return st.slot.split('.').pop();
    case 'prototype':
        return st.proto ??= child(st, 'prototype');
    case '__esModule':
        return true;
    case 'inspect': case '$$typeof': case 'nodeType': case 'asymmetricMatch': case '@@__IMMUTABLE_ITERABLE__@@':
        return undefined;
    }
    if (isData(st) && stringMethods.has(key))
        return (...args) => S.String.prototype[key].apply(textOf(st), args);
    if (isData(st) && arrayMethods.has(key))
        return (...args) => Array.prototype[key].apply(items(st), args);
    if (isData(st) && /^\d+$/.test(key) && Number(key) > 3)
        return undefined;
    const slot = st.slot + '.' + key;
    const constant = W.learned(slot);
    if (constant !== undefined)
        return constant;
    const kid = st.leaf && isData(st) ? textOf({ slot, cls: st.cls, event: st.event, times: st.times }) : child(st, key);
    st.own.set(key, kid);
    return kid;
};
/* Functions that were handed to modules we do not know: called with what their users would pass, later. */
W.offers = [];
const settled = st => st.settled ??= permissive(st.slot, st.cls, st.event, { times: st.times });
W.later = fn => { W.task(1, fn); };
const called = (st, self, args) => {
    for (const arg of args) {
        if (typeof arg !== 'function' || isPermissive(arg) || st.callbacks++ > 12)
            continue;
        if (st.cls === MODULE || st.cls === ARG)
            W.offers.length < 60 && W.offers.push(arg);
        else
            W.task(5, () => arg(null, child(st, 'result'), child(st, 'more')));
    }
    const known = W.learned(st.slot + '()');
    if (known !== undefined)
        return known;
    if (st.onCall) {
        const given = st.onCall(args, st);
        if (given !== undefined)
            return given;
    }
    const from = st.cls === MODULE ? through(args) : undefined;
    return from === undefined ? child(st, '()', { promise: true })
                              : permissive(st.slot + '(' + from[0] + ')', from[1], from[2], { promise: true });
};
/* What an unknown library makes of data (an encoding, a key object) is still that data: [slot, class, event]. */
const through = args => {
    for (const arg of args.slice(0, 4)) {
        if (isPermissive(arg) && isData(states.get(arg))) {
            const st = states.get(arg);
            return [st.slot, st.cls, st.event];
        }
        if (W.hasMark(arg) || arg instanceof Uint8Array) {
            const from = W.origin(arg);
            if (from !== undefined && from[1] !== MODULE)
                return from;
        }
    }
    return undefined;
};
const handler = {
    get: (t, key, receiver) => get(states.get(t), key, receiver),
    set: (t, key, value) => { states.get(t).own.set(key, value); return true; },
    has: (t, key) => typeof key === 'string',
    deleteProperty: (t, key) => { states.get(t).own.set(key, undefined); return true; },
    apply: (t, self, args) => called(states.get(t), self, args),
    construct: (t, args) => {
        const st = states.get(t);
        const made = called(st, undefined, args);
        return typeof made === 'object' || typeof made === 'function' ? made : child(st, 'new');
    },
    getPrototypeOf: t => own.Function.prototype,
    setPrototypeOf: () => true,
    defineProperty: (t, key, d) => { states.get(t).own.set(key, 'value' in d ? d.value : undefined); return d.configurable !== false; },
};
host.permissive(handler);
/* An object on which everything exists, can be called and can be text. `slot` names it across runs. */
const permissive = W.permissive = (slot, cls, event, more) => {
    if (slot.length > 300)
        slot = slot.slice(0, 300);
    const target = function () {};
    const st = { slot, cls, event, own: new Map(), callbacks: 0, ...more };
    states.set(target, st);
    const proxy = new Proxy(target, handler);
    states.set(proxy, st);
    st.self = proxy;
    return proxy;
};

/* ---- tasks: timers and answers, on a virtual clock -------------------------------------------------------------------------- */
let tasks = [], now = 0, sequence = 0, taken = 0;
W.now = () => now;
W.task = (delay, run, tag) => {
    if (++taken > 1500)
        return null;
    const task = { at: now + Math.max(0, Math.min(Number(delay) || 0, 1e9)), order: sequence++, run, tag };
    tasks.push(task);
    return task;
};
W.cancel = task => { tasks = tasks.filter(t => t !== task); };
/* Runs the next task; false when there is none. */
W.next = () => {
    let best = -1;
    for (let i = 0; i < tasks.length; i++)
        if (best < 0 || tasks[i].at < tasks[best].at || (tasks[i].at === tasks[best].at && tasks[i].order < tasks[best].order))
            best = i;
    if (best < 0)
        return false;
    const [task] = tasks.splice(best, 1);
    if (task.at > now) {
        call(op.forward, task.at - now);
        now = task.at;
    }
    W.attempt(task.run);
    return true;
};
/* Runs code of the sample; what it throws is told to process.on('uncaughtException') and then forgotten. */
W.attempt = (fn, ...args) => {
    try {
        return fn(...args);
    } catch (error) {
        W.thrown(error);
    }
};
W.errorText = error => {
    try {
        return isPermissive(error) ? 'error' : typeof error === 'object' && error !== null ? String(error.name) + ': ' + String(error.message) : String(error);
    } catch (e) {
        return 'error';
    }
};
W.thrown = error => {
    const words = W.errorText(error);
    W.note('threw', words);
    const missing = /^ReferenceError: (?:Can't find variable: )?'?([\w$]+)'? is not defined/.exec(words);
    if (missing)
        W.note('missing', missing[1]);
};

/* ---- modules of the world ----------------------------------------------------------------------------------------------------- */
const makers = new Map(), made = new Map();
W.define = (names, make) => { for (const name of [].concat(names)) makers.set(name, make); };
W.has = name => makers.has(name);
W.get = name => {
    if (!made.has(name)) {
        const make = makers.get(name);
        const shell = {};
        made.set(name, shell);
        made.set(name, make(name, shell));
    }
    return made.get(name);
};
W.error = (message, more) => Object.assign(new own.Error(message), more);
W.call1 = (fn, ...args) => { if (typeof fn === 'function') fn(...args); };
/* fn(..., callback) → the callback is called later with (null, value). */
W.back = (callback, delay, ...args) => { if (typeof callback === 'function') W.task(delay, () => callback(...args)); };
W.promise = (value, delay = 1) => new own.Promise((yes, no) => W.task(delay, () => {
    try { yes(typeof value === 'function' && !isPermissive(value) ? value() : value); } catch (e) { no(e); }
}));
})
