// Which shot or entry a likely claim still lacks while the box is open. Hints for hands, no verdict.

const has = (item, ...defects) => defects.some((defect) => item.defects.includes(defect));

const LIKELY = [
  ["damaged", (item) => has(item, "damaged", "leaking") || ["C", "D"].includes(item.grade), ["photo", "cause"]],
  ["used", (item) => has(item, "used", "tampered") || ["opened", "broken"].includes(item.seal_state), ["photo", "seal"]],
  ["expired", (item, today) => item.expiry_on && item.expiry_on <= today, ["photo", "batch"]],
  ["unlisted", (item) => item.is_unlisted, ["photo"]],
];

const PRESENT = {
  photo: (item, photos) => photos.some((photo) => photo.item_no === item.item_no),
  cause: (item) => Boolean(item.damage_cause),
  seal: (item) => Boolean(item.seal_state),
  batch: (item) => Boolean(item.batch_no),
};

// [{subject, item_no, missing: [names]}]; `subject` and names are keys of the catalogue.
export function missingProofs({ items, photos, hasFilm, isAwbSeen, totals, isLastCarton, isKnown }, today) {
  const found = [];
  const box = [hasFilm ? null : "film", hasFilm && !isAwbSeen ? "awb_in_film" : null].filter(Boolean);
  if (box.length) found.push({ subject: "box", missing: box });
  for (const item of items) {
    const wanted = LIKELY.filter(([, applies]) => applies(item, today));
    const lacks = [...new Set(wanted.flatMap(([, , proofs]) => proofs))].filter((name) => !PRESENT[name](item, photos));
    if (lacks.length) found.push({ subject: wanted[0][0], item_no: item.item_no, missing: lacks });
  }
  if (isLastCarton && isKnown && totals.missing > 0) found.push({ subject: "short", missing: ["empty_carton"] });
  return found;
}
