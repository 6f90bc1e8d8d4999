// Borders of a level, only those in view and only as fine as the zoom shows; asked for anew when the view leaves what is there.
import { fromGround } from "./map_datum.js";
import { addNames, points } from "./map_names.js";
import { note } from "./map_notes.js";
import { say } from "./words.js";

const EMPTY = { type: "FeatureCollection", features: [] };

// The view and half of it around, on lines of a coarse grid, so that the same addresses come again.
function boxAround(map, zoom, datum) {
  const view = map.getBounds();
  const [[west, south], [east, north]] = [fromGround([view.getWest(), view.getSouth()], datum), fromGround([view.getEast(), view.getNorth()], datum)];
  const step = 360 / 2 ** (zoom + 1);
  const [wide, high] = [(east - west) / 4, (north - south) / 4];
  const down = (n) => Math.floor(n / step) * step;
  const up = (n) => Math.ceil(n / step) * step;
  return { view: [west, south, east, north], box: [down(west - wide), down(south - high), up(east + wide), up(north + high)] };
}

const holds = (outer, inner) => outer && outer[0] <= inner[0] && outer[1] <= inner[1] && outer[2] >= inner[2] && outer[3] >= inner[3];

export function addInView(map, id, address, { read, datum, from, line, text }) {
  let there = null, thereZoom = -1, last = 0;
  map.addSource(id, { type: "geojson", data: EMPTY });
  map.addLayer({ id: `${id}-line`, type: "line", source: id, minzoom: from - 0.5, paint: { "line-color": line, "line-width": 1 } }, "shapes-line");
  addNames(map, id, EMPTY, { minzoom: from - 0.5, colour: text });
  const look = async () => {
    if (map.getZoom() < from) { note(map.getContainer(), id, ""); return; }
    const zoom = Math.round(map.getZoom());
    const { view, box } = boxAround(map, zoom, datum);
    if (zoom === thereZoom && holds(there, view)) return;
    const mine = ++last;
    try {
      const shapes = await read(`${address}${address.includes("?") ? "&" : "?"}bbox=${box.map((n) => n.toFixed(6)).join(",")}&zoom=${zoom}`);
      if (mine !== last) return;
      [there, thereZoom] = [box, zoom];
      note(map.getContainer(), id, shapes.left_out ? say("left_out") : "");
      map.getSource(id).setData(shapes);
      map.getSource(`${id}-names`).setData(points(shapes));
    } catch (problem) {
      console.warn("borders in view", problem);
    }
  };
  map.on("moveend", look);
  look();
}
