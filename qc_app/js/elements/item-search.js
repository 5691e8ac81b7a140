// The field below the camera: a code typed or scanned into it, or an item looked for by name, number and picture.

import { getJson, Offline, ApiProblem } from "../api.js";
import { h } from "../dom.js";
import { t } from "../i18n.js";
import { isBlind } from "../mode.js";
import { thumb } from "../pictures.js";
import { findListed, meant } from "../search.js";
import { tone } from "../tones.js";

const PATIENCE_MS = 250;
const LEAST = 3;

class ItemSearch extends HTMLElement {
  // `carton` is the open one. Says "code" with a text, or "item" with an item that stands on no list.
  connectedCallback() {
    Object.assign(this, { others: [], options: [], active: null, turn: 0 });
    this.input = h("input", {
      name: "code", "aria-label": t("unbox.code"), placeholder: t("unbox.placeholder"), autocomplete: "off", maxlength: 120, spellcheck: "false",
      role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": "found-items",
      oninput: () => this.look(), onfocus: () => this.focused(), onkeydown: (event) => this.pressed(event),
    });
    this.list = h("ul", { id: "found-items", class: "found", role: "listbox", "aria-label": t("search.results"), hidden: true });
    this.hint = h("p", { class: "hint found-hint", role: "status" });
    this.replaceChildren(
      h("form", { class: "by-hand", onsubmit: (event) => { event.preventDefault(); this.submit(); } },
        this.input, h("button", { class: "second" }, t("unbox.add"))),
      this.hint, this.list);
    // As the field goes to the top, the finger that pressed it lifts elsewhere: it has not left.
    this.leave = (event) => !this.contains(event.target) && document.activeElement !== this.input && this.close();
    // Not as the finger comes down: what it presses must not move.
    document.addEventListener("click", this.leave);
  }

  disconnectedCallback() {
    document.removeEventListener("click", this.leave);
    clearTimeout(this.timer);
  }

  // On a phone the keys take half of the screen: the field goes to its top, so that what is found shows.
  focused() {
    if (matchMedia("(max-width: 899px)").matches) this.scrollIntoView({ block: "start" });
    this.look();
  }

  async look() {
    const text = this.input.value.trim();
    this.others = [];
    this.active = null;
    this.hint.textContent = "";
    clearTimeout(this.timer);
    if (!text && isBlind()) return this.close();
    const turn = ++this.turn;
    const counted = await this.carton.tally();
    if (turn !== this.turn || !this.isConnected) return undefined;
    this.counts = new Map(counted.rows.map((row) => [row.key, row]));
    const found = findListed(this.carton.expected.lines, text);
    // What is still to come stands first; a word keeps its order of fitness.
    this.found = text ? found : found.sort((one, two) => Boolean(this.leftOf(two)) - Boolean(this.leftOf(one)));
    this.draw();
    if (text.length >= LEAST && !this.carton.is_practice) this.timer = setTimeout(() => this.askHub(text, turn), PATIENCE_MS);
    return undefined;
  }

  leftOf(item) {
    return this.counts.get(item.key)?.missing ?? 0;
  }

  // What the item master has beside this box's list.
  async askHub(text, turn) {
    try {
      const { items } = await getJson(`/v1/items?q=${encodeURIComponent(text)}`);
      if (turn !== this.turn || !this.isConnected) return;
      const onList = new Set(this.carton.expected.lines.map((line) => line.sku_code));
      this.others = items.filter((item) => !onList.has(item.sku_code));
      this.draw();
    } catch (error) {
      if (!(error instanceof Offline || error instanceof ApiProblem)) throw error;
      if (turn === this.turn) this.hint.textContent = t("search.offline");
    }
  }

  draw() {
    const text = this.input.value.trim();
    const own = this.found.map((item) => this.option(item, item.sku_code ?? item.platform_sku ?? item.gtin, () => this.say("code", item)));
    const others = this.others.map((item) => this.option(item, item.sku_code, () => this.say("item", item)));
    // The hub's answer comes below what is on the list: whoever walks there keeps his place.
    const walked = this.options.indexOf(this.active);
    this.options = [...own, ...others];
    if (text) this.options.push(this.asWritten(text));
    this.list.replaceChildren(
      ...own, others.length && !isBlind() ? h("li", { class: "found-head", role: "presentation" }, t("search.off_list")) : "", ...others,
      text ? this.options.at(-1) : "");
    this.options.forEach((option, at) => { option.id = `found-${at}`; });
    this.list.hidden = !this.options.length;
    this.input.setAttribute("aria-expanded", String(!this.list.hidden));
    this.mark(walked >= 0 && walked < own.length ? own[walked] : null);
  }

  option(item, code, onclick) {
    const row = this.counts.get(item.key);
    const count = row && this.carton.expected.is_known && !isBlind() ? `${row.scanned}/${row.expected}` : null;
    return h("li", { class: `found-item${row && !row.missing ? " found-full" : ""}`, role: "option", "aria-selected": "false", onclick },
      thumb(item),
      h("span", { class: "found-name" }, h("b", {}, item.title), h("span", { class: "found-codes code" }, [...new Set([code, item.gtin])].filter(Boolean).map((text) => h("span", {}, text)))),
      count ? h("span", { class: "code found-count" }, count) : null);
  }

  asWritten(text) {
    return h("li", { class: "found-item found-written", role: "option", "aria-selected": "false", onclick: () => this.sayText(text) },
      h("span", { class: "thumb" }, h("span", { class: "initials", "aria-hidden": "true" }, "+")),
      h("span", { class: "found-name" }, h("b", {}, t("search.as_written", { text })), h("span", {}, t("item.not_on_list"))));
  }

  pressed(event) {
    const at = this.options.indexOf(this.active);
    if (event.key === "Escape") this.close();
    if (event.key === "Enter" && this.active) {
      event.preventDefault();
      this.active.click();
    }
    if (!["ArrowDown", "ArrowUp"].includes(event.key) || this.list.hidden) return;
    event.preventDefault();
    const next = event.key === "ArrowDown" ? at + 1 : at < 0 ? this.options.length - 1 : at - 1;
    this.mark(this.options[next] ?? null);
  }

  mark(option) {
    this.active?.setAttribute("aria-selected", "false");
    this.active = option;
    option?.setAttribute("aria-selected", "true");
    option?.scrollIntoView({ block: "nearest" });
    if (option) this.input.setAttribute("aria-activedescendant", option.id);
    else this.input.removeAttribute("aria-activedescendant");
  }

  submit() {
    const text = this.input.value.trim();
    if (!text) return undefined;
    const found = findListed(this.carton.expected.lines, text);
    const { code, item } = meant(text, this.carton.awb_no, this.carton.expected.lines, found) ?? {};
    if (code) return this.sayText(code);
    if (item) return this.say("code", item);
    tone("bad");
    this.hint.textContent = t(found.length || this.others.length ? "search.choose" : "search.none");
    return undefined;
  }

  // An item found by hand is named by its SKU: nobody has read the code on it.
  say(name, item) {
    const code = item.sku_code ?? item.platform_sku ?? item.gtin;
    this.dispatchEvent(new CustomEvent(name, { detail: { code, item } }));
    this.done();
  }

  sayText(code) {
    this.dispatchEvent(new CustomEvent("code", { detail: { code, item: null } }));
    this.done();
  }

  // The field lets go, so that the keys of a phone leave and a hand scanner and the grades have the keyboard.
  done() {
    this.input.value = "";
    this.close();
    this.input.blur();
  }

  // What is still being looked up when the list closes must not open it again, over the grades.
  close() {
    this.turn += 1;
    clearTimeout(this.timer);
    this.list.hidden = true;
    this.list.replaceChildren();
    this.hint.textContent = "";
    this.active = null;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }
}

customElements.define("rtv-item-search", ItemSearch);
