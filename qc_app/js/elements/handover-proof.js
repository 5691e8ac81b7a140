// What proves a handover: photos of carton, seal and label, and a signature drawn with a finger. Nothing of it is on the
// device's store before the handover is closed.

import "./signature-pad.js";
import "./viewfinder.js";
import { still } from "../camera.js";
import { h } from "../dom.js";
import { keepPhoto } from "../film.js";
import { t } from "../i18n.js";
import { tone } from "../tones.js";

const PHOTOS = ["carton", "seal", "label"];

class HandoverProof extends HTMLElement {
  connectedCallback() {
    this.taken = [];
    this.inside = h("div", { class: "counted" });
    this.replaceChildren(h("details", { ontoggle: (event) => event.target.open && this.open() }, h("summary", {}, t("gate.proof")), this.inside));
  }

  // The camera starts only for whoever wants it.
  open() {
    if (this.finder) return;
    this.finder = h("rtv-viewfinder", { onready: () => this.draw() });
    this.shots = h("div", { class: "shots three" });
    this.pad = h("rtv-signature-pad");
    this.inside.replaceChildren(this.finder, this.shots, h("div", { class: "field" }, h("span", { class: "field-name" }, t("gate.sign_here")), this.pad));
    this.draw();
  }

  draw() {
    this.shots.replaceChildren(...PHOTOS.map((kind) => {
      const count = this.taken.filter((one) => one.kind === kind).length;
      return h("button", { type: "button", class: "second", disabled: !this.finder.stream, onclick: () => this.photo(kind) },
        t(`pickup.photo_${kind}`), count ? h("span", { class: "code" }, ` ${count}`) : null);
    }));
  }

  async photo(kind) {
    this.taken.push({ kind, blob: await still(this.finder.video) });
    tone("good");
    this.draw();
  }

  // Ids of the kept photos and signature, as a queued record names them.
  async keep() {
    const photos = [];
    for (const { kind, blob } of this.taken) photos.push(await keepPhoto(blob, kind));
    const picture = await this.pad?.picture();
    return { photos, signature: picture ? await keepPhoto(picture, "signature") : null };
  }
}

customElements.define("rtv-handover-proof", HandoverProof);
