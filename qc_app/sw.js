// Keeps the app's own files for work without a network. `SHELL` (version and files) stands above, put there by the
// server; it changes with any file, so the browser fetches the new set once. The API is never cached.
const CACHE = `rtv-shell-${SHELL.version}`;

self.addEventListener("install", (event) => {
  event.waitUntil(
    caches.open(CACHE)
      .then((cache) => cache.addAll(SHELL.files.map((file) => new Request(file, { cache: "no-cache" }))))
      .then(() => self.skipWaiting()),
  );
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    caches.keys()
      .then((names) => Promise.all(names.filter((name) => name.startsWith("rtv-shell-") && name !== CACHE).map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  );
});

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  const isOurs = url.origin === self.location.origin;
  if (!isOurs || event.request.method !== "GET" || !isShell(event.request, url)) return;
  const wanted = event.request.mode === "navigate" ? "/index.html" : url.pathname;
  event.respondWith(
    caches.open(CACHE).then((cache) => cache.match(wanted)).then((kept) => kept ?? fetch(event.request)),
  );
});

function isShell(request, url) {
  return request.mode === "navigate" ? url.pathname === "/" : SHELL.files.includes(url.pathname);
}
