/** Puts together what the doors hold clients to: bounds on what strangers and accounts take, and tokens against other sites. */
import type { KeyObject } from 'node:crypto';
import type { Logger } from 'pino';
import { ConnectionLimit } from './doors/connection-limit.ts';
import { CsrfTokens } from './doors/cross-site.ts';
import { OpenCalls } from './fleet/open-calls.ts';
import { TryLimit } from './fleet/try-limit.ts';
import type { ServerSettings } from './settings.ts';

/** `key` is the server's own. */
export const composeDoors = (settings: ServerSettings, log: Logger, key: KeyObject) => ({
  tryLimit: new TryLimit(),
  csrf: new CsrfTokens(key),
  connections: new ConnectionLimit(log),
  openCalls: new OpenCalls(),
  isPlainHttpOn: settings.http !== undefined,
});
