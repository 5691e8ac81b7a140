// The hub's clock as seen from this device: a phone that is wrong by minutes would spoil every film's moment.

const KEY = "rtv-clock-offset";
let offset = Number(localStorage.getItem(KEY) ?? 0);

export function learn(serverTime, askedAt, answeredAt) {
  offset = Math.round(new Date(serverTime).getTime() - (askedAt + answeredAt) / 2);
  localStorage.setItem(KEY, String(offset));
}

export const offsetMilliseconds = () => offset;
export const now = () => new Date(Date.now() + offset).toISOString();
export const newId = (prefix) =>
  `${prefix}-${Date.now().toString(36)}${[...crypto.getRandomValues(new Uint8Array(8))].map((byte) => byte.toString(36).padStart(2, "0")).join("")}`;
