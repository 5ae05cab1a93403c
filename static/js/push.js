// Subscribes this browser to messages, or ends it. The page that uses it registers the service
// worker and holds one element:
//   <div id="push" data-url="/push/" data-token="{{ csrf_token }}" hidden>
//     <button data-push="on" hidden>…</button><button data-push="off" hidden>…</button>
//     <p role="status" data-push-words><span data-word="denied" hidden>…</span>…</p>
//   </div>
// Words: on, off, denied, failed. Nothing is asked of the browser before somebody presses a button.

const box = document.getElementById("push");
const able = "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;

function bytes(base64url) {
  const padded = base64url.replace(/-/g, "+").replace(/_/g, "/").padEnd(Math.ceil(base64url.length / 4) * 4, "=");
  return Uint8Array.from(atob(padded), (character) => character.charCodeAt(0));
}

async function call(method, body) {
  const answer = await fetch(box.dataset.url, {
    method,
    credentials: "same-origin",
    headers: { "Content-Type": "application/json", "X-CSRFToken": box.dataset.token },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.json();
}

function say(word) {
  for (const each of box.querySelectorAll("[data-word]")) each.hidden = each.dataset.word !== word;
}

function show(subscription) {
  for (const button of box.querySelectorAll("[data-push]")) {
    button.hidden = (button.dataset.push === "on") === Boolean(subscription);
  }
}

async function turnOn(registration) {
  if ((await Notification.requestPermission()) !== "granted") return say("denied");
  const { key } = await call("GET");
  const subscription = await registration.pushManager.subscribe({
    userVisibleOnly: true,
    applicationServerKey: bytes(key),
  });
  try {
    await call("POST", subscription.toJSON());
  } catch (error) {
    // The server does not know this browser: it must not believe itself subscribed.
    await subscription.unsubscribe();
    throw error;
  }
  show(subscription);
  say("on");
}

async function turnOff(registration) {
  const subscription = await registration.pushManager.getSubscription();
  if (subscription) {
    await call("DELETE", { endpoint: subscription.endpoint });
    await subscription.unsubscribe();
  }
  show(null);
  say("off");
}

export async function start() {
  if (!box || !able) return;
  const registration = await navigator.serviceWorker.ready;
  show(await registration.pushManager.getSubscription());
  box.hidden = false;
  box.addEventListener("click", (event) => {
    const button = event.target.closest("[data-push]");
    if (!button) return;
    button.disabled = true;
    (button.dataset.push === "on" ? turnOn : turnOff)(registration)
      .catch(() => say("failed"))
      .finally(() => { button.disabled = false; });
  });
}

start();
