// What a scanned code says: AWB, GTIN, or a GS1 element string with batch and expiry.

const SEPARATOR = "\u001d";
const FIXED = { "00": 18, "01": 14, "02": 14, "11": 6, "13": 6, "15": 6, "17": 6 };

export const normalAwb = (text) => text.toUpperCase().replace(/[^A-Z0-9]/g, "");
export const gtin14 = (text) => (/^\d{8,14}$/.test(text ?? "") ? text.padStart(14, "0") : null);

export function readCode(text) {
  const clean = text.trim().replace(/^\](C1|d2|Q3|e0)/, "");
  const elements = clean.startsWith("(") ? bracketed(clean) : plain(clean);
  if (!elements?.["01"]) return { code: clean, gtin: gtin14(clean) };
  return {
    code: elements["01"].replace(/^0(?=\d{13}$)/, ""),
    gtin: elements["01"],
    batch_no: elements["10"],
    expiry_on: elements["17"] ? expiry(elements["17"]) : undefined,
    serial_no: elements["21"],
  };
}

function bracketed(text) {
  return Object.fromEntries([...text.matchAll(/\((\d{2,4})\)([^(]+)/g)].map((match) => [match[1], match[2].trim()]));
}

function plain(text) {
  if (!/^01\d{14}(1[0-7]|21|\u001d|$)/.test(text)) return null;
  const found = {};
  let rest = text;
  while (rest.length > 2) {
    const name = rest.slice(0, 2);
    const end = name in FIXED ? 2 + FIXED[name] : (rest.indexOf(SEPARATOR) + 1 || rest.length + 1) - 1;
    if (!(name in FIXED) && !["10", "21"].includes(name)) break;
    found[name] = rest.slice(2, end);
    rest = rest.slice(end).replace(new RegExp(`^${SEPARATOR}`), "");
  }
  return found;
}

// Day 00 means the last day of the month.
function expiry(yymmdd) {
  const [year, month, day] = [2000 + Number(yymmdd.slice(0, 2)), Number(yymmdd.slice(2, 4)), Number(yymmdd.slice(4))];
  const date = day === 0 ? new Date(Date.UTC(year, month, 0)) : new Date(Date.UTC(year, month - 1, day));
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString().slice(0, 10);
}
