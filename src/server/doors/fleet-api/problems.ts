/** Problems over REST: GET /api/fleet/problems, and what a person says of one, under the name that the credential has. */
import { z } from 'zod';
import type { Problem } from '../../../protocol/problem.ts';
import {
  LONGEST_MUTE_MS,
  LONGEST_NOTE,
  type ProblemVerdict,
} from '../../../protocol/problem-verdict.ts';
import { seesContainer } from '../../fleet/container-sight.ts';
import type { Grant } from '../../fleet/grant.ts';
import { checkMayDo } from '../../fleet/permissions.ts';
import { ok } from '../answer.ts';
import { readJson } from '../body.ts';
import { type Exchange, type Route, route } from '../route-table.ts';
import type { Services } from '../services.ts';

const DEFAULT_MUTE_MS = 3_600_000;
const note = z.string().max(LONGEST_NOTE).optional();
const muteSchema = z.object({ forMs: z.number().min(1).max(LONGEST_MUTE_MS).optional(), note });
const noteSchema = z.object({ note });

/** Everybody reads the problems of what they may see; whoever may restart a container may judge its problems. */
export function problemRoutes(services: Services): Route[] {
  const { problems, log } = services;
  const sees = (grant: Grant, { environmentId, containerId }: Problem) =>
    seesContainer(services, grant, environmentId, containerId);
  const list = async ({ grant }: Exchange) =>
    ok([...problems.list()].filter((one) => sees(grant, one)));
  const judge = async ({ params, grant }: Exchange, verdict: ProblemVerdict) => {
    const problem = problems.get(params['id'] ?? '');
    const { id, environmentId: environment } = problem;
    const owned = sees(grant, problem) ? 'usable' : 'foreign';
    const touches = problem.containerId === null ? 'common' : owned;
    checkMayDo(grant, { access: services.access.of(environment), touches }, 'lifecycle');
    const judged = problems.judge(id, verdict, grant.user.username);
    log.info({ problem: id, environment, by: grant.user.username }, `problem: ${verdict.kind}`);
    return ok(judged);
  };
  const mute = async (exchange: Exchange) => {
    const { forMs = DEFAULT_MUTE_MS, note } = await readJson(exchange.request, muteSchema);
    return await judge(exchange, { kind: 'mute', forMs, note });
  };
  /** Without a body there is no note. */
  const acknowledge = async (exchange: Exchange) => {
    const { headers } = exchange.request;
    const isBare =
      headers['transfer-encoding'] === undefined && !(Number(headers['content-length']) > 0);
    const { note } = isBare ? {} : await readJson(exchange.request, noteSchema);
    return await judge(exchange, { kind: 'acknowledge', note });
  };
  const acknowledged = '/api/fleet/problems/:id/acknowledge';
  const muted = '/api/fleet/problems/:id/mute';
  const says = (kind: 'withdraw' | 'unmute') => (exchange: Exchange) => judge(exchange, { kind });
  return [
    route('GET', '/api/fleet/problems', list),
    route('POST', acknowledged, acknowledge),
    route('DELETE', acknowledged, says('withdraw')),
    route('POST', muted, mute),
    route('DELETE', muted, says('unmute')),
  ];
}

/** What the routes read, for docs/openapi.json. */
export const problemBodies = {
  'POST /api/fleet/problems/:id/acknowledge': noteSchema,
  'POST /api/fleet/problems/:id/mute': muteSchema,
};
