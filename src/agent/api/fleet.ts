/** What a server asks of this agent beside Docker, over a link and nowhere else: feed, report, operations, keys. */
import { hostname } from 'node:os';
import { Fault } from '../../protocol/fault.ts';
import {
  AGENT_FEED_PATH,
  AGENT_OPERATIONS_PATH,
  AGENT_REPORT_PATH,
  AGENT_ROTATE_COMMIT_PATH,
  AGENT_ROTATE_PATH,
  AGENT_SERVER_KEY_PATH,
  type AgentReport,
  type KeyOffer,
} from '../../protocol/link-api.ts';
import { AGENT_PRODUCT } from '../link/hello.ts';
import { AGENT_HEADERS, answerEmpty, answerJson } from './answers.ts';
import type { ApiCall } from './call.ts';
import { readJsonObject } from './request-body.ts';
import type { ApiRoute } from './route-table.ts';

type LinkRoute = Omit<ApiRoute, 'generations' | 'access'>;

const ROUTES: readonly LinkRoute[] = [
  {
    method: 'GET',
    path: AGENT_FEED_PATH,
    body: 'none',
    async answer(call, { fleet, stopping }) {
      const { response, peer } = call;
      const from = resumePoint(call);
      const feed = await fleet.feed();
      response.writeHead(200, { ...AGENT_HEADERS, 'Content-Type': 'application/x-ndjson' });
      const beatIntervalMs = peer?.beatIntervalMs ?? Number.NaN;
      await feed.stream(response, { ...from, beatIntervalMs, signal: stopping });
    },
  },
  {
    method: 'GET',
    path: AGENT_REPORT_PATH,
    body: 'none',
    answer({ response }, { fleet }) {
      const report: AgentReport = {
        product: AGENT_PRODUCT,
        hostName: hostname(),
        atMs: Date.now(),
        fingerprint: fleet.identity.fingerprint,
        ends: fleet.ends(),
      };
      answerJson(response, report);
    },
  },
  {
    method: 'GET',
    path: `${AGENT_OPERATIONS_PATH}{id}`,
    body: 'none',
    answer({ response, params }, { fleet }) {
      answerJson(response, fleet.operations.outcome(params.id ?? ''));
    },
  },
  {
    method: 'POST',
    path: AGENT_ROTATE_PATH,
    body: 'json',
    async answer({ response }, { fleet, log }) {
      const offer = await fleet.identity.offerNext();
      log.info('The server asked for a new key of this agent.', { next: offer.fingerprint });
      answerJson(response, offer);
    },
  },
  {
    method: 'POST',
    path: AGENT_ROTATE_COMMIT_PATH,
    body: 'json',
    async answer({ request, response }, { fleet, log }) {
      const offer = await readOffer(request);
      await fleet.identity.commit(offer);
      log.info('Links are made with the new key from now on.', { key: offer.fingerprint });
      answerEmpty(response, 204);
    },
  },
  {
    method: 'POST',
    path: AGENT_SERVER_KEY_PATH,
    body: 'json',
    async answer({ request, response }, { fleet, log }) {
      const { fingerprint } = await readOffer(request);
      fleet.announceServerKey(fingerprint);
      log.info("The server's next key is accepted beside its present one.", { next: fingerprint });
      answerEmpty(response, 204);
    },
  },
];

/** All of /fleet; to a request that came over no link these paths do not exist. */
export const fleetRoutes: readonly ApiRoute[] = ROUTES.map((route) => ({
  ...route,
  generations: [''],
  access: 'link',
}));

function resumePoint({ query }: ApiCall) {
  const feedId = query.get('feed');
  const sequence = query.get('sequence') ?? '';
  if (feedId === null) return {};
  if (!/^\d{1,15}$/.test(sequence)) {
    throw new Fault('bad-request', 'Invalid query parameter: sequence (must be a number)');
  }
  return { resume: { feedId, sequence: Number(sequence) } };
}

async function readOffer(request: ApiCall['request']): Promise<KeyOffer> {
  const fingerprint = (await readJsonObject(request)).get('fingerprint');
  if (typeof fingerprint === 'string' && /^[A-Za-z0-9+/]{43}=$/.test(fingerprint)) {
    return { fingerprint };
  }
  throw new Fault('bad-request', 'Invalid request payload', {
    details: 'A fingerprint is expected',
  });
}
