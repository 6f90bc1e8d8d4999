// The counter by keyboard: the number is looked up at Enter, the first item chosen at Enter, space goes round the states
// of a material, the function keys say the verdict.  What is refused stands beside the verdicts, always in
// sight, and everything stays as it was typed.
const form = document.querySelector("[data-counter]");
const sheet = document.getElementById("ct-sheet");
const words = document.getElementById("ct-q");
const who = document.getElementById("ct-who");
const person = document.getElementById("ct-person");
const wrong = document.getElementById("ct-wrong");
let asked = "";
let answered = ""; // the words that the items below answer

function focus(element) {
  element?.focus();
  return Boolean(element);
}

async function lookUp() {
  const number = who.value.trim();
  if (!number || number === asked) return;
  asked = number;
  await htmx.ajax("POST", who.dataset.who, { target: "#ct-person", swap: "innerHTML", values: { who: number } });
  if (!person.querySelector("[data-known], input")) {
    focus(who);
    who.select(); // nobody can have that number: it is typed again
  } else if (!focus(person.querySelector("[data-first]"))) next();
}

// From the person on: to the item, or to what is still to be asked of it.
function next() {
  if (sheet.querySelector("[name=item]")) intoSheet();
  else focus(words);
}

function intoSheet() {
  const all = [...sheet.querySelectorAll(".ct-questions :is(input, select, textarea), [data-material]")];
  focus(all.find((one) => one.checkVisibility()));
}

async function choose(item) {
  document.getElementById("ct-items").replaceChildren();
  await htmx.ajax("GET", `${sheet.dataset.sheet}?item=${item}`, { target: "#ct-sheet", swap: "innerHTML" });
  dress();
  intoSheet();
}

function label(button) {
  const said = sheet.querySelector("template[data-words]").content.querySelector(`[value="${button.dataset.state}"]`);
  button.querySelector("[data-state-label]").textContent = said.textContent;
  return said.dataset.meaning;
}

function put(button, state) {
  button.dataset.state = state;
  button.parentElement.querySelector("input[type=hidden]").value = state;
  sheet.querySelector("[data-meaning]").textContent = label(button);
  const relaxed = sheet.querySelector("[data-material]:is([data-state=deferred], [data-state=promised])");
  sheet.querySelector("[data-signed]").hidden = !relaxed;
}

function dress() {
  for (const button of sheet.querySelectorAll("[data-material]")) label(button);
}

function decide(verdict) {
  const dialog = document.getElementById("ct-refuse");
  if (verdict === "not_accept" && !dialog.open) {
    dialog.showModal();
    focus(document.getElementById("ct-reason"));
    return;
  }
  dialog.close();
  form.querySelector("[data-verdict]").value = verdict;
  form.requestSubmit();
}

function onMaterial(event, button) {
  const all = [...sheet.querySelectorAll("[data-material]")].filter((one) => one.checkVisibility());
  const at = all.indexOf(button);
  if (event.key === "ArrowDown") focus(all[at + 1] ?? sheet.querySelector("[name=delivery]:checked"));
  else if (event.key === "ArrowUp") focus(all[at - 1]);
  else if (event.key.toLowerCase() === "f") button.parentElement.querySelector("input[type=file]").click();
  else return;
  event.preventDefault();
}

function onEnter(event) {
  const target = event.target;
  if (target === who) lookUp();
  else if (target === words) sheetFromFirst();
  else if (target.matches("input:not([type=file]), select")) forward(target);
  else return;
  event.preventDefault();
}

// Whoever types fast presses Enter before the answer is there: what still stands below answers what was typed before.
async function sheetFromFirst() {
  const typed = words.value.trim();
  for (let tries = 0; tries < 40 && answered !== typed; tries += 1) await new Promise((go) => setTimeout(go, 50));
  if (answered === typed && found()) choose(found().dataset.item);
}

function found() {
  return document.querySelector("#ct-items [data-item]");
}

// Enter goes to the next field, as on every form that is typed in all day.
function forward(from) {
  const all = [...form.querySelectorAll("input:not([type=hidden], [type=file], [type=checkbox]), select, textarea, [data-material]")]
    .filter((one) => one.checkVisibility() && (one.type !== "radio" || one.checked));
  const to = all[all.indexOf(from) + 1];
  if (to === words && sheet.querySelector("[name=item]")) intoSheet();
  else focus(to);
}

form.addEventListener("keydown", (event) => {
  const material = event.target.closest?.("[data-material]");
  if (event.key === "Enter" && !event.isComposing && !material) onEnter(event);
  else if (event.target === words && event.key === "ArrowDown") event.preventDefault(focus(found()));
  else if (event.target.matches("[data-item]") && event.key.startsWith("Arrow")) {
    event.preventDefault();
    focus(event.key === "ArrowDown" ? event.target.nextElementSibling : event.target.previousElementSibling ?? words);
  } else if (material) onMaterial(event, material);
});

document.addEventListener("keydown", (event) => {
  const button = document.querySelector(`[data-f="${event.key}"]`);
  if (!button || event.repeat) return;
  event.preventDefault();
  decide(button.dataset.decide);
});

form.addEventListener("click", (event) => {
  const button = event.target.closest("[data-decide], [data-item], [data-material], [data-all]");
  if (!button) return;
  if (button.dataset.decide) decide(button.dataset.decide);
  else if (button.dataset.item) choose(button.dataset.item);
  else if ("all" in button.dataset) {
    for (const one of sheet.querySelectorAll("[data-material][data-state=missing]")) if (one.checkVisibility()) put(one, "handed");
    focus(sheet.querySelector("[name=delivery]:checked") ?? button);
  } else {
    const states = button.dataset.states.split(" ");
    put(button, states[(states.indexOf(button.dataset.state) + 1) % states.length]);
  }
});

form.addEventListener("change", (event) => {
  if (event.target === who) lookUp();
  if (event.target.name === "delivery") {
    const to = sheet.querySelector("[data-mail]");
    to.hidden = event.target.value !== "mail";
    if (!to.hidden) focus(to.querySelector("input"));
  }
  if (event.target.type === "file" && event.target.files.length) {
    const line = event.target.closest("li");
    const button = line.querySelector("[data-material]");
    line.querySelector("[data-chosen]").textContent = [...event.target.files].map((one) => one.name).join(" · ");
    put(button, "handed");
    focus(button);
  }
});

document.body.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target.id === "ct-items") answered = event.detail.requestConfig.parameters.q.trim();
  if (event.detail.target !== wrong) return;
  for (const one of form.querySelectorAll("[aria-invalid]")) one.removeAttribute("aria-invalid");
  const name = wrong.querySelector("[data-wrong]")?.dataset.wrong;
  const field = name ? form.querySelector(`[name="${CSS.escape(name)}"]`) : null;
  const shown = field?.type === "hidden" ? field.parentElement.querySelector("[data-material]") : field;
  shown?.setAttribute("aria-invalid", "true");
  shown?.closest("[data-when]")?.removeAttribute("hidden");
  setTimeout(() => focus(shown) || focus(wrong.querySelector("input")), 0);
});

if (sheet.querySelector("template[data-words]")) dress();
if ("entered" in who.dataset) lookUp(); // before anything here was listening: counter_first.js
