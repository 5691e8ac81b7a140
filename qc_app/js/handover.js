// The fields that every handover of cartons asks for, at the gate and at the dock.

import { choices, field, h } from "./dom.js";
import { t } from "./i18n.js";

const SEALS = ["intact", "broken", "missing"];
const REMARKS = ["clean", "wet", "torn", "retaped", "short"];
const MOST_CARTONS = 9999;

export function cartonsField({ cartons, declared, onstep }) {
  const step = (by) => () => onstep(Math.min(MOST_CARTONS, Math.max(0, cartons + by)));
  return h("div", { class: "field" }, h("span", { class: "field-name" }, t("gate.cartons"), declared ? ` · ${t("gate.declared", { cartons: declared })}` : ""),
    h("div", { class: "stepper" },
      h("button", { type: "button", "aria-label": t("gate.less"), onclick: step(-1) }, "−"),
      h("output", { name: "cartons", class: "code" }, String(cartons)),
      h("button", { type: "button", "aria-label": t("gate.more"), onclick: step(1) }, "+")));
}

export const weightField = (value) =>
  field(t("gate.weight"), "weight_kg", { inputmode: "decimal", pattern: "[0-9]{1,5}([.][0-9]{1,3})?", value, autocomplete: "off" });

export function sealField({ seal, onchoose }) {
  return h("div", { class: "field" }, h("span", { class: "field-name" }, t("gate.seal")),
    choices({ label: t("gate.seal"), kind: "tall", chosen: seal, options: SEALS.map((name) => [name, t(`seal.${name}`)]), onchoose }));
}

export function remarkField({ label, name, value }) {
  const input = h("input", { id: name, name, maxlength: 300, value, autocomplete: "off" });
  const add = (text) => {
    input.value = input.value ? `${input.value}, ${text}` : text;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  };
  return h("div", { class: "field" }, h("label", { class: "field-name", for: name }, label), input,
    h("div", { class: "chips" }, REMARKS.map((word) => h("button", { type: "button", class: "chip", onclick: () => add(t(`remark.${word}`)) }, t(`remark.${word}`)))));
}
