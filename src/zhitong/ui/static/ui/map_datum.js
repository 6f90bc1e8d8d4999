// Grounds drawn in GCJ-02 lie some 500 m off: what is shown on them is moved there, and what is picked is moved back.
// The same formulas as in base/geometry.py; a test compares them.
const { PI, abs, cos, sin, sqrt } = Math;
const AXIS = 6378245, E2 = 0.00669342162296594323;
const waves = (x, ...terms) => terms.reduce((sum, [size, speed]) => sum + size * sin(x * PI * speed), 0) * 2 / 3;

function offset([lon, lat]) {
  if (!(lon > 72.004 && lon < 137.8347 && lat > 0.8293 && lat < 55.8271)) return [0, 0];
  const [x, y] = [lon - 105, lat - 35];
  const both = waves(x, [20, 6], [20, 2]);
  const root = sqrt(abs(x));
  const north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + both + waves(y, [20, 1], [40, 1 / 3]) + waves(y, [160, 1 / 12], [320, 1 / 30]);
  const east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + both + waves(x, [20, 1], [40, 1 / 3]) + waves(x, [150, 1 / 12], [300, 1 / 30]);
  const phi = lat * PI / 180;
  const magic = 1 - E2 * sin(phi) ** 2;
  return [east / (AXIS / sqrt(magic) * cos(phi)) * 180 / PI, north / (AXIS * (1 - E2) / magic ** 1.5) * 180 / PI];
}

export function toGround(point, datum) {
  if (datum !== "gcj02") return point;
  const [east, north] = offset(point);
  return [point[0] + east, point[1] + north];
}

export function fromGround(point, datum) {
  if (datum !== "gcj02") return point;
  let found = point;
  for (let i = 0; i < 5; i += 1) {
    const there = toGround(found, datum);
    found = [found[0] - (there[0] - point[0]), found[1] - (there[1] - point[1])];
  }
  return found;
}

export const shiftBox = ([west, south, east, north], datum) => [...toGround([west, south], datum), ...toGround([east, north], datum)];

const moved = (coordinates, datum) => (typeof coordinates[0] === "number" ? toGround(coordinates, datum) : coordinates.map((one) => moved(one, datum)));

function movedGeometry(geometry, datum) {
  if (!geometry) return geometry;
  return geometry.geometries ? { ...geometry, geometries: geometry.geometries.map((one) => movedGeometry(one, datum)) } : { ...geometry, coordinates: moved(geometry.coordinates, datum) };
}

export function shifted(data, datum) {
  if (datum !== "gcj02" || !data?.features) return data;
  return { ...data, features: data.features.map((one) => ({ ...one, geometry: movedGeometry(one.geometry, datum) })) };
}
