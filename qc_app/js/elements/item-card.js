// The item in hand: grade with one touch, then what a claim will ask for.

import { choices, field, h, keepFocus } from "../dom.js";
import { t } from "../i18n.js";
import { thumb } from "../pictures.js";

const GRADES = ["A", "B", "C", "D"];
const DEFECTS = ["damaged", "leaking", "used", "tampered", "packaging"];
const CAUSES = ["carton", "storage", "unknown"];
const SEALS = ["intact", "opened", "broken", "missing", "none"];

const saidOf = (item) =>
  [item.batch_no, item.expiry_on, item.mrp && `₹${item.mrp}`, item.seal_state && t(`item_seal.${item.seal_state}`)].filter(Boolean).join(" · ");

class ItemCard extends HTMLElement {
  // `item` is the carton's own; every change is said with "changed". The step of the procedure, `strip`, stands below
  // the grades, so that these do not move under the thumb; a kit is counted before it is graded. `like` is an earlier
  // item whose batch or expiry this one may have.
  show(item, photoCount, like = null) {
    if (!item) {
      this.item = null;
      this.replaceChildren(h("div", { class: "item-card empty" }, this.strip, h("p", {}, t("item.scan_next"))));
      return;
    }
    if (this.item !== item) this.begin(item);
    keepFocus(this, () => this.draw(item, photoCount, like));
  }

  // The fields are built once an item: what is being typed outlives every redraw around it.
  begin(item) {
    this.item = item;
    this.top = h("div", { class: "card-part" });
    this.said = h("span", { class: "said" });
    this.inputs = [
      this.input(item, "batch_no", { autocapitalize: "characters", maxlength: 40 }),
      this.input(item, "expiry_on", { type: "date" }),
      this.input(item, "mrp", { inputmode: "decimal", pattern: "[0-9]{1,7}([.][0-9]{1,2})?", placeholder: item.listed_mrp ?? "" }),
    ];
    this.seal = h("div", { class: "field" });
    this.foot = h("div", { class: "card-part" });
    this.replaceChildren(h("div", { class: "item-card" }, this.top,
      h("details", {}, h("summary", {}, t("item.details"), this.said), h("div", { class: "cells two" }, this.inputs), this.seal), this.foot));
  }

  draw(item, photoCount, like) {
    const set = (name) => (value) => {
      item[name] = item[name] === value ? null : value;
      this.changed();
    };
    const isKit = item.components?.length > 0;
    const isFine = item.grade === "A" || item.grade === null;
    const parts = [
      h("div", { class: `item-head${item.picture_sha256 ? " pictured" : ""}` },
        item.picture_sha256 ? thumb(item) : null,
        h("div", { class: "item-name" },
          h("b", {}, item.title ?? t("item.unlisted")),
          h("span", { class: "code" }, item.scanned_code),
          item.is_unlisted ? h("span", { class: "tag tag-other" }, t("item.not_on_list")) : null),
        h("div", { class: "stepper small" },
          h("button", { type: "button", "aria-label": t("item.less"), onclick: () => this.step(item, -1) }, "−"),
          h("output", { class: "code", "aria-label": t("item.qty") }, String(item.qty)),
          h("button", { type: "button", "aria-label": t("item.more"), onclick: () => this.step(item, 1) }, "+"))),
      isKit ? [this.strip, this.kit(item)] : null,
      choices({ label: t("item.grade"), kind: "grades", chosen: item.grade,
        options: GRADES.map((grade) => [grade, grade, t(`grade.${grade}`)]),
        onchoose: (grade) => { item.grade = grade; this.dispatchEvent(new CustomEvent("graded", { bubbles: true })); } }),
      isKit ? null : this.strip,
      isFine ? null : h("div", { class: "field" }, h("span", { class: "field-name" }, t("item.defects")),
        choices({ label: t("item.defects"), many: true, chosen: item.defects, options: DEFECTS.map((name) => [name, t(`defect.${name}`)]),
          onchoose: (value) => { item.defects = value; this.changed(); } })),
      isFine ? null : h("div", { class: "field" }, h("span", { class: "field-name" }, t("item.cause")),
        choices({ label: t("item.cause"), chosen: item.damage_cause, options: CAUSES.map((name) => [name, t(`cause.${name}`)]), onchoose: set("damage_cause") })),
      like ? this.sameAs(item, like) : null,
    ];
    this.top.replaceChildren(...parts.flat().filter(Boolean));
    this.said.textContent = saidOf(item);
    for (const { control } of this.inputs) if (control !== document.activeElement) control.value = item[control.name];
    this.seal.replaceChildren(h("span", { class: "field-name" }, t("item.seal")),
      choices({ label: t("item.seal"), chosen: item.seal_state, options: SEALS.map((name) => [name, t(`item_seal.${name}`)]), onchoose: set("seal_state") }));
    this.foot.replaceChildren(h("button", { type: "button", class: "photo", onclick: () => this.dispatchEvent(new CustomEvent("photo", { bubbles: true })) },
      photoCount ? t("item.photo_more", { count: photoCount }) : t("item.photo")));
  }

  // One touch for what stands on every unit of a batch.
  sameAs(item, like) {
    const { batch_no, expiry_on, mrp } = like;
    const take = () => { Object.assign(item, { batch_no, expiry_on, mrp: item.mrp || mrp }); this.changed(); };
    return h("button", { type: "button", class: "quiet same-as", onclick: take }, t("item.same_as", { item: like.item_no }), " ", h("span", { class: "code" }, saidOf({ batch_no, expiry_on })));
  }

  // What one kit should hold and what of it is there. A part nobody touched is not said to be missing.
  kit(item) {
    const look = (part, seen) => { part.seen = seen; this.changed(); };
    return h("section", { class: "kit", "aria-label": t("kit.title") },
      h("h2", {}, item.qty > 1 ? t("kit.title_each", { count: item.qty }) : t("kit.title")),
      h("ul", {}, item.components.map((part) => {
        const seen = part.seen ?? 0;
        const state = part.seen === null ? "open" : seen < part.expected ? "missing" : "full";
        return h("li", { class: `part part-${state}` },
          h("span", { class: "part-name" }, part.title),
          h("span", { class: "part-count code" }, part.seen === null ? `–/${part.expected}` : `${seen}/${part.expected}`),
          h("button", { type: "button", "aria-label": t("kit.less", { name: part.title }), disabled: part.seen === 0, onclick: () => look(part, Math.max(0, seen - 1)) }, "−"),
          h("button", { type: "button", "aria-label": t("kit.more", { name: part.title }), disabled: seen >= part.expected, onclick: () => look(part, Math.min(part.expected, seen + 1)) }, "+"));
      })),
      h("button", { type: "button", class: "quiet", onclick: () => { item.components.forEach((part) => { part.seen = part.expected; }); this.changed(); } }, t("kit.all")));
  }

  input(item, name, extra) {
    return field(t(`item.${name}`), name, {
      value: item[name], autocomplete: "off", ...extra,
      onchange: (event) => {
        if (!event.target.reportValidity()) return;
        item[name] = event.target.value.trim();
        this.changed();
      },
    });
  }

  step(item, by) {
    item.qty = Math.min(9999, Math.max(1, item.qty + by));
    this.changed();
  }

  changed() {
    this.dispatchEvent(new CustomEvent("changed", { bubbles: true }));
  }
}

customElements.define("rtv-item-card", ItemCard);
