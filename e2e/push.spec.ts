// Notifications of a browser, from the press to the message on the screen. Chromium without a screen has no push service: the
// page's `PushManager.subscribe` is answered with a subscription to a push service of the journey's own, which hands what it is
// given to the real service worker.
import { createECDH, randomBytes } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AxeBuilder } from '@axe-core/playwright';
import { expect, test, type BrowserContext, type CDPSession, type Page } from '@playwright/test';
import ece from 'http_ece';
import { OWNER, signIn } from './support/people.ts';

interface Pushed {
  path: string;
  headers: IncomingHttpHeaders;
  payload: { title: string; body: string; url: string; tag: string; lang: string };
}

/** A push service for one browser, which it opens messages for, too. */
class PushService {
  readonly pushed: Pushed[] = [];
  status = 201;
  readonly auth = randomBytes(16);
  readonly keys = createECDH('prime256v1');
  private server: Server = createServer();

  static async start(): Promise<PushService> {
    const service = new PushService();
    service.keys.generateKeys();
    await new Promise<void>((resolve) => service.server.listen(0, '127.0.0.1', resolve));
    service.server.on('request', async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const options = { version: 'aes128gcm', privateKey: service.keys, authSecret: service.auth.toString('base64url') };
      const payload = JSON.parse(ece.decrypt(Buffer.concat(chunks), options).toString());
      service.pushed.push({ path: request.url!, headers: request.headers, payload });
      response.writeHead(service.status).end();
    });
    return service;
  }

  get subscription() {
    const { port } = this.server.address() as AddressInfo;
    return {
      endpoint: `http://127.0.0.1:${port}/push/demo`,
      p256dh: this.keys.getPublicKey('base64url'),
      auth: this.auth.toString('base64url'),
    };
  }

  stop(): void {
    this.server.close();
    this.server.closeAllConnections();
  }
}

/** Answers the page's wish for a subscription. */
async function answerSubscribe(page: Page, service: PushService): Promise<void> {
  await page.addInitScript(({ endpoint, p256dh, auth }) => {
    const mark = 'demo-subscribed';
    const subscription = {
      endpoint,
      toJSON: () => ({ endpoint, expirationTime: null, keys: { p256dh, auth } }),
      unsubscribe: async () => {
        sessionStorage.removeItem(mark);
        return true;
      },
    };
    const answer = {
      async subscribe(options: PushSubscriptionOptionsInit) {
        sessionStorage.setItem(mark, String(options.applicationServerKey));
        return subscription;
      },
      async getSubscription() {
        return sessionStorage.getItem(mark) ? subscription : null;
      },
    };
    Object.assign(PushManager.prototype, answer);
  }, service.subscription);
}

/** Hands messages to the service worker, as the browser does with those of its push service. */
class Hands {
  private constructor(
    private cdp: CDPSession,
    private registrations: Map<string, string>,
  ) {}

  static async of(context: BrowserContext, page: Page): Promise<Hands> {
    const cdp = await context.newCDPSession(page);
    const registrations = new Map<string, string>();
    cdp.on('ServiceWorker.workerRegistrationUpdated', (event) => {
      for (const one of event.registrations) registrations.set(one.scopeURL, one.registrationId);
    });
    await cdp.send('ServiceWorker.enable');
    return new Hands(cdp, registrations);
  }

  async deliver(page: Page, payload: unknown): Promise<void> {
    const { origin } = new URL(page.url());
    const scope = `${origin}/account/`;
    await expect.poll(() => this.registrations.has(scope)).toBe(true);
    const registrationId = this.registrations.get(scope)!;
    await this.cdp.send('ServiceWorker.deliverPushMessage', { origin, registrationId, data: JSON.stringify(payload) });
  }
}

/** What the browser shows. */
function shown(page: Page): Promise<{ title: string; body: string; tag: string }[]> {
  return page.evaluate(async () => {
    const registration = await navigator.serviceWorker.getRegistration('/account/');
    const all = (await registration?.getNotifications()) ?? [];
    return all.map(({ title, body, tag }) => ({ title, body, tag }));
  });
}

/** Presses the notification of that tag, and tells where it leads. A window cannot be opened here without a hand: that is noted. */
async function press(context: BrowserContext, tag: string): Promise<string> {
  const worker = context.serviceWorkers().find((one) => one.url().endsWith('/account/push-worker.js'))!;
  return worker.evaluate(async (tag) => {
    const scope = globalThis as unknown as {
      registration: ServiceWorkerRegistration;
      Clients: { prototype: object };
      WindowClient: { prototype: object };
      NotificationEvent: new (kind: string, init: object) => Event;
    };
    const led = new Promise<string>((resolve) => {
      Object.assign(scope.Clients.prototype, { openWindow: async (url: string) => resolve(`opened ${new URL(url).href}`) });
      const focus = async function (this: { url: string }) {
        resolve(`focused ${this.url}`);
      };
      Object.assign(scope.WindowClient.prototype, { focus });
    });
    const notification = (await scope.registration.getNotifications()).find((one) => one.tag === tag);
    globalThis.dispatchEvent(new scope.NotificationEvent('notificationclick', { notification }));
    return led;
  }, tag);
}

/** The push service gives the browser another subscription while no page knows of it. */
async function renew(context: BrowserContext, service: PushService): Promise<void> {
  const worker = context.serviceWorkers().find((one) => one.url().endsWith('/account/push-worker.js'))!;
  const { endpoint, p256dh, auth } = service.subscription;
  await worker.evaluate(
    ({ endpoint, p256dh, auth }) => {
      const scope = globalThis as unknown as { PushManager: { prototype: object } };
      const subscription = { toJSON: () => ({ endpoint, keys: { p256dh, auth } }), options: {} };
      Object.assign(scope.PushManager.prototype, { subscribe: async () => subscription });
      globalThis.dispatchEvent(new Event('pushsubscriptionchange'));
    },
    { endpoint: endpoint.replace('/demo', '/renewed'), p256dh, auth },
  );
}

test('a browser is switched on, shows what it is sent, and leads to it', async ({ page, context }) => {
  const service = await PushService.start();
  try {
    await context.grantPermissions(['notifications']);
    await answerSubscribe(page, service);
    await signIn(page, OWNER, '/account/notifications');
    const hands = await Hands.of(context, page);
    await page.getByRole('button', { name: 'Switch on' }).click();
    await expect(page.getByText('This browser notifies you from now on.')).toBeVisible();
    expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);

    await page.getByRole('button', { name: 'Send a test', exact: true }).first().click();
    await expect(page.getByText('A test is on its way.')).toBeVisible();
    await expect.poll(() => service.pushed.length).toBe(1);
    const { headers, payload } = service.pushed[0];
    expect(headers.authorization).toMatch(/^vapid t=.+\..+\..+, k=/);
    expect(headers.authorization!.split('k=')[1]).toBe(await page.evaluate(() => sessionStorage.getItem('demo-subscribed')));
    expect(payload).toMatchObject({ title: 'A test', body: 'This is where Ringside reaches you.', url: '/account/notifications', lang: 'en' });

    await hands.deliver(page, payload);
    await expect.poll(() => shown(page)).toEqual([{ title: payload.title, body: payload.body, tag: payload.tag }]);
    const { origin } = new URL(page.url());
    expect(await press(context, payload.tag)).toBe(`focused ${origin}/account/notifications`);
    await expect.poll(() => shown(page)).toEqual([]);

    await hands.deliver(page, { title: 'Doors open', body: 'At 18:00', url: '/my/tickets', tag: 'doors' });
    await expect.poll(async () => (await shown(page)).length).toBe(1);
    expect(await press(context, 'doors')).toBe(`opened ${origin}/my/tickets`);
    await hands.deliver(page, { title: 'Look', body: '', url: 'https://elsewhere.example/', tag: 'elsewhere' });
    await expect.poll(async () => (await shown(page)).length).toBe(1);
    expect(await press(context, 'elsewhere'), 'pages of this site only').toBe(`opened ${origin}/`);

    await renew(context, service);
    await expect(async () => {
      await page.getByRole('button', { name: 'Send a test', exact: true }).first().click();
      await expect.poll(() => service.pushed.at(-1)!.path, { timeout: 2_000 }).toBe('/push/renewed');
    }).toPass();

    // The push service says that the subscription is gone.
    service.status = 410;
    const before = service.pushed.length;
    await page.getByRole('button', { name: 'Send a test', exact: true }).first().click();
    await expect.poll(() => service.pushed.length).toBe(before + 1);
    await expect(async () => {
      await page.reload();
      await expect(page.getByText('Gone', { exact: true })).toBeVisible({ timeout: 2_000 });
    }).toPass();
    service.status = 201;
    await page.getByRole('button', { name: 'Switch on' }).click();
    await expect(page.getByText('Ready', { exact: true })).toBeVisible();
    await page.getByRole('button', { name: 'Switch off' }).click();
    await expect(page.getByText('This browser is switched off.')).toBeVisible();
    await expect(page.getByText('Nothing else yet.')).toBeVisible();
  } finally {
    service.stop();
  }
});

test('what reaches the person and when it is quiet is kept, and taken back', async ({ page }) => {
  await page.addInitScript(() => Reflect.deleteProperty(window, 'PushManager'));
  await signIn(page, OWNER, '/account/notifications');
  await expect(page.getByText('This browser cannot show notifications.')).toBeVisible();
  const news = page.getByRole('checkbox', { name: 'News, by Mail' });
  await expect(news).not.toBeChecked();
  await news.check();
  await expect(page.getByText('Kept.', { exact: true })).toBeVisible();
  await page.reload();
  await expect(news).toBeChecked();
  await news.uncheck();
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(news).toBeChecked();
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(news).not.toBeChecked();
  await expect(page.getByRole('row', { name: /Orders and tickets/ }).getByText('Always')).toBeVisible();

  await expect(page.getByLabel('On the clock of')).toHaveValue('Asia/Bangkok');
  await page.getByLabel('From').fill('22:30');
  await page.getByLabel('Until').fill('22:30');
  await page.getByRole('button', { name: 'Keep quiet hours' }).click();
  await expect(page.getByText('The end is the beginning.')).toBeVisible();
  await page.getByLabel('Until').fill('06:45');
  await page.getByRole('button', { name: 'Keep quiet hours' }).click();
  await expect(page.getByText('Quiet hours are kept.')).toBeVisible();
  await page.reload();
  await expect(page.getByLabel('Until')).toHaveValue('06:45');
  await page.setViewportSize({ width: 390, height: 844 });
  await page.emulateMedia({ colorScheme: 'dark' });
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  await page.getByRole('button', { name: 'No quiet hours' }).click();
  await expect(page.getByText('There are no quiet hours any more.')).toBeVisible();
});
