// Second factors: an authenticator app, recovery codes, a passkey, and proving it once more. Each journey
// has a demo person of its own, and leaves them as they were.
import { createHmac } from 'node:crypto';
import { expect, test, type CDPSession, type Page } from '@playwright/test';
import { PASSWORD, signIn } from './support/people.ts';

const VIEWER = 'viewer@demo.ringside.example';
const OPERATOR = 'operator@demo.ringside.example';
const CLIENT = 'client@demo.ringside.example';
const STEP = 30_000;

/** The bytes of a Base32 text (RFC 4648). */
function base32(text: string): Buffer {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  const bits = [...text].map((letter) => letters.indexOf(letter).toString(2).padStart(5, '0')).join('');
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => parseInt(byte, 2)));
}

/** What an authenticator app shows (RFC 6238) at a time. */
function totp(secret: string, time: number): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(time / STEP)));
  const mac = createHmac('sha1', base32(secret)).update(counter).digest();
  const value = mac.readUInt32BE(mac[19]! & 0xf) & 0x7fffffff;
  return String(value % 1_000_000).padStart(6, '0');
}

/** A code that was not used yet: the server takes those of the next step, too. */
const code = (secret: string, steps = 0): string => totp(secret, Date.now() + steps * STEP);

/** The parts of the page have no names but their headings. */
const part = (page: Page, heading: string) =>
  page.locator('section').filter({ has: page.getByRole('heading', { name: heading, exact: true }) });

async function firstStep(page: Page, email: string, path: string): Promise<void> {
  await page.goto(`/account/sign-in?next=${encodeURIComponent(path)}`);
  await page.getByLabel('E-mail address').fill(email);
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

test('an authenticator app is added, asked for, and removed', async ({ page, browser, baseURL }) => {
  test.slow();
  await signIn(page, VIEWER, '/account/security');
  await page.getByRole('button', { name: 'Add an app' }).click();
  await expect(page.getByRole('img', { name: 'QR code for your authenticator app' })).toBeVisible();
  const secret = await page.locator('.totp-secret').innerText();
  await page.getByLabel('Code from your app').fill('000000');
  await page.getByRole('button', { name: 'Turn it on' }).click();
  await expect(page.getByText('That is not right. Please try again.').first()).toBeVisible();
  await page.getByLabel('Code from your app').fill(code(secret));
  await page.getByRole('button', { name: 'Turn it on' }).click();
  const codes = page.locator('.codes li');
  await expect(codes).toHaveCount(10);
  const recovery = await codes.first().innerText();
  await page.getByRole('button', { name: 'I have kept them' }).click();

  const elsewhere = await browser.newContext({ baseURL });
  const other = await elsewhere.newPage();
  await firstStep(other, VIEWER, '/account/security');
  await other.getByLabel('Code from your app').fill(code(secret, 1));
  await other.getByRole('button', { name: 'Confirm' }).click();
  await expect(part(other, 'Authenticator app').getByText('In use', { exact: true })).toBeVisible();
  await elsewhere.close();

  const lost = await browser.newContext({ baseURL });
  const phone = await lost.newPage();
  await firstStep(phone, VIEWER, '/account/security');
  await phone.getByRole('button', { name: 'Use a recovery code' }).click();
  await phone.getByLabel('Recovery code').fill(recovery);
  await phone.getByRole('button', { name: 'Confirm' }).click();
  await expect(phone.getByText('9 codes left')).toBeVisible();
  await phone.getByRole('button', { name: 'Remove the app' }).click();
  await expect(phone.getByRole('button', { name: 'Add an app' })).toBeVisible();
  await lost.close();
});

/** A device with a passkey store that always says yes. */
async function device(page: Page): Promise<CDPSession> {
  const session = await page.context().newCDPSession(page);
  await session.send('WebAuthn.enable');
  await session.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  return session;
}

test('a passkey signs in without address or password', async ({ browser, baseURL }) => {
  // Authenticators know a site by its name, never by a number.
  const named = (baseURL ?? '').replace('127.0.0.1', 'localhost');
  const context = await browser.newContext({ baseURL: named });
  const page = await context.newPage();
  await device(page);
  await signIn(page, OPERATOR, '/account/security');
  await page.getByLabel('Name', { exact: true }).fill('Test laptop');
  await page.getByRole('button', { name: 'Add a passkey' }).click();
  await expect(page.locator('.keys li')).toContainText('Test laptop');

  await context.clearCookies();
  await page.evaluate(() => localStorage.clear());
  await page.goto('/account/sign-in?next=%2Faccount%2Fsecurity');
  await page.getByRole('button', { name: 'Use a passkey instead' }).click();
  await expect(page.locator('.keys li')).toContainText('Last used');

  await context.clearCookies();
  await page.evaluate(() => localStorage.clear());
  await firstStep(page, OPERATOR, '/account/security');
  await page.getByRole('button', { name: 'Use a passkey', exact: true }).click();
  await page.getByRole('button', { name: 'Remove Test laptop' }).click();
  await expect(page.locator('.keys li')).toHaveCount(0);
  await context.close();
});

test('what matters asks once more, and then does what was asked', async ({ page }) => {
  let refused = 0;
  // As if the session were old: the first time the server wants a proof.
  await page.route('**/api/v1/me/factors/totp', async (route) => {
    if (route.request().method() !== 'POST' || refused++ > 0) return route.fallback();
    await route.fulfill({
      status: 403,
      contentType: 'application/problem+json',
      body: JSON.stringify({
        type: 'urn:ringside:problem:confirmation_needed',
        title: 'Please confirm that it is you.',
        status: 403,
        code: 'confirmation_needed',
        request_id: 'test',
      }),
    });
  });
  await signIn(page, CLIENT, '/account/security');
  await page.getByRole('button', { name: 'Add an app' }).click();
  const dialog = page.getByRole('dialog', { name: 'Confirm that it is you' });
  await dialog.getByLabel('Password').fill('a-wrong-guess');
  await dialog.getByRole('button', { name: 'Confirm' }).click();
  await expect(dialog.getByText('That is not right. Please try again.')).toBeVisible();
  await dialog.getByLabel('Password').fill(PASSWORD);
  await dialog.getByRole('button', { name: 'Confirm' }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByRole('img', { name: 'QR code for your authenticator app' })).toBeVisible();

  // Closing the question leaves things as they were.
  refused = 0;
  await page.getByRole('button', { name: 'Cancel' }).click();
  await page.getByRole('button', { name: 'Add an app' }).click();
  await expect(dialog).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await expect(page.getByText('Please confirm that it is you.')).toBeVisible();
});
