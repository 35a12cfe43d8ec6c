/** /api/useractivity (Portainer API, user activity) and /api/fleet/audit: reading the audit trail, and whether it is whole. */
import type { AuditRecord } from '../../../protocol/audit.ts';
import { ok } from '../answer.ts';
import { type Exchange, type Route, route } from '../route-table.ts';
import type { Services } from '../services.ts';

const MAX_PAGE = 1_000;
const SIGN_IN = 'sign-in';

function numberOf(text: string | null, otherwise: number): number {
  const value = Number(text);
  return text !== null && Number.isInteger(value) && value > 0 ? value : otherwise;
}

const activityJson = (record: AuditRecord) => ({
  id: record.sequence,
  timestamp: Math.floor(record.atMs / 1_000),
  username: record.user,
  context: record.environmentId === null ? 'server' : `environment ${record.environmentId}`,
  action: `${record.method} ${record.path}`,
  payload: record,
});

const signInJson = ({ sequence, atMs, user, address, status }: AuditRecord) => ({
  id: sequence,
  timestamp: Math.floor(atMs / 1_000),
  username: user,
  /** As in Portainer: 1 success, 2 failure, 3 sign-out; context 1 is the built-in way. */
  type: status === 200 ? 1 : 2,
  context: 1,
  origin: address,
});

/** All for administrators; `limit` at most 1,000, `before` the id that a page goes on from. */
export function userActivityRoutes({ audit, syslog }: Services): Route[] {
  const page = async ({ query }: Exchange) => {
    const before = numberOf(query.get('before'), Number.MAX_SAFE_INTEGER);
    const limit = Math.min(MAX_PAGE, numberOf(query.get('limit'), 100));
    return await audit.list(before, limit);
  };
  return [
    route(
      'GET',
      '/api/useractivity/logs',
      async (exchange) => {
        const logs = (await page(exchange)).filter(({ action }) => action !== SIGN_IN);
        return ok({ logs: logs.map(activityJson), totalCount: audit.length });
      },
      'administrator',
    ),
    route(
      'GET',
      '/api/useractivity/authlogs',
      async (exchange) => {
        const logs = (await page(exchange)).filter(({ action }) => action === SIGN_IN);
        return ok({ logs: logs.map(signInJson), totalCount: audit.length });
      },
      'administrator',
    ),
    route(
      'GET',
      '/api/fleet/audit/syslog',
      async () => ok(syslog?.state ?? { receiver: null }),
      'administrator',
    ),
    route('GET', '/api/fleet/audit/verify', async () => ok(await audit.verify()), 'administrator'),
  ];
}
