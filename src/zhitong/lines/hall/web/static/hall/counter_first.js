// Runs before the field is there, so that a card that is scanned the moment the counter shows is not lost: the Enter it
// ends with is remembered until counter.js listens, which looks the number up.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.isComposing || !event.target.matches?.("#ct-who")) return;
  event.preventDefault(); // never the form
  event.target.dataset.entered = "";
});
