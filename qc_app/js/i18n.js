// All words come from the catalogues in /i18n; English fills what a catalogue lacks.

export const LANGUAGES = [["en", "English"], ["hi", "हिन्दी"], ["ta", "தமிழ்"]];
let words = {};
let english = {};

export function language() {
  return localStorage.getItem("rtv-language") ?? "en";
}

export async function loadLanguage(code = language()) {
  const catalogue = async (name) => (await fetch(`/i18n/${name}.json`)).json();
  english = await catalogue("en");
  words = code === "en" ? english : await catalogue(code);
  localStorage.setItem("rtv-language", code);
  document.documentElement.lang = code;
}

export function t(key, values = {}) {
  const text = words[key] ?? english[key];
  if (text === undefined) throw new Error(`No words for ${key}`);
  return text.replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? ""));
}
