// The handover at the gate: cartons, seal, weight, remark on the proof of delivery.

import "./handover-proof.js";
import "./sop-strip.js";
import { session } from "../api.js";
import { newId, now } from "../clock.js";
import { h } from "../dom.js";
import { cartonsField, remarkField, sealField, weightField } from "../handover.js";
import { t } from "../i18n.js";
import { isBlind } from "../mode.js";
import { enqueue } from "../queue.js";
import { sopAt } from "../sops.js";

class GateReceipt extends HTMLElement {
  connectedCallback() {
    this.cartons = 1;
    this.seal = null;
    const first = this.box.expected.lines[0];
    this.declared = isBlind() ? null : first?.declared_cartons ?? null;
    this.sop = sopAt("gate");
    this.step_no = 1;
    this.shown_at = now();
    this.strip = h("rtv-sop-strip", { onstepped: () => { this.step_no += 1; this.drawStrip(); } });
    this.drawStrip();
    this.build();
  }

  // Built once: a camera and a signature do not outlive being drawn anew.
  build() {
    const { box } = this;
    const earlier = box.expected.gate_receipts ?? [];
    const destination = box.expected.lines[0]?.destination_node;
    this.counted = h("div", {});
    this.sealed = h("div", {});
    this.proof = h("rtv-handover-proof");
    this.go = h("button", { class: "go" });
    this.replaceChildren(
      h("form", { class: "label gate", onsubmit: (event) => this.submit(event) },
        h("header", { class: "label-head" },
          h("div", {}, h("p", { class: "eyebrow" }, t("gate.eyebrow")), h("h1", { class: "code" }, box.awb_no)),
          h("div", { class: "bars", "aria-hidden": "true" })),
        this.strip,
        destination && destination !== session()?.node_code ? h("p", { class: "notice" }, t("gate.other_node", { node: destination })) : null,
        box.expected.is_known ? null : h("p", { class: "notice" }, t(box.expected.is_fresh ? "gate.unknown" : "gate.offline")),
        earlier.length ? h("p", { class: "notice" }, t("gate.earlier", { cartons: earlier.reduce((sum, row) => sum + row.cartons_received, 0) })) : null,
        h("div", { class: "cells two" }, this.counted, weightField("")),
        this.sealed,
        remarkField({ label: t("gate.remark"), name: "pod_remark", value: "" }),
        this.proof,
        h("div", { class: "actions" }, this.go,
          h("div", { class: "side-by-side" },
            h("button", { type: "button", class: "quiet", onclick: () => this.done() }, t(earlier.length ? "gate.skip" : "gate.skip_first")),
            h("button", { type: "button", class: "quiet", onclick: () => this.dispatchEvent(new CustomEvent("back", { bubbles: true })) }, t("gate.other_box"))))),
    );
    this.draw();
  }

  draw() {
    this.counted.replaceChildren(
      cartonsField({ cartons: this.cartons, declared: this.declared, onstep: (cartons) => { this.cartons = cartons; this.draw(); } }));
    this.sealed.replaceChildren(sealField({ seal: this.seal, onchoose: (value) => { this.seal = value; this.draw(); } }));
    this.go.disabled = !this.seal;
    this.go.textContent = this.seal ? t("gate.go") : t("gate.choose_seal");
  }

  drawStrip() {
    const step = this.sop?.steps.find((one) => one.step_no === this.step_no);
    this.strip.show(step ? { sop: this.sop, step } : null);
  }

  async submit(event) {
    event.preventDefault();
    this.go.disabled = true;
    const who = session();
    const media = await this.proof.keep();
    const id = newId("gr");
    const values = Object.fromEntries(new FormData(event.target));
    await enqueue("gate-receipts", id, {
      receipt_id: id, node_code: who.node_code, bay_code: who.bay_code, operator_code: who.operator_code,
      awb_no: this.box.awb_no, rtv_no: this.box.rtv_no ?? null, handover_at: now(), cartons_received: this.cartons,
      weight_kg: values.weight_kg || null, seal_state: this.seal, pod_remark: values.pod_remark || null,
      sop_code: this.sop?.sop_code ?? null, sop_version: this.sop?.version ?? null, sop_shown_at: this.sop ? this.shown_at : null,
    }, media);
    this.done(this.seal !== "intact" || ![null, "", t("remark.clean")].includes(values.pod_remark));
  }

  // `isDamaged`: as this person saw it, or as the gate wrote it before.
  done(isDamaged = (this.box.expected.gate_receipts ?? []).some((row) => row.seal_state !== "intact")) {
    this.dispatchEvent(new CustomEvent("received", { bubbles: true, detail: { is_damaged: isDamaged } }));
  }
}

customElements.define("rtv-gate-receipt", GateReceipt);
