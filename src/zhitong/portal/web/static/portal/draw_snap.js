// Snapping what is drawn to the corners and edges of the divisions in view.
const CORNER = 14; // pixels
const EDGE = 10;

function rings({ type, coordinates }) {
  return type === "Polygon" ? coordinates : type === "MultiPolygon" ? coordinates.flat() : [];
}

function nearestOnEdge([px, py], [ax, ay], [bx, by]) {
  const [dx, dy] = [bx - ax, by - ay];
  const length = dx * dx + dy * dy;
  const t = length ? Math.min(1, Math.max(0, ((px - ax) * dx + (py - ay) * dy) / length)) : 0;
  return [ax + t * dx, ay + t * dy];
}

// ``features()`` gives the borders; the answer is the place to take, or nothing where no border is near.
export function makeSnap(map, features) {
  return ({ lng, lat }) => {
    const here = map.project([lng, lat]);
    const reach = Math.abs(map.unproject([here.x + 2 * CORNER, here.y]).lng - lng);
    const far = ({ x, y }) => Math.hypot(x - here.x, y - here.y);
    let corner = null, edge = null;
    for (const { geometry } of features()) {
      for (const ring of rings(geometry)) {
        for (let i = 0; i + 1 < ring.length; i += 1) {
          const [[ax, ay], [bx, by]] = [ring[i], ring[i + 1]];
          if (Math.max(ax, bx) < lng - reach || Math.min(ax, bx) > lng + reach || Math.max(ay, by) < lat - reach || Math.min(ay, by) > lat + reach) continue;
          const atCorner = far(map.project(ring[i]));
          if (atCorner <= CORNER && (!corner || atCorner < corner.far)) corner = { far: atCorner, at: ring[i] };
          const [a, b] = [map.project(ring[i]), map.project(ring[i + 1])];
          const [x, y] = nearestOnEdge([here.x, here.y], [a.x, a.y], [b.x, b.y]);
          const atEdge = far({ x, y });
          if (atEdge <= EDGE && (!edge || atEdge < edge.far)) edge = { far: atEdge, at: map.unproject([x, y]) };
        }
      }
    }
    if (corner) return corner.at;
    return edge ? [Number(edge.at.lng.toFixed(7)), Number(edge.at.lat.toFixed(7))] : undefined;
  };
}
