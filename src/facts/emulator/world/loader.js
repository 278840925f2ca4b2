/* loader.js - require and import: the package's own files first, files the script wrote, built-ins, libraries we know,
 * and for every other name an object on which everything exists. */
(function (host, S, W) {
'use strict';
const { op, call } = W;
const cache = new Map(), finds = new Map();
const find = W.find = relative => { if (!finds.has(relative)) finds.set(relative, call(op.find, relative)); return finds.get(relative); };

const posix = p => {
    const parts = [];
    for (const part of p.replace(/\\/g, '/').split('/')) {
        if (part === '' || part === '.')
            continue;
        if (part === '..')
            parts.pop();
        else
            parts.push(part);
    }
    return parts.join('/');
};
/* A path below the package's root as C knows it, or undefined. */
const inside = W.inside = path => {
    const root = posix(W.root), full = posix(path);
    return full === root ? '' : full.startsWith(root + '/') ? full.slice(root.length + 1) : undefined;
};
const absolute = W.absoluteOf = relative => W.root + W.sep + (W.sep === '\\' ? relative.replace(/\//g, '\\') : relative);
const folder = path => path.replace(/[\\/][^\\/]*$/, '');
const isPath = spec => /^(\.{1,2}([\\/]|$)|[\\/]|[A-Za-z]:[\\/]|file:)/.test(spec);

/* { text | own | world | permissive } for what `spec` means in folder `from`. */
const resolve = (spec, from) => {
    spec = spec.replace(/^node:/, '');
    if (!isPath(spec)) {
        const relative = find('node_modules/' + spec);
        if (relative !== undefined && !builtin.has(spec))
            return own(relative, spec);
        if (W.has(spec))
            return { world: spec };
        return { permissive: spec };
    }
    let full = spec.replace(/^file:\/\//, '');
    if (/^\.{1,2}([\\/]|$)/.test(full))
        full = from + '/' + full;
    const written = W.files?.get(posix(full)) ?? W.files?.get(posix(full) + '.js');
    if (written !== undefined && typeof written.content !== 'undefined')
        return { written, path: full };
    const below = inside(full);
    if (below !== undefined) {
        const relative = find(below === '' ? 'package.json' : below);
        if (relative !== undefined)
            return own(relative, spec);
    }
    return { permissive: spec };
};
const builtin = new Set(['fs', 'path', 'os', 'http', 'https', 'child_process', 'crypto', 'util', 'url', 'events', 'stream', 'zlib', 'net', 'tls', 'dns', 'vm', 'module', 'process', 'buffer', 'assert', 'timers', 'readline']);
const own = (relative, spec) => {
    if (/(^|\/)package\.json$/.test(relative) && !/package\.json$/.test(spec)) {
        let main;
        try { main = JSON.parse(call(op.text, relative)).main; } catch (e) { main = undefined; }
        const found = find(posix(relative.replace(/package\.json$/, '') + (typeof main === 'string' ? main : 'index.js')));
        return found === undefined || /package\.json$/.test(found) ? { permissive: spec } : { own: found };
    }
    return { own: relative };
};

const Module = W.Module = function Module(id, parent) {
    this.id = id;
    this.path = folder(id);
    this.exports = {};
    this.filename = id;
    this.loaded = false;
    this.children = [];
    this.parent = parent;
    this.paths = [W.root + W.sep + 'node_modules'];
};
Object.setPrototypeOf(Module.prototype, S.Object.prototype);
const wrapper = ['(function (exports, require, module, __filename, __dirname) { ', '\n})'];
W.give(Module.prototype, {
    require(spec) { return load(String(spec), this); },
    _compile(text, filename) {
        const event = W.event('code.eval', text, 'module._compile');
        if (!W.runsAs(text))
            return;
        const name = call(op.script, text, event, filename, 1);
        const fn = host.compile(wrapper[0] + text + wrapper[1], name);
        return fn.call(this.exports, this.exports, requireOf(this), this, filename, folder(String(filename)));
    },
    load(filename) { this.exports = load(filename, this); },
});
/* False for text that came from outside as it is: a stand-in for code, nothing to run. */
W.runsAs = text => call(op.runs, text);
const run = (module, text, name) => {
    const fn = host.compile(wrapper[0] + text + wrapper[1], name);
    module.loaded = module.begun = true;
    fn.call(module.exports, module.exports, requireOf(module), module, module.filename, module.path);
};

const extensions = { '.js': (m, f) => { m.exports = load(f, m); }, '.json': (m, f) => { m.exports = load(f, m); }, '.node': (m, f) => {} };
const requireOf = W.requireOf = module => {
    const require = spec => load(W.isPermissive(spec) ? String(spec) : spec, module);
    Object.assign(require, {
        resolve: Object.assign(spec => { const r = resolve(String(spec), module.path); return r.own !== undefined ? absolute(r.own) : r.world ?? W.root + W.sep + 'node_modules' + W.sep + spec; }, { paths: () => module.paths }),
        cache: cacheView, main: W.main, extensions,
    });
    return require;
};
const cacheView = W.permissive('require.cache', W.MODULE);

const load = W.load = (spec, module) => {
    if (typeof spec !== 'string')
        throw W.error('The "id" argument must be of type string. Received ' + typeof spec, { code: 'ERR_INVALID_ARG_TYPE' });
    if (Module._load !== original)
        return Module._load(spec, module, false);
    return original(spec, module);
};
const original = function (spec, module) {
    const found = resolve(spec, module?.path ?? W.root);
    if (found.world !== undefined)
        return W.get(found.world);
    if (found.permissive !== undefined) {
        if (/\.json$/.test(spec) || !isPath(spec) || true)
            return unknown(found.permissive);
    }
    if (found.written !== undefined) {
        const event = W.event('code.require', found.path, 'written');
        const text = W.text(found.written.content);
        const words = typeof text === 'string' ? text : W.decode(text);
        const made = new Module(found.path, module);
        if (cache.has(found.path))
            return cache.get(found.path).exports;
        cache.set(found.path, made);
        if (W.runsAs(words))
            run(made, words, call(op.script, words, event, found.path, 1));
        return made.exports;
    }
    return loadOwn(found.own, module);
};
const unknowns = new Map();
const unknown = W.unknown = name => {
    if (!unknowns.has(name))
        unknowns.set(name, W.permissive('module:' + name, W.MODULE));
    return unknowns.get(name);
};
const loadOwn = (relative, parent) => {
    if (cache.has(relative))
        return cache.get(relative).exports;
    const module = new Module(absolute(relative), parent);
    cache.set(relative, module);
    if (/\.json$/.test(relative)) {
        try { module.exports = S.JSON.parse(call(op.text, relative).replace(/^\ufeff/, '')); } catch (e) { module.exports = unknown(relative); }
        return module.exports;
    }
    if (/\.node$|\.wasm$/.test(relative))
        return module.exports = unknown(relative);
    const source = call(op.source, relative, 0);
    if (source === undefined)
        return module.exports = unknown(relative);
    try {
        const space = runSource(module, relative);
        if (space !== undefined)
            module.exports = space;
    } catch (error) {
        if (parent === undefined || parent === null || !(error instanceof S.Error))
            throw error;
        W.thrown(error); /* a dependency that needs what we lack does not stop its user */
        if (W.stateOf(error) !== undefined)
            throw error;
    }
    return module.exports;
};
const isSyntax = error => error instanceof S.SyntaxError || error instanceof SyntaxError;
/* Runs a file of the package: as what it looks like, then without types and markup, then as the other kind. Gives the
 * namespace when it is an ECMAScript module: evaluated as far as it goes without waiting. */
const runSource = (module, relative) => {
    const name = absolute(relative);
    let first;
    for (const attempt of [0, 1]) {
        const source = call(op.source, relative, attempt);
        if (source === undefined)
            return undefined;
        const text = source.slice(1);
        for (const kind of source[0] === 'm' ? ['m', 'c'] : ['c', 'm']) {
            try {
                if (kind === 'c') {
                    run(module, text, name);
                    return undefined;
                }
                const [promise, space] = host.module(text, name);
                promise.then(undefined, W.thrown);
                return space;
            } catch (error) {
                if (!isSyntax(error) || module.begun)
                    throw error;
                first ??= error;
            }
        }
    }
    throw first;
};

Module._load = original;
const world = { Module, _load: original, builtinModules: [...builtin], createRequire: from => requireOf(new Module(String(from).replace(/^file:\/\//, ''))), _extensions: extensions, _cache: cacheView,
    _resolveFilename: (spec, m) => { const r = resolve(String(spec), m?.path ?? W.root); return r.own !== undefined ? absolute(r.own) : spec; }, _nodeModulePaths: () => [], isBuiltin: n => builtin.has(String(n).replace(/^node:/, '')),
    wrap: text => wrapper[0] + text + wrapper[1], register: () => {}, globalPaths: [], syncBuiltinESMExports: () => {}, findSourceMap: () => undefined };
Object.assign(Module, world);
W.define('module', () => Module);

/* ---- ECMAScript modules: names for the engine ------------------------------------------------------------------------ */
const outside = new Map();
W.moduleName = (base, spec) => {
    base = String(base);
    const from = base.startsWith('w:') ? W.root : folder(base);
    const found = resolve(spec.replace(/^node:/, ''), from);
    if (found.own !== undefined && !/\.(json|node|wasm|css|svg|png)$/.test(found.own)) {
        const source = call(op.source, found.own, 0);
        if (source !== undefined && source[0] === 'm')
            return absolute(found.own);
    }
    const name = 'w:' + base + '|' + spec;
    outside.set(name, [spec, from]);
    return name;
};
W.moduleSource = (name, wanted) => {
    if (!name.startsWith('w:')) {
        return call(op.source, inside(name), 0).slice(1);
    }
    const names = new Set(wanted);
    names.add('default');
    names.delete('*');
    const [spec] = outside.get(name);
    if (W.has(spec.replace(/^node:/, ''))) {
        const value = W.get(spec.replace(/^node:/, ''));
        if (!W.isPermissive(value))
            for (const key of Object.getOwnPropertyNames(value))
                if (/^[A-Za-z_$][\w$]*$/.test(key) && key !== 'default')
                    names.add(key);
    }
    return [...names];
};
const valueOf = name => {
    const entry = outside.get(name);
    if (entry.length < 3)
        entry.push(load(entry[0], { path: entry[1] }));
    return entry[2];
};
W.moduleValue = (name, key) => {
    const value = valueOf(name);
    if (key === 'default')
        return value !== null && (typeof value === 'object' || typeof value === 'function') && !W.isPermissive(value) && value.__esModule && 'default' in value ? value.default : value;
    return value?.[key];
};
W.dynamicImport = (spec, base) => {
    spec = String(spec);
    const data = /^data:[^,]*?(;base64)?,([\s\S]*)$/.exec(spec);
    if (data) {
        const text = data[1] ? W.decode(W.encode(data[2], 'base64')) : unescapeText(data[2]);
        const event = W.event('code.eval', text, 'import data:');
        if (!W.runsAs(text))
            return W.promise(unknown('data:'));
        const [promise, space] = host.module(text, call(op.script, text, event, '', 0));
        return promise.then(() => space);
    }
    if (/^https?:/.test(spec)) {
        const answer = W.answerFor(spec, 'GET', '', '');
        W.event('code.eval', answer.text, 'import url');
        return W.promise(unknown(spec));
    }
    const from = base === null || base === undefined ? W.root : folder(String(base));
    const found = resolve(spec, from);
    if (found.own !== undefined && call(op.source, found.own, 0)?.[0] === 'm')
        return undefined;
    return W.promise(() => {
        const value = load(spec, { path: from });
        if (W.isPermissive(value))
            return value;
        const space = Object.create(null);
        if (typeof value === 'object' || typeof value === 'function')
            for (const key of Object.keys(value ?? {}))
                space[key] = value[key];
        space.default = value;
        return space;
    });
};
const unescapeText = text => { try { return S.decodeURIComponent(text); } catch (e) { return text; } };

/* ---- what the host runs -------------------------------------------------------------------------------------------------- */
/* `node FILE args…`, or the import of a file. */
W.runFile = (relative, how) => {
    const main = new Module(absolute(relative), null);
    main.id = how === 'import' ? main.filename : '.';
    W.main = how === 'import' ? undefined : main;
    S.module = main;
    S.exports = main.exports;
    S.require = requireOf(main);
    S.__filename = main.filename;
    S.__dirname = main.path;
    W.ran = main;
    cache.set(relative, main);
    W.space = runSource(main, relative);
    return true;
};
/* Text as a script of its own, in the place of `name`. */
W.runText = (text, name) => {
    const main = new Module(W.root + W.sep + name.replace(/[^\w.-]/g, '_'), null);
    W.main = main;
    S.module = main;
    S.exports = main.exports;
    S.require = requireOf(main);
    S.__filename = main.filename;
    S.__dirname = main.path;
    W.ran = main;
    run(main, text, name);
};
})
