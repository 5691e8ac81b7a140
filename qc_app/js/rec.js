// The sign that a film runs, with its length.

import { h } from "./dom.js";
import { t } from "./i18n.js";

const two = (number) => String(number).padStart(2, "0");

// Shows a running film in `sign` until what is answered is called; then the sign says `ended`, or nothing.
export function showRunning(sign) {
  const from = Date.now();
  const tick = () => {
    const seconds = Math.floor((Date.now() - from) / 1000);
    sign.replaceChildren(h("i", { "aria-hidden": "true" }), `${t("unbox.rec")} ${two(Math.floor(seconds / 60))}:${two(seconds % 60)}`);
  };
  sign.className = "rec on";
  tick();
  const clock = setInterval(tick, 1000);
  return (ended = "") => {
    clearInterval(clock);
    sign.className = ended ? "rec off" : "rec";
    sign.textContent = ended;
  };
}
