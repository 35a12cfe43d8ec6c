/** The view of one environment: its disk and its link are asked for when it is opened and by f5, never by themselves. */
import type { EnvironmentScreen } from '../model/environment-view.ts';
import type { Effect, OutsideEvent } from '../model/event.ts';
import { type AppState, type Step, stay, topScreen } from '../model/state.ts';
import { onLinkStatus, openLink } from './link.ts';
import { closeScreen, openScreen, replaceScreen } from './stack.ts';

/** The step of opening the view. */
export function openEnvironment(state: AppState, environmentId: number): Step {
  const screen: EnvironmentScreen = {
    kind: 'environment',
    environmentId,
    requestId: 0,
    disk: { kind: 'loading' },
    link: undefined,
    top: 0,
  };
  return ask(openScreen(state, screen), screen);
}

/** Asks anew for the view on top. */
export function refreshEnvironment(state: AppState): Step {
  const screen = topScreen(state);
  return screen.kind === 'environment' ? ask(state, screen) : stay(state);
}

function ask(state: AppState, screen: EnvironmentScreen): Step {
  const requestId = state.nextId;
  const { environmentId } = screen;
  const effects: readonly Effect[] = [
    { kind: 'fetch-disk', requestId, environmentId },
    ...(state.serverUrl === undefined
      ? []
      : [{ kind: 'fetch-link', requestId, environmentId } as const]),
  ];
  const next = { ...replaceScreen(state, screen, { ...screen, requestId }), nextId: requestId + 1 };
  return { state: next, effects };
}

const open = (state: AppState, requestId: number): EnvironmentScreen | undefined => {
  const screen = state.screens.find((other) => other.kind === 'environment');
  return screen?.requestId === requestId ? screen : undefined;
};

/** The step of the engine's answer; one to an older question is dropped. */
export function onDiskRead(
  state: AppState,
  { requestId, answer, atMs }: Extract<OutsideEvent, { kind: 'disk-read' }>,
): Step {
  const screen = open(state, requestId);
  if (!screen) return stay(state);
  const disk: EnvironmentScreen['disk'] =
    'why' in answer
      ? { kind: 'failed', why: answer.why }
      : { kind: 'ready', usage: answer.usage, atMs };
  return stay(replaceScreen(state, screen, { ...screen, disk }));
}

/** The step of the server's answer about a link, for whichever view asked. */
export function onLinkTold(
  state: AppState,
  event: Extract<OutsideEvent, { kind: 'link-status' }>,
): Step {
  const { requestId, answer } = event;
  const screen = open(state, requestId);
  if (!screen) return onLinkStatus(state, event);
  if ('why' in answer) return stay(state);
  return stay(replaceScreen(state, screen, { ...screen, link: answer }));
}

/** From the view to that of the link and back: one takes the place of the other. */
export function otherTab(state: AppState): Step {
  const screen = topScreen(state);
  if (screen.kind === 'environment') return openLink(closeScreen(state), screen.environmentId);
  if (screen.kind === 'link') return openEnvironment(closeScreen(state), screen.environmentId);
  return stay(state);
}
