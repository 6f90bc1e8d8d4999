// Questions and materials that depend on an answer are shown when they are asked.  The server decides by the same terms
// (rules/terms.py); what it found wrong stays in sight, and what was typed into something hidden stays there.  A part of a page
// that comes later (the counter's sheet) is looked at when it comes.

function valuesOf(form, name) {
  const controls = [...form.querySelectorAll(`[name="${CSS.escape(name)}"]`)];
  if (!controls.length) return null; // not asked in this form: nobody can tell
  if (controls.every((one) => one.closest("[data-when][hidden]"))) return [];
  return controls
    .filter((one) => !["radio", "checkbox"].includes(one.type) || one.checked)
    .flatMap((one) => (one.multiple && one.selectedOptions ? [...one.selectedOptions].map((option) => option.value) : [one.value]))
    .map((value) => value.normalize("NFKC").trim())
    .filter(Boolean);
}

function numberOf(text) {
  const plain = text.replace(/,/g, "");
  return /^-?\d+(\.\d+)?$/.test(plain) ? Number(plain) : null;
}

function same(one, other) {
  return one === other || (numberOf(one) !== null && numberOf(one) === numberOf(other));
}

function compared(operator, one, other) {
  const numbers = [numberOf(one), numberOf(other)];
  const [left, right] = numbers.includes(null) ? [one, other] : numbers;
  return { ">=": left >= right, "<=": left <= right, ">": left > right, "<": left < right }[operator];
}

function holds(form, [name, operator, wanted]) {
  const given = valuesOf(form, name);
  if (given === null) return true;
  if (!given.length) return false;
  if (operator === "=" || operator === "!=") return given.some((one) => wanted.some((value) => same(one, value))) === (operator === "=");
  return compared(operator, given[0], wanted[0]);
}

function show(form) {
  for (const block of form.querySelectorAll("[data-when]")) {
    const isAsked = JSON.parse(block.dataset.when).some((terms) => terms.every((term) => holds(form, term)));
    block.hidden = !isAsked && !block.querySelector(".zt-has-error, [aria-invalid=true]");
  }
}

function showAll() {
  for (const form of document.forms) show(form);
}

for (const event of ["input", "change", "reset"]) {
  document.addEventListener(event, ({ target }) => setTimeout(() => show(target.form ?? target))); // after a reset has been done
}
addEventListener("pageshow", showAll); // the browser has put back what was typed
document.body.addEventListener("htmx:afterSwap", showAll);
showAll();
