// A hardware scanner types fast and ends with Enter. Slow typing, and typing into a field, is a person's; but a printed
// command is obeyed wherever the cursor stands, and leaves nothing in the field. A key alone, with no other near it, is a
// person's too: no scanner, however slow, types one.

import { commandOf } from "./commands.js";

const FASTEST_PERSON_MS = 35;
const ALONE_MS = 200;

// Calls onCode(code) for a scan and onKey(letter) for a letter pressed alone, outside any field.
export function listenToWedge(onCode, onKey = () => {}) {
  let typed = "";
  let last = -Infinity;
  let alone = null;
  const listen = (event) => {
    const field = event.target.closest?.("input, textarea, select");
    const gap = event.timeStamp - last;
    last = event.timeStamp;
    clearTimeout(alone);
    if (gap > ALONE_MS && !field && !event.repeat && letterOf(event)) alone = setTimeout(() => onKey(letterOf(event)), ALONE_MS);
    if (gap > FASTEST_PERSON_MS && event.key !== "Enter") typed = "";
    if (event.key === "Enter") {
      const isCommand = commandOf(typed) !== null;
      if (isCommand && field) takeBack(field, typed);
      if (isCommand || (!field && typed.length >= 4)) {
        event.preventDefault();
        onCode(typed);
      }
      typed = "";
      // What follows is another scan, or a person.
      last = -Infinity;
    } else if (event.key.length === 1) {
      typed += event.key;
    }
  };
  document.addEventListener("keydown", listen, { capture: true });
  return () => {
    clearTimeout(alone);
    document.removeEventListener("keydown", listen, { capture: true });
  };
}

// The Latin letter of a key, also under a Devanagari or Tamil layout.
function letterOf({ key, code, ctrlKey, altKey, metaKey }) {
  if (ctrlKey || altKey || metaKey) return null;
  return (/^[a-z]$/i.test(key) ? key : /^Key([A-Z])$/.exec(code)?.[1] ?? "").toUpperCase() || null;
}

function takeBack(field, typed) {
  const at = field.value.toUpperCase().lastIndexOf(typed.toUpperCase());
  if (at >= 0) field.value = field.value.slice(0, at) + field.value.slice(at + typed.length);
}
