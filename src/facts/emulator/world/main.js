/* main.js - what the host asks of the world: begin a run, run an entry, call what it exports. */
(function (host, S, W) {
'use strict';
W.begin = () => W.install();
/* Kinds: file (as `node FILE`), import, text, command. The value says whether there was something to run. */
W.enter = (kind, name, text) => {
    try {
        if (kind === 'text') W.runText(text, name);
        else if (kind === 'command') W.runCommand(name);
        else return W.runFile(name, kind);
        return true;
    } catch (error) {
        W.thrown(error);
        return W.errorText(error).startsWith('SyntaxError') ? 'syntax' : 'threw';
    }
};

/* ---- calling what was exported --------------------------------------------------------------------------------------------- */
let list;
const telling = /key|seed|secret|mnemonic|passw|priv|token|wallet|phrase|credential|card|cvv|pin$/i;
const arg = (i, name) => W.permissive('arg:' + (name || '') + i, W.ARG, name && telling.test(name) ? W.event('parameter', name) : undefined, { times: 1 });
const names = fn => { const m = /^(?:async\s+)?(?:function\s*\*?\s*[\w$]*\s*)?\(?([^)=]*)/.exec(Function.prototype.toString.call(fn)); return m ? m[1].split(',').map(t => t.trim()) : []; };
/* Names that say what a function is given where its parameters do not, because something shortened them. */
const keyed = /(?:secret_?key|private_?key|mnemonic|seed_?phrase|key_?pair)$/i;
const argsFor = (fn, called = '') => {
    const wanted = Math.max(fn.length, 1);
    const known = names(fn);
    if (wanted === 1 && keyed.test(called) && /^(?:_0x\w+|\w{1,2})$/.test(known[0] ?? '')) known[0] = called;
    return Array.from({ length: Math.min(wanted, 6) }, (_, i) => /^(e|err|error)$/i.test(known[i] ?? '') && i === 0 && wanted > 1 ? null : /^(cb|callback|done|next|fn|resolve|reject)$/i.test(known[i] ?? '') ? () => {} : arg(i, known[i]?.slice(0, 20)));
};
const collect = (value, depth, seen, out, holder, called) => {
    if (value === null || (typeof value !== 'object' && typeof value !== 'function') || W.isPermissive(value) || host.isProxy(value) || seen.has(value) || out.length > 40)
        return;
    seen.add(value);
    if (value instanceof W.EventEmitter && typeof value !== 'function') return;
    if (typeof value === 'function') out.push([value, holder, called]);
    if (depth > 2) return;
    for (const key of Object.getOwnPropertyNames(value)) {
        if (/^(prototype|constructor|caller|arguments|length|name)$/.test(key)) continue;
        const d = Object.getOwnPropertyDescriptor(value, key);
        if (d === undefined) continue;
        if ('value' in d) collect(d.value, depth + 1, seen, out, value, key);
        else if (d.get && typeof value !== 'function') { let v; try { v = d.get.call(value); } catch (e) { continue; } collect(v, depth + 1, seen, out, value, key); }
    }
};
/* Methods of the object's class. */
const methods = (value, seen, out) => {
    if (value === null || typeof value !== 'object' || W.isPermissive(value) || host.isProxy(value)) return;
    const proto = Object.getPrototypeOf(value);
    if (proto === null || proto === S.Object.prototype || seen.has(proto) || W.isPermissive(proto) || host.isProxy(proto)) return;
    seen.add(proto);
    for (const key of Object.getOwnPropertyNames(proto)) {
        const d = Object.getOwnPropertyDescriptor(proto, key);
        if (key !== 'constructor' && typeof d?.value === 'function' && out.length < 40) out.push([d.value, value, key]);
    }
};
/* How many functions there are to call. */
W.triggers = () => {
    list = [];
    const seen = new Set();
    for (const value of [W.ran?.exports, S.module?.exports, W.space])
        { collect(value, 0, seen, list, undefined); methods(value, seen, list); }
    for (const fn of W.offers.splice(0))
        if (!seen.has(fn)) { seen.add(fn); list.push([fn, undefined]); }
    list = list.filter(([fn]) => !/\[native code\]/.test(Function.prototype.toString.call(fn)));
    return list.length;
};
const isClass = fn => /^class\b/.test(Function.prototype.toString.call(fn)) || (fn.prototype !== undefined && Object.getOwnPropertyNames(fn.prototype).length > 1);
W.trigger = i => {
    const [fn, holder, called] = list[i];
    try {
        const args = argsFor(fn, called);
        if (isClass(fn)) {
            const made = Reflect.construct(fn, args);
            for (const key of Object.getOwnPropertyNames(fn.prototype).slice(0, 8))
                if (key !== 'constructor' && typeof made?.[key] === 'function') { try { watch(made[key](...argsFor(made[key], key))); } catch (e) { W.thrown(e); } }
        } else {
            watch(Reflect.apply(fn, holder, args));
        }
    } catch (error) {
        W.thrown(error);
    }
};
const watch = value => { if (value !== null && typeof value === 'object' && !W.isPermissive(value) && !host.isProxy(value) && typeof value.then === 'function') W.attempt(() => value.then(undefined, W.thrown)); };
/* The namespace of an evaluated module, for its exports. */
W.settle = () => { };
})
