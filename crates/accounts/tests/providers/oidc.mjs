// An OpenID provider for tests: node oidc.mjs <redirect uri> [<port>]. Prints one line of JSON with its
// port, and ends when its input does. Who signs in with a name is set by POST /control/accounts; POST
// /control/rotate gives it other keys; what is not said is as in the certified library.

import { createServer } from 'node:http';
import { generateKeyPairSync } from 'node:crypto';
import Provider from 'oidc-provider';

const [redirectUri, wantedPort] = process.argv.slice(2);
const accounts = new Map();
let keysMade = 0;
let answer;

function newKey() {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  keysMade += 1;
  return { ...privateKey.export({ format: 'jwk' }), kid: `key-${keysMade}`, alg: 'ES256', use: 'sig' };
}

function start(issuer) {
  const provider = new Provider(issuer, {
    clients: [{
      client_id: 'ringside',
      client_secret: 'secret of the tests, long enough',
      redirect_uris: [redirectUri],
      id_token_signed_response_alg: 'ES256',
    }],
    jwks: { keys: [newKey()] },
    cookies: { keys: ['cookies of the tests'] },
    scopes: ['openid', 'email', 'profile', 'groups'],
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'], groups: ['groups'] },
    ttl: { IdToken: 120, AccessToken: 120, AuthorizationCode: 60, Interaction: 600, Session: 600, Grant: 600 },
    findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, ...accounts.get(id) }) }),
    // Nobody is asked whether they agree: the organisation runs both.
    async loadExistingGrant({ oidc }) {
      const grant = new oidc.provider.Grant({ clientId: oidc.client.clientId, accountId: oidc.session.accountId });
      grant.addOIDCScope('openid email profile groups');
      await grant.save();
      return grant;
    },
  });
  answer = provider.callback();
}

async function read(request) {
  let body = '';
  for await (const chunk of request) body += chunk;
  return body ? JSON.parse(body) : {};
}

const server = createServer(async (request, response) => {
  if (request.url === '/control/accounts') {
    for (const [id, claims] of Object.entries(await read(request))) accounts.set(id, claims);
    response.writeHead(204).end();
  } else if (request.url === '/control/rotate') {
    start(`http://127.0.0.1:${server.address().port}`);
    response.writeHead(204).end();
  } else {
    answer(request, response);
  }
});
server.listen(Number(wantedPort ?? 0), '127.0.0.1', () => {
  const { port } = server.address();
  start(`http://127.0.0.1:${port}`);
  console.log(JSON.stringify({ port }));
});
process.stdin.resume();
process.stdin.on('end', () => process.exit(0));
