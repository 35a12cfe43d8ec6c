/** The view of one environment's link: what the feed knows at once, then what the server says, asked again every 5 s. */
import type { LinkStatus } from '../../protocol/link-api.ts';

export interface LinkScreen {
  readonly kind: 'link';
  readonly environmentId: number;
  /** Names the request in events: only the answer to the last one counts. */
  readonly requestId: number;
  readonly isAsking: boolean;
  /** When the last request was sent. */
  readonly askedAtMs: number;
  /** The last answer, shown until a newer one comes. */
  readonly status: LinkStatus | undefined;
  readonly statusAtMs: number;
  /** Why the last request failed, as a sentence. */
  readonly why: string | undefined;
  readonly top: number;
}

/** The agent that knocked last; undefined while none waits for a word. */
export function lastWaiting({ status }: LinkScreen): LinkStatus['waiting'][number] | undefined {
  return status?.waiting.at(-1);
}

/** From one question to the next while the view is on top. */
export const LINK_REFRESH_MS = 5_000;

/** Beyond this the agent's clock is worth a warning. */
export const CLOCK_TOLERANCE_MS = 5_000;
