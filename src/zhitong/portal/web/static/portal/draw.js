// Drawing divisions: a click chooses, the tools of the form decide what is drawn, the points stand in the form as text.
import { makeSnap } from "./draw_snap.js";

const EMPTY = { type: "FeatureCollection", features: [] };
const NEAREST = 11; // borders are read from this zoom on, and always where somebody is chosen
const GREEN = "#1f6b4a";
const form = document.querySelector("[data-draw]");
const field = (name) => form.elements[name];
const tool = () => field("kind").value;
const told = document.querySelector("[data-told]");
const tell = (what) => { told.textContent = told.dataset[`say${what}`] ?? ""; };
const codes = () => field("divisions").value.split(/[\s,，、;；]+/).filter(Boolean);

function showFields() {
  for (const box of form.querySelectorAll("[data-for]")) box.hidden = !box.dataset.for.split(" ").includes(tool());
}

// Text and geometry

const line = ([lng, lat]) => `${Number(lng.toFixed(7))},${Number(lat.toFixed(7))}`;

function read(text) {
  const blocks = text.trim().split(/\n\s*\n/).map((block) => block.split("\n").map((one) => (one.match(/-?\d{1,3}(?:\.\d+)?/g) ?? []).map(Number)));
  return blocks.filter((block) => block.length > 1 && block.every((pair) => pair.length === 2));
}

function closed(block) {
  const [first, last] = [block[0], block[block.length - 1]];
  return first[0] === last[0] && first[1] === last[1] ? block : [...block, first];
}

function asFeatures(text) {
  const isLine = tool() === "split";
  return read(text).filter((block) => block.length > (isLine ? 1 : 2)).map((block) => ({
    type: "Feature", properties: { mode: isLine ? "linestring" : "polygon" },
    geometry: isLine ? { type: "LineString", coordinates: block } : { type: "Polygon", coordinates: [closed(block)] },
  }));
}

function asText(features) {
  const wanted = tool() === "split" ? "linestring" : "polygon";
  const mine = features.filter((one) => one.properties.mode === wanted && !one.properties.currentlyDrawing && one.geometry.type !== "Point");
  return mine.map(({ geometry }) => (geometry.type === "Polygon" ? geometry.coordinates[0].slice(0, -1) : geometry.coordinates).map(line).join("\n")).join("\n\n");
}

const outlines = ({ type, coordinates }) => (type === "Polygon" ? [coordinates] : coordinates).map(([outer]) => outer.slice(0, -1).map(line).join("\n")).join("\n\n");

// The borders in view

function borders(map) {
  let loaded = "", features = [];
  const level = form.querySelector("[data-level]");
  map.addSource("near", { type: "geojson", data: EMPTY, promoteId: "id" });
  map.addLayer({ id: "near-fill", type: "fill", source: "near", paint: { "fill-color": "#17527a", "fill-opacity": ["case", ["boolean", ["feature-state", "chosen"], false], 0.25, 0] } });
  map.addLayer({ id: "near-line", type: "line", source: "near", paint: { "line-color": "#6b7f89", "line-width": 1.2 } });
  map.addLayer({ id: "near-names", type: "symbol", source: "near", layout: { "text-field": ["get", "name"], "text-size": 11 }, paint: { "text-color": "#4d5f69", "text-halo-color": "#fff", "text-halo-width": 1.5 } });
  const mark = () => {
    const chosen = new Set(codes());
    for (const one of features) map.setFeatureState({ source: "near", id: one.properties.id }, { chosen: chosen.has(one.properties.code) });
  };
  const look = async () => {
    if (map.getZoom() < NEAREST && !codes().length) return;
    const box = map.getBounds();
    const [width, height] = [box.getEast() - box.getWest(), box.getNorth() - box.getSouth()];
    const wanted = [box.getWest() - width / 4, box.getSouth() - height / 4, box.getEast() + width / 4, box.getNorth() + height / 4].map((n) => n.toFixed(4)).join(",");
    const address = `${form.dataset.shapes.replace("LEVEL", level.value)}?bbox=${wanted}&zoom=22&datum=${field("datum").value || "wgs84"}`;
    if (address === loaded) return;
    loaded = address;
    const answer = await fetch(address);
    if (!answer.ok || address !== loaded) return;
    const data = await answer.json();
    features = data.features;
    map.getSource("near").setData(data);
    mark();
    form.dataset.isNear = String(features.length);
    form.dispatchEvent(new CustomEvent("dr-near"));
  };
  map.on("moveend", look);
  level.addEventListener("change", () => { features = []; look(); });
  look();
  return { all: () => features, byCode: (code) => features.find((one) => one.properties.code === code), mark };
}

// The drawing

function makeDraw(map, near) {
  const { TerraDraw, TerraDrawPolygonMode, TerraDrawLineStringMode, TerraDrawSelectMode } = window.terraDraw;
  const foreign = () => (tool() === "shape" ? near.all().filter((one) => !codes().includes(one.properties.code)) : near.all());
  const snapping = { toCustom: makeSnap(map, foreign) };
  const edited = { feature: { draggable: false, coordinates: { midpoints: true, draggable: true, deletable: true, snappable: snapping } } };
  const draw = new TerraDraw({
    adapter: new window.terraDrawMaplibreGlAdapter.TerraDrawMapLibreGLAdapter({ map, coordinatePrecision: 9 }),
    modes: [
      new TerraDrawPolygonMode({ snapping, pointerDistance: 24, styles: { fillColor: GREEN, outlineColor: GREEN, fillOpacity: 0.15 } }),
      new TerraDrawLineStringMode({ snapping, pointerDistance: 24, styles: { lineStringColor: "#a8261c", lineStringWidth: 3 } }),
      new TerraDrawSelectMode({ pointerDistance: 24, flags: { polygon: edited, linestring: edited } }),
    ],
  });
  draw.start();
  return draw;
}

function start(frame, map) {
  const near = borders(map);
  const draw = makeDraw(map, near);
  const button = (name) => form.querySelector(`[data-do=${name}]`);
  let past = [], future = [], isLoading = false;

  const buttons = () => { button("undo").disabled = !past.length; button("redo").disabled = !future.length; };
  const text = () => field("points").value;

  function load(points) {
    isLoading = true;
    draw.setMode("static");
    draw.clear();
    const made = draw.addFeatures(asFeatures(points).map((one) => ({ ...one, id: draw.getFeatureId() })));
    isLoading = false;
    const id = made.find((one) => one.valid)?.id;
    if (id !== undefined && tool() !== "merge") { draw.selectFeature(id); tell("Edit"); } else begin();
    buttons();
  }

  function begin() {
    if (tool() === "new") { draw.setMode("polygon"); tell("Draw"); }
    else if (tool() === "split" && codes().length) { draw.setMode("linestring"); tell("Cut"); }
    else { draw.setMode("static"); tell(near.all().length ? tool() === "merge" ? "Merge" : "Choose" : "Near"); }
  }

  function keep(points) {
    if (points === text()) return;
    past.push(text());
    future = [];
    field("points").value = points;
    buttons();
  }

  function step(from, to) {
    if (!from.length) return;
    to.push(text());
    field("points").value = from.pop();
    load(text());
  }

  function choose(feature) {
    const { code } = feature.properties;
    const list = codes();
    if (tool() === "merge") field("divisions").value = (list.includes(code) ? list.filter((one) => one !== code) : [...list, code]).join(", ");
    else {
      field("divisions").value = code;
      past = []; future = [];
      field("points").value = tool() === "shape" ? outlines(feature.geometry) : "";
      load(text());
    }
    near.mark();
  }

  function clear() {
    past = []; future = [];
    field("points").value = field("divisions").value = "";
    load("");
    near.mark();
  }

  function point() { // the place under the cross, by keyboard
    const { x, y, width, height } = map.getCanvas().getBoundingClientRect();
    const at = { clientX: x + width / 2, clientY: y + height / 2, bubbles: true, isPrimary: true, pointerId: 1, pointerType: "mouse", button: 0 };
    for (const kind of ["pointermove", "pointerdown", "pointerup"]) map.getCanvas().dispatchEvent(new PointerEvent(kind, at));
  }

  const finish = () => { for (const kind of ["keydown", "keyup"]) map.getCanvas().dispatchEvent(new KeyboardEvent(kind, { key: "Enter", bubbles: true })); };

  draw.on("finish", (id, context) => {
    keep(asText(draw.getSnapshot()));
    if (context.action === "draw") setTimeout(() => draw.hasFeature(id) && draw.selectFeature(id));
  });
  draw.on("change", (_ids, kind) => { if (!isLoading && kind === "delete" && draw.getMode() === "select") keep(asText(draw.getSnapshot())); });
  map.on("click", ({ point: at }) => {
    if (["polygon", "linestring"].includes(draw.getMode()) || past.length) return;
    const [found] = map.queryRenderedFeatures(at, { layers: ["near-fill"] });
    const feature = found && near.byCode(found.properties.code);
    if (feature && (tool() === "merge" || !codes().includes(found.properties.code))) choose(feature);
  });
  map.getCanvas().addEventListener("keydown", (event) => {
    if (event.key === " ") { event.preventDefault(); point(); }
  });
  form.addEventListener("click", (event) => {
    const wanted = event.target.closest("[data-do]")?.dataset.do;
    if (wanted) ({ undo: () => step(past, future), redo: () => step(future, past), finish, clear })[wanted]();
  });
  field("points").addEventListener("focus", (event) => { event.target.dataset.was = event.target.value; });
  field("points").addEventListener("change", (event) => { past.push(event.target.dataset.was ?? ""); future = []; load(text()); });
  field("divisions").addEventListener("change", () => {
    const feature = near.byCode(codes()[0]);
    near.mark();
    if (feature && tool() === "shape") { field("points").value = outlines(feature.geometry); past = []; load(text()); } else begin();
  });
  function change() { // who was chosen stays chosen
    const feature = tool() === "shape" ? near.byCode(codes()[0]) : null;
    showFields();
    past = []; future = [];
    if (tool() === "new") field("divisions").value = "";
    field("parts").value = "";
    field("points").value = feature ? outlines(feature.geometry) : "";
    load(text());
    near.mark();
  }

  for (const one of field("kind")) one.addEventListener("change", change);
  form.addEventListener("dr-near", () => {
    if (draw.getMode() === "static") begin();
    const feature = near.byCode(codes()[0]);
    if (tool() === "shape" && feature && !text()) { field("points").value = outlines(feature.geometry); load(text()); }
  });
  showPreview(map);
  load(text());
  frame.dataset.isDrawing = "yes";
  frame.ztDraw = draw;
}

function showPreview(map) {
  const data = JSON.parse(document.getElementById("draw-shown")?.textContent ?? "null");
  if (!data) return;
  map.addSource("shown", { type: "geojson", data });
  map.addLayer({ id: "shown-fill", type: "fill", source: "shown", paint: { "fill-color": ["get", "colour"], "fill-opacity": 0.25 } }, "near-line");
  map.addLayer({ id: "shown-line", type: "line", source: "shown", paint: { "line-color": ["get", "colour"], "line-width": 2 } }, "near-line");
  map.addLayer({ id: "shown-names", type: "symbol", source: "shown", layout: { "text-field": ["get", "name"], "text-size": 12 }, paint: { "text-color": ["get", "colour"], "text-halo-color": "#fff", "text-halo-width": 1.5 } });
}

showFields();
document.addEventListener("zt-map", ({ target, detail }) => { if (target.id === "draw-map") start(target, detail); });
