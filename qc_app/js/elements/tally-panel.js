// Expected, scanned, missing, excess; and which proof the open box still lacks.

import { h } from "../dom.js";
import { t } from "../i18n.js";

const COLUMNS = ["expected", "scanned", "missing", "excess"];

class TallyPanel extends HTMLElement {
  // Blind: only what was scanned is said.
  show(counted, proofs, isKnown, isBlind = false) {
    const columns = isBlind ? ["scanned"] : COLUMNS;
    const rows = [...counted.rows, ...counted.unlisted].filter((row) => !isBlind || row.scanned);
    this.replaceChildren(
      h("section", { class: "tally", "aria-label": t("tally.title") },
        h("dl", { class: `totals${isBlind ? " blind" : ""}` },
          columns.map((name) => h("div", { class: `total total-${name}`, "data-empty": String(!counted.totals[name]) },
            h("dt", {}, t(`tally.${name}`)), h("dd", { class: "code" }, String(counted.totals[name]))))),
        isKnown && !isBlind ? null : h("p", { class: "hint" }, t(isKnown ? "tally.count_blind" : "tally.blind")),
        h("ul", { class: "lines" },
          rows.map((row) => (isBlind ? this.plain(row) : this.line(row)))),
      ),
      proofs.length ? h("section", { class: "proofs", "aria-live": "polite" },
        h("h2", {}, t("proof.title")),
        h("ul", {}, proofs.map((hint) => h("li", {},
          h("b", {}, t(`proof.subject.${hint.subject}`, { item: hint.item_no ?? "" })), " ",
          hint.missing.map((name) => t(`proof.${name}`)).join(", "))))) : h("p", { class: "proofs-done" }, t("proof.none")),
    );
  }

  plain(row) {
    return h("li", { class: "line" }, h("span", { class: "line-name" }, row.title), h("span", { class: "line-count code" }, String(row.scanned)));
  }

  line(row) {
    const state = row.expected === 0 ? "other" : row.excess ? "excess" : row.missing ? "missing" : "full";
    const word = { other: t("tally.not_listed"), excess: t("tally.over", { count: row.excess }), missing: t("tally.left", { count: row.missing }), full: t("tally.full") };
    const bar = h("span", { class: "bar", "aria-hidden": "true" });
    bar.style.setProperty("--share", row.expected ? Math.min(1, row.scanned / row.expected) : 1);
    return h("li", { class: `line line-${state}` },
      h("span", { class: "line-name" }, row.title), h("span", { class: "line-count code" }, row.expected ? `${row.scanned}/${row.expected}` : String(row.scanned)),
      bar, h("span", { class: "line-word" }, word[state]));
  }
}

customElements.define("rtv-tally-panel", TallyPanel);
