// Calls to the hub. A problem it answers is an ApiProblem with code, fact and remedy; no answer is Offline.

import { learn } from "./clock.js";

const KEY = "rtv-session";

export class ApiProblem extends Error {
  constructor(status, problem) {
    super(problem.fact ?? problem.title ?? `HTTP ${status}`);
    Object.assign(this, { status, code: problem.code ?? `HTTP_${status}`, remedy: problem.remedy ?? "" });
  }
}
export class Offline extends Error {}

export function session() {
  const kept = JSON.parse(localStorage.getItem(KEY) ?? "null");
  return kept && new Date(kept.expires_at) > new Date() ? kept : null;
}

export function endSession() {
  localStorage.removeItem(KEY);
}

export async function send(path, { method = "GET", headers = {}, body, signal } = {}) {
  const token = session()?.token;
  let answer;
  try {
    answer = await fetch(path, {
      method,
      body,
      signal,
      cache: "no-store",
      headers: token ? { Authorization: `Bearer ${token}`, ...headers } : headers,
    });
  } catch (error) {
    throw new Offline(error.message);
  }
  if (answer.ok) return answer;
  const isProblem = answer.headers.get("content-type")?.includes("problem+json");
  throw new ApiProblem(answer.status, isProblem ? await answer.json() : {});
}

export async function getJson(path) {
  return (await send(path)).json();
}

export async function postJson(path, body, headers = {}) {
  const answer = await send(path, {
    method: "POST",
    body: JSON.stringify(body),
    headers: { "Content-Type": "application/json", ...headers },
  });
  return answer.json();
}

export async function signIn(station) {
  const asked = Date.now();
  const signed = await postJson("/v1/sessions", station);
  learn(signed.server_time, asked, Date.now());
  localStorage.setItem(KEY, JSON.stringify(signed));
  return signed;
}
