// What a map has to say of itself: tiles that cannot be read, shapes that were left out.
import { say } from "./words.js";

export function note(frame, key, text) {
  let line = frame.querySelector(`[data-note="${key}"]`);
  if (!text) { line?.remove(); return; }
  if (!line) {
    let box = frame.querySelector(".zt-map-notes");
    if (!box) {
      box = document.createElement("div");
      box.className = "zt-map-notes";
      box.setAttribute("role", "status");
      frame.append(box);
    }
    line = document.createElement("p");
    line.dataset.note = key;
    box.append(line);
  }
  line.textContent = text;
}

// One failed tile is nothing; a ground is lost when tiles fail and none has come.
export function watchGround(map, frame) {
  let came = 0, failed = 0;
  const tell = (state, reason) => {
    frame.dataset.ground = state;
    note(frame, "ground", state === "failed" ? say("ground_failed") : "");
    frame.dispatchEvent(new CustomEvent("zt-ground", { bubbles: true, detail: { state, reason } }));
  };
  map.on("error", ({ sourceId, error }) => {
    if (sourceId !== "tiles" && sourceId !== "labels") { console.warn("map", error); return; }
    failed += 1;
    if (!came && frame.dataset.ground !== "failed") tell("failed", error?.status ? String(error.status) : error?.message ?? "");
  });
  map.on("sourcedata", ({ sourceId, tile }) => {
    if (sourceId !== "tiles" || tile?.state !== "loaded") return;
    came += 1;
    if (frame.dataset.ground !== "shown") tell("shown");
  });
}
