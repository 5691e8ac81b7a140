// The bay's procedures, from the hub, kept for work without a network: which applies, and which step is next.

import * as db from "./db.js";
import { ApiProblem, Offline, send, session } from "./api.js";
import { now } from "./clock.js";
import { language } from "./i18n.js";
import { lackingOf } from "./proof.js";

const SHOWN = "rtv-sop-shown";
const SHIFT = "rtv-sop-shift";
const PATIENCE_MS = 5000;
let procedures = [];

// What is on the device serves at once and is renewed meanwhile; only a device that has nothing waits, and not for long.
export async function loadSops() {
  const code = language();
  const kept = await db.get("values", `sops ${code}`);
  procedures = kept ?? [];
  const renewed = renew(code);
  if (!kept) await renewed;
}

async function renew(code) {
  try {
    const answer = await send(`/v1/sops?language=${code}`, { signal: AbortSignal.timeout(PATIENCE_MS) });
    const { sops } = await answer.json();
    await db.put("values", `sops ${code}`, sops);
    if (code === language()) procedures = sops;
  } catch (error) {
    // Without an answer the device works by what it has.
    if (!(error instanceof Offline || error instanceof ApiProblem || error instanceof DOMException)) throw error;
  }
}

export const sopAt = (place) => procedures.find((sop) => sop.place === place) ?? null;

// A kit's procedure goes before its category's.
export function sopOfItem(item) {
  const ofItems = procedures.filter((sop) => sop.place === "item");
  const category = (item.category ?? "").toLowerCase();
  return ofItems.find((sop) => sop.is_for_kits && item.is_kit) ?? ofItems.find((sop) => sop.categories.includes(category)) ?? null;
}

// {sop, step, item_no} to show for an open carton, or null when all is walked through.
export function nextStep(carton, today) {
  const { item } = carton;
  const candidates = [[item && sopOfItem(item), item?.item_no], [carton.is_damaged && sopAt("arrival"), null], [sopAt("box"), null]];
  for (const [sop, item_no] of candidates) {
    if (!sop) continue;
    const at = carton.sop_at[walkKey(sop, item_no)] ?? 1;
    const isGraded = item_no && item.grade;
    const step = sop.steps.find((one) => (isGraded ? lackingOf(item, [one], carton.photos, today).length : one.step_no >= at));
    if (step) return { sop, step, item_no: item_no ?? null };
  }
  return null;
}

const walkKey = (sop, item_no) => (item_no ? `${sop.sop_code}#${item_no}` : sop.sop_code);

export function stepDone(carton, { sop, step, item_no }) {
  carton.sop_at[walkKey(sop, item_no)] = step.step_no + 1;
}

export const shownStep = ({ sop, step, item_no }) => ({ sop_code: sop.sop_code, sop_version: sop.version, step_no: step.step_no, item_no: item_no ?? null, shown_at: now() });

// True when the step was not noted before.
export function noteShown(steps, shown) {
  const isSame = (one) => ["sop_code", "step_no", "item_no"].every((name) => (one[name] ?? null) === (shown[name] ?? null));
  if (steps.some(isSame)) return false;
  steps.push(shown);
  return true;
}

// What is shown at the start of a shift, before any box: it goes out with the shift's first carton.
const shiftOf = () => session()?.expires_at ?? "";

export function shiftStep() {
  const sop = sopAt("shift");
  const [shift, at] = JSON.parse(localStorage.getItem(SHIFT) ?? "[]");
  const step = sop?.steps.find((one) => one.step_no >= (shift === shiftOf() ? at : 1));
  if (!step) return null;
  const steps = JSON.parse(localStorage.getItem(SHOWN) ?? "[]");
  if (noteShown(steps, shownStep({ sop, step }))) localStorage.setItem(SHOWN, JSON.stringify(steps));
  return { sop, step, item_no: null };
}

export function shiftStepDone({ step }) {
  localStorage.setItem(SHIFT, JSON.stringify([shiftOf(), step.step_no + 1]));
}

export function takeShown() {
  const steps = JSON.parse(localStorage.getItem(SHOWN) ?? "[]");
  localStorage.removeItem(SHOWN);
  return steps;
}
