// Names of divisions on a map.

function ringCentre(ring) {
  let area = 0, x = 0, y = 0;
  for (let i = 0; i + 1 < ring.length; i += 1) {
    const [[ax, ay], [bx, by]] = [ring[i], ring[i + 1]];
    const part = ax * by - bx * ay;
    area += part; x += (ax + bx) * part; y += (ay + by) * part;
  }
  return { area: Math.abs(area), point: area ? [x / (3 * area), y / (3 * area)] : ring[0] };
}

function centre({ type, coordinates }) {
  const rings = type === "Polygon" ? [coordinates[0]] : type === "MultiPolygon" ? coordinates.map(([outer]) => outer) : [];
  return rings.map(ringCentre).sort((one, other) => other.area - one.area)[0]?.point;
}

export function points({ features }) {
  const found = features.map(({ geometry, properties }) => ({ at: geometry && centre(geometry), name: properties?.name }));
  return {
    type: "FeatureCollection",
    features: found.filter(({ at, name }) => at && name).map(({ at, name }) => ({ type: "Feature", properties: { name }, geometry: { type: "Point", coordinates: at } })),
  };
}

export function addNames(map, id, shapes, { minzoom = 0, colour = "#4d5f69" } = {}) {
  map.addSource(`${id}-names`, { type: "geojson", data: points(shapes) });
  map.addLayer({
    id: `${id}-names`, type: "symbol", source: `${id}-names`, minzoom,
    layout: { "text-field": ["get", "name"], "text-size": ["interpolate", ["linear"], ["zoom"], 9, 10, 13, 13], "text-padding": 4, "text-max-width": 12 },
    paint: { "text-color": colour, "text-halo-color": "#ffffff", "text-halo-width": 1.5 },
  });
}
