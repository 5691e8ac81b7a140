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

const asked = new URLSearchParams(location.search).get("mode");
if (MODES.includes(asked)) setMode(asked);
