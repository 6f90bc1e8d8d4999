// What is in the queue and what became of it; what was refused or meets another's change is shown until somebody decides.
import * as queue from "./queue.js";
import { renew } from "./rows.js";

function button(label, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "btn zt-btn-secondary";
  made.textContent = label;
  made.addEventListener("click", async () => { made.disabled = true; await act(); });
  return made;
}

function outcome(entry, words) {
  const said = entry.answer ?? {};
  if (entry.state === "waiting") return words.state_waiting;
  if (entry.state !== "done") return said.message ?? words.state_refused;
  if (said.number) return words.state_number.replace("{number}", said.number);
  if (said.inside === false) return words.state_outside.replace("{metres}", said.outside_m);
  if (said.buildings) return words.state_seen.replace("{metres}", said.metres).replace("{seen}", said.seen).replace("{count}", said.buildings);
  if (said.covered != null) return words.state_covered.replace("{metres}", said.metres).replace("{share}", Math.round(100 * said.covered));
  return words.state_done;
}

const point = ({ lon, lat }) => (lon || lon === 0 ? `${Number(lat).toFixed(5)}, ${Number(lon).toFixed(5)}` : "—");

// What stands there now and what was entered here, side by side.
function beside(mine, theirs, words) {
  const table = document.createElement("table");
  table.className = "fw-beside";
  const line = (tag, cells) => {
    const row = table.appendChild(document.createElement("tr"));
    for (const cell of cells) row.appendChild(document.createElement(tag)).textContent = cell;
  };
  const shown = (name, value) => document.querySelector(`[name="${name}"] option[value="${CSS.escape(value)}"]`)?.textContent ?? value;
  line("th", ["", words.now_theirs, words.now_mine]);
  const { lon, lat, ...rest } = theirs;
  if (lon !== undefined || lat !== undefined) line("td", [words.field_point, point({ ...mine, ...theirs }), point(mine)]);
  for (const [name, value] of Object.entries(rest)) {
    const own = name === "ended_on" ? (mine.is_gone ? words.yes : words.none) : mine[name];
    line("td", [words[`field_${name}`] ?? name, shown(name, String(value ?? words.none)), shown(name, String(own ?? ""))]);
  }
  return table;
}

function row(entry, fields, words, changed) {
  const item = document.createElement("li");
  item.dataset.state = entry.state;
  item.dataset.key = entry.key;
  item.appendChild(document.createElement("strong")).textContent = words[`kind_${entry.kind}`] ?? entry.kind;
  const about = [fields.title, fields.text?.slice(0, 40)].filter(Boolean).join("　");
  if (about) item.appendChild(document.createElement("span")).textContent = about;
  const line = item.appendChild(document.createElement("span"));
  line.textContent = outcome(entry, words);
  line.className = { done: "fw-good", waiting: "fw-warn" }[entry.state] ?? "fw-bad";
  if (entry.answer?.theirs) {
    item.append(beside(fields, entry.answer.theirs, words), button(words.mine, async () => {
      await queue.again(entry, { version: entry.answer.version });
      await changed();
    }), button(words.theirs, async () => { await queue.discard(entry.key); await changed(); }));
  } else if (entry.state === "refused" || entry.state === "conflict") {
    item.append(
      button(words.again, async () => { await queue.again(entry); await changed(); }),
      button(words.discard, async () => { if (confirm(words.discard_sure)) await queue.discard(entry.key); await changed(); }),
    );
  }
  return item;
}

export async function show(list, entries, words, changed) {
  const read = await Promise.all(entries.map((entry) => queue.fields(entry).catch(() => ({}))));
  const rows = entries.map((entry, n) => [entry.key, [entry.state, entry.answer, read[n]], () => row(entry, read[n], words, changed)]);
  renew(list, rows.reverse());
}
