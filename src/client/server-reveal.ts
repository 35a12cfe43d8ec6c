/** Asks a server for what a console masks (POST /api/fleet/environments/{id}/containers/{id}/reveal); it notes who asked. */
import { z } from 'zod';
import { callServer, jsonOf } from './server-call.ts';
import { refused, type ServerSession, strange } from './server-environments.ts';

const revealedSchema = z.object({ env: z.array(z.string()).max(100_000) });

/** The environment variables of a container as NAME=value; Fault with the server's own words when it refuses. */
export async function revealVariables(
  { reach, headers }: ServerSession,
  environmentId: number,
  containerId: string,
): Promise<readonly string[]> {
  const id = encodeURIComponent(containerId);
  const path = `/api/fleet/environments/${environmentId}/containers/${id}/reveal`;
  const answer = await callServer(reach, { method: 'POST', path, headers });
  if (answer.status !== 200) throw refused(reach, 'reveal the variables', answer);
  const parsed = revealedSchema.safeParse(jsonOf(answer));
  if (parsed.success) return parsed.data.env;
  throw strange(reach, 'the variables of a container', undefined);
}
