// The page to print: command cards to cut out and hang at the station, and the labels of the practice box.

import { codeOf, COMMANDS, PRACTICE } from "./commands.js";
import { h } from "./dom.js";
import { language, LANGUAGES, loadLanguage, t } from "./i18n.js";

class CommandSheet extends HTMLElement {
  async connectedCallback() {
    await loadLanguage();
    this.draw();
  }

  draw() {
    document.title = t("sheet.title");
    this.replaceChildren(
      h("main", { class: "sheet" },
        h("header", { class: "label sheet-head" },
          h("h1", {}, t("sheet.title")), h("p", {}, t("sheet.how")),
          h("div", { class: "languages", role: "group", "aria-label": t("sign_in.language") },
            LANGUAGES.map(([code, name]) => h("button", {
              type: "button", class: "quiet", lang: code, "aria-pressed": String(code === language()),
              onclick: () => this.speak(code),
            }, name))),
          h("button", { type: "button", class: "go", onclick: () => print() }, t("sheet.print"))),
        h("section", { class: "cards" }, COMMANDS.map((name) => this.card(codeOf(name), t(`command.${name}`), name.startsWith("GRADE") ? name.at(-1) : null))),
        h("h2", { class: "sheet-part" }, t("sheet.practice")),
        h("section", { class: "cards" },
          this.card(PRACTICE.awb, t("sheet.practice_awb")),
          PRACTICE.lines.map((line) => this.card(line.gtin, t(line.title_key))))));
  }

  card(code, words, grade = null) {
    return h("figure", { class: `card ${grade ? `choice-${grade}` : ""}` },
      h("figcaption", {}, words), h("img", { src: `/codes/${code}.svg`, alt: code }), h("p", { class: "code" }, code));
  }

  async speak(code) {
    await loadLanguage(code);
    this.draw();
  }
}

customElements.define("rtv-command-sheet", CommandSheet);
