// Single sign-on: an owner proves a domain and adds providers; newcomers come by them with the right role.
import { randomUUID } from 'node:crypto';
import { expect, test, type APIRequestContext, type Browser, type Page } from '@playwright/test';
import { Dns } from './support/dns.ts';
import { OWNER, PASSWORD, RED_CORNER, signIn, PLATFORM } from './support/people.ts';
import { Provider } from './support/providers.ts';

const BASE = process.env.RINGSIDE_E2E_URL ?? process.env.RINGSIDE_URL ?? 'http://127.0.0.1:8080';

/** Opens the page of single sign-on in the demo's organisation. */
async function openSignOn(page: Page): Promise<void> {
  await signIn(page, OWNER, '/console/sign-on');
  await page.getByLabel('Organisation').selectOption({ label: RED_CORNER });
  await expect(page.getByRole('heading', { name: 'Single sign-on' })).toBeVisible();
}

/** Claims a domain, is told what to publish, and has it proven. */
async function prove(page: Page, dns: Dns, domain: string): Promise<void> {
  await page.getByLabel('Domain', { exact: true }).fill(domain);
  await page.getByRole('button', { name: 'Add the domain' }).click();
  const card = page.getByRole('listitem').filter({ hasText: domain });
  await expect(card.getByText('Not proven yet')).toBeVisible();
  await card.getByRole('button', { name: 'Check the record' }).click();
  await expect(card.getByRole('status')).toBeVisible();
  const line = (label: string) => card.locator('.copy-line').filter({ hasText: label }).locator('code');
  dns.publish(await line('Name of the TXT record').innerText(), await line('Its value').innerText());
  await card.getByRole('button', { name: 'Check the record' }).click();
  await expect(card.getByText('Proven', { exact: true })).toBeVisible();
}

/** Says which group gives which role. */
async function mapRole(page: Page): Promise<void> {
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Claim or attribute').fill('groups');
  await dialog.getByRole('button', { name: 'Add a rule' }).click();
  await dialog.getByLabel('Value 1').fill('desk');
  await dialog.getByLabel('Role 1').selectOption({ label: 'Box office' });
}

async function addOpenId(page: Page, provider: Provider, name: string): Promise<void> {
  await page.getByRole('button', { name: 'Add a provider' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name', { exact: true }).fill(name);
  await dialog.getByRole('textbox', { name: 'Issuer' }).fill(provider.address);
  await dialog.getByLabel('Client ID').fill('ringside');
  await dialog.getByRole('textbox', { name: 'Client secret' }).fill('secret of the tests, long enough');
  await dialog.getByLabel('More scopes').fill('groups');
  await mapRole(page);
  await dialog.getByRole('button', { name: 'Save the provider' }).click();
  await expect(dialog).toHaveCount(0);
  const card = page.getByRole('listitem').filter({ hasText: name });
  await card.getByRole('button', { name: 'Test the connection' }).click();
  await expect(card.getByText('It answers')).toBeVisible();
}

async function addSaml(page: Page, provider: Provider, name: string): Promise<void> {
  await page.getByRole('button', { name: 'Add a provider' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('SAML 2.0').click();
  await dialog.getByLabel('Name', { exact: true }).fill(name);
  const ours = (label: string) => dialog.locator('.copy-line').filter({ hasText: label }).locator('code').innerText();
  const [entity, answers] = [await ours('Our entity ID'), await ours('Address for answers')];
  expect(entity).toBe(`${answers}/metadata`);
  // Nothing was read: the server's refusal stands at the metadata.
  await dialog.getByRole('button', { name: 'Save the provider' }).click();
  await expect(dialog.getByText("Read the provider's metadata first")).toBeVisible();
  await dialog.getByLabel('Address of the metadata').fill(`${provider.address}/metadata`);
  await dialog.getByRole('button', { name: 'Read the metadata' }).click();
  await expect(dialog.getByText('CN=provider')).toBeVisible();
  await mapRole(page);
  await dialog.getByRole('button', { name: 'Save the provider' }).click();
  await expect(dialog).toHaveCount(0);
  await page.getByRole('listitem').filter({ hasText: name }).getByRole('button', { name: 'Edit' }).click();
  expect(await ours('Our entity ID'), 'it kept what it was announced as').toBe(entity);
  await dialog.getByRole('button', { name: 'Cancel' }).click();
}

/** Switches a provider off. */
async function switchOff(page: Page, name: string): Promise<void> {
  const card = page.getByRole('listitem').filter({ hasText: name });
  await card.getByRole('button', { name: 'Edit' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Switched on').uncheck();
  await dialog.getByRole('button', { name: 'Save the provider' }).click();
  await expect(card.getByText('Switched off')).toBeVisible();
}

/** Comes by the organisation's provider in a browser of their own. */
async function come(browser: Browser, email: string, atProvider: (page: Page) => Promise<void>): Promise<Page> {
  const context = await browser.newContext({ baseURL: BASE, locale: 'en-GB' });
  const page = await context.newPage();
  await page.goto('/account/sign-in?next=/console');
  await page.getByRole('button', { name: 'Continue with your organisation' }).click();
  await page.getByLabel('Your address at work').fill(email);
  await page.getByRole('button', { name: 'Continue', exact: true }).click();
  await atProvider(page);
  await expect(page).toHaveURL(/\/console\//);
  await page.getByText('Account of').locator('..').click();
  await expect(page.getByText('Box office', { exact: true })).toBeVisible();
  return page;
}

/** Offers a provider to everybody, over the API; gives what takes it away. */
async function offer(request: APIRequestContext, provider: Provider, name: string): Promise<() => Promise<void>> {
  const session = await (
    await request.post('/api/v1/sessions', {
      data: { email: PLATFORM, password: PASSWORD, token_in_body: true },
      headers: { 'Idempotency-Key': randomUUID() },
    })
  ).json();
  const headers = {
    Authorization: `Bearer ${session.access_token}`,
    'Ringside-Organisation': session.me.memberships[0].organisation.id,
  };
  const made = await request.post('/api/v1/identity-providers', {
    data: {
      name,
      enabled: true,
      roles: { default: { role: 'client' } },
      oidc: { issuer: provider.address, client_id: 'ringside' },
      client_secret: 'secret of the tests, long enough',
    },
    headers,
  });
  expect(made.status(), await made.text()).toBe(201);
  const { id } = await made.json();
  return async () => {
    expect((await request.delete(`/api/v1/identity-providers/${id}`, { headers })).status()).toBe(204);
  };
}

/** Signs in at the OpenID provider. */
async function atOpenId(page: Page, login: string): Promise<void> {
  await page.locator('[name=login]').fill(login);
  await page.locator('[name=password]').fill('any');
  await page.getByRole('button', { name: 'Sign-in' }).click();
}

test('a person adds a provider to their account, and keeps the only way they have', async ({ page, request, browser }) => {
  const name = `Demo everybody ${randomUUID().slice(0, 8)}`;
  const provider = await Provider.openId(`${BASE}/api/v1/sign-on/callback`);
  try {
    const newcomer = `new-${randomUUID().slice(0, 8)}@elsewhere.example`;
    await provider.control('accounts', {
      fan: { email: 'fan@elsewhere.example', email_verified: true },
      newcomer: { email: newcomer, email_verified: true, name: 'Demo Newcomer' },
    });
    const withdraw = await offer(request, provider, name);

    await signIn(page, 'fan@demo.ringside.example', '/account/security');
    await page.getByRole('button', { name: `Add ${name}` }).click();
    await atOpenId(page, 'fan');
    await expect(page).toHaveURL(/\/account\/security$/);
    const row = page.getByRole('listitem').filter({ hasText: name });
    await row.getByRole('button', { name: `Remove ${name}` }).click();
    await row.getByRole('button', { name: 'Keep it' }).click();
    await row.getByRole('button', { name: `Remove ${name}` }).click();
    await row.getByRole('group').getByRole('button', { name: 'Remove' }).click();
    await expect(row).toHaveCount(0);

    const there = await (await browser.newContext({ baseURL: BASE, locale: 'en-GB' })).newPage();
    await there.goto('/account/sign-in?next=/account/security');
    await there.getByRole('button', { name: `Continue with ${name}` }).click();
    await atOpenId(there, 'newcomer');
    const only = there.getByRole('listitem').filter({ hasText: name });
    await expect(only.getByText('Your only way to sign in')).toBeVisible();
    await expect(only.getByRole('button')).toHaveCount(0);
    await withdraw();
  } finally {
    provider.stop();
  }
});

test('newcomers come by the providers of their organisation', async ({ page, browser }) => {
  test.setTimeout(180_000);
  const domain = `demo-${randomUUID().slice(0, 8)}.example`;
  const dns = await Dns.start();
  const [openId, saml] = await Promise.all([Provider.openId(`${BASE}/api/v1/sign-on/callback`), Provider.saml()]);
  try {
    const [byOpenId, bySaml] = [`olive@${domain}`, `sam@${domain}`];
    await openId.control('accounts', { olive: { email: byOpenId, email_verified: true, name: 'Demo Olive', groups: ['desk'] } });
    await saml.control('options', { user: { id: 'sam-1', attributes: { email: bySaml, displayName: 'Demo Sam', groups: ['desk'] } } });

    await openSignOn(page);
    await prove(page, dns, domain);
    const names = [`Demo OpenID ${domain}`, `Demo SAML ${domain}`] as const;
    await addOpenId(page, openId, names[0]);
    const olive = await come(browser, byOpenId, (there) => atOpenId(there, 'olive'));

    // Whoever came by a provider is out when it is switched off.
    await switchOff(page, names[0]);
    await olive.goto('/console');
    await expect(olive).toHaveURL(/\/account\/sign-in/);

    await addSaml(page, saml, names[1]);
    await come(browser, bySaml, async () => {});

    for (const name of names) {
      const card = page.getByRole('listitem').filter({ hasText: name });
      await card.getByRole('button', { name: 'Remove' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
      await expect(card).toHaveCount(0);
    }
  } finally {
    dns.stop();
    openId.stop();
    saml.stop();
  }
});
