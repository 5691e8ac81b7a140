// A kit's components: how many each kit should hold, and how many were seen. Only what is there counts.

import { gtin14 } from "./codes.js";

// [{sku_code, title, expected, seen}] of one kit; `seen` is null until somebody looked.
export function componentsOf(sku_code, kitComponents) {
  return (kitComponents ?? [])
    .filter((part) => part.kit_sku_code === sku_code)
    .map((part) => ({ sku_code: part.component_sku_code, gtin: part.gtin, title: part.title ?? part.component_sku_code, expected: part.component_qty, seen: null }));
}

// The part of a kit that a code means, while it is not complete; else undefined.
export function openPart(item, code) {
  const wanted = gtin14(code);
  return (item?.components ?? []).find(
    (part) => (part.seen ?? 0) < part.expected && ((wanted && gtin14(part.gtin) === wanted) || part.sku_code.toUpperCase() === code.toUpperCase()),
  );
}

// What each kit of an item lacks, as the capture says it; a component nobody looked at is not said to be missing.
export function missingComponents(item) {
  return (item.components ?? [])
    .filter((part) => part.seen !== null && part.seen < part.expected)
    .map((part) => ({ sku_code: part.sku_code, qty: part.expected - part.seen }));
}
