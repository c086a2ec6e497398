// Keeps the last seen pages, and acts until there is network. An extra: nothing needs it.
"use strict";
const PAGES = "pages-1", PARTS = "parts-1", ME = "/offline/me", OFFLINE = "/offline/", HERE = self.location.origin;
const MOST_PAGES = 30, MOST_AGE_MS = 10 * 3600 * 1000, MOST_ACTS = 20, MOST_BYTES = 48 * 1024 * 1024;
const ACTS = /^\/(cases\/\d+\/(steps\/[a-z-]+|files)|today\/units\/\d+\/look)$/, SIGN_OUT = "/account/logout/";
// A rehearsal is another portal with people of its own.
const OTHERS = /^\/dien-tap\//;
let turn = Promise.resolve(), sending = null;

// One after another: a page that is still being kept must not outlive a sign-out.
function inTurn(act) { turn = turn.then(act, act); return turn; }
function quiet() { /* Nobody misses an extra. */ }

self.addEventListener("install", event => {
  self.skipWaiting();
  event.waitUntil(fetch(OFFLINE, { credentials: "omit", cache: "no-store" }).then(response => response.ok && keepPage(PARTS, OFFLINE, response)));
});
self.addEventListener("activate", event => {
  const old = name => name !== PAGES && name !== PARTS;
  event.waitUntil(caches.keys().then(names => Promise.all(names.filter(old).map(name => caches.delete(name)))).then(() => self.clients.claim()));
});
self.addEventListener("fetch", event => {
  const request = event.request, url = new URL(request.url), path = url.pathname;
  if (url.origin !== HERE || OTHERS.test(path)) { return; }
  const isPage = request.mode === "navigate", isRead = request.method === "GET";
  if (path.startsWith("/static/") && isRead) {
    event.respondWith(fetch(request).catch(() => kept(PARTS, request.url).then(part => part || Response.error())));
  } else if (isPage && isRead) {
    event.respondWith(page(event));
  } else if (isPage && ACTS.test(path)) {
    event.respondWith(sendOrKeep(request));
  } else if (isPage && path === SIGN_OUT) {
    event.respondWith(fetch(request).catch(() => offline("data-signed-out")).then(response => inTurn(forgetAll).then(() => response)));
  }
});
self.addEventListener("sync", event => event.waitUntil(send()));
self.addEventListener("message", event => {
  event.waitUntil({ list: () => tell({}), send: send, drop: drop, keep: keepShown }[event.data.what](event.data));
});

// Pages: the server says with each whose it is; another person's go.

async function page(event) {
  let response;
  try { response = await fetch(event.request); } catch (error) { return keptPage(event.request.url); }
  event.waitUntil(noteSeen(event.request.url, response.headers, () => response.clone()));
  return response;
}
function keepShown(asked) {
  return fetch(asked.address).then(response => noteSeen(response.url, response.headers, () => response)).catch(quiet);
}
function noteSeen(address, headers, copied) {
  const person = headers.get("X-Kept-Person"), key = headers.get("X-Kept-Key"), copy = key && copied();
  return person ? inTurn(() => seen(address, copy, person, key)) : null;
}
async function seen(address, response, person, key) {
  const before = await me();
  if (!before || before.person !== person) { await caches.delete(PAGES); }
  if (!response || !response.ok) { return; }
  const pages = await caches.open(PAGES);
  await keepPage(PAGES, address, response);
  await pages.delete(ME);
  await pages.put(ME, new Response(JSON.stringify({ person: person, key: key })));
  const known = await pages.keys();
  await Promise.all(known.slice(0, Math.max(0, known.length - MOST_PAGES)).map(request => pages.delete(request)));
}
async function keepPage(name, address, response) {
  const text = await response.text(), headers = new Headers(response.headers);
  headers.set("X-Kept-At", new Date().toISOString());
  const store = await caches.open(name), parts = await caches.open(PARTS);
  // Taken out first: so the list begins with what was seen longest ago.
  await store.delete(address);
  await store.put(address, new Response(text, { headers: headers }));
  await Promise.all((text.match(/\/static\/[^"'\s)]+/g) || []).map(part => parts.add(part).catch(quiet)));
}
async function kept(name, address, more) {
  return (await caches.open(name)).match(address, Object.assign({ ignoreVary: true }, more));
}
async function me() {
  const whose = await kept(PAGES, ME);
  return whose && whose.json();
}
async function keptPage(address) {
  const found = await kept(PAGES, address) || await kept(PAGES, address, { ignoreSearch: true });
  const at = found && found.headers.get("X-Kept-At");
  if (!found || Date.now() - new Date(at) > MOST_AGE_MS) { return offline(); }
  return new Response((await found.text()).replace("<html ", `<html data-kept-at="${at}" `), { headers: found.headers });
}
async function offline(shown) {
  const found = await kept(PARTS, OFFLINE);
  return found ? new Response((await found.text()).replace(shown + " hidden", shown), { status: 503, headers: found.headers }) : Response.error();
}
async function forgetAll() {
  await caches.delete(PAGES);
  await change(store => store.clear());
}

// Acts: in the database only as ciphertext, under the key of the person who did them.

function rows(mode, act) {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open("kept-1", 1), fail = () => reject(opening.error);
    opening.onupgradeneeded = () => opening.result.createObjectStore("acts", { keyPath: "id", autoIncrement: true });
    opening.onerror = fail;
    opening.onsuccess = () => {
      const work = opening.result.transaction("acts", mode), asked = act(work.objectStore("acts"));
      work.oncomplete = () => { opening.result.close(); resolve(asked.result); };
      work.onabort = fail;
    };
  });
}
const all = () => rows("readonly", store => store.getAll());
const change = act => rows("readwrite", act);
const put = row => change(store => store.put(row)), remove = id => change(store => store.delete(id));
function keyOf(text) {
  return crypto.subtle.importKey("raw", Uint8Array.from(atob(text), sign => sign.charCodeAt(0)), "AES-GCM", false, ["encrypt", "decrypt"]);
}
async function seal(key, bytes) {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  return { iv: iv, data: await crypto.subtle.encrypt({ name: "AES-GCM", iv: iv }, key, bytes) };
}
const open = (key, sealed) => crypto.subtle.decrypt({ name: "AES-GCM", iv: sealed.iv }, key, sealed.data);
const sealMeta = (key, meta) => seal(key, new TextEncoder().encode(JSON.stringify(meta)));
const metaOf = async (key, row) => JSON.parse(new TextDecoder().decode(await open(key, row.meta)));
const formOf = (bytes, type) => new Response(bytes, { headers: { "Content-Type": type } }).formData();

async function sendOrKeep(request) {
  const copy = request.clone(), back = request.referrer.startsWith(HERE + "/") ? request.referrer : HERE + "/";
  try { return await fetch(request); } catch (error) { /* No network. */ }
  return await keep(copy).catch(() => false) ? Response.redirect(back, 303) : offline("data-not-kept");
}
async function keep(request) {
  const whose = await me(), bytes = await request.arrayBuffer(), type = request.headers.get("Content-Type");
  if (!whose || bytes.byteLength > MOST_BYTES || (await all()).length >= MOST_ACTS) { return false; }
  const form = await formOf(bytes, type), files = Array.from(form.values()).filter(field => field.size).length;
  const key = await keyOf(whose.key), meta = { url: new URL(request.url).pathname, type: type, label: form.get("kept_label") };
  await put({ person: whose.person, at: Date.now(), files: files, state: "waits", meta: await sealMeta(key, meta), body: await seal(key, bytes) });
  if (self.registration.sync) { self.registration.sync.register("send").catch(quiet); }
  return true;
}
function send() {
  sending = sending || sendAll().catch(() => ({})).then(result => { sending = null; return tell(result); });
  return sending;
}
async function sendAll() {
  const waiting = (await all()).filter(row => row.state === "waits");
  if (!waiting.length) { return {}; }
  const state = await fetch("/offline/state", { redirect: "manual" });
  if (!state.ok) { return { signIn: state.type === "opaqueredirect" }; }
  const whose = await state.json(), key = await keyOf(whose.key);
  let taken = 0;
  for (const row of waiting.filter(row => row.person === whose.person)) {
    const answer = await sendOne(row, key, whose.csrf).catch(() => null);
    if (answer === null) { break; }
    if (answer.taken) { taken += 1; await remove(row.id); continue; }
    row.state = answer.meta ? "refused" : "unreadable";
    if (answer.meta) { row.meta = await sealMeta(key, Object.assign(answer.meta, answer, { meta: null })); }
    await put(row);
  }
  return { taken: taken };
}
// The server's answer to one act; null where it could not be asked: then it waits on.
async function sendOne(row, key, csrf) {
  let meta, form;
  try {
    meta = await metaOf(key, row);
    form = await formOf(await open(key, row.body), meta.type);
  } catch (error) { return {}; }
  form.set("csrfmiddlewaretoken", csrf);
  form.set("kept_s", String(Math.max(1, Math.round((Date.now() - row.at) / 1000))));
  const response = await fetch(meta.url, { method: "POST", body: form, redirect: "manual", headers: { "X-Kept-Act": "1" } });
  if (response.type === "opaqueredirect" || response.status >= 500 || [408, 429].includes(response.status)) { return null; }
  return Object.assign(response.ok ? await response.json() : { status: response.status }, { meta: meta });
}
const drop = asked => remove(asked.id).then(() => tell({}));
// Tells the open pages what waits: the person's own acts, and how many of others.
async function tell(result) {
  const whose = await me(), key = whose && await keyOf(whose.key), mine = [];
  const waiting = await all(), own = waiting.filter(row => whose && row.person === whose.person);
  for (const row of own) {
    const meta = await metaOf(key, row).catch(() => ({ label: "", url: "" }));
    mine.push(Object.assign(meta, { id: row.id, at: row.at, files: row.files, state: row.state }));
  }
  const news = Object.assign({ mine: mine, others: waiting.length - own.length, taken: 0, signIn: false }, result);
  (await self.clients.matchAll({ type: "window" })).forEach(client => client.postMessage(news));
}
