// One still a second for every lane in view. A still that does not come is shown as missing.

import { now } from "./clock.js";

const EVERY = 1000;
const DARK_EVERY = 5000;
const due = new WeakMap();

const inView = (box) => {
  const place = box.getBoundingClientRect();
  return place.width > 0 && place.bottom > 0 && place.top < innerHeight;
};

function refresh(box) {
  if (box.classList.contains("is-watched")) return; // the smooth picture stands there
  const dark = box.classList.contains("l-still--off");
  due.set(box, Infinity); // one request at a time for each picture
  const next = new Image();
  next.alt = box.querySelector("img")?.alt ?? "";
  next.onload = () => {
    box.querySelector("img")?.replaceWith(next);
    box.classList.remove("l-still--off", "is-missing");
    due.set(box, Date.now() + EVERY);
  };
  next.onerror = () => {
    box.classList.add("l-still--off", "is-missing");
    due.set(box, Date.now() + DARK_EVERY);
  };
  if (dark && !due.has(box)) due.set(box, Date.now() + DARK_EVERY);
  next.src = `${box.dataset.still}?at=${Math.floor(now())}`;
}

export function start(isLive) {
  setInterval(() => {
    if (document.hidden || !isLive()) return;
    for (const box of document.querySelectorAll("[data-still]")) {
      if ((due.get(box) ?? 0) <= Date.now() && inView(box)) refresh(box);
    }
  }, 250);
}
