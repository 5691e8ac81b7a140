// Reads codes from the camera's picture: only the aim box, only the formats in use.

import { prepareZXingModule, readBarcodes } from "/vendor/zxing/reader/index.js";

const FORMATS = ["Code128", "EAN13", "EAN8", "UPCA", "DataMatrix", "QRCode"];
const PAUSE_MS = 90;
const GONE_MS = 1500;
// The part of the picture that is looked at, in the middle of what the frame shows.
export const AIM = { width: 0.84, height: 0.5 };

prepareZXingModule({ overrides: { locateFile: (name) => `/vendor/zxing/${name}` }, fireImmediately: true });

// Calls onCode(text) when a code comes into view in two pictures; again only after it was gone for a while.
export function scan(video, onCode) {
  const canvas = new OffscreenCanvas(1, 1);
  const context = canvas.getContext("2d", { willReadFrequently: true });
  const seen = new Map();
  let isOn = true;

  const look = async () => {
    if (!isOn) return;
    if (video.readyState >= 2 && video.videoWidth) {
      const codes = await readBarcodes(picture(video, canvas, context), {
        formats: FORMATS, tryHarder: false, tryRotate: true, tryInvert: false, tryDownscale: false, maxNumberOfSymbols: 2,
      });
      const at = performance.now();
      codes.filter((code) => code.isValid && code.text.length >= 4).forEach((code) => notice(code.text, at));
    }
    setTimeout(look, PAUSE_MS);
  };
  const notice = (text, at) => {
    const before = seen.get(text);
    const isNew = !before || at - before.at > GONE_MS;
    const frames = isNew ? 1 : before.frames + 1;
    seen.set(text, { at, frames });
    if (isOn && frames === 2) onCode(text);
  };
  look();
  return () => {
    isOn = false;
  };
}

// The page crops the picture to its frame (object-fit: cover); the aim box is measured on what is shown.
function picture(video, canvas, context) {
  const scale = Math.max(video.clientWidth / video.videoWidth, video.clientHeight / video.videoHeight) || 1;
  const shown = (length, whole) => Math.min(whole, length / scale || whole);
  // A camera that the system has muted sends pictures of two pixels.
  const part = (length, whole, share) => Math.max(1, Math.round(shown(length, whole) * share));
  const width = part(video.clientWidth, video.videoWidth, AIM.width);
  const height = part(video.clientHeight, video.videoHeight, AIM.height);
  canvas.width = width;
  canvas.height = height;
  const [left, top] = [(video.videoWidth - width) / 2, (video.videoHeight - height) / 2];
  context.drawImage(video, left, top, width, height, 0, 0, width, height);
  return context.getImageData(0, 0, width, height);
}
