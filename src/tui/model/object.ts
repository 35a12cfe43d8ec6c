/** The one object that a key is about, a container that may be gone or an environment. */
import { EVERYWHERE } from './fleet-event.ts';
import { containerIdOf, environmentIdOf } from './live-fleet.ts';
import { type AppState, shownFleet, topScreen } from './state.ts';
import { selectedEnvironment, selectedEvent, subjectKey } from './subject.ts';

export interface FleetObject {
  readonly environmentId: number;
  /** Undefined for the environment itself. */
  readonly containerId: string | undefined;
}

/** What a key on the screen on top is about; undefined when nothing is selected. */
export function objectOf(state: AppState): FleetObject | undefined {
  const screen = topScreen(state);
  switch (screen.kind) {
    case 'environments': {
      const environmentId = selectedEnvironment(state)?.id;
      return environmentId === undefined ? undefined : { environmentId, containerId: undefined };
    }
    case 'environment':
    case 'link':
      return { environmentId: screen.environmentId, containerId: undefined };
    case 'problems': {
      const problem = shownFleet(state).problems.get(screen.cursor.selected ?? '');
      return problem && { ...problem, containerId: problem.containerId ?? undefined };
    }
    case 'events':
    case 'history': {
      const event = selectedEvent(state);
      return event?.environmentId === EVERYWHERE ? undefined : event;
    }
    default: {
      const key = subjectKey(state);
      if (key === undefined) return undefined;
      return { environmentId: environmentIdOf(key), containerId: containerIdOf(key) };
    }
  }
}
