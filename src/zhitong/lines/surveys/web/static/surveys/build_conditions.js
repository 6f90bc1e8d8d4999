// When a question is asked: always, by clicks, or as an expression.
import { bare, button, field, make } from "./build_parts.js";
import { isEnding, isSelect, kindOf, listOf, operators, parsed, put, worded, written } from "./build_rows.js";

export function conditions(page, row) {
  const { words, data } = page, { survey, choices } = data;
  const box = make("fieldset", "zt-build-conditions");
  const said = row.relevant ?? "";
  const state = said ? parsed(said) : null;
  let sort = said ? (state ? "clicks" : "formula") : "";
  let now = state ?? { join: "and", parts: [] };
  const body = make("div", "zt-build-field");
  const before = survey.rows.filter((one) => one !== row && one.name && !isEnding(one) && !["group", "repeat", "note", "kept"].includes(kindOf(one)));
  const rowOf = (name) => before.find((one) => one.name === name);
  const kindOfName = (name) => (rowOf(name) ? kindOf(rowOf(name)) : "text");
  const keep = () => page.change(() => put(survey, row, "relevant", written(now, kindOfName)));

  function draw() {
    body.replaceChildren();
    if (sort === "formula") body.append(field(words.formula, row.relevant, (to) => page.change(() => put(survey, row, "relevant", to)), { mono: true, hint: words.relevant_hint }));
    if (sort === "clicks") {
      if (now.parts.length > 1) body.append(bare([["and", words.all], ["or", words.some]], now.join, words.joined, (to) => { now.join = to; keep(); }));
      body.append(...now.parts.map(part), button(words.add_condition, () => { now.parts.push(first()); draw(); body.querySelectorAll("select").item(body.querySelectorAll("select").length - 1)?.focus(); }));
    }
  }

  const first = () => ({ name: "", op: "=", value: "" });

  function part(one, at) {
    const line = make("div", "zt-build-line"), kind = kindOfName(one.name), other = rowOf(one.name);
    const changed = () => { keep(); draw(); };
    const asked = [["", words.pick], ...before.map((each) => [each.name, worded(survey, each) || each.name])];
    line.append(bare(other || !one.name ? asked : [...asked, [one.name, one.name]], one.name, words.question, (to) => { Object.assign(one, { name: to, op: operators(kindOfName(to))[0], value: "" }); changed(); }));
    if (one.name) {
      const known = operators(kind);
      const shown = known.includes(one.op) ? known : [...known, one.op];
      line.append(bare(shown.map((op) => [op, words.operators[op]]), one.op, words.condition, (to) => { one.op = to; changed(); }));
      if (one.op !== "given" && one.op !== "empty") line.append(value(one, kind, other));
    }
    const drop = button("×", () => { now.parts.splice(at, 1); keep(); draw(); });
    drop.setAttribute("aria-label", words.drop);
    line.append(drop);
    return line;
  }

  function value(one, kind, other) {
    if (other && isSelect(kind)) {
      const offered = choices.rows.filter((each) => each.list_name === listOf(other)).map((each) => [each.name, worded(choices, each) || each.name]);
      return bare([["", words.pick], ...offered], one.value, words.value, (to) => { one.value = to; keep(); });
    }
    const input = make("input", "form-control");
    input.type = kind === "date" ? "date" : ["integer", "decimal"].includes(kind) ? "number" : "text";
    if (input.type === "number") input.step = "any";
    input.value = one.value;
    input.setAttribute("aria-label", words.value);
    input.addEventListener("change", () => { one.value = input.value.trim(); keep(); });
    return input;
  }

  box.append(make("legend", "", words.when), bare([["", words.always], ["clicks", words.clicks], ["formula", words.formula]], sort, words.when, (to) => {
    if (to === "clicks" && !now.parts.length) now = { join: "and", parts: [first()] };
    if (to === "") { page.change(() => put(survey, row, "relevant", "")); now = { join: "and", parts: [] }; }
    sort = to;
    draw();
  }), body);
  draw();
  return box;
}
