// The words of the scripts, in the language of the page.
const words = JSON.parse(document.getElementById("ui-strings")?.textContent ?? "{}");

export function say(key, values = {}) {
  return Object.entries(values).reduce((text, [name, value]) => text.replace(`{${name}}`, value), words[key] ?? key);
}
