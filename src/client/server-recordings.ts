/** Reads a recorded exec session from a server (GET /api/fleet/recordings/{id}), for administrators; the server notes who did. */
import { Fault } from '../protocol/fault.ts';
import { callServer } from './server-call.ts';
import { refused, type ServerSession } from './server-environments.ts';

const DEADLINE_MS = 60_000;
const LIMIT_BYTES = 64 << 20;

/** The recording in asciicast v2; Fault not-found, forbidden or bad-peer. */
export async function fetchRecording(
  { reach, headers }: ServerSession,
  id: string,
): Promise<string> {
  const path = `/api/fleet/recordings/${encodeURIComponent(id)}`;
  const patient = { ...reach, deadlineMs: DEADLINE_MS, limitBytes: LIMIT_BYTES };
  const answer = await callServer(patient, { method: 'GET', path, headers });
  if (answer.status === 200) return answer.text;
  if (answer.status !== 404) throw refused(reach, 'give the recording', answer);
  const { where } = reach.address;
  throw new Fault('not-found', `${where} has no recording ${id}, and there is no such file.`);
}
