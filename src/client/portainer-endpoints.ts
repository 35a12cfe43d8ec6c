/** The environments of a genuine Portainer (GET /api/endpoints), those that are Docker engines. */
import { z } from 'zod';
import type { WatchOptions } from '../docker/watcher.ts';
import { callServer, jsonOf } from './server-call.ts';
import { refused, type ServerSession, strange } from './server-environments.ts';

const PAGE = 100;
const MOST_PAGES = 100;

const endpointSchema = z.object({
  Id: z.int().positive(),
  Name: z.string(),
  Type: z.int(),
  URL: z.string(),
});

type Found = WatchOptions['environment'];

/** Portainer's types of environments that are Docker engines; the others are Kubernetes and Azure. */
const AGENT = 2;
const EDGE_AGENT = 4;
const DIRECT = 1;

/** All that the account may see, page by page; Fault unauthorized or forbidden when it may not. */
export async function listEndpoints(session: ServerSession): Promise<readonly Found[]> {
  const found = new Map<number, Found>();
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const endpoints = await readPage(session, page);
    for (const endpoint of endpoints) {
      const environment = environmentOf(endpoint);
      if (environment) found.set(environment.id, environment);
    }
    if (endpoints.length < PAGE) break;
  }
  return [...found.values()];
}

async function readPage({ reach, headers }: ServerSession, page: number) {
  const query = `start=${page * PAGE + 1}&limit=${PAGE}&excludeSnapshots=true&sort=Name`;
  const answer = await callServer(reach, {
    method: 'GET',
    path: `/api/endpoints?${query}`,
    headers,
  });
  if (answer.status !== 200) throw refused(reach, 'list its environments', answer);
  // Nobody's environments are null in Go's JSON.
  const parsed = z.array(endpointSchema).safeParse(jsonOf(answer) ?? []);
  if (parsed.success) return parsed.data;
  throw strange(reach, 'its environments', parsed.error);
}

function environmentOf({ Id, Name, Type, URL }: z.infer<typeof endpointSchema>) {
  const common = { id: Id, name: Name, address: URL };
  switch (Type) {
    case DIRECT:
      return { ...common, kind: URL.startsWith('unix:') ? ('socket' as const) : ('tcp' as const) };
    case AGENT:
      return { ...common, kind: 'agent' as const };
    case EDGE_AGENT:
      return { ...common, kind: 'edge-agent' as const };
    default:
      return undefined;
  }
}
