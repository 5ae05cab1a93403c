// The key "/" leads to the search, wherever nobody is typing.
const typing = (element) => element.matches("input, textarea, select, [contenteditable]");

document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (typing(event.target) || document.querySelector("dialog[open]")) return;
  const seen = [...document.querySelectorAll("[data-find]")].filter((box) => box.offsetParent);
  const box = seen.find((one) => one.closest("main")) ?? seen[0];
  if (!box) return;
  event.preventDefault();
  box.focus();
  box.select();
});
