/** Reads a recorded exec session from a server (GET /api/fleet/recordings/{id}), for administrators; the server notes who did. */
import type { EngineRoute } from '../docker/route.ts';
import { callRoute } from '../docker/route-call.ts';
import { Fault } from '../protocol/fault.ts';

const DEADLINE_MS = 60_000;

/** The recording in asciicast v2; Fault not-found, forbidden or bad-peer. */
export async function fetchRecording(
  route: EngineRoute,
  id: string,
  signal: AbortSignal,
): Promise<string> {
  const path = `/api/fleet/recordings/${encodeURIComponent(id)}`;
  const answer = await callRoute(route, { path, deadlineMs: DEADLINE_MS, signal });
  if (answer.status === 200) return answer.body.toString();
  const { address } = route;
  if (answer.status === 404) {
    throw new Fault('not-found', `${address} has no recording ${id}, and there is no such file.`);
  }
  if (answer.status === 403) {
    throw new Fault('forbidden', `${address} shows recordings to administrators only.`);
  }
  const code = answer.status === 401 ? 'unauthorized' : 'bad-peer';
  throw new Fault(code, `${address} did not give the recording: status ${answer.status}.`);
}
