// A list that is drawn anew keeps the rows that say the same as before: a finger that is on one still meets it, what was unfolded stays so.
const drawn = new WeakMap();

// ``wanted``: a key, what the row says, and how it is made, each.
export function renew(list, wanted) {
  const known = new Map([...list.children].map((row) => [row.dataset.row, row]));
  const rows = wanted.map(([key, content, make]) => {
    const said = JSON.stringify(content), old = known.get(String(key));
    if (old && drawn.get(old) === said) return old;
    const row = make(old);
    row.dataset.row = key;
    drawn.set(row, said);
    return row;
  });
  const kept = new Set(rows);
  for (const row of [...list.children]) if (!kept.has(row)) row.remove();
  rows.forEach((row, n) => { if (list.children[n] !== row) list.insertBefore(row, list.children[n] ?? null); });
}
