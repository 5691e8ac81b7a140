// Closing the carton: its number, whether it is the last, what is still missing. The film runs until it is closed.

import { field, h } from "../dom.js";
import { t } from "../i18n.js";
import { isBlind } from "../mode.js";

class CloseCarton extends HTMLElement {
  connectedCallback() {
    const { carton, counted, proofs } = this;
    const { missing, excess } = counted.totals;
    const last = h("input", { type: "checkbox", role: "switch", name: "is_last_carton", checked: carton.is_last_carton });
    this.replaceChildren(
      h("dialog", { class: "label close", "aria-labelledby": "close-title", oncancel: (event) => { event.preventDefault(); this.leave(); } },
        h("form", { onsubmit: (event) => this.submit(event, last) },
          h("header", { class: "label-head" }, h("div", {}, h("p", { class: "eyebrow code" }, carton.awb_no), h("h1", { id: "close-title" }, t("close.title")))),
          h("p", { class: "sum" }, t("close.sum", { units: carton.items.reduce((sum, item) => sum + item.qty, 0), photos: carton.photos.length })),
          field(t("close.carton_no"), "carton_no", { value: carton.carton_no, maxlength: 40, autocomplete: "off" }),
          h("label", { class: "switch" }, last, h("span", {}, h("b", {}, t("close.last")), h("small", {}, t("close.last_note")))),
          carton.expected.is_known && !isBlind() && (missing || excess)
            ? h("p", { class: "notice" }, [missing ? t("close.missing", { count: missing }) : null, excess ? t("close.excess", { count: excess }) : null].filter(Boolean).join(" ")) : null,
          proofs.length ? h("div", { class: "notice" }, h("b", {}, t("close.proofs")),
            h("ul", {}, proofs.map((hint) => h("li", {}, t(`proof.subject.${hint.subject}`, { item: hint.item_no ?? "" }), " ", hint.missing.map((name) => t(`proof.${name}`)).join(", "))))) : null,
          h("div", { class: "actions" },
            h("button", { class: "go" }, t(carton.is_practice ? "practice.finish" : "close.go")),
            h("button", { type: "button", class: "quiet", onclick: () => this.leave() }, t("close.back")))),
      ),
    );
    this.firstChild.showModal();
  }

  // As if *Close and send* were pressed.
  confirm() {
    this.querySelector("form").requestSubmit();
  }

  leave() {
    this.remove();
    this.dispatchEvent(new CustomEvent("left"));
  }

  submit(event, last) {
    event.preventDefault();
    if (this.isSent) return;
    this.isSent = true;
    event.target.querySelector(".go").disabled = true;
    this.carton.is_last_carton = last.checked;
    this.carton.carton_no = new FormData(event.target).get("carton_no").trim();
    this.dispatchEvent(new CustomEvent("closed", { bubbles: true, detail: this.film }));
  }
}

customElements.define("rtv-close-carton", CloseCarton);
