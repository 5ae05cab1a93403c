// While nothing can be taken yet, ask every few seconds; show the page anew when that changes.
const place = document.querySelector("[data-entry-state]");
const EVERY_MS = 3000;
let before = null;

async function look() {
  try {
    const answer = await fetch(place.dataset.entryState, { headers: { Accept: "application/json" } });
    const state = answer.ok ? (await answer.json()).state : before;
    if (before !== null && state !== before) {
      location.reload();
      return;
    }
    before = state;
    if (state === "ready") {
      location.reload();
      return;
    }
  } catch {
    // No network for a moment: the next look tries again.
  }
  setTimeout(look, EVERY_MS);
}

if (place) setTimeout(look, EVERY_MS);
