// Says aloud what the screen says, once somebody switched it on at this tablet.

const KEPT = "linli-kiosk-voice";
const button = document.getElementById("voice");
let on = localStorage.getItem(KEPT) === "on";

function draw() {
  button.setAttribute("aria-pressed", String(on));
}

export function switchVoice() {
  on = !on;
  localStorage.setItem(KEPT, on ? "on" : "off");
  draw();
}

export function speak(text) {
  if (!on || !("speechSynthesis" in window)) return;
  speechSynthesis.cancel();
  const said = new SpeechSynthesisUtterance(text);
  said.lang = document.documentElement.lang;
  speechSynthesis.speak(said);
}

draw();
