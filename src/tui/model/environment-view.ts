/** The view of one environment: what the feed knows at once, then what the engine says of its disk and the server of the link. */
import type { DiskUsage } from '../../protocol/disk-usage.ts';
import type { LinkStatus } from '../../protocol/link-api.ts';

export interface EnvironmentScreen {
  readonly kind: 'environment';
  readonly environmentId: number;
  /** Names the requests in events: only the answers to the last ones count. */
  readonly requestId: number;
  readonly disk:
    | { readonly kind: 'loading' }
    | { readonly kind: 'ready'; readonly usage: DiskUsage; readonly atMs: number }
    | { readonly kind: 'failed'; readonly why: string };
  /** Undefined until the server has told it, and where none does. */
  readonly link: LinkStatus | undefined;
  readonly top: number;
}
