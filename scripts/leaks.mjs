/** Looks for secrets in what the programs of a test run have printed (test/support/told.ts gathers both). */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Whatever looks like a credential of ours is one, whoever made it. */
const TOKENS =
  /eyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]{20,}|ptr_[A-Za-z0-9+/]{43}=|-----BEGIN [A-Z ]*PRIVATE KEY/g;
const UUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

/** One line for each secret found in what a program printed; the secret itself is not repeated. */
export function findLeaks(folder) {
  const names = readdirSync(folder);
  const secrets = secretsIn(folder, names);
  return names
    .filter((name) => name.endsWith('.txt'))
    .flatMap((name) => leaksIn(name, readFileSync(join(folder, name), 'utf8'), secrets));
}

/** How much was looked at, so that an empty folder does not look like a clean one. */
export function toldSize(folder) {
  const names = readdirSync(folder);
  const told = names.filter((name) => name.endsWith('.txt'));
  const bytes = told.reduce((sum, name) => sum + readFileSync(join(folder, name)).length, 0);
  const { uuids, texts } = secretsIn(folder, names);
  return { programs: told.length, bytes, secrets: uuids.size + texts.size };
}

function secretsIn(folder, names) {
  const uuids = new Set();
  /** By the form in which it may be printed: what kind it is. */
  const texts = new Map();
  for (const name of names.filter((one) => one.startsWith('secrets-'))) {
    for (const line of readFileSync(join(folder, name), 'utf8').split('\n').filter(Boolean)) {
      const { kind, value } = JSON.parse(line);
      if (value.match(UUID)?.[0] === value) uuids.add(value);
      else for (const form of formsOf(value)) texts.set(form, kind);
    }
  }
  return { uuids, texts };
}

const formsOf = (value) => [
  value,
  encodeURIComponent(value),
  JSON.stringify(value).slice(1, -1),
  Buffer.from(value).toString('base64').replace(/=+$/, ''),
];

function leaksIn(name, text, { uuids, texts }) {
  const isConsole = name.startsWith('console');
  const found = [];
  const report = (kind, at) =>
    found.push(`${name}: a ${kind} at ${at}: …${beforeIn(text, at)}[hidden]`);
  for (const [form, kind] of texts) {
    if (isConsole && kind !== 'password') continue;
    const at = text.indexOf(form);
    if (at >= 0) report(kind, at);
  }
  if (isConsole) return found;
  for (const match of text.matchAll(TOKENS)) report('token', match.index);
  for (const match of text.matchAll(UUID)) if (uuids.has(match[0])) report('key', match.index);
  return found;
}

const beforeIn = (text, at) => text.slice(Math.max(0, at - 60), at).replaceAll('\n', ' ');
