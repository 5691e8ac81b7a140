// A hardware scanner types fast and ends with Enter. Slow typing, and typing into a field, is a person's.

const FASTEST_PERSON_MS = 35;

export function listenToWedge(onCode) {
  let typed = "";
  let last = 0;
  const listen = (event) => {
    if (event.target.closest?.("input, textarea, select")) return;
    const gap = event.timeStamp - last;
    last = event.timeStamp;
    if (gap > FASTEST_PERSON_MS && event.key !== "Enter") typed = "";
    if (event.key === "Enter") {
      if (typed.length >= 4) {
        event.preventDefault();
        onCode(typed);
      }
      typed = "";
    } else if (event.key.length === 1) {
      typed += event.key;
    }
  };
  document.addEventListener("keydown", listen);
  return () => document.removeEventListener("keydown", listen);
}
