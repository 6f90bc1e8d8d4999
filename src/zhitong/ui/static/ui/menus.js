// Menus and popovers are <details>: one open at a time, closed by Escape or a click elsewhere; the side menu of a phone.
const POPS = "details.zt-menu, details.zt-pop";

function closeOthers(kept) {
  document.querySelectorAll(`:is(${POPS})[open]`).forEach((one) => {
    if (!one.contains(kept)) one.open = false;
  });
}

// A panel inside a table or a card would be cut off: it is placed on the window, below its word or above it.
function place(details) {
  const panel = details.querySelector(".zt-menu-panel, .zt-pop-panel");
  const word = details.querySelector("summary").getBoundingClientRect();
  if (details.closest(".zt-top")) return;
  panel.style.position = "fixed";
  panel.style.inset = "auto";
  const { offsetWidth: width, offsetHeight: height } = panel;
  const start = panel.matches(".zt-menu-end, .zt-pop-end > *") ? word.right - width : word.left;
  const isUp = word.bottom + height + 8 > window.innerHeight && word.top > height + 8;
  panel.style.left = `${Math.max(8, Math.min(start, document.documentElement.clientWidth - width - 8))}px`;
  panel.style.top = `${isUp ? word.top - height - 4 : word.bottom + 4}px`;
}

function placeOpen() {
  document.querySelectorAll(`:is(${POPS})[open]`).forEach(place);
}

function setSide(isOpen) {
  document.documentElement.classList.toggle("zt-side-open", isOpen);
  document.querySelector("[data-side=toggle]")?.setAttribute("aria-expanded", String(isOpen));
  if (isOpen) document.querySelector("#side a")?.focus();
}

// On a phone the entries stand in one line that moves sideways: the one we are on is in sight.
function showCurrent() {
  document.querySelector(".zt-portal-nav [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
}

export function startMenus() {
  showCurrent();
  document.addEventListener("click", (event) => {
    closeOthers(event.target);
    const side = event.target.closest("[data-side]");
    if (side) setSide(side.dataset.side === "toggle" && !document.documentElement.classList.contains("zt-side-open"));
  });
  document.addEventListener("toggle", (event) => {
    if (event.target.matches?.(POPS) && event.target.open) place(event.target);
  }, true);
  document.addEventListener("scroll", placeOpen, { capture: true, passive: true });
  window.addEventListener("resize", placeOpen);
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
