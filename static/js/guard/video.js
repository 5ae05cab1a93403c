// A lane's smooth picture: the parts of one motion JPEG stream, drawn on a canvas over the still.
// The stream says why it ended, so that no last frame stays as if it were live.

const HEAD_END = [13, 10, 13, 10];
let watched = null; // {url, lane, canvas, controller, frames}

const button = () => document.getElementById("watch");
const figure = () => document.querySelector("figure[data-big]");
export const isWatching = () => Boolean(watched);

function join(left, right) {
  const whole = new Uint8Array(left.length + right.length);
  whole.set(left);
  whole.set(right, left.length);
  return whole;
}

function headEnd(bytes) {
  for (let at = bytes.indexOf(13); at >= 0; at = bytes.indexOf(13, at + 1)) {
    if (HEAD_END.every((byte, place) => bytes[at + place] === byte)) return at;
  }
  return -1;
}

// The next whole part of the stream, and what follows it; null while it is not whole.
function part(bytes) {
  const end = headEnd(bytes);
  if (end < 0) return null;
  const head = new TextDecoder().decode(bytes.subarray(0, end));
  const length = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0);
  const start = end + 4;
  if (bytes.length < start + length) return null;
  return {
    ended: /x-ended: (\w+)/i.exec(head)?.[1],
    body: bytes.slice(start, start + length),
    rest: bytes.slice(start + length + 2),
  };
}

async function draw(own, body) {
  const picture = await createImageBitmap(new Blob([body], { type: "image/jpeg" }));
  own.canvas.width = picture.width;
  own.canvas.height = picture.height;
  own.canvas.getContext("2d").drawImage(picture, 0, 0);
  picture.close();
  own.frames.push(performance.now());
  while (own.frames[0] < performance.now() - 3000) own.frames.shift();
  show();
}

async function read(own) {
  const answer = await fetch(own.url, { signal: own.controller.signal });
  if (!answer.ok || answer.redirected) return answer.headers.get("x-ended") ?? "role";
  const reader = answer.body.getReader();
  let bytes = new Uint8Array();
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return "broken";
    bytes = join(bytes, value);
    for (let next = part(bytes); next; next = part(bytes)) {
      if (next.ended) return next.ended;
      bytes = next.rest;
      await draw(own, next.body);
    }
  }
}

function say(why) {
  const words = document.getElementById("watch-words").content;
  const text = (words.querySelector(`[data-end="${why}"]`) ?? words.querySelector('[data-end="broken"]')).textContent;
  const line = document.createElement("p");
  line.className = "g-watch-said l-small";
  line.setAttribute("role", "status");
  line.textContent = text;
  document.querySelector(".g-watch-said")?.remove();
  document.querySelector(".g-laneacts")?.before(line);
}

// The lanes are drawn again at every piece of news: the canvas moves into the new figure.
export function show() {
  const press = button();
  if (press) press.setAttribute("aria-pressed", String(Boolean(watched)));
  const box = figure();
  if (!watched || !box) return;
  if (box.dataset.big !== watched.lane) {
    stop();
    return;
  }
  if (watched.canvas.parentElement !== box) box.prepend(watched.canvas);
  if (!watched.frames.length) return;
  box.classList.add("is-watched");
  const rate = Math.max(1, Math.round(watched.frames.length / 3));
  const word = document.getElementById("watch-words").content.querySelector("[data-fps]").textContent;
  box.querySelector("[data-watch-word]").textContent = `${word} · ${rate} fps`;
}

export function stop(why) {
  const own = watched;
  watched = null;
  own?.controller.abort();
  own?.canvas.remove();
  const box = figure();
  box?.classList.remove("is-watched");
  show();
  if (own && why) say(why);
  if (own && box) htmx.trigger("#lanes", "refresh");
}

export function start() {
  document.getElementById("lanes").addEventListener("htmx:afterSwap", show);
  document.addEventListener("click", async (event) => {
    const press = event.target.closest("#watch");
    if (!press) return;
    if (watched) {
      stop();
      return;
    }
    document.querySelector(".g-watch-said")?.remove();
    const canvas = document.createElement("canvas");
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", press.dataset.laneName);
    const own = { url: press.dataset.video, lane: figure().dataset.big, canvas, controller: new AbortController(), frames: [] };
    watched = own;
    show();
    const why = await read(own).catch(() => "broken");
    if (watched === own) stop(why);
  });
}
