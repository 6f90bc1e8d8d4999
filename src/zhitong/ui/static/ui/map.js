// Maps: GeoJSON on our own shapes, with or without base tiles; a point can be picked; works by keyboard.
import { say } from "./words.js";
import { addPlaces, TONES } from "./map_layers.js";
import { addNames } from "./map_names.js";
import { startPicking } from "./map_pick.js";
import { shiftBox, shifted, toGround } from "./map_datum.js";
import { addInView } from "./map_view.js";
import { watchGround } from "./map_notes.js";

let library = null;

function load() {
  library ??= (async () => {
    const sheet = document.createElement("link");
    sheet.rel = "stylesheet";
    sheet.href = new URL("../vendor/maplibre/maplibre-gl.css", import.meta.url).href;
    document.head.append(sheet);
    return import("../vendor/maplibre/maplibre-gl.mjs");
  })();
  return library;
}

function style({ tiles, labels, attribution, tilesTo, shapes }) {
  const empty = { type: "FeatureCollection", features: [] };
  const sources = { shapes: { type: "geojson", data: shapes || empty } };
  const layers = [{ id: "ground", type: "background", paint: { "background-color": tiles ? "#e9edeb" : "#f1f3f1" } }];
  if (tiles) {
    const raster = { type: "raster", tileSize: 256, attribution, maxzoom: Number(tilesTo) || 18 };
    sources.tiles = { ...raster, tiles: [tiles] };
    layers.push({ id: "tiles", type: "raster", source: "tiles", paint: { "raster-saturation": -0.4 } });
    if (labels) {
      sources.labels = { ...raster, tiles: [labels] };
      layers.push({ id: "labels", type: "raster", source: "labels" });
    }
  } else layers.push({ id: "shapes-fill", type: "fill", source: "shapes", paint: { "fill-color": "#ffffff" } });
  layers.push({ id: "shapes-line", type: "line", source: "shapes", paint: { "line-color": tiles ? "#2f4450" : "#9fb0b8", "line-width": ["interpolate", ["linear"], ["zoom"], 9, tiles ? 1 : 0.6, 15, tiles ? 2 : 1.6] } });
  return { version: 8, sources, layers };
}

function extent(features, box = [Infinity, Infinity, -Infinity, -Infinity]) {
  const walk = (coordinates) => {
    if (typeof coordinates[0] === "number") {
      const [x, y] = coordinates;
      box[0] = Math.min(box[0], x); box[1] = Math.min(box[1], y); box[2] = Math.max(box[2], x); box[3] = Math.max(box[3], y);
    } else coordinates.forEach(walk);
  };
  features.forEach((feature) => feature.geometry && (feature.geometry.geometries ?? [feature.geometry]).forEach((one) => walk(one.coordinates)));
  return box[0] <= box[2] ? box : null;
}

async function fetched(address) {
  const answer = await fetch(address, { headers: { Accept: "application/geo+json, application/json" } });
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.json();
}

// Everything is read as WGS-84 and shown where the ground has it.
const reader = (datum) => async (address) => shifted(await fetched(address), datum);

async function draw(frame) {
  const data = frame.dataset;
  const maplibre = await load();
  const read = reader(data.groundDatum);
  const hasCentre = data.lon && data.lat;
  const centre = hasCentre ? toGround([Number(data.lon), Number(data.lat)], data.groundDatum) : [116.99, 36.65];
  const shapes = data.shapes ? await read(data.shapes) : null;
  const bounds = data.bounds ? shiftBox(data.bounds.split(",").map(Number), data.groundDatum) : !hasCentre && shapes ? extent(shapes.features) : null;
  frame.replaceChildren();
  const map = new maplibre.Map({
    container: frame, style: style({ ...data, shapes }), attributionControl: data.tiles ? { compact: false } : false, dragRotate: false, pitchWithRotate: false, maxZoom: 19,
    center: centre, zoom: Number(data.zoom) || (hasCentre ? 14 : 10),
    bounds: bounds ?? undefined, fitBoundsOptions: { padding: 24 }, cooperativeGestures: false, fadeDuration: 0,
    locale: { "NavigationControl.ZoomIn": say("zoom_in"), "NavigationControl.ZoomOut": say("zoom_out"), "Map.Title": frame.getAttribute("aria-label") ?? "" },
  });
  map.touchZoomRotate.disableRotation();
  map.addControl(new maplibre.NavigationControl({ showCompass: false }), "top-right");
  const label = frame.getAttribute("aria-label") ?? document.getElementById(frame.getAttribute("aria-labelledby"))?.textContent;
  if (label) map.getCanvas().setAttribute("aria-label", label);
  frame.ztMap = map;
  if (data.tiles) watchGround(map, frame);
  new ResizeObserver(() => map.resize()).observe(frame);
  if (data.pick) startPicking(maplibre, map, frame); // whoever taps before all is drawn has picked
  await new Promise((resolve) => { map.once("load", resolve); });
  if (shapes) addNames(map, "shapes", shapes);
  if (data.finer) addInView(map, "finer", data.finer, { read, datum: data.groundDatum, from: 12.5, line: "#9fb0b8", text: "#75858d" });
  if (data.finest) addInView(map, "finest", data.finest, { read, datum: data.groundDatum, from: 14.5, line: "#b4c1c7", text: "#8a979d" });
  if (data.src) await addPlaces(maplibre, map, frame, { read, extent, datum: data.groundDatum, isFitted: Boolean(hasCentre || bounds) });
  if (!data.pick && "marker" in data && hasCentre) new maplibre.Marker({ color: TONES.info }).setLngLat(centre).addTo(map);
  frame.dataset.isDrawn = "yes";
  frame.dispatchEvent(new CustomEvent("zt-map", { bubbles: true, detail: map }));
}

export function enhance(frame) {
  if (frame.dataset.isReady) return;
  frame.dataset.isReady = "yes";
  const start = () => draw(frame).catch((problem) => {
    console.warn("map", problem);
    frame.textContent = say("map_failed");
  });
  const watch = new IntersectionObserver((seen) => {
    if (!seen.some((one) => one.isIntersecting)) return;
    watch.disconnect();
    start();
  }, { rootMargin: "200px" });
  watch.observe(frame);
}
