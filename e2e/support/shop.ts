// How a fan buys.
import { expect, type Page } from '@playwright/test';

/** The demo night whose doors are open. */
export const TONIGHT = 'tonight';

/** An address that no other run used, so that its mails are found. */
export function freshAddress(who: string): string {
  return `${who}-${Date.now()}@demo.ringside.example`;
}

/** From the event's page to its seats. */
export async function openSeats(page: Page): Promise<void> {
  await page.goto(`/events/${TONIGHT}`);
  await page.getByRole('link', { name: 'Choose seats' }).first().click();
  await expect(page).toHaveURL(/\/events\/tonight\/seats$/);
}

/** Chooses the first free seat of a zone in the list. */
export async function chooseInList(page: Page, zone: string): Promise<void> {
  await page.getByRole('button', { name: 'List', exact: true }).click();
  const list = page.getByRole('region', { name: 'Seats by zone' });
  await list.getByRole('button', { name: zone }).first().click();
  const free = list.locator('.list-seat:enabled[aria-pressed="false"]').first();
  await free.click();
}

/** Says who buys and places the order; gives its id. */
export async function checkout(page: Page, name: string, email: string): Promise<string> {
  await page.getByRole('button', { name: 'Continue', exact: true }).click();
  await expect(page).toHaveURL(/\/checkout$/);
  await page.getByLabel('Name').fill(name);
  await page.getByLabel('E-mail').fill(email);
  await page.getByRole('button', { name: /^Continue to payment/ }).click();
  await expect(page).toHaveURL(/\/orders\/[0-9a-f-]{36}$/);
  const order = new URL(page.url()).pathname.split('/').at(-1);
  if (!order) throw new Error(`no order in ${page.url()}`);
  return order;
}
