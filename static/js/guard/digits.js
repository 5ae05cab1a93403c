// Digits that open for a registered car. Each stands on its button; the same car has one digit.

const MOST = 9;
const SETTLE = 700; // what a digit meant a moment ago may be what the hand still means
let meant = new Map(); // digit -> claim
let changed = new Map(); // digit -> when it came to mean another car

const buttons = () => [...document.querySelectorAll("#decision [data-keyed], #failed [data-keyed]")];

// Called after the card or the list of failed reads was drawn again.
export function number() {
  const now = new Map();
  const digits = new Map();
  for (const button of buttons()) {
    const claim = button.dataset.claim;
    if (!digits.has(claim) && digits.size < MOST) digits.set(claim, digits.size + 1);
    const digit = digits.get(claim);
    button.querySelector("kbd").textContent = digit ?? "";
    if (digit) {
      button.dataset.digit = digit;
      button.setAttribute("aria-keyshortcuts", String(digit));
      now.set(digit, claim);
    }
  }
  for (const [digit, claim] of now) {
    if (meant.has(digit) && meant.get(digit) !== claim) changed.set(digit, performance.now());
  }
  meant = now;
}

// The button of a digit; null where none has it, or where it changed under the hand.
export function button(digit) {
  if (performance.now() - (changed.get(digit) ?? -SETTLE) < SETTLE) return null;
  return buttons().find((one) => one.dataset.digit === String(digit)) ?? null;
}
