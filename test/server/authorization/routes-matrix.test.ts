/** Every route of docs/authorization.md, tried by everybody over HTTPS on what is their own and on what is not. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { restRoutes, upgradeRoutes } from '../../../src/server/doors/routes.ts';
import {
  authorizationPage,
  LETTERS,
  type Letter,
  type RouteRow,
} from '../../support/authorization-page.ts';
import { type Person, startWorld, type World } from '../../support/authorization-world.ts';
import { Closing } from '../../support/closing.ts';
import { inTurn } from '../../support/in-turn.ts';
import { until } from '../../support/until.ts';

const { routes } = authorizationPage();
const closing = new Closing();
const NOBODY = '999999';
let world: World;
let teamId: number;
let membershipId: number;
let controls: { own: number; other: number };
const problems = new Map<number, string>();

beforeAll(async () => {
  world = await startWorld(closing);
  await world.moveTo(world.local);
  const { server, people } = world;
  const all = [...people.values()].map(({ id }) => id);
  teamId = (await server.api('POST', '/api/teams', { Name: 'team' })).body.Id;
  const member = { UserID: people.get('R')?.id, TeamID: teamId, Role: 2 };
  membershipId = (await server.api('POST', '/api/team_memberships', member)).body.Id;
  const control = async (ResourceID: string, Users: readonly number[]) =>
    (await server.api('POST', '/api/resource_controls', { ResourceID, Type: 5, Users })).body.Id;
  controls = { own: await control('a', all), other: await control('b', [1]) };
  await until(async () => {
    for (const one of (await server.api('GET', '/api/fleet/problems')).body)
      problems.set(one.environmentId, one.id);
    return problems.size === 2;
  }, 60_000);
}, 180_000);
afterAll(() => closing.close());

type Side = 'own' | 'other';
interface Cell {
  readonly letter: Letter;
  readonly side: Side;
  readonly row: RouteRow;
}

/** Routes for people who have signed in, and those that end what they were asked with. */
const BY_SESSION = /second-factor|^POST \/api\/users\/:id\/tokens|^POST \/api\/auth\/logout/;
const LAST = /^POST \/api\/(?:auth\/logout|fleet\/sessions\/rotate|fleet\/link-key\/rotate)$/;

const environmentOf = (side: Side): number => (side === 'own' ? world.local : world.edge);

/** In the place of `:id`; what only administrators may they try on what is not there. */
function idFor({ letter, side, row }: Cell): string {
  const [, path = ''] = row.name.split(' ');
  const isAdministrators = row.other === undefined;
  if (isAdministrators && letter === 'A') return NOBODY;
  if (path.includes('/users/')) {
    const own = world.people.get(side === 'own' ? letter : letter === 'A' ? 'N' : 'A')?.id;
    return String(own ?? 1);
  }
  if (path.startsWith('/api/resource_controls')) return String(controls[side]);
  if (path.startsWith('/api/fleet/problems')) return problems.get(environmentOf(side)) ?? '';
  if (path.startsWith('/api/team_memberships')) return String(membershipId);
  if (path.startsWith('/api/teams')) return String(teamId);
  return String(isAdministrators ? 1 : environmentOf(side));
}

function bodyFor({ letter, side, row }: Cell): unknown {
  const person: Person | undefined = world.people.get(letter);
  switch (row.name) {
    case 'POST /api/fleet/unlocks':
      return { environmentIds: [environmentOf(side)], forMs: 1_000, reason: 'matrix' };
    case 'POST /api/team_memberships':
      return { UserID: world.people.get('N')?.id, TeamID: teamId, Role: 2 };
    case 'PUT /api/team_memberships/:id':
      return { UserID: world.people.get('R')?.id, TeamID: teamId, Role: 2 };
    case 'PUT /api/resource_controls/:id':
      return { Users: side === 'own' ? [...world.people.values()].map(({ id }) => id) : [1] };
    case 'POST /api/fleet/users/:id/second-factor':
    case 'DELETE /api/fleet/users/:id/second-factor':
      return { Password: person?.password };
    default:
      return {};
  }
}

async function tried(cell: Cell): Promise<{ status: number; text: string }> {
  const [method = '', path = ''] = cell.row.name.split(' ');
  const target = path
    .replace(':endpointId', NOBODY)
    .replace(':keyID', NOBODY)
    .replace(':container', world.objects['containers'] ?? '')
    .replace(':id', idFor(cell));
  if (method === 'CONNECT') {
    const id = path.endsWith('/exec') ? world.objects['exec'] : world.objects['containers'];
    const headers = {
      Connection: 'Upgrade',
      Upgrade: 'websocket',
      'Sec-WebSocket-Version': '13',
      'Sec-WebSocket-Key': 'AAAAAAAAAAAAAAAAAAAAAA==',
    };
    const query = `?endpointId=${environmentOf(cell.side)}&id=${id}`;
    return await world.call(cell.letter, `${target}${query}`, { headers });
  }
  const session = BY_SESSION.test(cell.row.name);
  const call = method === 'GET' ? { method } : { method, body: bodyFor(cell) };
  return await world.call(cell.letter, target, { ...call, session });
}

test('each route has its row, and no other', () => {
  const { services } = world.server.server;
  const { signal } = new AbortController();
  const known = [
    ...restRoutes(services).map(({ method, path }) => `${method} ${path}`),
    ...upgradeRoutes(services, signal).all.map(({ path }) => `CONNECT ${path}`),
  ];
  expect(routes.map(({ name }) => name).sort()).toEqual(known.sort());
});

test('everybody may what the page says, and nothing else', async () => {
  const cells = routes.flatMap((row) =>
    LETTERS.flatMap((letter): Cell[] => {
      const own: Cell = { letter, row, side: 'own' };
      return row.other === undefined ? [own] : [own, { ...own, side: 'other' }];
    }),
  );
  const wrong: string[] = [];
  const judge = async (cell: Cell): Promise<void> => {
    const { letter, side, row } = cell;
    const isExpected = (row[side] ?? row.own).has(letter);
    const { status, text } = await tried(cell);
    const refusal = letter === 'P' ? 401 : 403;
    const isRight = isExpected ? ![401, 403].includes(status) : status === refusal;
    if (!isRight) wrong.push(`${letter} ${row.name}, ${side}: ${status} ${text.slice(0, 120)}`);
  };
  await inTurn(
    cells.filter(({ row }) => !LAST.test(row.name)),
    8,
    judge,
  );
  const last = cells.filter(({ row }) => LAST.test(row.name));
  // Administrators end everybody's session: they come last of all.
  const late = [...last].sort(
    (a, b) => Number(a.row.name.includes('rotate')) - Number(b.row.name.includes('rotate')),
  );
  await inTurn(late, 1, judge);
  expect(wrong.join('\n')).toBe('');
});
