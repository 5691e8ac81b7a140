// What this device is used for: receiving at our gate, or picking up at a platform's dock. A station's address may say it.

const KEY = "rtv-mode";
export const MODES = ["receive", "pickup"];

export function mode() {
  const kept = localStorage.getItem(KEY);
  return MODES.includes(kept) ? kept : MODES[0];
}

export function setMode(name) {
  localStorage.setItem(KEY, name);
}

// A blind receipt: whoever counts does not see what is expected, so that nobody copies it.
const BLIND = "rtv-blind";
export const isBlind = () => localStorage.getItem(BLIND) === "1";

const address = new URLSearchParams(location.search);
if (MODES.includes(address.get("mode"))) setMode(address.get("mode"));
if (["0", "1"].includes(address.get("blind"))) localStorage.setItem(BLIND, address.get("blind"));
