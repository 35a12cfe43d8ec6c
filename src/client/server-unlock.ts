/** Tells a server that a person opened locked environments (POST /api/fleet/unlocks); it notes who and why. */
import { callServer } from './server-call.ts';
import { refused, type ServerSession } from './server-environments.ts';

export interface UnlockNote {
  readonly environmentIds: readonly number[];
  readonly forMs: number;
  readonly reason: string;
}

/** Resolves when the server has noted it; Fault with the server's own words when it refuses. */
export async function noteUnlock(
  { reach, headers }: ServerSession,
  note: UnlockNote,
): Promise<void> {
  const path = '/api/fleet/unlocks';
  const answer = await callServer(reach, { method: 'POST', path, headers, body: note });
  if (answer.status !== 204) throw refused(reach, 'note the unlock', answer);
}
