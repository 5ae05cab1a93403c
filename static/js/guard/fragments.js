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

// What a guard had begun to fill in survives the card being drawn again for the same car.
let begun = null;

function remember() {
  const card = document.getElementById("decision-card");
  if (!card) return null;
  return {
    passage: card.dataset.passage,
    reason: card.querySelector("[name=reason]:checked")?.value,
    note: card.querySelector("#note").value,
    refusing: !card.querySelector("#refuse-reasons").hidden,
    focus: card.contains(document.activeElement) ? document.activeElement.id : "",
  };
}

function restore(kept) {
  const card = document.getElementById("decision-card");
  if (!card || !kept || card.dataset.passage !== kept.passage) return;
  const choice = [...card.querySelectorAll("[name=reason]")].find((one) => one.value === kept.reason);
  if (choice) choice.checked = true;
  if (!card.querySelector("#note").value) card.querySelector("#note").value = kept.note;
  if (kept.refusing) showRefusal(true);
  if (kept.focus) document.getElementById(kept.focus)?.focus();
}

export function showRefusal(shown) {
  const box = document.getElementById("refuse-reasons");
  box.hidden = !shown;
  if (shown) box.scrollIntoView({ block: "nearest" });
  document.getElementById("refuse-button").setAttribute("aria-expanded", String(shown));
}

export function start(afterDecision) {
  const decision = document.getElementById("decision");
  decision.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.target === decision) begun = remember();
  });
  decision.addEventListener("htmx:afterSwap", () => {
    restore(begun);
    begun = null;
    afterDecision();
  });
  decision.addEventListener("click", (event) => {
    const button = event.target.closest("#refuse-button");
    if (button) showRefusal(button.getAttribute("aria-expanded") !== "true");
  });
}
