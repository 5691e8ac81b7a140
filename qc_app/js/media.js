// The bytes of a film or photo kept on the device: hashed and uploaded in order, never whole in memory.

import "/vendor/hash-wasm/sha256.umd.min.js";
import * as db from "./db.js";
import { ApiProblem, send } from "./api.js";

const TUS = { "Tus-Resumable": "1.0.0" };
const PIECE = 2 * 1024 * 1024;

export async function hashOf(mediaId) {
  const hasher = await globalThis.hashwasm.createSHA256();
  let size = 0;
  for (const key of await db.chunkKeys(mediaId)) {
    const bytes = new Uint8Array(await (await db.chunk(key)).arrayBuffer());
    hasher.update(bytes);
    size += bytes.length;
  }
  return { sha256: hasher.digest("hex"), size };
}

// Sends what the hub does not have yet; `media` keeps the upload's address, so a closed tab goes on where it was.
export async function upload(media, onProgress) {
  let offset = await begin(media);
  while (offset < media.size) {
    const piece = await bytesFrom(media.id, offset);
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

async function bytesFrom(mediaId, offset) {
  const parts = [];
  let [start, size] = [0, 0];
  for (const key of await db.chunkKeys(mediaId)) {
    const blob = await db.chunk(key);
    const end = start + blob.size;
    if (end > offset) {
      const part = blob.slice(Math.max(0, offset - start));
      parts.push(part);
      size += part.size;
      if (size >= PIECE) break;
    }
    start = end;
  }
  return new Blob(parts).slice(0, PIECE);
}
