// The page that a point's code opened: confirms by itself, so that one look through the camera is enough.
// Opening the address alone changes nothing, for programs that look ahead run no script.

const form = document.querySelector("form[data-auto]");
if (form && !document.prerendering) form.requestSubmit();
