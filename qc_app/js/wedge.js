// A hardware scanner types fast and ends with Enter. Slow typing, and typing into a field, is a person's; but a printed
// command is obeyed wherever the cursor stands, and leaves nothing in the field.

import { commandOf } from "./commands.js";

const FASTEST_PERSON_MS = 35;

export function listenToWedge(onCode) {
  let typed = "";
  let last = 0;
  const listen = (event) => {
    const field = event.target.closest?.("input, textarea, select");
    const gap = event.timeStamp - last;
    last = event.timeStamp;
    if (gap > FASTEST_PERSON_MS && event.key !== "Enter") typed = "";
    if (event.key === "Enter") {
      const isCommand = commandOf(typed) !== null;
      if (isCommand && field) takeBack(field, typed);
      if (isCommand || (!field && typed.length >= 4)) {
        event.preventDefault();
        onCode(typed);
      }
      typed = "";
    } else if (event.key.length === 1) {
      typed += event.key;
    }
  };
  document.addEventListener("keydown", listen, { capture: true });
  return () => document.removeEventListener("keydown", listen, { capture: true });
}

function takeBack(field, typed) {
  const at = field.value.toUpperCase().lastIndexOf(typed.toUpperCase());
  if (at >= 0) field.value = field.value.slice(0, at) + field.value.slice(at + typed.length);
}
