/** Things that are on or off: problems only, wide columns, frozen, following, folded lines, times. */
import { rebuildList } from '../model/container-list.ts';
import { rebuildEnvironments } from '../model/environment-list.ts';
import type { Switch } from '../model/event.ts';
import type { LogSwitch } from '../model/log-event.ts';
import type { MergedLogs } from '../model/log-source.ts';
import type { LogsScreen } from '../model/log-view.ts';
import { type AppState, shownFleet, topScreen } from '../model/state.ts';
import { currentLayout } from '../screens/frame.ts';
import { firstPlace } from '../screens/log-window.ts';
import { flipMouse } from './look.ts';
import { relisted } from './relist.ts';
import { flipLasting, flipRowFollow, flipWorse } from './row-screens.ts';
import { replaceTop } from './stack.ts';

/** The state with one of its switches turned. */
export function flip(state: AppState, what: Switch): AppState {
  switch (what) {
    case 'problems':
      return flipProblems(state);
    case 'wide':
      return { ...state, containers: { ...state.containers, isWide: !state.containers.isWide } };
    case 'full':
      return { ...state, isFull: !state.isFull };
    case 'head':
      return { ...state, isHeadless: !state.isHeadless };
    case 'mouse':
      return flipMouse(state);
    case 'freeze':
      return flipFreeze(state);
    case 'follow':
    case 'wrap':
    case 'times':
    case 'lens':
    case 'pretty':
    case 'label':
    case 'order':
    case 'sources': {
      const screen = topScreen(state);
      if (screen.kind === 'logs') return replaceTop(state, flipLog(state, screen, what));
      return what === 'follow' ? flipRowFollow(state) : state;
    }
  }
}

function flipProblems(state: AppState): AppState {
  const fleet = shownFleet(state);
  if (topScreen(state).kind === 'environments') {
    const list = { ...state.environments, problemsOnly: !state.environments.problemsOnly };
    return { ...state, environments: rebuildEnvironments(list, fleet) };
  }
  const screen = topScreen(state);
  if (screen.kind === 'problems') return flipLasting(state);
  if (screen.kind === 'own-log') return flipWorse(state);
  if (screen.kind === 'wall') {
    return replaceTop(state, { ...screen, problemsOnly: !screen.problemsOnly, page: 0 });
  }
  const list = { ...state.containers, problemsOnly: !state.containers.problemsOnly };
  return { ...state, containers: rebuildList(list, fleet, state.scope, state.nowMs) };
}

function flipFreeze(state: AppState): AppState {
  if (!state.frozen)
    return { ...state, frozen: { fleet: state.fleet, events: state.events, waiting: new Set() } };
  return relisted({ ...state, frozen: undefined });
}

const NEXT_LENS = { all: 'matches', matches: 'context', context: 'all' } as const;
const NEXT_LABEL = { long: 'short', short: 'bar', bar: 'long' } as const;
const NEXT_ORDER = { merged: 'by-source', 'by-source': 'merged' } as const;
const NEXT_TIMES = { none: 'short', short: 'full', full: 'none' } as const;

function flipLog(state: AppState, screen: LogsScreen, what: LogSwitch): LogsScreen {
  const top = { ...screen.top, row: 0 };
  const { merged } = screen;
  switch (what) {
    case 'follow':
      return screen.isFollowing ? pausedAt(state, screen) : { ...screen, isFollowing: true };
    case 'wrap':
      return { ...screen, isWrapped: !screen.isWrapped, column: 0, top };
    case 'times':
      return { ...screen, times: NEXT_TIMES[screen.times], top };
    case 'lens':
      return { ...screen, lens: NEXT_LENS[screen.lens], top };
    case 'pretty':
      return { ...screen, isPretty: !screen.isPretty, top };
    case 'label':
      if (!merged) return screen;
      return { ...screen, top, merged: { ...merged, label: NEXT_LABEL[merged.label] } };
    case 'sources':
      if (!merged) return screen;
      return { ...screen, merged: withPicking(merged) };
    case 'order':
      if (!merged) return screen;
      return { ...screen, top, merged: { ...merged, order: NEXT_ORDER[merged.order] } };
  }
}

/** The list of the sources opens with the first one to be picked, and closes again. */
function withPicking(merged: MergedLogs): MergedLogs {
  const isListed = !merged.isListed;
  return { ...merged, isListed, picking: isListed ? 0 : undefined };
}

/** The log standing still where it is; what comes from now on is new to the reader. */
export function pausedAt(state: AppState, screen: LogsScreen): LogsScreen {
  if (!screen.isFollowing) return screen;
  const top = firstPlace(screen, currentLayout(state).body);
  return { ...screen, isFollowing: false, top, seenEnd: screen.log.end };
}
