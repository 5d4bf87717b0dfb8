// An endpoint is set up, tested, told of a sale, and removed; a source sends something in.
import { createHmac, randomUUID } from 'node:crypto';
import { AxeBuilder } from '@axe-core/playwright';
import { expect, test } from '@playwright/test';
import { paidOrder } from './support/api.ts';
import { OWNER, RED_CORNER, signIn } from './support/people.ts';
import { Receiver } from './support/receiver.ts';

/** The signature Standard Webhooks asks for. */
function sign(secret: string, id: string, time: string, body: string): string {
  const key = Buffer.from(secret.replace('whsec_', ''), 'base64');
  return `v1,${createHmac('sha256', key).update(`${id}.${time}.${body}`).digest('base64')}`;
}

test('an endpoint is told of a sale, and its log shows how it went', async ({ page, request }) => {
  const receiver = await Receiver.start();
  try {
    await signIn(page, OWNER, '/console/webhooks');
    await page.getByLabel('Organisation').selectOption({ label: RED_CORNER });
    await page.getByRole('button', { name: 'New endpoint' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Address').fill('https://10.0.0.1/hook');
    await dialog.getByLabel('order.paid').check();
    await dialog.getByRole('button', { name: 'Save' }).click();
    await expect(dialog.getByText('Write an https address that can be reached from everywhere.').first()).toBeVisible();
    await dialog.getByLabel('Address').fill(receiver.url);
    await dialog.getByLabel('What it is for').fill('Demo accounting');
    await dialog.getByRole('button', { name: 'Save' }).click();
    const secret = await page.getByLabel('Secret', { exact: true }).inputValue();
    expect(secret).toMatch(/^whsec_/);
    await page.getByRole('button', { name: 'I have kept it' }).click();

    const row = page.getByRole('listitem').filter({ hasText: receiver.url });
    await row.getByRole('button', { name: 'Send a test' }).click();
    const drawer = page.getByRole('complementary', { name: 'webhook.test' });
    await expect(drawer.getByText('Delivered')).toBeVisible();
    await expect(drawer.getByText('Thank you, said the receiver')).toBeVisible();
    expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
    await drawer.getByRole('button', { name: 'Close' }).click();

    const before = receiver.received.length;
    const { order } = await paidOrder(request, `fan-${randomUUID().slice(0, 8)}@demo.ringside.example`);
    await expect.poll(() => receiver.received.length).toBeGreaterThan(before);
    const last = receiver.received.at(-1)!;
    expect(JSON.parse(last.body)).toMatchObject({ type: 'order.paid', data: { order_id: order } });
    const [id, time] = [String(last.headers['webhook-id']), String(last.headers['webhook-timestamp'])];
    expect(last.headers['webhook-signature']).toBe(sign(secret, id, time, last.body));

    await page.getByRole('button', { name: 'Look again' }).click();
    await page.getByRole('link', { name: 'order.paid' }).first().click();
    await page.getByRole('complementary', { name: 'order.paid' }).getByRole('button', { name: 'Send again' }).click();
    await expect.poll(() => receiver.received.filter((one) => one.headers['webhook-id'] === id).length).toBe(2);
    await page.keyboard.press('Escape');

    await row.getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await expect(row).toHaveCount(0);
  } finally {
    receiver.stop();
  }
});

test('a source sends something in, and a stranger in its name is refused', async ({ page, request }) => {
  await signIn(page, OWNER, '/console/webhooks/inbound');
  await page.getByLabel('Organisation').selectOption({ label: RED_CORNER });
  const name = `Demo ledger ${randomUUID().slice(0, 8)}`;
  await page.getByRole('button', { name: 'New source' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill(name);
  await dialog.getByLabel('What it is about').fill('/data/order');
  await dialog.getByRole('button', { name: 'Save' }).click();
  const secret = await page.getByLabel('Secret', { exact: true }).inputValue();
  await page.getByRole('button', { name: 'I have kept it' }).click();
  const row = page.getByRole('listitem').filter({ hasText: name });
  const address = new URL((await row.locator('code').textContent())!).pathname;

  const body = JSON.stringify({ type: 'invoice.settled', data: { order: '7KQ2-MX4D' } });
  const time = String(Math.floor(Date.now() / 1000));
  const send = (signature: string) =>
    request.post(address, {
      data: Buffer.from(body),
      headers: { 'Content-Type': 'application/json', 'webhook-id': 'msg_1', 'webhook-timestamp': time, 'webhook-signature': signature },
    });
  expect((await send('v1,bm8=')).status()).toBe(401);
  const taken = await send(sign(secret, 'msg_1', time, body));
  expect(taken.status(), await taken.text()).toBe(202);
  expect(await (await send(sign(secret, 'msg_1', time, body))).json()).toEqual(await taken.json());

  await page.getByRole('button', { name: 'Look again' }).click();
  await expect(page.getByText('The signature does not hold.').first()).toBeVisible();
  await page.getByRole('link', { name: 'invoice.settled' }).first().click();
  const drawer = page.getByRole('complementary', { name: 'invoice.settled' });
  await expect(drawer.getByText('"order": "7KQ2-MX4D"')).toBeVisible();
  await drawer.getByRole('button', { name: 'Take in again' }).click();
  await expect(drawer.getByText('Taken in again')).toBeVisible();
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
});
