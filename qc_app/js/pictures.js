// Pictures of items: fetched from the hub with the session's token, kept on the device for work without a network.

import { ApiProblem, Offline, send } from "./api.js";
import { h } from "./dom.js";
import { t } from "./i18n.js";

const CACHE = "rtv-pictures";
const MOST_KEPT = 2000;
const MOST_A_LIST = 500;
const AT_ONCE = 3;
const shown = new Map();

const addressOf = (sha256) => `/v1/pictures/${sha256}`;

// The picture as bytes, from the device or the hub; null when neither has it now.
async function bytesOf(sha256) {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(addressOf(sha256));
  if (kept) return kept.blob();
  try {
    const answer = await send(addressOf(sha256));
    await cache.put(addressOf(sha256), answer.clone());
    return await answer.blob();
  } catch (error) {
    // Without the hub, or when a film has taken all room, the placeholder stays.
    if (!(error instanceof Offline || error instanceof ApiProblem || error instanceof DOMException)) throw error;
    return null;
  }
}

// Fetches what a list will need, a few at a time and behind everything else; the oldest pictures go.
export async function keepPictures(lines) {
  const wanted = [...new Set(lines.map((line) => line.picture_sha256).filter(Boolean))].slice(0, MOST_A_LIST);
  let isGoing = wanted.length > 0;
  const work = async () => {
    while (isGoing && wanted.length) isGoing = (await bytesOf(wanted.pop())) !== null;
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  const cache = await caches.open(CACHE);
  const keys = await cache.keys();
  await Promise.all(keys.slice(0, Math.max(0, keys.length - MOST_KEPT)).map((key) => cache.delete(key)));
}

const initials = (name) => name.split(/\s+/).slice(0, 2).map((word) => [...word][0] ?? "").join("").toUpperCase();

// The item's picture in a square; its initials until it is there, or where it has none.
export function thumb({ title, scanned_code, picture_sha256 }) {
  const frame = h("span", { class: "thumb" });
  const show = (url) => frame.replaceChildren(h("img", { src: url, alt: t("item.picture"), width: 64, height: 64 }));
  if (shown.has(picture_sha256)) {
    show(shown.get(picture_sha256));
    return frame;
  }
  frame.append(h("span", { class: "initials", "aria-hidden": "true" }, initials(title ?? scanned_code ?? "?")));
  if (picture_sha256) {
    bytesOf(picture_sha256).then((blob) => {
      if (!blob) return;
      if (!shown.has(picture_sha256)) shown.set(picture_sha256, URL.createObjectURL(blob));
      show(shown.get(picture_sha256));
    });
  }
  return frame;
}
