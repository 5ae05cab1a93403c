// The phone films the waybill. A browser that reads barcodes does it itself; else a frame goes to the
// server now and then. A number counts when two looks agree; one photograph, where there is no film.

const EVERY = 180;
const SENT_EVERY = 600;
const WIDEST = 1280;
const PHOTO = 1600;
const QUALITY = 0.82;
// Best first: a label may show several. The barcode of the goods themselves (EAN) is no waybill.
const FORMATS = ["code_128", "code_39", "qr_code"];
const KEPT = "linli-courier-camera";
const NUMBER = /^[0-9A-Z]{6,40}$/;

const form = document.querySelector("[data-scan]");
const panel = document.querySelector("[data-see]");
const opener = document.querySelector("[data-camera]");
const part = (name) => panel.querySelector(`[data-${name}]`);
const word = (name) => panel.querySelector(`[data-word="${name}"]`).textContent;
const canvas = document.createElement("canvas");
let stream = null;
let before = null; // what had the cursor
let last = "";
let turn = 0; // counts openings, so that an answer to an earlier one changes nothing

const clean = (text) => text.replace(/[\s-]+/g, "").toUpperCase();

function say(text, shape = "info") {
  if (part("say").textContent !== text) part("say").textContent = text;
  part("said").className = `l-banner l-banner--round is-${shape}`;
}

function draw(source, width, height, widest) {
  const scale = Math.min(1, widest / Math.max(width, height));
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  canvas.getContext("2d").drawImage(source, 0, 0, canvas.width, canvas.height);
  return new Promise((give) => canvas.toBlob(give, "image/jpeg", QUALITY));
}

async function send(blob) {
  const headers = { "Content-Type": "image/jpeg", "X-CSRFToken": form.elements.csrfmiddlewaretoken.value };
  const answer = await fetch(panel.dataset.read, { method: "POST", headers, body: blob, signal: AbortSignal.timeout(8000) });
  if (answer.status === 403) window.location.reload();
  if (answer.status === 204) return {};
  if (!answer.ok) throw new Error(`answered ${answer.status}`);
  return answer.json();
}

async function detector() {
  try {
    const known = await window.BarcodeDetector.getSupportedFormats();
    const formats = FORMATS.filter((one) => known.includes(one));
    return formats.includes("code_128") ? new window.BarcodeDetector({ formats }) : null;
  } catch {
    return null; // this browser has none
  }
}

// One number, or what to say of it.
async function bySelf(eye, view) {
  const seen = await eye.detect(view);
  for (const format of FORMATS) {
    const texts = seen.filter((one) => one.format === format).map((one) => clean(one.rawValue));
    const numbers = [...new Set(texts.filter((text) => NUMBER.test(text)))];
    if (numbers.length > 1) return { said: word("several") };
    if (numbers.length) return { waybill: numbers[0] };
  }
  return {};
}

function found(number) {
  const field = form.elements.waybill;
  field.value = number;
  sessionStorage.setItem(KEPT, "on");
  navigator.vibrate?.(60);
  close();
  document.querySelector("[data-read-now]").textContent = word("read").replace("#", number);
  const next = ["tail", "hint"].map((name) => form.elements[name]).find((one) => !one.value.trim());
  (next ?? field).focus();
}

// Two looks in a row have to agree before a number counts.
function take(told) {
  if (told.said) say(told.said, "ask");
  if (!told.waybill) return false;
  if (told.waybill === last) {
    found(told.waybill);
    return true;
  }
  last = told.waybill;
  return false;
}

async function film(mine) {
  const eye = await detector();
  const view = part("view");
  while (mine === turn && stream?.active) {
    const pause = eye || last ? EVERY : SENT_EVERY;
    try {
      if (!document.hidden && view.videoWidth) {
        const told = eye ? await bySelf(eye, view) : await send(await draw(view, view.videoWidth, view.videoHeight, WIDEST));
        if (mine !== turn || take(told)) return;
        if (!told.said && !last) say(word("hold"));
      }
    } catch {
      if (mine === turn) say(word("cut"), "ask");
    }
    await new Promise((rest) => setTimeout(rest, pause));
  }
}

function stop() {
  turn += 1;
  for (const track of stream?.getTracks() ?? []) track.stop();
  stream = null;
  last = "";
}

function close() {
  stop();
  panel.hidden = true;
  opener.setAttribute("aria-expanded", "false");
}

function without(name) {
  say(word(name), "ask");
  part("frame").hidden = true;
  part("photo-box").hidden = false;
}

async function open() {
  stop();
  const mine = turn;
  panel.hidden = false;
  opener.setAttribute("aria-expanded", "true");
  document.querySelector("[data-read-now]").textContent = "";
  if (!navigator.mediaDevices?.getUserMedia) return without(isSecureContext ? "none" : "insecure");
  say(word("asking"));
  try {
    const video = { facingMode: { ideal: "environment" }, width: { ideal: 1920 }, height: { ideal: 1080 } };
    const given = await navigator.mediaDevices.getUserMedia({ audio: false, video });
    if (mine !== turn) return given.getTracks().forEach((track) => track.stop());
    stream = given;
    stream.getVideoTracks()[0].addEventListener("ended", () => mine === turn && without("none"));
    part("view").srcObject = stream;
    await part("view").play();
    part("frame").hidden = false;
    part("photo-box").hidden = true;
    say(word("hold"));
    return film(mine);
  } catch (error) {
    return mine === turn ? without(error.name === "NotAllowedError" ? "denied" : "none") : undefined;
  }
}

// A photograph goes to the server whole: it is looked at once, and needs no leave from the browser.
async function photo(file) {
  say(word("looking"));
  try {
    const picture = await createImageBitmap(file);
    const told = await send(await draw(picture, picture.width, picture.height, PHOTO));
    if (told.waybill) found(told.waybill);
    else say(told.said ?? word("unread"), "ask");
  } catch {
    say(word("unread"), "ask");
  }
}

if (form && panel && opener) {
  const field = form.elements.waybill;
  const leave = () => {
    sessionStorage.removeItem(KEPT);
    close();
    (before?.isConnected && before !== opener ? before : field).focus();
  };
  opener.hidden = false;
  // The field keeps the cursor: a scanner in the other hand goes on working.
  opener.addEventListener("pointerdown", (event) => event.preventDefault());
  part("close").addEventListener("pointerdown", (event) => event.preventDefault());
  opener.addEventListener("click", () => {
    if (!panel.hidden) return leave();
    before = document.activeElement;
    if (before === opener) field.focus(); // by keyboard: what is typed next is the number
    return open();
  });
  part("close").addEventListener("click", leave);
  part("photo").addEventListener("change", (event) => {
    const [file] = event.target.files;
    event.target.value = "";
    if (file) photo(file);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !panel.hidden) leave();
  });
  form.addEventListener("submit", stop);
  addEventListener("pagehide", stop);
  // Whoever read the last one by camera reads the next one so.
  if (sessionStorage.getItem(KEPT) && !field.value) open();
}
