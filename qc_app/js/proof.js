// Which shot or entry a likely claim still lacks while the box is open. Hints for hands, no verdict.

import { missingComponents } from "./kits.js";

const has = (item, ...defects) => defects.some((defect) => item.defects.includes(defect));

// When a claim is likely, or a step of a procedure asks for its proofs.
const CONDITIONS = {
  damaged: (item) => has(item, "damaged", "leaking") || ["C", "D"].includes(item.grade),
  leaking: (item) => has(item, "leaking"),
  used: (item) => has(item, "used", "tampered") || ["opened", "broken"].includes(item.seal_state),
  expired: (item, today) => Boolean(item.expiry_on) && item.expiry_on <= today,
  incomplete: (item) => missingComponents(item).length > 0,
  unlisted: (item) => item.is_unlisted,
};

const LIKELY = [
  { condition: "damaged", needs: ["photo", "cause"] },
  { condition: "used", needs: ["photo", "seal"] },
  { condition: "expired", needs: ["photo", "batch"] },
  { condition: "incomplete", needs: ["photo"] },
  { condition: "unlisted", needs: ["photo"] },
];

const PRESENT = {
  photo: (item, photos) => photos.some((photo) => photo.item_no === item.item_no),
  cause: (item) => Boolean(item.damage_cause),
  seal: (item) => Boolean(item.seal_state),
  batch: (item) => Boolean(item.batch_no),
  expiry: (item) => Boolean(item.expiry_on),
  mrp: (item) => Boolean(item.mrp),
  components: (item) => !item.components?.length || item.components.every((part) => part.seen !== null),
};

// Names of what an item still lacks for these claims or steps: [{condition, needs}], a blank condition holds always.
export function lackingOf(item, wants, photos, today) {
  const asked = wants.filter(({ condition }) => !condition || CONDITIONS[condition](item, today));
  return [...new Set(asked.flatMap(({ needs }) => needs))].filter((name) => PRESENT[name] && !PRESENT[name](item, photos));
}

// [{subject, item_no, missing: [names]}]; `subject` and names are keys of the catalogue.
// `stepsOf` are the steps of each item's procedure, by item number.
export function missingProofs({ items, photos, hasFilm, isAwbSeen, isDamaged = false, stepsOf = {}, totals, isLastCarton, isKnown }, today) {
  const found = [];
  const isShown = photos.some((photo) => photo.kind === "carton");
  const box = [hasFilm ? null : "film", hasFilm && !isAwbSeen ? "awb_in_film" : null, isDamaged && !isShown ? "photo_carton" : null].filter(Boolean);
  if (box.length) found.push({ subject: "box", missing: box });
  for (const item of items) {
    const likely = LIKELY.find(({ condition }) => CONDITIONS[condition](item, today));
    const missing = lackingOf(item, [...LIKELY, ...(stepsOf[item.item_no] ?? [])], photos, today);
    if (missing.length) found.push({ subject: likely?.condition ?? "sop", item_no: item.item_no, missing });
  }
  if (isLastCarton && isKnown && totals.missing > 0) found.push({ subject: "short", missing: ["empty_carton"] });
  return found;
}
