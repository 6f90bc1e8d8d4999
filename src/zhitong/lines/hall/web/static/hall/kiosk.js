// The ticket machine: prints what it gave, goes back to the start, and asks anew while nobody touches it.
const main = document.querySelector("[data-kiosk]");
const BACK = 12_000, FRESH = 20_000;

if ("printed" in main.dataset) {
  setTimeout(() => window.print(), 300);
  setTimeout(() => location.replace(main.dataset.kiosk), BACK);
} else {
  let touched = Date.now();
  for (const kind of ["pointerdown", "keydown"]) document.addEventListener(kind, () => { touched = Date.now(); });
  setInterval(async () => {
    if (Date.now() - touched < FRESH) return;
    const answer = await fetch(main.dataset.kiosk, { cache: "no-store" }).catch(() => null);
    if (answer?.ok) location.replace(main.dataset.kiosk);
  }, FRESH);
}
