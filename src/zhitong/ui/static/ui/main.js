// Loaded by every page: starts the small modules, on the page and on what htmx brings later.
import { startDialogs } from "./dialogs.js";
import { enhanceForms, startForms } from "./forms.js";
import { startKeys } from "./keys.js";
import { startMenus } from "./menus.js";
import { startRequests } from "./requests.js";
import { enhanceTables, startTables } from "./tables.js";

const NEEDED = [
  ["select[data-search], select[data-cascade]", () => import("./picker.js")],
  ["[data-photo-picker]", () => import("./photos.js")],
  ["[data-map]", () => import("./map.js")],
  ["[data-chart]", () => import("./chart.js")],
];

function enhance(root) {
  enhanceForms(root);
  enhanceTables(root);
  for (const [selector, load] of NEEDED) {
    const found = [...root.querySelectorAll(selector)];
    if (root.matches?.(selector)) found.push(root);
    if (found.length) load().then((module) => found.forEach(module.enhance));
  }
}

document.documentElement.classList.remove("no-js");
startRequests();
startDialogs();
startMenus();
startKeys();
startForms();
startTables();
enhance(document.body);
document.body.addEventListener("htmx:load", (event) => {
  if (event.detail.elt !== document.body) enhance(event.detail.elt);
});
