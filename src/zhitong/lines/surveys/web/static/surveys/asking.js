// A form, asked question by question: the engine says what is relevant, required and right, this shows it.
import { controlOf } from "./controls.js";
import { draftsOf } from "./drafts.js";

const FILE = "xml_submission_file";
// How a page keeps what is half filled in, finds what the form shows, and sends; an app without network does so in its own way.
const ofPage = (form) => ({
  ...draftsOf(JSON.parse(form.dataset.keys || "[]")),
  address: mediaOf,
  media: (address) => fetch(address, { credentials: "same-origin" }),
  restart: () => location.reload(),
  send: (filling) => filling.post(),
});

export const engine = () => import("../vendor/xforms/index.js");

async function open(form, given, ways) {
  const words = JSON.parse(form.dataset.words);
  const xml = given || await (await fetch(form.dataset.form, { credentials: "same-origin" })).text();
  const loaded = await (await engine()).loadForm(xml, {
    fetchFormAttachment: async (resource) => {
      const address = ways.address(form, resource);
      return address ? ways.media(address) : new Response("", { status: 404 });
    },
    missingResourceBehavior: "BLANK",
  });
  if (loaded.status === "failure") throw loaded.error;
  const draft = form.dataset.key && (await ways.kept(form.dataset.key));
  const instance = draft ? await restored(loaded, draft) : loaded.createInstance();
  if (!draft) fillIn(instance.root, JSON.parse(form.dataset.known));
  return new Filling(form, words, instance.root, draft, ways);
}

// What the register knows already, by the place of its question.
function fillIn(node, known) {
  const said = known[node.currentState.reference];
  if (said && node.setValue) node.setValue(said);
  for (const child of node.currentState.children ?? []) fillIn(child, known);
}

// Where a file of the form lies, `jr://images/map.png`; nothing when nobody has put it there.
function mediaOf(form, resource) {
  const name = decodeURIComponent(String(resource).replace(/^.*\//, ""));
  return JSON.parse(form.dataset.files).includes(name) ? form.dataset.media.replace(/x$/, encodeURIComponent(name)) : "";
}

async function restored(loaded, files) {
  try {
    const data = new FormData();
    files.forEach(([name, file]) => data.append(name, file, name));
    return await loaded.restoreInstance({ data: [data] });
  } catch {
    return loaded.createInstance(); // of another version of the form
  }
}

class Filling {
  constructor(form, words, root, draft, ways) {
    Object.assign(this, { form, ways, draft: draft ?? [], words, root, shown: new Map(), touched: new Set(), isSending: false, kept: Promise.resolve() });
    this.body = form.querySelector(".zt-survey-body");
    this.said = form.querySelector(".zt-survey-said");
    this.chooseLanguage(form.dataset.language);
    this.addLanguages();
    this.update();
    form.querySelector(".zt-survey-wait").remove();
    for (const part of [this.body, form.querySelector(".zt-survey-foot")]) part.hidden = false;
    form.addEventListener("submit", (event) => { event.preventDefault(); this.send(); });
    if (draft) this.offerRestart();
  }

  chooseLanguage(code) {
    const wanted = code.startsWith("zh") ? /chinese|中文|\bzh\b|\(zh/i : /english|\ben\b|\(en/i;
    const found = this.root.languages.find((one) => wanted.test(one.language));
    if (found) this.root.setLanguage(found);
  }

  addLanguages() {
    if (this.root.languages.length < 2) return;
    const select = document.createElement("select");
    select.className = "form-select zt-survey-language";
    select.setAttribute("aria-label", this.words.language);
    this.root.languages.forEach((one, place) => {
      const option = new Option(one.language, place);
      option.selected = one.language === this.root.currentState.activeLanguage.language;
      select.append(option);
    });
    select.addEventListener("change", () => { this.root.setLanguage(this.root.languages[select.value]); this.update(); });
    this.body.before(select);
  }

  offerRestart() {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn btn-link";
    button.textContent = this.words.restart;
    button.addEventListener("click", async () => { await this.ways.forget(this.form.dataset.key); this.ways.restart(); });
    this.said.textContent = this.words.draft;
    this.said.append(" ", button);
  }

  // Whatever was answered: show what follows from it, and keep it on this machine.
  changed(node) {
    if (node) this.touched.add(node.nodeId);
    this.said.textContent = "";
    this.update();
    if (this.form.dataset.key) this.keep();
  }

  // One after the other, each as it is when its turn comes: an older state never lies over a newer one.
  keep() {
    this.form.dataset.saving = "yes";
    const turn = this.kept.then(async () => this.ways.keep(this.form.dataset.key, await this.files())).catch(() => undefined).then(() => {
      if (this.kept === turn) delete this.form.dataset.saving;
    });
    this.kept = turn;
  }

  // The answer as it is sent: the form's XML, and the photos it speaks of, each by its name there.
  async files() {
    const { data } = await this.root.prepareInstancePayload();
    const files = [...data[0].entries()];
    const xml = await data[0].get(FILE).text();
    // The engine takes what a draft brought along to be sent already.
    return files.concat(this.draft.filter(([name]) => xml.includes(`>${name}<`) && !data[0].has(name)));
  }

  mediaOf(resource) {
    return this.ways.address(this.form, resource);
  }

  update() {
    this.place(this.body, this.root.currentState.children);
  }

  // Bring the elements of these nodes into the container, in their order; those that are there stay as they are.
  place(container, nodes) {
    const wanted = nodes.filter((node) => node.currentState.relevant && node.nodeType !== "model-value" && !isMeta(node)).map((node) => this.elementOf(node));
    [...container.children].forEach((child) => { if (!wanted.includes(child) && !child.dataset.fixed) child.remove(); });
    wanted.forEach((element, at) => {
      const there = container.querySelectorAll(":scope > :not([data-fixed])")[at];
      if (there !== element) container.insertBefore(element, there ?? container.querySelector(":scope > [data-fixed=end]"));
    });
  }

  elementOf(node) {
    let shown = this.shown.get(node.nodeId);
    if (!shown) {
      shown = node.currentState.children ? groupOf(node, this) : controlOf(node, this);
      this.shown.set(node.nodeId, shown);
    }
    shown.update();
    return shown.element;
  }

  wrong() {
    return this.root.validationState.violations;
  }

  async send() {
    const { words, said } = this;
    const wrong = this.wrong();
    wrong.forEach((one) => this.touched.add(one.nodeId));
    this.update();
    if (wrong.length) {
      said.textContent = words.look.replace("{0}", wrong.length);
      this.goTo(wrong[0].nodeId);
      return;
    }
    if (!this.form.dataset.send) {
      said.textContent = words.trial.replace("{0}", this.form.querySelectorAll("[data-answered]").length);
      return;
    }
    if (this.isSending) return;
    this.isSending = true;
    try {
      await this.ways.send(this);
    } finally {
      this.isSending = false;
    }
  }

  async post() {
    const body = new FormData();
    for (const [name, file] of await this.files()) body.append(name, file, name);
    const headers = { "X-CSRFToken": this.form.querySelector("[name=csrfmiddlewaretoken]").value };
    let answer;
    try {
      answer = await fetch(this.form.dataset.send, { method: "POST", body, headers, credentials: "same-origin" });
    } catch {
      this.said.textContent = this.words.kept;
      return;
    }
    const told = await answer.json().catch(() => ({ message: answer.status }));
    if (!answer.ok) {
      this.said.textContent = this.words.failed.replace("{0}", told.message);
      return;
    }
    await this.ways.forget(this.form.dataset.key);
    this.said.textContent = this.words.sent;
    location.assign(this.form.dataset.next);
  }

  goTo(nodeId) {
    const element = this.shown.get(nodeId)?.element;
    element?.scrollIntoView({ block: "center" });
    element?.querySelector("input, select, textarea, button")?.focus();
  }
}

const isMeta = (node) => /^\/[^/]+\/meta(\/|$)/.test(node.currentState.reference);

function groupOf(node, filling) {
  const element = document.createElement(node.nodeType === "repeat-instance" || node.currentState.label ? "fieldset" : "div");
  element.className = `zt-survey-group zt-survey-${node.nodeType.split(":")[0]}`;
  const legend = document.createElement("legend");
  legend.dataset.fixed = "start";
  const foot = document.createElement("div");
  foot.dataset.fixed = "end";
  element.append(legend, foot);
  if (node.nodeType === "repeat-range:uncontrolled") foot.append(button(filling.words.add, () => { node.addInstances(); filling.changed(); }));
  if (node.nodeType === "repeat-instance" && node.parent.nodeType === "repeat-range:uncontrolled") {
    foot.append(button(filling.words.remove, () => {
      node.parent.removeInstances(node.parent.currentState.children.indexOf(node));
      filling.changed();
    }));
  }
  const update = () => {
    const place = node.nodeType === "repeat-instance" ? node.parent.currentState.children.indexOf(node) + 1 : 0;
    legend.textContent = place ? filling.words.round.replace("{0}", place) : node.currentState.label?.asString ?? "";
    legend.hidden = !legend.textContent;
    filling.place(element, node.currentState.children);
  };
  return { element, update };
}

function button(label, run) {
  const element = document.createElement("button");
  element.type = "button";
  element.className = "btn";
  element.textContent = label;
  element.addEventListener("click", run);
  return element;
}

// Ask the form in that frame; `xml` is the form itself where it lies nowhere yet.
export function ask(form, xml = "", ways = ofPage(form)) {
  return open(form, xml, ways).catch((error) => {
    const wait = form.querySelector(".zt-survey-wait");
    wait.textContent = JSON.parse(form.dataset.words).broken.replace("{0}", error?.message ?? error);
    wait.classList.add("text-danger");
  });
}
