// An organisation's own sending address: set, published, found, removed.
import { expect, test } from '@playwright/test';
import { Dns } from './support/dns.ts';
import { OWNER, RED_CORNER, signIn } from './support/people.ts';

test('an owner sets the sending address and is told what each record lacks', async ({ page }) => {
  const dns = await Dns.start();
  try {
    await signIn(page, OWNER, '/console/sending');
    await page.getByLabel('Organisation').selectOption({ label: RED_CORNER });
    await expect(page.getByText('Mail comes from Ringside’s address')).toBeVisible();
    await page.getByRole('button', { name: 'Set the address' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('textbox', { name: 'Address' }).fill('tickets');
    await dialog.getByRole('textbox', { name: 'Name' }).fill('Red Corner (demo)');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await expect(dialog.getByRole('textbox', { name: 'Address' })).toHaveAttribute('aria-invalid', 'true');
    await dialog.getByRole('textbox', { name: 'Address' }).fill('tickets@red-corner.example');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await expect(page.getByText('Not in use yet')).toBeVisible();

    const card = (kind: string) => page.getByRole('listitem').filter({ has: page.locator('strong', { hasText: kind }) });
    const line = (kind: string, label: string) =>
      card(kind).locator('.copy-line').filter({ hasText: label }).locator('code').innerText();
    const look = page.getByRole('button', { name: 'Ask DNS now' });
    await look.click();
    await expect(card('DKIM').getByText('There is no such record.')).toBeVisible();
    dns.publish(await line('DKIM', 'Name'), await line('DKIM', 'Value'));
    dns.publish(await line('SPF', 'Name'), 'v=spf1 +all');
    dns.publish(await line('DMARC', 'Name'), 'v=DMARC1; p=none');
    await look.click();
    await expect(page.getByText('In use', { exact: true })).toBeVisible();
    await expect(card('SPF').getByText('lets everybody send')).toBeVisible();
    await expect(card('SPF').getByText('v=spf1 +all')).toBeVisible();
    await expect(card('DMARC').getByText('Weak')).toBeVisible();

    await page.getByRole('button', { name: 'Remove' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
    await expect(page.getByText('Mail comes from Ringside’s address')).toBeVisible();
  } finally {
    dns.stop();
  }
});
