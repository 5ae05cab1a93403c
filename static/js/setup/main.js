// The set-up's pages work without this; here fields that do not apply step aside, and the region is drawn.
import "./kinds.js";
import "./region.js";

// On a phone the list starts folded: the step comes first.
const list = document.querySelector(".u-side details");
if (list && matchMedia("(max-width: 900px)").matches) list.open = false;
