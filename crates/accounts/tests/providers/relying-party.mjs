// An application as integrators write it, with a certified library: it finds out about Ringside, sends a
// person, trades the code, reads who they are, refreshes, asks about its token, gives it up, and acts for
// itself. Told by the environment; prints what it saw as JSON.

import * as client from 'openid-client';

const { ISSUER, CLIENT_ID, CLIENT_SECRET, SESSION_TOKEN, ORGANISATION, API } = process.env;
const redirect_uri = 'http://127.0.0.1:4711/callback';

const config = await client.discovery(new URL(ISSUER), CLIENT_ID, CLIENT_SECRET, undefined, {
  execute: [client.allowInsecureRequests],
});

const code_verifier = client.randomPKCECodeVerifier();
const state = client.randomState();
const nonce = client.randomNonce();
const address = client.buildAuthorizationUrl(config, {
  redirect_uri,
  scope: 'openid profile email offline_access members.read',
  code_challenge: await client.calculatePKCECodeChallenge(code_verifier),
  code_challenge_method: 'S256',
  state,
  nonce,
  max_age: '3600',
});

// What the page at the authorisation endpoint does when the person allows it.
async function page(path, body) {
  const answer = await fetch(`${API}/oauth/authorisations${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${SESSION_TOKEN}` },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(await answer.text());
  return answer.json();
}
const query = address.search.slice(1);
const asked = await page('/view', { query });
const returned = await page('', { query, allow: true, organisation: ORGANISATION });

const tokens = await client.authorizationCodeGrant(config, new URL(returned.to), {
  pkceCodeVerifier: code_verifier,
  expectedState: state,
  expectedNonce: nonce,
  maxAge: 3600,
  idTokenExpected: true,
});
const claims = tokens.claims();
const userinfo = await client.fetchUserInfo(config, tokens.access_token, claims.sub);
const members = await client.fetchProtectedResource(config, tokens.access_token, new URL(`${API}/members`), 'GET');
const refreshed = await client.refreshTokenGrant(config, tokens.refresh_token);
const before = await client.tokenIntrospection(config, refreshed.access_token);
await client.tokenRevocation(config, refreshed.refresh_token);
const after = await client.tokenIntrospection(config, refreshed.access_token);
const own = await client.clientCredentialsGrant(config, { scope: 'members.read' });

console.log(
  JSON.stringify({
    endpoint: `${address.origin}${address.pathname}`,
    asked: asked.step,
    iss: new URL(returned.to).searchParams.get('iss'),
    sub: claims.sub,
    email: userinfo.email,
    name: userinfo.name,
    members: members.status,
    rotated: refreshed.refresh_token !== tokens.refresh_token,
    before: before.active,
    after: after.active,
    own: own.scope,
  }),
);
