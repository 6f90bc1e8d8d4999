// Small pieces of the page on which forms are built.
let last = 0;

export function make(tag, className = "", words = "") {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (words) element.textContent = words;
  return element;
}

export function button(words, run, className = "btn btn-sm") {
  const element = make("button", className, words);
  element.type = "button";
  element.addEventListener("click", run);
  return element;
}

// A control under its label; `told` is called with what was said when it is left.
export function field(label, said, told, { area = false, type = "text", hint = "", mono = false } = {}) {
  const box = make("div", "zt-build-field");
  const input = make(area ? "textarea" : "input", `form-control${mono ? " font-monospace" : ""}`);
  if (area) input.rows = 2;
  else input.type = type;
  input.value = said ?? "";
  input.maxLength = 2000;
  labelled(box, input, label, hint);
  input.addEventListener("change", () => told(input.value.trim()));
  return box;
}

export function labelled(box, input, words, hint = "") {
  const label = make("label", "form-label", words);
  input.id = `zt-b${(last += 1)}`;
  label.htmlFor = input.id;
  box.append(label, input);
  if (hint) box.append(make("p", "form-hint", hint));
}

export function choice(label, options, said, told) {
  const box = make("div", "zt-build-field");
  const select = make("select", "form-select");
  select.append(...options.map(([value, words]) => new Option(words, value)));
  select.value = said;
  labelled(box, select, label);
  select.addEventListener("change", () => told(select.value));
  return box;
}

export function bare(options, said, label, told) {
  const select = make("select", "form-select");
  select.append(...options.map(([value, words]) => new Option(words, value)));
  select.value = said;
  select.setAttribute("aria-label", label);
  select.addEventListener("change", () => told(select.value));
  return select;
}

export function tick(label, isOn, told) {
  const line = make("label", "form-check");
  const input = make("input", "form-check-input");
  input.type = "checkbox";
  input.checked = isOn;
  input.addEventListener("change", () => told(input.checked));
  line.append(input, make("span", "form-check-label", label));
  return line;
}
