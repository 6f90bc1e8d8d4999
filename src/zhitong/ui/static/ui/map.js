// Maps: GeoJSON on our own shapes, with or without base tiles; a point can be picked; works by keyboard.
import { say } from "./words.js";
import { addPlaces, TONES } from "./map_layers.js";
import { addFiner, addNames } from "./map_names.js";
import { startPicking } from "./map_pick.js";

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

function style({ tiles, shapes }) {
  const empty = { type: "FeatureCollection", features: [] };
  const sources = { shapes: { type: "geojson", data: shapes || empty } };
  const layers = [{ id: "ground", type: "background", paint: { "background-color": tiles ? "#e9edeb" : "#f1f3f1" } }];
  if (tiles) {
    sources.tiles = { type: "raster", tiles: [tiles], tileSize: 256 };
    layers.push({ id: "tiles", type: "raster", source: "tiles", paint: { "raster-saturation": -0.4 } });
  } else layers.push({ id: "shapes-fill", type: "fill", source: "shapes", paint: { "fill-color": "#ffffff" } });
  layers.push({ id: "shapes-line", type: "line", source: "shapes", paint: { "line-color": "#9fb0b8", "line-width": ["interpolate", ["linear"], ["zoom"], 9, 0.6, 15, 1.6] } });
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

async function read(address) {
  const answer = await fetch(address, { headers: { Accept: "application/geo+json, application/json" } });
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.json();
}

async function draw(frame) {
  const data = frame.dataset;
  const maplibre = await load();
  const hasCentre = data.lon && data.lat;
  const shapes = data.shapes ? await read(data.shapes) : null;
  const bounds = data.bounds ? data.bounds.split(",").map(Number) : !hasCentre && shapes ? extent(shapes.features) : null;
  frame.replaceChildren();
  const map = new maplibre.Map({
    container: frame, style: style({ tiles: data.tiles, shapes }), attributionControl: false, dragRotate: false, pitchWithRotate: false, maxZoom: 19,
    center: hasCentre ? [Number(data.lon), Number(data.lat)] : [116.99, 36.65], zoom: Number(data.zoom) || (hasCentre ? 14 : 10),
    bounds: bounds ?? undefined, fitBoundsOptions: { padding: 24 }, cooperativeGestures: false, fadeDuration: 0,
    locale: { "NavigationControl.ZoomIn": say("zoom_in"), "NavigationControl.ZoomOut": say("zoom_out"), "Map.Title": frame.getAttribute("aria-label") ?? "" },
  });
  map.touchZoomRotate.disableRotation();
  map.addControl(new maplibre.NavigationControl({ showCompass: false }), "top-right");
  const label = frame.getAttribute("aria-label") ?? document.getElementById(frame.getAttribute("aria-labelledby"))?.textContent;
  if (label) map.getCanvas().setAttribute("aria-label", label);
  frame.ztMap = map;
  new ResizeObserver(() => map.resize()).observe(frame);
  if (data.pick) startPicking(maplibre, map, frame); // whoever taps before all is drawn has picked
  await new Promise((resolve) => { map.once("load", resolve); });
  if (shapes) addNames(map, "shapes", shapes);
  if (data.finer) addFiner(map, data.finer, read);
  if (data.src) await addPlaces(maplibre, map, frame, { read, extent, isFitted: Boolean(hasCentre || bounds) });
  if (!data.pick && "marker" in data && hasCentre) new maplibre.Marker({ color: TONES.info }).setLngLat([Number(data.lon), Number(data.lat)]).addTo(map);
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
