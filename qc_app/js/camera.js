// One camera stream for the whole app: scanning and filming share it.

let stream = null;

export async function openCamera() {
  if (stream?.active) return stream;
  stream = await navigator.mediaDevices.getUserMedia({
    audio: false,
    video: { facingMode: { ideal: "environment" }, width: { ideal: 1280 }, height: { ideal: 720 } },
  });
  return stream;
}

export function closeCamera() {
  stream?.getTracks().forEach((track) => track.stop());
  stream = null;
}

// The lamp beside the lens, where this camera has one the browser may switch.
export const hasTorch = () => Boolean(stream?.getVideoTracks()[0]?.getCapabilities?.().torch);

export function setTorch(isOn) {
  return stream.getVideoTracks()[0].applyConstraints({ advanced: [{ torch: isOn }] });
}

export async function still(video) {
  const canvas = new OffscreenCanvas(video.videoWidth, video.videoHeight);
  canvas.getContext("2d").drawImage(video, 0, 0);
  return canvas.convertToBlob({ type: "image/jpeg", quality: 0.9 });
}
