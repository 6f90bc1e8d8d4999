// Shortcuts: data-key="n" or "g w"; j, k, Enter and x in lists; off in text fields and when switched off.
const SWITCH = "zt-keys-off";
let before = "";

function isTyping(target) {
  return target.isContentEditable || (target.matches?.("input, textarea, select") && !target.matches("[type=checkbox], [type=radio], [type=button]"));
}

function rows() {
  return [...document.querySelectorAll("table[data-rows] tbody tr, [data-list] > *")].filter((row) => row.offsetParent);
}

function mark(row) {
  document.querySelectorAll(".zt-here").forEach((one) => one.classList.remove("zt-here"));
  row.classList.add("zt-here");
  const link = row.querySelector("a[href], button, input");
  if (link) link.focus({ preventScroll: true });
  row.scrollIntoView({ block: "nearest" });
}

function move(by) {
  const all = rows();
  if (!all.length) return false;
  const at = all.findIndex((row) => row.classList.contains("zt-here"));
  mark(all[Math.min(Math.max(at < 0 ? (by > 0 ? 0 : all.length - 1) : at + by, 0), all.length - 1)]);
  return true;
}

function tick() {
  const box = document.querySelector(".zt-here input[type=checkbox]");
  box?.click();
  return Boolean(box);
}

function scope() {
  return document.querySelector("dialog[open]") ?? document;
}

function use(element) {
  if (element.matches("input, textarea, select")) {
    element.focus();
    element.select?.();
  } else element.click();
}

function find(keys) {
  return [...scope().querySelectorAll("[data-key]")].find((one) => one.dataset.key === keys && !one.disabled && one.getClientRects().length);
}

function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || isTyping(event.target)) return;
  if (localStorage.getItem(SWITCH)) return;
  const found = find(before ? `${before} ${event.key}` : event.key) ?? find(event.key);
  before = event.key === "g" && !before ? "g" : "";
  if (found) use(found);
  else if (scope() !== document) return;
  else if (event.key === "j" ? !move(1) : event.key === "k" ? !move(-1) : event.key === "x" ? !tick() : true) return;
  event.preventDefault();
}

function listKeys() {
  const list = document.querySelector("[data-key-list]");
  if (!list) return;
  list.replaceChildren();
  for (const one of document.querySelectorAll("[data-key]")) {
    if (["/", "?"].includes(one.dataset.key)) continue;
    const line = list.appendChild(document.createElement("div"));
    const keys = line.appendChild(document.createElement("dt"));
    for (const key of one.dataset.key.split(" ")) keys.appendChild(document.createElement("kbd")).textContent = key;
    line.appendChild(document.createElement("dd")).textContent =
      one.dataset.keyLabel ?? one.getAttribute("aria-label") ?? one.querySelector("span")?.textContent.trim() ?? one.textContent.trim();
  }
}

export function startKeys() {
  document.addEventListener("keydown", onKey);
  const off = document.getElementById("keys-off");
  if (off) {
    off.checked = Boolean(localStorage.getItem(SWITCH));
    off.addEventListener("change", () => (off.checked ? localStorage.setItem(SWITCH, "1") : localStorage.removeItem(SWITCH)));
  }
  document.addEventListener("click", (event) => event.target.closest("[data-open=keyboard-help]") && listKeys());
}
