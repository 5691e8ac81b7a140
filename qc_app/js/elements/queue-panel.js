// What waits to be sent, and the end of the shift: only when nothing waits.

import { endSession, send } from "../api.js";
import { closeCamera } from "../camera.js";
import { h } from "../dom.js";
import { t } from "../i18n.js";
import { flush, queueChanged, records, retry } from "../queue.js";

class QueuePanel extends HTMLElement {
  connectedCallback() {
    this.heading = h("h1", {});
    this.sendings = h("ul", { class: "sendings" });
    this.storage = h("p", { class: "hint" });
    // The buttons stay the same through every redraw: a press that has begun must not lose its button.
    this.end = h("button", { type: "button", class: "quiet", disabled: true, onclick: () => this.endShift() }, t("queue.end_shift"));
    this.blocked = h("p", { class: "hint", hidden: true }, t("queue.end_blocked"));
    this.replaceChildren(
      h("section", { class: "label queue" },
        h("header", { class: "label-head" }, h("div", {}, h("p", { class: "eyebrow" }, t("queue.eyebrow")), this.heading)),
        this.sendings, this.storage,
        h("div", { class: "actions" },
          h("button", { type: "button", class: "go", onclick: () => this.dispatchEvent(new CustomEvent("back", { bubbles: true })) }, t("queue.back")),
          h("div", { class: "side-by-side" },
            h("button", { type: "button", class: "quiet", onclick: () => flush() }, t("queue.send")), this.end)),
        this.blocked),
    );
    this.redraw = () => this.draw();
    queueChanged.addEventListener("change", this.redraw);
    this.draw();
  }

  disconnectedCallback() {
    queueChanged.removeEventListener("change", this.redraw);
  }

  async draw() {
    const storage = await navigator.storage?.persisted?.();
    const kept = (await records()).reverse();
    const open = kept.filter((record) => record.state !== "sent");
    this.heading.textContent = open.length ? t("queue.some", { count: open.length }) : t("queue.none");
    this.sendings.replaceChildren(...kept.slice(0, 50).map((record) => this.row(record)));
    this.storage.textContent = t(storage ? "queue.persisted" : "queue.not_persisted");
    this.end.disabled = open.length > 0;
    this.blocked.hidden = open.length === 0;
  }

  row(record) {
    const bar = h("span", { class: "bar", "aria-hidden": "true" });
    bar.style.setProperty("--share", record.state === "sent" ? 1 : record.progress);
    return h("li", { class: `sending sending-${record.state}` },
      h("span", {}, h("b", {}, t(`queue.${record.kind}`)), " ", h("span", { class: "code" }, record.body.awb_no)),
      h("span", { class: "line-word" }, t(`queue.state_${record.state}`)), bar,
      record.problem ? h("p", { class: "problem" }, `${record.problem.fact}. ${record.problem.remedy}`,
        record.state === "refused" ? h("button", { type: "button", class: "quiet", onclick: () => retry(record.id) }, t("queue.retry")) : null) : null);
  }

  endShift() {
    // Without an answer the hub ends it by itself, with the session.
    send("/v1/shifts/end", { method: "POST" }).catch(() => null);
    endSession();
    closeCamera();
    this.dispatchEvent(new CustomEvent("signed-out", { bubbles: true }));
  }
}

customElements.define("rtv-queue-panel", QueuePanel);
