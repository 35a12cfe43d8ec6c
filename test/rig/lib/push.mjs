/**
 * Pushes every tag found in docker-archives to a registry, over the OCI distribution API.
 *   push.mjs URL [USER:PASSWORD] TAR...
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { readTar } from './tar.mjs';

const LAYER = 'application/vnd.docker.image.rootfs.diff.tar.gzip';
const CONFIG = 'application/vnd.docker.container.image.v1+json';
const MANIFEST = 'application/vnd.docker.distribution.manifest.v2+json';
/** Layers above this hold filler that does not compress. */
const STORE_ONLY_BYTES = 3_000_000;

const [url, ...rest] = process.argv.slice(2);
const login = rest[0]?.includes(':') && !rest[0].startsWith('/') ? rest.shift() : undefined;
const auth = login ? { authorization: `Basic ${Buffer.from(login).toString('base64')}` } : {};

async function call(method, target, { headers = {}, body, expect }) {
  const answer = await fetch(target, { method, headers: { ...auth, ...headers }, body });
  if (!expect.includes(answer.status)) {
    const words = (await answer.text()).slice(0, 300);
    throw new Error(`${method} ${target}: ${answer.status} ${words}`);
  }
  await answer.arrayBuffer();
  return answer;
}

async function pushBlob(repository, data) {
  const digest = `sha256:${createHash('sha256').update(data).digest('hex')}`;
  const blobs = `${url}/v2/${repository}/blobs`;
  const { status } = await call('HEAD', `${blobs}/${digest}`, { expect: [200, 404] });
  if (status === 404) {
    const started = await call('POST', `${blobs}/uploads/`, { expect: [202] });
    const location = new URL(started.headers.get('location'), url);
    location.searchParams.set('digest', digest);
    const headers = { 'content-type': 'application/octet-stream' };
    await call('PUT', location, { headers, body: data, expect: [201] });
  }
  return { size: data.length, digest };
}

async function pushTag(tag, { Config, Layers }, files, zipped) {
  const colon = tag.lastIndexOf(':');
  // As engines ask a mirror of Docker Hub for it: without the host.
  const repository = tag.slice('docker.io/'.length, colon);
  const layers = [];
  for (const name of Layers) {
    const data = files.get(name);
    if (!zipped.has(name))
      zipped.set(name, gzipSync(data, { level: data.length > STORE_ONLY_BYTES ? 0 : 1 }));
    layers.push({ mediaType: LAYER, ...(await pushBlob(repository, zipped.get(name))) });
  }
  const config = { mediaType: CONFIG, ...(await pushBlob(repository, files.get(Config))) };
  await call('PUT', `${url}/v2/${repository}/manifests/${tag.slice(colon + 1)}`, {
    headers: { 'content-type': MANIFEST },
    body: JSON.stringify({ schemaVersion: 2, mediaType: MANIFEST, config, layers }),
    expect: [201],
  });
  console.log(`${repository}:${tag.slice(colon + 1)}`);
}

for (const file of rest) {
  const files = new Map(readTar(readFileSync(file)));
  const zipped = new Map();
  for (const image of JSON.parse(files.get('manifest.json').toString('utf8')))
    for (const tag of image.RepoTags) await pushTag(tag, image, files, zipped);
}
