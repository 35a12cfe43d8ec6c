/** What a server has measured (GET /api/fleet/stats and /api/fleet/environments/{id}/stats…), over a kept connection. */
import { z } from 'zod';
import type { EngineRoute } from '../docker/route.ts';
import { callRoute } from '../docker/route-call.ts';
import { Fault } from '../protocol/fault.ts';
import {
  type ContainerSample,
  containerSampleSchema,
  type EnvironmentFigures,
  type SamplePoint,
  sampleFiguresSchema,
  samplePointSchema,
} from '../protocol/sample.ts';

const DEADLINE_MS = 10_000;

const samplesSchema = z.array(containerSampleSchema);
const pointsSchema = z.array(samplePointSchema);
const figuresSchema = z.array(
  z.object({ environmentId: z.number(), figures: z.array(sampleFiguresSchema) }),
);

/** The latest samples of these containers, or of all of the environment; those not measured are missing. */
export async function fetchStats(
  route: EngineRoute,
  wish: { readonly environmentId: number; readonly ids: readonly string[] | undefined },
  signal: AbortSignal,
): Promise<readonly ContainerSample[]> {
  const query = wish.ids === undefined ? '' : `?ids=${wish.ids.join(',')}`;
  const path = `/api/fleet/environments/${wish.environmentId}/stats${query}`;
  return await ask(route, path, samplesSchema, signal);
}

/** The figures of every container of every environment that the account may see. */
export async function fetchFigures(
  route: EngineRoute,
  signal: AbortSignal,
): Promise<readonly EnvironmentFigures[]> {
  return await ask(route, '/api/fleet/stats', figuresSchema, signal);
}

/** What the server remembers of one container, oldest first. */
export async function fetchHistory(
  route: EngineRoute,
  { environmentId, id }: { readonly environmentId: number; readonly id: string },
  signal: AbortSignal,
): Promise<readonly SamplePoint[]> {
  const path = `/api/fleet/environments/${environmentId}/stats/${encodeURIComponent(id)}/history`;
  return await ask(route, path, pointsSchema, signal);
}

async function ask<Schema extends z.ZodType>(
  route: EngineRoute,
  path: string,
  schema: Schema,
  signal: AbortSignal,
): Promise<z.output<Schema>> {
  const answer = await callRoute(route, { path, deadlineMs: DEADLINE_MS, signal });
  const { address } = route;
  if (answer.status === 404)
    throw new Fault(
      'not-found',
      `${address} measures no CPU or memory; it is older than this console.`,
    );
  if (answer.status !== 200) {
    const code = answer.status === 401 ? 'unauthorized' : 'bad-peer';
    throw new Fault(code, `${address} did not tell what containers use: status ${answer.status}.`);
  }
  const parsed = schema.safeParse(jsonOf(answer.body));
  if (parsed.success) return parsed.data;
  const sentence = `${address} does not tell what containers use in a form that this console knows.`;
  throw new Fault('bad-peer', sentence, { cause: parsed.error });
}

function jsonOf(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    return undefined;
  }
}
