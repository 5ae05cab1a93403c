// While a door is open the page asks how it stands, and goes on when it is shut.
const door = document.querySelector("[data-door]");
if (door) {
  const said = door.querySelector("[data-said]");
  const ask = async () => {
    try {
      const answer = await fetch(door.dataset.door, { headers: { Accept: "application/json" } });
      if (!answer.ok) throw new Error("busy");
      const now = await answer.json();
      if (now.state !== "taking") return window.location.reload();
      if (now.seen_open) said.textContent = said.dataset.open;
    } catch {
      // No network or no turn just now: the door is asked again.
    }
    return setTimeout(ask, 1000);
  };
  setTimeout(ask, 500);
}
