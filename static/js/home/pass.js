// The code on the phone: made here every few seconds from this phone's own key, without network.

import * as keep from "./keep.js";
import { draw } from "./qr.js";

const STEP_MS = 15000;
const MAC_BYTES = 16;
const CLOCK_IS_OFF_MS = 30000;

const box = document.getElementById("pass");
const utf8 = new TextEncoder();
let mine = null; // { way, key, offset }: what this phone keeps
let token = "";
let shown = 0;
let awake = null;

const part = (name) => box.querySelector(`[data-part="${name}"]`);

function show(...names) {
  for (const each of box.querySelectorAll("[data-part]")) each.hidden = !names.includes(each.dataset.part);
}

const now = () => Date.now() + (mine?.offset || 0);

function base64url(bytes) {
  return btoa(String.fromCharCode(...bytes)).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

async function code(step) {
  const start = `L1:${mine.way}:${step}`;
  const mac = new Uint8Array(await crypto.subtle.sign("HMAC", mine.key, utf8.encode(start)));
  return `${start}:${base64url(mac.slice(0, MAC_BYTES))}`;
}

async function tick() {
  if (!mine) return;
  const step = Math.floor(now() / STEP_MS);
  const left = Math.ceil((STEP_MS - (now() % STEP_MS)) / 1000);
  part("left").textContent = box.dataset.left.replace("{n}", left);
  box.querySelector("progress").value = left;
  if (step === shown) return;
  shown = step;
  const { side, path } = draw(await code(step));
  const picture = box.querySelector("svg.l-qr");
  picture.setAttribute("viewBox", `0 0 ${side} ${side}`);
  picture.querySelector("rect").setAttribute("width", side);
  picture.querySelector("rect").setAttribute("height", side);
  picture.querySelector("path").setAttribute("d", path);
  box.dataset.step = step;
}

// The screen stays on while the code is shown.
async function stayAwake() {
  if (document.hidden || !mine || awake) return;
  try {
    awake = await navigator.wakeLock?.request("screen");
    awake?.addEventListener("release", () => {
      awake = null;
    });
  } catch {
    awake = null; // the battery is low: the screen may go dark
  }
}

function present(isOnline) {
  const names = ["code", "left", isOnline ? "end" : "offline"];
  const off = Math.round(Math.abs(mine.offset) / 60000);
  if (Math.abs(mine.offset) > CLOCK_IS_OFF_MS) {
    part("clock").textContent = box.dataset.clock.replace("{n}", Math.max(1, off));
    names.push("clock");
  }
  show(...names);
  shown = 0;
  stayAwake();
  tick();
}

// What the office knows: null without a network, { out: true } for who is signed in no more.
async function ask(address, options = {}) {
  const begun = Date.now();
  let answer;
  try {
    answer = await fetch(address, { cache: "no-store", credentials: "same-origin", ...options });
  } catch {
    return null;
  }
  if (answer.redirected || answer.status === 404) return { out: true };
  if (!answer.ok) return null;
  const told = await answer.json();
  return { ...told, offset: told.now - (begun + Date.now()) / 2 };
}

const send = (address) => ask(address, { method: "POST", headers: { "X-CSRFToken": token } });

async function forget() {
  mine = null;
  await keep.clear();
}

async function start() {
  if (!crypto.subtle || !window.indexedDB) return show("insecure");
  mine = (await keep.read()) || null;
  const told = await ask(box.dataset.state);
  if (told?.out) {
    await forget(); // whoever signs out leaves nothing on the phone
    return show("out");
  }
  if (told) {
    token = told.token;
    if (mine && mine.way !== told.way) await forget();
    if (mine) {
      mine.offset = told.offset;
      await keep.write(mine);
    } else return show(told.lives ? (told.way ? "elsewhere" : "none") : "nowhere", told.lives ? "set-up" : "");
  }
  return mine ? present(Boolean(told)) : show("lost");
}

async function setUp() {
  const told = await send(box.dataset.enrol);
  if (!told || told.out) return show("failed", "set-up");
  const bytes = Uint8Array.from(atob(told.key), (sign) => sign.charCodeAt(0));
  const key = await crypto.subtle.importKey("raw", bytes, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  mine = { way: told.way, key, offset: told.offset };
  await keep.write(mine);
  return present(true);
}

async function end() {
  if (!(await send(box.dataset.end))) return;
  await forget();
  show("none", "set-up");
}

for (const [name, act] of [["set-up", setUp], ["end", end]]) {
  const button = part(name).querySelector("button");
  button.addEventListener("click", async () => {
    button.disabled = true;
    await act().catch(() => show("failed", "set-up"));
    button.disabled = false;
  });
}
document.addEventListener("visibilitychange", stayAwake);
setInterval(tick, 250);
start().catch(() => show("failed"));
