// The board by keyboard: j and k choose, Enter goes into the form, Esc out of it, Ctrl+Enter sends it on.  One map for all.
const OFF = "zt-keys-off";

const board = () => document.getElementById("board");
const items = () => [...document.querySelectorAll(".bd-item")].filter((one) => one.offsetParent);
const mainForm = () => document.querySelector("#bd-form form[data-main]");

function isTyping(target) {
  return target.isContentEditable || (target.matches?.("input, textarea, select") && !target.matches("[type=checkbox], [type=radio], [type=button]"));
}

function mark(id) {
  document.querySelectorAll(".bd-item").forEach((one) => {
    if (one.dataset.matter === id) one.setAttribute("aria-current", "true");
    else one.removeAttribute("aria-current");
  });
}

function step(by) {
  const all = items();
  if (!all.length) return;
  const at = all.findIndex((one) => one.hasAttribute("aria-current"));
  const next = all[Math.min(Math.max(at + by, 0), all.length - 1)];
  if (next === all[at]) return;
  next.scrollIntoView({ block: "nearest" });
  next.click();
}

function intoForm() {
  const field = [...(mainForm()?.querySelectorAll("input:not([type=hidden]), textarea, select") ?? [])].find((one) => one.getClientRects().length && !one.classList.contains("visually-hidden"));
  field?.focus();
  field?.scrollIntoView({ block: "center" });
  return Boolean(field);
}

function onKey(event) {
  if (!board() || document.querySelector("dialog[open]") || event.isComposing) return;
  const isSend = event.key === "Enter" && (event.ctrlKey || event.metaKey);
  if (isSend) {
    const form = event.target.closest?.("#pane form") ?? mainForm();
    if (!form) return;
    event.preventDefault();
    form.requestSubmit();
    return;
  }
  if (event.key === "Escape" && isTyping(event.target) && event.target.closest("#pane") && event.target.getAttribute("aria-expanded") !== "true") {
    event.target.blur();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || localStorage.getItem(OFF)) return;
  if (event.key === "j") step(1);
  else if (event.key === "k") step(-1);
  else if (event.key === "Enter" && !event.target.closest?.("a:not(.bd-item), button, summary") && mainForm()) intoForm();
  else return;
  event.preventDefault();
  event.stopImmediatePropagation();
}

function points() {
  const place = document.getElementById("bd-place");
  const found = [...document.querySelectorAll("#bd-around [data-lon]")].map((one) => [one, "alike"]);
  if (place?.dataset.lon) found.push([place, "here"]);
  return found.map(([one, what]) => ({ type: "Feature", properties: { what }, geometry: { type: "Point", coordinates: [Number(one.dataset.lon), Number(one.dataset.lat)] } }));
}

function showPlace(isNew) {
  const map = document.getElementById("bd-map")?.ztMap;
  const place = document.getElementById("bd-place")?.dataset;
  if (!map?.isStyleLoaded?.() && !map?.getSource?.("here")) return;
  const data = { type: "FeatureCollection", features: points() };
  if (map.getSource("here")) map.getSource("here").setData(data);
  else {
    map.addSource("here", { type: "geojson", data });
    map.addLayer({ id: "here", type: "circle", source: "here", paint: { "circle-radius": ["match", ["get", "what"], "here", 10, 7], "circle-color": ["match", ["get", "what"], "here", "#17527a", "#f2b632"], "circle-stroke-color": ["match", ["get", "what"], "here", "#fff", "#17527a"], "circle-stroke-width": ["match", ["get", "what"], "here", 3, 2] } });
  }
  map.resize();
  if (isNew && place?.lon) map.jumpTo({ center: [Number(place.lon), Number(place.lat)], zoom: 13 });
}

document.addEventListener("keydown", onKey, true);
document.addEventListener("zt-map", () => showPlace(true));
document.body.addEventListener("htmx:afterSettle", (event) => {
  const { target } = event.detail;
  if (target.id === "board") { // the next one: out of the form that looks the same
    document.activeElement?.blur();
    document.getElementById("pane")?.focus({ preventScroll: true });
  }
  if (target.id === "pane") {
    board()?.classList.add("bd-is-chosen");
    const id = location.pathname.split("/").at(-2);
    mark(id);
  }
  if (["pane", "board", "bd-around"].includes(target.id) || document.getElementById("bd-place")) showPlace(target.id !== "bd-around");
});
