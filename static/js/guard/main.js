// The guard's desk, put together.

import * as change from "./change.js";
import * as clock from "./clock.js";
import * as digits from "./digits.js";
import * as feed from "./feed.js";
import * as fragments from "./fragments.js";
import * as keys from "./keys.js";
import * as sound from "./sound.js";
import * as stills from "./stills.js";
import * as video from "./video.js";
import { Line } from "./line.js";

const desk = document.getElementById("desk");
const $ = (id) => document.getElementById(id);
const fill = (name, text) => {
  for (const place of document.querySelectorAll(`[data-${name}]`)) place.textContent = text;
};
const figure = (number) => number.toLocaleString("en-US");

let high = Number(desk.dataset.high);
let cut = null; // {at: server time of the last sign of life, cursor} while there is no line
let missed = []; // times of the rows that came after a cut, until the line has caught up
let grace = null;

clock.learn(desk.dataset.now);
clock.start(desk.dataset.zone);
const line = new Line(desk.dataset.socket, desk.dataset.language, high);
const isLive = () => !cut && !line.ended && line.live;

function seen(sequence) {
  high = Math.max(high, sequence);
  fill("high-water", figure(high));
}

function showLive() {
  document.body.classList.remove("is-cut");
  for (const id of ["connecting", "cut-tag", "cut-strip"]) $(id).hidden = true;
  $("live").hidden = false;
  for (const button of document.querySelectorAll("[data-deed]")) button.disabled = false;
}

function showCut(tries) {
  document.body.classList.add("is-cut");
  $("connecting").hidden = $("live").hidden = true;
  $("cut-tag").hidden = $("cut-strip").hidden = false;
  const at = clock.clockOf(cut.at);
  fill("cut-at", at);
  document.querySelector("[data-cut-since]").dataset.since = new Date(cut.at).toISOString();
  fill("cut-tries", String(tries));
  fill("cut-next", figure(cut.cursor + 1));
  fill("cut-call", clock.clockOf(cut.at + 300_000).slice(0, 5));
  for (const button of document.querySelectorAll("[data-deed]")) button.disabled = true;
  video.stop();
  showWaitingCar();
}

// What waited when the page stopped stays to be read; it cannot be acted on from here.
function showWaitingCar() {
  const place = document.querySelector("[data-cut-car]");
  if (place.childElementCount) return;
  const plate = document.querySelector("#decision-card .l-decision__plate");
  const picture = document.querySelector("#decision-card .l-still");
  if (plate) place.append(...[picture, plate].filter(Boolean).map((node) => node.cloneNode(true)));
  document.querySelector("[data-cut-waiting]").hidden = !plate;
}

line.addEventListener("cut", ({ detail }) => {
  if (!cut) {
    cut = { at: detail.at + (clock.now() - Date.now()), cursor: line.cursor };
    grace = setTimeout(() => { grace = null; if (cut) { showCut(line.tries); markGap(); } }, 800);
  } else if (!grace) showCut(detail.tries);
});

function markGap() {
  const words = $("gap-words").content;
  const text = words.querySelector("[data-nothing]").cloneNode(true);
  feed.gap("gap-now", text);
  fill("cut-at", clock.clockOf(cut.at));
}

line.addEventListener("hello", ({ detail }) => {
  clearTimeout(grace);
  feed.dropGap("gap-now");
  if (cut) {
    missed = { from: cut.at, until: detail.high, rows: 0, shown: !grace };
    cut = null;
    document.querySelector("[data-cut-car]").replaceChildren();
    fragments.everything();
  }
  grace = null;
  seen(detail.high);
  showLive();
});

// Rows that were missed come first and in order; then one line says how many they were.
function caughtUp(message) {
  if (message.html) missed.rows += 1;
  if (message.sequence < missed.until) return;
  finishCatchUp();
}

function finishCatchUp() {
  const { from, rows, shown } = missed;
  missed = [];
  if (!rows || !shown) return;
  const text = $("gap-words").content.querySelector("[data-filled]").cloneNode(true);
  text.querySelector("[data-n]").textContent = rows;
  text.querySelector("[data-from]").textContent = clock.clockOf(from);
  text.querySelector("[data-to]").textContent = clock.clockOf(clock.now());
  const row = feed.gap(`gap-${Date.now()}`, text);
  setTimeout(() => row.remove(), 60_000);
}

line.addEventListener("event", ({ detail }) => {
  seen(detail.sequence);
  feed.insert(detail, !missed.until);
  if (detail.kind !== "gate.passage_decided") feed.settle(detail);
  fragments.changedBy(detail.kind);
  if (missed.until) caughtUp(detail);
  else announce(detail);
});

function announce(message) {
  if (message.kind === "alert.raised") sound.play(true);
  else if (message.kind === "gate.passage_decided" && /is-(ask|fail)/.test(message.html)) sound.play(false);
}

line.addEventListener("tick", ({ detail }) => {
  clock.learn(detail.at);
  seen(detail.high);
  if (missed.until) finishCatchUp();
});

line.addEventListener("snapshot", ({ detail }) => {
  seen(detail.high);
  missed = [];
  fragments.refresh("feed");
  fragments.everything();
});

line.addEventListener("ended", ({ detail }) => {
  cut ??= { at: clock.now(), cursor: line.cursor };
  showCut(line.tries);
  $("cut-strip").hidden = true;
  $(detail.code === 4403 ? "role-strip" : "out-strip").hidden = false;
});

function afterDecision() {
  const total = Number($("waiting-now")?.dataset.total ?? 0);
  badge("todo", total);
  feed.choose($("decision-card")?.dataset.passage);
  digits.number();
  if (!isLive()) for (const button of document.querySelectorAll("[data-deed]")) button.disabled = true;
}

// The list of alerts, of one severity or of all; the same button again puts it away.
function showAlerts(button) {
  const list = $("alert-list");
  const severity = button.dataset.alerts;
  const shut = severity === "" || (document.body.classList.contains("is-alertlist") && list.dataset.severity === severity);
  document.body.classList.toggle("is-alertlist", !shut);
  for (const one of document.querySelectorAll("[data-alerts]")) {
    one.setAttribute("aria-expanded", String(!shut && one.dataset.alerts === severity));
  }
  if (shut) return;
  list.dataset.severity = severity;
  const show = button.dataset.showAlerts ?? "open";
  htmx.ajax("GET", `/guard/alerts/list/?show=${show}&severity=${severity || 0}`, "#alert-list");
}

function badge(name, number) {
  const place = document.querySelector(`[data-count="${name}"]`);
  place.textContent = number;
  place.hidden = !number;
}

const countAlerts = () => badge("alerts", Number($("alerts-now")?.dataset.total ?? 0));

function showView(name) {
  document.body.dataset.view = name === "find" ? "feed" : name;
  for (const tab of document.querySelectorAll(".p-tabs a")) {
    if (tab.dataset.view === name) tab.setAttribute("aria-current", "page");
    else tab.removeAttribute("aria-current");
  }
  if (name === "alerts") fragments.refresh("alert-list");
  if (name === "find") $("find").focus();
  else scrollTo(0, 0);
}

document.addEventListener("click", (event) => {
  const tab = event.target.closest(".p-tabs a");
  if (tab) {
    event.preventDefault();
    showView(tab.dataset.view);
  }
  if (event.target.closest("[data-reconnect]")) line.retryNow();
  if (event.target.closest("[data-close]")) event.target.closest("dialog").close();
  const list = event.target.closest("[data-alerts]");
  if (list) showAlerts(list);
  const fix = event.target.closest("[data-fix]");
  if (fix && isLive()) htmx.ajax("GET", `/guard/passages/${Number(fix.dataset.fix)}/plate/`, "#dialog-body");
  const face = event.target.closest("[data-face]");
  if (face && isLive()) htmx.ajax("GET", `/guard/passages/${Number(face.dataset.face)}/face/`, "#dialog-body");
});
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-submit]")) event.target.form.submit();
});
document.body.addEventListener("htmx:afterSwap", (event) => {
  if (event.target.id === "dialog-body" && !$("dialog").open) $("dialog").showModal();
  if (event.target.id === "alerts") countAlerts();
  if (event.target.id === "failed") digits.number();
});
document.body.addEventListener("close-dialog", () => $("dialog").close());
// A deed that did not reach the server is said, next to where it was done.
for (const name of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) {
  document.body.addEventListener(name, (event) => {
    if (event.detail.requestConfig?.verb === "post") {
      $("said").replaceChildren($("not-done").content.cloneNode(true));
    }
  });
}

feed.start();
stills.start(isLive);
video.start();
sound.start();
keys.start(isLive, () => line.retryNow());
fragments.start(afterDecision);
change.start(line, fragments.everything);
afterDecision();
countAlerts();
