// Picking one point: by a click, by dragging the marker, by Enter at the cross, or from where the phone is.
import { fromGround, toGround } from "./map_datum.js";
import { TONES } from "./map_layers.js";
import { toast } from "./toasts.js";
import { say } from "./words.js";

export function startPicking(maplibre, map, frame) {
  const [lon, lat] = frame.dataset.pick.split(" ").map((id) => document.getElementById(id));
  const field = frame.closest(".zt-map-picker");
  const told = field?.querySelector("[data-picked]");
  const marker = new maplibre.Marker({ color: TONES.bad, draggable: true });
  const cross = frame.appendChild(document.createElement("div"));
  cross.className = "zt-map-cross";
  cross.textContent = "+";

  async function tell(point) {
    let place = `${point.lat.toFixed(5)}, ${point.lng.toFixed(5)}`;
    if (frame.dataset.locate) {
      try {
        const answer = await fetch(`${frame.dataset.locate}?lon=${point.lng.toFixed(6)}&lat=${point.lat.toFixed(6)}`, { headers: { Accept: "application/json" } });
        if (answer.ok) {
          const said = await answer.json();
          place = said.label || said.division?.label || place;
        }
      } catch { /* the figures are enough */ }
    }
    if (told) told.textContent = say("picked", { place });
  }

  const datum = frame.dataset.groundDatum;

  function pick(shown) {
    marker.setLngLat(shown).addTo(map);
    const [lng, north] = fromGround([shown.lng, shown.lat], datum);
    const point = { lng, lat: north };
    lon.value = point.lng.toFixed(6);
    lat.value = point.lat.toFixed(6);
    lon.dispatchEvent(new Event("input", { bubbles: true }));
    lat.dispatchEvent(new Event("change", { bubbles: true }));
    frame.dispatchEvent(new CustomEvent("zt-picked", { bubbles: true, detail: { lon: point.lng, lat: point.lat } }));
    tell(point);
  }

  function fromPhone() {
    if (!navigator.geolocation) { toast(say("no_place"), { isBad: true }); return; }
    if (told) told.textContent = say("locating");
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        const point = new maplibre.LngLat(...toGround([coords.longitude, coords.latitude], datum));
        map.jumpTo({ center: point, zoom: 15 });
        pick(point);
      },
      () => toast(say("no_place"), { isBad: true }),
      { enableHighAccuracy: true, timeout: 10000 },
    );
  }

  if (lon.value && lat.value) marker.setLngLat(toGround([Number(lon.value), Number(lat.value)], datum)).addTo(map);
  map.on("click", (event) => pick(event.lngLat));
  marker.on("dragend", () => pick(marker.getLngLat()));
  map.getCanvas().addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    pick(map.getCenter());
  });
  field?.querySelector("[data-locate-me]")?.addEventListener("click", fromPhone);
}
