// Reads a printed ticket as the world does: pdftoppm makes the page a picture, zbarimg finds the codes.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The texts of all QR codes on the pages of a PDF, in the order of its pages. */
export function codesOf(pdf: string): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'ringside-paper-'));
  try {
    execFileSync('pdftoppm', ['-r', '200', '-png', pdf, join(folder, 'page')]);
    const pages = readdirSync(folder).filter((name) => name.endsWith('.png')).sort();
    return pages.flatMap((page) => codesIn(join(folder, page)));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

// Spaces belong to the code's alphabet: only the line's end is taken off.
function codesIn(picture: string): string[] {
  const found = execFileSync('zbarimg', ['--raw', '--quiet', '-Sdisable', '-Sqrcode.enable', picture], {
    encoding: 'utf8',
    // It complains about a desktop that is not there.
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return found.split('\n').filter((line) => line.length > 0);
}
