// One fight night from the event's page to the gate.
import { expect, test, type Page } from '@playwright/test';
import { answer, readByHand, standAt, typeCode } from './support/gate.ts';
import { codesOf } from './support/paper.ts';
import { OWNER, signIn } from './support/people.ts';
import { checkout, chooseInList, freshAddress, openSeats } from './support/shop.ts';

/** Presses on the map, nearer and nearer, until a seat is chosen. */
async function chooseOnMap(page: Page): Promise<void> {
  const map = page.getByRole('application', { name: 'Seat map' });
  await map.focus();
  // The keyboard goes to the first free seat; the map follows, so that it is near enough to press.
  await map.press('ArrowRight');
  const box = await map.boundingBox();
  if (!box) throw new Error('the map is not on the page');
  const chosen = page.getByRole('heading', { name: '1 place chosen' });
  for (let ring = 0; ring < 12; ring += 1) {
    for (const [x, y] of [[ring, 0], [-ring, ring], [0, -ring], [ring, ring]]) {
      await map.click({ position: { x: box.width / 2 + 11 * x, y: box.height / 2 + 11 * y } });
      if (await chosen.isVisible()) return;
    }
  }
  throw new Error('no seat could be pressed on the map');
}

/** Opens the mail with the tickets in the console and saves its PDF. */
async function mailedPdf(page: Page, email: string, to: string): Promise<void> {
  await page.goto(`/console/deliveries?q=${encodeURIComponent(email)}`);
  const mails = page.locator('a.row-link');
  // The mail is written by a job: look again until it is there.
  await expect(async () => {
    await page.getByRole('button', { name: 'Look again' }).click();
    await expect(mails.filter({ hasText: /ticket/i })).toBeVisible({ timeout: 1_000 });
  }).toPass();
  await mails.filter({ hasText: /ticket/i }).click();
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: /\.pdf/ }).click();
  await (await download).saveAs(to);
}

test('a fan buys two seats, pays, gets the mail, and is admitted once', async ({ page, browser }, info) => {
  test.slow();
  const email = freshAddress('journey');

  await openSeats(page);
  await chooseOnMap(page);
  await chooseInList(page, 'Upper north');
  await expect(page.getByRole('heading', { name: '2 places chosen' })).toBeVisible();
  const order = await checkout(page, 'Demo Journey', email);
  await expect(page.getByRole('img', { name: /PromptPay code/ })).toBeVisible();

  const office = await (await browser.newContext()).newPage();
  await signIn(office, OWNER, `/console/orders/${order}`);
  await office.getByLabel('Bank reference').fill('BANK-0003');
  await office.getByRole('button', { name: 'Confirm payment' }).click();
  await expect(office.locator('.drawer-state')).toContainText('Paid');

  // The buyer's page hears of it by itself.
  await expect(page.getByRole('heading', { name: 'See you ringside' })).toBeVisible();
  await expect(page.getByRole('img', { name: 'Code for the gate' })).toHaveCount(2);

  const pdf = info.outputPath('tickets.pdf');
  await mailedPdf(office, email, pdf);
  const codes = codesOf(pdf);
  expect(new Set(codes).size).toBe(2);

  const gate = await (await browser.newContext()).newPage();
  await standAt(gate, 'Gate A');
  const inside = gate.locator('[data-admitted]');
  await typeCode(gate, codes[1]);
  await expect(answer(gate, 'enter')).toContainText('Enter');
  const before = await inside.textContent();
  await typeCode(gate, codes[1]);
  await expect(answer(gate, 'look')).toContainText(/Used at \d\d:\d\d, Gate A/);
  await expect(inside).toHaveText(before ?? '');

  // A hand-held reader types wherever the focus is.
  await gate.getByRole('button', { name: /Gate A/ }).focus();
  await readByHand(gate, codes[0]);
  await expect(answer(gate, 'enter')).toBeVisible();

  await typeCode(gate, 'HELLO');
  await expect(answer(gate, 'stop')).toContainText('This is not a ticket');
  await typeCode(gate, `${codes[0].slice(0, -1)}${codes[0].endsWith('0') ? '1' : '0'}`);
  await expect(answer(gate, 'stop')).toBeVisible();
});
