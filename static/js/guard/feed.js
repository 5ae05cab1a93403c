// The list of passages: newest first, each row once, filtered and searched.

const KEPT = 300;
const box = () => document.getElementById("feed");
const list = () => box().querySelector(".g-rows");
const isSearch = () => Boolean(list()?.dataset.found);

const sequenceOf = (row) => Number(row.dataset.sequence);

function parse(html) {
  const holder = document.createElement("template");
  holder.innerHTML = html;
  return holder.content.firstElementChild;
}

// Put a row where its number belongs; a repeat takes the place of the first.
export function insert(message, fresh) {
  if (!message.html || isSearch()) return;
  box().querySelector(".l-empty")?.remove();
  const row = parse(message.html);
  if (!row) return;
  const same = document.getElementById(row.id);
  if (same) {
    same.replaceWith(row);
    return;
  }
  if (fresh) row.classList.add("l-event--fresh");
  const place = [...list().children].find(
    (other) => other.dataset.sequence && sequenceOf(other) < message.sequence,
  );
  keepPlace(() => list().insertBefore(row, place ?? null));
  trim();
  count();
}

// Somebody who scrolled down keeps looking at the same rows.
function keepPlace(change) {
  const before = [box().scrollTop, box().scrollHeight];
  change();
  if (before[0] > 4) box().scrollTop = before[0] + box().scrollHeight - before[1];
}

function trim() {
  while (list().children.length > KEPT) list().lastElementChild.remove();
}

// A passage that was settled is no longer anybody's call.
export function settle(message) {
  if (!message.passage) return;
  for (const row of list().querySelectorAll(`[data-passage="${Number(message.passage)}"]`)) {
    row.classList.remove("is-ask");
    if (message.kind === "gate.passage_crossed") row.classList.add("is-crossed");
  }
}

export function gap(id, text) {
  dropGap(id);
  const row = document.getElementById("gap-row").content.firstElementChild.cloneNode(true);
  row.id = id;
  row.querySelector("[data-text]").append(text);
  list().prepend(row);
  return row;
}

export const dropGap = (id) => document.getElementById(id)?.remove();

export function choose(passage) {
  for (const row of list().querySelectorAll("[aria-current]")) row.removeAttribute("aria-current");
  if (!passage) return;
  const row = list().querySelector(`[data-passage="${Number(passage)}"]`);
  row?.setAttribute("aria-current", "true");
}

export function count() {
  const refused = list()?.querySelectorAll('[data-is~="refused"]').length ?? 0;
  document.querySelector('[data-count="refused"]').textContent = refused || "";
}

export function start() {
  const buttons = document.querySelectorAll(".l-seg [data-show]");
  for (const button of buttons) {
    button.addEventListener("click", () => {
      for (const other of buttons) other.setAttribute("aria-pressed", String(other === button));
      box().dataset.show = button.dataset.show;
      box().scrollTop = 0;
    });
  }
  document.getElementById("find-form").addEventListener("submit", (event) => event.preventDefault());
  box().addEventListener("htmx:afterSwap", count);
  count();
}
