// htmx: the CSRF token is sent, failures are told, the focus is not lost.
import { say } from "./words.js";
import { toast } from "./toasts.js";

const TOLD = { 401: "expired", 403: "forbidden", 404: "missing", 413: "large", 429: "busy" };

export function csrfToken() {
  return document.querySelector("meta[name=csrf-token]")?.content ?? "";
}

function tellFailure(event) {
  const answer = event.detail.xhr;
  const told = answer.getResponseHeader("X-Message");
  toast(told ? decodeURIComponent(told) : say(TOLD[answer.status] ?? "server"), { isBad: true });
}

function keepFocus(event) {
  const target = event.detail.elt;
  const wanted = target.querySelector?.("[data-focus], [autofocus]");
  if (wanted) wanted.focus();
  else if (document.activeElement === document.body && target.isConnected && !target.closest(".zt-bell-count")) {
    if (!target.hasAttribute("tabindex")) target.setAttribute("tabindex", "-1");
    target.focus({ preventScroll: true });
  }
}

export function startRequests() {
  const body = document.body;
  let hadFocusInside = false;
  body.addEventListener("htmx:configRequest", (event) => {
    if (event.detail.verb !== "get") event.detail.headers["X-CSRFToken"] = csrfToken();
  });
  body.addEventListener("htmx:responseError", tellFailure);
  body.addEventListener("htmx:sendError", () => toast(say("network"), { isBad: true }));
  body.addEventListener("htmx:beforeSwap", (event) => {
    hadFocusInside = event.detail.target?.contains(document.activeElement);
  });
  body.addEventListener("htmx:afterSettle", (event) => {
    if (hadFocusInside || event.detail.elt.querySelector?.("[data-focus]")) keepFocus(event);
  });
  body.addEventListener("toast", (event) => {
    const detail = event.detail;
    toast(detail.text ?? detail.value ?? String(detail), { isBad: Boolean(detail.isBad) });
  });
  document.querySelector("[data-focus]")?.focus();
}
