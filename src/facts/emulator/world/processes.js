/* processes.js - commands are told, not run; their output is marked. Node programs that are started with text or with
 * a file that we have run here, in turn. */
(function (host, S, W) {
'use strict';
const quote = arg => /^[\w@%+=:,./\\-]+$/.test(arg) ? arg : '"' + arg.replace(/(["\\$`])/g, '\\$1') + '"';
let started = 0;
const isNode = word => /(^|[\\/])(node|nodejs|bun|deno)(\.exe)?$/i.test(word) || word === S.process?.execPath;
const describe = options => {
    const words = [];
    if (options?.detached) words.push('detached');
    if (options?.windowsHide) words.push('hidden');
    if (options?.stdio === 'ignore' || options?.stdio?.[0] === 'ignore') words.push('ignore');
    if (options?.shell) words.push('shell');
    return words.join(' ');
};
/* Runs what a started node would run: -e text, or a file of the package or of the run. */
const inner = (words, event) => {
    if (started++ > 4)
        return;
    const args = words.slice(1);
    for (let i = 0; i < args.length; i++) {
        if (/^(-e|--eval|-p|--print|-pe)$/.test(args[i]) && args[i + 1] !== undefined) {
            const text = args[i + 1], told = W.event('code.eval', text, 'node -e');
            if (W.runsAs(text))
                W.task(10, () => W.runText(text, W.call(W.op.script, text, told, 'node -e', 1)));
            return;
        }
        if (args[i][0] === '-')
            continue;
        const file = args[i];
        W.task(10, () => {
            const path = /^([\\/]|[A-Za-z]:)/.test(file) ? file : W.cwd() + W.sep + file;
            W.load(path, { path: W.cwd() });
        });
        return;
    }
};
/* The simple commands of a line, without what stands before the program's name. */
const commands = line => {
    const out = [[]];
    for (const m of line.matchAll(/"((?:[^"\\]|\\[\s\S])*)"|'([^']*)'|(&&|\|\||[;|&\n])|[^\s"';|&]+/g)) {
        const last = out[out.length - 1];
        if (m[3] !== undefined) out.push([]);
        else if (last.length > 0 || !(/^\w+=|^!$/.test(m[0]) || /^(nohup|exec|start|sudo|\/b|time|env|then|do)$/i.test(m[0])))
            last.push(m[1] !== undefined ? m[1].replace(/\\(["\\$`])/g, '$1') : m[2] ?? (m[0].includes('$(') ? m[0] : m[0].replace(/^[({]+(?=.)|[)}]+$/g, '')));
    }
    return out;
};
/* What a shell does with a line: programs are told by whoever started it; node programs and shell scripts of the package run. */
let shells = 0;
const shell = (line, event) => {
    for (const parts of commands(line)) {
        if (parts.length > 1 && isNode(parts[0])) { inner(parts, event); continue; }
        const file = /^(\.|sh|bash|zsh|dash|source)$/.test(parts[0] ?? '') ? parts.slice(1).find(p => p[0] !== '-') : parts[0];
        if (!/\.(sh|bash|bat|cmd|ps1|[cm]?js)$|^\.\//i.test(file ?? '')) continue;
        const made = W.written(file), path = made !== undefined ? file : W.find(file.replace(/^\.\//, ''));
        if (path === undefined || shells++ > 4) continue;
        const text = made ?? W.call(W.op.text, path);
        if (/\.[cm]?js$/.test(path) || /^#!.*\bnode\b/.test(text)) { inner(['node', path], event); continue; }
        shell(text.replace(/^\s*#.*$/gm, ''), W.event('proc.exec', text, 'shell ' + path));
    }
};
W.runCommand = line => shell(line, W.event('proc.exec', line, 'hook'));
const start = (command, args, options, how) => {
    const list = args === undefined ? undefined : [...args].map(a => W.text(a)).map(a => typeof a === 'string' ? a : W.decode(a));
    command = W.text(command);
    const line = list === undefined ? command : [command, ...list.map(quote)].join(' ');
    const input = options?.input === undefined ? '' : W.text(options.input);
    const event = W.event('proc.exec', line, how, describe(options), input);
    const script = list !== undefined && /(^|[\\/])(sh|bash|zsh|cmd(\.exe)?)$/i.test(command) && /^[-\/]c$/i.test(list[0] ?? '') ? list.slice(1).join(' ') : undefined;
    if (list === undefined || script !== undefined)
        shell(script ?? line, event);
    else if (list.length > 0 && isNode(command))
        inner([command, ...list], event);
    return { event, line };
};
/* What the command prints: marked, in a shape its usual reader can parse. */
const output = ({ event, line }) => {
    const slot = 'exec:' + line.slice(0, 60);
    if (/\b(pbpaste|xclip|xsel|Get-Clipboard)\b/.test(line)) {
        return W.marked('clipboard', W.SECRET, W.event('secret.read', 'clipboard'));
    }
    if (/security .*(find-generic-password|dump-keychain)|secret-tool|ProtectedData|CryptUnprotect/.test(line))
        return W.marked('keychain', W.SECRET, W.event('secret.read', 'keychain'));
    if (/^(node|npm|python3?|pip3?|git|which|where)\b.*(-v|--version|which|where)/i.test(line))
        return /python/i.test(line) ? 'Python 3.11.9\n' : '10.8.2\n';
    if (/\b(curl|wget|Invoke-WebRequest|iwr)\b/i.test(line))
        return W.marked(slot, W.NET, event);
    if (/tasklist|\bps\b|wmic process/i.test(line))
        return 'PID CMD\n 1 init\n 990 node\n' + W.marked('host:process-list', W.HOST, event, 1);
    return W.marked(slot, W.HOST, event) + '\n';
};
const failing = () => W.failing();
const child = run => {
    const c = new W.EventEmitter();
    c.pid = 5000 + started;
    c.stdin = new W.Writable();
    c.stdout = new W.Readable();
    c.stderr = new W.Readable();
    c.stdio = [c.stdin, c.stdout, c.stderr];
    c.stdin.onEnd = () => { if (c.stdin.written.length > 0) W.event('proc.exec', run.line, 'stdin', '', c.stdin.written.map(p => W.text(p)).map(p => typeof p === 'string' ? p : W.decode(p)).join('')); };
    Object.assign(c, { exitCode: null, signalCode: null, killed: false, connected: true, kill: () => true, unref() { return c; }, ref() { return c; }, send: () => true, disconnect() {}, spawnargs: [] });
    c.stdout.push(W.Buffer.from(output(run)));
    c.stdout.push(null);
    c.stderr.push(null);
    W.task(20, () => c.emit('spawn'));
    W.task(60, () => { c.exitCode = 0; c.emit('exit', 0, null); c.emit('close', 0, null); });
    return c;
};
const parse = (args, options, callback) => {
    if (typeof args === 'function') return [undefined, undefined, args];
    if (typeof options === 'function') return Array.isArray(args) ? [args, undefined, options] : [undefined, args, options];
    return Array.isArray(args) ? [args, options, callback] : [undefined, args ?? options, callback];
};
const answer = (run, options) => options?.encoding && options.encoding !== 'buffer' ? output(run) : W.Buffer.from(output(run));
const later = (run, options, callback) => {
    const c = child(run);
    const text = options?.encoding === 'buffer' ? W.Buffer.from(output(run)) : output(run);
    if (failing()) W.back(callback, 60, W.error('Command failed: ' + run.line, { code: 1, cmd: run.line }), '', text);
    else W.back(callback, 60, null, text, '');
    return c;
};
const cp = {
    exec: (command, o, cb) => { const [, options, callback] = parse(undefined, o, cb); return later(start(command, undefined, typeof o === 'function' ? {} : o, 'exec'), o, typeof o === 'function' ? o : cb); },
    execFile: (file, a, o, cb) => { const [args, options, callback] = parse(a, o, cb); return later(start(file, args ?? [], options, 'execFile'), options, callback); },
    spawn: (file, a, o) => { const [args, options] = parse(a, o); return child(start(file, options?.shell && args === undefined ? undefined : args ?? [], options, 'spawn')); },
    fork: (file, a, o) => { const [args, options] = parse(a, o); const c = child(start('node', [W.text(file), ...(args ?? [])], options, 'fork')); c.send = m => { W.note('send', 'fork'); return true; }; return c; },
    execSync: (command, options) => answer(start(command, undefined, options, 'execSync'), options),
    execFileSync: (file, a, o) => { const [args, options] = parse(a, o); return answer(start(file, args ?? [], options, 'execFileSync'), options); },
    spawnSync: (file, a, o) => { const [args, options] = parse(a, o); const run = start(file, options?.shell && args === undefined ? undefined : args ?? [], options, 'spawnSync'); const out = answer(run, options); return { pid: 5001, status: 0, signal: null, stdout: out, stderr: options?.encoding ? '' : W.Buffer.alloc(0), output: [null, out, ''], error: undefined }; },
    ChildProcess: W.EventEmitter,
};
const custom = S.Symbol.for('nodejs.util.promisify.custom');
for (const name of ['exec', 'execFile'])
    Object.defineProperty(cp[name], custom, { value: (...args) => { const run = start(args[0], name === 'exec' ? undefined : args[1] ?? [], args[name === 'exec' ? 1 : 2], name); return W.promise(() => ({ stdout: output(run), stderr: '' }), 60); } });
W.startProcess = (line, how) => start(line, undefined, undefined, how);
W.define('child_process', () => cp);
/* execa, cross-spawn, shelljs, open: the same verbs under other names. */
W.define(['execa', 'cross-spawn', 'shelljs', 'open', 'opn', 'node-pty', 'zx', 'npm-run-all', 'sudo-prompt'], name => {
    if (name === 'cross-spawn') return Object.assign(cp.spawn, { spawn: cp.spawn, sync: cp.spawnSync });
    if (name === 'shelljs') return Object.assign(W.permissive('module:shelljs', W.MODULE), { exec: (c, o, cb) => { const run = start(c, undefined, o, 'exec'); return { code: 0, stdout: output(run), stderr: '', toString: () => output(run) }; } });
    if (name === 'sudo-prompt') return { exec: (c, o, cb) => later(start(c, undefined, o, 'sudo'), o, cb ?? o) };
    if (/^opn?(en)?$/.test(name)) return target => { start('open', [W.text(target)], undefined, 'open'); return W.promise(child({ event: 0, line: 'open' })); };
    const run = (file, args, options) => { const r = start(file, Array.isArray(args) ? args : [], Array.isArray(args) ? options : args, 'execa'); return W.promise(() => ({ stdout: output(r), stderr: '', exitCode: 0, all: output(r) }), 30); };
    const shell = (c, o) => { const r = start(Array.isArray(c) && c.raw ? c.join(' ') : c, undefined, o, 'execa'); return W.promise(() => ({ stdout: output(r), stderr: '', exitCode: 0 }), 30); };
    const sync = (file, args, options) => { const r = start(file, Array.isArray(args) ? args : [], options, 'execa'); return { stdout: output(r), stderr: '', exitCode: 0 }; };
    return Object.assign(run, { execa: run, execaCommand: shell, command: shell, shell, $: shell, sync, execaSync: sync, execaCommandSync: c => sync(c), commandSync: c => sync(c), spawn: cp.spawn, default: run });
});
})
