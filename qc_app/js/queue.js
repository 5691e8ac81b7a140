// Records waiting to be sent. They outlive a closed tab; one tab at a time sends; nothing leaves before the hub has it.

import * as db from "./db.js";
import { ApiProblem, Offline, postJson, session } from "./api.js";
import { forgetMedia } from "./film.js";
import { hashOf, upload } from "./media.js";

export const queueChanged = new EventTarget();
const KEEP_SENT_MS = 3 * 24 * 3600 * 1000;
let isSending = false;
let isWanted = false;

const changed = () => queueChanged.dispatchEvent(new Event("change"));

export async function records() {
  return (await db.all("queue")).sort((one, two) => one.at - two.at);
}

export async function waiting() {
  return (await records()).filter((record) => record.state !== "sent");
}

// kind: "captures", "gate-receipts" or "pickups"; media: ids of what the body will name.
export async function enqueue(kind, id, body, { film = null, photos = [], signature = null } = {}) {
  await db.put("queue", id, { id, kind, body, film, photos, signature, state: "waiting", progress: 0, at: Date.now() });
  changed();
  flush();
}

export async function flush() {
  isWanted = true;
  if (isSending) return;
  isSending = true;
  try {
    await navigator.locks.request("rtv-queue", async () => {
      while (isWanted) {
        isWanted = false;
        await sendAll();
      }
    });
  } finally {
    isSending = false;
    changed();
  }
}

async function sendAll() {
  for (const record of await waiting()) {
    if (!session()) return;
    if (record.state === "refused") continue;
    try {
      await sendOne(record);
    } catch (error) {
      if (await isFinal(record, error)) continue;
      return;
    }
  }
}

// True when this record cannot be sent as it is; the next one may. False: wait for the network or a sign-in.
async function isFinal(record, error) {
  if (error instanceof Offline) return note(record, "waiting", null).then(() => false);
  if (!(error instanceof ApiProblem)) throw error;
  const isForLater = [401, 408, 409, 423, 429].includes(error.status) || error.status >= 500;
  await note(record, isForLater ? "waiting" : "refused", { code: error.code, fact: error.message, remedy: error.remedy });
  return !isForLater;
}

async function sendOne(record) {
  await note(record, "sending", null);
  const body = structuredClone(record.body);
  if (record.film) {
    const media = await sent(record, record.film);
    body.video = { sha256: media.sha256, started_at: media.started_at, duration_seconds: round(media.duration_seconds) };
  }
  if (record.signature) {
    const media = await sent(record, record.signature);
    body.signature = { sha256: media.sha256, taken_at: media.taken_at };
  }
  body.photos = [];
  for (const id of record.photos) {
    const media = await sent(record, id);
    body.photos.push({ sha256: media.sha256, taken_at: media.taken_at, kind: media.kind });
  }
  await postJson(`/v1/${record.kind}`, body, { "Idempotency-Key": record.id });
  await note(record, "sent", null, 1);
  for (const id of [record.film, record.signature, ...record.photos].filter(Boolean)) {
    await forgetMedia(id);
  }
  await forgetOld();
}

const round = (seconds) => Math.max(0.001, Math.round(seconds * 1000) / 1000);

async function sent(record, mediaId) {
  const media = await db.get("media", mediaId);
  if (!media.sha256) {
    Object.assign(media, await hashOf(mediaId, (share) => note(record, "hashing", null, share)));
    await db.put("media", mediaId, media);
  }
  await upload(media, (share) => note(record, "sending", null, share));
  return media;
}

async function note(record, state, problem, progress = record.progress) {
  Object.assign(record, { state, problem, progress });
  await db.put("queue", record.id, record);
  changed();
}

async function forgetOld() {
  for (const record of await records()) {
    if (record.state === "sent" && Date.now() - record.at > KEEP_SENT_MS) await db.remove("queue", record.id);
  }
}

export async function retry(id) {
  const record = await db.get("queue", id);
  await note(record, "waiting", null);
  flush();
}

let isKept = false;

export function keepSending() {
  flush();
  if (isKept) return;
  isKept = true;
  addEventListener("online", () => flush());
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && flush());
  setInterval(() => flush(), 15_000);
}
