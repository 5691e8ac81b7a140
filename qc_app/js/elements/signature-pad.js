// A field to sign in with a finger: dark ink on white paper in any colour scheme, so that the picture stays readable.

import { h } from "../dom.js";
import { t } from "../i18n.js";

const PAPER = "#ffffff";
const INK = "#101010";
const INK_WIDTH = 3;

class SignaturePad extends HTMLElement {
  connectedCallback() {
    this.canvas = h("canvas", { class: "pad", role: "img", "aria-label": t("pickup.signature") });
    this.replaceChildren(this.canvas,
      h("button", { type: "button", class: "quiet", onclick: () => this.clear() }, t("pickup.clear")));
    for (const [name, act] of [["pointerdown", this.begin], ["pointermove", this.draw], ["pointerup", this.end], ["pointercancel", this.end]]) {
      this.canvas.addEventListener(name, act.bind(this));
    }
    this.clear();
  }

  clear() {
    const scale = globalThis.devicePixelRatio || 1;
    this.canvas.width = Math.max(1, Math.round(this.canvas.clientWidth * scale));
    this.canvas.height = Math.max(1, Math.round(this.canvas.clientHeight * scale));
    this.ink = this.canvas.getContext("2d");
    this.ink.fillStyle = PAPER;
    this.ink.fillRect(0, 0, this.canvas.width, this.canvas.height);
    Object.assign(this.ink, { strokeStyle: INK, lineWidth: INK_WIDTH * scale, lineCap: "round", lineJoin: "round" });
    this.isSigned = false;
  }

  point(event) {
    const box = this.canvas.getBoundingClientRect();
    return [((event.clientX - box.left) * this.canvas.width) / box.width, ((event.clientY - box.top) * this.canvas.height) / box.height];
  }

  begin(event) {
    event.preventDefault();
    this.canvas.setPointerCapture(event.pointerId);
    this.isDown = true;
    this.ink.beginPath();
    this.ink.moveTo(...this.point(event));
  }

  draw(event) {
    if (!this.isDown) return;
    this.ink.lineTo(...this.point(event));
    this.ink.stroke();
    this.isSigned = true;
  }

  end() {
    this.isDown = false;
  }

  // The picture of the signature, or null when nobody signed.
  picture() {
    return this.isSigned ? new Promise((resolve) => this.canvas.toBlob(resolve, "image/png")) : null;
  }
}

customElements.define("rtv-signature-pad", SignaturePad);
