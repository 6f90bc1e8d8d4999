// Streets coloured by how many open or late matters they have, beneath the points of the map.
import { shifted } from "../ui/map_datum.js";

const read = (address) => fetch(address).then((answer) => { if (!answer.ok) throw new Error(String(answer.status)); return answer.json(); });

function panel({ name, told, href }) {
  const box = document.createElement("div");
  box.className = "zt-map-popup";
  const line = box.appendChild(document.createElement("a"));
  line.href = href;
  line.textContent = name;
  box.appendChild(document.createElement("small")).textContent = told;
  return box;
}

async function addAreas(frame, map) {
  const address = frame.closest("[data-areas]")?.dataset.areas;
  if (!address) return;
  const data = shifted(await read(address), frame.dataset.groundDatum);
  const below = ["points", "clusters"].find((id) => map.getLayer(id));
  map.addSource("counted", { type: "geojson", data });
  map.addLayer({ id: "counted", type: "fill", source: "counted", paint: { "fill-color": ["coalesce", ["get", "colour"], "#ffffff"], "fill-opacity": 0.85 } }, "shapes-line");
  if (below) map.moveLayer("shapes-line", below);
  const { Popup } = await import("../vendor/maplibre/maplibre-gl.mjs");
  const words = frame.closest("[data-areas]").dataset;
  map.on("click", "counted", (event) => {
    if (map.queryRenderedFeatures(event.point, { layers: ["points", "clusters"].filter((id) => map.getLayer(id)) }).length) return;
    const { name, open, late, href } = event.features[0].properties;
    if (!href) return;
    const told = (words.told ?? "").replace("{open}", open).replace("{late}", late);
    new Popup({ maxWidth: "18rem" }).setLngLat(event.lngLat).setDOMContent(panel({ name, told, href })).addTo(map);
  });
}

document.addEventListener("zt-map", (event) => addAreas(event.target, event.detail).catch((problem) => console.warn("areas", problem)));
