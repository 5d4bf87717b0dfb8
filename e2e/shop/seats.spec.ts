// Choosing seats: live availability, standing places, stepping back from checkout, the keyboard.
import { expect, test, type Page } from '@playwright/test';
import { openSeats } from '../support/shop.ts';

/** The first free seat of a zone in the list, by its full name. */
async function firstFree(page: Page, zone: string) {
  await page.getByRole('button', { name: 'List', exact: true }).click();
  const list = page.getByRole('region', { name: 'Seats by zone' });
  await list.getByRole('button', { name: zone }).first().click();
  return list.locator('.list-seat:enabled[aria-pressed="false"]').first();
}

test('a seat that somebody else takes leaves the list at once', async ({ page, browser }) => {
  await openSeats(page);
  const mine = await firstFree(page, 'Lower west');
  const name = (await mine.getAttribute('aria-label')) ?? '';
  const other = await (await browser.newContext()).newPage();
  await openSeats(other);
  await firstFree(other, 'Lower west');
  await other.getByRole('button', { name, exact: true }).click();
  await other.getByRole('button', { name: 'Continue', exact: true }).click();
  await expect(other).toHaveURL(/\/checkout$/);
  await expect(page.getByRole('button', { name, exact: true })).toBeDisabled();
});

test('a buyer who steps back finds the seats still chosen', async ({ page }) => {
  await openSeats(page);
  await page.getByRole('button', { name: 'Best seats' }).click();
  await expect(page.getByRole('heading', { name: '2 places chosen' })).toBeVisible();
  await page.getByRole('button', { name: 'Continue', exact: true }).click();
  await expect(page.getByText('Held for you')).toBeVisible();
  await page.getByRole('link', { name: 'Back to the seats' }).click();
  await expect(page.getByRole('heading', { name: '2 places chosen' })).toBeVisible();
});

test('standing places are counted, not numbered', async ({ page }) => {
  await openSeats(page);
  await page.getByRole('button', { name: 'List', exact: true }).click();
  const terrace = page.getByRole('group', { name: /^Terrace/ }).first();
  await terrace.getByRole('button', { name: 'One more' }).click();
  await terrace.getByRole('button', { name: 'One more' }).click();
  await expect(page.getByRole('heading', { name: '2 places chosen' })).toBeVisible();
  await page.getByRole('button', { name: 'Continue', exact: true }).click();
  await expect(page.getByText('Standing place').first()).toBeVisible();
});

test('the map is used by the keyboard alone and shows the view from the seat', async ({ page }) => {
  await openSeats(page);
  const map = page.getByRole('application', { name: 'Seat map' });
  await map.press('ArrowRight');
  await map.press('ArrowDown');
  await map.press('Enter');
  await expect(page.getByRole('heading', { name: '1 place chosen' })).toBeVisible();
  await page.getByRole('button', { name: /^View from Row/ }).click();
  await expect(page.getByRole('dialog', { name: 'View from this seat' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await map.press('Enter');
  await expect(page.getByRole('heading', { name: 'Choose your seats' })).toBeVisible();
});

test('the pages speak Thai when the person does', async ({ page }) => {
  await page.goto('/');
  await page.getByLabel('Language').selectOption('th');
  await expect(page.getByRole('heading', { name: 'ศึกทั้งหมด' })).toBeVisible();
  await expect(page.locator('html')).toHaveAttribute('lang', 'th');
  await page.reload();
  await expect(page.getByRole('heading', { name: 'ศึกทั้งหมด' })).toBeVisible();
});
