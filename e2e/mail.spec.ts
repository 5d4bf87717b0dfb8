// Mail after it has left: figures of the messages, addresses that get none, and what a person lets be counted.
import { expect, test } from '@playwright/test';
import { OWNER, RED_CORNER, signIn } from './support/people.ts';

test('an address is entered, found, and written to again', async ({ page }) => {
  await signIn(page, OWNER, '/console/deliveries');
  await page.getByLabel('Organisation').selectOption({ label: RED_CORNER });
  await page.getByRole('link', { name: 'Addresses that get no mail' }).first().click();
  await expect(page.getByRole('heading', { name: 'Addresses that get no mail' })).toBeVisible();
  await page.getByRole('button', { name: 'Enter an address' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox', { name: 'Address' }).fill('gone');
  await dialog.getByRole('button', { name: 'Enter' }).click();
  await expect(dialog.getByRole('textbox', { name: 'Address' })).toHaveAttribute('aria-invalid', 'true');
  await dialog.getByRole('textbox', { name: 'Address' }).fill('Gone@demo.example');
  await dialog.getByRole('textbox', { name: 'Why' }).fill('Asked for it');
  await dialog.getByRole('button', { name: 'Enter' }).click();
  const row = page.getByRole('row').filter({ hasText: 'gone@demo.example' });
  await expect(row.getByText('Entered by hand')).toBeVisible();
  await page.getByRole('searchbox').fill('GONE@');
  await expect(row).toBeVisible();
  await row.getByRole('button', { name: 'Write again' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Write again' }).click();
  await expect(page.getByText('No address is held back')).toBeVisible();
});

test('a person lets it be counted that they open mail, and takes it back', async ({ page }) => {
  await signIn(page, 'viewer@demo.ringside.example', '/account/privacy');
  const box = page.getByRole('checkbox', { name: 'You may count that I open mail' });
  for (const allowed of [true, false]) {
    await box.click();
    await expect(box).toBeChecked({ checked: allowed });
    await page.reload();
    await expect(box).toBeChecked({ checked: allowed });
  }
});
