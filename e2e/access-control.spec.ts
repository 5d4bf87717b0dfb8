// Who may do what, as an owner sets it up: an invitation, a role of one's own, and an API key that is
// rotated without an outage.
import { randomUUID } from 'node:crypto';
import { expect, test, type APIRequestContext, type Page } from '@playwright/test';
import { linkTo } from './support/letters.ts';
import { OWNER, signIn } from './support/people.ts';

const fresh = (): string => randomUUID().slice(0, 8);

/** What a program with this secret is answered when it reads the events. */
async function asked(request: APIRequestContext, secret: string): Promise<number> {
  const answer = await request.get('/api/v1/events', { headers: { Authorization: `Bearer ${secret}` } });
  return answer.status();
}

/** Reads the secret from the dialog that shows it once, and closes it. */
async function keepSecret(page: Page): Promise<string> {
  const field = page.getByLabel('Secret', { exact: true });
  await expect(field).toHaveValue(/^rsk_[0-9a-f]{32}_/);
  const secret = await field.inputValue();
  await page.getByRole('button', { name: 'I have kept it' }).click();
  await expect(field).toHaveCount(0);
  return secret;
}

test('somebody is invited, and the invitation is withdrawn', async ({ page }) => {
  const email = `invited-${fresh()}@demo.ringside.example`;
  await signIn(page, OWNER, '/console/members');
  await page.getByRole('button', { name: 'Invite somebody' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('E-mail address').fill(email);
  await dialog.getByLabel('Role').selectOption({ label: 'Viewer' });
  await dialog.getByRole('button', { name: 'Invite somebody' }).click();
  const row = page.getByRole('row').filter({ hasText: email });
  await expect(row).toBeVisible();
  await row.getByRole('button', { name: `Send the invitation to ${email} again` }).click();
  await expect(row.getByText('Sent again')).toBeVisible();
  await row.getByRole('button', { name: `Withdraw the invitation of ${email}` }).click();
  await expect(row).toHaveCount(0);
});

test('somebody without an account joins by the invitation alone', async ({ page, browser }) => {
  const email = `joining-${fresh()}@demo.ringside.example`;
  await signIn(page, OWNER, '/console/members');
  await page.getByRole('button', { name: 'Invite somebody' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('E-mail address').fill(email);
  await dialog.getByLabel('Role').selectOption({ label: 'Viewer' });
  await dialog.getByRole('button', { name: 'Invite somebody' }).click();
  await expect(page.getByRole('row').filter({ hasText: email })).toBeVisible();

  const guest = await browser.newPage();
  await guest.goto(await linkTo('invitation', email));
  await guest.getByLabel('Name').fill('Demo Joiner');
  await guest.getByLabel('Password').fill('southpaw-in-the-third-round');
  await guest.getByRole('button', { name: 'Create the account and join' }).click();
  await expect(guest.getByText('Welcome to Red Corner Promotions (demo)')).toBeVisible();
  await guest.goto('/console');
  await expect(guest.getByRole('heading', { level: 1 })).toBeVisible();
  await guest.close();
});

test('a link that is not good says so', async ({ page }) => {
  await page.goto('/account/invitation#made-up');
  await expect(page.getByText('This invitation is no longer good.')).toBeVisible();
});

test('a role of one’s own is put together and can be given', async ({ page }) => {
  const name = `Demo role ${fresh()}`;
  await signIn(page, OWNER, '/console/roles');
  await page.getByRole('button', { name: 'New role' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill(name);
  await dialog.getByLabel('See sales figures').check();
  await dialog.getByRole('button', { name: 'Save role' }).click();
  await expect(dialog).toHaveCount(0);
  await expect(page.getByRole('columnheader', { name })).toBeVisible();
  await page.goto('/console/members');
  await page.getByRole('button', { name: 'Invite somebody' }).click();
  await expect(page.getByRole('dialog').getByRole('option', { name })).toHaveCount(1);
});

test('an API key is rotated without an outage, and revoked at once', async ({ page, request }) => {
  const name = `Demo export ${fresh()}`;
  await signIn(page, OWNER, '/console/keys');
  await page.getByRole('button', { name: 'New key' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('What it is for').fill(name);
  await dialog.getByRole('combobox', { name: 'Events', exact: true }).selectOption({ label: 'Read' });
  await dialog.getByRole('button', { name: 'New key' }).click();
  const first = await keepSecret(page);
  expect(await asked(request, first)).toBe(200);

  const row = page.getByRole('row').filter({ hasText: name });
  await row.getByRole('button', { name: 'Rotate' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Rotate' }).click();
  const second = await keepSecret(page);
  expect([await asked(request, first), await asked(request, second)]).toEqual([200, 200]);

  await row.getByRole('button', { name: 'Rotate' }).click();
  await page.getByRole('dialog').getByRole('combobox').selectOption('0');
  await page.getByRole('dialog').getByRole('button', { name: 'Rotate' }).click();
  const third = await keepSecret(page);
  expect([await asked(request, first), await asked(request, second), await asked(request, third)]).toEqual([401, 401, 200]);

  await row.getByRole('button', { name: 'Revoke' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
  await expect(row.getByText('Revoked')).toBeVisible();
  expect(await asked(request, third)).toBe(401);
});
