// The pages on which a form is filled in, or tried.
import { ask } from "./asking.js";

for (const form of document.querySelectorAll(".zt-survey")) ask(form);
