/* machine.js - the machine a script finds itself on: process, os, path. Values that would tell one victim from another
 * are marked; what a script asks about the kind of machine is noted, so that other kinds are tried. */
(function (host, S, W) {
'use strict';
const { op, call } = W;
W.started = 1781515800000;
W.setup = () => {
    W.platform = W.option('platform') || 'linux';
    W.sep = W.platform === 'win32' ? '\\' : '/';
    W.home = { linux: '/home/dev', darwin: '/Users/dev', win32: 'C:\\Users\\dev' }[W.platform];
    W.root = W.home + W.sep + 'project';
};
let cwd;
W.cwd = () => cwd ?? W.root;

/* ---- path ------------------------------------------------------------------------------------------------------------ */
const makePath = win => {
    const sep = win ? '\\' : '/', cut = win ? /[\\/]+/ : /\/+/;
    const rootOf = p => win ? (/^[A-Za-z]:[\\/]?|^[\\/]+/.exec(p)?.[0] ?? '') : p[0] === '/' ? '/' : '';
    const check = p => { if (typeof p !== 'string') { if (W.isPermissive(p)) return String(p); throw new W.S.TypeError('The "path" argument must be of type string. Received ' + (p === null ? 'null' : typeof p)); } return p; };
    const normalize = p => {
        p = check(p);
        const root = rootOf(p), parts = [];
        for (const part of p.slice(root.length).split(cut)) {
            if (part === '' || part === '.') continue;
            if (part === '..' && parts.length > 0 && parts[parts.length - 1] !== '..') parts.pop();
            else if (part !== '..' || root === '') parts.push(part);
        }
        return (win ? root.replace(/\//g, '\\') : root) + parts.join(sep) || '.';
    };
    const isAbsolute = p => win ? /^([A-Za-z]:)?[\\/]/.test(check(p)) : check(p)[0] === '/';
    const basename = (p, suffix) => { const last = check(p).replace(win ? /[\\/]+$/ : /\/+$/, '').split(cut).pop() ?? ''; return suffix && last.endsWith(suffix) && last !== suffix ? last.slice(0, -suffix.length) : last; };
    const dirname = p => { p = check(p); const root = rootOf(p), at = Math.max(p.lastIndexOf('/'), win ? p.lastIndexOf('\\') : -1); return at < 0 ? '.' : at < root.length ? root : p.slice(0, at); };
    const extname = p => { const base = basename(p), at = base.lastIndexOf('.'); return at <= 0 ? '' : base.slice(at); };
    const resolve = (...parts) => {
        let out = '';
        for (let i = parts.length - 1; i >= 0 && !isAbsolute(out || '.'); i--)
            if (check(parts[i]) !== '') out = out === '' ? parts[i] + '' : parts[i] + sep + out;
        return normalize(isAbsolute(out || '.') ? out : W.cwd() + (out === '' ? '' : sep + out));
    };
    const path = {
        sep, delimiter: win ? ';' : ':', normalize, isAbsolute, basename, dirname, extname, resolve,
        join: (...parts) => normalize(parts.map(check).filter(p => p !== '').join(sep) || '.'),
        relative: (a, b) => {
            const x = resolve(a).split(cut).filter(Boolean), y = resolve(b).split(cut).filter(Boolean);
            let same = 0;
            while (same < x.length && same < y.length && x[same] === y[same]) same++;
            return [...x.slice(same).map(() => '..'), ...y.slice(same)].join(sep);
        },
        parse: p => { const root = rootOf(p), base = basename(p), ext = extname(p); return { root, dir: dirname(p) === '.' && !p.startsWith('.') ? '' : dirname(p), base, ext, name: ext ? base.slice(0, -ext.length) : base }; },
        format: o => (o.dir ? o.dir + sep : o.root ?? '') + (o.base ?? (o.name ?? '') + (o.ext ?? '')), toNamespacedPath: p => p, matchesGlob: () => false,
    };
    return path;
};
const posix = makePath(false), win32 = makePath(true);
for (const p of [posix, win32]) { p.posix = posix; p.win32 = win32; }
W.define(['path'], () => W.platform === 'win32' ? win32 : posix);
W.define('path/posix', () => posix);
W.define('path/win32', () => win32);

/* ---- process ------------------------------------------------------------------------------------------------------------ */
const common = {
    linux: { PATH: '/usr/local/bin:/usr/bin:/bin', SHELL: '/bin/bash', TERM: 'xterm-256color', XDG_SESSION_TYPE: 'wayland', DISPLAY: ':0' },
    darwin: { PATH: '/usr/local/bin:/usr/bin:/bin', SHELL: '/bin/zsh', TERM: 'xterm-256color', TMPDIR: '/var/folders/zz/T/' },
    win32: { Path: 'C:\\Windows\\system32;C:\\Windows', PATH: 'C:\\Windows\\system32;C:\\Windows', APPDATA: 'C:\\Users\\dev\\AppData\\Roaming', LOCALAPPDATA: 'C:\\Users\\dev\\AppData\\Local', USERPROFILE: 'C:\\Users\\dev', TEMP: 'C:\\Users\\dev\\AppData\\Local\\Temp', TMP: 'C:\\Users\\dev\\AppData\\Local\\Temp',
        SystemRoot: 'C:\\Windows', windir: 'C:\\Windows', ProgramData: 'C:\\ProgramData', PROGRAMDATA: 'C:\\ProgramData', ProgramFiles: 'C:\\Program Files', PROGRAMFILES: 'C:\\Program Files', 'ProgramFiles(x86)': 'C:\\Program Files (x86)', ComSpec: 'C:\\Windows\\system32\\cmd.exe', COMSPEC: 'C:\\Windows\\system32\\cmd.exe', SystemDrive: 'C:', HOMEDRIVE: 'C:', HOMEPATH: '\\Users\\dev', OS: 'Windows_NT', PROCESSOR_ARCHITECTURE: 'AMD64' },
};
const secretNames = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'GITHUB_TOKEN', 'NPM_TOKEN', 'DATABASE_URL', 'OPENAI_API_KEY', 'PRIVATE_KEY', 'JWT_SECRET'];
const gone = /^(DEBUG|NODE_DEBUG|NODE_OPTIONS|NO_COLOR|FORCE_COLOR|COLORTERM|NODE_V8_COVERAGE|JEST_WORKER_ID|VITEST|MOCHA|npm_config_\w+|__\w+|TEST|BABEL_ENV|BROWSERSLIST\w*|READABLE_STREAM|UNDICI_\w+|VERBOSE|LOG_LEVEL|SILENT|GRACEFUL_FS_PLATFORM|TEST_GRACEFUL_FS_GLOBAL_PATCH)$/;
const ciNames = /^(CI|CONTINUOUS_INTEGRATION|GITHUB_ACTIONS|GITLAB_CI|TRAVIS|CIRCLECI|JENKINS_\w+|BUILDKITE|TEAMCITY_VERSION|APPVEYOR|BITBUCKET_\w+|VERCEL|NETLIFY|TF_BUILD|CODESPACES|DRONE|SEMAPHORE|HEROKU\w*|AWS_LAMBDA_FUNCTION_NAME|BUILD_NUMBER|RUN_ID|GITHUB_\w+)$/;
const makeEnv = () => {
    const ci = W.option('ci') === '1';
    const plain = { ...common[W.platform], LANG: 'en_US.UTF-8', PWD: W.root, INIT_CWD: W.root, NODE: '/usr/bin/node', ...JSON.parse(W.option('env') || '{}') };
    if (W.option('hook')) { plain.npm_lifecycle_event = W.option('hook'); plain.npm_command = 'install'; plain.npm_config_user_agent = 'npm/10.8.2 node/v20.18.0 linux x64'; }
    if (ci) { plain.CI = 'true'; plain.GITHUB_ACTIONS = 'true'; plain.GITHUB_REPOSITORY = 'acme/app'; plain.RUNNER_OS = 'Linux'; }
    const set = new Map(Object.entries(plain));
    const listed = new Set([...set.keys(), 'HOME', 'USER', 'LOGNAME', ...(W.platform === 'win32' ? ['USERNAME', 'COMPUTERNAME', 'USERDOMAIN'] : []), ...secretNames]);
    let all, taken = 0;
    const read = name => {
        if (set.has(name))
            return set.get(name);
        if (ciNames.test(name)) {
            if (!ci || !listed.has(name)) { W.note('ci', name); if (!ci) return undefined; }
        }
        if (name === 'HOME' || name === 'USERPROFILE')
            return W.platform === 'win32' && name === 'HOME' ? undefined : W.home;
        if (gone.test(name))
            return undefined;
        if (name === 'NODE_ENV') {
            const learnt = W.learned('env:NODE_ENV');
            return learnt;
        }
        if (/^\d+$|^(PORT|HOST|TZ|constructor|prototype|toString|valueOf|toJSON|then|hasOwnProperty|inspect|length|nodeType)$/.test(name))
            return name === 'hasOwnProperty' ? Object.prototype.hasOwnProperty : name in Object.prototype ? Object.prototype[name] : undefined;
        const event = W.event('env.read', name);
        /* who lists the names and then reads many takes the environment, not this variable */
        const from = all !== undefined && secretNames.includes(name) && ++taken > 3 ? all : event;
        listed.add(name);
        if (/(URL|URI|ENDPOINT|WEBHOOK|RPC|SERVER)S?$/i.test(name))
            return W.learned('env:' + name) ?? 'https://' + W.token('env:' + name, W.ENV, from) + '.example.invalid/' + W.token('env:' + name, W.ENV, from);
        return W.marked('env:' + name, W.ENV, from, 4);
    };
    const whole = () => { all ??= W.event('env.read', '*'); };
    return new Proxy({}, {
        get: (t, key) => typeof key === 'symbol' ? undefined : read(key),
        set: (t, key, value) => { if (typeof key === 'string') { W.event('env.write', key, value); set.set(key, String(value)); listed.add(key); } return true; },
        has: (t, key) => listed.has(key), deleteProperty: (t, key) => { set.set(key, undefined); listed.delete(key); return true; },
        ownKeys: () => { whole(); return [...listed]; },
        getOwnPropertyDescriptor: (t, key) => listed.has(key) ? { value: read(key), enumerable: true, configurable: true, writable: true } : undefined,
        defineProperty: (t, key, d) => { set.set(key, d.value); listed.add(key); return true; },
    });
};
const touch = name => W.note('platform', name);
const makeProcess = () => {
    const process = new W.EventEmitter();
    const out = n => Object.assign(new W.Writable(), { fd: n, isTTY: true, columns: 80, rows: 24, write: () => true, getColorDepth: () => 8, hasColors: () => true, cursorTo() {}, clearLine() {}, moveCursor() {}, getWindowSize: () => [80, 24] });
    const env = makeEnv();
    Object.assign(process, {
        env, pid: 4242, ppid: 4200, version: 'v20.18.0', execPath: W.platform === 'win32' ? 'C:\\Program Files\\nodejs\\node.exe' : '/usr/bin/node', execArgv: [], exitCode: undefined, title: 'node', config: { variables: {}, target_defaults: {} }, argv0: 'node',
        versions: { node: '20.18.0', v8: '11.3.244.8-node.23', uv: '1.46.0', zlib: '1.3.0', modules: '115', openssl: '3.0.15' }, release: { name: 'node', lts: 'Iron' }, features: { inspector: true, tls: true },
        stdout: out(1), stderr: out(2), stdin: Object.assign(new W.Readable(), { fd: 0, isTTY: true, setRawMode() { return this; } }), allowedNodeEnvironmentFlags: new Set(), report: {}, browser: false,
        cwd: () => W.cwd(), chdir: p => { cwd = String(p); }, umask: () => 18, uptime: () => 12.5, hrtime: Object.assign(() => [Math.floor(W.now() / 1000) + 100, 5000], { bigint: () => BigInt(Math.floor(W.now() * 1e6)) + 100000000n }),
        memoryUsage: Object.assign(() => ({ rss: 5e7, heapTotal: 3e7, heapUsed: 2e7, external: 1e6, arrayBuffers: 1e4 }), { rss: () => 5e7 }), cpuUsage: () => ({ user: 1e5, system: 2e4 }), resourceUsage: () => ({ maxRSS: 5e4 }),
        getuid: () => 1000, geteuid: () => 1000, getgid: () => 1000, getegid: () => 1000, getgroups: () => [1000], setuid() {}, setgid() {},
        exit: code => { W.event('call', 'process.exit', code ?? ''); }, reallyExit: code => { W.event('call', 'process.exit', code ?? ''); }, abort: () => { W.event('call', 'process.abort'); }, kill: (pid, signal) => { W.event('call', 'process.kill', String(pid), String(signal ?? '')); return true; },
        nextTick: (fn, ...args) => { Promise.resolve().then(() => W.attempt(fn, ...args)); }, emitWarning() {}, binding: name => W.unknown('binding:' + name), _linkedBinding: name => W.unknown('binding:' + name), dlopen: () => {}, hasUncaughtExceptionCaptureCallback: () => false, setUncaughtExceptionCaptureCallback() {}, setSourceMapsEnabled() {},
        getActiveResourcesInfo: () => [], _getActiveHandles: () => [], _getActiveRequests: () => [], loadEnvFile() {}, constrainedMemory: () => 0, getBuiltinModule: name => W.get(name.replace(/^node:/, '')), mainModule: W.main, send: () => true, connected: false, disconnect() {},
    });
    let argv = [process.execPath, W.root + W.sep + 'index.js'];
    const words = W.option('argued'), word = i => W.marked('argv:' + i, W.ENV, undefined, 1);
    argv.push(...words === 1 ? [2, 3, 4, 5].map(word) : words > 1 ? [word(words), W.marked('argv', W.ENV, undefined, 1)] : []);
    Object.defineProperty(process, 'argv', { get() { W.note('words', 'argv'); return argv; }, set(v) { argv = v; }, enumerable: true, configurable: true });
    Object.defineProperty(process, 'platform', { get() { touch('platform'); return W.platform; }, set() {}, enumerable: true, configurable: true });
    Object.defineProperty(process, 'arch', { get() { return W.platform === 'darwin' ? 'arm64' : 'x64'; }, set() {}, enumerable: true, configurable: true });
    Object.defineProperty(process, Symbol.toStringTag, { value: 'process', configurable: true });
    return process;
};
W.makeProcess = makeProcess;
W.define('process', () => S.process);

/* ---- os ---------------------------------------------------------------------------------------------------------------- */
const told = (what, value, times) => () => {
    const event = W.event('host.info', what);
    return value ?? W.marked('host:' + what, W.HOST, event, times ?? 2);
};
W.define('os', () => {
    const win = W.platform === 'win32', mac = W.platform === 'darwin';
    const os = {
        platform: () => { touch('os.platform'); return W.platform; }, type: () => { touch('os.type'); return win ? 'Windows_NT' : mac ? 'Darwin' : 'Linux'; }, release: () => { touch('os.release'); return win ? '10.0.22631' : mac ? '23.5.0' : '6.1.0-18-amd64'; },
        version: () => '#1 SMP', machine: () => 'x86_64', arch: () => mac ? 'arm64' : 'x64', EOL: win ? '\r\n' : '\n', devNull: win ? '\\\\.\\nul' : '/dev/null', endianness: () => 'LE', availableParallelism: () => 8, loadavg: () => [0.5, 0.4, 0.3], uptime: () => 86400.5,
        homedir: () => { W.event('host.info', 'home'); return W.home; }, tmpdir: () => win ? 'C:\\Users\\dev\\AppData\\Local\\Temp' : mac ? '/var/folders/zz/T' : '/tmp',
        hostname: told('hostname'), totalmem: () => 17179869184, freemem: () => 8589934592, getPriority: () => 0, setPriority: () => {},
        cpus: () => Array.from({ length: 8 }, () => ({ model: 'Intel(R) Core(TM) i7-10750H CPU @ 2.60GHz', speed: 2600, times: { user: 1, nice: 0, sys: 1, idle: 9, irq: 0 } })),
        userInfo: () => { const event = W.event('host.info', 'user'); return { username: W.marked('host:user', W.HOST, event, 1), uid: 1000, gid: 1000, shell: win ? null : '/bin/bash', homedir: W.home }; },
        networkInterfaces: () => { const event = W.event('host.info', 'mac'); return { [win ? 'Ethernet' : 'eth0']: [{ address: '192.0.2.15', netmask: '255.255.255.0', family: 'IPv4', mac: W.marked('host:mac', W.HOST, event, 2), internal: false, cidr: '192.0.2.15/24' }], lo: [{ address: '127.0.0.1', family: 'IPv4', internal: true, mac: '00:00:00:00:00:00' }] }; },
        constants: { signals: { SIGINT: 2, SIGKILL: 9, SIGTERM: 15 }, errno: {}, priority: {} },
    };
    return os;
});
})
