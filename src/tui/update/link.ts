/** The view of a link: opened with what the feed knows, asked for at once, again every 5 s while on top, and by f5. */

import { printable } from '../format/width.ts';
import { openedDialog } from '../model/dialog.ts';
import type { Intent, OutsideEvent } from '../model/event.ts';
import { LINK_REFRESH_MS, type LinkScreen, lastWaiting } from '../model/link-view.ts';
import { type AppState, type Step, stay, topScreen } from '../model/state.ts';
import { openScreen, replaceScreen } from './stack.ts';

/** The step of opening the view of an environment's link; one that lies open for it already is uncovered. */
export function openLink(state: AppState, environmentId: number): Step {
  const open = state.screens.find((screen) => screen.kind === 'link');
  if (open?.environmentId === environmentId) return refreshLink(openScreen(state, open));
  const screen: LinkScreen = {
    kind: 'link',
    environmentId,
    requestId: 0,
    isAsking: false,
    askedAtMs: state.nowMs,
    status: undefined,
    statusAtMs: state.nowMs,
    why: undefined,
    top: 0,
  };
  return refreshLink(openScreen(state, screen));
}

/** Asks anew for the link on top, dropping a question that is under way. */
export function refreshLink(state: AppState): Step {
  const screen = topScreen(state);
  return screen.kind === 'link' ? ask(state, screen) : stay(state);
}

/** Asks again when the last answer is old enough and the view is on top. */
export function askLinkWhenDue(state: AppState): Step {
  const screen = topScreen(state);
  if (screen.kind !== 'link' || screen.isAsking) return stay(state);
  return state.nowMs >= screen.askedAtMs + LINK_REFRESH_MS ? ask(state, screen) : stay(state);
}

/** When the link on top wants to be asked for again; undefined when none is on top. */
export function nextLinkQuestionMs(state: AppState): number | undefined {
  const screen = topScreen(state);
  if (screen.kind !== 'link' || screen.isAsking) return undefined;
  return screen.askedAtMs + LINK_REFRESH_MS;
}

function ask(state: AppState, screen: LinkScreen): Step {
  const requestId = state.nextId;
  const next: LinkScreen = { ...screen, requestId, isAsking: true, askedAtMs: state.nowMs };
  return {
    state: { ...replaceScreen(state, screen, next), nextId: requestId + 1 },
    effects: [{ kind: 'fetch-link', requestId, environmentId: screen.environmentId }],
  };
}

/** Asks whether the agent that knocked last shall hold the environment. */
export function askAccept(state: AppState): AppState {
  const screen = topScreen(state);
  const agent = screen.kind === 'link' ? lastWaiting(screen) : undefined;
  if (screen.kind !== 'link' || agent === undefined) return state;
  const { environmentId } = screen;
  const { fingerprint, address, product } = agent;
  const dialog = openedDialog(
    {
      title: 'Accept this agent?',
      lead: `It will hold the environment "${screen.status?.name ?? ''}", and no other can then.`,
      groups: [{ heading: 'the key that its own log shows at its start', items: [fingerprint] }],
      remarks: [`It is ${printable(product)} at ${printable(address)}.`],
      level: 'button',
      okLabel: 'Accept',
      onOk: { kind: 'accept-agent', environmentId, fingerprint },
    },
    state.nowMs,
  );
  return { ...state, dialog };
}

/** The step of a confirmed acceptance; the answer comes as a link's state. */
export function acceptAgent(
  state: AppState,
  { environmentId, fingerprint }: Extract<Intent, { kind: 'accept-agent' }>,
): Step {
  const requestId = state.nextId;
  const screen = state.screens.find((other) => other.kind === 'link');
  const asking = { requestId, isAsking: true, askedAtMs: state.nowMs };
  const shown = screen ? replaceScreen(state, screen, { ...screen, ...asking }) : state;
  return {
    state: { ...shown, nextId: requestId + 1 },
    effects: [{ kind: 'accept-agent', requestId, environmentId, fingerprint }],
  };
}

/** The step of an answer; one to an older question is dropped. After a failure the last good answer stays. */
export function onLinkStatus(
  state: AppState,
  { requestId, answer, atMs }: Extract<OutsideEvent, { kind: 'link-status' }>,
): Step {
  const screen = state.screens.find((other) => other.kind === 'link');
  if (screen?.requestId !== requestId) return stay(state);
  const news: Partial<LinkScreen> =
    'why' in answer ? { why: answer.why } : { status: answer, statusAtMs: atMs, why: undefined };
  return stay(replaceScreen(state, screen, { ...screen, ...news, isAsking: false }));
}
