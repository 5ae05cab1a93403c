// The set-up's pages work without this; here fields that do not apply step aside, and the region is drawn.
import "./kinds.js";
import "./region.js";
import "./corners.js";

// On a phone the list starts folded where the page is one of its steps: the step comes first.
const list = document.querySelector(".u-side details");
const isStep = document.querySelector("main form, main [hx-post]") !== null;
if (list && isStep && matchMedia("(max-width: 900px)").matches) list.open = false;
