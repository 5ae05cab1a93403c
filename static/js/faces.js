// Takes pictures of one face, has each judged at once, and sends them all at the end. Until then
// they lie in this page only: nothing of them is kept anywhere.

const WIDEST = 1280;
const QUALITY = 0.92;

const box = document.querySelector("[data-face]");
const part = (name) => box.querySelector(`[data-${name}]`);
const word = (name, number = "") =>
  box.querySelector(`[data-word="${name}"]`).textContent.replace("#", number);
const form = part("form");
const files = form.querySelector("input[type=file]");
const needed = Number(box.dataset.needed);
const most = Number(box.dataset.most);
const taken = [];
let stream = null;
let busy = false;

function say(text, shape = "info") {
  part("said").textContent = text;
  part("box").className = `l-banner l-banner--round f-said is-${shape}`;
}

function count() {
  const left = taken.length < needed;
  part("count").hidden = false;
  part("count").textContent = `${taken.length} / ${needed}`;
  part("shoot-word").textContent = left ? word("shoot", taken.length + 1) : word("more");
  part("shoot").hidden = !stream || taken.length >= most;
  part("shoot").classList.toggle("l-btn--main", left);
  part("save").hidden = left;
  part("save").classList.toggle("l-btn--main", !left);
}

function token() {
  return form.querySelector("[name=csrfmiddlewaretoken]").value;
}

async function ask(url, body) {
  const headers = { "X-CSRFToken": token(), Accept: "application/json" };
  const answer = await fetch(url, { method: "POST", body, headers });
  if (answer.redirected || !answer.headers.get("Content-Type")?.includes("json")) {
    throw new Error(`answered ${answer.status}`);
  }
  return answer.json();
}

function show(blob) {
  const picture = document.createElement("img");
  picture.src = URL.createObjectURL(blob);
  picture.alt = word("alt", taken.length);
  // What the browser cannot open (HEIC in most) has no picture here; it counts all the same.
  picture.addEventListener("error", () => picture.removeAttribute("src"));
  const place = document.createElement("li");
  place.append(picture);
  part("strip").append(place);
}

async function judge(blob, name) {
  if (taken.length >= most) return;
  say(word("wait"));
  const body = new FormData();
  body.append("picture", blob, name);
  const told = await ask(box.dataset.judge, body);
  if (!told.good) {
    say(told.said.join(" "), "ask");
    return;
  }
  taken.push({ blob, name });
  show(blob);
  count();
  if (taken.length < needed) say(word("next", needed - taken.length), "allow");
  else say(word("enough"), "allow");
}

async function alone(work) {
  if (busy) return;
  busy = true;
  part("shoot").disabled = part("save").disabled = true;
  try {
    await work();
  } catch {
    say(word("failed"), "fail");
  } finally {
    busy = false;
    part("shoot").disabled = part("save").disabled = false;
  }
}

function frame() {
  const video = part("video");
  const scale = Math.min(1, WIDEST / Math.max(video.videoWidth, video.videoHeight));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(video.videoWidth * scale);
  canvas.height = Math.round(video.videoHeight * scale);
  canvas.getContext("2d").drawImage(video, 0, 0, canvas.width, canvas.height);
  return new Promise((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
}

function release() {
  for (const track of stream?.getTracks() ?? []) track.stop();
  stream = null;
  part("view").hidden = true;
}

async function start() {
  if (!navigator.mediaDevices?.getUserMedia) {
    say(word(isSecureContext ? "none" : "insecure"), "ask");
    return;
  }
  try {
    stream = await navigator.mediaDevices.getUserMedia({
      audio: false,
      video: { facingMode: { ideal: "user" }, width: { ideal: WIDEST } },
    });
  } catch (error) {
    say(word(error.name === "NotAllowedError" ? "denied" : "none"), "ask");
    return;
  }
  part("video").srcObject = stream;
  part("view").hidden = false;
  part("start").hidden = true;
  await part("video").play();
  count();
  say(word("ready"));
}

async function send() {
  say(word("sending"));
  const body = new FormData(form);
  body.delete("pictures");
  for (const one of taken) body.append("pictures", one.blob, one.name);
  const told = await ask(box.dataset.send, body);
  if (told.next) {
    release();
    window.location.assign(told.next);
    return;
  }
  if (told.codes?.includes("possible_duplicate") && part("twin")) part("twin").hidden = false;
  else if (told.codes?.includes("pictures_differ")) {
    taken.length = 0;
    part("strip").replaceChildren();
    count();
  }
  say(told.said, "ask");
}

part("scripted").hidden = false;
count();
part("count").hidden = true;
part("start").addEventListener("click", () => alone(start));
part("shoot").addEventListener("click", () =>
  alone(async () => judge(await frame(), "camera.jpg")),
);
files.addEventListener("change", () =>
  alone(async () => {
    for (const file of [...files.files]) await judge(file, file.name);
    files.value = "";
  }),
);
form.addEventListener("submit", (event) => {
  event.preventDefault();
  alone(send);
});
window.addEventListener("pagehide", release);
