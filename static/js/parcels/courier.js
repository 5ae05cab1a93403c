// Ten parcels in a row by scanner and keyboard alone; the door is asked until it is shut again. The
// server answers when there is news of the door; where it answers at once, the page pauses.

const ASK_MS = 1000;
const scan = document.querySelector("[data-scan]");
const size = document.querySelector("[data-size]");
const door = document.querySelector("[data-door]");

// What was sent is answered by the page itself: read anew, it is asked for by its own address.
const here = document.querySelector("[data-here]");
if (here && window.location.pathname !== here.dataset.here) window.history.replaceState(null, "", here.dataset.here);

// A shared tablet is nobody's for long: left alone it goes back to its first page.
const rest = document.querySelector("[data-rest]");
let resting;
let restS = Number(rest?.dataset.restS || 150);
const rests = (seconds = restS) => {
  restS = seconds;
  clearTimeout(resting);
  if (rest) resting = setTimeout(() => window.location.assign(rest.dataset.rest), 1000 * restS);
};
rests();
["keydown", "pointerdown"].forEach((kind) => document.addEventListener(kind, () => rests()));

// A code that is soon over is shown anew.
const fresh = document.querySelector("[data-fresh]");
if (fresh) setTimeout(() => window.location.reload(), 1000 * Number(fresh.dataset.fresh));

// A scanner types and ends with Enter: the next empty field comes, and the last one sends.
if (scan) {
  const fields = ["waybill", "tail", "hint"].map((name) => scan.elements[name]);
  scan.addEventListener("keydown", (event) => {
    const here = fields.indexOf(event.target);
    if (event.key !== "Enter" || here < 0) return;
    const next = fields.find((field) => !field.value.trim());
    if (!next) return;
    event.preventDefault();
    next.focus();
  });
  fields[1].addEventListener("input", () => {
    if (/^\d{4}$/.test(fields[1].value)) fields[2].focus();
  });
  // The scanner works wherever the finger was last.
  document.addEventListener("keydown", (event) => {
    if (event.target.matches("input:not([type=radio]), select, textarea, button, a") || event.key.length !== 1) return;
    if (event.target.matches("input") && event.key === " ") return;
    if (!event.ctrlKey && !event.metaKey && !event.altKey) (fields.find((one) => !one.value) || fields[0]).focus();
  });
}

// The pad of the first step types where the cursor stands, or into the first empty field.
if (scan) {
  const fields = ["waybill", "tail", "hint"].map((name) => scan.elements[name]);
  const target = () => fields.find((one) => one === document.activeElement) || fields.find((one) => !one.value) || fields[2];
  const put = (value) => {
    const field = target();
    field.focus();
    if (field.maxLength < 0 || value.length <= field.maxLength) field.value = value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  };
  scan.querySelectorAll("[data-type], [data-rub]").forEach((button) => {
    // The field keeps the cursor.
    button.addEventListener("pointerdown", (event) => event.preventDefault());
    button.addEventListener("click", () => put("type" in button.dataset ? target().value + button.dataset.type : target().value.slice(0, -1)));
  });
}

// What the tablet shows to phones is new every minute; without the network it shows nothing old.
const sight = document.querySelector("[data-shown]");
if (sight) {
  const show = (now) => {
    sight.hidden = !now.code;
    if (!now.code) return;
    const { qr } = now;
    sight.querySelector("[data-digits]").textContent = now.code;
    sight.querySelector("svg").setAttribute("viewBox", `0 0 ${qr.side} ${qr.side}`);
    for (const side of ["width", "height"]) sight.querySelector("rect").setAttribute(side, qr.side);
    sight.querySelector("path").setAttribute("d", qr.path);
    sight.querySelector("path").setAttribute("transform", qr.transform);
  };
  const renew = async () => {
    let wait = 5;
    try {
      const answer = await fetch(sight.dataset.shown, { headers: { Accept: "application/json" }, cache: "no-store" });
      if (!answer.ok) throw new Error("busy");
      const now = await answer.json();
      show(now);
      wait = now.left_s ?? 60;
    } catch {
      show({});
    }
    setTimeout(renew, 1000 * wait);
  };
  setTimeout(renew, 1000 * Number(sight.dataset.leftS));
}

// How long the door waits for whoever stands there.
const left = document.querySelector("[data-left]");
if (left) {
  const until = performance.now() + 1000 * Number(left.dataset.left);
  const show = () => {
    const seconds = Math.max(0, Math.round((until - performance.now()) / 1000));
    left.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  };
  show();
  setInterval(show, 1000);
}

// 1, 2, 3 choose; Enter sends.
if (size) {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const choice = size.querySelector(`[data-key="${CSS.escape(event.key)}"]:not(:disabled)`);
    if (choice) {
      choice.checked = true;
      choice.focus();
    } else if (event.key === "Enter" && !event.target.matches("a, button")) {
      event.preventDefault();
      size.requestSubmit(size.querySelector("button[type=submit]"));
    }
  });
}

if (door) {
  const said = document.querySelector("[data-said]");
  let seen = 0;
  const ask = async () => {
    const since = performance.now();
    const before = seen;
    try {
      const answer = await fetch(`${door.dataset.door}${door.dataset.door.includes("?") ? "&" : "?"}seen=${seen}`, { headers: { Accept: "application/json" } });
      if (answer.status === 403) return window.location.reload();
      if (!answer.ok) throw new Error("busy");
      const now = await answer.json();
      seen = now.seen_open ? 1 : 0;
      if (door.dataset.stay) {
        if (now.state === door.dataset.stay) said.textContent = now.seen_open ? said.dataset.open : said.dataset.wait;
        else {
          said.textContent = now.state === "collected" ? said.dataset.done : said.dataset.failed;
          document.querySelectorAll("[data-before]").forEach((part) => (part.hidden = true));
          rests(now.state === "collected" ? 15 : 60);
          return undefined;
        }
      } else if (now.state === "opening") said.textContent = now.seen_open ? said.dataset.open : said.dataset.wait;
      else if (now.state === "undone") {
        said.textContent = said.dataset.failed;
        setTimeout(() => window.location.assign(door.dataset.next), 2500);
        return undefined;
      } else return window.location.assign(door.dataset.next);
    } catch {
      // No network or no turn just now: the door is asked again.
    }
    const waited = performance.now() - since >= ASK_MS;
    return setTimeout(ask, waited || seen !== before ? 0 : ASK_MS);
  };
  setTimeout(ask, ASK_MS / 2);
  document.querySelector("[data-shut]")?.focus();
}

// A recipient is asked: the page goes on as soon as there is an answer.
const asked = document.querySelector("[data-asked]");
if (asked) {
  const listen = async () => {
    try {
      const answer = await fetch(asked.dataset.asked, { headers: { Accept: "application/json" } });
      if (answer.status === 403) return window.location.reload();
      if (answer.ok && (await answer.json()).state !== "waits") return window.location.reload();
    } catch {
      // No network just now: asked again.
    }
    return setTimeout(listen, 2 * ASK_MS);
  };
  setTimeout(listen, ASK_MS);
}

// The pad of the tablet: for fingers; a keyboard or a scanner types by itself.
const code = document.querySelector("[data-code] input[name=code]");
document.querySelectorAll("[data-digit]").forEach((button) => {
  button.addEventListener("click", () => {
    if (code.value.length < 6) code.value += button.dataset.digit;
  });
});
document.querySelector("[data-wipe]")?.addEventListener("click", () => (code.value = ""));
document.querySelector("[data-back]")?.addEventListener("click", () => (code.value = code.value.slice(0, -1)));

document.querySelector("[data-send]")?.addEventListener("change", (event) => event.target.form.requestSubmit());
document.querySelector("[data-on]")?.focus();
