// Printed commands: a card before the camera, or under a hand scanner, does what a touch does. No item, AWB or carton
// carries a code of this form.

const PREFIX = "RTVCMD-";
export const COMMANDS = [
  "GRADE-A", "GRADE-B", "GRADE-C", "GRADE-D", "PHOTO", "NEXT", "UNDO", "PAUSE", "FILM-START", "FILM-STOP", "CLOSE",
];

export const codeOf = (command) => PREFIX + command;

// The command a code means; null for any other code, "" for a command this version does not know.
export function commandOf(text) {
  const code = text.trim().toUpperCase();
  if (!code.startsWith(PREFIX)) return null;
  const command = code.slice(PREFIX.length);
  return COMMANDS.includes(command) ? command : "";
}

// What the practice box holds: numbers of the range that shops use inside their own house, so no article has them.
export const PRACTICE = {
  awb: "PRACTICE-BOX-1",
  lines: [
    { gtin: "2000000000015", sku_code: "PRACTICE-1", title_key: "practice.cream", declared_qty: 2, category: "cosmetics" },
    { gtin: "2000000000022", sku_code: "PRACTICE-2", title_key: "practice.biscuits", declared_qty: 1, category: "food" },
    { gtin: "2000000000039", sku_code: "PRACTICE-3", title_key: "practice.towel", declared_qty: 1, category: null },
  ],
};
