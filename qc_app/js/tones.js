// Three tones that differ in pitch, number and length: listed, not listed, refused. And a buzz where there is one.

const TUNES = { good: [[880, 0.09]], other: [[523, 0.12], [523, 0.12]], bad: [[196, 0.4]] };
let context = null;

export function tone(name) {
  navigator.vibrate?.(name === "good" ? 30 : [60, 50, 60]);
  try {
    context ??= new AudioContext();
  } catch {
    return; // A device without sound still shows what was scanned.
  }
  let at = context.currentTime;
  for (const [pitch, length] of TUNES[name]) {
    const note = context.createOscillator();
    const volume = context.createGain();
    note.frequency.value = pitch;
    note.type = name === "bad" ? "square" : "sine";
    volume.gain.setValueAtTime(0.25, at);
    volume.gain.exponentialRampToValueAtTime(0.001, at + length);
    note.connect(volume).connect(context.destination);
    note.start(at);
    note.stop(at + length);
    at += length + 0.05;
  }
}
