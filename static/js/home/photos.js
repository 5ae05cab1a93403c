// A photograph is made smaller in the phone before it travels, and sent as soon as it is taken.
const WIDTH = 2000;
const QUALITY = 0.85;

async function smaller(file) {
  const picture = await createImageBitmap(file);
  const scale = Math.min(1, WIDTH / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(picture.width * scale);
  canvas.height = Math.round(picture.height * scale);
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  return new Promise((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
}

async function send(form, input) {
  const said = form.querySelector("[data-said]");
  said.textContent = said.dataset.said;
  try {
    // What the browser cannot open goes as it is: the server says what is wrong with it.
    const blob = await smaller(input.files[0]);
    if (blob && blob.size < input.files[0].size) {
      const list = new DataTransfer();
      list.items.add(new File([blob], "photo.jpg", { type: "image/jpeg" }));
      input.files = list.files;
    }
  } catch {
    // sent as it is
  }
  form.submit();
}

export function watchPhotos(root) {
  root.querySelectorAll("form[data-photo]").forEach((form) => {
    const input = form.querySelector("input[type=file]");
    form.querySelector("button[type=submit]").hidden = true;
    input.addEventListener("change", () => input.files.length && send(form, input));
  });
}
