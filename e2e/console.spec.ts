// Staff at work: an event from draft to sale, a seat map with faults, and who sees what.
import { expect, test, type Page } from '@playwright/test';
import { paidOrder } from './support/api.ts';
import { OWNER, signIn } from './support/people.ts';
import { freshAddress } from './support/shop.ts';

const STADIUM = 'stadium@demo.ringside.example';
const VIEWER = 'viewer@demo.ringside.example';

/** Fills what an event needs, but no prices. */
async function writeEvent(page: Page, title: string): Promise<void> {
  await page.getByLabel('Title in English').fill(title);
  await page.getByLabel('Title in Thai').fill('ศึกทดสอบ');
  await page.getByLabel('Venue', { exact: true }).selectOption({ label: 'Demo Stadium' });
  await page.getByLabel('Doors open').fill('2031-03-01T17:00');
  await page.getByLabel('First bout', { exact: true }).fill('2031-03-01T18:00');
  await page.getByLabel('Ends', { exact: true }).fill('2031-03-01T22:00');
  await page.getByRole('button', { name: 'Add a bout' }).click();
  await page.getByLabel('Bout 1: Red corner').fill('Demo Red');
  await page.getByLabel('Bout 1: Blue corner').fill('Demo Blue');
}

test('an event goes from an empty form to its sale', async ({ page }) => {
  test.slow();
  const title = `Console Night ${Date.now()}`;
  await signIn(page, OWNER, '/console/events/new');
  await writeEvent(page, title);
  await page.getByLabel('Address', { exact: true }).fill('tonight');
  await page.getByRole('button', { name: 'Create draft' }).click();
  await expect(page.getByText('This short name is taken.').first()).toBeVisible();

  await page.getByLabel('Address', { exact: true }).fill(title.toLowerCase().replaceAll(' ', '-'));
  await page.getByRole('button', { name: 'Create draft' }).click();
  await expect(page.getByRole('heading', { level: 1, name: title })).toBeVisible();
  await expect(page.getByText('Doors 17:00 · first bout 18:00 · ends 22:00')).toBeVisible();
  await page.getByRole('button', { name: 'Publish' }).click();
  await page.getByRole('button', { name: 'Open the sale' }).click();
  await expect(page.getByText('A zone has no price.')).toBeVisible();

  await page.getByRole('link', { name: 'Edit' }).click();
  await page.getByRole('button', { name: 'Add a price' }).click();
  await page.getByLabel('Name', { exact: true }).fill('One price');
  await page.getByLabel('Price in baht').fill('1,500');
  for (const zone of await page.getByRole('group', { name: 'Zones at this price' }).getByRole('button').all()) {
    await zone.click();
  }
  await expect(page.getByText('Still without a price')).toBeHidden();
  await expect(page.getByRole('complementary', { name: 'Summary' })).toContainText('฿13,830,000');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByRole('button', { name: 'Open the sale' }).click();
  await expect(page.getByText('On sale')).toBeVisible();

  await page.getByRole('button', { name: 'Cancel event' }).click();
  await page.getByRole('button', { name: 'Keep it' }).click();
  await expect(page.getByText('On sale')).toBeVisible();
  await page.getByRole('button', { name: 'Cancel event' }).click();
  await page.getByRole('button', { name: 'Cancel the event' }).click();
  await expect(page.getByText('Cancelled')).toBeVisible();
});

test('unsaved changes are not lost without a question', async ({ page }) => {
  await signIn(page, OWNER, '/console/events/new');
  await expect(page.getByRole('region', { name: 'You have unsaved changes' })).toBeHidden();
  await page.getByLabel('Title in English').fill('Half a thought');
  await expect(page.getByRole('region', { name: 'You have unsaved changes' })).toBeVisible();
  page.once('dialog', (dialog) => dialog.dismiss());
  await page.getByRole('navigation', { name: 'Areas' }).getByRole('link', { name: 'Orders' }).click();
  await expect(page.getByLabel('Title in English')).toHaveValue('Half a thought');
  page.once('dialog', (dialog) => dialog.accept());
  await page.getByRole('navigation', { name: 'Areas' }).getByRole('link', { name: 'Orders' }).click();
  await expect(page).toHaveURL(/\/console\/orders$/);
});

test('a seat map file tells its errors by line and is kept once it is good', async ({ page }) => {
  await signIn(page, STADIUM, '/console/venues/new');
  await page.getByLabel('Name').fill(`Test Hall ${Date.now()}`);
  await page.getByLabel('Street and city').fill('2 Ring Road, Bangkok');
  await page.getByRole('button', { name: 'Create venue' }).click();
  const drop = page.locator('input[type=file]');
  const head = 'zone,zone_name,kind,row,seat,x,y,capacity,flags\n';
  const csv = (lines: string) => ({ name: 'small-hall.csv', mimeType: 'text/csv', buffer: Buffer.from(head + lines) });
  await drop.setInputFiles(csv('R1,Ringside,seated,A,1,-6,-60,,\nR1,,seated,A,1,0,-60,,\nR1,,seated,A,2,far,-60,,\n'));
  await expect(page.getByRole('heading', { name: /^Errors in small-hall.csv: 2/ })).toBeVisible();
  await expect(page.getByRole('rowheader', { name: /line 3/ })).toBeVisible();
  await expect(page.getByRole('rowheader', { name: /line 4/ })).toBeVisible();
  await drop.setInputFiles(csv('R1,Ringside,seated,A,1,-6,-60,,\nR1,,seated,A,2,0,-60,,\n'));
  await expect(page.getByText('Seats: 2 · standing places: 0 · zones: 1')).toBeVisible();
  await expect(page.getByRole('img', { name: 'Seat map' })).toBeVisible();
  await page.getByRole('button', { name: 'Keep this map' }).click();
  await expect(page.getByText('2 seats and 0 standing places')).toBeVisible();
  await page.getByLabel('Gate').fill('Gate 1');
  await page.getByRole('button', { name: 'Add gate' }).click();
  await expect(page.getByRole('rowheader', { name: 'Gate 1' })).toBeVisible();
});

test('figures move by themselves when somebody pays', async ({ page, request }) => {
  await signIn(page, OWNER, '/console/events?q=tonight');
  await page.locator('a.row-link').click();
  const sold = page.locator('[data-figure="sold"] .score-number');
  await expect(page.getByRole('status').filter({ hasText: 'Live' })).toBeVisible();
  const before = Number((await sold.innerText()).replaceAll(',', ''));
  await paidOrder(request, freshAddress('figures'));
  await expect(sold).toHaveText((before + 1).toLocaleString('en-GB'));
});

test('keys lead everywhere, and a viewer is offered nothing that changes', async ({ page }) => {
  await signIn(page, VIEWER, '/console/events');
  await expect(page.locator('a.row-link').first()).toBeVisible();
  await expect(page.getByRole('link', { name: 'New event' })).toBeHidden();
  await page.keyboard.press('g');
  await page.keyboard.press('o');
  await expect(page).toHaveURL(/\/console\/orders$/);
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog', { name: 'Keyboard' })).toBeVisible();
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: 'Find and go anywhere' }).fill('comet');
  await expect(page.getByRole('dialog').getByRole('option', { name: /Comet against Monsoon/ }).first()).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: 'Comet against Monsoon' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Cancel event' })).toBeHidden();
});
