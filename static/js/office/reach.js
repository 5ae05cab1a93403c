// What the packages of the office leave without a name, or out of reach of the keyboard, gets both.
const name = (box) => {
  const shown = box.querySelector(".select2-selection__rendered");
  const field = document.getElementById((shown?.id || "").replace(/^select2-|-container$/g, ""));
  const text = field?.labels?.[0]?.textContent.trim() || field?.getAttribute("aria-label");
  if (!text) return;
  box.removeAttribute("aria-labelledby");
  for (const part of [box, shown]) part.setAttribute("aria-label", text);
};
const reach = () => {
  document.querySelectorAll(".select2-selection[aria-labelledby]").forEach(name);
  document.querySelectorAll(".overflow-x-auto:not([tabindex])").forEach((box) => {
    if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
  });
};
// Choices are drawn when they please, also in rows that are added later.
new MutationObserver(reach).observe(document, { childList: true, subtree: true });
window.addEventListener("resize", reach);
