// Rows that open as a whole, rows that are ticked.
function boxes(name) {
  return [...document.querySelectorAll(`tbody input[type=checkbox][name="${CSS.escape(name)}"]`)];
}

function show(name, say) {
  const all = boxes(name);
  const ticked = all.filter((box) => box.checked).length;
  document.querySelectorAll(`[data-bulk="${CSS.escape(name)}"]`).forEach((bar) => {
    bar.hidden = !ticked;
    bar.querySelector(".zt-bulk-count").textContent = say("selected", { n: ticked });
  });
  document.querySelectorAll(`[data-check-all="${CSS.escape(name)}"]`).forEach((head) => {
    head.checked = ticked > 0 && ticked === all.length;
    head.indeterminate = ticked > 0 && ticked < all.length;
  });
}

function setAll(name, isOn, say) {
  boxes(name).forEach((box) => { box.checked = isOn; });
  show(name, say);
}

function openRow(event) {
  const row = event.target.closest("tr[data-href]");
  if (!row || event.target.closest("a, button, input, select, label, summary, details, .zt-check") || String(getSelection())) return;
  if (event.ctrlKey || event.metaKey || event.button === 1) window.open(row.dataset.href, "_blank", "noopener");
  else window.location.assign(row.dataset.href);
}

let last = null;

function range(box, isShift) {
  const all = boxes(box.name);
  if (isShift && last && all.includes(last)) {
    const [from, to] = [all.indexOf(last), all.indexOf(box)].sort((a, b) => a - b);
    all.slice(from, to + 1).forEach((one) => { one.checked = box.checked; });
  }
  last = box;
}

export function enhanceTables(root) {
  import("./words.js").then(({ say }) => {
    root.querySelectorAll("[data-check-all]").forEach((head) => show(head.dataset.checkAll, say));
  });
}

export function startTables() {
  document.addEventListener("click", openRow);
  import("./words.js").then(({ say }) => {
    document.addEventListener("click", (event) => {
      const box = event.target;
      if (box.matches?.("tbody input[type=checkbox][name]")) {
        range(box, event.shiftKey);
        show(box.name, say);
      }
      if (box.dataset?.checkAll) setAll(box.dataset.checkAll, box.checked, say);
      const none = box.closest?.("[data-check-none]");
      if (none) setAll(none.dataset.checkNone, false, say);
    });
  });
}
