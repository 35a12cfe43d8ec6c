/** What stands at an address: our server, or in one sentence what else, and what to try. */
import type { About } from '../protocol/about.ts';
import { callServer, jsonOf, type ServerAnswer, type ServerReach } from './server-call.ts';
import { answersTls, type TrustedBy, tryDial, type Untrusted } from './server-dial.ts';
import { isAgent, notOurs, redirected, serverTrouble, tlsPort } from './server-words.ts';

export type ProbedServer =
  | { readonly product: 'ours'; readonly about: About; readonly trustedBy: TrustedBy }
  /** A genuine Portainer, with the version it tells. */
  | { readonly product: 'portainer'; readonly version: string; readonly trustedBy: TrustedBy };

async function portainerVersion(reach: ServerReach): Promise<string | undefined> {
  for (const path of ['/api/system/status', '/api/status']) {
    const answer = await callServer(reach, { method: 'GET', path }).catch(() => undefined);
    const body = answer && jsonOf(answer);
    if (typeof body !== 'object' || body === null || !('Version' in body)) continue;
    if ('InstanceID' in body) return String(body.Version);
  }
  return undefined;
}

const isAgentAnswer = ({ headers }: ServerAnswer): boolean => 'portainer-agent' in headers;

/** The Fault for an answer to the about request that did not come from a fleet-server. */
async function explainStranger(reach: ServerReach, answer: ServerAnswer) {
  const { address, signal } = reach;
  const { status, headers } = answer;
  if (isAgentAnswer(answer)) return isAgent(address);
  if (status >= 300 && status < 400 && typeof headers.location === 'string')
    return redirected(address, headers.location);
  if (status === 502 || status === 503 || status === 504) return serverTrouble(address, status);
  if (status === 400 && !address.isTls && (await answersTls(address, { signal })))
    return tlsPort(address);
  return notOurs(address, status);
}

/**
 * Asks the server who it is (GET /api/fleet/about, no credential). A certificate nobody vouches for comes back as a
 * value, for a person to judge; everything else that is neither a fleet-server nor a Portainer rejects with a Fault.
 */
export async function probeServer(reach: ServerReach): Promise<ProbedServer | Untrusted> {
  const { address, signal, pin, deadlineMs } = reach;
  const dialled = await tryDial(address, {
    signal,
    pin,
    ...(deadlineMs === undefined ? {} : { deadlineMs }),
  });
  if ('fault' in dialled) return dialled;
  dialled.socket.destroy();
  const { ABOUT_PATH, aboutSchema } = await import('../protocol/about.ts');
  const answer = await callServer(reach, { method: 'GET', path: ABOUT_PATH });
  const about = aboutSchema.safeParse(jsonOf(answer));
  const { trustedBy } = dialled;
  if (answer.status === 200 && about.success) {
    return { product: 'ours', about: about.data, trustedBy };
  }
  const version = isAgentAnswer(answer) ? undefined : await portainerVersion(reach);
  if (version === undefined) throw await explainStranger(reach, answer);
  return { product: 'portainer', version: version.slice(0, 40), trustedBy };
}
