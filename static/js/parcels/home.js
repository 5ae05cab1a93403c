import { draw } from "../home/qr.js";

// What was sent is answered by the page itself: read anew, it is asked for by its own address.
const here = document.querySelector("[data-here]");
if (here && window.location.pathname !== here.dataset.here) window.history.replaceState(null, "", here.dataset.here);

// The code for the scanner is drawn here, in a few milliseconds of the phone's own.
const code = document.querySelector("[data-qr]");
if (code) {
  const { side, path } = draw(code.dataset.qr);
  const made = (name, facts) => {
    const part = document.createElementNS("http://www.w3.org/2000/svg", name);
    Object.entries(facts).forEach(([key, value]) => part.setAttribute(key, value));
    return part;
  };
  const picture = made("svg", { viewBox: `0 0 ${side} ${side}`, "aria-hidden": "true", "shape-rendering": "crispEdges" });
  picture.append(made("rect", { width: side, height: side, fill: "#fff" }), made("path", { d: path, fill: "#000" }));
  code.append(picture);
}

// While a door is open the page asks how it stands, and goes on when it is shut. The server answers
// when there is news of the door; where it answers at once, the page pauses.
const door = document.querySelector("[data-door]");
if (door) {
  const said = door.querySelector("[data-said]");
  let seen = 0;
  const ask = async () => {
    const since = performance.now();
    const before = seen;
    try {
      const answer = await fetch(`${door.dataset.door}?seen=${seen}`, { headers: { Accept: "application/json" } });
      if (!answer.ok) throw new Error("busy");
      const now = await answer.json();
      if (now.state !== "taking") return window.location.reload();
      seen = now.seen_open ? 1 : 0;
      if (now.seen_open) said.textContent = said.dataset.open;
    } catch {
      // No network or no turn just now: the door is asked again.
    }
    const waited = performance.now() - since >= 1000;
    return setTimeout(ask, waited || seen !== before ? 0 : 1000);
  };
  setTimeout(ask, 500);
}
