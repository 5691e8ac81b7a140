// A box to practise with. It lives in this page's memory alone: nothing of it is stored, nothing is sent.

import { Carton } from "./carton.js";
import { PRACTICE } from "./commands.js";
import { t } from "./i18n.js";
import { tally } from "./tally.js";

export class PracticeCarton extends Carton {
  static begin() {
    const lines = PRACTICE.lines.map(({ title_key, ...line }) => ({ ...line, title: t(title_key), platform_sku: line.sku_code, mrp: 299, is_kit: false }));
    const expected = { lines, gate_receipts: [], captured_items: [], kit_components: [], is_known: true };
    return new PracticeCarton({ ...Carton.blank({ awb_no: PRACTICE.awb, rtv_no: null, expected }), is_practice: true });
  }

  save() {}

  close() {}

  tally() {
    return tally(this.expected.lines, this.items);
  }
}

// Looks like a film to the screen and keeps no picture.
export class PracticeFilm {
  id = "practice";

  async start() {}

  async stop() {
    this.isBroken = true;
  }
}
