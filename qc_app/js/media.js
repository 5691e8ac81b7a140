// The bytes of a film or photo kept on the device: hashed and uploaded in order, never whole in memory.

import "/vendor/hash-wasm/sha256.umd.min.js";
import * as db from "./db.js";
import { ApiProblem, send } from "./api.js";

const TUS = { "Tus-Resumable": "1.0.0" };
const PIECE = 2 * 1024 * 1024;
const TELL_MS = 500;

const read = async (key) => new Uint8Array(await (await db.chunk(key)).arrayBuffer());

// Hashes the bytes in order, one piece in memory and one on its way; says twice a second which share is done.
export async function hashOf(mediaId, onProgress = () => {}) {
  const hasher = await globalThis.hashwasm.createSHA256();
  const keys = await db.chunkKeys(mediaId);
  let size = 0;
  let told = performance.now();
  let coming = keys.length ? read(keys[0]) : null;
  for (let at = 0; at < keys.length; at += 1) {
    const bytes = await coming;
    coming = at + 1 < keys.length ? read(keys[at + 1]) : null;
    hasher.update(bytes);
    size += bytes.length;
    if (performance.now() - told >= TELL_MS) {
      told = performance.now();
      onProgress((at + 1) / keys.length);
    }
  }
  return { sha256: hasher.digest("hex"), size };
}

// Sends what the hub does not have yet; `media` keeps the upload's address, so a closed tab goes on where it was.
export async function upload(media, onProgress) {
  let offset = await begin(media);
  const pieces = await layoutOf(media.id);
  while (offset < media.size) {
    const piece = await bytesFrom(pieces, offset);
    const answer = await send(media.upload_url, {
      method: "PATCH",
      body: piece,
      headers: { ...TUS, "Content-Type": "application/offset+octet-stream", "Upload-Offset": String(offset) },
    });
    offset = Number(answer.headers.get("Upload-Offset"));
    onProgress(offset / media.size);
  }
}

async function begin(media) {
  if (media.upload_url) {
    try {
      const answer = await send(media.upload_url, { method: "HEAD", headers: TUS });
      return Number(answer.headers.get("Upload-Offset"));
    } catch (error) {
      if (!(error instanceof ApiProblem) || ![404, 410].includes(error.status)) throw error;
    }
  }
  const answer = await send("/v1/uploads", {
    method: "POST",
    headers: { ...TUS, "Upload-Length": String(media.size), "Upload-Metadata": metadata(media) },
  });
  media.upload_url = new URL(answer.headers.get("Location"), location.origin).pathname;
  await db.put("media", media.id, media);
  return 0;
}

function metadata(media) {
  const values = { filename: media.id, filetype: media.type, sha256: media.sha256 };
  return Object.entries(values).map(([name, value]) => `${name} ${btoa(value)}`).join(",");
}

// [{key, start, end}] of the pieces on the device: read once an upload, or a long film would be read again for each
// two megabytes sent.
async function layoutOf(mediaId) {
  let end = 0;
  return (await db.chunkSizes(mediaId)).map(({ key, size }) => ({ key, start: end, end: (end += size) }));
}

async function bytesFrom(pieces, offset) {
  const until = offset + PIECE;
  const wanted = pieces.filter(({ start, end }) => end > offset && start < until);
  const parts = await Promise.all(wanted.map(async ({ key, start, end }) =>
    (await db.chunk(key)).slice(Math.max(0, offset - start), Math.min(end, until) - start)));
  return new Blob(parts);
}
