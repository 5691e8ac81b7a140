// Which box lies here: its AWB by camera, hardware scanner or hand.

import "./sop-strip.js";
import "./viewfinder.js";
import { commandOf, PRACTICE } from "../commands.js";
import { choices, h } from "../dom.js";
import { t } from "../i18n.js";
import { mode, MODES, setMode } from "../mode.js";
import { shiftStep, shiftStepDone } from "../sops.js";
import { tone } from "../tones.js";
import { listenToWedge } from "../wedge.js";

class FindBox extends HTMLElement {
  connectedCallback() {
    this.input = h("input", {
      name: "awb", "aria-label": t("find.awb"), placeholder: t("find.placeholder"), autocomplete: "off",
      autocapitalize: "characters", spellcheck: "false", maxlength: 80, required: true,
    });
    this.head = h("div", { class: "find-head" });
    this.strip = h("rtv-sop-strip", { onstepped: (event) => { shiftStepDone(event.detail); this.strip.show(shiftStep()); } });
    this.strip.show(shiftStep());
    this.replaceChildren(
      h("section", { class: "label find" },
        this.head, this.strip,
        h("rtv-viewfinder", { oncode: (event) => this.found(event.detail) }),
        h("form", { class: "by-hand", onsubmit: (event) => { event.preventDefault(); this.found(this.input.value); } },
          this.input, h("button", { class: "go" }, t("find.open"))),
        h("p", { class: "hint" }, t("find.hint")),
        h("div", { class: "side-by-side" },
          h("button", { type: "button", class: "quiet tall-link", onclick: () => this.dispatchEvent(new CustomEvent("practice", { bubbles: true })) }, t("practice.start")),
          h("a", { class: "quiet tall-link", href: "/commands.html", target: "_blank", rel: "noopener" }, t("sheet.open"))),
      ),
    );
    this.drawHead();
    this.stop = listenToWedge((code) => this.found(code));
  }

  // Only the head tells the modes apart: the camera goes on.
  drawHead() {
    this.head.replaceChildren(
      choices({ label: t("mode.title"), kind: "modes", chosen: mode(), options: MODES.map((name) => [name, t(`mode.${name}`)]),
        onchoose: (name) => { setMode(name); this.drawHead(); } }),
      h("header", { class: "label-head" }, h("div", {}, h("p", { class: "eyebrow" }, t(`find.eyebrow_${mode()}`)), h("h1", {}, t("find.title"))),
        h("div", { class: "bars", "aria-hidden": "true" })));
  }

  disconnectedCallback() {
    this.stop();
  }

  found(code) {
    if (commandOf(code) !== null) return tone("bad");
    const awb = code.trim().toUpperCase();
    if (awb.length < 4 || this.isFound) return undefined;
    this.isFound = true;
    // The label of the practice box opens that, whatever the hub may know under its number.
    if (awb === PRACTICE.awb) return this.dispatchEvent(new CustomEvent("practice", { bubbles: true }));
    return this.dispatchEvent(new CustomEvent("box", { detail: awb, bubbles: true }));
  }
}

customElements.define("rtv-find-box", FindBox);
