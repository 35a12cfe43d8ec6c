/** Files of volumes and of the host: list, read, remove, rename, upload (Portainer agent protocol, browsing). */
import { lstat, rename, rmdir, unlink } from 'node:fs/promises';
import { Fault } from '../../protocol/fault.ts';
import { browseFault } from '../browse/browse-fault.ts';
import { type BrowsePlace, browsePlace } from '../browse/browse-root.ts';
import { answerFile, openFile } from '../browse/file-download.ts';
import { followLinks, openFolder, splitPlace } from '../browse/folder-walk.ts';
import { listFolder } from '../browse/listing.ts';
import { answerEmpty, answerJson } from './answers.ts';
import type { AgentParts, ApiCall } from './call.ts';
import { readJsonObject } from './request-body.ts';
import type { ApiRoute } from './route-table.ts';

type BrowseVerb = Pick<ApiRoute, 'method' | 'body' | 'answer'> & { readonly name: string };

const VERBS: readonly BrowseVerb[] = [
  { name: 'ls', method: 'GET', body: 'none', answer: list },
  { name: 'get', method: 'GET', body: 'none', answer: download },
  { name: 'delete', method: 'DELETE', body: 'none', answer: remove },
  { name: 'rename', method: 'PUT', body: 'json', answer: move },
  { name: 'put', method: 'POST', body: 'multipart', answer: upload },
];

/** /browse/VERB with the volume in the query, and /v1/browse/VOLUME/VERB. */
export const browseRoutes: readonly ApiRoute[] = VERBS.flatMap(({ name, method, body, answer }) => {
  const rest = { method, body, access: 'signed', answer: translated(answer) } as const;
  return [
    { path: `/browse/${name}`, generations: ['', 'v2'], ...rest },
    { path: `/browse/{volume}/${name}`, generations: ['v1'], ...rest },
  ];
});

function translated(answer: ApiRoute['answer']): ApiRoute['answer'] {
  return async (call, parts) => {
    try {
      await answer(call, parts);
    } catch (error) {
      throw browseFault(error);
    }
  };
}

async function list(call: ApiCall, parts: AgentParts): Promise<void> {
  await using folder = await openFolder(await queriedPlace(call, parts));
  answerJson(call.response, await listFolder(folder));
}

async function download(call: ApiCall, parts: AgentParts): Promise<void> {
  const { request, response } = call;
  const place = await followLinks(await queriedPlace(call, parts));
  const { parent, name } = splitPlace(place);
  await using folder = await openFolder(parent);
  const file = await openFile(folder, name);
  try {
    await answerFile(request, response, file);
  } finally {
    await file.close();
  }
}

async function remove(call: ApiCall, parts: AgentParts): Promise<void> {
  const { parent, name } = splitPlace(await queriedPlace(call, parts));
  await using folder = await openFolder(parent);
  const path = folder.entry(name);
  if ((await lstat(path)).isDirectory()) await rmdir(path);
  else await unlink(path);
  answerEmpty(call.response, 204);
}

async function move(call: ApiCall, parts: AgentParts): Promise<void> {
  const body = await readJsonObject(call.request);
  const place = async (field: string) => {
    const path = body.get(field.toLowerCase());
    if (typeof path === 'string' && path !== '') return splitPlace(await at(path, call, parts));
    throw new Fault('bad-request', `Invalid request payload: ${field} is missing`);
  };
  const from = await place('CurrentFilePath');
  const to = await place('NewFilePath');
  await using source = await openFolder(from.parent);
  await using target = await openFolder(to.parent);
  await rename(source.entry(from.name), target.entry(to.name));
  answerEmpty(call.response, 204);
}

async function upload(call: ApiCall, parts: AgentParts): Promise<void> {
  // Loads the form parser, which most agents never need.
  const { receiveUpload } = await import('../browse/upload.ts');
  await receiveUpload(call.request, {
    place: (path) => at(path, call, parts),
    dataFolder: parts.dataFolder,
  });
  answerEmpty(call.response, 204);
}

function queriedPlace(call: ApiCall, parts: AgentParts): Promise<BrowsePlace> {
  const path = call.query.get('path');
  if (path === null || path === '') {
    throw new Fault('bad-request', 'Invalid query parameter: path');
  }
  return at(path, call, parts);
}

function at(path: string, { query, params }: ApiCall, parts: AgentParts): Promise<BrowsePlace> {
  return browsePlace(path, params.volume ?? (query.get('volumeID') || undefined), parts);
}
