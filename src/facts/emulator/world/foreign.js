/* foreign.js - the objects of other hosts: browsers, Windows Script Host, editors. They are absent until a script trips
 * over their absence; then the run is repeated with them. */
(function (host, S, W) {
'use strict';
const { op } = W;
const set = (name, value) => { try { Object.defineProperty(S, name, { value, writable: true, configurable: true, enumerable: true }); } catch (e) { /* the sample has its own */ } };
const storage = what => { const map = new Map(); return { getItem: k => map.get(k) ?? W.marked('browser:' + what + '.' + W.text(k), W.SECRET, W.event('secret.read', what)), setItem: (k, v) => { map.set(k, W.text(v)); }, removeItem: k => { map.delete(k); }, clear() {}, key: () => null, length: 2 }; };
const element = tag => {
    const el = W.permissive('browser:element.' + tag, W.MODULE);
    const st = W.stateOf(el);
    const own = { tagName: tag.toUpperCase(), style: {}, dataset: {}, children: [], appendChild: child => { const s = W.stateOf(child)?.own; const src = s?.get('src'), text = s?.get('textContent') ?? s?.get('text') ?? s?.get('innerHTML');
        const href = s?.get('href');
        if (href !== undefined && s.get('tagName') === 'LINK') W.answerFor(href, 'GET', '', '');
        if (src !== undefined) { const answer = W.answerFor(src, 'GET', '', ''); W.event('code.eval', answer.text, 'script element'); } else if (text !== undefined && s.get('tagName') === 'SCRIPT') W.evaluate(W.text(text), 'script element'); return child; }, setAttribute: (k, v) => { st.own.set(k, v); }, addEventListener: (n, f) => { W.task(10, () => { if (typeof f === 'function') f.call(el, { target: el, currentTarget: el, type: n, preventDefault() {} }); }); } };
    own.append = own.insertBefore = own.prepend = own.appendChild;
    for (const [k, v] of Object.entries(own)) st.own.set(k, v);
    return el;
};
/* Text that is read when it is used. */
const lazy = make => ({ toString: make, valueOf: make, [Symbol.toPrimitive]: make, toJSON: make, split: (...a) => make().split(...a), match: (...a) => make().match(...a), replace: (...a) => make().replace(...a), trim: make, slice: (...a) => make().slice(...a), get length() { return 40; }, indexOf: () => 0, includes: () => true });
/* A form that asks for what skimmers look for. */
const form = () => {
    const el = element('form');
    const fields = ['email', 'password', 'cardnumber', 'cvc'].map(name => {
        const field = element('input'), own = W.stateOf(field).own;
        for (const [k, v] of Object.entries({ type: name === 'password' ? name : 'text', name, id: name, value: lazy(() => W.marked('browser:form.' + name, W.SECRET, W.event('secret.read', 'form ' + name))) })) own.set(k, v);
        return field;
    });
    W.stateOf(el).own.set('elements', fields);
    return el;
};
const browser = () => {
    if (S.document !== undefined) return;
    W.note('host', 'browser');
    const body = element('body'), head = element('head');
    const document = W.permissive('browser:document', W.MODULE), own = W.stateOf(document).own;
    const listen = (n, f) => { W.task(10, () => W.call1(f, { type: n, target: body, key: 'a', data: W.permissive('browser:message', W.ARG), preventDefault() {} })); };
    Object.entries({ createElement: t => element(W.text(t).toLowerCase()), getElementsByTagName: t => [element(W.text(t))], querySelector: t => element('input'), querySelectorAll: t => [element('input')], getElementById: t => element('div'), body, head, documentElement: element('html'), readyState: 'complete', addEventListener: listen, referrer: '', title: '', hidden: false, currentScript: element('script'), write: t => { W.evaluate(W.text(t), 'document.write'); } }).forEach(([k, v]) => own.set(k, v));
    Object.defineProperty(document, 'cookie', { value: undefined, configurable: true });
    const cookie = () => W.marked('browser:cookie', W.SECRET, W.event('secret.read', 'cookies'));
    own.set('cookie', lazy(cookie));
    own.set('forms', [form()]);
    const location = { href: 'https://app.example.invalid/', hostname: 'app.example.invalid', host: 'app.example.invalid', protocol: 'https:', pathname: '/', search: '', hash: '', origin: 'https://app.example.invalid', reload() {}, replace: u => { W.event('net.request', u, 'GET'); }, assign: u => { W.event('net.request', u, 'GET'); }, toString: () => 'https://app.example.invalid/' };
    own.set('location', location);
    const all = { document, location, localStorage: storage('localStorage'), sessionStorage: storage('sessionStorage'), screen: { width: 1920, height: 1080 }, history: { pushState() {}, replaceState() {} }, addEventListener: listen, removeEventListener() {}, alert() {}, confirm: () => true, prompt: () => '', matchMedia: () => ({ matches: false, addListener() {}, addEventListener() {} }), getComputedStyle: () => ({}), requestAnimationFrame: f => { W.task(16, () => f(16)); return 1; }, cancelAnimationFrame() {}, open: u => { W.event('net.request', u, 'GET'); return W.permissive('window', W.MODULE); }, innerWidth: 1200, innerHeight: 800, devicePixelRatio: 1, scrollTo() {}, postMessage() {}, MutationObserver: class { observe() {} disconnect() {} }, IntersectionObserver: class { observe() {} disconnect() {} }, HTMLElement: class {}, Element: class {}, Node: class {}, XMLHttpRequest: W.globals.XMLHttpRequest,
        Image: function () { const el = { set src(u) { W.answerFor(u, 'GET', '', ''); } }; return el; }, ethereum: W.permissive('browser:ethereum', W.MODULE), indexedDB: W.permissive('browser:indexedDB', W.MODULE) };
    S.navigator = Object.assign(S.navigator ?? {}, { userAgent: 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36', sendBeacon: (u, d) => { W.answerFor(u, 'POST', d, ''); return true; }, clipboard: { readText: () => W.promise(() => W.marked('secret:clipboard', W.SECRET, W.event('secret.read', 'clipboard'))), writeText: t => { W.event('call', 'clipboard.write', t); return W.promise(undefined); } }, serviceWorker: W.permissive('browser:sw', W.MODULE), mediaDevices: W.permissive('browser:media', W.MODULE) });
    for (const [k, v] of Object.entries(all)) set(k, v);
    for (const k of ['window', 'self', 'top', 'parent', 'frames']) set(k, S);
};
/* Windows Script Host: the objects that scripts create by name. */
const active = name => {
    W.note('host', 'wsh');
    W.event('call', 'ActiveXObject', name);
    const id = W.text(name).toLowerCase();
    const run = (how) => (line, ...rest) => { W.startProcess(W.text(line) + (id.includes('application') ? ' ' + W.text(rest[0] ?? '') : ''), how); return 0; };
    if (id.startsWith('wscript.shell') || id === 'shell.application')
        return { Run: run('WScript.Shell.Run'), Exec: l => { run('WScript.Shell.Exec')(l); return W.permissive('wsh:exec', W.HOST); }, ShellExecute: run('ShellExecute'), ExpandEnvironmentStrings: t => W.text(t).replace(/%(\w+)%/g, (m, k) => S.process.env[k] ?? m), RegRead: k => { W.event('file.read', k); return ''; }, RegWrite: (k, v) => { W.event('file.write', k, v, '', 'registry'); }, RegDelete() {}, SpecialFolders: () => 'C:\\Users\\dev\\AppData', CurrentDirectory: 'C:\\Users\\dev', CreateShortcut: p => ({ Save: () => { W.event('file.write', p, '', '', 'shortcut'); } }), Environment: () => k => S.process.env[k], NameSpace: p => W.permissive('wsh:folder', W.MODULE), Popup() {} };
    if (/xmlhttp|winhttp/.test(id)) {
        const x = { readyState: 4, status: 200, open: (m, u) => { x.how = [m, u]; }, Open: (m, u) => { x.how = [m, u]; }, setRequestHeader() {}, SetRequestHeader() {}, send: b => { const answer = W.answerFor(x.how?.[1] ?? '', x.how?.[0], b, ''); x.responseText = x.ResponseText = answer.text; x.responseBody = x.ResponseBody = W.Buffer.from(answer.text); x.Status = 200; W.call1(x.onreadystatechange); } };
        x.Send = x.send;
        return x;
    }
    if (id.startsWith('adodb.stream')) {
        const parts = [];
        const s = { Open() {}, open() {}, Close() {}, close() {}, Write: b => { parts.push(b); }, WriteText: t => { parts.push(t); }, SaveToFile: (p, m) => { W.writeFile(p, parts.length === 1 ? parts[0] : parts.map(x => W.text(x)).join(''), undefined, 'write'); }, Position: 0, Type: 1, ReadText: () => parts.map(x => W.text(x)).join(''), Read: () => parts[0] };
        Object.assign(s, { write: s.Write, saveToFile: s.SaveToFile, writeText: s.WriteText });
        return s;
    }
    if (id.startsWith('scripting.filesystemobject')) {
        const fs = W.get('fs');
        const file = p => ({ Write: t => { W.writeFile(p, t, undefined, 'append'); }, WriteLine: t => { W.writeFile(p, W.text(t) + '\r\n', undefined, 'append'); }, ReadAll: () => fs.readFileSync(p, 'utf8'), Close() {}, AtEndOfStream: true });
        return { FileExists: p => fs.existsSync(p), FolderExists: p => fs.existsSync(p), CreateTextFile: file, OpenTextFile: file, DeleteFile: p => fs.unlinkSync(p), CopyFile: (a, b) => fs.copyFileSync(a, b), MoveFile: (a, b) => fs.renameSync(a, b), CreateFolder: p => fs.mkdirSync(p), GetSpecialFolder: () => ({ Path: 'C:\\Users\\dev\\AppData\\Local\\Temp', toString: () => 'C:\\Users\\dev\\AppData\\Local\\Temp' }), GetTempName: () => 'rad1.tmp', BuildPath: (a, b) => a + '\\' + b, GetFile: p => W.permissive('wsh:file', W.FILE), GetFolder: p => W.permissive('wsh:folder', W.FILE), Drives: [] };
    }
    return W.permissive('wsh:' + id, W.MODULE);
};
const windows = () => {
    W.note('host', 'wsh');
    const WScript = { CreateObject: active, Sleep: ms => {}, Echo() {}, Quit: c => { W.event('call', 'WScript.Quit', c); }, ScriptFullName: 'C:\\Users\\dev\\Downloads\\run.js', ScriptName: 'run.js', Arguments: Object.assign(() => '', { Item: () => '', Count: () => 0, Named: {} }), Shell: undefined };
    set('WScript', WScript);
    set('WSH', WScript);
    set('ActiveXObject', function ActiveXObject(name) { return active(name); });
    set('GetObject', name => W.permissive('wsh:' + W.text(name), W.MODULE));
    set('Enumerator', function () { return { atEnd: () => true, moveNext() {}, item: () => W.permissive('wsh:item', W.MODULE) }; });
    set('VBArray', function (a) { return { toArray: () => a }; });
};
const browserNames = new Set(['window', 'document', 'location', 'localStorage', 'sessionStorage', 'self', 'top', 'parent', 'HTMLElement', 'MutationObserver', 'Image', 'screen', 'history', 'requestAnimationFrame', 'addEventListener', 'Element', 'Node', 'alert', 'ethereum', 'indexedDB', 'matchMedia', 'getComputedStyle']);
/* Defines the missing global `name`, as what it would be in its host. */
W.foreign = name => {
    if (browserNames.has(name)) browser();
    else if (/^(WScript|WSH|ActiveXObject|GetObject|Enumerator|VBArray)$/.test(name)) windows();
    else if (name === 'chrome' || name === 'browser') { browser(); W.note('host', 'extension'); set(name, W.permissive('extension:' + name, W.SECRET)); }
    else if (name === 'regeneratorRuntime') set(name, W.get('regenerator-runtime'));
    else if (name === 'importScripts') set(name, u => { const answer = W.answerFor(u, 'GET', '', ''); W.event('code.eval', answer.text, 'importScripts'); });
    else if (name === 'React' || name === 'jQuery' || name === '$' || /^[A-Za-z_$][\w$]*$/.test(name)) set(name, W.permissive('global:' + name, W.MODULE));
};
/* vscode extensions are handed this. */
W.define(['vscode', 'electron', 'atom'], name => { W.note('host', name); return W.permissive('module:' + name, W.MODULE); });
})
