// Expected, scanned, missing, excess: arithmetic over lists. What is a discrepancy only the warehouse says.

import { gtin14 } from "./codes.js";

// The declared line a code belongs to, or undefined.
export function lineOf(lines, code) {
  const wanted = gtin14(code);
  return lines.find(
    (line) =>
      (wanted && gtin14(line.gtin) === wanted) ||
      [line.platform_sku, line.sku_code].some((name) => name && name.toUpperCase() === code.toUpperCase()),
  );
}

export const keyOf = (line) => line.sku_code ?? gtin14(line.gtin) ?? line.platform_sku;

// `items` of this carton and `earlier` ones of the same AWB: [{scanned_code, sku_code, qty}].
export function tally(lines, items, earlier = []) {
  const rows = new Map();
  for (const line of lines) {
    const row = rows.get(keyOf(line)) ?? { key: keyOf(line), title: line.title ?? line.platform_sku, expected: 0, here: 0, before: 0 };
    row.expected += line.declared_qty;
    rows.set(row.key, row);
  }
  const unlisted = new Map();
  const count = (item, name) => {
    const line = lineOf(lines, item.scanned_code) ?? (item.sku_code && lineOf(lines, item.sku_code));
    const row = line ? rows.get(keyOf(line)) : unlisted.get(item.scanned_code);
    const found = row ?? { key: item.scanned_code, title: item.scanned_code, expected: 0, here: 0, before: 0 };
    found[name] += item.qty;
    if (!line) unlisted.set(item.scanned_code, found);
  };
  earlier.forEach((item) => count(item, "before"));
  items.forEach((item) => count(item, "here"));
  const finished = (row) => {
    const scanned = row.here + row.before;
    return { ...row, scanned, missing: Math.max(0, row.expected - scanned), excess: Math.max(0, scanned - row.expected) };
  };
  const listed = [...rows.values()].map(finished);
  const others = [...unlisted.values()].map(finished);
  const sum = (name) => [...listed, ...others].reduce((total, row) => total + row[name], 0);
  return {
    rows: listed,
    unlisted: others,
    totals: { expected: sum("expected"), scanned: sum("scanned"), missing: sum("missing"), excess: sum("excess") },
  };
}
