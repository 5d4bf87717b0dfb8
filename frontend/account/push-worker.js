// Shows notifications while no page is open, and renews the browser's subscription. It serves no pages.
const KEPT = 'ringside-push';
const SUBSCRIPTION = '/account/push-subscription';

self.addEventListener('install', () => self.skipWaiting());
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));

// The page tells what the server knows of this browser: {endpoint, p256dh, auth, key}; null when it was switched off.
self.addEventListener('message', (event) => {
  if (event.data && 'remember' in event.data) event.waitUntil(remember(event.data.remember));
});

self.addEventListener('push', (event) => event.waitUntil(show(event.data)));
self.addEventListener('notificationclick', (event) => event.waitUntil(open(event.notification)));
self.addEventListener('pushsubscriptionchange', (event) => event.waitUntil(renew(event)));

async function show(data) {
  let said = {};
  try {
    said = data.json();
  } catch {
    // Something has to be shown: browsers take the right away from those who show nothing.
  }
  await self.registration.showNotification(said.title || 'Ringside', {
    body: said.body || '',
    tag: said.tag || undefined,
    lang: said.lang || '',
    icon: '/account/notify.png',
    badge: '/account/notify-badge.png',
    data: { url: said.url || '/' },
  });
}

async function open(notification) {
  notification.close();
  const home = self.location.origin;
  const asked = new URL(notification.data?.url ?? '/', home);
  // Pages of this site only.
  const target = asked.origin === home ? asked.href : `${home}/`;
  const windows = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
  const there = windows.find((one) => one.url === target);
  return there ? there.focus() : self.clients.openWindow(target);
}

async function renew(event) {
  const before = (await remembered()) ?? plain(event.oldSubscription);
  if (!before) return;
  const options = { userVisibleOnly: true, applicationServerKey: before.key };
  const now = plain(event.newSubscription ?? (await self.registration.pushManager.subscribe(options)));
  const answer = await fetch('/api/v1/push-renewals', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      old_endpoint: before.endpoint,
      old_auth: before.auth,
      endpoint: now.endpoint,
      p256dh: now.p256dh,
      auth: now.auth,
    }),
  });
  if (answer.ok) await remember({ ...now, key: before.key });
}

function plain(subscription) {
  if (!subscription) return null;
  const { endpoint, keys } = subscription.toJSON();
  const key = subscription.options?.applicationServerKey;
  return { endpoint, p256dh: keys.p256dh, auth: keys.auth, key: key && base64url(key) };
}

// What is remembered is JSON, and browsers take the key in this form, too.
function base64url(bytes) {
  const text = btoa(String.fromCharCode(...new Uint8Array(bytes)));
  return text.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

async function remember(subscription) {
  const cache = await caches.open(KEPT);
  if (!subscription) return cache.delete(SUBSCRIPTION);
  return cache.put(SUBSCRIPTION, new Response(JSON.stringify(subscription)));
}

async function remembered() {
  const kept = await (await caches.open(KEPT)).match(SUBSCRIPTION);
  return kept ? kept.json() : null;
}
