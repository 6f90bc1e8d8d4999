// A search box over a <select>: by characters, pinyin or initials; level by level when labels are paths.
import { say } from "./words.js";

const MOST = 200;

function make(tag, className, attributes = {}) {
  const element = document.createElement(tag);
  element.className = className;
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}

function optionsOf(select) {
  return [...select.options].filter((option) => option.value && !option.disabled);
}

function matches(option, query) {
  if (option.label.toLowerCase().includes(query)) return true;
  return (option.dataset.pinyin ?? "").split(" ").some((part) => part.includes(query));
}

// The entries to show: {label, note, option} to choose, {label, path} to go down or back.
function entries(select, query, path) {
  const all = optionsOf(select);
  const separator = select.dataset.cascade;
  if (query) return all.filter((option) => matches(option, query)).slice(0, MOST).map((option) => leaf(option, separator));
  if (!separator) return all.slice(0, MOST).map((option) => ({ label: option.label, option }));
  const shown = path.length ? [{ label: path.at(-1), path: path.slice(0, -1), isBack: true }] : [];
  const branches = new Set();
  for (const option of all) {
    const parts = option.label.split(separator);
    if (!path.every((part, n) => parts[n] === part) || parts.length <= path.length) continue;
    const [name, deeper] = [parts[path.length], parts.length > path.length + 1];
    if (!deeper) shown.push({ label: name, option });
    else if (!branches.has(name)) {
      branches.add(name);
      shown.push({ label: name, path: [...path, name] });
    }
  }
  return shown;
}

function leaf(option, separator) {
  if (!separator) return { label: option.label, option };
  const parts = option.label.split(separator);
  return { label: parts.at(-1), note: parts.slice(0, -1).join(separator), option };
}

class Picker {
  constructor(select) {
    this.select = select;
    this.path = [];
    this.at = -1;
    this.build();
    this.listen();
    this.refresh();
  }

  build() {
    const { select } = this;
    this.frame = make("div", "zt-picker");
    this.list = make("ul", "zt-picker-list", { role: "listbox", id: `${select.id}_list`, hidden: "" });
    this.box = make("input", `form-control zt-picker-box${select.classList.contains("is-invalid") ? " is-invalid" : ""}`, {
      type: "text", role: "combobox", id: `${select.id}_box`, autocomplete: "off", spellcheck: "false", placeholder: say("search"),
      "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": this.list.id,
    });
    for (const name of ["aria-describedby", "aria-invalid"]) {
      if (select.hasAttribute(name)) this.box.setAttribute(name, select.getAttribute(name));
    }
    if (select.required) this.box.setAttribute("aria-required", "true");
    this.box.disabled = select.disabled;
    const label = document.querySelector(`label[for="${CSS.escape(select.id)}"]`);
    if (label) {
      label.htmlFor = this.box.id;
      this.list.setAttribute("aria-label", label.textContent.trim());
    }
    select.before(this.frame);
    this.frame.append(this.box, this.list);
    if (select.multiple) this.frame.after((this.tags = make("ul", "zt-picker-tags")));
    select.classList.add("visually-hidden");
    select.tabIndex = -1;
    select.setAttribute("aria-hidden", "true");
  }

  listen() {
    const { box, select } = this;
    box.addEventListener("focus", () => box.select());
    box.addEventListener("click", () => this.open());
    box.addEventListener("input", () => this.open(box.value.trim().toLowerCase()));
    box.addEventListener("keydown", (event) => this.onKey(event));
    box.addEventListener("blur", () => setTimeout(() => this.close(), 120));
    this.list.addEventListener("mousedown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => {
      const item = event.target.closest("[data-n]");
      if (item) this.take(this.shown[Number(item.dataset.n)]);
    });
    select.addEventListener("focus", () => box.focus());
    select.addEventListener("invalid", () => box.focus());
    select.addEventListener("zt-refresh", () => this.refresh());
    select.form?.addEventListener("reset", () => setTimeout(() => this.refresh()));
  }

  open(query = "") {
    this.shown = entries(this.select, query, this.path);
    this.at = query && this.shown.length ? 0 : -1;
    this.list.replaceChildren(...this.shown.map((entry, n) => this.item(entry, n)));
    if (!this.shown.length) this.list.append(Object.assign(make("li", "zt-picker-none", { role: "option", "aria-disabled": "true" }), { textContent: say("no_match") }));
    this.list.hidden = false;
    this.box.setAttribute("aria-expanded", "true");
    this.point(this.at);
  }

  item(entry, n) {
    const kind = entry.isBack ? " zt-back" : entry.path ? " zt-branch" : "";
    const item = make("li", `zt-picker-item${kind}`, { role: "option", id: `${this.list.id}_${n}`, "data-n": n, "aria-selected": String(Boolean(entry.option?.selected)) });
    item.append(entry.label);
    if (entry.isBack) item.setAttribute("aria-label", say("back"));
    if (entry.note) item.appendChild(document.createElement("small")).textContent = entry.note;
    return item;
  }

  point(n) {
    this.at = n;
    this.list.querySelectorAll(".zt-at").forEach((item) => item.classList.remove("zt-at"));
    const item = this.list.querySelector(`[data-n="${n}"]`);
    item?.classList.add("zt-at");
    item?.scrollIntoView({ block: "nearest" });
    if (item) this.box.setAttribute("aria-activedescendant", item.id);
    else this.box.removeAttribute("aria-activedescendant");
  }

  take(entry) {
    if (!entry) return;
    if (entry.path) {
      this.path = entry.path;
      this.box.value = "";
      this.open();
      this.point(entry.isBack ? 0 : Math.min(1, this.shown.length - 1));
      return;
    }
    entry.option.selected = this.select.multiple ? !entry.option.selected : true;
    this.select.dispatchEvent(new Event("input", { bubbles: true }));
    this.select.dispatchEvent(new Event("change", { bubbles: true }));
    this.refresh();
    this.close();
  }

  onKey(event) {
    const isOpen = !this.list.hidden;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!isOpen) this.open();
      const by = event.key === "ArrowDown" ? 1 : -1;
      this.point((this.at + by + this.shown.length) % Math.max(this.shown.length, 1));
    } else if (event.key === "Enter" && isOpen) {
      event.preventDefault();
      this.take(this.shown[this.at]);
    } else if ((event.key === "ArrowLeft" || event.key === "Backspace") && isOpen && !this.box.value && this.path.length) {
      event.preventDefault();
      this.take({ path: this.path.slice(0, -1), isBack: true });
    } else if (event.key === "ArrowRight" && isOpen && this.shown[this.at]?.path) {
      event.preventDefault();
      this.take(this.shown[this.at]);
    } else if (event.key === "Escape" && isOpen) {
      event.preventDefault();
      event.stopPropagation();
      this.close();
    } else if ((event.key === "Delete" || event.key === "Backspace") && !this.select.multiple && this.box.selectionEnd - this.box.selectionStart === this.box.value.length) {
      this.clear();
    }
  }

  clear() {
    const empty = [...this.select.options].find((option) => !option.value);
    if (!empty) return;
    empty.selected = true;
    this.select.dispatchEvent(new Event("change", { bubbles: true }));
  }

  close() {
    if (this.list.hidden) return;
    this.list.hidden = true;
    this.box.setAttribute("aria-expanded", "false");
    this.box.removeAttribute("aria-activedescendant");
    this.refresh();
  }

  refresh() {
    const chosen = [...this.select.selectedOptions].filter((option) => option.value);
    const separator = this.select.dataset.cascade;
    if (separator && chosen[0]) this.path = chosen[0].label.split(separator).slice(0, -1);
    if (!this.select.multiple) this.box.value = chosen[0]?.label ?? "";
    else {
      this.box.value = "";
      this.tags.replaceChildren(...chosen.map((option) => this.tag(option)));
    }
  }

  tag(option) {
    const item = document.createElement("li");
    const button = item.appendChild(make("button", "zt-chip", { type: "button", "aria-label": `${say("remove")} ${option.label}` }));
    button.textContent = `${option.label} ×`;
    button.addEventListener("click", () => {
      option.selected = false;
      this.select.dispatchEvent(new Event("change", { bubbles: true }));
      this.refresh();
      this.box.focus();
    });
    return item;
  }
}

export function enhance(select) {
  if (select.dataset.isPicker || !select.id) return;
  select.dataset.isPicker = "yes";
  new Picker(select);
}
