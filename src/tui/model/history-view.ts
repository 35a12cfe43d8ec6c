/** The history of one object: what its engine and the server remember, what this console saw and did, and its problems. */
import type { Problem } from '../../protocol/problem.ts';
import { eventPasses } from './event-list.ts';
import type { FleetEvent, FleetEvents } from './fleet-event.ts';
import type { LiveFleet } from './live-fleet.ts';
import { FRESH_ROWS, type RowList } from './row-list.ts';

/** What somebody else remembers of it, oldest first. */
export type Memory =
  | { readonly kind: 'none' }
  | { readonly kind: 'asked' }
  | { readonly kind: 'told'; readonly events: readonly FleetEvent[]; readonly atMs: number }
  | { readonly kind: 'failed'; readonly why: string };

export interface HistoryScreen extends RowList {
  readonly kind: 'history';
  readonly environmentId: number;
  /** Undefined for the history of the environment and all in it. */
  readonly containerId: string | undefined;
  /** Of the object when the view was opened. */
  readonly name: string;
  /** Names the request in events: only the answer to the last one counts. */
  readonly requestId: number;
  readonly isFollowing: boolean;
  readonly seenCount: number;
  readonly engine: Memory;
  readonly server: Memory;
}

/** The view as it is opened, before anybody was asked. */
export function freshHistory(
  of: Pick<HistoryScreen, 'environmentId' | 'containerId' | 'name'>,
): HistoryScreen {
  return {
    ...FRESH_ROWS,
    ...of,
    ...{ kind: 'history', requestId: 0, isFollowing: true, seenCount: 0 },
    ...{ engine: { kind: 'none' }, server: { kind: 'none' } },
  };
}

/** The feed tells what an engine did a little later, and by another clock. */
const CLOCKS_APART_MS = 1_500;

type About = Pick<FleetEvent, 'environmentId' | 'containerId'>;

const isAbout = (screen: HistoryScreen, { environmentId, containerId }: About) =>
  environmentId === screen.environmentId &&
  (screen.containerId === undefined || containerId === screen.containerId);

const eventsIn = (memory: Memory) => (memory.kind === 'told' ? memory.events : []);

/** All that is known of the object, oldest first. What the engine has told is not said again in the words of the feed. */
export function shownHistory(
  events: FleetEvents,
  fleet: LiveFleet,
  screen: HistoryScreen,
): readonly FleetEvent[] {
  const { engine, server, filter } = screen;
  const seen = events.all.filter((event) => isAbout(screen, event));
  const own = new Set(seen.flatMap(({ operationId }) => operationId ?? []));
  const told = eventsIn(engine);
  const [fromMs, toMs] = [told[0]?.atMs ?? Number.POSITIVE_INFINITY, told.at(-1)?.atMs ?? 0];
  const isToldBetter = ({ source, containerId, atMs }: FleetEvent) =>
    source === 'feed' &&
    containerId !== undefined &&
    atMs >= fromMs &&
    atMs <= toMs + CLOCKS_APART_MS;
  const problems = [...fleet.problems.values()].filter((problem) =>
    isAbout(screen, { ...problem, containerId: problem.containerId ?? undefined }),
  );
  const all = [
    ...told,
    ...eventsIn(server).filter(({ operationId }) => !own.has(operationId ?? '')),
    ...seen.filter((event) => !isToldBetter(event)),
    ...problems.flatMap((problem) => ofProblem(fleet, problem)),
  ];
  return all
    .filter((event) => eventPasses(fleet, filter, event))
    .sort((a, b) => a.atMs - b.atMs || (a.id < b.id ? -1 : 1));
}

/** Its beginning, what people said of it, and its end. */
function ofProblem(fleet: LiveFleet, problem: Problem): readonly FleetEvent[] {
  const { id, environmentId, name, sinceMs, times, sentence, acknowledged, endedAtMs } = problem;
  const row = (what: string, atMs: number, text: string, tone: FleetEvent['tone']): FleetEvent => ({
    ...{ id: `${id} ${what}`, atMs: atMs + fleet.clockOffsetMs, environmentId },
    ...{ containerId: problem.containerId ?? undefined, name, text, tone, source: 'problem' },
  });
  const often = times > 1 ? `, ${times} times so far` : '';
  const note = acknowledged?.note === undefined ? '' : `: ${acknowledged.note}`;
  const tone = problem.severity === 'no-data' ? 'nodata' : 'problem';
  return [
    row('began', sinceMs, `problem began: ${sentence}${often}`, tone),
    ...(acknowledged
      ? [
          row(
            'acknowledged',
            acknowledged.atMs,
            `acknowledged by ${acknowledged.by}${note}`,
            'plain',
          ),
        ]
      : []),
    ...(endedAtMs === null ? [] : [row('ended', endedAtMs, 'problem ended', 'plain')]),
  ];
}
