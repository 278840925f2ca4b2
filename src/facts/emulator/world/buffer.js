/* buffer.js - Buffer over the world's Uint8Array; the codecs are C's. Decoders let a marked value through: the "base64"
 * or "hex" that a server sends decodes to itself, for a real one would decode to something useful. */
(function (host, S, W) {
'use strict';
const encodings = { utf8: 'utf8', 'utf-8': 'utf8', hex: 'hex', base64: 'base64', base64url: 'base64url', latin1: 'latin1', binary: 'latin1', ascii: 'ascii',
                    ucs2: 'utf16le', 'ucs-2': 'utf16le', utf16le: 'utf16le', 'utf-16le': 'utf16le' };
const known = name => name === undefined || name === null ? 'utf8' : encodings[String(name).toLowerCase()] ?? 'utf8';
/* Text to bytes and back. */
W.encode = (text, encoding) => new Uint8Array(host.call(W.op.encode, String(text), known(encoding)));
W.decode = (bytes, encoding) => host.call(W.op.decode, bytes, known(encoding));

function Buffer(value, encoding, length) {
    return typeof value === 'number' ? alloc(value) : from(value, encoding, length);
}
Object.setPrototypeOf(Buffer, S.Uint8Array);
Buffer.prototype = Object.create(Uint8Array.prototype, { constructor: { value: Buffer, writable: true, configurable: true } });
const wrap = W.buffer = bytes => Object.setPrototypeOf(bytes, Buffer.prototype);
const alloc = n => {
    n = Number(n);
    if (!(n >= 0 && n <= 1 << 28))
        throw new W.S.RangeError('The value of "size" is out of range.');
    return wrap(new Uint8Array(n));
};
const from = (value, encoding, length) => {
    if (typeof value === 'string')
        return wrap(W.encode(value, encoding));
    if (W.isPermissive(value))
        return wrap(W.encode(String(value), encoding));
    if (value instanceof ArrayBuffer || value instanceof S.ArrayBuffer)
        return wrap(new Uint8Array(value, encoding, length));
    if (ArrayBuffer.isView(value) && value.BYTES_PER_ELEMENT === 1)
        return wrap(new Uint8Array(value));
    if (value !== null && typeof value === 'object') {
        if (value.type === 'Buffer' && Array.isArray(value.data))
            return wrap(Uint8Array.from(value.data));
        if (typeof value.length === 'number')
            return wrap(Uint8Array.from(value));
        const primitive = value.valueOf();
        if (primitive !== value)
            return from(primitive, encoding, length);
    }
    throw new W.S.TypeError('The first argument must be of type string or an instance of Buffer, ArrayBuffer, or Array or an Array-like Object.');
};
W.toBuffer = value => value instanceof Uint8Array && Object.getPrototypeOf(value) === Buffer.prototype ? value
    : from(typeof value === 'string' || (value !== null && typeof value === 'object') ? value : String(value ?? ''));
Object.assign(Buffer, {
    from, alloc: (n, fill, encoding) => fill === undefined ? alloc(n) : alloc(n).fill(fill, encoding), allocUnsafe: alloc, allocUnsafeSlow: alloc,
    isBuffer: b => b instanceof Buffer, isEncoding: e => typeof e === 'string' && e.toLowerCase() in encodings, poolSize: 8192,
    byteLength: (v, e) => typeof v === 'string' ? W.encode(v, e).length : v.byteLength ?? v.length,
    concat: (list, total) => {
        const parts = [...list].map(b => W.toBuffer(b));
        total ??= parts.reduce((n, b) => n + b.length, 0);
        const all = alloc(total);
        let at = 0;
        for (const part of parts) {
            if (at >= total)
                break;
            all.set(part.subarray(0, total - at), at);
            at += part.length;
        }
        return all;
    },
    compare: (a, b) => {
        for (let i = 0; i < a.length && i < b.length; i++)
            if (a[i] !== b[i])
                return a[i] < b[i] ? -1 : 1;
        return Math.sign(a.length - b.length);
    },
});
const bytesOf = (value, encoding) => typeof value === 'string' ? W.encode(value, encoding) : typeof value === 'number' ? Uint8Array.of(value & 255) : value;
const find = (hay, needle, from, back) => {
    const n = hay.length, m = needle.length;
    for (let i = back ? Math.min(from, n - m) : from; back ? i >= 0 : i <= n - m; i += back ? -1 : 1) {
        let j = 0;
        while (j < m && hay[i + j] === needle[j])
            j++;
        if (j === m)
            return i;
    }
    return -1;
};
const methods = {
    toString(encoding, start = 0, end = this.length) { return W.decode(start === 0 && end >= this.length ? this : this.subarray(start, end), encoding); },
    toLocaleString(encoding) { return this.toString(encoding); },
    toJSON() { return { type: 'Buffer', data: Array.from(this) }; },
    equals(other) { return Buffer.compare(this, other) === 0; },
    compare(other) { return Buffer.compare(this, other); },
    slice(a, b) { return wrap(Uint8Array.prototype.subarray.call(this, a, b)); },
    subarray(a, b) { return wrap(Uint8Array.prototype.subarray.call(this, a, b)); },
    write(text, offset = 0, length, encoding) {
        if (typeof offset === 'string') { encoding = offset; offset = 0; length = undefined; }
        if (typeof length === 'string') { encoding = length; length = undefined; }
        const bytes = W.encode(text, encoding).subarray(0, Math.min(length ?? this.length, this.length - offset));
        this.set(bytes, offset);
        return bytes.length;
    },
    copy(target, at = 0, from = 0, to = this.length) {
        const part = this.subarray(from, Math.min(to, from + target.length - at));
        target.set(part, at);
        return part.length;
    },
    fill(value, a = 0, b = this.length, encoding) {
        if (typeof a === 'string') { encoding = a; a = 0; b = this.length; }
        const bytes = bytesOf(value, encoding);
        for (let i = a, j = 0; i < b; i++, j++)
            this[i] = bytes.length === 0 ? 0 : bytes[j % bytes.length];
        return this;
    },
    indexOf(value, from = 0, encoding) { return find(this, bytesOf(value, encoding), typeof from === 'number' ? from : 0, false); },
    lastIndexOf(value, from = this.length, encoding) { return find(this, bytesOf(value, encoding), typeof from === 'number' ? from : this.length, true); },
    includes(value, from, encoding) { return this.indexOf(value, from, encoding) >= 0; },
    map(fn, self) { return wrap(Uint8Array.from(Array.prototype.map.call(this, fn, self))); },
    filter(fn, self) { return wrap(Uint8Array.from(Array.prototype.filter.call(this, fn, self))); },
    swap16() { for (let i = 0; i + 1 < this.length; i += 2) [this[i], this[i + 1]] = [this[i + 1], this[i]]; return this; },
    readUIntBE(at, n) { let v = 0; for (let i = 0; i < n; i++) v = v * 256 + this[at + i]; return v; },
    readUIntLE(at, n) { let v = 0; for (let i = n - 1; i >= 0; i--) v = v * 256 + this[at + i]; return v; },
    readIntBE(at, n) { const v = this.readUIntBE(at, n), top = 2 ** (8 * n); return v >= top / 2 ? v - top : v; },
    readIntLE(at, n) { const v = this.readUIntLE(at, n), top = 2 ** (8 * n); return v >= top / 2 ? v - top : v; },
    writeUIntBE(v, at, n) { for (let i = n - 1; i >= 0; i--) { this[at + i] = v & 255; v = Math.floor(v / 256); } return at + n; },
    writeUIntLE(v, at, n) { for (let i = 0; i < n; i++) { this[at + i] = v & 255; v = Math.floor(v / 256); } return at + n; },
};
const view = b => new DataView(b.buffer, b.byteOffset, b.byteLength);
for (const [name, size, kind] of [['UInt8', 1, 'Uint8'], ['Int8', 1, 'Int8'], ['UInt16', 2, 'Uint16'], ['Int16', 2, 'Int16'], ['UInt32', 4, 'Uint32'],
    ['Int32', 4, 'Int32'], ['Float', 4, 'Float32'], ['Double', 8, 'Float64'], ['BigUInt64', 8, 'BigUint64'], ['BigInt64', 8, 'BigInt64']]) {
    for (const end of size === 1 ? [''] : ['LE', 'BE']) {
        methods['read' + name + end] = function (at = 0) { return view(this)['get' + kind](at, end === 'LE'); };
        methods['write' + name + end] = function (value, at = 0) { view(this)['set' + kind](at, value, end === 'LE'); return at + size; };
        methods['read' + name.replace('UInt', 'Uint') + end] = methods['read' + name + end];
        methods['write' + name.replace('UInt', 'Uint') + end] = methods['write' + name + end];
    }
}
for (const [name, value] of Object.entries(methods))
    Object.defineProperty(Buffer.prototype, name, { value, writable: true, configurable: true });
Object.defineProperty(Buffer.prototype, 'parent', { get() { return this.buffer; }, configurable: true });
W.Buffer = Buffer;

const atob = text => W.decode(W.encode(String(text), 'base64'), 'latin1');
const btoa = text => W.decode(W.encode(String(text), 'latin1'), 'base64');
class TextEncoder {
    get encoding() { return 'utf-8'; }
    encode(text = '') { return W.encode(text); }
    encodeInto(text, into) { const b = W.encode(text).subarray(0, into.length); into.set(b); return { read: text.length, written: b.length }; }
}
class TextDecoder {
    constructor(encoding) { this.encoding = encoding || 'utf-8'; }
    decode(bytes) { return bytes === undefined ? '' : W.decode(bytesView(bytes), this.encoding); }
}
const bytesView = W.bytesView = value => value instanceof Uint8Array ? value
    : ArrayBuffer.isView(value) ? new Uint8Array(value.buffer, value.byteOffset, value.byteLength) : value instanceof S.ArrayBuffer || value instanceof ArrayBuffer ? new Uint8Array(value) : W.encode(String(value));
class Blob {
    constructor(parts = [], options = {}) { this.parts = [...parts]; this.type = options.type || ''; }
    get size() { return W.toBuffer(this.parts.map(p => W.text(p)).join('')).length; }
    text() { return W.promise(this.parts.map(p => typeof p === 'string' ? p : W.text(p)).join('')); }
    arrayBuffer() { return W.promise(() => W.toBuffer(this.parts.map(p => W.text(p)).join('')).buffer); }
}
W.globals = { Buffer, atob, btoa, TextEncoder, TextDecoder, Blob, File: Blob };
W.define('buffer', () => ({ Buffer, atob, btoa, Blob, File: Blob, SlowBuffer: Buffer, kMaxLength: 2 ** 32, constants: { MAX_LENGTH: 2 ** 32, MAX_STRING_LENGTH: 2 ** 29 } }));
W.define('string_decoder', () => ({ StringDecoder: class StringDecoder {
    constructor(encoding) { this.encoding = encoding; }
    write(b) { return W.decode(bytesView(b), this.encoding); }
    end(b) { return b === undefined ? '' : this.write(b); }
} }));
})
