// A person's own account: opening it, a forgotten password, devices.
import { expect, test } from '@playwright/test';
import { linkTo } from './support/letters.ts';
import { PASSWORD } from './support/people.ts';
import { freshAddress } from './support/shop.ts';

const NEW_PASSWORD = 'uppercut-before-the-bell-rings';

test('sign up with verification from the received mail, forget the password, end another device', async ({ page, browser }) => {
  test.slow();
  const email = freshAddress('account');

  await page.goto('/');
  await page.getByRole('link', { name: 'Sign in' }).click();
  await page.getByRole('link', { name: 'Create account' }).click();
  await page.getByLabel('Name').fill('Demo Newcomer');
  await page.getByLabel('E-mail address').fill(email);
  await page.getByLabel('Password').fill('password1');
  await page.getByRole('button', { name: 'Create account' }).click();
  await expect(page.getByText('This is a well-known password.')).toBeVisible();
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Create account' }).click();
  await expect(page.getByRole('heading', { name: 'Look into your mail' })).toBeVisible();

  // Before the link is opened the right password is not enough.
  await page.goto('/account/sign-in');
  await page.getByLabel('E-mail address').fill(email);
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('button', { name: 'Send the link again' })).toBeVisible();

  await page.goto(await linkTo('verify', email));
  await expect(page.getByRole('heading', { name: 'Demo Newcomer' })).toBeVisible();
  await page.goto('/my/tickets');
  await expect(page.getByRole('heading', { name: 'My tickets' })).toBeVisible();

  const other = await (await browser.newContext()).newPage();
  await other.goto('/account/reset');
  await other.getByLabel('E-mail address').fill(email);
  await other.getByRole('button', { name: 'Send the link' }).click();
  // The mail's link opens in a tab of its own.
  await other.goto('about:blank');
  await other.goto(await linkTo('reset', email));
  await other.getByLabel('New password').fill(NEW_PASSWORD);
  await other.getByRole('button', { name: 'Set the password' }).click();
  await other.getByRole('link', { name: 'To the sign-in' }).click();
  await other.getByLabel('E-mail address').fill(email);
  await other.getByLabel('Password').fill(NEW_PASSWORD);
  await other.getByRole('button', { name: 'Sign in' }).click();
  await expect(other.getByRole('heading', { name: 'Demo Newcomer' })).toBeVisible();

  // The first browser was signed out by it, signs in again and is seen as a second device.
  await page.goto('/account/devices');
  await page.getByLabel('E-mail address').fill(email);
  await page.getByLabel('Password').fill(NEW_PASSWORD);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page).toHaveURL(/\/account\/devices$/);
  await expect(page.locator('.account-row')).toHaveCount(2);
  await page.getByRole('button', { name: 'Sign out everywhere else' }).click();
  await expect(page.locator('.account-row')).toHaveCount(1);
  await other.goto('/account/devices');
  await expect(other.getByLabel('Password')).toBeVisible();
});
