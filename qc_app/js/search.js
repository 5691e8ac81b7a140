// Finding an item by what a person types: part of its name, its SKU, the platform's SKU or its EAN.

import { commandOf } from "./commands.js";
import { normalAwb, readCode } from "./codes.js";
import { keyOf, lineOf } from "./tally.js";

const MOST = 30;

const plain = (text) => text.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
const wordsOf = (text) => plain(text).split(/\s+/).filter(Boolean);

// Each item of a list once, as the list first names it.
function listed(lines) {
  const items = new Map();
  for (const line of lines) {
    const { sku_code, platform_sku, gtin, picture_sha256 = null } = line;
    const key = keyOf(line);
    if (!items.has(key)) items.set(key, { key, sku_code, platform_sku, gtin, picture_sha256, title: line.title ?? platform_sku });
  }
  return [...items.values()];
}

// Items of a list in which every typed word occurs, best first; without a word all, as the list has them.
export function findListed(lines, text) {
  const words = wordsOf(text);
  const scored = listed(lines).flatMap((item) => {
    const codes = [item.sku_code, item.platform_sku, item.gtin].filter(Boolean).map(plain);
    const title = plain(item.title);
    if (!words.every((word) => title.includes(word) || codes.some((code) => code.includes(word)))) return [];
    const [first = ""] = words;
    return [{ item, rank: codes.some((code) => code.startsWith(first)) ? 0 : title.startsWith(first) ? 1 : 2 }];
  });
  return scored.sort((one, two) => one.rank - two.rank).slice(0, MOST).map(({ item }) => item);
}

// What somebody means who typed a text and pressed Enter, where these items were found: {code}, {item}, or null when he
// has to choose. A hand scanner types whole codes into the field; a person types parts.
export function meant(text, awb, lines, found) {
  const code = text.trim();
  const read = readCode(code).code;
  const isWhole = commandOf(code) !== null || normalAwb(read) === normalAwb(awb) || lineOf(lines, read);
  if (isWhole || /^(?=.*\d)\S{8,}$/.test(code)) return { code };
  if (found.length === 1) return { item: found[0] };
  return !found.length && /^(?=.*\d)\S{3,}$/.test(code) ? { code } : null;
}
