// Sends a few small pictures a second while nothing else goes on; the server finds the code.

const EVERY = 350;
const WIDEST = 960;
const QUALITY = 0.75;
const AGAIN = 5000;

const view = document.getElementById("view");
const say = document.getElementById("say");
const canvas = document.createElement("canvas");

async function open() {
  const stream = await navigator.mediaDevices.getUserMedia({
    audio: false,
    video: { facingMode: { ideal: "user" }, width: { ideal: 1280 } },
  });
  view.srcObject = stream;
  await view.play();
  view.hidden = false;
  return stream;
}

export function picture(widest = WIDEST) {
  if (!view.videoWidth) return Promise.resolve(null);
  const scale = Math.min(1, widest / view.videoWidth);
  canvas.width = Math.round(view.videoWidth * scale);
  canvas.height = Math.round(view.videoHeight * scale);
  canvas.getContext("2d").drawImage(view, 0, 0, canvas.width, canvas.height);
  return new Promise((give) => canvas.toBlob(give, "image/jpeg", QUALITY));
}

export async function watch(look, word, free) {
  if (!navigator.mediaDevices?.getUserMedia) {
    say.textContent = word(isSecureContext ? "none" : "insecure");
    return;
  }
  try {
    const stream = await open();
    stream.getVideoTracks()[0].addEventListener("ended", () => setTimeout(() => watch(look, word, free), AGAIN));
    say.textContent = word("camera");
    while (stream.active) {
      if (free() && view.videoWidth && !document.hidden) await look(await picture());
      await new Promise((rest) => setTimeout(rest, EVERY));
    }
  } catch (error) {
    say.textContent = word(error.name === "NotAllowedError" ? "denied" : "none");
    setTimeout(() => watch(look, word, free), AGAIN);
  }
}
