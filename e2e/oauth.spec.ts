// An integrator's application: a person lets it in, it reads the API, the person takes it back.
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test, type APIRequestContext } from '@playwright/test';
import { OWNER, PASSWORD, RED_CORNER, signIn } from './support/people.ts';

interface Application {
  id: string;
  secret: string;
  organisation: string;
}

/** Registers an application over the API. */
async function register(request: APIRequestContext, name: string): Promise<Application> {
  const session = await (
    await request.post('/api/v1/sessions', { data: { email: OWNER, password: PASSWORD, token_in_body: true }, headers: { 'Idempotency-Key': randomUUID() } })
  ).json();
  const organisation = session.me.memberships
    .map((membership: any) => membership.organisation)
    .find((own: any) => own.name === RED_CORNER).id;
  const answer = await request.post('/api/v1/oauth/clients', {
    data: {
      name,
      kind: 'confidential',
      redirect_uris: ['http://127.0.0.1/callback'],
      grants: ['authorization_code', 'refresh_token'],
      scopes: ['openid', 'profile', 'email', 'offline_access', 'events.read'],
    },
    headers: { Authorization: `Bearer ${session.access_token}`, 'Ringside-Organisation': organisation },
  });
  expect(answer.status(), await answer.text()).toBe(201);
  const made = await answer.json();
  return { id: made.client.id, secret: made.secret, organisation };
}

/** The application's own server: hears what comes back. */
async function listen(): Promise<{ server: Server; address: string; heard: Promise<URL> }> {
  let tell: (url: URL) => void;
  const heard = new Promise<URL>((resolve) => (tell = resolve));
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    response.setHeader('content-type', 'text/html').end('<h1>Welcome back</h1>');
    if (url.pathname === '/callback') tell(url);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, address: `http://127.0.0.1:${(server.address() as AddressInfo).port}/callback`, heard };
}

test('a person lets an application in and takes it back', async ({ page, request }) => {
  const name = `Demo app ${randomUUID().slice(0, 8)}`;
  const application = await register(request, name);
  const { server, address, heard } = await listen();
  try {
    const verifier = randomBytes(48).toString('base64url');
    const query = new URLSearchParams({
      client_id: application.id,
      redirect_uri: address,
      response_type: 'code',
      scope: 'openid offline_access events.read',
      state: 'round-three',
      code_challenge: createHash('sha256').update(verifier).digest('base64url'),
      code_challenge_method: 'S256',
    });
    await signIn(page, OWNER, '/account/connections');
    await page.goto(`/account/authorise?${query}`);
    await expect(page.getByText(name)).toBeVisible();
    await expect(page.getByText('See events, also drafts')).toBeVisible();
    await page.getByLabel('Where it may act').selectOption({ label: RED_CORNER });
    await page.getByRole('button', { name: 'Allow', exact: true }).click();
    await expect(page.getByRole('heading', { name: 'Welcome back' })).toBeVisible();
    const back = await heard;
    expect(back.searchParams.get('state')).toBe('round-three');

    const tokens = await request.post('/api/v1/oauth/token', {
      form: {
        grant_type: 'authorization_code',
        code: back.searchParams.get('code') ?? '',
        redirect_uri: address,
        code_verifier: verifier,
        client_id: application.id,
        client_secret: application.secret,
      },
    });
    expect(tokens.status(), await tokens.text()).toBe(200);
    const headers = { Authorization: `Bearer ${(await tokens.json()).access_token}` };
    expect((await request.get('/api/v1/events', { headers })).status()).toBe(200);

    await page.goto('/account/connections');
    const row = page.getByRole('listitem').filter({ hasText: name });
    await row.getByRole('button', { name: 'Take back' }).click();
    await expect(row).toHaveCount(0);
    expect((await request.get('/api/v1/events', { headers })).status()).toBe(401);
  } finally {
    server.close();
  }
});
