// Copying and printing a receipt; the buttons are there only where they work.
import { say } from "../ui/words.js";
import { toast } from "../ui/toasts.js";

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
for (const button of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.querySelector(button.dataset.copy).textContent.trim().replace(/\s+/g, " "));
    toast(say("copied"));
  });
}
