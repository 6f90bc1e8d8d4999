// Says what became of the tiles, and shows the addresses only where they are one's own.
const told = document.querySelector("[data-ground-told]");
document.addEventListener("zt-ground", ({ detail }) => {
  if (told) told.textContent = told.dataset[detail.state === "shown" ? "sayShown" : "sayFailed"].replace("{reason}", detail.reason ?? "");
});

const form = document.querySelector("[data-ground-form]");
const own = form?.querySelector("[data-own]");
function sort() {
  own.hidden = form.elements.source.value !== "own";
}
if (own) {
  form.addEventListener("change", sort);
  sort();
}
