// One question, opened: its words, its choices, when it is asked, what is right.
import { conditions } from "./build_conditions.js";
import { bare, button, choice, field, make, tick } from "./build_parts.js";
import { columns, fresh, isSelect, kindOf, KINDS, limited, limitOf, limits, listOf, names, put, rename } from "./build_rows.js";

const SHOWN = ["type", "name", "label", "hint", "required", "relevant", "constraint", "constraint_message", "calculation", "default", "bind::register"];
const TRUE = /^(yes|true|1|true\(\))$/i;

export function editorOf(page, row) {
  const kind = kindOf(row), { survey } = page.data, { words } = page;
  const box = make("div", "zt-build-editor");
  const set = (head) => (said) => page.change(() => put(survey, row, head, said));
  const text = (label, head, more) => field(label, row[head], set(head), more);
  const inLanguages = (label, base, more) => columnsOf(survey, base).map((head) => text(named(label, head), head, more));
  if (kind === "kept") box.append(make("p", "zt-muted", words.kept_row.replace("{0}", row.type ?? "")));
  else if (kind !== "calculate") box.append(...inLanguages(words.label, "label", { area: true }));
  if (kind === "calculate") box.append(text(words.label, columnsOf(survey, "label")[0]), text(words.calculation, "calculation", { mono: true, hint: words.calculation_hint }));
  const isAsked = KINDS.includes(kind) && kind !== "note" && kind !== "calculate";
  if (KINDS.includes(kind)) box.append(choice(words.kind, KINDS.map((one) => [one, words.kinds[one]]), kind, (to) => page.change(() => retype(page, row, to), true)));
  if (kind === "group" || kind === "repeat") box.append(choice(words.kind, ["group", "repeat"].map((one) => [one, words.kinds[one]]), kind, (to) => page.change(() => resection(page, row, to), true)));
  if (isSelect(kind)) box.append(listEditor(page, row));
  if (isAsked) {
    box.append(tick(words.required, TRUE.test(row.required ?? ""), (isOn) => page.change(() => put(survey, row, "required", isOn ? "yes" : ""))));
    box.append(...inLanguages(words.hint, "hint"));
  }
  if (kind !== "calculate" && kind !== "kept") box.append(conditions(page, row));
  if (isAsked && (row.constraint || !["image", "audio", "video", "geopoint"].includes(kind))) box.append(...limitEditor(page, row, kind));
  box.append(more(page, row, kind, text));
  return box;
}

const columnsOf = (sheet, base) => (columns(sheet, base).length ? columns(sheet, base) : [base]);
const named = (label, head) => (head.includes("::") ? `${label} · ${head.split("::").slice(1).join(" ")}` : label);

// What is seldom needed.
function more(page, row, kind, text) {
  const { words } = page, box = make("details", "zt-build-more");
  box.append(make("summary", "", words.more));
  box.append(field(words.name, row.name, (said) => page.change(() => {
    if (row.name && said) rename([...page.data.survey.rows, ...page.data.choices.rows], row.name, said);
    put(page.data.survey, row, "name", said);
  }), { mono: true, hint: words.name_hint }));
  if (["text", "integer", "decimal", "date", "select_one", "select_multiple"].includes(kind)) box.append(text(words.default, "default", { type: kind === "date" ? "date" : "text" }));
  if (kind === "text") box.append(choice(words.register, [["", words.none], ...page.fields.map((one) => [one, words.registers[one] ?? one])], row["bind::register"] ?? "", (said) => page.change(() => put(page.data.survey, row, "bind::register", said))));
  const other = Object.keys(row).filter((head) => row[head] && !SHOWN.includes(head) && !SHOWN.includes(head.split("::")[0]));
  if (other.length) box.append(make("p", "form-hint", `${words.kept_cells}${other.map((head) => `${head} = ${row[head]}`).join("；")}`));
  return box;
}

function retype(page, row, to) {
  if (!isSelect(to)) row.type = to;
  else row.type = `${to} ${listOf(row) || newList(page)}`;
  if (to === "calculate") put(page.data.survey, row, "calculation", row.calculation || "0");
  else put(page.data.survey, row, "calculation", "");
  if (to === "calculate" || to === "note") put(page.data.survey, row, "required", "");
  if (limitOf(row.constraint ?? "", to).sort === "formula") put(page.data.survey, row, "constraint", "");
}

function resection(page, row, to) {
  const end = page.endOf(row);
  row.type = `begin_${to}`;
  if (end) end.type = `end_${to}`;
}

export function newList(page) {
  const { choices } = page.data;
  const list = fresh(new Set(choices.rows.map((one) => one.list_name)), "list");
  for (const place of [1, 2]) {
    const row = { list_name: list, name: String(place) };
    columnsOf(choices, "label").forEach((head) => put(choices, row, head, page.words.choice.replace("{0}", place)));
    for (const head of ["list_name", "name"]) if (!choices.heads.includes(head)) choices.heads.push(head);
    choices.rows.push(row);
  }
  return list;
}

// The choices of a question; a list may belong to several questions.
function listEditor(page, row) {
  const { words, data } = page, { choices } = data, list = listOf(row);
  const box = make("fieldset", "zt-build-list-box");
  const known = [...new Set(choices.rows.map((one) => one.list_name).filter(Boolean))];
  const pick = (to) => page.change(() => { row.type = row.type.trim().replace(/\S+$/, to === "" ? newList(page) : to); }, true);
  const users = data.survey.rows.filter((one) => listOf(one) === list).length;
  box.append(make("legend", "", words.choices), choice(words.list, [...known.map((one) => [one, one]), ["", words.new_list]], list, pick));
  if (users > 1) box.append(make("p", "form-hint", words.shared.replace("{0}", users)));
  const mine = choices.rows.filter((one) => one.list_name === list);
  const lines = make("ol", "zt-build-choices");
  lines.append(...mine.map((one, at) => choiceLine(page, mine, one, at)));
  const add = make("input", "form-control");
  add.placeholder = words.add_choice;
  add.setAttribute("aria-label", words.add_choice);
  const take = () => {
    const said = add.value.split(/\n|；|;/).map((one) => one.trim()).filter(Boolean);
    add.value = ""; // what is drawn anew leaves the page, which some browsers tell as one more change
    if (said.length) page.change(() => said.forEach((one) => addChoice(page, list, one)), true, ".zt-build-choices + input");
  };
  add.addEventListener("paste", (event) => {
    const said = event.clipboardData.getData("text");
    if (!said.trim().includes("\n")) return;
    event.preventDefault();
    add.value = said.replace(/\r?\n/g, "；");
    take();
  });
  add.addEventListener("keydown", (event) => { if (event.key === "Enter") { event.preventDefault(); take(); } });
  add.addEventListener("change", take);
  box.append(lines, add);
  return box;
}

function addChoice(page, list, said) {
  const { choices } = page.data;
  const mine = choices.rows.filter((one) => one.list_name === list);
  const row = { list_name: list, name: fresh(names(mine), "") };
  columnsOf(choices, "label").forEach((head) => put(choices, row, head, said));
  choices.rows.splice(choices.rows.lastIndexOf(mine.at(-1)) + 1 || choices.rows.length, 0, row);
}

function choiceLine(page, mine, one, at) {
  const { words, data } = page, { choices } = data;
  const line = make("li");
  const input = (head, label, className) => {
    const control = make("input", `form-control ${className}`);
    control.value = one[head] ?? "";
    control.setAttribute("aria-label", `${label} ${at + 1}`);
    control.addEventListener("change", () => page.change(() => put(choices, one, head, control.value.trim())));
    return control;
  };
  const swap = (by) => () => page.change(() => {
    const [a, b] = [choices.rows.indexOf(one), choices.rows.indexOf(mine[at + by])];
    [choices.rows[a], choices.rows[b]] = [choices.rows[b], choices.rows[a]];
  }, true);
  const up = button("↑", swap(-1)), down = button("↓", swap(1));
  up.disabled = at === 0;
  down.disabled = at === mine.length - 1;
  up.setAttribute("aria-label", `${words.up} ${at + 1}`);
  down.setAttribute("aria-label", `${words.down} ${at + 1}`);
  const drop = button("×", () => page.change(() => choices.rows.splice(choices.rows.indexOf(one), 1), true));
  drop.setAttribute("aria-label", `${words.drop} ${at + 1}`);
  line.append(input("name", words.value, "zt-build-value font-monospace"), ...columnsOf(choices, "label").map((head) => input(head, named(words.choice_label, head), "")), up, down, drop);
  return line;
}

// What is right: by clicks, or as an expression, and what is said otherwise.
function limitEditor(page, row, kind) {
  const { words, data } = page, { survey } = data, found = limitOf(row.constraint ?? "", kind);
  const box = make("fieldset");
  const set = (said) => page.change(() => put(survey, row, "constraint", said));
  const options = [["", words.any], ...limits(kind).map((one) => [one, words.limits[one]]), ["formula", words.formula]];
  const rest = make("div", "zt-build-line");
  const draw = (sort) => {
    rest.replaceChildren();
    const now = { ...found, sort };
    if (sort === "between") {
      for (const end of ["least", "most"]) rest.append(field(words[end], found[end], (said) => { now[end] = found[end] = said; set(limited(now)); }, { type: "number" }));
    }
    if (sort === "formula") rest.append(field(words.formula, row.constraint, set, { mono: true, hint: words.constraint_hint }));
  };
  box.append(make("legend", "", words.right), bare(options, found.sort, words.right, (sort) => {
    if (sort !== "formula" && sort !== "between") set(sort ? limited({ sort }) : "");
    draw(sort);
  }), rest);
  draw(found.sort);
  box.append(...columnsOf(survey, "constraint_message").map((head) => field(named(words.message, head), row[head], (said) => page.change(() => put(survey, row, head, said)))));
  return [box];
}
