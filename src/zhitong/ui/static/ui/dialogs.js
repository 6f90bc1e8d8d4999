// Dialogs: opened by data-open, filled by htmx, asked by data-confirm and hx-confirm; the light box of pictures.
export function ask(question) {
  const dialog = document.getElementById("confirm-dialog");
  dialog.querySelector("#confirm-text").textContent = question;
  dialog.returnValue = "no";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
  });
}

function goOn(element) {
  element.dataset.confirmed = "yes";
  if (element instanceof HTMLFormElement) element.requestSubmit();
  else element.click();
  delete element.dataset.confirmed;
}

function askFirst(event, element) {
  if (!element || element.dataset.confirmed) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  ask(element.dataset.confirm).then((isYes) => isYes && goOn(element));
}

function show(box, link, links) {
  const image = box.querySelector(".zt-lightbox-image");
  image.src = link.href;
  image.alt = link.querySelector("img")?.alt ?? "";
  box.querySelector(".zt-lightbox-name").textContent = link.dataset.name ?? "";
  box.querySelector(".zt-lightbox-open").href = link.href;
  box.querySelectorAll("[data-step]").forEach((button) => { button.hidden = links.length < 2; });
  if (!box.open) box.showModal();
}

function openLightbox(first) {
  const box = document.getElementById("lightbox");
  const links = [...(first.closest("[data-gallery]") ?? document).querySelectorAll("[data-lightbox]")];
  let at = links.indexOf(first);
  const step = (by) => { at = (at + by + links.length) % links.length; show(box, links[at], links); };
  box.onclick = (event) => {
    const button = event.target.closest("[data-step]");
    if (button) step(Number(button.dataset.step));
    else if (event.target === box) box.close();
  };
  box.onkeydown = (event) => {
    if (event.key === "ArrowLeft") step(-1);
    if (event.key === "ArrowRight") step(1);
  };
  show(box, first, links);
}

function onClick(event) {
  const opener = event.target.closest("[data-open]");
  if (opener) return document.getElementById(opener.dataset.open)?.showModal();
  if (event.target.closest("[data-close]")) return event.target.closest("dialog")?.close();
  const flash = event.target.closest("[data-dismiss]");
  if (flash) return flash.closest(".zt-alert")?.remove();
  const picture = event.target.closest("[data-lightbox]");
  if (picture && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    openLightbox(picture);
  } else if (event.target.matches("dialog.zt-dialog") && event.target.dataset.keep === undefined) {
    const frame = event.target.getBoundingClientRect();
    const isInside = event.clientX >= frame.left && event.clientX <= frame.right && event.clientY >= frame.top && event.clientY <= frame.bottom;
    if (!isInside && !event.target.querySelector("form[method=post]")) event.target.close();
  }
  return undefined;
}

export function startDialogs() {
  document.addEventListener("click", (event) => askFirst(event, event.target.closest("a[data-confirm], button[data-confirm]")), true);
  document.addEventListener("submit", (event) => askFirst(event, event.target.closest("form[data-confirm]")), true);
  document.addEventListener("click", onClick);
  const remote = document.getElementById("remote-dialog");
  document.body.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target.id !== "remote-dialog-body") return;
    const title = event.detail.target.querySelector(".zt-dialog-head h2");
    if (title?.id) remote.setAttribute("aria-labelledby", title.id);
    if (!remote.open) remote.showModal();
  });
  document.body.addEventListener("htmx:confirm", (event) => {
    if (!event.detail.question) return;
    event.preventDefault();
    ask(event.detail.question).then((isYes) => isYes && event.detail.issueRequest(true));
  });
  document.body.addEventListener("close-dialog", () => remote.open && remote.close());
  remote?.addEventListener("close", () => document.getElementById("remote-dialog-body").replaceChildren());
}
