// The tablet at a gate: codes by camera, home and PIN by pad, cards by a reader that types.

import { watch } from "./camera.js";
import { greet, isQuiet, restFace } from "./face.js";
import { listen } from "./reader.js";
import { isVisiting, ring, stopVisiting, watchVisits } from "./visit.js";
import { speak, switchVoice } from "./voice.js";

const SHOWN_MS = 3500;
const IDLE_MS = 20000;
const PIN_DIGITS = 6;
const HOME_MOST = 14;

const box = document.getElementById("kiosk");
const AGAIN_MS = Number(box.dataset.again);
const done = document.getElementById("done");
const cut = document.getElementById("cut");
const typed = { home: "", pin: "" };
let field = "home";
let busy = false;
let told = 0; // the last passage: a code that is still held up says nothing new
let idle = 0;

function word(name) {
  return document.querySelector(`[data-word="${name}"]`).textContent;
}

function key() {
  // Only safe addresses have randomUUID; a card or a PIN must work without one, too.
  const random = crypto.getRandomValues(new Uint32Array(4));
  return Array.from(random, (part) => part.toString(36)).join("-");
}

function draw() {
  document.getElementById("home").textContent = typed.home;
  document.getElementById("home-box").classList.toggle("is-on", field === "home");
  document.getElementById("pin-box").classList.toggle("is-on", field === "pin");
  const dots = document.getElementById("dots");
  dots.replaceChildren(
    ...Array.from({ length: PIN_DIGITS }, (_, place) => {
      const dot = document.createElement("span");
      dot.className = place < typed.pin.length ? "on" : "";
      return dot;
    }),
  );
  dots.setAttribute("aria-label", word("typed").replace("{n}", typed.pin.length));
  const next = isVisiting() ? "call" : field;
  for (const part of document.querySelectorAll("[data-next]")) part.hidden = part.dataset.next !== next;
}

function clear() {
  typed.home = "";
  typed.pin = "";
  field = "home";
  draw();
}

function leave() {
  stopVisiting();
  clear();
}

async function visit() {
  busy = true;
  clearTimeout(idle);
  if (!(await ring(typed.home, post, tell))) busy = false;
  clear();
}

function press(what) {
  if (busy) return;
  clearTimeout(idle);
  idle = setTimeout(leave, IDLE_MS); // who walked away leaves nothing on the screen
  if (what === "clear") clear();
  else if (what === "back") {
    if (field === "pin" && !typed.pin) field = "home";
    else typed[field] = typed[field].slice(0, -1);
  } else if (what === "next") {
    if (isVisiting()) return typed.home ? visit() : undefined;
    if (field === "home" && typed.home) field = "pin";
    else if (typed.pin.length === PIN_DIGITS) return send({ kind: "pin", value: typed.pin, home: typed.home });
  } else if (field === "home" && typed.home.length < HOME_MOST) typed.home += what;
  else if (field === "pin" && what !== "-" && typed.pin.length < PIN_DIGITS) {
    typed.pin += what;
    if (typed.pin.length === PIN_DIGITS) {
      draw();
      return send({ kind: "pin", value: typed.pin, home: typed.home });
    }
  }
  draw();
}

function tell(answer) {
  restFace();
  if (answer.passage) told = answer.passage;
  done.className = `x-over x-done x-done--${answer.outcome}`;
  for (const mark of done.querySelectorAll("[data-mark]")) mark.hidden = mark.dataset.mark !== answer.outcome;
  document.getElementById("done-title").textContent = answer.title;
  document.getElementById("done-why").textContent = answer.why;
  done.hidden = false;
  speak(`${answer.title}。${answer.why}`);
  setTimeout(() => {
    done.hidden = true;
    busy = false;
    clear();
  }, answer.stays_ms ?? SHOWN_MS);
}

function lost() {
  if (!cut.hidden) return;
  cut.hidden = false;
  const again = setInterval(async () => {
    try {
      const answer = await fetch(box.dataset.alive, { cache: "no-store" });
      if (answer.status === 401) location.reload();
      if (!answer.ok) return;
      cut.hidden = true;
      clearInterval(again);
    } catch {
      // still cut off
    }
  }, AGAIN_MS);
}

// One answer for all doors: null for "nothing there", also while the network is away.
async function post(address, body, headers) {
  try {
    const answer = await fetch(address, {
      method: "POST",
      headers: { "X-CSRFToken": box.dataset.token, ...headers },
      body,
      signal: AbortSignal.timeout(8000),
    });
    // Bound no more, or its page too old: it is loaded anew.
    if (answer.status === 401 || answer.status === 403) location.reload();
    if (!answer.ok || answer.status === 204) {
      if (answer.status >= 500) lost();
      return null;
    }
    return await answer.json();
  } catch {
    lost();
    return null;
  }
}

async function send(what) {
  if (busy) return;
  // Nothing opens while the screen says that nothing works: the browser may know before its wires do.
  if (!cut.hidden) return clear();
  busy = true;
  const answer = await post(box.dataset.show, new URLSearchParams({ ...what, key: key() }));
  if (answer) tell(answer);
  else {
    busy = false;
    clear();
  }
}

const isFree = () => !busy && cut.hidden && !typed.home && !isVisiting();

async function look(picture) {
  if (busy) return;
  const address = box.dataset.frame + (isQuiet() || !isFree() ? "?quiet" : "");
  let answer = await post(address, picture, { "Content-Type": "image/jpeg" });
  if (answer?.state === "face") answer = isFree() ? await greet(post, isFree) : null;
  if (answer && !busy && answer.passage !== told) {
    busy = true;
    told = answer.passage;
    tell(answer);
  }
}

async function call() {
  const answer = await post(box.dataset.call, "");
  if (answer) tell({ ...answer, outcome: "ask" });
}

function tick() {
  document.getElementById("clock").textContent = new Date().toLocaleTimeString([], {
    hour: "2-digit",
    minute: "2-digit",
    hour12: false,
    timeZone: box.dataset.zone,
  });
}

document.getElementById("pad").addEventListener("click", (event) => {
  const button = event.target.closest("[data-press]");
  if (button) press(button.dataset.press);
});
document.getElementById("call").addEventListener("click", call);
document.getElementById("voice").addEventListener("click", switchVoice);
addEventListener("offline", lost);
watchVisits(() => {
  busy = false;
  clear();
});
listen((value) => send({ kind: "card", value, home: "" }));
watch(look, word, () => !busy && cut.hidden);
setInterval(tick, 1000);
tick();
draw();
