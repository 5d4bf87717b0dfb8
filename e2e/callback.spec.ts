// The provider's signed callback pays an order; a forged one does not.
import { expect, test } from '@playwright/test';
import { callback, orderSeat } from './support/api.ts';
import { freshAddress } from './support/shop.ts';

const secret = process.env.RINGSIDE_PAYMENT_CALLBACK_SECRET;

test('the payment page becomes the ticket when the provider calls', async ({ page, request }) => {
  if (!secret) throw new Error('RINGSIDE_PAYMENT_CALLBACK_SECRET must be the one the server was started with');
  const paying = await orderSeat(request, freshAddress('callback'));
  await page.goto(`/orders/${paying.order}#access=${paying.access}`);
  await expect(page.getByRole('heading', { name: 'Pay with PromptPay' })).toBeVisible();

  const forged = await callback(request, paying, `${secret}x`);
  expect(forged.status()).toBe(401);
  expect((await forged.json()).code).toBe('bad_signature');
  const less = await callback(request, { ...paying, amount: { ...paying.amount, amount: paying.amount.amount - 1 } }, secret);
  expect((await less.json()).code).toBe('amount_mismatch');
  await expect(page.getByRole('heading', { name: 'Pay with PromptPay' })).toBeVisible();

  const told = await callback(request, paying, secret);
  expect(told.ok(), await told.text()).toBe(true);
  await expect(page.getByRole('heading', { name: 'See you ringside' })).toBeVisible();
  await expect(page.getByRole('img', { name: 'Code for the gate' })).toBeVisible();
});
