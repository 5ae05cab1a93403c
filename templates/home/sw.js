{% load static %}// Keeps the shell only: styles, scripts, icons and one page without anybody's data.
const NAME = "linli-shell-{{ version }}";
const SHELL = {{ files }};
const OFFLINE = "{% url 'home-offline' %}";

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(NAME).then((cache) => cache.addAll([...SHELL, OFFLINE])));
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
  } else if (request.mode === "navigate") {
    event.respondWith(fetch(request).catch(() => caches.match(OFFLINE)));
  }
});
