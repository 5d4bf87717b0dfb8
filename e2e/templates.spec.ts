// A letter in an organisation's own words: edited, looked at, tried on oneself, published, and got by a buyer.
import { expect, test, type FrameLocator, type Page } from '@playwright/test';
import { paidOrder } from './support/api.ts';
import { OWNER, signIn } from './support/people.ts';
import { freshAddress } from './support/shop.ts';

/** The letter as the page shows it. */
const shown = (page: Page, title: string): FrameLocator => page.frameLocator(`iframe[title="${title}"]`);

test('a letter is edited, previewed and sent, and the next buyer gets it', async ({ page, request }) => {
  test.slow();
  await signIn(page, OWNER, '/console/templates');
  const tickets = page.getByRole('listitem').filter({ has: page.getByRole('heading', { name: 'Tickets', exact: true }) });
  await tickets.getByRole('button', { name: 'Write your own' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Tickets' })).toBeVisible();
  const preview = shown(page, 'Preview');
  await expect(preview.getByText('Hello Demo Fan,')).toBeVisible();

  const blocks = page.getByRole('region', { name: 'Blocks' });
  await blocks.getByRole('button', { name: /^Text\s*Hello/ }).click();
  const words = page.getByRole('textbox', { name: 'Words' });
  await words.fill('Welcome {{ buyer.nam }}');
  await expect(page.getByText('There is no such value in this letter.')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Save draft' })).toBeDisabled();
  await words.fill('Welcome **');
  await page.getByText('Insert a value').click();
  await page.getByRole('button', { name: /^buyer\.name/ }).click();
  await words.press('End');
  await words.pressSequentially('**, see you at ringside.');
  await expect(words).toHaveValue('Welcome **{{ buyer.name }}**, see you at ringside.');
  await expect(preview.getByText('Welcome Demo Fan, see you at ringside.')).toBeVisible();
  await expect(preview.locator('strong', { hasText: 'Demo Fan' })).toBeVisible();

  // Blocks are moved by the keyboard, and taken back.
  const order = async (): Promise<string[]> => blocks.locator('.block-kind').allInnerTexts();
  const before = await order();
  await blocks.getByRole('button', { name: /^Text\s*Welcome/ }).press('Alt+ArrowDown');
  await expect(blocks.locator('.block-row.chosen')).toContainText('Welcome');
  await expect(blocks.locator('.block-row').nth(2)).toContainText('Welcome');
  await blocks.getByRole('button', { name: 'Delete block' }).click();
  await expect(blocks.getByText('Welcome')).toBeHidden();
  await blocks.getByRole('button', { name: 'Take back' }).click();
  await blocks.getByRole('button', { name: 'Take back' }).click();
  await expect(blocks.locator('.block-row').nth(1)).toContainText('Welcome');
  expect(await order()).toEqual(before);

  await page.getByRole('button', { name: 'Send me a test' }).click();
  await expect(page.getByText(`On its way to ${OWNER}.`)).toBeVisible();
  await page.getByRole('link', { name: 'Read it with the messages' }).click();
  await expect(page.getByRole('complementary', { name: /^\[Test\] Your tickets for/ })).toBeVisible();
  const letter = shown(page, 'The message as its reader sees it');
  await expect(letter.getByText('Welcome Demo Fan, see you at ringside.')).toBeVisible();

  await page.goto('/console/templates');
  await tickets.getByRole('link', { name: 'Open' }).click();
  await page.getByRole('button', { name: 'Publish', exact: true }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Publish', exact: true }).click();
  await expect(page.getByText('Published 1')).toBeVisible();

  const address = freshAddress('letters');
  await paidOrder(request, address);
  await page.goto(`/console/deliveries?q=${address}`);
  const mine = page.getByRole('link', { name: /^Your tickets for/ });
  await expect(async () => {
    await page.getByRole('button', { name: 'Look again' }).click();
    await expect(mine).toBeVisible({ timeout: 1_000 });
  }).toPass();
  await mine.click();
  await expect(letter.getByText('Welcome Demo Guest, see you at ringside.')).toBeVisible();

  // The other journeys read Ringside's own letters.
  await page.goto('/console/templates');
  await tickets.getByRole('link', { name: 'Open' }).click();
  await page.getByRole('button', { name: 'Delete this letter' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete this letter' }).click();
  await expect(tickets.getByRole('button', { name: 'Write your own' })).toBeVisible();
});
