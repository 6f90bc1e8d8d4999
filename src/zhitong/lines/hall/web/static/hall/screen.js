// A screen that runs for days: asks every three seconds, goes on when the network fails, starts anew each night.
const EVERY = 3000, PATIENCE = 8000, LOST_AFTER = 3, NIGHT = 3;
const main = document.querySelector("[data-screen]");
const board = main.querySelector("[data-board]");
const lost = main.querySelector("[data-lost]");
const voice = main.querySelector("[data-voice]");
const opened = new Date();
const said = new Set();
let failed = 0;

function calls() {
  return [...board.querySelectorAll("[data-call]")];
}

function say(text) {
  const words = new SpeechSynthesisUtterance(text);
  words.lang = document.documentElement.lang;
  words.rate = 0.9;
  speechSynthesis.speak(words);
}

function announce() {
  const now = calls();
  for (const one of now) {
    if (!said.has(one.dataset.call) && voice?.getAttribute("aria-pressed") === "true") say(one.dataset.say);
    said.add(one.dataset.call);
  }
  const live = new Set(now.map((one) => one.dataset.call));
  for (const one of said) if (!live.has(one)) said.delete(one);
}

async function ask() {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), PATIENCE);
  try {
    const answer = await fetch(main.dataset.screen, { signal: stop.signal, cache: "no-store" });
    if (!answer.ok) throw new Error(String(answer.status));
    board.innerHTML = await answer.text();
    announce();
    failed = 0;
  } catch {
    failed += 1;
  } finally {
    clearTimeout(timer);
  }
  lost.hidden = failed < LOST_AFTER;
  const now = new Date();
  if (!failed && now.getHours() === NIGHT && now - opened > 3600_000 * 2) location.reload();
  setTimeout(ask, EVERY);
}

if (voice) {
  voice.hidden = !("speechSynthesis" in window);
  voice.addEventListener("click", () => {
    const on = voice.getAttribute("aria-pressed") !== "true";
    voice.setAttribute("aria-pressed", String(on));
    if (on) for (const one of calls().slice(0, 1)) say(one.dataset.say);
  });
}
for (const one of calls()) said.add(one.dataset.call);
setTimeout(ask, EVERY);
