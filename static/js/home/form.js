// Fields that only some documents need are put away; without this file they all show.
export function watchForm(root) {
  const choices = root.querySelectorAll("[data-document-kind] input, select[data-document-kind]");
  if (!choices.length) return;
  const chosen = () => [...choices].find((input) => input.tagName === "SELECT" || input.checked);
  const show = () => {
    const kind = chosen()?.value || "resident_id";
    root.querySelectorAll("[data-only]").forEach((field) => {
      field.hidden = (field.dataset.only === "resident_id") !== (kind === "resident_id");
    });
  };
  choices.forEach((input) => input.addEventListener("change", show));
  show();
}
