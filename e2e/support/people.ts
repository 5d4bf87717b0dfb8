// The demo's people, and how they sign in.
import { expect, type Page } from '@playwright/test';

export const PASSWORD = 'southpaw-in-the-third-round';
export const OWNER = 'owner@demo.ringside.example';
/** Of the organisation that runs Ringside. */
export const PLATFORM = 'platform@demo.ringside.example';
export const SCANNER = 'scanner@demo.ringside.example';
/** The organisation that sells the night of tonight. */
export const RED_CORNER = 'Red Corner Promotions (demo)';

/** Signs in and waits for the page that was asked for. */
export async function signIn(page: Page, email: string, path: string): Promise<void> {
  await page.goto(`/account/sign-in?next=${encodeURIComponent(path)}`);
  await page.getByLabel('E-mail address').fill(email);
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page).toHaveURL((url) => url.pathname + url.search === path);
}
