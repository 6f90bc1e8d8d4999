// One question: its words, its control, and what is wrong with its answer.
import { shrink } from "../ui/photos.js";

const PAUSE = 700; // in typing
let last = 0;

// Element and update of a question; `filling.changed(node)` is told of every answer.
export function controlOf(node, filling) {
  const id = `q${(last += 1)}`;
  const element = document.createElement("div");
  element.className = "zt-survey-question";
  const parts = { label: make("label", "form-label"), hint: make("p", "form-hint"), wrong: make("p", "invalid-feedback d-block") };
  parts.label.id = `${id}-label`;
  parts.hint.id = `${id}-hint`;
  parts.wrong.id = `${id}-wrong`;
  const control = (CONTROLS[node.nodeType] ?? text)(node, filling, id);
  element.append(parts.label, parts.hint, ...(control ? [control.element] : []), parts.wrong);
  control?.element.setAttribute("aria-describedby", `${parts.hint.id} ${parts.wrong.id}`);
  if (control?.isGroup) {
    control.element.setAttribute("role", "group");
    control.element.setAttribute("aria-labelledby", parts.label.id);
  } else parts.label.htmlFor = id;
  return { element, update: () => update(node, filling, element, parts, control) };
}

function update(node, filling, element, { label, hint, wrong }, control) {
  const { currentState } = node;
  label.textContent = currentState.label?.asString ?? "";
  if (currentState.label && !currentState.required && control) label.append(make("span", "zt-muted", ` ${filling.words.optional}`));
  picture(label, currentState.label, filling);
  label.hidden = !currentState.label;
  hint.textContent = currentState.hint?.asString ?? "";
  hint.hidden = !currentState.hint;
  const violation = filling.touched.has(node.nodeId) ? node.validationState.violation : null;
  wrong.textContent = violation ? violation.message?.asString || (violation.condition === "required" ? filling.words.required : filling.words.wrong) : "";
  wrong.hidden = !violation;
  element.toggleAttribute("data-answered", Boolean(currentState.instanceValue));
  control?.update();
  const field = control?.element.matches("input, select, textarea") ? control.element : null;
  field?.toggleAttribute("aria-invalid", Boolean(violation));
  field?.classList.toggle("is-invalid", Boolean(violation));
}

function make(tag, className, words = "") {
  const element = document.createElement(tag);
  element.className = className;
  element.textContent = words;
  return element;
}

const TYPES = { int: "number", decimal: "number", date: "date", time: "time", dateTime: "datetime-local" };

// What is typed; the value goes to the engine when the field is left, and while it is typed where that does no harm.
function text(node, filling, id) {
  const isLong = node.valueType === "string" && (node.appearances?.multiline || node.nodeOptions?.rows);
  const element = make(isLong ? "textarea" : "input", "form-control");
  element.id = id;
  if (!isLong) element.type = TYPES[node.valueType] ?? "text";
  if (element.type === "number") Object.assign(element, { inputMode: node.valueType === "int" ? "numeric" : "decimal", step: node.valueType === "int" ? "1" : "any" });
  if (node.appearances?.numbers) element.inputMode = "numeric";
  if (node.valueType.startsWith("geo")) return place(node, filling, element);
  let soon = 0;
  const heard = (isTyping) => { clearTimeout(soon); give(node, filling, element.value, isTyping); };
  element.addEventListener("change", () => heard(false));
  element.addEventListener("input", () => { clearTimeout(soon); soon = setTimeout(heard, PAUSE, true); }); // kept, should the phone die now
  return { element, update: () => show(node, element) };
}

function show(node, element) {
  element.readOnly = node.currentState.readonly;
  const value = shown(node);
  if (document.activeElement !== element && element.value !== value) element.value = value;
}

function shown(node) {
  const said = node.currentState.instanceValue ?? "";
  if (node.valueType === "dateTime") return said.slice(0, 16);
  return node.valueType === "time" ? said.slice(0, 5) : said;
}

function give(node, filling, said, isTyping = false) {
  try {
    node.setValue(typed(node.valueType, said));
  } catch {
    node.setValue(node.valueType === "string" ? said : null);
  }
  filling.changed(isTyping ? null : node); // what is half typed is not called wrong
}

function typed(type, said) {
  if (said === "") return type === "string" ? "" : null;
  if (type === "int") return BigInt(said);
  if (type === "decimal") return Number(said);
  return type === "dateTime" ? `${said}:00` : said;
}

// A place: typed, or taken from where the phone is.
function place(node, filling, input) {
  const element = make("div", "input-group");
  const here = make("button", "btn", filling.words.here);
  here.type = "button";
  input.placeholder = "36.651 117.120";
  here.addEventListener("click", () => {
    navigator.geolocation?.getCurrentPosition(
      ({ coords }) => { input.value = `${coords.latitude} ${coords.longitude} ${coords.altitude ?? 0} ${coords.accuracy}`; write(); },
      () => { filling.said.textContent = filling.words.no_place; },
      { enableHighAccuracy: true, timeout: 15000 },
    );
  });
  const write = () => {
    const [latitude, longitude, altitude, accuracy] = input.value.trim().split(/[\s,]+/).map(Number);
    const isPlace = Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180;
    node.setValue(isPlace ? { latitude, longitude, altitude: altitude ?? null, accuracy: accuracy ?? null } : null);
    filling.changed(node);
  };
  input.addEventListener("change", write);
  element.append(input, here);
  return { element, update: () => { show(node, input); here.disabled = node.currentState.readonly; } };
}

// Choices: a list to pick from when there are many, else one line each.
function select(node, filling, id) {
  const isMany = node.selectType === "select";
  const asList = !isMany && (node.appearances?.minimal || node.appearances?.autocomplete || node.currentState.valueOptions.length > 12);
  return asList ? dropdown(node, filling, id) : options(node, filling, id, isMany);
}

function dropdown(node, filling, id) {
  const element = make("select", "form-select");
  element.id = id;
  element.addEventListener("change", () => { node.selectValue(element.value || null); filling.changed(node); });
  const update = () => {
    const wanted = [["", filling.words.choose], ...node.currentState.valueOptions.map((one) => [one.value, one.label.asString])];
    const signature = JSON.stringify(wanted);
    if (element.dataset.signature !== signature) {
      element.replaceChildren(...wanted.map(([value, label]) => new Option(label, value)));
      element.dataset.signature = signature;
    }
    element.value = node.currentState.value[0] ?? "";
    element.disabled = node.currentState.readonly;
  };
  return { element, update };
}

function options(node, filling, id, isMany) {
  const element = make("div", "zt-survey-options");
  const update = () => {
    const signature = JSON.stringify(node.currentState.valueOptions.map((one) => [one.value, one.label.asString]));
    if (element.dataset.signature !== signature) {
      element.replaceChildren(...node.currentState.valueOptions.map((one) => option(node, filling, id, one, isMany)));
      element.dataset.signature = signature;
    }
    for (const input of element.querySelectorAll("input")) {
      input.checked = node.isSelected(input.value);
      input.disabled = node.currentState.readonly;
    }
  };
  return { element, update, isGroup: true };
}

function option(node, filling, id, { value, label }, isMany) {
  const line = make("label", "form-check");
  const input = make("input", "form-check-input");
  Object.assign(input, { type: isMany ? "checkbox" : "radio", name: id, value });
  input.addEventListener("change", () => {
    if (isMany) node.selectValues([...input.closest(".zt-survey-options").querySelectorAll("input:checked")].map((one) => one.value));
    else node.selectValue(value);
    filling.changed(node);
  });
  const words = make("span", "form-check-label", label.asString || (label.imageSource ? "" : value));
  picture(words, label, filling);
  line.append(input, words);
  return line;
}

function rank(node, filling) {
  const element = make("ol", "zt-survey-rank");
  const update = () => {
    const { value, valueOptions } = node.currentState;
    const order = value.length ? value : valueOptions.map((one) => one.value);
    element.replaceChildren(...order.map((one, at) => {
      const line = make("li", "", node.getValueLabel(one)?.asString ?? one);
      for (const [words, by] of [[filling.words.up, -1], [filling.words.down, 1]]) {
        const move = make("button", "btn btn-sm", words);
        move.type = "button";
        move.disabled = node.currentState.readonly || !(at + by in order);
        move.addEventListener("click", () => {
          const next = [...order];
          [next[at], next[at + by]] = [next[at + by], next[at]];
          node.setValues(next);
          filling.changed(node);
        });
        line.append(" ", move);
      }
      return line;
    }));
  };
  return { element, update, isGroup: true };
}

function range(node, filling, id) {
  const element = make("input", "form-range");
  const { start, end, step } = node.definition.bodyElement.bounds ?? node.definition.bounds ?? {};
  Object.assign(element, { id, type: "range", min: String(start ?? 0), max: String(end ?? 10), step: String(step ?? 1) });
  element.addEventListener("change", () => give(node, filling, element.value));
  return { element, update: () => { element.disabled = node.currentState.readonly; element.value = node.currentState.instanceValue || element.min; } };
}

function trigger(node, filling, id) {
  const element = make("input", "form-check-input");
  Object.assign(element, { id, type: "checkbox" });
  element.setAttribute("aria-label", filling.words.confirm);
  element.addEventListener("change", () => { node.setValue(element.checked); filling.changed(node); });
  return { element, update: () => { element.checked = Boolean(node.currentState.value); element.disabled = node.currentState.readonly; } };
}

const SORTS = { image: ["img", "image/*", "take"], audio: ["audio", "audio/*", "record"], video: ["video", "video/*", "film"] };

// A photo, shrunk on this machine, a document, or sound and film as they were recorded.
function upload(node, filling, id) {
  const sort = node.nodeOptions?.media?.type, [tag, accept, words] = SORTS[sort] ?? ["img", "image/*,application/pdf", "take"];
  const isRecorded = tag !== "img", most = JSON.parse(filling.form.dataset.most)[sort] ?? Infinity;
  const element = make("div", "zt-survey-upload");
  const input = make("input", "visually-hidden");
  const button = make("label", "btn zt-survey-take", filling.words[words]);
  const shown = document.createElement(tag);
  const drop = make("button", "btn", filling.words.drop);
  Object.assign(input, { id, type: "file", accept });
  if (isRecorded) Object.assign(shown, { controls: true, preload: "metadata" });
  button.htmlFor = id;
  drop.type = "button";
  if (!isRecorded) shown.alt = "";
  else input.setAttribute("capture", sort === "audio" ? "user" : "environment");
  const give = (file) => { node.setValue(file); filling.changed(node); };
  input.addEventListener("change", async () => {
    const [file] = input.files;
    if (!file) return;
    if (isRecorded) {
      if (file.size > most) filling.said.textContent = filling.words.too_large;
      else give(new File([file], `${Date.now()}-${id}${file.name.match(/\.\w{1,5}$/)?.[0] ?? ""}`, { type: file.type }));
      input.value = "";
      return;
    }
    try {
      const small = file.type === "application/pdf" ? file : await shrink(file);
      give(new File([small], `${Date.now()}-${id}.${file.type === "application/pdf" ? "pdf" : "jpg"}`, { type: small.type }));
    } catch {
      filling.said.textContent = filling.words.photo_bad;
    }
    input.value = "";
  });
  drop.addEventListener("click", () => give(null));
  element.append(input, button, shown, drop);
  let drawn = null;
  const update = () => {
    const { value, readonly } = node.currentState;
    if (value !== drawn) {
      URL.revokeObjectURL(shown.src);
      if (value) shown.src = URL.createObjectURL(value);
      drawn = value;
    }
    shown.hidden = !value?.type.startsWith(isRecorded ? `${sort}/` : "image/");
    drop.hidden = !value || readonly;
    input.disabled = readonly;
    button.hidden = readonly;
  };
  return { element, update };
}

// What the form shows beside its words.
function picture(beside, words, filling) {
  const address = words?.imageSource && filling.mediaOf(words.imageSource);
  if (!address) return;
  const shown = make("img", "zt-survey-picture");
  shown.src = address;
  shown.alt = words.asString;
  beside.append(document.createElement("br"), shown);
}

const CONTROLS = { input: text, select, rank, range, trigger, upload, note: () => null };
