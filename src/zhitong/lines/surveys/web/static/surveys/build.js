// A form built on screen.  What is edited are the rows of a workbook's sheets; the server reads them as it reads every workbook.
import { toast } from "../ui/toasts.js";
import { ask } from "./asking.js";
import { editorOf, newList } from "./build_editor.js";
import { button } from "./build_parts.js";
import { depths, duplicate, fresh, isEnding, isOpening, isSelect, kindOf, lastOf, move, names, put, worded } from "./build_rows.js";
import { draftsOf } from "./drafts.js";

const WAIT_MS = 900, MOST_STEPS = 100;

class Page {
  constructor(root) {
    Object.assign(this, { root, words: JSON.parse(root.dataset.words), data: JSON.parse(root.dataset.sheets), fields: JSON.parse(root.dataset.fields) });
    Object.assign(this, { past: [], future: [], open: null, problems: [], isSaved: true, asked: 0 });
    this.drafts = draftsOf(JSON.parse(root.dataset.keys));
    this.list = root.querySelector(".zt-build-list");
    this.said = root.querySelector(".zt-build-said");
    this.trial = root.querySelector(".zt-build-trial");
    this.title = root.querySelector("[name=title]");
    this.data.settings.rows[0] ??= {};
    this.draw();
    this.listen();
    if (this.rows.length) this.check();
    this.offerKept();
  }

  get rows() { return this.data.survey.rows; }

  endOf(row) { return this.rows[lastOf(this.rows, this.rows.indexOf(row))]; }

  // Every change passes here: it can be undone, is kept on this machine and checked.
  change(act, isRedrawn = false, focus = "") {
    this.past.push(JSON.stringify(this.data));
    if (this.past.length > MOST_STEPS) this.past.shift();
    this.future = [];
    act();
    this.changed(isRedrawn, focus);
  }

  changed(isRedrawn, focus = "") {
    this.isSaved = false;
    if (isRedrawn) this.draw(focus);
    else this.drawHeads();
    this.keep();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.check(), WAIT_MS);
  }

  keep() {
    const kept = new File([JSON.stringify({ data: this.data, seen: this.root.dataset.seen })], "form.json");
    this.drafts.keep(this.root.dataset.key, [["form", kept]]);
  }

  step(from, to) {
    if (!from.length) return;
    to.push(JSON.stringify(this.data));
    this.data = JSON.parse(from.pop());
    this.open = null;
    this.changed(true);
  }

  undo() { this.step(this.past, this.future); }

  redo() { this.step(this.future, this.past); }

  // Draws everything; what had the keyboard has it afterwards.
  draw(focus = "") {
    const id = document.activeElement?.closest("[data-row]")?.dataset.row, part = document.activeElement?.dataset.act;
    this.title.value = this.data.settings.rows[0].form_title ?? "";
    const isShown = this.rows.some((row) => row.type);
    this.list.replaceChildren(...this.rows.map((row, at) => this.item(row, at)).filter(Boolean));
    this.root.querySelector(".zt-build-empty").hidden = isShown;
    this.drawHeads();
    const again = focus ? this.list.querySelector(focus) : id && part && this.list.querySelector(`[data-row="${this.moved ?? id}"] [data-act="${part}"]`);
    this.moved = null;
    again?.focus();
  }

  item(row, at) {
    if (!Object.values(row).some(Boolean)) return null;
    const item = document.getElementById("zt-build-item").content.firstElementChild.cloneNode(true);
    item.dataset.row = at;
    item.classList.toggle("zt-build-end", isEnding(row));
    const run = { open: () => this.toggle(row), up: () => this.shift(row, -1), down: () => this.shift(row, 1), copy: () => this.copy(row), drop: () => this.drop(row) };
    for (const control of item.querySelectorAll("[data-act]")) control.addEventListener("click", run[control.dataset.act]);
    item.addEventListener("keydown", (event) => {
      if (event.altKey && (event.key === "ArrowUp" || event.key === "ArrowDown") && !isEnding(row)) {
        event.preventDefault();
        item.querySelector("[data-act=open]").focus();
        this.shift(row, event.key === "ArrowUp" ? -1 : 1);
      }
    });
    this.draggable(item, row);
    if (this.open === row) item.querySelector(".zt-build-body").append(editorOf(this, row));
    return item;
  }

  draggable(item, row) {
    const handle = item.querySelector(".zt-build-handle");
    handle.draggable = !isEnding(row);
    handle.addEventListener("dragstart", (event) => {
      this.dragged = row;
      event.dataTransfer.effectAllowed = "move";
      event.dataTransfer.setDragImage(item, 10, 10);
    });
    item.addEventListener("dragover", (event) => {
      if (!this.dragged) return;
      event.preventDefault();
      const box = item.getBoundingClientRect();
      item.dataset.drop = event.clientY < box.top + box.height / 2 ? "before" : "after";
    });
    item.addEventListener("dragleave", () => delete item.dataset.drop);
    item.addEventListener("drop", (event) => {
      event.preventDefault();
      const at = this.rows.indexOf(row) + (item.dataset.drop === "after" ? 1 : 0), from = this.rows.indexOf(this.dragged);
      this.dragged = null;
      delete item.dataset.drop;
      this.change(() => move(this.rows, from, at), true);
    });
    handle.addEventListener("dragend", () => { this.dragged = null; });
  }

  // Number, words, marks and problems of every row: what can change while a question is open.
  drawHeads() {
    const { words } = this, deep = depths(this.rows), at = new Map();
    let number = 0;
    for (const problem of this.problems.filter((one) => one.sheet === "survey" && one.row)) at.set(problem.row - 2, [...(at.get(problem.row - 2) ?? []), problem.message]);
    for (const item of this.list.children) {
      const row = this.rows[item.dataset.row], kind = kindOf(row), shown = (name) => item.querySelector(`.zt-build-${name}`);
      item.dataset.depth = Math.min(deep[item.dataset.row], 4);
      const isAsked = !["end", "group", "repeat", "note", "calculate", "kept"].includes(kind);
      if (isAsked) number += 1;
      shown("number").textContent = isAsked ? number : "";
      shown("kind").textContent = kind === "kept" ? row.type || "—" : words.kinds[kind];
      shown("label").textContent = kind === "end" ? "" : worded(this.data.survey, row) || row.name || words.no_label;
      const marks = [["required", /^(yes|true)/i.test(row.required ?? "")], ["conditional", row.relevant], ["mapped", row["bind::register"]], ["kept", kind === "kept"]];
      shown("marks").textContent = marks.filter(([, isOn]) => isOn).map(([mark]) => words.marks[mark]).join(" · ");
      shown("wrong").textContent = (at.get(Number(item.dataset.row)) ?? []).join(" ");
      item.querySelector("[data-act=open]").setAttribute("aria-expanded", this.open === row);
      for (const act of ["up", "down"]) item.querySelector(`[data-act=${act}]`).disabled = !this.target(row, act === "up" ? -1 : 1);
    }
    for (const [name, steps] of [["undo", this.past], ["redo", this.future]]) this.root.querySelector(`[data-do=${name}]`).disabled = !steps.length;
  }

  toggle(row) {
    this.open = this.open === row ? null : row;
    this.draw();
    if (this.open) this.list.querySelector(".zt-build-editor textarea, .zt-build-editor input, .zt-build-editor select")?.focus();
  }

  // Where a step up or down brings the block: before which row; nothing at the ends.
  target(row, by) {
    const first = this.rows.indexOf(row), last = lastOf(this.rows, first);
    if (by < 0) return first > 0 ? { to: first - 1 } : null;
    return last + 1 < this.rows.length ? { to: last + 2 } : null;
  }

  shift(row, by) {
    const found = this.target(row, by);
    if (!found) return;
    this.change(() => { move(this.rows, this.rows.indexOf(row), found.to); this.moved = this.rows.indexOf(row); }, true);
  }

  copy(row) {
    this.change(() => { this.open = this.rows[duplicate(this.rows, this.rows.indexOf(row))]; }, true);
  }

  drop(row) {
    const at = this.rows.indexOf(row);
    if (this.open === row) this.open = null;
    this.change(() => this.rows.splice(at, lastOf(this.rows, at) - at + 1), true);
    this.root.querySelector("[data-do=undo]").focus();
    toast(this.words.dropped, { action: this.words.undo, onAction: () => this.undo() });
  }

  // A new question behind the one that is open, or at the end.
  add(kind) {
    const place = this.open ? lastOf(this.rows, this.rows.indexOf(this.open)) + 1 : this.rows.length;
    const inside = this.open && isOpening(this.open) && lastOf(this.rows, this.rows.indexOf(this.open)) === this.rows.indexOf(this.open) + 1;
    this.change(() => {
      const isSection = kind === "group" || kind === "repeat";
      const row = { type: isSection ? `begin_${kind}` : isSelect(kind) ? `${kind} ${newList(this)}` : kind, name: fresh(names(this.rows), isSection ? "part" : "q") };
      if (kind === "calculate") put(this.data.survey, row, "calculation", "0");
      for (const head of ["type", "name"]) if (!this.data.survey.heads.includes(head)) this.data.survey.heads.push(head);
      this.rows.splice(inside ? place - 1 : place, 0, row, ...(isSection ? [{ type: `end_${kind}` }] : []));
      this.open = row;
    }, true, ".zt-build-editor textarea, .zt-build-editor input");
  }

  listen() {
    const run = { undo: () => this.undo(), redo: () => this.redo(), try: () => this.try(), save: () => this.save() };
    for (const control of this.root.querySelectorAll("[data-do]")) control.addEventListener("click", run[control.dataset.do]);
    for (const control of this.root.querySelectorAll("[data-add]")) control.addEventListener("click", () => this.add(control.dataset.add));
    this.title.addEventListener("change", () => this.change(() => put(this.data.settings, this.data.settings.rows[0], "form_title", this.title.value.trim())));
    document.addEventListener("keydown", (event) => {
      const isTyping = event.target.matches("input, textarea");
      if (!(event.ctrlKey || event.metaKey) || isTyping || event.key.toLowerCase() !== "z") return;
      event.preventDefault();
      event.shiftKey ? this.redo() : this.undo();
    });
    addEventListener("beforeunload", (event) => { if (!this.isSaved) event.preventDefault(); });
  }

  async offerKept() {
    const [found] = (await this.drafts.kept(this.root.dataset.key)) ?? [];
    const left = found && JSON.parse(await found[1].text());
    if (!left || left.seen !== this.root.dataset.seen || JSON.stringify(left.data) === JSON.stringify(this.data)) return;
    this.change(() => { this.data = left.data; this.open = null; }, true);
    toast(this.words.restored, { action: this.words.discard, onAction: async () => { await this.drafts.forget(this.root.dataset.key); this.isSaved = true; location.reload(); } });
  }

  async send(address, more = {}) {
    const body = new FormData();
    for (const [name, said] of Object.entries(more)) body.append(name, said);
    body.append("sheets", JSON.stringify(this.data));
    body.append("seen", this.root.dataset.seen);
    const headers = { "X-CSRFToken": this.root.querySelector("[name=csrfmiddlewaretoken]").value };
    try {
      const answer = await fetch(address, { method: "POST", body, headers, credentials: "same-origin" });
      const told = await answer.json().catch(() => ({ message: this.words.failed.replace("{0}", answer.status) }));
      return { isGood: answer.ok, told };
    } catch {
      return { isGood: false, told: { message: this.words.offline } };
    }
  }

  // Ask the reader; only the last question counts.
  async check() {
    const turn = (this.asked += 1);
    if (!this.rows.some((row) => row.type)) { this.tell({ isGood: true, told: { count: 0 } }); return null; }
    const found = await this.send(this.root.dataset.check);
    if (turn !== this.asked) return null;
    this.tell(found);
    if (found.isGood && !this.trial.hidden) this.show(found.told.xform);
    return found;
  }

  tell({ isGood, told }) {
    this.problems = isGood ? [] : told.problems ?? [{ sheet: "", row: 0, message: told.message }];
    const elsewhere = this.problems.filter((one) => one.sheet !== "survey" || !one.row);
    this.said.textContent = isGood ? this.words.good.replace("{0}", told.count) : elsewhere.map((one) => one.message).join(" ") || this.words.wrong.replace("{0}", this.problems.length);
    this.said.classList.toggle("text-danger", !isGood);
    this.drawHeads();
  }

  async try() {
    clearTimeout(this.timer);
    const found = await this.check();
    if (found?.isGood) { this.show(found.told.xform); this.trial.scrollIntoView({ block: "nearest" }); }
    else this.goToWrong();
  }

  show(xml) {
    const form = document.getElementById("zt-build-form").content.firstElementChild.cloneNode(true);
    this.trial.hidden = false;
    this.trial.querySelector(".zt-build-frame").replaceChildren(form);
    ask(form, xml);
  }

  async save(more = {}) {
    clearTimeout(this.timer);
    this.asked += 1;
    if (!this.data.settings.rows[0].form_title) { this.said.textContent = this.words.no_title; this.said.classList.add("text-danger"); this.title.focus(); return; }
    const found = await this.send(location.pathname, more);
    if (!found.isGood) {
      this.tell(found);
      if (found.told.code === "changed") this.said.append(" ", button(this.words.apart, () => this.save({ apart: "yes" })));
      else this.goToWrong();
      return;
    }
    this.isSaved = true;
    await this.drafts.forget(this.root.dataset.key);
    location.assign(found.told.href);
  }

  goToWrong() {
    const item = [...this.list.children].find((one) => one.querySelector(".zt-build-wrong").textContent);
    (item ?? this.said).scrollIntoView({ block: "center" });
    item?.querySelector("[data-act=open]").focus();
  }
}

const root = document.querySelector(".zt-build");
if (root) new Page(root);
