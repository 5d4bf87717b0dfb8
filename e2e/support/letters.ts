// Letters about an account: no page shows them. Somebody with a shell reads what was kept.
import { execFileSync } from 'node:child_process';
import { expect } from '@playwright/test';

function letters(address: string): string {
  const program = process.env.RINGSIDE_PROGRAM;
  if (!program) throw new Error('RINGSIDE_PROGRAM must name the program that runs, to read its letters');
  // What tells the journeys about the server is no setting of the program.
  const { RINGSIDE_CHROMIUM, RINGSIDE_URL, RINGSIDE_E2E_URL, RINGSIDE_PROGRAM, ...rest } = process.env;
  const settings = { ...rest, RINGSIDE_LOG: 'error' };
  return execFileSync(program, ['letters', address], {
    encoding: 'utf8',
    env: settings,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

/** The link to `page` in the newest letter to the address that has one; waits for the job that writes it. */
export async function linkTo(page: 'verify' | 'reset' | 'invitation', address: string): Promise<string> {
  let link = '';
  await expect(() => {
    link = letters(address).match(new RegExp(`/account/${page}#[\\w-]+`))?.[0] ?? '';
    expect(link).not.toBe('');
  }).toPass();
  return link;
}
