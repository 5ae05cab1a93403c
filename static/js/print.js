// A button that opens the browser's print dialog: the page's own style does the rest.
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
});
