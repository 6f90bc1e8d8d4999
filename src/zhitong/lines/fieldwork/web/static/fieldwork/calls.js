// Calls by video: one tap goes into the room, in a page of its own, so that the round that is on goes on here.
import { csrf } from "./contact.js";
import { renew } from "./rows.js";

const addresses = document.getElementById("field").dataset;
const NO_ONE = "00000000-0000-0000-0000-000000000000";

export const isNew = (heard, known) => (heard ?? []).some(({ id }) => !(known ?? []).some((other) => other.id === id));

export function show(list, known, item, words, say) {
  renew(list, known.map((call) => [call.id, call, () => {
    const row = item(call);
    const form = row.appendChild(document.createElement("form"));
    Object.assign(form, { method: "post", action: addresses.join.replace(NO_ONE, call.id), target: "_blank", rel: "noopener" });
    const token = form.appendChild(document.createElement("input"));
    Object.assign(token, { type: "hidden", name: "csrfmiddlewaretoken" });
    const button = form.appendChild(document.createElement("button"));
    button.className = "btn zt-btn-primary fw-wide";
    button.textContent = words.enter;
    form.addEventListener("submit", (event) => {
      token.value = csrf();
      if (navigator.onLine && token.value) return;
      event.preventDefault();
      say(words.away, true);
    });
    return row;
  }]));
}
