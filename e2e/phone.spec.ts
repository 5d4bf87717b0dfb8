// The shop in one hand.
import { expect, test } from '@playwright/test';
import { checkout, chooseInList, freshAddress, openSeats } from './support/shop.ts';

test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });

test('a fan buys on a phone', async ({ page }) => {
  await page.goto('/');
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await openSeats(page);
  await chooseInList(page, 'Upper south');
  await expect(page.getByRole('heading', { name: '1 place chosen' })).toBeVisible();
  await checkout(page, 'Demo Phone', freshAddress('phone'));
  await expect(page.getByRole('img', { name: /PromptPay code/ })).toBeVisible();
  const wide = await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);
  expect(wide, 'the page is wider than the phone').toBe(false);
});
