// Sign-in of an operator at a station. The station is remembered; code and PIN are not.

import { ApiProblem, signIn } from "../api.js";
import { field, h } from "../dom.js";
import { language, LANGUAGES, loadLanguage, t } from "../i18n.js";

const STATION = "rtv-station";
const FIELDS = ["node_code", "bay_code", "station_code"];

class SignIn extends HTMLElement {
  connectedCallback() {
    this.draw();
  }

  draw() {
    const given = Object.fromEntries(new URLSearchParams(location.search));
    const typed = Object.fromEntries([...this.querySelectorAll("input")].map((input) => [input.name, input.value]));
    const station = { ...JSON.parse(localStorage.getItem(STATION) ?? "{}"), ...given, ...typed };
    this.error = h("p", { class: "problem", role: "alert" });
    const inputs = FIELDS.map((name) =>
      field(t(`sign_in.${name}`), name, { required: true, value: station[name] ?? "", autocomplete: "off", autocapitalize: "characters" }),
    );
    this.replaceChildren(
      h("form", { class: "label sign-in", onsubmit: (event) => this.submit(event) },
        h("header", { class: "label-head" },
          h("div", {}, h("p", { class: "eyebrow" }, t("app.name")), h("h1", {}, t("sign_in.title"))),
          h("div", { class: "bars", "aria-hidden": "true" }),
        ),
        this.note ? h("p", { class: "notice" }, this.note) : null,
        h("div", { class: "cells three" }, inputs),
        h("div", { class: "cells two" },
          field(t("sign_in.operator_code"), "operator_code", { required: true, value: typed.operator_code ?? "", autocomplete: "username", autocapitalize: "characters" }),
          field(t("sign_in.pin"), "pin", {
            required: true, type: "password", value: typed.pin ?? "", inputmode: "numeric", pattern: "[0-9]{4,12}", maxlength: 12, autocomplete: "current-password",
          }),
        ),
        this.error,
        h("button", { class: "go" }, t("sign_in.go")),
        h("div", { class: "languages", role: "group", "aria-label": t("sign_in.language") },
          LANGUAGES.map(([code, name]) =>
            h("button", {
              type: "button", class: "quiet", lang: code, "aria-pressed": String(code === language()),
              onclick: () => this.speak(code),
            }, name),
          ),
        ),
      ),
    );
  }

  // The language in use is not drawn anew: a form that changes under a finger swallows the press.
  async speak(code) {
    if (code === language()) return;
    await loadLanguage(code);
    this.dispatchEvent(new CustomEvent("spoken", { bubbles: true }));
    this.draw();
  }

  async submit(event) {
    event.preventDefault();
    const values = Object.fromEntries(new FormData(event.target));
    const tenant = new URLSearchParams(location.search).get("tenant_code");
    const station = Object.fromEntries(FIELDS.map((name) => [name, values[name].trim()]));
    localStorage.setItem(STATION, JSON.stringify(station));
    try {
      await signIn({ ...values, ...station, ...(tenant ? { tenant_code: tenant } : {}) });
      this.dispatchEvent(new CustomEvent("signed-in", { bubbles: true }));
    } catch (error) {
      if (!(error instanceof ApiProblem)) this.error.textContent = t("sign_in.offline");
      else this.error.textContent = error.status === 401 ? t("sign_in.refused") : `${error.message}. ${error.remedy}`;
    }
  }
}

customElements.define("rtv-sign-in", SignIn);
