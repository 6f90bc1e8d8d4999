// Menus and popovers are <details>: one open at a time, closed by Escape or a click elsewhere; the side menu of a phone.
const POPS = "details.zt-menu, details.zt-pop";

function closeOthers(kept) {
  document.querySelectorAll(`:is(${POPS})[open]`).forEach((one) => {
    if (!one.contains(kept)) one.open = false;
  });
}

function keepInView(details) {
  const panel = details.querySelector(".zt-menu-panel, .zt-pop-panel");
  panel.style.translate = "";
  const frame = panel.getBoundingClientRect();
  const over = frame.right - document.documentElement.clientWidth + 8;
  const under = 8 - frame.left;
  if (over > 0) panel.style.translate = `${-Math.min(over, frame.left - 8)}px 0`;
  else if (under > 0) panel.style.translate = `${under}px 0`;
}

function setSide(isOpen) {
  document.documentElement.classList.toggle("zt-side-open", isOpen);
  document.querySelector("[data-side=toggle]")?.setAttribute("aria-expanded", String(isOpen));
  if (isOpen) document.querySelector("#side a")?.focus();
}

export function startMenus() {
  document.addEventListener("click", (event) => {
    closeOthers(event.target);
    const side = event.target.closest("[data-side]");
    if (side) setSide(side.dataset.side === "toggle" && !document.documentElement.classList.contains("zt-side-open"));
  });
  document.addEventListener("toggle", (event) => {
    if (event.target.matches?.(POPS) && event.target.open) keepInView(event.target);
  }, true);
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const open = event.target.closest?.(`:is(${POPS})[open]`) ?? document.querySelector(`:is(${POPS})[open]`);
    if (open) {
      open.open = false;
      open.querySelector("summary").focus();
    } else if (document.documentElement.classList.contains("zt-side-open")) {
      setSide(false);
      document.querySelector("[data-side=toggle]")?.focus();
    }
  });
}
