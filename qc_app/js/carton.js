// The open carton: what was scanned so far, kept on the device after every change.

import * as db from "./db.js";
import { getJson, Offline, session } from "./api.js";
import { newId, now } from "./clock.js";
import { normalAwb, readCode } from "./codes.js";
import { keepPictures } from "./pictures.js";
import { componentsOf, missingComponents, openPart } from "./kits.js";
import { takeShown } from "./sops.js";
import { lineOf, tally } from "./tally.js";
import { enqueue, records } from "./queue.js";

const DRAFT = "open-carton";

// What is expected under an AWB: from the hub, else as it was last fetched, else nothing (a blind receipt).
export async function fetchExpected(awb) {
  const key = `expected ${normalAwb(awb)}`;
  try {
    let expected = await getJson(`/v1/expected?awb=${encodeURIComponent(awb)}`);
    if (!expected.is_known) {
      const byNumber = await getJson(`/v1/expected?rtv_no=${encodeURIComponent(awb)}`);
      if (byNumber.is_known) expected = { ...byNumber, scanned_rtv_no: awb };
    }
    await db.put("values", key, expected);
    keepPictures(expected.lines);
    return { ...expected, is_fresh: true };
  } catch (error) {
    if (!(error instanceof Offline)) throw error;
    return { ...((await db.get("values", key)) ?? { lines: [], gate_receipts: [], captured_items: [], is_known: false }), is_fresh: false };
  }
}

export class Carton {
  constructor(kept) {
    Object.assign(this, { sop_at: {}, sop_steps: [] }, kept);
  }

  static begin(box) {
    return new Carton({ ...Carton.blank(box), sop_steps: takeShown() });
  }

  static blank(box) {
    return {
      capture_id: newId("cap"), awb_no: box.awb_no, rtv_no: box.rtv_no, carton_no: box.carton_no ?? "",
      expected: box.expected, is_damaged: Boolean(box.is_damaged), started_at: now(), film_id: null, is_awb_seen: false,
      is_last_carton: false, items: [], photos: [], current: null,
    };
  }

  static async restore() {
    const kept = await db.get("values", DRAFT);
    return kept ? new Carton(kept) : null;
  }

  save() {
    return db.put("values", DRAFT, structuredClone({ ...this }));
  }

  static forget() {
    return db.remove("values", DRAFT);
  }

  get item() {
    return this.items.find((item) => item.item_no === this.current) ?? null;
  }

  get openItems() {
    return this.items.filter((item) => !item.grade);
  }

  // Adds what a scan says; the same code on an ungraded item counts one more. A code that
  // is listed nowhere but is a part of the kit in hand counts there. `known` is what else is known of an item on no list.
  // Answers "listed", "unlisted", "part" or "awb".
  async scanned(text, known = null) {
    const read = readCode(text);
    if (normalAwb(read.code) === normalAwb(this.awb_no)) {
      this.is_awb_seen ||= Boolean(this.film_id);
      await this.save();
      return "awb";
    }
    const line = lineOf(this.expected.lines, read.code);
    const part = line || this.item?.grade ? null : openPart(this.item, read.code);
    this.last_part = part && { item_no: this.item.item_no, sku_code: part.sku_code };
    if (part) {
      part.seen = (part.seen ?? 0) + 1;
      await this.save();
      return "part";
    }
    const same = this.openItems.find((item) => item.scanned_code === read.code && item.batch_no === (read.batch_no ?? ""));
    if (same) {
      same.qty += 1;
    } else {
      this.add(read, line, known);
    }
    await this.save();
    return line ? "listed" : "unlisted";
  }

  add(read, line, known = null) {
    const about = line ?? known;
    const item_no = 1 + Math.max(0, ...this.items.map((item) => item.item_no));
    this.items.push({
      item_no, scanned_code: read.code, sku_code: about?.sku_code ?? null, title: about?.title ?? null,
      listed_mrp: about?.mrp ?? null, category: about?.category ?? null, is_kit: about?.is_kit ?? false, picture_sha256: about?.picture_sha256 ?? null,
      components: line?.is_kit ? componentsOf(line.sku_code, this.expected.kit_components) : [],
      is_unlisted: !line, qty: 1, grade: null, defects: [], damage_cause: null,
      batch_no: read.batch_no ?? "", expiry_on: read.expiry_on ?? "", mrp: "", seal_state: null, seen_at: now(),
    });
    // A scan never takes the item away that waits for its grade: the next touch would grade the wrong one.
    if (!this.item || this.item.grade) this.current = item_no;
  }

  // The last item of the same article whose batch or expiry is known, while nothing of this one's is.
  get like() {
    const { item } = this;
    if (!item || item.batch_no || item.expiry_on) return null;
    const isSame = (one) => (item.sku_code ? one.sku_code === item.sku_code : one.scanned_code === item.scanned_code);
    return this.items.findLast((one) => one !== item && isSame(one) && (one.batch_no || one.expiry_on)) ?? null;
  }

  // Sound items need no more than their grade: the next ungraded one comes up by itself.
  graded() {
    const next = this.openItems[0];
    if (next && ["A", "B"].includes(this.item?.grade)) this.current = next.item_no;
  }

  // Takes the last scan back: one part, one unit, or the item with it.
  async undo() {
    const kit = this.last_part && this.items.find((item) => item.item_no === this.last_part.item_no);
    const part = kit?.components.find((one) => one.sku_code === this.last_part.sku_code);
    this.last_part = null;
    if (part?.seen) {
      part.seen -= 1;
      await this.save();
      return { scanned_code: part.title };
    }
    const last = this.items.at(-1);
    if (!last) return null;
    if (last.qty > 1 && !last.grade) last.qty -= 1;
    else this.items.pop();
    this.photos = this.photos.filter((photo) => this.items.some((item) => item.item_no === photo.item_no) || !photo.item_no);
    this.current = this.items.at(-1)?.item_no ?? null;
    await this.save();
    return last;
  }

  // Units of the other cartons of this AWB: those the hub has, and those of this device, each capture once.
  async tally() {
    const own = (await records()).filter(
      (record) => record.kind === "captures" && normalAwb(record.body.awb_no) === normalAwb(this.awb_no) && record.id !== this.capture_id,
    );
    const known = new Set(own.map((record) => record.id));
    const elsewhere = this.expected.captured_items.filter((item) => item.scanned_code && !known.has(item.capture_id));
    return tally(this.expected.lines, this.items, [...elsewhere, ...own.flatMap((record) => record.body.items)]);
  }

  async close() {
    const who = session() ?? JSON.parse(localStorage.getItem("rtv-session"));
    const graded = this.items.filter((item) => item.grade);
    const body = {
      capture_id: this.capture_id, node_code: who.node_code, bay_code: who.bay_code, station_code: who.station_code,
      operator_code: who.operator_code, awb_no: this.awb_no, rtv_no: this.rtv_no || null, carton_no: this.carton_no || null,
      started_at: this.started_at, ended_at: now(), is_last_carton: this.is_last_carton,
      items: graded.map(asSent), sop_steps: this.stepsAsSent(graded),
    };
    // A film that ended before its first second was kept has no bytes to send.
    const film = this.film_id && (await db.chunkKeys(this.film_id)).length ? this.film_id : null;
    await enqueue("captures", this.capture_id, body, { film, photos: this.photos.map((photo) => photo.id) });
    await Carton.forget();
  }

  // Steps shown for the box and for the items that are sent, under the numbers these are sent with.
  stepsAsSent(graded) {
    const numbers = new Map(graded.map((item, index) => [item.item_no, index + 1]));
    return this.sop_steps
      .filter((step) => step.item_no === null || numbers.has(step.item_no))
      .map((step) => (step.item_no === null ? step : { ...step, item_no: numbers.get(step.item_no) }));
  }
}

function asSent(item, index) {
  const { is_unlisted, listed_mrp, picture_sha256, title, category, is_kit, components, ...sent } = item;
  const filled = Object.entries({ ...sent, item_no: index + 1, missing_components: missingComponents(item) }).filter(([, value]) => value !== "" && value !== null);
  return Object.fromEntries(filled);
}
