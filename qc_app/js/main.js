// The app: which step is shown, and what leads to the next.

import "./elements/close-carton.js";
import "./elements/find-box.js";
import "./elements/gate-receipt.js";
import "./elements/queue-panel.js";
import "./elements/sign-in.js";
import "./elements/take-pickup.js";
import "./elements/unbox-carton.js";
import { ApiProblem, endSession, session } from "./api.js";
import { Carton, fetchExpected } from "./carton.js";
import { h } from "./dom.js";
import { loadLanguage, t } from "./i18n.js";
import { mode } from "./mode.js";
import { Pickup } from "./pickup.js";
import { PracticeCarton } from "./practice.js";
import { keepSending, queueChanged, waiting } from "./queue.js";
import { loadSops } from "./sops.js";
import { tone } from "./tones.js";

class App extends HTMLElement {
  async connectedCallback() {
    await loadLanguage();
    this.bar = h("header", { class: "top" });
    this.stage = h("main", {});
    this.replaceChildren(this.bar, this.stage);
    this.addEventListener("signed-in", () => this.start());
    this.addEventListener("spoken", () => this.drawBar());
    this.addEventListener("signed-out", () => this.show(h("rtv-sign-in")));
    this.addEventListener("box", (event) => this.open(event.detail));
    this.addEventListener("back", () => this.next());
    this.addEventListener("received", (event) => this.unbox(Carton.begin(Object.assign(this.box, event.detail))));
    this.addEventListener("closing", (event) => this.confirm(event.detail));
    this.addEventListener("confirming", () => this.stage.querySelector("rtv-close-carton")?.confirm());
    this.addEventListener("handover", (event) => this.handOver(event.detail));
    this.addEventListener("practice", () => this.unbox(PracticeCarton.begin()));
    this.addEventListener("closed", (event) => this.close(event.detail));
    queueChanged.addEventListener("change", () => this.drawBar());
    for (const name of ["online", "offline"]) addEventListener(name, () => this.drawBar());
    if (session()) await this.start();
    else this.show(h("rtv-sign-in"));
  }

  async start() {
    await navigator.storage?.persist?.();
    keepSending();
    const asked = this.step;
    await loadSops();
    const left = await Carton.restore();
    const pickup = await Pickup.restore();
    if (left) await this.resume(left);
    else if (pickup) this.pickUp(pickup);
    else if (this.step === asked) this.next();
  }

  // A carton left open by a closed tab, or handed over: it goes on in a new capture of the same box.
  async resume(left) {
    this.unbox(await this.split(left));
  }

  // What is graded goes out with its own film, under whoever graded it; the rest waits in a new capture.
  async split(left) {
    this.box = { awb_no: left.awb_no, rtv_no: left.rtv_no, carton_no: left.carton_no, expected: left.expected, is_damaged: left.is_damaged };
    const ungraded = left.openItems;
    if (left.items.length > ungraded.length || left.film_id) await left.close();
    const carton = Carton.begin(this.box);
    carton.items = ungraded.map((item, index) => ({ ...item, item_no: index + 1 }));
    carton.current = ungraded.length ? 1 : null;
    return carton;
  }

  async handOver(film) {
    await film?.stop();
    const rest = await this.split(this.carton);
    await rest.save();
    endSession();
    const signIn = h("rtv-sign-in");
    signIn.note = t("handover.note", { awb: rest.awb_no });
    this.show(signIn);
  }

  show(element) {
    this.step = element;
    this.stage.replaceChildren(element);
    this.drawBar();
    scrollTo(0, 0);
  }

  next() {
    this.carton = null;
    this.show(h("rtv-find-box"));
  }

  // Whoever went elsewhere while the hub was asked, stays there.
  async open(awb) {
    const asked = this.step;
    try {
      const expected = await fetchExpected(awb);
      if (this.step !== asked) return;
      tone(expected.is_known ? "good" : "other");
      const isRtvNumber = Boolean(expected.scanned_rtv_no);
      this.box = { awb_no: isRtvNumber ? expected.awb_no ?? awb : awb, rtv_no: isRtvNumber ? awb : null, expected };
      if (mode() === "pickup") return await this.pickUp(Pickup.begin(this.box));
      const gate = h("rtv-gate-receipt");
      gate.box = this.box;
      this.show(gate);
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      tone("bad");
      if (error.status === 401) this.signOut();
      else if (this.step === asked) this.next();
    }
  }

  async pickUp(pickup) {
    await pickup.save();
    const step = h("rtv-take-pickup");
    step.pickup = pickup;
    this.show(step);
  }

  signOut() {
    endSession();
    this.show(h("rtv-sign-in"));
  }

  async unbox(carton) {
    this.carton = carton;
    await carton.save();
    const step = h("rtv-unbox-carton");
    step.carton = carton;
    this.show(step);
  }

  confirm({ counted, proofs, film }) {
    const dialog = h("rtv-close-carton");
    Object.assign(dialog, { carton: this.carton, counted, proofs, film });
    dialog.addEventListener("left", () => { this.step.isClosing = false; });
    this.stage.append(dialog);
  }

  async close(film) {
    await film?.stop();
    if (this.carton.is_practice) return this.next();
    const isLast = this.carton.is_last_carton;
    await this.carton.close();
    tone("good");
    if (isLast) return this.next();
    this.box.expected = await fetchExpected(this.box.awb_no);
    return this.unbox(Carton.begin(this.box));
  }

  async drawBar() {
    const who = session();
    const open = (await waiting()).length;
    const isOnline = navigator.onLine;
    const isQueue = this.step?.tagName === "RTV-QUEUE-PANEL";
    this.bar.replaceChildren(
      h("p", { class: "where" }, who ? [h("b", {}, who.operator_name), h("span", { class: "code" }, `${who.node_code} · ${who.bay_code} · ${who.station_code}`)] : h("b", {}, t("app.name"))),
      who ? h("button", {
        type: "button", class: `pill ${isOnline ? "" : "pill-off"} ${open ? "pill-some" : ""}`, disabled: isQueue || ["RTV-UNBOX-CARTON", "RTV-TAKE-PICKUP"].includes(this.step?.tagName),
        onclick: () => this.show(h("rtv-queue-panel")),
      }, h("i", { "aria-hidden": "true" }), isOnline ? (open ? t("bar.waiting", { count: open }) : t("bar.all_sent")) : t("bar.offline", { count: open })) : "",
    );
  }
}

customElements.define("rtv-app", App);
if ("serviceWorker" in navigator) navigator.serviceWorker.register("/sw.js");
