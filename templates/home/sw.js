{% load static %}// Keeps the shell only: styles, scripts, icons and two pages without anybody's data.
const NAME = "linli-shell-{{ version }}";
const SHELL = {{ files|safe }};
const OFFLINE = "{% url 'home-offline' %}";
const PASS = "{% url 'home-pass' %}";

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(NAME).then((cache) => cache.addAll([...SHELL, OFFLINE, PASS])));
  self.skipWaiting();
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    caches.keys()
      .then((names) => Promise.all(names.filter((n) => n !== NAME).map((n) => caches.delete(n))))
      .then(() => self.clients.claim()),
  );
});

self.addEventListener("fetch", (event) => {
  const request = event.request;
  if (request.method !== "GET") return;
  const path = new URL(request.url).pathname;
  if (SHELL.includes(path)) {
    event.respondWith(
      caches.match(request, { ignoreSearch: true }).then((kept) => kept || fetch(request)),
    );
  } else if (request.mode === "navigate" && path === PASS) {
    // The page of the code: the newest that came, in the language it was last read in.
    event.respondWith(
      fetch(request)
        .then(async (came) => {
          if (came.ok && !came.redirected) await (await caches.open(NAME)).put(PASS, came.clone());
          return came;
        })
        .catch(() => caches.match(PASS)),
    );
  } else if (request.mode === "navigate") {
    event.respondWith(fetch(request).catch(() => caches.match(OFFLINE)));
  }
});

// A message from the property office: shown as it came, opened where it says.
self.addEventListener("push", (event) => {
  let told = {};
  try { told = event.data ? event.data.json() : {}; } catch { told = {}; }
  if (!told.title) return;
  event.waitUntil(
    self.registration.showNotification(told.title, { body: told.body || "", data: { path: told.path || "/home/" } }),
  );
});
self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const path = String(event.notification.data?.path || "/home/");
  event.waitUntil(self.clients.openWindow(path.startsWith("/") && !path.startsWith("//") ? path : "/home/"));
});
