// Short notices at the foot of the page.
const SHOWN_MS = 7000;

export function toast(text, { isBad = false, action, onAction } = {}) {
  const template = document.getElementById("toast-template");
  const place = document.querySelector("dialog[open] .zt-toasts") ?? document.getElementById("toasts");
  if (!template || !place) return;
  const item = template.content.firstElementChild.cloneNode(true);
  item.querySelector(".zt-toast-text").textContent = text;
  item.classList.toggle("is-bad", isBad);
  if (isBad) item.setAttribute("role", "alert");
  const close = item.querySelector(".btn-close");
  close.addEventListener("click", () => item.remove());
  if (action) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "zt-toast-action";
    button.textContent = action;
    button.addEventListener("click", () => { item.remove(); onAction(); });
    close.before(button);
  }
  place.append(item);
  setTimeout(() => item.remove(), isBad ? SHOWN_MS * 2 : SHOWN_MS);
}
