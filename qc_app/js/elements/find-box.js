// Which box lies here: its AWB by camera, hardware scanner or hand.

import "./viewfinder.js";
import { h } from "../dom.js";
import { t } from "../i18n.js";
import { listenToWedge } from "../wedge.js";

class FindBox extends HTMLElement {
  connectedCallback() {
    this.input = h("input", {
      name: "awb", "aria-label": t("find.awb"), placeholder: t("find.placeholder"), autocomplete: "off",
      autocapitalize: "characters", spellcheck: "false", maxlength: 80, required: true,
    });
    this.replaceChildren(
      h("section", { class: "label find" },
        h("header", { class: "label-head" }, h("div", {}, h("p", { class: "eyebrow" }, t("find.eyebrow")), h("h1", {}, t("find.title"))),
          h("div", { class: "bars", "aria-hidden": "true" })),
        h("rtv-viewfinder", { oncode: (event) => this.found(event.detail) }),
        h("form", { class: "by-hand", onsubmit: (event) => { event.preventDefault(); this.found(this.input.value); } },
          this.input, h("button", { class: "go" }, t("find.open"))),
        h("p", { class: "hint" }, t("find.hint")),
      ),
    );
    this.stop = listenToWedge((code) => this.found(code));
  }

  disconnectedCallback() {
    this.stop();
  }

  found(code) {
    const awb = code.trim().toUpperCase();
    if (awb.length < 4 || this.isFound) return;
    this.isFound = true;
    this.dispatchEvent(new CustomEvent("box", { detail: awb, bubbles: true }));
  }
}

customElements.define("rtv-find-box", FindBox);
