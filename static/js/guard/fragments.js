// The parts of the page that the server draws again when something happened.

const WAIT = 150; // several events of one passage come together
const timers = new Map();

const PARTS = [
  [/^gate\.|^device\.command_/, ["decision", "lanes"]],
  [/^gate\.(passage_|opened)/, ["failed"]],
  [/^(device|camera)\./, ["lanes"]],
  [/^gate\.(plate_|correction_)/, ["decision", "failed", "feed"]],
  [/^alert\./, ["alerts"]],
];

export function refresh(...names) {
  for (const name of names) {
    if (timers.has(name)) continue;
    timers.set(name, setTimeout(() => {
      timers.delete(name);
      htmx.trigger(`#${name}`, "refresh");
    }, WAIT));
  }
}

export const everything = () => refresh("decision", "lanes", "failed", "alerts");
const listIsShown = () => document.body.classList.contains("is-alertlist") || document.body.dataset.view === "alerts";

export function changedBy(kind) {
  const names = new Set();
  for (const [pattern, parts] of PARTS) if (pattern.test(kind)) parts.forEach((name) => names.add(name));
  if (/^alert\./.test(kind) && listIsShown()) names.add("alert-list");
  refresh(...names);
}

// What a guard had begun to fill in survives the card being drawn again, also after a look at another car.
const begun = new Map(); // by passage
const REMEMBERED = 20;

function remember() {
  const card = document.getElementById("decision-card");
  if (!card) return;
  begun.delete(card.dataset.passage);
  begun.set(card.dataset.passage, {
    reason: card.querySelector("[name=reason]:checked")?.value,
    note: card.querySelector("#note").value,
    home: card.querySelector("#call-home")?.value,
    refusing: !card.querySelector("#refuse-reasons").hidden,
    focus: card.contains(document.activeElement) ? document.activeElement.id : "",
  });
  if (begun.size > REMEMBERED) begun.delete(begun.keys().next().value);
}

function restore() {
  const card = document.getElementById("decision-card");
  const kept = card && begun.get(card.dataset.passage);
  if (!kept) return;
  const choice = [...card.querySelectorAll("[name=reason]")].find((one) => one.value === kept.reason);
  if (choice) {
    choice.checked = true;
    choice.closest("details")?.setAttribute("open", "");
  }
  if (!card.querySelector("#note").value) card.querySelector("#note").value = kept.note;
  const home = card.querySelector("#call-home");
  if (home && kept.home) home.value = kept.home;
  if (kept.refusing) showRefusal(true);
  if (kept.focus && document.activeElement === document.body) document.getElementById(kept.focus)?.focus();
}

// A card that was asked for before the one in view was drawn may be older than it: it is asked for again.
const asked = new WeakMap(); // by request
let drawn = 0;

function askAgain({ path }) {
  // With a question mark the guard chose this car; without, it is whichever is in view.
  if (path.includes("?")) htmx.ajax("GET", path, "#decision");
  else refresh("decision");
}

function isStale({ xhr, requestConfig }) {
  return requestConfig?.verb === "get" && (asked.get(xhr) ?? drawn) < drawn;
}

// A part is not drawn again under a deed on its way: the answer would not find the page it came from.
const busy = new Map(); // names of parts: how many deeds
const held = new Set();

function noteDeed({ detail }) {
  asked.set(detail.xhr, performance.now());
  // A look at another car is no deed: held back by itself, it would never be drawn.
  if (detail.requestConfig.verb === "get") return;
  const part = detail.elt.closest('[hx-trigger="refresh"]');
  if (!part || part === detail.elt) return;
  busy.set(part.id, (busy.get(part.id) ?? 0) + 1);
  detail.xhr.addEventListener("loadend", () => {
    busy.set(part.id, busy.get(part.id) - 1);
    if (!busy.get(part.id) && held.delete(part.id)) refresh(part.id);
  });
}

function holdBack(event) {
  const { target, requestConfig, elt } = event.detail;
  if (requestConfig?.verb !== "get" || elt !== target || !busy.get(target.id)) return;
  event.detail.shouldSwap = false;
  held.add(target.id);
}

export function showRefusal(shown) {
  const box = document.getElementById("refuse-reasons");
  box.hidden = !shown;
  if (shown) box.scrollIntoView({ block: "nearest" });
  document.getElementById("refuse-button").setAttribute("aria-expanded", String(shown));
}

export function start(afterDecision) {
  const decision = document.getElementById("decision");
  document.body.addEventListener("htmx:beforeSend", noteDeed);
  document.addEventListener("htmx:beforeSwap", holdBack, { capture: true });
  decision.addEventListener("htmx:beforeSwap", ({ detail }) => {
    if (detail.target !== decision || !detail.shouldSwap) return;
    if (isStale(detail)) {
      detail.shouldSwap = false;
      askAgain(detail.requestConfig);
    } else remember();
  });
  decision.addEventListener("htmx:afterSwap", () => {
    drawn = performance.now();
    restore();
    afterDecision();
  });
  decision.addEventListener("click", (event) => {
    const button = event.target.closest("#refuse-button");
    if (button) showRefusal(button.getAttribute("aria-expanded") !== "true");
  });
}
