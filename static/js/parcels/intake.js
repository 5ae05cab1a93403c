// Parcels taken in one after the other by scanner and keyboard: Enter leads to the next empty field,
// and the last one sends.
const form = document.querySelector("[data-intake]");
if (form) {
  const fields = ["waybill", "who"].map((name) => form.elements[name]);
  const asked = form.querySelector("[name=person]:checked");
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !fields.includes(event.target)) return;
    const next = fields.find((field) => !field.value.trim());
    if (!next) return;
    event.preventDefault();
    next.focus();
  });
  const wrong = form.querySelector("[aria-invalid=true]");
  if (wrong) wrong.focus();
  else if (asked && asked.value === "nobody") form.elements.label.focus();
  else if (asked || form.elements.person) (asked || form.querySelector("[name=person]")).focus();
  else (fields.find((field) => !field.value.trim()) || fields[0]).focus();
}
