// Nobody is kept out: axe finds nothing on the pages that matter, light and dark.
import { AxeBuilder } from '@axe-core/playwright';
import { expect, test, type Page } from '@playwright/test';
import { paidOrder } from './support/api.ts';
import { standAt } from './support/gate.ts';
import { OWNER, signIn } from './support/people.ts';
import { TONIGHT, chooseInList, freshAddress, openSeats } from './support/shop.ts';

/** Looks at the page as it stands. */
async function clean(page: Page, name: string): Promise<void> {
  // Surfaces that are still moving have colours that nobody sees.
  await page.evaluate(() => Promise.all(document.getAnimations().map((animation) => animation.finished.catch(() => undefined))));
  const found = await new AxeBuilder({ page }).analyze();
  const told = found.violations.map((rule) => `${rule.id}: ${rule.nodes.map((node) => node.target.join(' ')).join(', ')}`);
  expect(told, name).toEqual([]);
}

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme, reducedMotion: 'reduce' });

    test('the shop', async ({ page, request }) => {
      test.slow();
      await page.goto('/');
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
      await clean(page, 'home');
      await page.goto(`/events/${TONIGHT}`);
      await expect(page.getByRole('link', { name: 'Choose seats' }).first()).toBeVisible();
      await clean(page, 'event');
      await openSeats(page);
      await expect(page.getByRole('application', { name: 'Seat map' })).toBeVisible();
      await clean(page, 'seats');
      await chooseInList(page, 'Upper west');
      await clean(page, 'seats as a list');
      await page.getByRole('button', { name: 'Continue', exact: true }).click();
      await expect(page.getByLabel('E-mail')).toBeVisible();
      await clean(page, 'checkout');
      const paid = await paidOrder(request, freshAddress('access'));
      await page.goto(`/orders/${paid.order}#access=${paid.access}`);
      await expect(page.getByRole('img', { name: 'Code for the gate' })).toBeVisible();
      await clean(page, 'ticket');
    });

    test('the console', async ({ page }) => {
      test.slow();
      await page.goto('/account/sign-in');
      await expect(page.getByLabel('Password')).toBeVisible();
      await clean(page, 'sign-in');
      await signIn(page, OWNER, '/console/events');
      await expect(page.locator('a.row-link').first()).toBeVisible();
      await clean(page, 'events');
      await page.getByRole('link', { name: 'Tonight at the Demo Stadium' }).click();
      await expect(page.locator('[data-figure="sold"]')).toBeVisible();
      await clean(page, 'event');
      await page.getByRole('link', { name: 'Edit' }).click();
      await expect(page.getByLabel('Title in English')).toBeVisible();
      await clean(page, 'event form');
      await page.goto('/console/orders');
      await page.locator('a.row-link').first().click();
      await expect(page.locator('.drawer-total')).toBeVisible();
      await clean(page, 'orders with one open');
      await page.goto('/console/venues');
      await page.locator('a.row-link').first().click();
      await expect(page.getByRole('img', { name: 'Seat map' })).toBeVisible();
      await clean(page, 'venue');
    });

    test('single sign-on and applications', async ({ page }) => {
      test.slow();
      await signIn(page, OWNER, '/console/sign-on');
      await page.getByRole('button', { name: 'Add a provider' }).click();
      await expect(page.getByLabel('Name', { exact: true })).toBeVisible();
      await clean(page, 'an OpenID provider');
      await page.getByText('SAML 2.0', { exact: true }).click();
      await expect(page.getByLabel('Address of the metadata')).toBeVisible();
      await clean(page, 'a SAML provider');
      await page.getByRole('button', { name: 'Cancel' }).click();
      await clean(page, 'single sign-on');
      await page.goto('/console/applications');
      await page.getByRole('button', { name: 'New application' }).click();
      await expect(page.getByLabel('Where it runs')).toBeVisible();
      await clean(page, 'an application');
      await page.goto('/account/security');
      await expect(page.getByRole('heading', { name: 'Recovery codes' })).toBeVisible();
      await clean(page, 'security');
      await page.goto('/account/policies');
      await expect(page.getByRole('heading', { name: 'Policies' })).toBeVisible();
      await clean(page, 'policies');
    });

    test('the scanner', async ({ page }) => {
      await standAt(page, 'Gate A');
      await clean(page, 'scanner');
    });
  });
}
