// A card reader types the number, faster than any hand, and ends with Enter.

const BETWEEN = 60;
const SHORTEST = 4;
const LONGEST = 40;

export function listen(give) {
  let text = "";
  let last = 0;
  document.addEventListener("keydown", (event) => {
    if (event.target.matches?.("input, textarea")) return;
    const now = performance.now();
    if (now - last > BETWEEN) text = "";
    last = now;
    if (event.key === "Enter" && text.length >= SHORTEST) {
      event.preventDefault();
      give(text);
      text = "";
    } else if (event.key.length === 1 && text.length < LONGEST) {
      text += event.key;
    }
  });
}
