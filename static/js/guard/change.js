// Another guard signs in over the running page: new name, new token, a new line from the same number.

function tellName({ name, seal }) {
  for (const chip of document.querySelectorAll("[data-guard] .l-chip")) {
    chip.querySelector(".l-chip__seal").textContent = seal;
    chip.querySelector(".l-cut").textContent = name;
  }
}

function takeToken(token) {
  document.body.setAttribute("hx-headers", JSON.stringify({ "X-CSRFToken": token }));
  for (const field of document.querySelectorAll("[name=csrfmiddlewaretoken]")) field.value = token;
}

export function start(line, everything) {
  document.body.addEventListener("guard-changed", ({ detail }) => {
    takeToken(detail.token);
    tellName(detail);
    // The old session has ended, and its line with it: the next one asks for what came after.
    line.abandon();
    line.ended = false;
    line.open();
    document.getElementById("out-strip").hidden = true;
    everything();
  });
}
