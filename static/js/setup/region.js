// The region of interest: drawn with mouse or finger, moved with arrow keys, or typed as numbers.
// Everything is in hundredths of the picture; the form's four fields are what is sent.

const LEAST = 5;
const EDGE = 4; // hundredths around a corner that take hold of it
const form = document.getElementById("region");

const clamp = (value, low, high) => Math.min(high, Math.max(low, value));
const round = (value) => Math.round(value * 10) / 10;

function read() {
  const [x, y, w, h] = ["x", "y", "w", "h"].map((name) =>
    Number(form.elements[name].value.replace(",", ".")),
  );
  return { x, y, w, h };
}

function makesSense(box) {
  return Object.values(box).every(Number.isFinite) && box.w > 0 && box.h > 0;
}

function draw() {
  const stage = document.querySelector("[data-stage]");
  const box = read();
  if (!stage || !makesSense(box)) return;
  const rect = stage.querySelector(".u-box");
  rect.setAttribute("x", box.x);
  rect.setAttribute("y", box.y);
  rect.setAttribute("width", box.w);
  rect.setAttribute("height", box.h);
  const hole = `M${box.x} ${box.y}h${box.w}v${box.h}h${-box.w}z`;
  stage.querySelector(".u-dim").setAttribute("d", `M0 0h100v100H0z${hole}`);
}

function write(box) {
  const w = clamp(box.w, LEAST, 100);
  const h = clamp(box.h, LEAST, 100);
  const kept = { w, h, x: clamp(box.x, 0, 100 - w), y: clamp(box.y, 0, 100 - h) };
  for (const [name, value] of Object.entries(kept)) form.elements[name].value = round(value);
  draw();
}

function place(stage, event) {
  const frame = stage.getBoundingClientRect();
  return {
    x: clamp((100 * (event.clientX - frame.left)) / frame.width, 0, 100),
    y: clamp((100 * (event.clientY - frame.top)) / frame.height, 0, 100),
  };
}

function between(one, other) {
  return {
    x: Math.min(one.x, other.x),
    y: Math.min(one.y, other.y),
    w: Math.abs(one.x - other.x),
    h: Math.abs(one.y - other.y),
  };
}

// What a press takes hold of: a corner (the opposite one stays), the whole box, or nothing yet.
function grasp(at) {
  const box = read();
  if (!makesSense(box) || (box.w > 98 && box.h > 98)) return (to) => between(at, to);
  for (const right of [0, 1]) {
    for (const low of [0, 1]) {
      const corner = { x: box.x + right * box.w, y: box.y + low * box.h };
      if (Math.abs(corner.x - at.x) < EDGE && Math.abs(corner.y - at.y) < EDGE) {
        const fixed = { x: box.x + (1 - right) * box.w, y: box.y + (1 - low) * box.h };
        return (to) => between(fixed, to);
      }
    }
  }
  const inside = at.x > box.x && at.x < box.x + box.w && at.y > box.y && at.y < box.y + box.h;
  if (!inside) return (to) => between(at, to);
  return (to) => ({ ...box, x: box.x + to.x - at.x, y: box.y + to.y - at.y });
}

function press(event) {
  const stage = event.target.closest?.("[data-stage]");
  if (!stage || event.button > 0) return;
  event.preventDefault();
  stage.focus({ preventScroll: true });
  stage.setPointerCapture(event.pointerId);
  const change = grasp(place(stage, event));
  const move = (next) => write(change(place(stage, next)));
  stage.addEventListener("pointermove", move);
  for (const end of ["pointerup", "pointercancel"]) {
    stage.addEventListener(end, () => stage.removeEventListener("pointermove", move), { once: true });
  }
}

const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

function key(event) {
  const step = STEPS[event.key];
  if (!step || !event.target.closest?.("[data-stage]")) return;
  event.preventDefault();
  const box = read();
  if (!makesSense(box)) return;
  const [right, down] = step;
  if (event.shiftKey) write({ ...box, w: box.w + right, h: box.h + down });
  else write({ ...box, x: box.x + right, y: box.y + down });
}

if (form) {
  document.addEventListener("pointerdown", press);
  document.addEventListener("keydown", key);
  form.addEventListener("input", draw);
  document.addEventListener("htmx:afterSettle", draw);
}
