// The scanner at a gate.
import { expect, type Locator, type Page } from '@playwright/test';
import { RED_CORNER, SCANNER, signIn } from './people.ts';

/** Signs the scanner in and stands it at a gate of tonight's event. */
export async function standAt(page: Page, gate: string): Promise<void> {
  await signIn(page, SCANNER, '/console/scan');
  await page.getByLabel('Organisation').selectOption({ label: RED_CORNER });
  const events = page.getByLabel('Event');
  const tonight = await events.locator('option', { hasText: 'Tonight' }).getAttribute('value');
  await events.selectOption(tonight);
  await page.getByRole('button', { name: gate }).click();
  await expect(page.getByLabel('Type or scan a code')).toBeVisible();
}

/** Types a code into the field. */
export async function typeCode(page: Page, code: string): Promise<void> {
  await page.getByLabel('Type or scan a code').fill(code);
  await page.getByRole('button', { name: 'Read', exact: true }).click();
}

/** What the screen says: `enter`, `look` or `stop`. */
export function answer(page: Page, name: 'enter' | 'look' | 'stop'): Locator {
  return page.locator(`[data-answer="${name}"]`);
}

/** Types as fast as a hand-held reader does, wherever the focus is. */
export async function readByHand(page: Page, code: string): Promise<void> {
  await page.evaluate((keys) => {
    for (const key of keys) {
      const press = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true });
      document.activeElement?.dispatchEvent(press);
    }
  }, [...code, 'Enter']);
}
