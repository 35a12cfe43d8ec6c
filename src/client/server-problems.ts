/** Tells a server what a person says of a problem (POST and DELETE /api/fleet/problems/{id}/acknowledge and …/mute). */
import type { ProblemVerdict } from '../protocol/problem-verdict.ts';
import { callServer, type ServerCall } from './server-call.ts';
import { refused, type ServerSession } from './server-environments.ts';

function callFor(id: string, verdict: ProblemVerdict): Omit<ServerCall, 'headers'> {
  const path = `/api/fleet/problems/${encodeURIComponent(id)}`;
  switch (verdict.kind) {
    case 'acknowledge':
      return {
        ...{ method: 'POST', path: `${path}/acknowledge` },
        ...(verdict.note !== undefined && { body: { note: verdict.note } }),
      };
    case 'withdraw':
      return { method: 'DELETE', path: `${path}/acknowledge` };
    case 'mute':
      return {
        ...{ method: 'POST', path: `${path}/mute` },
        body: { forMs: verdict.forMs, note: verdict.note },
      };
    case 'unmute':
      return { method: 'DELETE', path: `${path}/mute` };
  }
}

/** Resolves when the server has noted it; the feed tells the problem anew. Fault with the server's own words when it refuses. */
export async function judgeProblem(
  { reach, headers }: ServerSession,
  id: string,
  verdict: ProblemVerdict,
): Promise<void> {
  const answer = await callServer(reach, { ...callFor(id, verdict), headers });
  if (answer.status !== 200) throw refused(reach, `${verdict.kind} the problem`, answer);
}
