// Verifies a mail's signature as receivers do: reads {mail, records} as JSON, records by name, and prints what
// came of each signature.
import { dkimVerify } from 'mailauth/lib/dkim/verify.js';

const chunks = [];
for await (const chunk of process.stdin) chunks.push(chunk);
const { mail, records } = JSON.parse(Buffer.concat(chunks).toString());
const resolver = async (name) => {
    if (records[name]) return [[records[name]]];
    throw Object.assign(new Error(name), { code: 'ENOTFOUND' });
};
const { results } = await dkimVerify(Buffer.from(mail), { resolver });
console.log(JSON.stringify(results.map(({ status, signingDomain }) => ({
    result: status.result, domain: signingDomain, aligned: status.aligned,
}))));
