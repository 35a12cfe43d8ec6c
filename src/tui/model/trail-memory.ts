/** What a server's audit trail tells of an object: who asked for what, and how it ended. */
import type { FleetEvent } from './fleet-event.ts';

/** A row of the trail, as far as it is needed here. */
export interface TrailEntry {
  readonly sequence: number;
  readonly atMs: number;
  /** `asked` before a change, `ended` after it, with the same `requestId`; `done` when one row says all. */
  readonly phase: string;
  readonly requestId: string;
  readonly user: string;
  readonly method: string;
  readonly path: string;
  readonly operationId: string | null;
  readonly status: number | null;
}

export interface Traced {
  readonly environmentId: number;
  readonly containerId: string | undefined;
  readonly name: string;
}

const ID_SHORT = 12;

/** Whether the path of a call names the container, by its id, the beginning of it, or its name. */
function isNamed(path: string, { containerId, name }: Traced): boolean {
  if (containerId === undefined) return true;
  const parts = path.split(/[/?.]/u);
  const short = containerId.slice(0, ID_SHORT);
  return parts.some((part) => part === name || (part.length >= ID_SHORT && part.startsWith(short)));
}

const DELETED = 'remove';

/** The last word of a path says what was asked for. */
function deedOf({ method, path }: TrailEntry): string {
  const words = (path.split('?')[0] ?? '').split('/').filter((word) => word !== '');
  return method === 'DELETE' ? DELETED : (words.at(-1) ?? method);
}

function outcomeOf({ phase, status }: TrailEntry): string {
  if (phase === 'asked') return ', outcome unknown';
  if (status === null) return ', no answer';
  return status >= 400 ? ` refused with ${status}` : '';
}

/** Oldest first, by the server's clock; of a change that has ended, its end alone. */
export function trailEvents(rows: readonly TrailEntry[], traced: Traced): readonly FleetEvent[] {
  const ended = new Set(rows.filter(({ phase }) => phase === 'ended').map((row) => row.requestId));
  const { environmentId, containerId, name } = traced;
  return rows
    .filter(
      (row) => isNamed(row.path, traced) && !(row.phase === 'asked' && ended.has(row.requestId)),
    )
    .map((row) => ({
      ...{ id: `trail-${row.sequence}`, atMs: row.atMs, environmentId, containerId },
      ...{ name, source: 'server', tone: (row.status ?? 0) >= 400 ? 'problem' : 'plain' },
      text: `${deedOf(row)} by ${row.user}${outcomeOf(row)}`,
      ...(row.operationId !== null && { operationId: row.operationId }),
    }));
}
