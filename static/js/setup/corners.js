// A fire lane's corners: a press adds one, dragging one moves it. The lines of the text field are
// what is sent, and what somebody types there is drawn as well.

const NEAR = 4; // hundredths around a corner that take hold of it
const MOST = 12;
const form = document.getElementById("corners");

const clamp = (value) => Math.round(Math.min(100, Math.max(0, value)) * 10) / 10;

function read() {
  const lines = form.elements.corners.value.split("\n");
  const points = lines.map((line) => (line.match(/-?\d+(\.\d+)?/g) || []).map(Number));
  return points.filter((point) => point.length === 2);
}

function draw() {
  const stage = document.querySelector("[data-stage]");
  if (!stage) return;
  const points = read();
  const line = points.map(([x, y], at) => `${at ? "L" : "M"}${x} ${y}`).join("");
  const shape = points.length > 2 ? `${line}z` : line;
  stage.querySelector(".u-box").setAttribute("d", shape);
  stage.querySelector(".u-dim").setAttribute("d", points.length > 2 ? `M0 0h100v100H0z${shape}` : "");
  const dots = points.map(([x, y], at) => {
    const dot = document.createElement("b");
    dot.className = "u-dot";
    dot.textContent = at + 1;
    dot.style.left = `${x}%`;
    dot.style.top = `${y}%`;
    return dot;
  });
  stage.querySelector("[data-dots]").replaceChildren(...dots);
}

function write(points) {
  form.elements.corners.value = points.map(([x, y]) => `${clamp(x)} ${clamp(y)}`).join("\n");
  draw();
}

function place(stage, event) {
  const frame = stage.getBoundingClientRect();
  const across = (100 * (event.clientX - frame.left)) / frame.width;
  return [across, (100 * (event.clientY - frame.top)) / frame.height];
}

function press(event) {
  const stage = event.target.closest?.("[data-stage]");
  if (!stage || event.button > 0) return;
  event.preventDefault();
  const points = read();
  const [x, y] = place(stage, event);
  let held = points.findIndex((point) => Math.hypot(point[0] - x, point[1] - y) < NEAR);
  if (held < 0) {
    if (points.length >= MOST) return;
    held = points.push([x, y]) - 1;
    write(points);
  }
  stage.setPointerCapture(event.pointerId);
  const move = (next) => {
    points[held] = place(stage, next);
    write(points);
  };
  stage.addEventListener("pointermove", move);
  for (const end of ["pointerup", "pointercancel"]) {
    stage.addEventListener(end, () => stage.removeEventListener("pointermove", move), { once: true });
  }
}

if (form) {
  document.addEventListener("pointerdown", press);
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-corner]");
    if (button) write(button.dataset.corner === "back" ? read().slice(0, -1) : []);
  });
  form.addEventListener("input", draw);
  document.addEventListener("htmx:afterSettle", draw);
}
