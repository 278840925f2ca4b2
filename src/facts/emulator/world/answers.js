/* answers.js - what servers say. Every answer holds marked values; chains, explorers and paste sites answer in their own
 * shapes, from the tables below, so that a dead drop is read to its end whatever family reads it. */
(function (host, S, W) {
'use strict';
const hex = text => W.decode(W.encode(text), 'hex');
const base64 = text => W.decode(W.encode(text), 'base64');
const stable = text => String(text).replace(/(q7x.....)+/g, '*').slice(0, 120);
/* obj: objects on which everything exists; leaf: objects that hold text; str: text; err…: the same behind failures. */
W.kindOfWorld = () => W.option('world') || 'obj';
W.failing = () => W.kindOfWorld().startsWith('err');

/* Chain data. `text` is the marked payload, `address` the last account asked about. */
let address = '', asked = 0;
const word = n => n.toString(16).padStart(64, '0');
const abi = text => '0x' + word(32) + word(text.length) + hex(text).padEnd(Math.ceil(text.length / 32) * 64, '0');
const transaction = (text, slot, event) => {
    const from = W.learned(slot + '.from') ?? (address || '0x' + W.token(slot + '.from', W.NET, event).repeat(5));
    return { hash: '0x' + hex(text).slice(0, 64), from, to: '0x' + hex(text).slice(0, 40), input: '0x' + hex(text), data: '0x' + hex(text), value: '0x0', nonce: '0x5', gas: '0x5208',
        blockNumber: '0x12d687', timeStamp: '1781500000', isError: '0', blockHash: '0x' + word(7), transactionIndex: '0x0', type: '0x0' };
};
const THRESHOLD = 0x12d000;
const rpc = {
    eth_blockNumber: () => '0x12d687', eth_chainId: () => '0x38', net_version: () => '56', eth_gasPrice: () => '0x3b9aca00', eth_getBalance: () => '0xde0b6b3a7640000', eth_getCode: () => '0x6080',
    eth_getTransactionCount: p => parseInt(p[1], 16) < THRESHOLD ? '0x5' : '0x6',
    eth_getTransactionByHash: (p, t, tx) => tx, eth_getTransactionByBlockNumberAndIndex: (p, t, tx) => tx, eth_call: (p, t) => abi(t), eth_getStorageAt: (p, t) => '0x' + hex(t).slice(0, 64),
    eth_getBlockByNumber: (p, t, tx) => ({ number: p[0], hash: '0x' + word(9), timestamp: '0x6a2f0000', transactions: p[1] === false ? [tx.hash] : [tx] }),
    eth_getBlockByHash: (p, t, tx) => rpc.eth_getBlockByNumber(p, t, tx),
    eth_getTransactionReceipt: (p, t, tx) => ({ status: '0x1', ...tx, logs: [{ data: abi(t), topics: ['0x' + word(1)] }] }),
    eth_getLogs: (p, t, tx) => [{ address: tx.to, data: abi(t), topics: ['0x' + word(1)], transactionHash: tx.hash, blockNumber: tx.blockNumber }],
    getSignaturesForAddress: (p, t) => [{ signature: hex(t).slice(0, 80), memo: '[' + t.length + '] ' + t, slot: 1, err: null }],
    getTransaction: (p, t) => ({ meta: { logMessages: ['Program log: Memo (len ' + t.length + '): "' + t + '"'] }, transaction: { message: { instructions: [{ parsed: t, data: t }] } } }),
};
/* Shapes by address: [pattern, (text, tx, url) → value]. */
const shapes = [
    [/aptos[^/]*\/.*\/v1\/accounts\/[^/]+\/transactions/i, t => [{ version: '1', hash: '0x' + hex(t).slice(0, 64), payload: { function: '0x1::a::b', arguments: [t, t] }, success: true }]],
    [/\/v1\/accounts\/[^/]+\/transactions/i, t => ({ success: true, data: [{ txID: hex(t).slice(0, 64), raw_data: { data: hex(t), contract: [{ parameter: { value: { data: hex(t) } } }] } }], meta: { page_size: 1 } })],
    [/wallet\/gettransactionbyid|transaction-info/i, t => ({ raw_data: { data: hex(t) }, txID: hex(t).slice(0, 64), data: hex(t) })],
    [/[?&]action=(txlist|tokentx|txlistinternal)/i, (t, tx) => ({ status: '1', message: 'OK', result: [tx] })],
    [/[?&]action=(eth_\w+)/i, (t, tx, url) => ({ jsonrpc: '2.0', id: 1, result: rpc[/action=(eth_\w+)/i.exec(url)[1]]?.([], t, tx) ?? '0x' + hex(t) })],
    [/api\.github\.com\/repos\/.*\/contents/i, t => ({ type: 'file', encoding: 'base64', name: 'a.js', content: base64(t), download_url: 'https://raw.example.invalid/' + t.slice(0, 8), sha: '0' })],
    [/\/bot[^/]*\/(getUpdates|sendMessage|sendDocument)/i, t => ({ ok: true, result: [{ update_id: 1, message: { text: t, chat: { id: 1 } } }] })],
    [/\/dns-query|resolve\?name=/i, t => ({ Status: 0, Answer: [{ name: 'a', type: 16, TTL: 60, data: '"' + t + '"' }] })],
    [/calendar|script\.google/i, t => t],
];
const rpcAnswer = (call, text, tx) => {
    const p = Array.isArray(call.params) ? call.params : [call.params];
    if (typeof p[0] === 'string' && /^0x[0-9a-f]{40}$/i.test(p[0]))
        tx.from = address = p[0];
    const make = rpc[call.method];
    return { jsonrpc: '2.0', id: call.id ?? 1, result: make ? make(p, text, tx) : '0x' + hex(text) };
};
const shaped = (url, body, text, slot, event) => {
    const tx = transaction(text, slot, event);
    if (typeof body === 'string' && /"method"\s*:/.test(body)) {
        try {
            const call = JSON.parse(body);
            if (Array.isArray(call)) return call.slice(0, 200).map(c => rpcAnswer(c, text, tx));
            if (typeof call.method === 'string' && (call.jsonrpc || rpc[call.method])) return rpcAnswer(call, text, tx);
        } catch (e) { /* no JSON: an ordinary answer */ }
    }
    const account = /0x[0-9a-f]{40}/i.exec(url);
    if (account)
        tx.from = address = account[0];
    for (const [pattern, make] of shapes)
        if (pattern.test(url))
            return make(text, tx, url);
    return undefined;
};
const cookies = (slot, event) => new Proxy({ 'content-type': 'application/json; charset=utf-8', date: 'Mon, 15 Jun 2026 09:30:00 GMT', server: 'nginx' }, {
    get: (t, key) => typeof key !== 'string' ? undefined : key in t ? t[key] : /^(location|content-encoding|transfer-encoding|retry-after|content-length|content-range|then|toJSON|constructor)$/i.test(key) ? (key === 'constructor' ? S.Object : undefined)
        : key.toLowerCase() === 'set-cookie' ? [W.marked(slot + '.cookie', W.NET, event, 2)] : W.marked(slot + '[' + key.toLowerCase() + ']', W.NET, event),
});
/* Tells of a request and gives its answer: text, value (for those who parse it), headers, event. */
W.answerFor = (url, method, body, headers) => {
    url = W.text(url);
    if (typeof url !== 'string') url = W.decode(url);
    const sent = body === undefined ? '' : W.text(body);
    const event = W.event('net.request', url, method || 'GET', sent, headers === undefined || headers === null ? '' : typeof headers === 'string' ? headers : W.stringify(plainHeaders(headers)) ?? '');
    asked++;
    const slot = 'net:' + (method || 'GET') + ' ' + stable(url);
    const learnt = W.learned(slot);
    const text = learnt ?? W.token(slot, W.NET, event).repeat(12);
    const shape = learnt === undefined ? shaped(url, typeof sent === 'string' ? sent : W.decode(sent), text, slot, event) : undefined;
    const raw = shape === undefined ? text : typeof shape === 'string' ? shape : JSON.stringify(shape);
    const value = () => {
        if (shape !== undefined) return typeof shape === 'string' ? shape : S.JSON.parse(raw);
        return /str$/.test(W.kindOfWorld()) || learnt !== undefined ? text : W.permissive(slot, W.NET, event, { times: 12, leaf: W.kindOfWorld() !== 'obj' });
    };
    return { url, event, slot, text: raw, value, headers: cookies(slot, event), status: W.learned(slot + '.status') ?? 200, failing: W.failing() };
};
const plainHeaders = headers => {
    if (W.isPermissive(headers)) return {};
    if (headers instanceof W.Headers) return Object.fromEntries(headers.map);
    return headers;
};
W.requests = () => asked;
})
