// The pickup under way: what the collector saw at the dock, kept on the device after every change.

import * as db from "./db.js";
import { session } from "./api.js";
import { newId, now } from "./clock.js";
import { forgetMedia, keepPhoto } from "./film.js";
import { enqueue } from "./queue.js";

const DRAFT = "open-pickup";
const TRANSPORTER = "rtv-transporter";

export class Pickup {
  constructor(kept) {
    Object.assign(this, kept);
  }

  static begin(box) {
    const lines = box.expected.lines;
    const only = (name) => {
      const said = [...new Set(lines.map((line) => line[name]).filter(Boolean))];
      return said.length === 1 ? said[0] : null;
    };
    return new Pickup({
      pickup_id: newId("pu"), awb_no: box.awb_no, rtv_no: box.rtv_no ?? only("rtv_no"), platform_code: only("platform_code"),
      transporter_code: only("transporter_code") ?? localStorage.getItem(TRANSPORTER) ?? "", declared: lines[0]?.declared_cartons ?? null,
      is_known: box.expected.is_known, cartons: 1, weight_kg: "", seal_state: null, remark: "", signed_by: "", film_id: null, photos: [],
    });
  }

  static async restore() {
    const kept = await db.get("values", DRAFT);
    return kept ? new Pickup(kept) : null;
  }

  save() {
    return db.put("values", DRAFT, structuredClone({ ...this }));
  }

  static forget() {
    return db.remove("values", DRAFT);
  }

  // Given up at the dock: nothing of it was sent, nothing of it stays on the device.
  async discard() {
    for (const id of [this.film_id, ...this.photos.map((photo) => photo.id)].filter(Boolean)) await forgetMedia(id);
    await Pickup.forget();
  }

  // `signature` is the drawn picture, or null. The moment of the pickup is the moment it is closed.
  async close(signature) {
    const who = session() ?? JSON.parse(localStorage.getItem("rtv-session"));
    localStorage.setItem(TRANSPORTER, this.transporter_code);
    const body = {
      pickup_id: this.pickup_id, node_code: who.node_code, bay_code: who.bay_code, operator_code: who.operator_code,
      transporter_code: this.transporter_code, platform_code: this.platform_code, awb_no: this.awb_no, rtv_no: this.rtv_no,
      picked_up_at: now(), cartons: this.cartons, weight_kg: this.weight_kg || null, seal_state: this.seal_state,
      remark: this.remark || null, signed_by: this.signed_by || null,
    };
    const film = this.film_id && (await db.chunkKeys(this.film_id)).length ? this.film_id : null;
    const signed = signature ? await keepPhoto(signature, "signature") : null;
    await enqueue("pickups", this.pickup_id, body, { film, photos: this.photos.map((photo) => photo.id), signature: signed });
    await Pickup.forget();
  }
}
