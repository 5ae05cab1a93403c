// An invitation: fields that only some need are put away; without this file they all show.
export function watchVisit(root) {
  const form = root.querySelector("[data-visit]");
  if (!form) return;
  const show = () => {
    const often = form.querySelector("[name=often]:checked")?.value;
    form.querySelectorAll("[data-often]").forEach((part) => {
      part.hidden = !part.dataset.often.split(" ").includes(often);
    });
  };
  form.querySelectorAll("[name=often]").forEach((input) => input.addEventListener("change", show));
  show();
}

export function watchShare(root) {
  root.querySelectorAll("[data-share]").forEach((button) => {
    if (!navigator.share) return;
    button.hidden = false;
    button.addEventListener("click", () => {
      navigator.share({ title: button.dataset.title, url: button.dataset.share }).catch(() => undefined);
    });
  });
}

// A new call at the gate: the phone shakes once, where it can.
export function watchCalls(root) {
  let known = "";
  root.addEventListener("htmx:afterSwap", () => {
    const now = root.getElementById("calls")?.dataset.ring.trim() || "";
    if (now && now !== known && navigator.userActivation?.hasBeenActive) navigator.vibrate?.([300, 150, 300]);
    known = now;
  });
}
