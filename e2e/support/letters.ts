// Letters about an account: no page shows them. Somebody with a shell reads what was kept.
import { execFileSync } from 'node:child_process';
import { expect } from '@playwright/test';

function letters(address: string): string {
  const program = process.env.RINGSIDE_PROGRAM;
  if (!program) throw new Error('RINGSIDE_PROGRAM must name the program that runs, to read its letters');
  return execFileSync(program, ['letters', address], {
    encoding: 'utf8',
    env: { ...process.env, RINGSIDE_LOG: 'error' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

/** The link to `page` in the newest letter to the address that has one; waits for the job that writes it. */
export async function linkTo(page: 'verify' | 'reset', address: string): Promise<string> {
  let link = '';
  await expect(() => {
    link = letters(address).match(new RegExp(`/account/${page}#[\\w-]+`))?.[0] ?? '';
    expect(link).not.toBe('');
  }).toPass();
  return link;
}
