// The rows of a form's sheets, as the page on which it is built handles them.  Nothing here touches the page.
export const KINDS = ["text", "integer", "decimal", "date", "select_one", "select_multiple", "geopoint", "image", "audio", "video", "note", "calculate"];
const SELECT = /^(select[ _]one|select1|select[ _]multiple|select all that apply)(?: from)? +(\S+)$/i;
const SAME = { int: "integer", string: "text", gps: "geopoint", photo: "image", begin_group: "group", begin_repeat: "repeat" };

export const isOpening = (row) => /^begin[ _]/i.test(row.type ?? "");
export const isEnding = (row) => /^end[ _](?!$)/i.test(row.type ?? "");
export const isSelect = (kind) => kind === "select_one" || kind === "select_multiple";

// What sort of row it is; `kept` for what this page does not know.
export function kindOf(row) {
  const type = (row.type ?? "").trim().toLowerCase();
  if (isEnding(row)) return "end";
  const select = type.match(SELECT);
  if (select) return /one|1/.test(select[1]) ? "select_one" : "select_multiple";
  const plain = SAME[type.replace(" ", "_")] ?? type;
  if (KINDS.includes(plain) && !isSelect(plain)) return plain;
  return plain === "group" || plain === "repeat" ? plain : "kept";
}

export const listOf = (row) => (row.type ?? "").trim().match(SELECT)?.[2] ?? "";
export const columns = (sheet, base) => sheet.heads.filter((head) => head === base || head.startsWith(`${base}::`));
export const worded = (sheet, row, base = "label") => columns(sheet, base).map((head) => row[head]).find(Boolean) ?? "";

export function put(sheet, row, head, said) {
  if (!sheet.heads.includes(head)) sheet.heads.push(head);
  if (said) row[head] = said;
  else delete row[head];
}

// From a row to its last: of a section, everything in it.
export function lastOf(rows, first) {
  if (!isOpening(rows[first])) return first;
  let depth = 0;
  for (let at = first; at < rows.length; at += 1) {
    if (isOpening(rows[at])) depth += 1;
    if (isEnding(rows[at])) depth -= 1;
    if (depth === 0) return at;
  }
  return rows.length - 1;
}

export function depths(rows) {
  let depth = 0;
  return rows.map((row) => {
    if (isEnding(row)) depth = Math.max(0, depth - 1);
    const here = depth;
    if (isOpening(row)) depth += 1;
    return here;
  });
}

// Move the block that begins at `first` in front of the row `to`; whether it could be.
export function move(rows, first, to) {
  const last = lastOf(rows, first);
  if (to < 0 || to > rows.length || (to >= first && to <= last + 1)) return false;
  const block = rows.splice(first, last - first + 1);
  rows.splice(to > last ? to - block.length : to, 0, ...block);
  return true;
}

export function fresh(taken, stem) {
  let number = 1;
  while (taken.has(`${stem}${number}`)) number += 1;
  return `${stem}${number}`;
}

export const names = (rows) => new Set(rows.map((row) => row.name).filter(Boolean));

// Everything that speaks of a question speaks of it by its new name.
export function rename(rows, from, to) {
  for (const row of rows) {
    for (const head of Object.keys(row)) row[head] = row[head].replaceAll(`\${${from}}`, `\${${to}}`);
  }
}

// The block once more behind itself, with names of its own.
export function duplicate(rows, first) {
  const last = lastOf(rows, first);
  const block = rows.slice(first, last + 1).map((row) => ({ ...row }));
  const taken = names(rows);
  for (const row of block.filter((one) => one.name && !isEnding(one))) {
    const name = fresh(taken, `${row.name}_`);
    taken.add(name);
    rename(block, row.name, name);
    row.name = name;
  }
  rows.splice(last + 1, 0, ...block);
  return last + 1;
}

// Conditions by clicks: `${a} = 'x' and selected(${b}, 'y')`, and back.
const PART = [
  [/^selected\(\s*\$\{([^}]+)\}\s*,\s*(?:'([^']*)'|"([^"]*)")\s*\)$/, () => "has"],
  [/^not\(\s*selected\(\s*\$\{([^}]+)\}\s*,\s*(?:'([^']*)'|"([^"]*)")\s*\)\s*\)$/, () => "hasnot"],
  [/^\$\{([^}]+)\}\s*(!=|>=|<=|=|>|<)\s*(?:'([^']*)'|"([^"]*)"|(-?\d+(?:\.\d+)?)|date\('([^']*)'\))$/, (found) => found[2]],
];

export function parsed(said) {
  const [parts, joins] = split(said.trim());
  if (new Set(joins).size > 1) return null;
  const found = parts.map(partOf);
  return found.every(Boolean) ? { join: joins[0] ?? "and", parts: found } : null;
}

function split(said) {
  const parts = [], joins = [];
  let depth = 0, quote = "", from = 0;
  for (let at = 0; at < said.length; at += 1) {
    const one = said[at];
    if (quote) quote = one === quote ? "" : quote;
    else if (one === "'" || one === '"') quote = one;
    else if (one === "(") depth += 1;
    else if (one === ")") depth -= 1;
    else if (!depth) {
      const join = said.slice(at).match(/^\s(and|or)\s/);
      if (join) { parts.push(said.slice(from, at)); joins.push(join[1]); at += join[0].length - 1; from = at + 1; }
    }
  }
  return [[...parts, said.slice(from)], joins];
}

function partOf(said) {
  for (const [pattern, op] of PART) {
    const found = said.trim().match(pattern);
    if (!found) continue;
    const value = found.slice(op(found) === found[2] ? 3 : 2).find((one) => one !== undefined) ?? "";
    const is = op(found);
    if (value === "" && (is === "=" || is === "!=")) return { name: found[1], op: is === "=" ? "empty" : "given", value: "" };
    return { name: found[1], op: is, value };
  }
  return null;
}

const quoted = (said) => (said.includes("'") ? `"${said.replaceAll('"', "")}"` : `'${said}'`);

export function written({ join, parts }, kindOfName) {
  return parts.filter((one) => one.name && (one.value !== "" || one.op === "empty" || one.op === "given")).map(({ name, op, value }) => {
    const kind = kindOfName(name), mine = `\${${name}}`;
    if (op === "empty") return `${mine} = ''`;
    if (op === "given") return `${mine} != ''`;
    if (op === "has") return `selected(${mine}, ${quoted(value)})`;
    if (op === "hasnot") return `not(selected(${mine}, ${quoted(value)}))`;
    if (kind === "date") return `${mine} ${op} date('${value}')`;
    const isNumber = ["integer", "decimal", "calculate"].includes(kind) && /^-?\d+(\.\d+)?$/.test(value);
    return `${mine} ${op} ${isNumber ? value : quoted(value)}`;
  }).join(` ${join} `);
}

// What may be asked of a question of that kind.
export function operators(kind) {
  if (kind === "select_multiple") return ["has", "hasnot", "given", "empty"];
  if (["integer", "decimal", "date", "calculate"].includes(kind)) return ["=", "!=", ">=", "<=", ">", "<", "given", "empty"];
  return kind === "select_one" || kind === "text" ? ["=", "!=", "given", "empty"] : ["given", "empty"];
}

// Constraints by clicks; what is not among them is an expression.
const FIXED = { mobile: "regex(., '1[3-9][0-9]{9}')", number: "regex(., '[1-9][0-9]{16}[0-9Xx]')", past: ". <= today()", coming: ". >= today()" };

export function limits(kind) {
  return { text: ["mobile", "number"], integer: ["between"], decimal: ["between"], date: ["past", "coming"] }[kind] ?? [];
}

export function limitOf(said, kind) {
  if (!said) return { sort: "" };
  const fixed = limits(kind).find((one) => FIXED[one] === said);
  if (fixed) return { sort: fixed };
  const found = said.match(/^(?:\. >= (-?\d+(?:\.\d+)?))?(?: and )?(?:\. <= (-?\d+(?:\.\d+)?))?$/);
  if (found && limits(kind).includes("between")) return { sort: "between", least: found[1] ?? "", most: found[2] ?? "" };
  return { sort: "formula" };
}

export const limited = ({ sort, least, most }) => FIXED[sort] ?? [least && `. >= ${least}`, most && `. <= ${most}`].filter(Boolean).join(" and ");
