// Somebody stands near: a few pictures go to the office at once, which says who it is, or nothing.

import { picture } from "./camera.js";
import { speak } from "./voice.js";

const GLANCE = { count: 4, every: 130, widest: 960 };
const TASK = { count: 24, every: 150, widest: 640 };
const READ_MS = 900; // before the task is filmed: it has to be read or heard first
const SECOND_MS = 20000;
const AFTER_MS = 8000;
const STRANGER_MS = [2500, 5000, 10000];

const box = document.getElementById("kiosk");
const title = document.getElementById("see-title");
const say = document.getElementById("say");
const oval = document.getElementById("oval");
let quietUntil = 0;
let strangers = 0;
let usual = null; // what stood there before the face was asked for something
let back = 0;
let asked = 0; // the passage that waits for a second way

export const isQuiet = () => Date.now() < quietUntil;

function quiet(ms) {
  quietUntil = Date.now() + ms;
}

function show(words, ms) {
  usual ??= { title: title.textContent, say: say.textContent };
  if (words.title) title.textContent = words.title;
  if (words.why) say.textContent = words.why;
  oval?.classList.toggle("x-oval--ask", Boolean(words.title));
  clearTimeout(back);
  if (ms) back = setTimeout(restFace, ms);
}

export function restFace() {
  clearTimeout(back);
  if (usual) {
    title.textContent = usual.title;
    say.textContent = usual.say;
  }
  usual = null;
  asked = 0;
  oval?.classList.remove("x-oval--ask");
}

// Each picture behind its length and the millisecond at which it was taken.
async function film({ count, every, widest }) {
  const parts = [];
  const start = performance.now();
  for (let number = 0; number < count; number += 1) {
    const wait = start + number * every - performance.now();
    if (wait > 0) await new Promise((rest) => setTimeout(rest, wait));
    const at = Math.round(performance.now() - start);
    const taken = await picture(widest);
    if (!taken) continue;
    const head = new DataView(new ArrayBuffer(8));
    head.setUint32(0, taken.size);
    head.setUint32(4, at);
    parts.push(head.buffer, taken);
  }
  return new Blob(parts, { type: "application/octet-stream" });
}

async function ask(post, how, ticket) {
  const headers = { "Content-Type": "application/octet-stream" };
  if (ticket) headers["X-Face-Ticket"] = ticket;
  return post(box.dataset.face, await film(how), headers);
}

// Gives the answer to show over the whole screen, or null.
export async function greet(post, isFree) {
  let answer = await ask(post, GLANCE, "");
  while (answer?.state === "task" && isFree()) {
    show(answer, 0);
    speak(`${answer.title}。${answer.why}`);
    await new Promise((rest) => setTimeout(rest, READ_MS));
    answer = await ask(post, TASK, answer.ticket);
  }
  if (answer?.state === "second") {
    if (answer.passage !== asked) speak(`${answer.title}。${answer.why}`);
    show(answer, SECOND_MS);
    asked = answer.passage;
    quiet(AFTER_MS);
    return null;
  }
  if (answer?.state === "several") {
    show(answer, AFTER_MS);
    quiet(STRANGER_MS[0]);
    return null;
  }
  if (!asked) restFace();
  if (answer?.state === "over") {
    strangers = 0;
    quiet(AFTER_MS);
    return answer;
  }
  // Nobody who is known: nothing is said, and the next look is left for later each time.
  quiet(STRANGER_MS[Math.min(strangers, STRANGER_MS.length - 1)]);
  strangers += 1;
  setTimeout(() => (strangers = Math.max(0, strangers - 1)), 30000);
  return null;
}
