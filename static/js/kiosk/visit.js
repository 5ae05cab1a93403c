// Somebody without an invitation: the pad takes the home's number, and the home is called.

const EVERY = 1500;
const box = document.getElementById("kiosk");
const over = document.getElementById("ring");
const button = document.getElementById("visiting");
let call = 0;
let on = false;

export const isVisiting = () => on;

function draw() {
  button.setAttribute("aria-pressed", String(on));
  for (const part of document.querySelectorAll("[data-visiting]")) {
    part.hidden = (part.dataset.visiting === "yes") !== on;
  }
}

export function stopVisiting() {
  on = false;
  draw();
}

async function get(address, options = {}) {
  try {
    const answer = await fetch(address, {
      headers: { "X-CSRFToken": box.dataset.token },
      cache: "no-store",
      signal: AbortSignal.timeout(8000),
      ...options,
    });
    return answer.ok ? await answer.json() : null;
  } catch {
    return null; // the next look may get through
  }
}

// Asks how the call stands until it is over; `tell` shows the end.
async function wait(tell) {
  while (call) {
    await new Promise((rest) => setTimeout(rest, EVERY));
    const mine = call;
    const answer = mine && (await get(`${box.dataset.visit}${mine}/`));
    if (answer && answer.state === "over" && call === mine) {
      call = 0;
      over.hidden = true;
      tell(answer);
    }
  }
}

export async function ring(home, post, tell) {
  const answer = await post(box.dataset.visit, new URLSearchParams({ home }));
  stopVisiting();
  if (!answer) return false;
  if (answer.state === "over") tell(answer);
  else {
    call = answer.call;
    document.getElementById("ring-title").textContent = answer.title;
    document.getElementById("ring-why").textContent = answer.why;
    over.hidden = false;
    wait(tell);
  }
  return true;
}

export function watchVisits(changed) {
  button.addEventListener("click", () => {
    on = !on;
    draw();
    changed();
  });
  document.getElementById("ring-end").addEventListener("click", async () => {
    const ended = call;
    call = 0;
    over.hidden = true;
    changed();
    if (ended) await get(`${box.dataset.visit}${ended}/end/`, { method: "POST" });
  });
  draw();
}
