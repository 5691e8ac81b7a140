// Pickup at the platform's dock: cartons, seals, weight, photos, film and signature before the transporter takes over.

import "./signature-pad.js";
import "./viewfinder.js";
import { still } from "../camera.js";
import { commandOf } from "../commands.js";
import { field, h } from "../dom.js";
import { Film, keepPhoto } from "../film.js";
import { cartonsField, remarkField, sealField, weightField } from "../handover.js";
import { t } from "../i18n.js";
import { isBlind } from "../mode.js";
import { showRunning } from "../rec.js";
import { tone } from "../tones.js";
import { listenToWedge } from "../wedge.js";

const PHOTOS = ["carton", "seal", "label"];

class TakePickup extends HTMLElement {
  connectedCallback() {
    const { pickup } = this;
    this.finder = h("rtv-viewfinder", { oncode: (event) => this.obey(commandOf(event.detail)), onready: () => this.drawCamera() });
    this.pad = h("rtv-signature-pad");
    this.counted = h("div", { class: "counted" });
    this.shots = h("div", { class: "shots" });
    this.go = h("button", { class: "go" });
    this.rec = h("p", { class: "rec", role: "status" });
    this.other = h("button", { type: "button", class: "quiet", onclick: () => this.leave() }, t("gate.other_box"));
    this.replaceChildren(
      h("form", { class: "label gate pickup", onsubmit: (event) => this.submit(event), onchange: (event) => this.note(event.target) },
        h("header", { class: "label-head" },
          h("div", {}, h("p", { class: "eyebrow" }, t("pickup.eyebrow")), h("h1", { class: "code" }, pickup.awb_no)), this.rec),
        pickup.is_known ? null : h("p", { class: "notice" }, t("pickup.unknown")),
        this.counted,
        remarkField({ label: t("pickup.remark"), name: "remark", value: pickup.remark }),
        h("div", { class: "cells two" },
          field(t("pickup.transporter"), "transporter_code", { required: true, value: pickup.transporter_code, maxlength: 80, autocomplete: "off", autocapitalize: "characters" }),
          weightField(pickup.weight_kg)),
        h("div", { class: "field" }, h("span", { class: "field-name" }, t("pickup.proof")), this.finder, this.shots),
        field(t("pickup.signed_by"), "signed_by", { value: pickup.signed_by, maxlength: 80, autocomplete: "off" }),
        h("div", { class: "field" }, h("span", { class: "field-name" }, t("pickup.sign_here")), this.pad),
        h("div", { class: "actions" }, this.go,
          this.other)),
    );
    this.stopWedge = listenToWedge((code) => this.obey(commandOf(code)));
    this.draw();
    this.drawCamera();
  }

  disconnectedCallback() {
    this.stopWedge();
    this.stopSign?.();
    this.film?.stop();
  }

  note(input) {
    if (!(input.name in this.pickup)) return;
    this.pickup[input.name] = input.value.trim();
    this.pickup.save();
  }

  change(values) {
    Object.assign(this.pickup, values);
    this.pickup.save();
    this.draw();
  }

  draw() {
    const { pickup } = this;
    this.counted.replaceChildren(
      cartonsField({ cartons: pickup.cartons, declared: isBlind() ? null : pickup.declared, onstep: (cartons) => this.change({ cartons }) }),
      sealField({ seal: pickup.seal_state, onchoose: (seal_state) => this.change({ seal_state }) }));
    this.go.disabled = !pickup.seal_state;
    this.go.textContent = pickup.seal_state ? t("pickup.go") : t("gate.choose_seal");
  }

  drawCamera() {
    const { pickup } = this;
    const taken = (kind) => pickup.photos.filter((photo) => photo.kind === kind).length;
    const hasCamera = Boolean(this.finder.stream);
    const film = this.film && !this.film.isBroken ? "film_stop" : pickup.film_id ? "film_kept" : "film_start";
    this.shots.replaceChildren(
      ...PHOTOS.map((kind) => h("button", { type: "button", class: "second", disabled: !hasCamera, onclick: () => this.photo(kind) },
        t(`pickup.photo_${kind}`), taken(kind) ? h("span", { class: "code" }, ` ${taken(kind)}`) : null)),
      h("button", { type: "button", class: "second", disabled: !hasCamera || film === "film_kept", onclick: () => this.toggleFilm() }, t(`pickup.${film}`)));
  }

  // Printed commands; any other code before the camera is only in the picture.
  obey(command) {
    if (command === null) return undefined;
    const isFilming = Boolean(this.film) && !this.film.isBroken;
    if (command === "PHOTO" && this.finder.stream) return this.photo(PHOTOS[0]);
    if (command === "FILM-START" && this.finder.stream && !this.film && !this.pickup.film_id) return this.toggleFilm();
    if (command === "FILM-STOP" && isFilming) return this.toggleFilm();
    if (command === "CLOSE" && !this.go.disabled) return this.querySelector("form").requestSubmit();
    return tone("bad");
  }

  async photo(kind) {
    const id = await keepPhoto(await still(this.finder.video), kind);
    this.pickup.photos.push({ id, kind });
    await this.pickup.save();
    tone("good");
    this.drawCamera();
  }

  async toggleFilm() {
    if (this.film) {
      await this.film.stop();
      this.stopSign();
      this.drawCamera();
      return;
    }
    this.film = new Film(this.finder.stream);
    this.film.onbroken = () => this.filmBroke();
    await this.film.start();
    this.pickup.film_id = this.film.id;
    await this.pickup.save();
    this.stopSign = showRunning(this.rec);
    this.drawCamera();
  }

  filmBroke() {
    this.stopSign(t("unbox.film_stopped"));
    tone("bad");
    this.drawCamera();
  }

  async submit(event) {
    event.preventDefault();
    this.go.disabled = true;
    for (const [name, value] of new FormData(event.target)) this.note({ name, value });
    await this.film?.stop();
    await this.pickup.close(await this.pad.picture());
    tone("good");
    this.dispatchEvent(new CustomEvent("back", { bubbles: true }));
  }

  // What was filmed, photographed or signed is thrown away only by a second press.
  async leave() {
    const { photos, film_id } = this.pickup;
    if ((photos.length || film_id || this.pad.isSigned) && !this.isSure) {
      this.isSure = true;
      this.other.textContent = t("pickup.discard");
      return tone("bad");
    }
    await this.film?.stop();
    await this.pickup.discard();
    return this.dispatchEvent(new CustomEvent("back", { bubbles: true }));
  }
}

customElements.define("rtv-take-pickup", TakePickup);
