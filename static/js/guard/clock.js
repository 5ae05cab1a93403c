// The page's clock and stopwatches, in the server's time: a desk's own clock is often wrong.

let ahead = 0; // milliseconds by which the server is ahead of this machine

export function learn(iso) {
  const server = Date.parse(iso);
  if (server) ahead = server - Date.now();
}

export const now = () => Date.now() + ahead;

let format;
export const clockOf = (moment) => format.format(moment);

export function elapsed(milliseconds) {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  const two = (value) => String(value).padStart(2, "0");
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  return (hours ? `${hours}:` : "") + `${two(minutes)}:${two(seconds % 60)}`;
}

function tick(face) {
  const moment = now();
  face.textContent = clockOf(moment);
  for (const watch of document.querySelectorAll("[data-since]")) {
    const since = Date.parse(watch.dataset.since);
    if (since) watch.textContent = elapsed(moment - since);
  }
}

export function start(zone) {
  format = new Intl.DateTimeFormat("en-GB", {
    timeZone: zone, hour: "2-digit", minute: "2-digit", second: "2-digit",
  });
  const face = document.getElementById("clock");
  tick(face);
  setInterval(() => tick(face), 1000);
}
