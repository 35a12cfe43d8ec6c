/** Every Docker call of docs/authorization.md, tried by everybody over HTTPS, on a socket and through an edge agent. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DOCKER_CALLS } from '../../../src/protocol/docker-call.ts';
import { targetOf } from '../../../src/protocol/docker-object.ts';
import {
  authorizationPage,
  type DockerRow,
  LETTERS,
  type Letter,
} from '../../support/authorization-page.ts';
import { startWorld, type World } from '../../support/authorization-world.ts';
import { Closing } from '../../support/closing.ts';
import { inTurn } from '../../support/in-turn.ts';

const { docker } = authorizationPage();
const closing = new Closing();
let world: World;

beforeAll(async () => {
  world = await startWorld(closing);
}, 180_000);
afterAll(() => closing.close());

/** No such object anywhere. */
const NOBODY = 'nobody1';
/** Names that no registry is asked for. */
const NO_NAME = '!';
const REGISTRY = /^\/(?:distribution|images)\/\{name\.\.\.\}\/(?:json|push)$/;

/** What keeps a call that is allowed from changing, waiting or asking the world outside. */
const HARMLESS: Readonly<Record<string, { query?: string; body?: unknown }>> = {
  'GET /events': { query: '?until=1' },
  'HEAD /events': { query: '?until=1' },
  'GET /images/search': { query: '?term=' },
  'POST /images/create': { query: '?fromImage=!' },
  'POST /commit': { query: `?container=${NOBODY}` },
  'POST /auth': { body: { serveraddress: 'http://127.0.0.1:1' } },
  'POST /volumes/create': { body: { Name: NO_NAME } },
  'GET /plugins/privileges': { query: '?remote=!' },
  'POST /plugins/pull': { query: '?remote=!', body: [] },
  'POST /build': { query: '?remote=!' },
  'POST /v2/dockerhub': { body: 'no JSON' },
  'POST /dockerhub': { body: 'no JSON' },
};

interface Cell {
  readonly letter: Letter;
  readonly row: DockerRow;
  readonly environmentId: number;
  readonly isExpected: boolean;
  /** In the place of the id of an object. */
  readonly id: string;
}

async function tried({ letter, row, environmentId, id }: Cell): Promise<number> {
  const [method = '', path = ''] = row.name.split(' ');
  const { query = '', body = {} } = HARMLESS[row.name] ?? {};
  const name = REGISTRY.test(path) ? NO_NAME : NOBODY;
  const filled = path.replace('{name...}', name).replace(/\{\w+\}/, id);
  const call = method === 'GET' || method === 'HEAD' ? { method } : { method, body };
  const target = `/api/endpoints/${environmentId}/docker${filled}${query}`;
  return (await world.call(letter, target, call)).status;
}

/** What is not as the page says: `S DELETE /networks/{id} in 1: 403`. */
async function contradictions(cells: readonly Cell[]): Promise<string[]> {
  const found: string[] = [];
  await inTurn(cells, 8, async (cell) => {
    const status = await tried(cell);
    const refusal = cell.letter === 'P' ? 401 : 403;
    const isRight = cell.isExpected ? ![401, 403].includes(status) : status === refusal;
    if (!isRight) found.push(`${cell.letter} ${cell.row.name} in ${cell.environmentId}: ${status}`);
  });
  return found;
}

test('each call of the table of Docker calls has its row, and no other', () => {
  const calls = DOCKER_CALLS.flatMap(({ methods, path }) => methods.map((one) => `${one} ${path}`));
  expect(docker.map(({ name }) => name).sort()).toEqual(calls.sort());
});

describe.each([
  ['over a socket', 'local', 'edge'],
  ['through an edge agent', 'edge', 'local'],
] as const)('%s', (_, own, other) => {
  beforeAll(() => world.moveTo(world[own]));

  test('everybody may what the page says, and nothing else', async () => {
    const environmentId = world[own];
    const cells = docker.flatMap((row) =>
      LETTERS.map((letter) => ({
        letter,
        row,
        environmentId,
        id: NOBODY,
        isExpected: row.may.has(letter),
      })),
    );
    expect((await contradictions(cells)).join('\n')).toBe('');
  });

  test('in an environment without a role only the administrator may anything', async () => {
    const environmentId = world[other];
    const cells = docker.flatMap((row) =>
      LETTERS.map((letter) => ({
        letter,
        row,
        environmentId,
        id: NOBODY,
        isExpected: letter === 'A',
      })),
    );
    expect((await contradictions(cells)).join('\n')).toBe('');
  });

  test("a standard user may nothing with another's object", async () => {
    const environmentId = world[own];
    const cells = docker.flatMap((row) => {
      const [, path = ''] = row.name.split(' ');
      const id = world.objects[path.split('/')[1] ?? ''];
      if (targetOf(path) === undefined || id === undefined) return [];
      return [{ letter: 'S' as const, row, environmentId, id, isExpected: false }];
    });
    expect(cells.length).toBeGreaterThan(40);
    expect((await contradictions(cells)).join('\n')).toBe('');
  });
});
