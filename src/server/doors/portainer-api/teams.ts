/** /api/teams and /api/team_memberships (Portainer API, teams): administrators make teams, their leaders say who is in them. */
import { z } from 'zod';
import { Fault } from '../../../protocol/fault.ts';
import { isAdministrator } from '../../fleet/grant.ts';
import type { Membership, Team } from '../../fleet/teams.ts';
import { NO_CONTENT, ok } from '../answer.ts';
import { caseless, readJson } from '../body.ts';
import { type Exchange, idOf, type Route, route } from '../route-table.ts';
import type { Services } from '../services.ts';
import { checkSelfOrAdministrator } from './users.ts';

const id = z.int().positive();
const newTeamSchema = caseless({
  Name: z.string().min(1, 'Invalid team name'),
  TeamLeaders: z.array(id).max(1_000).default([]),
});
const renameSchema = caseless({ Name: z.string().min(1, 'Invalid team name') });
const membershipSchema = caseless({
  UserID: id,
  TeamID: id,
  Role: z.union([z.literal(1), z.literal(2)]),
});

const teamJson = ({ id: Id, name: Name }: Team) => ({ Id, Name });
const membershipJson = ({ id: Id, userId: UserID, teamId: TeamID, role: Role }: Membership) => ({
  Id,
  UserID,
  TeamID,
  Role,
});

/** All routes of teams and memberships. */
export function teamRoutes(services: Services): Route[] {
  return [...teamsThemselves(services), ...memberships(services)];
}

function teamsThemselves(services: Services): Route[] {
  const { teams, log } = services;
  const led = ledTeam(services);
  return [
    route('GET', '/api/teams', async ({ grant, query }) =>
      ok(teams.visibleTo(grant, query.get('onlyLedTeams') === 'true').map(teamJson)),
    ),
    route(
      'POST',
      '/api/teams',
      async ({ request, grant }) => {
        const { Name, TeamLeaders } = await readJson(request, newTeamSchema);
        const team = await teams.create(Name, TeamLeaders);
        log.info({ team: team.name, by: grant.user.username }, 'team created');
        return ok(teamJson(team));
      },
      'administrator',
    ),
    route('GET', '/api/teams/:id', async (exchange) => ok(teamJson(led(exchange)))),
    route('GET', '/api/teams/:id/memberships', async (exchange) =>
      ok(teams.membershipsOf({ teamId: led(exchange).id }).map(membershipJson)),
    ),
    route(
      'PUT',
      '/api/teams/:id',
      async (exchange) => {
        const { Name } = await readJson(exchange.request, renameSchema);
        return ok(teamJson(await teams.rename(idOf(exchange, 'team'), Name)));
      },
      'administrator',
    ),
    route(
      'DELETE',
      '/api/teams/:id',
      async (exchange) => {
        const teamId = idOf(exchange, 'team');
        await teams.remove(teamId);
        log.info({ team: teamId, by: exchange.grant.user.username }, 'team removed');
        return NO_CONTENT;
      },
      'administrator',
    ),
  ];
}

/** The team of a path, for who leads it; a team that is not theirs is refused whether it is there or not. */
function ledTeam({ teams }: Services): (exchange: Exchange) => Team {
  return (exchange) => {
    const teamId = idOf(exchange, 'team');
    checkLeads(teams.leads(exchange.grant, teamId));
    return teams.get(teamId);
  };
}

function checkLeads(isLeader: boolean): void {
  if (isLeader) return;
  throw new Fault('forbidden', 'Access denied to team', {
    details: 'Only administrators and the leaders of a team may do this.',
  });
}

function memberships({ teams, log }: Services): Route[] {
  const list = async ({ grant }: Exchange) => {
    const led = teams.visibleTo(grant, true);
    checkLeads(led.length > 0 || isAdministrator(grant));
    return ok(led.flatMap((team) => teams.membershipsOf({ teamId: team.id })).map(membershipJson));
  };
  const join = async ({ request, grant }: Exchange) => {
    const { UserID, TeamID, Role } = await readJson(request, membershipSchema);
    checkLeads(teams.leads(grant, TeamID));
    const place = await teams.join({ userId: UserID, teamId: TeamID, role: Role });
    log.info({ team: TeamID, userId: UserID, by: grant.user.username }, 'team joined');
    return ok(membershipJson(place));
  };
  const change = async (exchange: Exchange) => {
    const place = teams.membership(idOf(exchange, 'membership'));
    const { UserID, TeamID, Role } = await readJson(exchange.request, membershipSchema);
    checkLeads(teams.leads(exchange.grant, place.teamId));
    if (UserID !== place.userId || TeamID !== place.teamId) {
      throw new Fault('bad-request', 'Invalid request payload', {
        details: 'A membership keeps its user and its team; only the role can be changed.',
      });
    }
    return ok(membershipJson(await teams.changeRole(place.id, Role)));
  };
  const leave = async (exchange: Exchange) => {
    const place = teams.membership(idOf(exchange, 'membership'));
    checkLeads(teams.leads(exchange.grant, place.teamId));
    await teams.leave(place.id);
    log.info(
      { team: place.teamId, userId: place.userId, by: exchange.grant.user.username },
      'team left',
    );
    return NO_CONTENT;
  };
  const ofUser = async (exchange: Exchange) => {
    const userId = idOf(exchange, 'user');
    checkSelfOrAdministrator(exchange, userId);
    return ok(teams.membershipsOf({ userId }).map(membershipJson));
  };
  return [
    route('GET', '/api/team_memberships', list),
    route('POST', '/api/team_memberships', join),
    route('PUT', '/api/team_memberships/:id', change),
    route('DELETE', '/api/team_memberships/:id', leave),
    route('GET', '/api/users/:id/memberships', ofUser),
  ];
}

/** What the routes read, for docs/openapi.json. */
export const teamBodies = {
  'POST /api/teams': newTeamSchema,
  'PUT /api/teams/:id': renameSchema,
  'POST /api/team_memberships': membershipSchema,
  'PUT /api/team_memberships/:id': membershipSchema,
};
