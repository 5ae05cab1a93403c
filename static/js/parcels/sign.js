// A signature drawn with a finger, a pen or the mouse; sent as a small picture with the form.
const pad = document.querySelector("[data-signature]");
const kept = document.querySelector("#id_drawn");

if (pad && kept) {
  const ink = pad.getContext("2d");
  let drawing = false;
  const blank = () => {
    ink.fillStyle = "#fff";
    ink.fillRect(0, 0, pad.width, pad.height);
    ink.strokeStyle = "#111";
    ink.lineWidth = 3;
    ink.lineCap = "round";
    kept.value = "";
  };
  const at = (event) => {
    const box = pad.getBoundingClientRect();
    return [
      ((event.clientX - box.left) * pad.width) / box.width,
      ((event.clientY - box.top) * pad.height) / box.height,
    ];
  };
  pad.addEventListener("pointerdown", (event) => {
    drawing = true;
    pad.setPointerCapture(event.pointerId);
    ink.beginPath();
    ink.moveTo(...at(event));
  });
  pad.addEventListener("pointermove", (event) => {
    if (!drawing) return;
    ink.lineTo(...at(event));
    ink.stroke();
  });
  pad.addEventListener("pointerup", () => {
    drawing = false;
    kept.value = pad.toDataURL("image/png");
  });
  document.querySelector("[data-clear]").addEventListener("click", blank);
  // What was drawn before something else was refused stands there again.
  const drawn = kept.value;
  blank();
  if (drawn.startsWith("data:image/png")) {
    const picture = new Image();
    picture.addEventListener("load", () => ink.drawImage(picture, 0, 0));
    picture.src = drawn;
    kept.value = drawn;
  }
}
