// Reads a push message as a push service and a browser do: gets {body, private, auth, authorization} as JSON (bytes in base64url),
// prints {claims, payload}. The signature is checked by Node, the text is opened by http_ece.
import { createECDH, createPublicKey, verify } from 'node:crypto';
import ece from 'http_ece';

const chunks = [];
for await (const chunk of process.stdin) chunks.push(chunk);
const asked = JSON.parse(Buffer.concat(chunks).toString());
const [, token, key] = asked.authorization.match(/^vapid t=([^,]+), k=(.+)$/);
const [head, claims, signature] = token.split('.');
const point = Buffer.from(key, 'base64url');
const jwk = { kty: 'EC', crv: 'P-256', x: point.subarray(1, 33).toString('base64url'), y: point.subarray(33).toString('base64url') };
const publicKey = createPublicKey({ key: jwk, format: 'jwk' });
const signed = { key: publicKey, dsaEncoding: 'ieee-p1363' };
if (!verify('sha256', Buffer.from(`${head}.${claims}`), signed, Buffer.from(signature, 'base64url'))) {
    throw new Error('the signature does not hold');
}
const browser = createECDH('prime256v1');
browser.setPrivateKey(Buffer.from(asked.private, 'base64url'));
const body = Buffer.from(asked.body, 'base64url');
const payload = ece.decrypt(body, { version: 'aes128gcm', privateKey: browser, authSecret: asked.auth });
const read = (part) => JSON.parse(Buffer.from(part, 'base64url').toString());
console.log(JSON.stringify({ head: read(head), claims: read(claims), key, payload: JSON.parse(payload.toString()) }));
