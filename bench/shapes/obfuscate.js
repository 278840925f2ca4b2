// node obfuscate.js TOOLS: reads [{ name, how, text }] on standard input, writes the transformed texts. Text in, text out.
const path = require('path');
const tools = path.resolve(process.argv[2], 'node_modules');
const obfuscator = require(path.join(tools, 'javascript-obfuscator')), { minify } = require(path.join(tools, 'terser'));
const levels = { low: 'low-obfuscation', medium: 'medium-obfuscation', high: 'high-obfuscation' };
let input = '';
process.stdin.on('data', d => { input += d; }).on('end', async () => {
    const out = [];
    for (const job of JSON.parse(input)) {
        let text;
        if (job.how === 'minify') text = (await minify(job.text, { mangle: { toplevel: true }, compress: true })).code;
        else text = obfuscator.obfuscate(job.text, { optionsPreset: levels[job.how], target: 'node', seed: 7 }).getObfuscatedCode();
        out.push({ name: job.name, text });
    }
    process.stdout.write(JSON.stringify(out));
});
