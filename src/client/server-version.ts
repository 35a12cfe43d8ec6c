/** Which release a server is (GET /api/fleet/about). */
import { ABOUT_PATH, aboutSchema } from '../protocol/about.ts';
import { callServer, jsonOf } from './server-call.ts';
import { refused, type ServerSession, strange } from './server-environments.ts';

/** As it says itself; Fault when it says nothing of the kind. */
export async function fetchVersion({ reach, headers }: ServerSession): Promise<string> {
  const answer = await callServer(reach, { method: 'GET', path: ABOUT_PATH, headers });
  if (answer.status !== 200) throw refused(reach, 'tell its version', answer);
  const parsed = aboutSchema.safeParse(jsonOf(answer));
  if (parsed.success) return parsed.data.version;
  throw strange(reach, 'its version', parsed.error);
}
