// Places on a map: clusters, points and areas from GeoJSON; "{bbox}" in the address asks anew for what is in view.
import { fromGround } from "./map_datum.js";
import { toast } from "./toasts.js";
import { say } from "./words.js";

export const TONES = { neutral: "#5f6c75", info: "#17527a", good: "#1f6b4a", warn: "#c58a00", late: "#c05313", bad: "#a8261c", strong: "#7d1410" };
const GRADES = { on_time: TONES.good, warning: TONES.warn, overdue: TONES.late, moderate: TONES.bad, severe: TONES.strong };
const EMPTY = { type: "FeatureCollection", features: [] };
const SINGLE = ["!", ["has", "point_count"]];

const toned = ["match", ["coalesce", ["get", "tone"], ["get", "grade"], "info"], ...Object.entries({ ...TONES, ...GRADES }).flat(), TONES.info];
const coloured = ["to-color", ["coalesce", ["get", "colour"], toned], TONES.info];

// A cluster has the colour of the latest of its places; places without a grade leave it blue.
const LADDER = ["on_time", "warning", "overdue", "moderate", "severe"];
const RANK = ["match", ["coalesce", ["get", "grade"], ""], ...LADDER.flatMap((grade, n) => [grade, n]), 0];
const WORST = ["match", ["get", "worst"], ...LADDER.slice(1).flatMap((grade, n) => [n + 1, GRADES[grade]]), TONES.info];

function addLayers(map, isClustered) {
  map.addSource("places", { type: "geojson", data: EMPTY, cluster: isClustered, clusterRadius: 44, clusterMaxZoom: 16, clusterProperties: { worst: ["max", RANK] } });
  const isArea = ["match", ["geometry-type"], ["Polygon", "MultiPolygon"], true, false];
  map.addLayer({ id: "areas", type: "fill", source: "places", filter: isArea, paint: { "fill-color": coloured, "fill-opacity": ["coalesce", ["get", "opacity"], 0.35] } });
  map.addLayer({ id: "areas-line", type: "line", source: "places", filter: isArea, paint: { "line-color": "#5b6f7a", "line-width": 1 } });
  const isPoint = ["==", ["geometry-type"], "Point"];
  map.addLayer({ id: "points", type: "circle", source: "places", filter: ["all", isPoint, SINGLE], paint: { "circle-radius": ["interpolate", ["linear"], ["zoom"], 9, 4, 15, 8], "circle-color": coloured, "circle-stroke-color": "#fff", "circle-stroke-width": 1.5 } });
  if (!isClustered) return;
  map.addLayer({ id: "clusters", type: "circle", source: "places", filter: ["has", "point_count"], paint: { "circle-radius": ["step", ["get", "point_count"], 14, 10, 18, 100, 23, 1000, 28], "circle-color": WORST, "circle-opacity": 0.9, "circle-stroke-color": "#fff", "circle-stroke-width": 2 } });
  map.addLayer({ id: "cluster-counts", type: "symbol", source: "places", filter: ["has", "point_count"], layout: { "text-field": ["get", "point_count_abbreviated"], "text-size": 12, "text-allow-overlap": true }, paint: { "text-color": "#fff" } });
}

function words(features) {
  const box = document.createElement("div");
  box.className = "zt-map-popup";
  for (const { properties } of features.slice(0, 8)) {
    const line = document.createElement(properties.href ? "a" : "div");
    if (properties.href) line.href = properties.href;
    line.textContent = properties.title ?? properties.name ?? "";
    box.append(line);
    if (properties.note) box.appendChild(document.createElement("small")).textContent = properties.note;
  }
  return box;
}

function onClick(maplibre, map) {
  const layers = ["clusters", "points", "areas"].filter((id) => map.getLayer(id));
  map.on("click", async (event) => {
    const found = map.queryRenderedFeatures(event.point, { layers });
    const cluster = found.find((one) => one.properties.cluster_id !== undefined);
    if (cluster) {
      const zoom = await map.getSource("places").getClusterExpansionZoom(cluster.properties.cluster_id);
      map.easeTo({ center: cluster.geometry.coordinates, zoom });
      return;
    }
    const points = found.filter((one) => one.layer.id === "points");
    const shown = points.length ? points : found.slice(0, 1);
    if (shown.some((one) => one.properties.title || one.properties.name)) {
      new maplibre.Popup({ maxWidth: "20rem", closeButton: true }).setLngLat(event.lngLat).setDOMContent(words(shown)).addTo(map);
    }
  });
  for (const id of layers) {
    map.on("mouseenter", id, () => { map.getCanvas().style.cursor = "pointer"; });
    map.on("mouseleave", id, () => { map.getCanvas().style.cursor = ""; });
  }
}

export async function addPlaces(maplibre, map, frame, { read, extent, datum, isFitted }) {
  const address = frame.dataset.src;
  addLayers(map, "cluster" in frame.dataset);
  onClick(maplibre, map);
  let last = 0;
  const refresh = async () => {
    const mine = ++last;
    const box = map.getBounds();
    const wanted = address.replace(/\{bbox\}|%7Bbbox%7D/i, [...fromGround([box.getWest(), box.getSouth()], datum), ...fromGround([box.getEast(), box.getNorth()], datum)].map((n) => n.toFixed(6)).join(","));
    try {
      const data = await read(wanted);
      if (mine === last) map.getSource("places").setData(data);
      return data;
    } catch {
      toast(say("network"), { isBad: true });
      return EMPTY;
    }
  };
  const data = await refresh();
  const bounds = isFitted ? null : extent(data.features);
  if (bounds) map.fitBounds(bounds, { padding: 32, maxZoom: 16, duration: 0 });
  if (/\{bbox\}|%7Bbbox%7D/i.test(address)) map.on("moveend", refresh);
}
