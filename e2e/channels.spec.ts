// Accounts at providers and rooms of the team: set up, tried out, refused and removed.
import { createHmac, randomUUID } from 'node:crypto';
import { AxeBuilder } from '@axe-core/playwright';
import { expect, test } from '@playwright/test';
import { OWNER, RED_CORNER, signIn } from './support/people.ts';
import { Provider } from './support/provider.ts';

test('an account is set up, sends a test, and shows what the provider says of it', async ({ page, request }) => {
  const provider = await Provider.start();
  try {
    await signIn(page, OWNER, '/console/channels');
    const card = page.locator('[data-channel=line]');
    await expect(card.getByText('Not set up')).toBeVisible();
    await card.getByRole('button', { name: 'Set up' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Channel access token').fill('demo-access-token');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await expect(dialog.getByLabel('Channel secret')).toHaveAttribute('aria-invalid', 'true');
    await dialog.getByLabel('Channel secret').fill('demo-channel-secret');
    await dialog.getByLabel('Address of the API').fill(provider.url);
    await dialog.getByRole('button', { name: 'Save' }).click();
    await expect(card.getByText('On', { exact: true })).toBeVisible();
    await expect(card.getByText('…oken')).toBeVisible();
    await expect(card.getByText('demo-access-token')).toHaveCount(0);
    expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);

    // A test goes out with its key, and is a message like any other.
    provider.answer = () => ({ status: 200, body: { sentMessages: [{ id: '461230966842064897' }] } });
    await card.getByRole('button', { name: 'Send a test' }).click();
    await dialog.getByLabel('Id of the person').fill('U4af4980629');
    await dialog.getByRole('button', { name: 'Send a test' }).click();
    const drawer = page.getByRole('complementary', { name: 'A test from Ringside' });
    await expect(drawer.getByText('LINE')).toBeVisible();
    await expect.poll(() => provider.received.length).toBe(1);
    const sent = provider.received[0]!;
    expect(sent.url).toBe('/v2/bot/message/push');
    expect(sent.headers.authorization).toBe('Bearer demo-access-token');
    expect(new URL(page.url()).pathname).toBe(`/console/deliveries/${sent.headers['x-line-retry-key']}`);
    await drawer.getByRole('button', { name: 'Close' }).click();
    await page.getByRole('button', { name: 'Look again' }).click();
    await page.getByRole('combobox', { name: 'Way', exact: true }).selectOption({ label: 'LINE' });
    await expect(page.getByRole('row').filter({ hasText: 'A test from Ringside' }).first()).toContainText('Sent');

    // A stranger in the provider's name is refused, the provider is heard.
    await page.goto('/console/channels');
    const report = new URL((await card.locator('.copy-line code').textContent())!).pathname;
    const body = JSON.stringify({ destination: 'U0', events: [] });
    const tell = (secret: string) =>
      request.post(report, {
        data: Buffer.from(body),
        headers: {
          'Content-Type': 'application/json',
          'X-Line-Signature': createHmac('sha256', secret).update(body).digest('base64'),
        },
      });
    expect((await tell('another')).status()).toBe(401);
    expect((await tell('demo-channel-secret')).status()).toBe(200);

    // A withdrawn key is shown where accounts are set up.
    provider.answer = () => ({ status: 401, body: { message: 'Authentication failed.' } });
    await card.getByRole('button', { name: 'Send a test' }).click();
    await dialog.getByLabel('Id of the person').fill('U4af4980629');
    await dialog.getByRole('button', { name: 'Send a test' }).click();
    await expect.poll(() => provider.received.length).toBeGreaterThan(1);
    await expect(async () => {
      await page.goto('/console/channels');
      await expect(card.getByText('answered 401: Authentication failed.')).toBeVisible({ timeout: 1_000 });
    }).toPass();

    await card.getByRole('button', { name: 'Remove' }).click();
    await dialog.getByRole('button', { name: 'Remove' }).click();
    await expect(card.getByText('Not set up')).toBeVisible();
  } finally {
    provider.stop();
  }
});

test('a room is told, switched off when it is gone, and removed', async ({ page }) => {
  const provider = await Provider.start();
  try {
    await signIn(page, OWNER, '/console/channels');
    await page.getByLabel('Organisation').selectOption({ label: RED_CORNER });
    const name = `Demo control room ${randomUUID().slice(0, 8)}`;
    await page.getByRole('button', { name: 'New room' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name').fill(name);
    await dialog.getByLabel('Address of the incoming webhook').fill('https://10.0.0.1/services/x');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await expect(dialog.getByText('Write an https address that can be reached from everywhere.').first()).toBeVisible();
    await dialog.getByLabel('Address of the incoming webhook').fill(`${provider.url}/services/T0/B0/demo-secret`);
    await dialog.getByLabel('Announcements').uncheck();
    await dialog.getByRole('button', { name: 'Save' }).click();
    const row = page.getByRole('listitem').filter({ hasText: name });
    await expect(row.getByText('127.0.0.1 …cret')).toBeVisible();
    await expect(row).toContainText('Operations');

    await row.getByRole('button', { name: 'Send a test' }).click();
    await expect.poll(() => provider.received.length).toBe(1);
    expect(provider.received[0]!.url).toBe('/services/T0/B0/demo-secret');
    expect(JSON.parse(provider.received[0]!.body).text).toBe('A test from Ringside');

    provider.answer = () => ({ status: 404, body: 'no_service' });
    await page.goto('/console/channels');
    await row.getByRole('button', { name: 'Send a test' }).click();
    await expect.poll(() => provider.received.length).toBe(2);
    await expect(async () => {
      await page.goto('/console/channels');
      await expect(row.getByText('answered 404: no_service')).toBeVisible({ timeout: 1_000 });
    }).toPass();
    await expect(row.getByRole('button', { name: 'Send a test' })).toHaveCount(0);
    expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);

    await row.getByRole('button', { name: 'Remove' }).click();
    await dialog.getByRole('button', { name: 'Remove' }).click();
    await expect(row).toHaveCount(0);
  } finally {
    provider.stop();
  }
});
