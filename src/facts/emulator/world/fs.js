/* fs.js - a file system that is not there: the package's own files can be read, everything else holds a marked value,
 * what is written stays for the run. Existence is granted a limited number of times, so that a sweep over two hundred
 * browser profiles finds some and ends. */
(function (host, S, W) {
'use strict';
const { op, call } = W;
const files = W.files = new Map(); /* normalized path → { content, event, mode, folder } */
let granted = 0, rootKey;
const GRANTS = 40;
const norm = path => {
    let text = typeof path === 'string' ? path : typeof path === 'object' && path !== null && !W.isPermissive(path) ? String(path instanceof Uint8Array ? W.decode(path) : path.pathname ?? path.path ?? '') : String(path);
    if (text.startsWith('file://'))
        text = text.slice(7);
    if (text.includes('\\'))
        text = text.replaceAll('\\', '/');
    if (!text.includes('/.') && !text.includes('//') && text[0] !== '.') /* a sweep asks for thousands: no parts to look at */
        return text.slice(text[0] === '/' ? 1 : 0, text.length > 1 && text.endsWith('/') ? -1 : undefined);
    const parts = [];
    for (const part of text.split('/')) {
        if (part === '' || part === '.')
            continue;
        if (part === '..') parts.pop(); else parts.push(part);
    }
    return parts.join('/');
};
const show = path => typeof path === 'object' && path !== null && !W.isPermissive(path) ? (path instanceof Uint8Array ? W.decode(path) : String(path.pathname ?? path.path ?? '')) : String(path);
const full = path => {
    const text = show(path);
    return text[0] === '/' || /^([\\/]|[A-Za-z]:|file:)/.test(text) ? text : W.cwd() + W.sep + text;
};
const missing = (path, what) => {
    const name = show(path), limit = S.Error.stackTraceLimit;
    S.Error.stackTraceLimit = 0; /* drawing the stack costs more than all the rest */
    const error = W.error(`ENOENT: no such file or directory, ${what} '${name}'`, { code: 'ENOENT', errno: -2, syscall: what, path: name });
    S.Error.stackTraceLimit = limit;
    return error;
};
const ownName = path => {
    if (!norm(full(path)).startsWith(rootKey ??= norm(W.root)))
        return undefined;
    const below = W.inside(full(path));
    if (below === undefined || below === '')
        return undefined;
    const found = W.find(below);
    return found === below ? found : undefined;
};
const never = /(^|\/)(proc\/\d|\.dockerenv|sys\/class\/dmi|vbox|vmware|nonexist)/i;
/* Does it exist? Written and own files do; others as long as grants last. */
const exists = path => {
    const name = full(path), key = norm(name);
    const entry = files.get(key);
    if (entry !== undefined)
        return !entry.deleted;
    if (!key.startsWith(rootKey ??= norm(W.root)))
        return granted < GRANTS && !never.test(key) && granted++ < GRANTS;
    if (ownName(path) !== undefined)
        return true;
    const below = W.inside(name);
    if (below !== undefined && below !== '')
        return W.isOwnFolder(below);
    return !never.test(key) && granted++ < GRANTS;
};
W.isOwnFolder = below => W.find(below + '/package.json') !== undefined || !/\.\w{1,5}$/.test(below);
const looksFolder = path => {
    const key = norm(full(path)), entry = files.get(key);
    if (entry !== undefined)
        return entry.folder === true;
    if (ownName(path) !== undefined)
        return false;
    const last = key.split('/').pop();
    return !/\.\w{1,6}$/.test(last) || /^(Profile|Default|\.[\w-]+$)/.test(last);
};
const stats = path => {
    const dir = looksFolder(path), entry = files.get(norm(full(path)));
    const size = entry?.content?.length ?? 4096;
    const date = new Date(W.started - 86400000 * 30);
    return { dev: 1, ino: 7, mode: dir ? 0o40755 : 0o100644, nlink: 1, uid: 1000, gid: 1000, size, blocks: 8, mtimeMs: +date, ctimeMs: +date, atimeMs: +date, birthtimeMs: +date, mtime: date, ctime: date, atime: date, birthtime: date,
        isFile: () => !dir, isDirectory: () => dir, isSymbolicLink: () => false, isFIFO: () => false, isSocket: () => false, isBlockDevice: () => false, isCharacterDevice: () => false };
};
/* What a file holds, as bytes or text with a mark in it; `event` is the reading. */
const content = (path, event) => {
    const key = norm(full(path)), entry = files.get(key);
    if (entry !== undefined && entry.content !== undefined)
        return entry.content;
    const name = ownName(path);
    if (name !== undefined)
        return new Uint8Array(call(op.bytes, name));
    const slot = 'file:' + key;
    const mark = W.token(slot, W.FILE, event);
    const learnt = W.learned(slot);
    if (learnt !== undefined)
        return learnt;
    if (/Local State$/.test(key))
        return `{"os_crypt":{"encrypted_key":"${W.decode(W.encode('DPAPI' + mark.repeat(6), 'latin1'), 'base64')}"},"profile":{"info_cache":{"Default":{}}}}`;
    if (/\.json$/.test(key))
        return `{"name":"${mark.repeat(2)}","version":"1.0.0","key":"${mark.repeat(4)}","token":"${mark.repeat(4)}","main":"index.js","scripts":{},"dependencies":{}}`;
    if (/(^|\/)\.?(npmrc|env|pypirc|netrc|aws\/credentials)/.test(key))
        return `//registry.example.invalid/:_authToken=${mark.repeat(4)}\nTOKEN=${mark.repeat(4)}\n`;
    return (mark.repeat(8) + '\n').repeat(3);
};
const reading = (path, what) => {
    const name = ownName(path);
    if (!exists(path)) {
        W.event('file.read', full(path));
        throw missing(path, what);
    }
    if (looksFolder(path) && files.get(norm(full(path))) === undefined && W.inside(full(path)) !== undefined)
        throw W.error('EISDIR: illegal operation on a directory, read', { code: 'EISDIR', errno: -21, syscall: 'read' });
    const event = W.event('file.read', full(path));
    return content(path, event);
};
const encodingOf = options => typeof options === 'string' ? options : options?.encoding;
const given = (data, encoding) => {
    if (encoding && encoding !== 'buffer')
        return typeof data === 'string' ? data : W.decode(data, encoding);
    return W.toBuffer(data).slice();
};
const write = (path, data, mode, how) => {
    const value = W.isPermissive(data) ? String(data) : typeof data === 'string' || data instanceof Uint8Array ? data : W.text(data);
    const event = W.event('file.write', full(path), value, mode === undefined ? '' : String(typeof mode === 'number' ? mode.toString(8) : mode), how);
    const key = norm(full(path)), old = files.get(key);
    let all = value;
    if (how === 'append' && old?.content !== undefined)
        all = typeof old.content === 'string' && typeof value === 'string' ? old.content + value : W.Buffer.concat([W.toBuffer(old.content), W.toBuffer(value)]);
    if (all.length < 4 << 20)
        files.set(key, { content: all, event });
    call(op.wrote, full(path), value, event);
};
W.writeFile = write;
/* The text of a file that was written in this run, or undefined. */
W.written = path => { const found = files.get(norm(full(path)))?.content; return found === undefined ? undefined : typeof found === 'string' ? found : W.decode(found); };
const modeOf = options => typeof options === 'object' && options !== null ? options.mode : undefined;
const remove = path => { W.event('file.delete', full(path)); files.set(norm(full(path)), { deleted: true }); };
const copy = (from, to) => {
    const event = W.event('file.read', full(from));
    write(to, content(from, event), undefined, 'copy');
};
let made = 0;
const names = path => {
    const event = W.event('file.list', full(path));
    const key = norm(full(path)), inFolder = [];
    for (const [name, entry] of files)
        if (!entry.deleted && name.startsWith(key + '/') && !name.slice(key.length + 1).includes('/'))
            inFolder.push(name.slice(key.length + 1));
    const below = W.inside(full(path));
    if (below !== undefined) {
        const own = [];
        return [...new Set([...own, ...inFolder])];
    }
    if (!exists(path))
        throw missing(path, 'scandir');
    if (/leveldb|Local Extension Settings|IndexedDB|nkbihfb|[a-p]{32}/i.test(key))
        return ['000003.log', '000005.ldb', ...inFolder];
    if (/(User Data|Firefox\/Profiles|Google\/Chrome|BraveSoftware)/i.test(key))
        return ['Default', 'Profile 1', ...inFolder];
    return inFolder.length > 0 || made++ > 12 ? inFolder : ['.env', 'wallet.json', 'notes.txt', 'src'];
};
const dirent = (path, name) => { const s = stats(show(path) + '/' + name); return { name, parentPath: show(path), path: show(path), isFile: s.isFile, isDirectory: s.isDirectory, isSymbolicLink: () => false, isFIFO: () => false, isSocket: () => false }; };
const handles = new Map();
let nextHandle = 20;
const open = (path, flags = 'r') => {
    if (/r/.test(flags) && !exists(path))
        throw missing(path, 'open');
    handles.set(++nextHandle, { path: full(path), at: 0, flags });
    return nextHandle;
};
const writeTo = (fd, data) => {
    const h = handles.get(fd);
    if (h) {
        write(h.path, data, undefined, h.at++ === 0 && /w/.test(h.flags) ? 'write' : 'append');
    }
    return data?.length ?? 0;
};

const sync = {
    existsSync: path => { const is = exists(path); W.note('probe', full(path)); return is; },
    readFileSync: (path, options) => typeof path === 'number' ? given(path === 0 ? '' : content(handles.get(path)?.path ?? 'fd', W.event('file.read', handles.get(path)?.path ?? '')), encodingOf(options)) : given(reading(path, 'open'), encodingOf(options)),
    writeFileSync: (path, data, options) => typeof path === 'number' ? writeTo(path, data) : write(path, data, modeOf(options), /a/.test(options?.flag ?? '') ? 'append' : 'write'),
    appendFileSync: (path, data, options) => write(path, data, modeOf(options), 'append'),
    unlinkSync: remove, rmSync: remove, rmdirSync: remove,
    renameSync: (a, b) => { W.event('file.rename', full(a), full(b)); const e = files.get(norm(full(a))); files.set(norm(full(b)), e ?? { content: undefined }); files.delete(norm(full(a))); },
    copyFileSync: copy, cpSync: copy, linkSync: copy, symlinkSync: (target, path) => { W.event('file.write', full(path), String(target), '', 'link'); },
    chmodSync: (path, mode) => { W.event('file.chmod', full(path), typeof mode === 'number' ? mode.toString(8) : String(mode)); },
    chownSync: () => {}, lchownSync: () => {}, utimesSync: () => {}, futimesSync: () => {}, lutimesSync: () => {}, fsyncSync: () => {}, fchmodSync: () => {}, truncateSync: () => {}, ftruncateSync: () => {},
    mkdirSync: (path, options) => { files.set(norm(full(path)), { folder: true }); W.note('mkdir', full(path)); return options?.recursive ? full(path) : undefined; },
    mkdtempSync: prefix => { const p = show(prefix) + 'a1B2c3'; files.set(norm(p), { folder: true }); return p; },
    readdirSync: (path, options) => { const list = names(path); return options?.withFileTypes ? list.map(n => dirent(path, n)) : list; },
    statSync: (path, options) => { if (!exists(path)) { if (options?.throwIfNoEntry === false) return undefined; throw missing(path, 'stat'); } return stats(path); },
    accessSync: path => { if (!exists(path)) throw missing(path, 'access'); },
    realpathSync: Object.assign(path => full(path), { native: path => full(path) }), readlinkSync: path => full(path) + '.target',
    openSync: open, closeSync: fd => { handles.delete(fd); }, fstatSync: fd => stats(handles.get(fd)?.path ?? 'x.bin'),
    readSync: (fd, buffer, offset = 0, length = buffer.length) => {
        const h = handles.get(fd);
        if (!h || h.at > 0)
            return 0;
        h.at = 1;
        const bytes = W.toBuffer(content(h.path, W.event('file.read', h.path))).subarray(0, length);
        buffer.set(bytes, offset);
        return bytes.length;
    },
    writeSync: (fd, data) => fd === 1 || fd === 2 ? data.length : writeTo(fd, data),
    opendirSync: path => { const list = names(path).map(n => dirent(path, n)); return { readSync: () => list.shift() ?? null, closeSync() {}, close: async () => {}, read: async () => list.shift() ?? null, async *[Symbol.asyncIterator]() { yield* list; } }; },
    statfsSync: () => ({ bsize: 4096, blocks: 1e7, bfree: 5e6 }), writevSync: () => 0, globSync: () => [],
};
sync.lstatSync = sync.statSync;
const fs = { ...sync };
const promises = {};
for (const [name, fn] of Object.entries(sync)) {
    const plain = name.replace(/Sync$/, '');
    fs[plain] = (...args) => {
        const callback = typeof args[args.length - 1] === 'function' ? args.pop() : undefined;
        let value, error = null;
        if (plain === 'exists') {
            W.back(callback, 1, sync.existsSync(args[0]));
            return;
        }
        try { value = fn(...args); } catch (e) { error = e; }
        W.back(callback, 1, error, value, plain === 'read' ? args[1] : undefined);
    };
    promises[plain] = async (...args) => fn(...args);
}
fs.mkdtempDisposableSync = sync.mkdtempSync;
promises.open = async (path, flags) => {
    const fd = open(path, flags);
    return { fd, close: async () => {}, readFile: async o => sync.readFileSync(path, o), writeFile: async d => write(path, d, undefined, 'write'), write: async d => ({ bytesWritten: writeTo(fd, d) }), appendFile: async d => write(path, d, undefined, 'append'),
        read: async b => ({ bytesRead: sync.readSync(fd, b ?? W.Buffer.alloc(64)), buffer: b }), stat: async () => stats(path), chmod: async m => sync.chmodSync(path, m), sync: async () => {}, createWriteStream: () => fs.createWriteStream(path), createReadStream: () => fs.createReadStream(path) };
};
delete promises.exists;
fs.promises = promises;
fs.createReadStream = (path, options) => {
    const s = new W.Readable();
    s.path = show(path);
    if (encodingOf(options))
        s.encoding = encodingOf(options);
    W.task(1, () => {
        s.emit('open', 21);
        s.emit('ready');
        try { s.push(W.toBuffer(reading(path, 'open'))); s.push(null); } catch (e) { s.emit('error', e); }
    });
    W.streamOf.set(s, () => content(path, W.event('file.read', full(path))));
    return s;
};
W.streamOf = new WeakMap();
fs.createWriteStream = (path, options) => {
    const s = new W.Writable();
    s.path = show(path);
    s.bytesWritten = 0;
    const parts = [];
    s.write = (chunk, encoding, callback) => { parts.push(chunk); W.back(typeof encoding === 'function' ? encoding : callback, 1); return true; };
    s.onEnd = () => {
        const text = parts.length === 1 ? parts[0] : parts.every(p => typeof p === 'string') ? parts.join('') : W.Buffer.concat(parts.map(p => W.toBuffer(p)));
        write(path, text, modeOf(options), /a/.test(options?.flags ?? '') ? 'append' : 'write');
    };
    s.close = callback => { if (!s.writableEnded) s.end(); W.back(callback, 2); return s; };
    W.task(1, () => { s.emit('open', 22); s.emit('ready'); });
    return s;
};
fs.ReadStream = W.Readable;
fs.WriteStream = W.Writable;
fs.watch = fs.watchFile = (path, ...rest) => { const w = new W.EventEmitter(); w.close = () => {}; return w; };
fs.unwatchFile = () => {};
fs.constants = { F_OK: 0, R_OK: 4, W_OK: 2, X_OK: 1, O_RDONLY: 0, O_WRONLY: 1, O_RDWR: 2, O_CREAT: 64, COPYFILE_EXCL: 1, S_IFMT: 61440, S_IFREG: 32768, S_IFDIR: 16384, S_IXUSR: 64 };
Object.assign(fs, fs.constants);
fs.Stats = function Stats() {};
promises.constants = fs.constants;
W.define('fs', () => fs);
W.define('fs/promises', () => promises);

/* fs-extra, graceful-fs and their like: the same with promises where no callback is given. */
W.define(['fs-extra', 'graceful-fs', 'fs-jetpack', 'rimraf', 'mkdirp', 'del', 'make-dir', 'glob', 'fast-glob'], name => {
    if (/^(rimraf|del)$/.test(name))
        return Object.assign((path, ...rest) => { remove(path); rest.forEach(f => W.back(f, 1, null)); return W.promise([]); }, { sync: remove });
    if (/^(mkdirp|make-dir)$/.test(name))
        return Object.assign((path, ...rest) => { rest.forEach(f => W.back(f, 1, null)); return W.promise(full(path)); }, { sync: p => full(p) });
    if (/glob/.test(name))
        return Object.assign((pattern, ...rest) => { const list = globbed(pattern); rest.forEach(f => W.back(f, 1, null, list)); return W.promise(list); }, { sync: globbed, globSync: globbed, glob: p => W.promise(globbed(p)) });
    const both = { ...fs };
    for (const [key, fn] of Object.entries(promises))
        if (typeof fn === 'function')
            both[key] = (...args) => typeof args[args.length - 1] === 'function' ? fs[key](...args) : fn(...args);
    const more = { ensureDir: p => fs.mkdirSync(p), ensureDirSync: p => fs.mkdirSync(p), outputFile: (p, d) => write(p, d, undefined, 'write'), outputFileSync: (p, d) => write(p, d, undefined, 'write'), remove, removeSync: remove,
        copy, copySync: copy, move: sync.renameSync, moveSync: sync.renameSync, pathExists: exists, pathExistsSync: exists, readJson: p => S.JSON.parse(sync.readFileSync(p, 'utf8')), readJsonSync: p => S.JSON.parse(sync.readFileSync(p, 'utf8')),
        writeJson: (p, d) => write(p, JSON.stringify(d), undefined, 'write'), writeJsonSync: (p, d) => write(p, JSON.stringify(d), undefined, 'write'), emptyDir: () => {}, emptyDirSync: () => {}, gracefulify: x => x };
    for (const [key, fn] of Object.entries(more))
        both[key] = /Sync$|gracefulify/.test(key) ? fn : async (...args) => fn(...args);
    return both;
});
const globbed = pattern => [String(pattern).replace(/\*+/g, 'a')];
})
