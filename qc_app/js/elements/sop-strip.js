// The current step of the procedure, what it still lacks, and the way to the next.

import { h } from "../dom.js";
import { t } from "../i18n.js";

const PHOTOS = ["photo", "photo_carton"];

class SopStrip extends HTMLElement {
  // `walk` is {sop, step} or null; `lacking` are names of proofs. Says "stepped" and "photo".
  show(walk, lacking = []) {
    this.hidden = !walk;
    const said = walk ? `${walk.sop.sop_code} ${walk.step.step_no} ${walk.item_no} ${lacking}` : "";
    // The same step is not drawn anew: a press that has begun must not lose its button.
    if (said === this.said) return;
    this.said = said;
    if (!walk) return this.replaceChildren();
    const { sop, step } = walk;
    const photo = lacking.find((name) => PHOTOS.includes(name));
    const say = (name, detail) => this.dispatchEvent(new CustomEvent(name, { detail }));
    this.replaceChildren(
      h("section", { class: "sop", "aria-label": t("sop.title") },
        h("button", { type: "button", class: "quiet sop-next", onclick: () => say("stepped", walk) },
          step.step_no < sop.steps.length ? t("sop.next") : t("sop.done")),
        h("p", { class: "sop-name" }, t("sop.step", { sop: sop.title, step: step.step_no, steps: sop.steps.length }), " ",
          h("span", { class: "code" }, `${sop.sop_code} v${sop.version}`)),
        h("p", { class: "sop-text" }, step.text.split(/\*+/).map((part, at) => (at % 2 ? h("b", {}, part) : part))),
        lacking.length ? h("p", { class: "sop-lacks" }, t("sop.needs", { proofs: lacking.map((name) => t(`proof.${name}`)).join(", ") })) : null,
        photo ? h("button", { type: "button", class: "second sop-photo", onclick: () => say("photo", photo) }, t("sop.photo")) : null));
  }
}

customElements.define("rtv-sop-strip", SopStrip);
