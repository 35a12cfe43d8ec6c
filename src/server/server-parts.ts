/** What a server is put together from. */
import type { Logger } from 'pino';
import type { ServerSettings } from './settings.ts';
import type { Store } from './store/store.ts';

export interface ServerParts {
  readonly settings: ServerSettings;
  readonly store: Store;
  readonly log: Logger;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}
