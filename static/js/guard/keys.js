// Keys of the desk. Letters and digits rest while somebody types, and can be turned off.

import * as digits from "./digits.js";

const STORED = "linli-keys";
const typing = (element) =>
  element.matches("input:not([type=radio]):not([type=checkbox]), textarea, select, [contenteditable]");
const click = (id) => document.getElementById(id)?.click();
const view = (passage) =>
  passage && htmx.ajax("GET", `/guard/decision/?passage=${Number(passage)}`, "#decision");

function digit(number) {
  const refuse = document.getElementById("refuse-reasons");
  if (refuse && !refuse.hidden) refuse.querySelectorAll("button")[number - 1]?.click();
  else digits.button(number)?.click();
}

const reason = (letter) => document.querySelector(`#reasons [data-letter="${letter.toUpperCase()}"]`);

// Where money is due, the reasons are folded away: whoever chooses one sees it.
function choose(button) {
  button.closest("details")?.setAttribute("open", "");
  button.click();
}

// The car of the row that has the focus, else the one on the card, else the newest of the feed.
function wrongPlate() {
  const row = document.activeElement?.closest("li[data-passage]")?.querySelector("[data-fix]");
  const button = row ?? document.getElementById("plate-button") ?? document.querySelector("#feed [data-fix]");
  button?.click();
}

function nextLane() {
  const lanes = [...document.querySelectorAll("button.l-lane")];
  const place = lanes.findIndex((lane) => lane.hasAttribute("aria-current"));
  lanes[(place + 1) % lanes.length]?.click();
}

function act(key, isLive) {
  const queue = document.getElementById("waiting-now")?.dataset ?? {};
  const deeds = {
    j: () => view(queue.next),
    k: () => view(queue.previous),
    enter: () => click("open-button"),
    x: () => click("refuse-button"),
    e: wrongPlate,
    z: () => click("undo"),
    a: () => click("take-alert"),
    d: () => click("open-alert"),
    b: () => document.querySelector('.g-strip [data-alerts="0"]')?.click(),
    v: () => click("watch"),
    s: () => click("sound"),
    l: nextLane,
    o: () => click("lane-menu"),
    "/": () => document.getElementById("find").focus(),
    "?": () => document.getElementById("keys-dialog").showModal(),
  };
  const always = new Set(["/", "?", "s", "b"]);
  if (deeds[key] && (isLive() || always.has(key))) return deeds[key];
  if (/^[1-9]$/.test(key) && isLive()) return () => digit(Number(key));
  if (/^[a-z]$/.test(key) && isLive() && reason(key)) return () => choose(reason(key));
  return null;
}

export function start(isLive, reconnect) {
  const switchBox = document.getElementById("keys-on");
  switchBox.checked = localStorage.getItem(STORED) !== "off";
  const mark = () => document.body.classList.toggle("is-keyless", !switchBox.checked);
  mark();
  switchBox.addEventListener("change", () => {
    localStorage.setItem(STORED, switchBox.checked ? "on" : "off");
    mark();
  });

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    if (event.key === "Escape" && event.target.id === "find") event.target.blur();
    if (typing(event.target) || document.querySelector("dialog[open]")) return;
    const key = event.key.toLowerCase();
    if (/^[a-z0-9]$/.test(key) && !switchBox.checked) return;
    // Enter on a button or link means that one, wherever the focus stands.
    if (key === "enter" && event.target.matches("button, a, summary, [role=button]")) return;
    if (key === "r" && !isLive()) {
      reconnect();
      return;
    }
    const deed = act(key, isLive);
    if (!deed) return;
    event.preventDefault();
    deed();
  });
}
