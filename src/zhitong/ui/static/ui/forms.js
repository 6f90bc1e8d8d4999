// What was typed is kept in this tab until it was sent well, for a shift at most and for whoever typed it; numbers of people
// are not.  A form is sent once; text areas grow.
import { say } from "./words.js";
import { toast } from "./toasts.js";

const PREFIX = "zt-form:";
const SKIPPED = new Set(["csrfmiddlewaretoken"]);
const SHIFT = 12 * 60 * 60 * 1000;
// Numbers of identity and bank cards, of 15 to 19 digits, however they are set apart; and a field that holds nothing but a phone number.
const NUMBER = /(?<![\dA-Za-z])\d(?:[ -]?\d){13,17}[ -]?[\dXx](?![\dA-Za-z])/g;
const PHONE = /^\s*(?:\+?86)?[ -]?(?:1\d(?:[ -]?\d){9}|0\d{2,3}[ -]?\d{7,8})\s*$/;
const TYPED = new Set(["text", "textarea", "search", "tel", "number"]); // what is chosen, or a key of the form, is no number of anybody
const UNKEPT = "\u25a1\u25a1\u25a1";

// What is kept of a value: nothing of a number alone, a sentence without the numbers in it.
function fit(value) {
  const rest = PHONE.test(value) ? "" : value.replace(NUMBER, UNKEPT);
  return rest.replaceAll(UNKEPT, "").trim() || !value.trim() ? rest : null;
}

const who = () => document.documentElement.dataset.who ?? "";

function isGuarded(form) {
  return form.method === "post" && !("unguarded" in form.dataset) && !form.querySelector("[type=password]") && !form.closest("dialog[id=confirm-dialog]");
}

// Set by the server each time, such as the version that was read: never kept.
function isOnce(field) {
  return Boolean(field?.dataset && "once" in field.dataset);
}

function keyOf(form) {
  const number = [...document.forms].indexOf(form);
  return `${PREFIX}${location.pathname}#${form.id || form.getAttribute("action") || number}`;
}

function values(form) {
  const kept = {};
  for (const [name, value] of new FormData(form)) {
    if (typeof value !== "string" || SKIPPED.has(name) || isOnce(form.elements[name])) continue;
    const [field] = [form.elements[name]].flatMap((one) => (one instanceof RadioNodeList ? [...one] : one));
    (kept[name] ??= []).push(TYPED.has(field?.type) ? fit(value) : value);
  }
  return kept;
}

function save(form, extra = {}) {
  try {
    sessionStorage.setItem(keyOf(form), JSON.stringify({ path: location.pathname, who: who(), at: Date.now(), values: values(form), ...extra }));
  } catch { /* no room or no storage: nothing is kept */ }
}

function read(key) {
  try { return JSON.parse(sessionStorage.getItem(key)); } catch { return null; }
}

function fill(form, kept) {
  let changed = false;
  for (const field of form.elements) {
    if (!field.name || SKIPPED.has(field.name) || field.type === "file" || isOnce(field)) continue;
    const wanted = kept[field.name];
    if (field.type === "checkbox" || field.type === "radio") {
      const isOn = Boolean(wanted?.includes(field.value));
      changed ||= isOn !== field.checked;
      field.checked = isOn;
    } else if (field instanceof HTMLSelectElement && field.multiple) {
      for (const option of field.options) option.selected = Boolean(wanted?.includes(option.value));
    } else if (wanted && "value" in field && field.type !== "submit") {
      const value = wanted.length > 1 ? wanted.shift() : wanted[0];
      if (value === null) continue; // a number, which is not kept
      changed ||= field.value !== value;
      field.value = value;
    }
    if (field instanceof HTMLSelectElement) field.dispatchEvent(new Event("zt-refresh"));
  }
  return changed;
}

function forgetSent() {
  const isError = document.documentElement.classList.contains("zt-error-page");
  const isBack = performance.getEntriesByType("navigation")[0]?.type === "back_forward";
  for (const key of Object.keys(sessionStorage)) {
    if (!key.startsWith(PREFIX)) continue;
    const kept = read(key);
    if (!kept || !(Date.now() - kept.at < SHIFT) || (kept.who && who() && kept.who !== who())) { sessionStorage.removeItem(key); continue; }
    if (!kept.sent) continue;
    if (isError || (isBack && kept.path === location.pathname)) sessionStorage.setItem(key, JSON.stringify({ ...kept, sent: false }));
    else sessionStorage.removeItem(key);
  }
}

function restore(form) {
  const key = keyOf(form);
  if (form.querySelector(".zt-form-errors, .zt-has-error")) return save(form);
  const kept = read(key);
  if (!kept) return undefined;
  const isWhole = !Object.values(kept.values).flat().some((value) => value === null || value.includes(UNKEPT));
  if (fill(form, structuredClone(kept.values))) {
    toast(say(isWhole ? "restored" : "restored_but"), { action: say("discard"), onAction: () => { sessionStorage.removeItem(key); form.reset(); location.reload(); } });
  }
  return undefined;
}

function release(form) {
  form.classList.remove("is-sending");
  form.querySelectorAll("[data-was-on]").forEach((button) => { button.disabled = false; delete button.dataset.wasOn; });
}

function sendOnce(event) {
  const form = event.target;
  if (event.defaultPrevented || form.method === "dialog" || form.target === "_blank") return;
  if (form.classList.contains("is-sending")) { event.preventDefault(); return; }
  if (isGuarded(form)) save(form, { sent: Date.now() });
  if (form.method !== "post") return;
  form.classList.add("is-sending");
  setTimeout(() => {
    for (const button of form.querySelectorAll("button:not([type=button]):not(:disabled), input[type=submit]:not(:disabled)")) {
      button.dataset.wasOn = "1";
      button.disabled = true;
    }
  });
  setTimeout(() => release(form), 20000);
}

function grow(area) {
  area.style.height = "auto";
  area.style.height = `${Math.min(area.scrollHeight + 2, window.innerHeight * 0.6)}px`;
}

export function enhanceForms(root) {
  const forms = root.matches?.("form") ? [root] : [...root.querySelectorAll("form")];
  forms.filter(isGuarded).forEach(restore);
  root.querySelectorAll("textarea[data-autosize]").forEach((area) => area.value && grow(area));
  root.querySelectorAll("select[data-phrases]").forEach((select) => (select.hidden = false));
}

// A wording is put where the cursor was left, behind what is written there already.
function usePhrase(select) {
  const area = document.getElementById(select.dataset.phrases);
  if (!area || !select.value) return;
  area.value = area.value ? `${area.value.trimEnd()}\n${select.value}` : select.value;
  select.selectedIndex = 0;
  area.dispatchEvent(new Event("input", { bubbles: true }));
  area.focus();
}

// A suggestion is taken: the field gets its value, as if it had been picked there.
function takeSuggestion(button) {
  const field = document.getElementById(button.dataset.fill);
  if (!field) return;
  field.value = button.value;
  for (const name of ["input", "change"]) field.dispatchEvent(new Event(name, { bubbles: true }));
  field.dispatchEvent(new Event("zt-refresh"));
}

// The form of a request by htmx; its element may be out of the page by now.
function askedBy(event) {
  return event.detail.requestConfig?.elt?.closest("form");
}

function forgetAll() {
  for (const key of Object.keys(sessionStorage)) if (key.startsWith(PREFIX)) sessionStorage.removeItem(key);
}

export function startForms() {
  forgetSent();
  document.addEventListener("submit", (event) => event.target.matches("form[data-leaves], form:has(button[data-leaves])") && forgetAll());
  document.addEventListener("change", (event) => event.target.matches("select[data-phrases]") && usePhrase(event.target));
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("button[data-fill]");
    if (button) takeSuggestion(button);
  });
  let waiting = null;
  const forget = (form) => { clearTimeout(waiting); sessionStorage.removeItem(keyOf(form)); };
  document.addEventListener("input", (event) => {
    if (event.target.matches("textarea[data-autosize]")) grow(event.target);
    const form = event.target.form;
    if (!form || !isGuarded(form)) return;
    clearTimeout(waiting);
    waiting = setTimeout(() => form.isConnected && !form.classList.contains("is-sending") && save(form), 400);
  });
  document.addEventListener("submit", sendOnce);
  document.body.addEventListener("htmx:afterRequest", (event) => {
    const form = askedBy(event);
    if (!form) return;
    release(form);
    if (event.detail.xhr.status >= 200 && event.detail.xhr.status < 400) forget(form);
    else if (isGuarded(form) && form.isConnected) save(form);
  });
  // The answer brings the form anew, with what was typed and what the server makes of it: nothing is put over that.
  document.body.addEventListener("htmx:beforeSwap", (event) => {
    const form = event.detail.shouldSwap && askedBy(event);
    if (form) forget(form);
  });
  window.addEventListener("pageshow", (event) => event.persisted && document.querySelectorAll("form.is-sending").forEach(release));
}
