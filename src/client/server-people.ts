/** Users, teams, access and API keys of a server (Portainer API: users, teams, team_memberships, endpoints, endpoint_groups, tokens). */
import { z } from 'zod';
import { Fault } from '../protocol/fault.ts';
import type { Access, Directory, DirectoryWish, Membership } from '../protocol/people.ts';
import { type FactorStanding, REQUIRED_OF } from '../protocol/required-factor.ts';
import { hasProvider } from './provider-sign-in.ts';
import { callServer, jsonOf } from './server-call.ts';
import { refused, type ServerSession, strange } from './server-environments.ts';

const MOST = 100_000;
const id = z.int().positive();
const usersSchema = z.array(z.object({ Id: id, Username: z.string(), Role: z.number() })).max(MOST);
const teamsSchema = z.array(z.object({ Id: id, Name: z.string() })).max(MOST);
const membershipsSchema = z
  .array(z.object({ Id: id, UserID: id, TeamID: id, Role: z.number() }))
  .max(MOST);
const keysSchema = z
  .array(
    z.object({
      id,
      description: z.string(),
      dateCreated: z.number(),
      lastUsed: z.number(),
      expiresAt: z.number().nullish(),
    }),
  )
  .max(MOST);
const policies = z.record(z.string(), z.object({ RoleId: z.number() })).nullish();
const placeSchema = z.object({
  Id: id,
  Name: z.string(),
  UserAccessPolicies: policies,
  TeamAccessPolicies: policies,
});

const factorsSchema = z.object({ requiredOf: z.enum(REQUIRED_OF), without: z.array(id).max(MOST) });

type PlaceJson = z.infer<typeof placeSchema>;

/** The answer to a GET, in the shape that is expected; Fault with the server's own words when it refuses. */
async function read<Schema extends z.ZodType>(
  { reach, headers }: ServerSession,
  { path, schema, what }: { readonly path: string; readonly schema: Schema; readonly what: string },
): Promise<z.output<Schema>> {
  const answer = await callServer(reach, { method: 'GET', path, headers });
  if (answer.status !== 200) throw refused(reach, `tell ${what}`, answer);
  const parsed = schema.safeParse(jsonOf(answer));
  if (parsed.success) return parsed.data;
  throw strange(reach, what, parsed.error);
}

/** Everybody whom the account is told of, and what was wished for besides; of teams those that it may manage. */
export async function readDirectory(
  session: ServerSession,
  wish: DirectoryWish,
): Promise<Directory> {
  if (wish.kind === 'keys') {
    const asked = [readKeys(session, wish.userId), hasProvider(session.reach)] as const;
    const [keys, isThere] = await Promise.all(asked);
    return { ...NOBODY, keys, hasProvider: isThere };
  }
  const [users, teams, memberships, access, factors] = await Promise.all([
    read(session, { path: '/api/users', schema: usersSchema, what: 'its users' }),
    read(session, { path: '/api/teams?onlyLedTeams=true', schema: teamsSchema, what: 'its teams' }),
    read(session, {
      path: '/api/team_memberships',
      schema: membershipsSchema,
      what: 'who is in which team',
    }),
    wish.kind === 'access' ? readPlace(session, wish) : undefined,
    wish.kind === 'people' ? readFactors(session) : undefined,
  ]);
  return {
    users: users.map(({ Id, Username, Role }) => ({
      id: Id,
      name: Username,
      isAdministrator: Role === 1,
    })),
    teams: teams.map(({ Id, Name }) => ({ id: Id, name: Name })),
    memberships: memberships.map(
      ({ Id, UserID, TeamID, Role }): Membership => ({
        id: Id,
        userId: UserID,
        teamId: TeamID,
        isLeader: Role === 1,
      }),
    ),
    ...(access && wish.kind === 'access' && { access: accessOf(access, wish.of) }),
    ...(factors && { factors }),
  };
}

/** Undefined where the server tells it nobody, or not this account. */
async function readFactors({ reach, headers }: ServerSession): Promise<FactorStanding | undefined> {
  const path = '/api/fleet/required-factor';
  const answer = await callServer(reach, { method: 'GET', path, headers });
  return answer.status === 200 ? factorsSchema.safeParse(jsonOf(answer)).data : undefined;
}

const NOBODY: Directory = { users: [], teams: [], memberships: [] };

async function readKeys(session: ServerSession, userId: number) {
  const path = `/api/users/${userId}/tokens`;
  const keys = await read(session, { path, schema: keysSchema, what: 'the API keys' });
  return keys.map(({ id: keyId, description, dateCreated, lastUsed, expiresAt }) => ({
    id: keyId,
    description,
    createdAtS: dateCreated,
    lastUsedAtS: lastUsed,
    endsAtS: expiresAt ?? null,
  }));
}

/** An environment by its id, or a group by its id or name, with its policies. */
export async function readPlace(
  session: ServerSession,
  { of, name, id: known }: Omit<Extract<DirectoryWish, { kind: 'access' }>, 'kind'>,
): Promise<PlaceJson> {
  const what = `who may what in ${name}`;
  if (of === 'environment') {
    return await read(session, { path: `/api/endpoints/${known}`, schema: placeSchema, what });
  }
  const path = '/api/endpoint_groups';
  const groups = await read(session, { path, schema: z.array(placeSchema).max(MOST), what });
  const wanted = name.toLowerCase();
  const found = groups.find((one) =>
    known === undefined ? one.Name.toLowerCase() === wanted : one.Id === known,
  );
  if (found) return found;
  const names = groups.map(({ Name }) => Name).join(', ');
  throw new Fault('not-found', `No environment group is called ${name}; there are ${names}.`);
}

function accessOf(place: PlaceJson, of: Access['place']['of']): Access {
  const roles = (some: PlaceJson['UserAccessPolicies']) =>
    new Map(Object.entries(some ?? {}).map(([key, { RoleId }]) => [Number(key), RoleId]));
  return {
    place: { of, id: place.Id, name: place.Name },
    users: roles(place.UserAccessPolicies),
    teams: roles(place.TeamAccessPolicies),
  };
}
