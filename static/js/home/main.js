// The shell for residents: the worker that keeps it, photographs, fields that depend on one another
import { watchForm } from "./form.js";
import { watchPhotos } from "./photos.js";
import { watchCalls, watchShare, watchVisit } from "./visit.js";

const worker = document.body.dataset.worker;
if (worker && "serviceWorker" in navigator && window.isSecureContext) {
  navigator.serviceWorker.register(worker, { scope: "/home/" }).catch(() => undefined);
}

document.querySelectorAll("[data-copy]").forEach((button) => {
  if (!navigator.clipboard) return;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.dataset.copy);
    button.textContent = button.dataset.done;
  });
});

document.querySelectorAll("[data-print]").forEach((button) => {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
});

document.body.addEventListener("htmx:responseError", (event) => {
  const place = event.detail.target;
  if (place?.dataset.failed) place.textContent = place.dataset.failed;
});
document.body.addEventListener("htmx:sendError", (event) => {
  const place = event.detail.target;
  if (place?.dataset.failed) place.textContent = place.dataset.failed;
});

watchForm(document);
watchPhotos(document);
watchVisit(document);
watchShare(document);
watchCalls(document);
