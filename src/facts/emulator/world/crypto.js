/* crypto.js, zlib: real digests, ciphers and inflation through C. What is marked goes through deciphering and inflating
 * unchanged: what a server really sends would come out as something useful. */
(function (host, S, W) {
'use strict';
const { op, call } = W;
const bytesOf = (value, encoding) => typeof value === 'string' ? W.encode(value, encoding) : value && value.__key ? value.__key : W.toBuffer(value);
const out = (bytes, encoding) => encoding && encoding !== 'buffer' ? W.decode(bytes, encoding) : W.buffer(bytes);
const native = (...args) => { const r = call(...args); return r === undefined ? undefined : new Uint8Array(r); };
const gathering = finish => {
    const parts = [];
    const s = new W.Transform();
    s.update = (data, encoding, outEncoding) => { parts.push(bytesOf(data, encoding)); return s; };
    s.whole = () => W.Buffer.concat(parts);
    s._transform = (chunk, e, cb) => { parts.push(bytesOf(chunk)); cb(); };
    s._flush = cb => cb(null, finish(s));
    return s;
};
const hash = (name, key) => {
    name = W.text(name).toLowerCase().replace(/^rsa-/, '');
    const s = gathering(() => s.digest());
    s.digest = encoding => {
        const data = s.whole();
        const value = key === undefined ? native(op.digest, name, data) : native(op.hmac, name, bytesOf(key), data);
        if (value === undefined) throw W.error('Digest method not supported');
        return out(value, encoding);
    };
    s.copy = () => { const t = hash(name, key); t.update(s.whole()); return t; };
    return s;
};
/* Bytes that hold a mark pass; others are really deciphered, as far as the library knows the cipher. */
const cipher = (encrypt, name, key, iv) => {
    const parts = [];
    const s = new W.Transform();
    let done = false;
    const run = () => {
        const data = W.Buffer.concat(parts);
        if (!encrypt && W.origin(data) !== undefined) return data;
        const value = native(op.cipher, W.text(name).toLowerCase(), encrypt, bytesOf(key), iv === undefined || iv === null ? new Uint8Array(0) : bytesOf(iv), data);
        if (value === undefined) {
            if (encrypt || W.requests() > 0) return data;
            throw W.error('error:1C800064:Provider routines::bad decrypt', { code: 'ERR_OSSL_BAD_DECRYPT', reason: 'bad decrypt' });
        }
        return value;
    };
    Object.assign(s, { setAutoPadding: () => s, setAuthTag: () => s, setAAD: () => s, getAuthTag: () => W.Buffer.alloc(16, 7),
        update(data, encoding, outEncoding) { parts.push(bytesOf(data, encoding)); return outEncoding ? '' : W.Buffer.alloc(0); },
        final(encoding) { if (done) return encoding ? '' : W.Buffer.alloc(0); done = true; return out(run(), encoding); } });
    if (encrypt) W.event('data.encrypt', name, key);
    s._transform = (chunk, e, cb) => { parts.push(bytesOf(chunk)); cb(); };
    s._flush = cb => cb(null, W.buffer(run()));
    return s;
};
let counter = 1;
const randomBytes = (n, cb) => {
    const b = W.Buffer.alloc(n);
    for (let i = 0; i < n; i++) { counter = (counter * 1103515245 + 12345) % 2147483648; b[i] = counter >> 16; }
    if (cb) W.back(cb, 1, null, b);
    return b;
};
const derive = (kind, password, salt, a, b, c, d) => { const v = native(op.derive, kind, bytesOf(password), bytesOf(salt), a, b, c, d); if (v === undefined) throw W.error('Invalid digest'); return W.buffer(v); };
const keyObject = value => ({ __key: bytesOf(value), type: 'secret', symmetricKeySize: 32, export: () => bytesOf(value), asymmetricKeyType: 'rsa' });
const uuid = () => { const h = randomBytes(16).toString('hex'); return h.slice(0, 8) + '-' + h.slice(8, 12) + '-4' + h.slice(13, 16) + '-a' + h.slice(17, 20) + '-' + h.slice(20, 32); };
const subtle = { digest: (a, d) => W.promise(() => native(op.digest, W.text(a?.name ?? a).toLowerCase().replace('-', ''), W.bytesView(d)).buffer), importKey: (f, k) => W.promise(() => keyObject(W.bytesView(k))), generateKey: () => W.promise(() => keyObject(randomBytes(32))), exportKey: (f, k) => W.promise(() => k.__key?.buffer),
    encrypt: (a, k, d) => W.promise(() => { W.event('data.encrypt', a?.name ?? a, k?.__key); return W.bytesView(d).slice().buffer; }), decrypt: (a, k, d) => W.promise(() => { const data = W.bytesView(d); if (W.origin(data) !== undefined) return data.slice().buffer; const name = String(a?.name ?? a); const v = native(op.cipher, /CBC/i.test(name) ? 'aes-' + (k.__key.length * 8) + '-cbc' : 'aes-' + (k.__key.length * 8) + '-gcm', false, k.__key, W.bytesView(a.iv), /GCM/i.test(name) ? data.slice(0, -16) : data); if (v === undefined) throw W.error('The operation failed', { name: 'OperationError' }); return v.buffer; }),
    deriveBits: () => W.promise(() => randomBytes(32).buffer), deriveKey: () => W.promise(() => keyObject(randomBytes(32))), sign: () => W.promise(() => randomBytes(64).buffer), verify: () => W.promise(true) };
const webcrypto = { subtle, randomUUID: uuid, getRandomValues: a => { const r = randomBytes(a.byteLength); new Uint8Array(a.buffer, a.byteOffset, a.byteLength).set(r); return a; } };
W.webcrypto = webcrypto;
const pair = () => ({ publicKey: '-----BEGIN PUBLIC KEY-----\nAA==\n-----END PUBLIC KEY-----\n', privateKey: '-----BEGIN PRIVATE KEY-----\nAA==\n-----END PRIVATE KEY-----\n' });
const crypto = {
    createHash: name => hash(name), createHmac: (name, key) => hash(name, key), hash: (name, data, e) => hash(name).update(data).digest(e ?? 'hex'), getHashes: () => ['md5', 'sha1', 'sha256', 'sha512'], getCiphers: () => ['aes-256-cbc', 'aes-256-gcm'], getCurves: () => ['secp256k1'],
    createCipheriv: (n, k, iv) => cipher(true, n, k, iv), createDecipheriv: (n, k, iv) => cipher(false, n, k, iv), createCipher: (n, p) => cipher(true, n, legacyKey(n, p)[0], legacyKey(n, p)[1]), createDecipher: (n, p) => cipher(false, n, legacyKey(n, p)[0], legacyKey(n, p)[1]),
    randomBytes, randomFillSync: b => { b.set(randomBytes(b.length)); return b; }, randomFill: (b, cb) => { b.set(randomBytes(b.length)); W.back(cb, 1, null, b); }, randomUUID: uuid, randomInt: (a, b, cb) => { const low = b === undefined || typeof b === 'function' ? 0 : a, high = low === 0 && typeof b !== 'number' ? a : b; return low + randomBytes(4).readUInt32LE(0) % Math.max(1, high - low); }, pseudoRandomBytes: randomBytes,
    pbkdf2Sync: (p, s, i, n, d) => derive('pbkdf2', p, s, Math.min(i, 20000), n, W.text(d ?? 'sha1')), pbkdf2: (p, s, i, n, d, cb) => { const v = derive('pbkdf2', p, s, Math.min(i, 20000), n, W.text(d)); W.back(cb, 1, null, v); }, scryptSync: (p, s, n, o) => derive('scrypt', p, s, n, o?.N ?? o?.cost ?? 16384, ''), scrypt: (p, s, n, o, cb) => W.back(cb ?? o, 1, null, derive('scrypt', p, s, n, 16384, '')),
    hkdfSync: (d, k, s, i, n) => randomBytes(n).buffer, timingSafeEqual: (a, b) => W.Buffer.compare(a, b) === 0, createSecretKey: keyObject, createPublicKey: keyObject, createPrivateKey: keyObject, generateKeyPairSync: pair, generateKeyPair: (t, o, cb) => W.back(cb ?? o, 1, null, pair().publicKey, pair().privateKey),
    createSign: () => { const s = gathering(); s.sign = (k, e) => out(randomBytes(64), e); return s; }, createVerify: () => { const s = gathering(); s.verify = () => true; return s; }, sign: () => randomBytes(64), verify: () => true,
    publicEncrypt: (k, d) => { W.event('data.encrypt', 'rsa', ''); return W.toBuffer(d); }, privateDecrypt: (k, d) => W.toBuffer(d), privateEncrypt: (k, d) => W.toBuffer(d), publicDecrypt: (k, d) => W.toBuffer(d), createECDH: () => ({ generateKeys: () => randomBytes(65), computeSecret: () => randomBytes(32), setPrivateKey() {}, getPublicKey: () => randomBytes(65), getPrivateKey: () => randomBytes(32) }), createDiffieHellman: () => W.permissive('dh', W.MODULE),
    constants: { RSA_PKCS1_PADDING: 1, RSA_PKCS1_OAEP_PADDING: 4 }, webcrypto, subtle, getRandomValues: webcrypto.getRandomValues, KeyObject: class {}, X509Certificate: class {}, Hash: class {}, Hmac: class {}, getFips: () => 0, setEngine() {}, DEFAULT_ENCODING: 'buffer',
};
/* The key and iv that createCipher made of a password (EVP_BytesToKey, MD5, one round). */
const legacyKey = (name, password) => {
    let all = W.Buffer.alloc(0), last = W.Buffer.alloc(0);
    while (all.length < 48) { last = crypto.createHash('md5').update(W.Buffer.concat([last, bytesOf(password)])).digest(); all = W.Buffer.concat([all, last]); }
    const size = /256/.test(name) ? 32 : /192/.test(name) ? 24 : 16;
    return [all.subarray(0, size), all.subarray(size, size + 16)];
};
W.define('crypto', () => crypto);

/* crypto-js, in the shapes that loaders use. */
W.define(['crypto-js', 'crypto-js/aes', 'crypto-js/md5', 'crypto-js/sha256', 'crypto-js/enc-utf8', 'crypto-js/enc-base64'], name => {
    const coder = e => ({ stringify: w => W.decode(w.bytes ?? W.encode(String(w)), e), parse: t => words(W.encode(String(t), e)) });
    const words = bytes => ({ bytes, sigBytes: bytes.length, words: [], toString: enc => enc?.stringify ? enc.stringify({ bytes }) : W.decode(bytes, 'hex') });
    const enc = { Utf8: coder('utf8'), Hex: coder('hex'), Base64: coder('base64'), Latin1: coder('latin1') };
    const digest = n => data => words(crypto.createHash(n).update(data?.bytes ?? W.text(data)).digest());
    const decrypt = (n, size) => (data, key, o) => {
        const raw = data?.ciphertext?.bytes ?? data?.bytes ?? W.encode(W.text(data), 'base64');
        if (W.origin(raw) !== undefined || W.origin(W.text(data)) !== undefined) return words(W.origin(raw) ? raw : W.encode(W.text(data)));
        let k = key?.bytes, iv = o?.iv?.bytes, body = raw;
        if (k === undefined) { /* OpenSSL's "Salted__" */
            const salt = body.slice(8, 16);
            body = body.slice(16);
            let all = W.Buffer.alloc(0), last = W.Buffer.alloc(0);
            while (all.length < 48) { last = crypto.createHash('md5').update(W.Buffer.concat([last, W.encode(W.text(key)), salt])).digest(); all = W.Buffer.concat([all, last]); }
            k = all.subarray(0, 32);
            iv = all.subarray(32, 48);
        }
        return words(native(op.cipher, 'aes-' + k.length * 8 + '-cbc', false, k, iv ?? new Uint8Array(16), body) ?? new Uint8Array(0));
    };
    const aes = { decrypt: decrypt('aes', 32), encrypt: (data, key) => { W.event('data.encrypt', 'aes', key?.bytes ?? key); const t = W.text(data?.bytes ?? data); return { ciphertext: words(W.toBuffer(t)), toString: () => W.decode(W.toBuffer(t), 'base64') }; } };
    const all = { AES: aes, DES: aes, TripleDES: aes, RC4: aes, Rabbit: aes, MD5: digest('md5'), SHA1: digest('sha1'), SHA256: digest('sha256'), SHA512: digest('sha512'), HmacSHA256: (d, k) => words(crypto.createHmac('sha256', k?.bytes ?? W.text(k)).update(W.text(d)).digest()), enc, mode: { CBC: {}, ECB: {}, CTR: {} }, pad: { Pkcs7: {}, ZeroPadding: {}, NoPadding: {} }, lib: { WordArray: { create: () => words(new Uint8Array(0)), random: n => words(randomBytes(n)) }, CipherParams: { create: o => o } }, PBKDF2: (p, s, o) => words(derive('pbkdf2', W.text(p), s?.bytes ?? W.text(s), Math.min(o?.iterations ?? 1, 20000), (o?.keySize ?? 4) * 4, 'sha1')) };
    return { 'crypto-js/aes': aes, 'crypto-js/md5': all.MD5, 'crypto-js/sha256': all.SHA256, 'crypto-js/enc-utf8': enc.Utf8, 'crypto-js/enc-base64': enc.Base64 }[name] ?? all;
});

/* ---- zlib ------------------------------------------------------------------------------------------------------------------ */
const inflate = kind => data => {
    const bytes = W.toBuffer(data);
    if (W.origin(bytes) !== undefined && bytes[0] !== 0x1f && bytes[0] !== 0x78) return bytes;
    const value = native(op.inflate, kind, bytes);
    if (value === undefined) {
        if (W.requests() > 0) return bytes;
        throw W.error('incorrect header check', { errno: -3, code: 'Z_DATA_ERROR' });
    }
    return W.buffer(value);
};
const store = kind => data => W.buffer(native(op.inflate, 'store-' + kind, W.toBuffer(data)));
W.define('zlib', () => {
    const all = { gunzip: inflate('gzip'), inflate: inflate('zlib'), inflateRaw: inflate('raw'), unzip: inflate('any'), brotliDecompress: inflate('br'), zstdDecompress: inflate('zstd'), gzip: store('gzip'), deflate: store('zlib'), deflateRaw: store('raw'), brotliCompress: store('raw'), zstdCompress: store('raw') };
    const zlib = { constants: { Z_BEST_COMPRESSION: 9, Z_DEFAULT_COMPRESSION: -1, Z_SYNC_FLUSH: 2, Z_FINISH: 4, BROTLI_PARAM_QUALITY: 1 }, Z_BEST_COMPRESSION: 9, Z_SYNC_FLUSH: 2, crc32: () => 0 };
    for (const [name, fn] of Object.entries(all)) {
        zlib[name + 'Sync'] = fn;
        zlib[name] = (data, o, cb) => { let e = null, v; try { v = fn(data); } catch (x) { e = x; } W.back(cb ?? o, 1, e, v); };
        const create = () => { const parts = []; const t = new W.Transform(); t._transform = (c, e, cb) => { parts.push(c); cb(); }; t._flush = cb => { try { cb(null, fn(W.Buffer.concat(parts.map(p => W.toBuffer(p))))); } catch (e) { t.emit('error', e); } }; return t; };
        const title = name[0].toUpperCase() + name.slice(1);
        zlib['create' + title] = create;
        zlib[title] = create;
    }
    return zlib;
});
W.define(['pako', 'fflate', 'lz-string'], name => {
    const zlib = W.get('zlib');
    if (name === 'lz-string') return W.unknown('lz-string#');
    const text = (b, o) => o?.to === 'string' ? W.decode(b) : b;
    return { inflate: (d, o) => text(zlib.unzipSync(d), o), ungzip: (d, o) => text(zlib.unzipSync(d), o), inflateRaw: (d, o) => text(zlib.inflateRawSync(d), o), deflate: d => zlib.deflateSync(d), gzip: d => zlib.gzipSync(d), gunzipSync: d => zlib.gunzipSync(d), unzlibSync: d => zlib.inflateSync(d), inflateSync: d => zlib.inflateRawSync(d), decompressSync: d => zlib.unzipSync(d), strFromU8: b => W.decode(b), strToU8: t => W.encode(t) };
});
})
