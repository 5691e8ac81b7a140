// The open box: film running, items scanned and graded, tally beside.

import "./item-card.js";
import "./item-search.js";
import "./sop-strip.js";
import "./tally-panel.js";
import "./viewfinder.js";
import { still } from "../camera.js";
import { now } from "../clock.js";
import { commandOf } from "../commands.js";
import { h } from "../dom.js";
import { Film, keepPhoto } from "../film.js";
import { t } from "../i18n.js";
import { isBlind } from "../mode.js";
import { PracticeFilm } from "../practice.js";
import { lackingOf, missingProofs } from "../proof.js";
import { showRunning } from "../rec.js";
import { nextStep, noteShown, shownStep, sopOfItem, stepDone } from "../sops.js";
import { tone } from "../tones.js";
import { listenToWedge } from "../wedge.js";

const isListShown = (carton) => carton.expected.is_known && !isBlind();
const today = () => now().slice(0, 10);

class UnboxCarton extends HTMLElement {
  connectedCallback() {
    this.finder = h("rtv-viewfinder", { oncode: (event) => (this.film?.isRunning || commandOf(event.detail) !== null) && this.scan(event.detail), onready: (event) => this.begin(event.detail) });
    this.rec = h("p", { class: "rec", role: "status" });
    this.said = h("p", { class: "said-last", role: "status", "aria-live": "assertive" });
    this.card = h("rtv-item-card", { onchanged: () => this.keep(), ongraded: () => { this.carton.graded(); this.keep(); }, onphoto: () => this.photo() });
    this.panel = h("rtv-tally-panel");
    this.strip = h("rtv-sop-strip", { onstepped: (event) => this.stepped(event.detail), onphoto: (event) => (event.detail === "photo_carton" ? this.photoOfCarton() : this.photo()) });
    this.card.strip = this.strip;
    this.beads = h("ol", { class: "strip", "aria-label": t("unbox.items") });
    this.search = h("rtv-item-search", { oncode: ({ detail }) => this.scan(detail.code, detail.item), onitem: ({ detail }) => this.scan(detail.code, detail.item) });
    this.search.carton = this.carton;
    this.undo = h("button", { type: "button", class: "quiet", onclick: () => this.takeBack() }, t("unbox.undo"));
    this.counts = h("p", { class: "dock-counts" });
    this.paused = h("section", { class: "label paused", hidden: true, role: "status" }, h("h2", {}, t("pause.title")), h("p", {}, t("pause.note")),
      h("button", { type: "button", class: "go", onclick: () => this.pause() }, t("pause.go_on")),
      this.carton.is_practice ? null : h("button", { type: "button", class: "second", onclick: () => this.handOver() }, t("handover.start")));
    this.replaceChildren(
      this.carton.is_practice ? h("p", { class: "practice", role: "status" }, t("practice.banner")) : "",
      this.paused,
      h("div", { class: "unbox" },
        h("section", { class: "label work" },
          h("header", { class: "label-head tight" }, h("div", {}, h("p", { class: "eyebrow" }, t("unbox.eyebrow")), h("h1", { class: "code" }, this.carton.awb_no)), this.rec),
          this.finder,
          this.search,
          this.said, this.card, this.beads),
        h("aside", { class: "label beside" }, this.panel)),
      h("div", { class: "dock" }, this.counts, this.undo,
        h("button", { type: "button", class: "quiet pause", onclick: () => this.pause() }, t("unbox.pause")),
        h("button", { type: "button", class: "go", onclick: () => this.closing() }, t("unbox.close"))),
    );
    this.stopWedge = listenToWedge((code) => this.scan(code), (key) => this.pressedKey(key));
    this.stopPresses = this.watchPresses();
    this.draw();
  }

  disconnectedCallback() {
    this.stopWedge();
    this.stopPresses();
    this.stopSign?.();
    this.film?.stop();
  }

  async begin(stream) {
    if (!stream) {
      this.rec.textContent = t("unbox.no_film");
      this.rec.classList.add("off");
      return;
    }
    this.film = this.carton.is_practice ? new PracticeFilm() : new Film(stream);
    this.film.onbroken = () => this.filmBroke();
    await this.film.start();
    this.carton.film_id = this.film.id;
    await this.carton.save();
    // What lay before the camera until now was not on film: it is read again.
    this.finder.lookAgain();
    this.film.isRunning = true;
    this.stopSign = showRunning(this.rec);
    this.draw();
  }

  filmBroke() {
    this.stopSign(t("unbox.film_stopped"));
    this.said.textContent = t("unbox.film_stopped_why");
    tone("bad");
  }

  // `item` is what was looked for by hand and stands behind the code.
  async scan(text, item = null) {
    const command = commandOf(text);
    if (command !== null) return this.obey(command);
    // While the carton is being closed nothing is counted: it would be lost between the two.
    if (this.isClosing || text.trim().length < 3) return;
    if (this.isPaused) return this.say("bad", t("pause.not_counted"));
    const found = await this.carton.scanned(text, item);
    tone(found === "unlisted" ? "other" : "good");
    this.said.textContent = t(`unbox.said_${found}`, { code: item?.title ?? text });
    this.draw();
  }

  // At a desk the keys A to D grade, as the touch does.
  pressedKey(key) {
    if (/^[A-D]$/.test(key) && !this.isPaused && !this.isClosing) this.obey(`GRADE-${key}`);
  }

  // A printed command does what a touch does, and says what it did.
  async obey(command) {
    const isDone = (!this.isPaused || command === "PAUSE") && (await this.act(command));
    if (isDone) this.say("good", t("command.done", { command: t(`command.${command}`) }));
    else if (isDone === false) this.say("bad", t("command.not_now"));
  }

  // True: done; false: it cannot be done now; undefined: the deed itself says what came of it.
  async act(command) {
    const { carton } = this;
    if (command === "CLOSE") return void (this.isClosing ? this.dispatchEvent(new CustomEvent("confirming", { bubbles: true })) : await this.closing());
    if (this.isClosing) return false;
    if (command.startsWith("GRADE-") && carton.item) {
      carton.item.grade = command.at(-1);
      carton.graded();
      await this.keep();
      return true;
    }
    if (command === "UNDO") return void (await this.takeBack());
    if (command === "PAUSE") return this.pause();
    if (command === "PHOTO" && this.finder.stream) {
      await (carton.item ? this.photo() : this.photoOfCarton());
      return true;
    }
    const walk = command === "NEXT" && nextStep(carton, today());
    if (walk) {
      await this.stepped(walk);
      return true;
    }
    if (command === "FILM-STOP" && this.film && !this.film.isBroken) return this.stopFilm();
    if (command === "FILM-START" && !this.film && this.finder.stream) {
      await this.begin(this.finder.stream);
      return true;
    }
    return false;
  }

  // Nothing is counted in a pause. The film goes on: it shows that nobody touched the box.
  pause() {
    this.isPaused = !this.isPaused;
    this.paused.hidden = !this.isPaused;
    if (this.isPaused) scrollTo(0, 0);
    return true;
  }

  // The colleague signs in at this device, which needs the network; what is graded stays under who graded it.
  handOver() {
    if (!navigator.onLine) return this.say("bad", t("handover.offline"));
    this.isClosing = true;
    return this.dispatchEvent(new CustomEvent("handover", { bubbles: true, detail: this.film }));
  }

  async stopFilm() {
    await this.film.stop();
    this.stopSign(t("unbox.film_stopped"));
    return true;
  }

  say(name, words) {
    tone(name);
    this.said.textContent = words;
  }

  async takeBack() {
    const gone = await this.carton.undo();
    tone(gone ? "other" : "bad");
    this.said.textContent = gone ? t("unbox.undone", { code: gone.scanned_code }) : t("unbox.nothing_to_undo");
    this.draw();
  }

  async photo() {
    const item = this.carton.item;
    if (!this.finder.stream) return tone("bad");
    const kind = item.grade === "C" || item.grade === "D" || item.defects.length ? "defect" : "item";
    this.carton.photos.push({ id: await this.keepStill(kind), item_no: item.item_no });
    tone("good");
    return this.keep();
  }

  async keepStill(kind) {
    return this.carton.is_practice ? "practice" : keepPhoto(await still(this.finder.video), kind);
  }

  async photoOfCarton() {
    if (!this.finder.stream) return tone("bad");
    this.carton.photos.push({ id: await this.keepStill("carton"), item_no: null, kind: "carton" });
    tone("good");
    return this.keep();
  }

  stepped(walk) {
    stepDone(this.carton, walk);
    return this.keep();
  }

  drawStrip() {
    const { carton } = this;
    const walk = nextStep(carton, today());
    if (walk && noteShown(carton.sop_steps, shownStep(walk))) carton.save();
    const ofItem = walk?.item_no ? lackingOf(carton.item, [walk.step], carton.photos, today()) : [];
    const ofBox = walk && !walk.item_no ? walk.step.needs.filter((name) => this.boxLacks().includes(name)) : [];
    this.strip.show(walk, [...ofItem, ...ofBox]);
  }

  boxLacks() {
    return this.proofs({ totals: { missing: 0 } }).find((hint) => hint.subject === "box")?.missing ?? [];
  }

  async keep() {
    await this.carton.save();
    this.draw();
  }

  // A press that has begun must not lose its button: leaving a field redraws the card, so that waits for the finger.
  watchPresses() {
    const down = () => { this.isPressed = true; };
    const up = () => setTimeout(() => {
      this.isPressed = false;
      if (this.isStale) this.draw();
    });
    const heard = [["pointerdown", down], ["pointerup", up], ["pointercancel", up]];
    heard.forEach(([name, hear]) => document.addEventListener(name, hear, { capture: true }));
    return () => heard.forEach(([name, hear]) => document.removeEventListener(name, hear, { capture: true }));
  }

  async draw() {
    this.isStale = this.isPressed;
    if (this.isStale) return;
    const { carton } = this;
    const item = carton.item;
    this.card.show(item, carton.photos.filter((photo) => photo.item_no === item?.item_no).length, carton.like);
    this.beads.replaceChildren(...carton.items.map((entry) =>
      h("li", {}, h("button", {
        type: "button", class: `bead ${entry.grade ? `bead-${entry.grade}` : "bead-open"}`, "aria-current": String(entry.item_no === carton.current),
        "aria-label": t("unbox.bead", { item: entry.item_no, name: entry.title ?? entry.scanned_code, grade: entry.grade ?? "?" }),
        onclick: () => { carton.current = entry.item_no; this.keep(); },
      }, entry.grade ?? "?", entry.qty > 1 ? h("small", {}, `×${entry.qty}`) : null))));
    this.undo.disabled = !carton.items.length;
    this.drawStrip();
    const counted = await carton.tally();
    this.counts.textContent = t(isBlind() ? "unbox.counts_hidden" : carton.expected.is_known ? "unbox.counts" : "unbox.counts_blind", counted.totals);
    this.panel.show(counted, this.proofs(counted), carton.expected.is_known, isBlind());
  }

  proofs(counted) {
    const { carton } = this;
    return missingProofs({
      items: carton.items, photos: carton.photos, hasFilm: Boolean(carton.film_id), isAwbSeen: carton.is_awb_seen,
      isDamaged: carton.is_damaged, stepsOf: Object.fromEntries(carton.items.map((item) => [item.item_no, sopOfItem(item)?.steps ?? []])),
      totals: counted.totals, isLastCarton: carton.is_last_carton, isKnown: isListShown(carton),
    }, today());
  }

  async closing() {
    const open = this.carton.openItems[0];
    if (open) {
      this.carton.current = open.item_no;
      tone("bad");
      this.said.textContent = t("unbox.grade_first", { item: open.item_no });
      this.draw();
      return;
    }
    this.isClosing = true;
    const counted = await this.carton.tally();
    this.dispatchEvent(new CustomEvent("closing", { bubbles: true, detail: { counted, proofs: this.proofs(counted), film: this.film } }));
  }
}

customElements.define("rtv-unbox-carton", UnboxCarton);
