// Two short tones when somebody waits, three for an urgent alert. Silent until a person says so.

const STORED = "linli-sound";
let context = null;

function tone(start, pitch) {
  const [source, volume] = [context.createOscillator(), context.createGain()];
  source.frequency.value = pitch;
  volume.gain.setValueAtTime(0.0001, start);
  volume.gain.exponentialRampToValueAtTime(0.25, start + 0.02);
  volume.gain.exponentialRampToValueAtTime(0.0001, start + 0.22);
  source.connect(volume).connect(context.destination);
  source.start(start);
  source.stop(start + 0.25);
}

export function play(urgent) {
  if (!context) return;
  const pitches = urgent ? [880, 660, 880] : [660, 880];
  pitches.forEach((pitch, place) => tone(context.currentTime + place * 0.28, pitch));
}

export function start() {
  const button = document.getElementById("sound");
  button.addEventListener("click", () => {
    const on = button.getAttribute("aria-pressed") !== "true";
    button.setAttribute("aria-pressed", String(on));
    // A browser lets a page sound only after a click on it.
    if (on) context ??= new AudioContext();
    else {
      context?.close();
      context = null;
    }
    localStorage.setItem(STORED, on ? "on" : "off");
    if (on) play(false);
  });
  if (localStorage.getItem(STORED) === "on") {
    // The switch stands as it was left; a press of any kind lets the browser sound it.
    button.setAttribute("aria-pressed", "true");
    const wake = (event) => {
      if (event.target.closest?.("#sound") || button.getAttribute("aria-pressed") !== "true") return;
      context ??= new AudioContext();
    };
    for (const kind of ["pointerdown", "keydown"]) addEventListener(kind, wake, { once: true });
  }
}
