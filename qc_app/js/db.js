// The device's own store: films as they are recorded, records waiting to be sent, the open carton.

const STORES = ["values", "queue", "media", "chunks"];
let opened = null;

function open() {
  opened ??= new Promise((resolve, reject) => {
    const request = indexedDB.open("rtv-bay", 1);
    request.onupgradeneeded = () => STORES.forEach((name) => request.result.createObjectStore(name));
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  return opened;
}

// Resolves once the transaction is on disk, not when the request is done.
async function run(store, mode, work) {
  const database = await open();
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(store, mode, { durability: "strict" });
    const request = work(transaction.objectStore(store));
    transaction.oncomplete = () => resolve(request?.result);
    transaction.onerror = () => reject(transaction.error);
    transaction.onabort = () => reject(transaction.error ?? new Error("aborted"));
  });
}

export const get = (store, key) => run(store, "readonly", (objects) => objects.get(key));
export const all = (store) => run(store, "readonly", (objects) => objects.getAll());
export const put = (store, key, value) => run(store, "readwrite", (objects) => objects.put(value, key));
export const remove = (store, key) => run(store, "readwrite", (objects) => objects.delete(key));

// Bytes of one film or photo, in order: key [media id, number].
const span = (mediaId) => IDBKeyRange.bound([mediaId, 0], [mediaId, Infinity]);
export const addChunk = (mediaId, number, blob) => put("chunks", [mediaId, number], blob);
export const chunkKeys = (mediaId) => run("chunks", "readonly", (objects) => objects.getAllKeys(span(mediaId)));
export const chunk = (key) => get("chunks", key);

// [{key, size}] of one film or photo, in one pass that reads no bytes.
export async function chunkSizes(mediaId) {
  const found = [];
  await run("chunks", "readonly", (objects) => {
    const request = objects.openCursor(span(mediaId));
    request.onsuccess = () => {
      const cursor = request.result;
      if (!cursor) return;
      found.push({ key: cursor.key, size: cursor.value.size });
      cursor.continue();
    };
  });
  return found;
}
export const removeChunks = (mediaId) => run("chunks", "readwrite", (objects) => objects.delete(span(mediaId)));
