// The camera's picture with its aim box; says what it reads. Works without a camera: then it says so.

import { AIM, scan } from "../scanner.js";
import { hasTorch, openCamera, setTorch } from "../camera.js";
import { h } from "../dom.js";
import { t } from "../i18n.js";

class Viewfinder extends HTMLElement {
  async connectedCallback() {
    this.video = h("video", { playsinline: true, muted: true, autoplay: true, "aria-label": t("camera.picture") });
    this.video.muted = true;
    const aim = h("div", { class: "aim", "aria-hidden": "true" });
    aim.style.setProperty("--aim-width", `${AIM.width * 100}%`);
    aim.style.setProperty("--aim-height", `${AIM.height * 100}%`);
    this.replaceChildren(this.video, aim, h("p", { class: "camera-word" }, t("camera.starting")));
    try {
      this.stream = await openCamera();
      if (!this.isConnected) return;
      this.video.srcObject = this.stream;
      await this.video.play();
      if (!this.isConnected) return;
      this.querySelector(".camera-word")?.remove();
      if (hasTorch()) this.append(this.torch());
      this.lookAgain();
    } catch (error) {
      this.classList.add("no-camera");
      const word = this.querySelector(".camera-word");
      if (word) word.textContent = t(error.name === "NotAllowedError" ? "camera.denied" : "camera.none");
    }
    this.dispatchEvent(new CustomEvent("ready", { detail: this.stream ?? null }));
  }

  torch() {
    const button = h("button", { type: "button", class: "torch", "aria-pressed": "false", onclick: async () => {
      const isOn = button.getAttribute("aria-pressed") !== "true";
      await setTorch(isOn);
      button.setAttribute("aria-pressed", String(isOn));
    } }, t("camera.torch"));
    return button;
  }

  lookAgain() {
    this.stop?.();
    this.stop = scan(this.video, (text) => this.dispatchEvent(new CustomEvent("code", { detail: text, bubbles: true })));
  }

  disconnectedCallback() {
    this.stop?.();
    this.video.srcObject = null;
  }
}

customElements.define("rtv-viewfinder", Viewfinder);
