/** The two routes without a signature: that an agent is here, and whether its engine answers. Neither tells a secret. */
import { isoTime } from '../../protocol/iso-time.ts';
import { answerEmpty, answerJson } from './answers.ts';
import type { ApiRoute } from './route-table.ts';

/** GET /ping: 204 (Portainer agent protocol); the headers say the rest. */
export const pingRoute: ApiRoute = {
  method: 'GET',
  path: '/ping',
  generations: ['', 'v2'],
  access: 'public',
  body: 'none',
  answer: ({ response }) => answerEmpty(response, 204),
};

/** GET /health: 200 with status ok, or 503 with status no-docker and the reason. */
export const healthRoute: ApiRoute = {
  method: 'GET',
  path: '/health',
  generations: [''],
  access: 'public',
  body: 'none',
  answer({ response }, { docker }) {
    const { isUp, address, sinceMs, reason } = docker.state;
    const body = {
      status: isUp ? 'ok' : 'no-docker',
      docker: { reachable: isUp, address, reason },
      since: isoTime(new Date(sinceMs)),
    };
    answerJson(response, body, isUp ? 200 : 503);
  },
};
