// Records the unboxing film. Each second goes to the device's store at once: a crash loses one second at most.

import * as db from "./db.js";
import { newId, now } from "./clock.js";

const TYPES = ["video/webm;codecs=vp9", "video/webm;codecs=vp8", "video/webm", "video/mp4"];

export class Film {
  constructor(stream) {
    this.id = newId("film");
    this.type = TYPES.find((type) => MediaRecorder.isTypeSupported(type));
    this.recorder = new MediaRecorder(stream, { mimeType: this.type, videoBitsPerSecond: 2_500_000 });
    this.number = 0;
    this.size = 0;
    this.writing = Promise.resolve();
  }

  async start() {
    this.recorder.ondataavailable = ({ data }) => {
      if (data.size) this.writing = this.writing.then(() => this.keep(data)).catch(() => this.broke());
    };
    this.recorder.onerror = () => this.broke();
    this.recorder.onstop = () => this.broke();
    await new Promise((resolve) => {
      this.recorder.onstart = resolve;
      this.recorder.start(1000);
    });
    this.started_at = now();
    this.begun = performance.now();
    await this.note();
  }

  async keep(data) {
    await db.addChunk(this.id, this.number, data);
    this.number += 1;
    this.size += data.size;
    this.seconds = (performance.now() - this.begun) / 1000;
    await this.note();
  }

  // The device is full, or the camera was pulled out: what is kept so far stays a whole film, and the app says so.
  broke() {
    if (this.isBroken) return;
    this.isBroken = true;
    if (this.recorder.state !== "inactive") this.recorder.stop();
    this.onbroken?.();
  }

  note() {
    return db.put("media", this.id, {
      id: this.id, kind: "film", type: this.type.split(";")[0], size: this.size,
      started_at: this.started_at, duration_seconds: this.seconds ?? 0,
    });
  }

  async stop() {
    this.isBroken = true;
    if (this.recorder.state !== "inactive") {
      await new Promise((resolve) => {
        this.recorder.onstop = resolve;
        this.recorder.stop();
      });
    }
    await this.writing;
  }
}

export async function keepPhoto(blob, kind) {
  const id = newId("photo");
  await db.addChunk(id, 0, blob);
  await db.put("media", id, { id, kind, type: blob.type || "image/jpeg", size: blob.size, taken_at: now() });
  return id;
}

export async function forgetMedia(id) {
  await db.removeChunks(id);
  await db.remove("media", id);
}
