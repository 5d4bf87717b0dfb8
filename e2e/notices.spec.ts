// The notification centre: an announcement appears under the bell of those it is for, while they look at something else.
import { AxeBuilder } from '@axe-core/playwright';
import { expect, test } from '@playwright/test';
import { OWNER, RED_CORNER, signIn } from './support/people.ts';

const VIEWER = 'viewer@demo.ringside.example';

test('what an owner announces is told to the staff at once, read by them and counted', async ({ browser }) => {
  const contexts = await Promise.all([browser.newContext(), browser.newContext()]);
  const [owner, staff] = await Promise.all([contexts[0].newPage(), contexts[1].newPage()]);
  await signIn(staff, VIEWER, '/console/orders');
  const bell = staff.getByRole('button', { name: /^Notifications/ });
  await expect(bell).toBeVisible();
  const before = (await bell.innerText()).trim();

  await signIn(owner, OWNER, '/console/announcements');
  await owner.getByLabel('Organisation').selectOption({ label: RED_CORNER });
  await owner.getByRole('button', { name: 'New announcement' }).click();
  const dialog = owner.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Announce' }).click();
  await expect(dialog.getByRole('textbox', { name: 'First line' })).toHaveAttribute('aria-invalid', 'true');
  const title = `Doors at 17:00 (${Date.now()})`;
  await dialog.getByRole('textbox', { name: 'First line' }).fill(title);
  await dialog.getByRole('textbox', { name: 'What you want to say' }).fill('Half an hour earlier than planned.');
  await dialog.getByRole('button', { name: 'Announce' }).click();
  const said = owner.getByRole('listitem').filter({ hasText: title });
  // It moves in place: nobody loads the page anew.
  await expect(said).toContainText(/Told to \d+, read by 0/);

  await expect(bell).not.toHaveText(before);
  await expect(bell).toHaveAccessibleName(/unread/);
  await bell.click();
  const sheet = staff.getByRole('region', { name: 'Notifications' });
  const row = sheet.getByRole('listitem').filter({ hasText: title });
  await expect(row).toContainText('Half an hour earlier');
  const seen = await new AxeBuilder({ page: staff }).include('.bell-sheet').analyze();
  expect(seen.violations).toEqual([]);
  await row.getByRole('button', { name: 'Mark as read' }).click();
  await expect(row.getByRole('button', { name: 'Mark as unread' })).toBeVisible();
  await expect(said).toBeVisible();
  await staff.keyboard.press('Escape');
  await expect(sheet).toBeHidden();

  await bell.click();
  await staff.getByRole('link', { name: 'Show all' }).click();
  await expect(staff).toHaveURL(/\/console\/notices$/);
  await expect(staff.getByRole('heading', { name: 'Notifications', level: 1 })).toBeVisible();
  await staff.getByRole('button', { name: 'Unread', exact: true }).click();
  await expect(staff.getByRole('listitem').filter({ hasText: title })).toBeHidden();
  await owner.reload();
  await expect(owner.getByRole('listitem').filter({ hasText: title })).toContainText(/read by 1/);
  await Promise.all(contexts.map((context) => context.close()));
});
