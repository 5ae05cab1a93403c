// <div data-for="driver:rtsp,video">: shown while the form's field has one of these values.

function valueOf(form, name) {
  const field = form.elements[name];
  return field ? field.value : "";
}

function arrange(form) {
  for (const part of form.querySelectorAll("[data-for]")) {
    const [name, values] = part.dataset.for.split(":");
    part.hidden = !values.split(",").includes(valueOf(form, name));
  }
}

for (const form of document.querySelectorAll("form[data-kinds]")) {
  arrange(form);
  form.addEventListener("change", () => arrange(form));
}
