// While a door is open the page asks how it stands, and goes on when it is shut. The server answers
// when there is news of the door; where it answers at once, the page pauses.
const door = document.querySelector("[data-door]");
if (door) {
  const said = door.querySelector("[data-said]");
  let seen = 0;
  const ask = async () => {
    const since = performance.now();
    const before = seen;
    try {
      const answer = await fetch(`${door.dataset.door}?seen=${seen}`, { headers: { Accept: "application/json" } });
      if (!answer.ok) throw new Error("busy");
      const now = await answer.json();
      if (now.state !== "taking") return window.location.reload();
      seen = now.seen_open ? 1 : 0;
      if (now.seen_open) said.textContent = said.dataset.open;
    } catch {
      // No network or no turn just now: the door is asked again.
    }
    const waited = performance.now() - since >= 1000;
    return setTimeout(ask, waited || seen !== before ? 0 : 1000);
  };
  setTimeout(ask, 500);
}
