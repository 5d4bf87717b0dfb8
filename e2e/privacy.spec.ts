// A person's own data: a copy to take home, and being forgotten, taken back in time.
import { expect, test } from '@playwright/test';
import { OWNER, signIn } from './support/people.ts';

test('a copy of all data is made and fetched', async ({ page }) => {
  await signIn(page, OWNER, '/account/privacy');
  await page.getByRole('button', { name: 'Ask for a copy' }).click();
  const pdf = page.getByRole('button', { name: 'Save as PDF' });
  await expect(pdf).toBeVisible({ timeout: 30_000 });
  const saved = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save as JSON' }).click();
  expect((await saved).suggestedFilename()).toBe('ringside-my-data.json');
});

test('the only owner of an organisation is told what to do first', async ({ page }) => {
  await signIn(page, OWNER, '/account/privacy');
  await expect(page.getByText('You are the only owner of these organisations')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Erase my account' })).toHaveCount(0);
});

test('being forgotten asks for a word and can be taken back', async ({ page }) => {
  await signIn(page, 'boxoffice@demo.ringside.example', '/account/privacy');
  const erase = page.getByRole('button', { name: 'Erase my account' });
  await page.getByLabel('Type ERASE to confirm').fill('yes');
  await erase.click();
  await expect(page.getByText('will be erased on')).toHaveCount(0);
  await page.getByLabel('Type ERASE to confirm').fill('ERASE');
  await erase.click();
  await expect(page.getByText('will be erased on')).toBeVisible();
  await page.getByRole('button', { name: 'Keep my account' }).click();
  await expect(erase).toBeVisible();
});
