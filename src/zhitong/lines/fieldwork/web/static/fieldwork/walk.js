// A round: checked in inside the grid's shape, the track kept as it grows, what was come near drawn over the shape.
import { now } from "./contact.js";
import * as queue from "./queue.js";
import * as store from "./store.js";

const FIX = { enableHighAccuracy: true, timeout: 20_000, maximumAge: 5_000 };
const DEGREE = 111_320;
const NEAR = 40;
const STEP = 8; // metres, or so many seconds: nearer than that is no new point
const PAUSE = 20;
const INEXACT = 100;

// While a round is followed its last fix says where the phone is: whoever moves is told of anew, and a second question may wait long.
const STANDS = 60_000;
let followed = null;

export const here = () => new Promise((done, failed) => {
  if (followed && Date.now() - followed.at < STANDS) done(followed.coords);
  else if (!navigator.geolocation) failed(new Error("no geolocation"));
  else navigator.geolocation.getCurrentPosition(({ coords }) => done(coords), failed, FIX);
});

const east = (lat) => DEGREE * Math.cos((lat * Math.PI) / 180);
export const apart = ([, lon, lat], [, lon2, lat2]) => Math.hypot((lon - lon2) * east(lat), (lat - lat2) * DEGREE);

const rings = (shape) => (shape.type === "Polygon" ? shape.coordinates : shape.coordinates.flat());

export function isInside(shape, lon, lat) {
  let inside = false;
  for (const ring of rings(shape)) {
    for (let n = 0, last = ring.length - 1; n < ring.length; last = n++) {
      const [[x, y], [x2, y2]] = [ring[n], ring[last]];
      if (y > lat !== y2 > lat && lon < ((x2 - x) * (lat - y)) / (y2 - y) + x) inside = !inside;
    }
  }
  return inside;
}

export class Walk {
  constructor(changed) {
    this.changed = changed;
    this.on = null;
    this.watch = null;
  }

  async resume() {
    this.on = await store.known("walk");
    if (this.on) this.follow();
  }

  async begin(grid) {
    const { longitude: lon, latitude: lat, accuracy } = await here();
    const round = crypto.randomUUID();
    this.on = { round, grid: grid.id, begun: now().toISOString(), accuracy, track: [[0, lon, lat, accuracy]],
      inside: grid.shape ? isInside(grid.shape, lon, lat) : true };
    await store.keep("walk", this.on);
    await queue.add("check_in", { round, grid: grid.id, lon, lat, accuracy });
    this.follow();
  }

  follow() {
    if (!navigator.geolocation || this.watch !== null) return;
    const heard = ({ coords }) => {
      followed = { coords, at: Date.now() };
      this.step(coords);
    };
    this.watch = navigator.geolocation.watchPosition(heard, () => undefined, FIX);
  }

  async step({ longitude, latitude, accuracy }) {
    if (!this.on || accuracy > INEXACT) return;
    const point = [Math.max(0, (now() - new Date(this.on.begun)) / 1000), longitude, latitude, accuracy];
    const last = this.on.track.at(-1);
    if (last && apart(last, point) < STEP && point[0] - last[0] < PAUSE) return;
    this.on.track.push(point);
    await store.keep("walk", this.on);
    this.changed();
  }

  async end() {
    const { round, track } = this.on;
    this.stop();
    await queue.add("walked", { round, track });
    this.on = null;
    await store.drop("walk");
  }

  stop() {
    if (this.watch !== null) navigator.geolocation.clearWatch(this.watch);
    this.watch = followed = null;
  }

  get metres() {
    return this.on ? this.on.track.reduce((sum, point, n, all) => sum + (n ? apart(all[n - 1], point) : 0), 0) : 0;
  }
}

// The shape, a band as wide as what was come near, the track, and where the worker stands.
export function draw(canvas, shape, track, doors = []) {
  const pen = canvas.getContext("2d");
  const size = canvas.clientWidth * devicePixelRatio;
  canvas.width = canvas.height = size;
  const points = [...rings(shape).flat(), ...track.map(([, lon, lat]) => [lon, lat])];
  const [west, south] = [0, 1].map((axis) => Math.min(...points.map((point) => point[axis])));
  const [right, top] = [0, 1].map((axis) => Math.max(...points.map((point) => point[axis])));
  const squeeze = Math.cos((south * Math.PI) / 180);
  const scale = (size * 0.9) / Math.max((right - west) * squeeze, top - south, 1e-6);
  const at = ([lon, lat]) => [size * 0.05 + (lon - west) * squeeze * scale, size * 0.95 - (lat - south) * scale];
  const colour = (name) => getComputedStyle(canvas).getPropertyValue(name);
  const trace = (line) => line.forEach((point, n) => pen[n ? "lineTo" : "moveTo"](...at(point)));
  const outline = new Path2D();
  for (const ring of rings(shape)) {
    ring.forEach((point, n) => outline[n ? "lineTo" : "moveTo"](...at(point)));
    outline.closePath();
  }
  pen.fillStyle = colour("--zt-sunken");
  pen.fill(outline, "evenodd");
  const line = track.map(([, lon, lat]) => [lon, lat]);
  pen.lineCap = pen.lineJoin = "round";
  if (line.length) {
    pen.save();
    pen.clip(outline, "evenodd");
    pen.strokeStyle = colour("--zt-good-line");
    pen.lineWidth = (2 * NEAR * scale) / DEGREE;
    pen.beginPath();
    trace(line.length > 1 ? line : [line[0], line[0]]);
    pen.stroke();
    pen.restore();
    pen.strokeStyle = colour("--zt-azurite");
    pen.lineWidth = 3 * devicePixelRatio;
    pen.beginPath();
    trace(line);
    pen.stroke();
    pen.fillStyle = colour("--zt-bad");
    pen.beginPath();
    pen.arc(...at(line.at(-1)), 6 * devicePixelRatio, 0, 7);
    pen.fill();
  }
  for (const { lon, lat } of doors) {
    const isSeen = track.some((point) => apart(point, [0, lon, lat]) <= NEAR);
    pen.fillStyle = colour(isSeen ? "--zt-good" : "--zt-warn");
    pen.beginPath();
    pen.arc(...at([lon, lat]), 4 * devicePixelRatio, 0, 7);
    pen.fill();
  }
  pen.strokeStyle = colour("--zt-ink");
  pen.lineWidth = 2 * devicePixelRatio;
  pen.stroke(outline);
}
