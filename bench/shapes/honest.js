// What honest packages do, one per "//// NAME" part; they come near what malware does and are not it.
//// http-client
const https = require('https');
exports.get = url => new Promise((yes, no) => { https.get(url, res => { let b = ''; res.on('data', d => b += d); res.on('end', () => { try { yes(JSON.parse(b)); } catch (e) { no(e); } }); }).on('error', no); });
//// template
exports.compile = function (text) { const body = 'let o = "";' + text.split(/<%|%>/).map((t, i) => i % 2 ? 'o += ' + t + ';' : 'o += ' + JSON.stringify(t) + ';').join('') + 'return o;'; return new Function('data', body); };
//// config
const fs = require('fs'), path = require('path');
exports.load = (dir = process.cwd()) => { for (const n of ['.toolrc', 'tool.config.json']) { const p = path.join(dir, n); if (fs.existsSync(p)) return JSON.parse(fs.readFileSync(p, 'utf8')); } return { debug: process.env.DEBUG === '1' }; };
//// git-version
const { execSync } = require('child_process');
exports.version = () => { try { return execSync('git describe --tags', { stdio: 'pipe' }).toString().trim(); } catch (e) { return 'unknown'; } };
//// open-browser
const { spawn } = require('child_process');
exports.open = url => { const cmd = process.platform === 'darwin' ? 'open' : process.platform === 'win32' ? 'cmd' : 'xdg-open'; return spawn(cmd, process.platform === 'win32' ? ['/c', 'start', url] : [url], { detached: true, stdio: 'ignore' }).unref(); };
//// deep-merge
exports.merge = function merge(a, b) { for (const k of Object.keys(b)) a[k] = a[k] && typeof a[k] === 'object' && typeof b[k] === 'object' ? merge(a[k], b[k]) : b[k]; return a; };
//// hash-files
const cr = require('crypto'), fsh = require('fs');
exports.hash = files => { const h = cr.createHash('sha256'); for (const f of files) h.update(fsh.readFileSync(f)); return h.digest('hex'); };
//// logger
const os = require('os');
exports.log = (level, message) => process.stdout.write(JSON.stringify({ time: new Date().toISOString(), host: os.hostname(), pid: process.pid, level, message }) + '\n');
//// base64-url
exports.encode = t => Buffer.from(t).toString('base64').replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
exports.decode = t => Buffer.from(t.replace(/-/g, '+').replace(/_/g, '/'), 'base64').toString();
//// event-bus
class Bus { constructor() { this.m = new Map(); } on(n, f) { (this.m.get(n) || this.m.set(n, []).get(n)).push(f); return () => this.m.set(n, this.m.get(n).filter(x => x !== f)); } emit(n, ...a) { (this.m.get(n) || []).forEach(f => f(...a)); } }
module.exports = Bus;
//// cache-dir
const fsc = require('fs'), pc = require('path');
const dir = pc.join(require('os').homedir(), '.cache', 'honest-tool');
exports.put = (k, v) => { fsc.mkdirSync(dir, { recursive: true }); fsc.writeFileSync(pc.join(dir, k), v); };
exports.get = k => fsc.readFileSync(pc.join(dir, k), 'utf8');
//// api-client
const axios = require('axios');
class Client { constructor(token = process.env.HONEST_API_TOKEN) { this.http = axios.create({ baseURL: 'https://api.example.invalid/v1', headers: { authorization: 'Bearer ' + token } }); } users() { return this.http.get('/users').then(r => r.data); } }
module.exports = Client;
//// express-app
const express = require('express'), app = express();
app.get('/', (req, res) => res.json({ ok: true }));
app.post('/echo', (req, res) => res.send(req.body));
if (require.main === module) app.listen(process.env.PORT || 3000);
module.exports = app;
//// plugin-loader
const fsp = require('fs'), pp = require('path');
exports.plugins = dir => fsp.readdirSync(dir).filter(f => f.endsWith('.js')).map(f => require(pp.join(dir, f)));
//// postcss-config
module.exports = { plugins: { tailwindcss: {}, autoprefixer: {} } };
//// date-format
exports.format = (d, f) => f.replace(/YYYY|MM|DD|hh|mm|ss/g, t => ({ YYYY: d.getFullYear(), MM: d.getMonth() + 1, DD: d.getDate(), hh: d.getHours(), mm: d.getMinutes(), ss: d.getSeconds() }[t] + '').padStart(2, '0'));
//// cli
const argv = process.argv.slice(2);
const { spawnSync } = require('child_process');
if (argv[0] === 'build') { const r = spawnSync('tsc', ['-p', '.'], { stdio: 'inherit' }); process.exit(r.status); } else console.log('usage: tool build');
//// websocket
const WebSocket = require('ws');
exports.connect = (url, handler) => { const ws = new WebSocket(url); ws.on('message', m => handler(JSON.parse(m))); return ws; };
//// update-check
const hs = require('https');
exports.check = (name, version) => new Promise(yes => hs.get('https://registry.example.invalid/' + name + '/latest', r => { let b = ''; r.on('data', d => b += d); r.on('end', () => yes(JSON.parse(b).version !== version)); }).on('error', () => yes(false)));
//// matrix
exports.multiply = (a, b) => a.map(r => b[0].map((_, j) => r.reduce((s, v, k) => s + v * b[k][j], 0)));
exports.identity = n => Array.from({ length: n }, (_, i) => Array.from({ length: n }, (_, j) => +(i === j)));
for (let i = 0, m = exports.identity(4); i < 10; i++) m = exports.multiply(m, m);
