/**
 * Keeps the console's own files, so that a screen on a wall starts without a connection. It keeps
 * no answer of the API. The build fills in the two names.
 */
const CACHE = '%BUILD%';
const FILES = ['%FILES%'];
const PAGE = '/console';

self.addEventListener('install', (event) => event.waitUntil(fill().then(() => self.skipWaiting())));
self.addEventListener('activate', (event) => event.waitUntil(forgetOld().then(() => self.clients.claim())));

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== 'GET' || origin !== self.location.origin || !pathname.startsWith(PAGE)) return;
  if (request.mode === 'navigate') event.respondWith(page(request));
  else if (pathname !== `${PAGE}/sw.js`) event.respondWith(kept(request));
});

async function fill() {
  const cache = await caches.open(CACHE);
  await cache.addAll([new Request(PAGE, { headers: { accept: 'text/html' } }), ...FILES]);
}

async function forgetOld() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name !== CACHE).map((name) => caches.delete(name)));
}

/** The newest page, or the kept one without a connection. */
async function page(request) {
  try {
    return await fetch(request);
  } catch {
    return (await caches.match(PAGE)) ?? Response.error();
  }
}

async function kept(request) {
  return (await caches.match(request)) ?? fetch(request);
}
