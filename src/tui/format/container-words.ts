/** A container's state as glyph and words: abnormal is said in both, never by colour alone. */
import type { Container } from '../../protocol/container.ts';
import { conditionOf } from '../model/condition.ts';
import { ACTION_WORDS } from '../model/job.ts';
import { elapsedSince, isStale, type LiveFleet } from '../model/live-fleet.ts';
import type { Pending } from '../model/pending.ts';
import { formatAge } from './amounts.ts';

/** How a row is to look; `off` is stopped as it should be. */
export type RowTone = 'ok' | 'off' | 'changing' | 'problem' | 'nodata' | 'pending';

export interface StateWords {
  /** `o` runs, `x` stopped, `~` between, `!` problem, `?` its environment does not answer. */
  readonly glyph: string;
  readonly tone: RowTone;
  /** At most 14 cells. */
  readonly words: string;
}

const GLYPHS = { ok: 'o', off: 'x', changing: '~', problem: '!' } as const;

export interface WordsContext {
  readonly fleet: LiveFleet;
  readonly nowMs: number;
  readonly pending: Pending | undefined;
}

/** The state of a container as shown in a row. */
export function containerWords(container: Container, context: WordsContext): StateWords {
  const { fleet, nowMs, pending } = context;
  if (pending) return { glyph: '~', tone: 'pending', words: pendingWords(pending) };
  if (isStale(fleet, container.environmentId)) {
    return { glyph: '?', tone: 'nodata', words: staleWords(container.environmentId, context) };
  }
  const condition = conditionOf(container);
  return { glyph: GLYPHS[condition], tone: condition, words: ownWords(container, fleet, nowMs) };
}

function pendingWords({ action, hasBegun }: Pending): string {
  return hasBegun ? `${ACTION_WORDS[action].doing}…` : 'waits its turn';
}

function staleWords(environmentId: number, { fleet, nowMs }: WordsContext): string {
  const seenAtMs = fleet.environments.get(environmentId)?.lastSeenAtMs;
  return seenAtMs ? `stale ${formatAge(elapsedSince(fleet, seenAtMs, nowMs))}` : 'no data';
}

function ownWords(container: Container, fleet: LiveFleet, nowMs: number): string {
  switch (container.state) {
    case 'running':
      return container.health === 'none' ? 'running' : container.health;
    case 'exited': {
      const ended = container.finishedAtMs;
      const ago = ended === null ? '' : ` ${formatAge(elapsedSince(fleet, ended, nowMs))}`;
      return `exited ${container.exitCode ?? 0}${ago}`;
    }
    default:
      return container.state;
  }
}

/** How long it has been running, `-` when it is not. */
export function upWords(container: Container, fleet: LiveFleet, nowMs: number): string {
  if (container.startedAtMs === null) return '-';
  return formatAge(elapsedSince(fleet, container.startedAtMs, nowMs));
}
