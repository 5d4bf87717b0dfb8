// Verifies a webhook as receivers do: reads {secret, headers, body} as JSON, prints what the webhook says.
import { Webhook } from 'standardwebhooks';

const chunks = [];
for await (const chunk of process.stdin) chunks.push(chunk);
const { secret, headers, body } = JSON.parse(Buffer.concat(chunks).toString());
console.log(JSON.stringify(new Webhook(secret).verify(body, headers)));
