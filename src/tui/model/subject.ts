/** What a key is about: the container or environment under the cursor, the marked ones, or the one an open view shows. */
import type { Container } from '../../protocol/container.ts';
import type { ContainerKey } from '../../protocol/container-key.ts';
import type { Environment } from '../../protocol/environment.ts';
import type { Problem } from '../../protocol/problem.ts';
import type { FleetEvent } from './fleet-event.ts';
import { shownHistory } from './history-view.ts';
import { keyOfRow } from './list-groups.ts';
import { containerAt } from './live-fleet.ts';
import { lineAt } from './log-buffer.ts';
import type { LogsScreen } from './log-view.ts';
import { sourceKey } from './merged-logs.ts';
import type { OperationsScreen } from './operation-list.ts';
import { markedProblems } from './problem-list.ts';
import type { FollowedScreen } from './row-screen.ts';
import { type AppState, shownEventsOf, shownFleet, topScreen } from './state.ts';

/** The key of the one container that looking keys are about. */
export function subjectKey(state: AppState): ContainerKey | undefined {
  const screen = topScreen(state);
  if (screen.kind === 'logs') return logSubject(screen);
  if ('key' in screen) return screen.key;
  if (screen.kind === 'problems') return problemSubject(state);
  if (screen.kind === 'events' || screen.kind === 'history') return eventSubject(state, screen);
  if (screen.kind === 'operations') return operationSubject(state, screen);
  return screen.kind === 'containers' ? keyOfRow(state.containers.cursor.selected) : undefined;
}

/** The problem under the cursor of the list of problems. */
export function selectedProblem(state: AppState): Problem | undefined {
  const screen = topScreen(state);
  if (screen.kind !== 'problems' || screen.cursor.selected === undefined) return undefined;
  return shownFleet(state).problems.get(screen.cursor.selected);
}

/** The problems that judging keys are about: the marked ones, whatever the filter shows of them, else the one under the cursor. */
export function chosenProblems(state: AppState): readonly Problem[] {
  const screen = topScreen(state);
  const marked = screen.kind === 'problems' ? markedProblems(shownFleet(state), screen) : [];
  const selected = selectedProblem(state);
  return marked.length > 0 || !selected ? marked : [selected];
}

/** Whether a verdict is asked about first: it is on more than what is under the cursor, or on something else. */
export function isVerdictAsked(state: AppState, ids: readonly string[]): boolean {
  return ids.length > 1 || ids[0] !== selectedProblem(state)?.id;
}

/** The container of the problem under the cursor. */
function problemSubject(state: AppState) {
  const problem = selectedProblem(state);
  if (!problem || problem.containerId === null) return undefined;
  return `${problem.environmentId}/${problem.containerId}` as const;
}

/** The container of the row under the cursor; in the history of a container, that. */
function eventSubject(state: AppState, screen: FollowedScreen): ContainerKey | undefined {
  if (screen.kind === 'history' && screen.containerId !== undefined) {
    return `${screen.environmentId}/${screen.containerId}`;
  }
  const event = selectedEvent(state);
  return event?.containerId === undefined
    ? undefined
    : `${event.environmentId}/${event.containerId}`;
}

/** The row under the cursor of a list that tells what happened. */
export function selectedEvent(state: AppState): FleetEvent | undefined {
  const screen = topScreen(state);
  if (screen.kind !== 'events' && screen.kind !== 'history') return undefined;
  const { selected } = screen.cursor;
  if (selected === undefined) return undefined;
  const events = shownEventsOf(state);
  const rows =
    screen.kind === 'events' ? events.all : shownHistory(events, shownFleet(state), screen);
  return rows.find(({ id }) => id === selected);
}

/** The container of the operation under the cursor. */
function operationSubject({ jobs }: AppState, { cursor }: OperationsScreen) {
  const { selected } = cursor;
  if (selected === undefined) return undefined;
  for (const { steps } of jobs) {
    const operation = steps.get(selected)?.planned.operation;
    if (operation) return `${operation.environmentId}/${operation.containerId}` as const;
  }
  return undefined;
}

/** In a view of many logs, the container of the line that the reader went to. */
function logSubject(screen: LogsScreen): ContainerKey | undefined {
  const line = screen.focus ?? screen.search?.current;
  return sourceKey(screen, line === undefined ? undefined : lineAt(screen.log, line));
}

/** The one container that looking keys are about; undefined when there is none or it is gone. */
export function subject(state: AppState): Container | undefined {
  const key = subjectKey(state);
  return key === undefined ? undefined : containerAt(shownFleet(state), key);
}

/** The environment under the cursor of the list of environments. */
export function selectedEnvironment(state: AppState): Environment | undefined {
  const id = state.environments.cursor.selected;
  return id === undefined ? undefined : shownFleet(state).environments.get(id);
}

/** The containers that changing keys are about: the marked ones in the list, else the subject. */
export function* targets(state: AppState): Generator<Container> {
  const { marks } = state.containers;
  if (topScreen(state).kind === 'containers' && marks.size > 0) {
    const fleet = shownFleet(state);
    for (const key of marks) {
      const container = containerAt(fleet, key);
      if (container) yield container;
    }
    return;
  }
  const one = subject(state);
  if (one) yield one;
}
