// Real identity providers, those the tests of accounts use too: npm's `oidc-provider` and `samlp`.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

const FOLDER = new URL('../../crates/accounts/tests/providers/', import.meta.url);

/** A provider that runs until the journey is over. */
export class Provider {
  private constructor(
    readonly address: string,
    readonly child: ChildProcess,
  ) {}

  /** An OpenID provider that sends people back to `callback`. */
  static openId(callback: string): Promise<Provider> {
    return Provider.#start('oidc.mjs', callback);
  }

  /** A SAML provider. */
  static saml(): Promise<Provider> {
    return Provider.#start('saml.mjs');
  }

  static async #start(program: string, ...settings: string[]): Promise<Provider> {
    const child = spawn('node', [program, ...settings], { cwd: FOLDER, stdio: ['pipe', 'pipe', 'inherit'] });
    const [line] = await once(createInterface(child.stdout), 'line');
    return new Provider(`http://127.0.0.1:${JSON.parse(line).port}`, child);
  }

  /** Tells it something: `accounts` or `options`. */
  async control(what: string, how: unknown): Promise<void> {
    const answer = await fetch(`${this.address}/control/${what}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(how),
    });
    if (answer.status !== 204) throw new Error(`the provider answered ${answer.status}`);
  }

  /** It ends with its input. */
  stop(): void {
    this.child.stdin?.end();
  }
}
