// Films with this device and sends a few pictures a second; the newest counts, none is queued.

const EVERY = 250;
const RETRY = 2000;
const WIDEST = 1280;
const QUALITY = 0.82;

const box = document.getElementById("camera");
const view = document.getElementById("view");
const state = document.getElementById("state");
const buttons = Object.fromEntries(
  ["start", "turn", "stop"].map((id) => [id, document.getElementById(id)]),
);
const canvas = document.createElement("canvas");

let stream = null;
let facing = "environment";
let lock = null;
let timer = 0;
let film = 0; // counts starts, so that an answer to an earlier one changes nothing

const stateBox = document.getElementById("state-box");
const seen = document.getElementById("seen");
const sent = document.getElementById("sent");
let count = 0;

function look(shape) {
  stateBox.className = `l-banner l-banner--round s-state is-${shape}`;
  for (const mark of stateBox.querySelectorAll("[data-mark]")) {
    mark.hidden = mark.dataset.mark !== shape;
  }
}

function say(word) {
  const words = document.querySelector(`[data-word="${word}"]`);
  if (state.textContent !== words.textContent) state.textContent = words.textContent;
  look(words.dataset.state);
}

function show(filming) {
  document.getElementById("frame").hidden = !filming;
  buttons.start.hidden = filming;
  buttons.stop.hidden = !filming;
  buttons.turn.hidden = !filming;
}

function release() {
  film += 1;
  clearTimeout(timer);
  for (const track of stream?.getTracks() ?? []) track.stop();
  stream = null;
  lock?.release().catch(() => {});
  lock = null;
}

function stop() {
  release();
  show(false);
  say("off");
}

async function start() {
  if (!navigator.mediaDevices?.getUserMedia) {
    say(isSecureContext ? "none" : "insecure");
    return;
  }
  release();
  say("asking");
  try {
    stream = await navigator.mediaDevices.getUserMedia({
      audio: false,
      video: { facingMode: { ideal: facing }, width: { ideal: WIDEST } },
    });
  } catch (error) {
    show(false);
    say(error.name === "NotAllowedError" ? "denied" : "none");
    return;
  }
  stream.getVideoTracks()[0].addEventListener("ended", stop);
  view.srcObject = stream;
  await view.play();
  show(true);
  // A phone that goes dark films nothing; not every browser can be asked to stay awake.
  lock = (await navigator.wakeLock?.request("screen").catch(() => null)) ?? null;
  tick(film);
}

function picture() {
  const scale = Math.min(1, WIDEST / view.videoWidth);
  canvas.width = Math.round(view.videoWidth * scale);
  canvas.height = Math.round(view.videoHeight * scale);
  canvas.getContext("2d").drawImage(view, 0, 0, canvas.width, canvas.height);
  return new Promise((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
}

async function send(blob, mine) {
  const answer = await fetch(box.dataset.frames, {
    method: "POST",
    headers: { "Content-Type": "image/jpeg", "X-CSRFToken": box.dataset.token },
    body: blob,
  });
  const told = await answer.json().catch(() => ({}));
  if (mine !== film) return false;
  if (answer.ok) sent.textContent = ++count;
  if (answer.ok) say(told.watched ? "sending" : "unwatched");
  else if (told.message) {
    state.textContent = told.message;
    look("ask");
  }
  else say("cut");
  return answer.ok;
}

async function tick(mine) {
  timer = 0;
  const began = Date.now();
  let good = false;
  try {
    const blob = document.hidden || !view.videoWidth ? null : await picture();
    if (blob && mine === film) good = await send(blob, mine);
    else if (document.hidden) say("hidden");
  } catch {
    if (mine === film) say("cut");
  }
  if (mine !== film) return;
  const pause = good ? EVERY - (Date.now() - began) : document.hidden ? EVERY : RETRY;
  timer = setTimeout(tick, Math.max(20, pause), mine);
}

buttons.start.addEventListener("click", start);
buttons.stop.addEventListener("click", stop);
buttons.turn.addEventListener("click", () => {
  facing = facing === "environment" ? "user" : "environment";
  start();
});
document.addEventListener("visibilitychange", () => {
  if (!timer || document.hidden) return;
  clearTimeout(timer);
  tick(film);
});
addEventListener("pagehide", release);

// What was read last, while this phone films.
setInterval(async () => {
  if (!stream || document.hidden) return;
  const answer = await fetch(box.dataset.seen).catch(() => null);
  if (answer?.ok && !answer.redirected) seen.innerHTML = await answer.text();
}, 2000);

// Said before anybody presses a button that cannot work.
if (!navigator.mediaDevices?.getUserMedia) say(isSecureContext ? "none" : "insecure");
