// Those who run Ringside see what waits to be done; promoters do not.
import { AxeBuilder } from '@axe-core/playwright';
import { expect, test } from '@playwright/test';
import { OWNER, PLATFORM, signIn } from './support/people.ts';

for (const colorScheme of ['light', 'dark'] as const) {
  test(`what waits and what was given up, ${colorScheme}`, async ({ browser }) => {
    const context = await browser.newContext({ colorScheme, reducedMotion: 'reduce' });
    const page = await context.newPage();
    await signIn(page, PLATFORM, '/console/jobs');
    await expect(page.getByRole('heading', { level: 1, name: 'Jobs' })).toBeVisible();
    await expect(page.locator('[data-figure="dead"]')).toContainText('0');
    await expect(page.getByText('Nothing was given up')).toBeVisible();
    await page.getByText('Done now and then').click();
    await expect(page.getByRole('cell', { name: 'expire_holds' })).toBeVisible();
    const found = await new AxeBuilder({ page }).analyze();
    expect(found.violations.map((rule) => rule.id)).toEqual([]);
    await context.close();
  });
}

test('a promoter has no such page in the rail, and no such address', async ({ page }) => {
  await signIn(page, OWNER, '/console/events');
  await expect(page.getByRole('link', { name: 'Audit log' })).toBeVisible();
  await expect(page.getByRole('link', { name: 'Jobs' })).toHaveCount(0);
  await page.goto('/console/jobs');
  await expect(page.getByText('There is nothing here.').first()).toBeVisible();
});
