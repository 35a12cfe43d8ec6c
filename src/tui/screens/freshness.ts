/** How fresh the data on the screen are: the age of the oldest in scope, and whether the feed itself has stalled. */
import { BEAT_INTERVAL_MS } from '../../protocol/feed-pace.ts';
import { formatAge, formatCount } from '../format/amounts.ts';
import { ageOf } from '../model/live-fleet.ts';
import { isInScope } from '../model/scope.ts';
import { STILL_AGES_MS } from '../model/settings.ts';
import { type AppState, shownFleet } from '../model/state.ts';
import type { StyleName } from './view.ts';

export interface Freshness {
  readonly text: string;
  readonly style: StyleName;
  /** The age alone, `data 3s old`; empty when there are no data. */
  readonly age: string;
}

/** A feed that says nothing for three beats has stalled, whatever its connection says. */
const STALLED_AFTER_MS = 3 * BEAT_INTERVAL_MS;

/** The connection in words with the age of the oldest data of an environment that answers. */
export function freshness(state: AppState): Freshness {
  const ageMs = oldestAge(state);
  const age = ageMs === undefined ? '' : `data ${ageWords(state, ageMs)} old`;
  const { heardAtMs, awaited } = state.fleet;
  if (awaited > 0)
    return { text: `loading, ${formatCount(awaited)} to come`, style: 'pending', age };
  if (state.connection.kind === 'connecting' || heardAtMs === undefined) {
    return { text: age === '' ? 'connecting…' : `connecting…, ${age}`, style: 'pending', age };
  }
  const silentMs = state.nowMs - heardAtMs;
  if (state.connection.kind === 'live' && silentMs > STALLED_AFTER_MS) {
    return { text: `STALLED ${formatAge(silentMs)}`, style: 'error', age };
  }
  if (state.frozen) {
    const frozenMs = state.nowMs - (state.frozen.fleet.heardAtMs ?? state.nowMs);
    return { text: `FROZEN ${formatAge(frozenMs)}`, style: 'warning', age };
  }
  if (age === '' && isSilent(state)) return { text: 'nothing answers', style: 'warning', age };
  return { text: age === '' ? 'live' : `live, ${age}`, style: 'plain', age };
}

/** The age or, where it is told at a calm pace, what it will not have passed when it is told again. */
function ageWords({ settings }: AppState, ageMs: number): string {
  if (!settings.isStill) return formatAge(ageMs);
  const untilMs = (Math.floor(ageMs / STILL_AGES_MS) + 2) * STILL_AGES_MS;
  return `under ${formatAge(untilMs)}`;
}

/** Whether there are environments in scope and none of them answers. */
function isSilent(state: AppState): boolean {
  const all = [...shownFleet(state).environments.values()];
  const inScope = all.filter(({ id }) => isInScope(shownFleet(state), state.scope, id));
  return inScope.length > 0 && inScope.every(({ connection }) => connection === 'down');
}

function oldestAge(state: AppState): number | undefined {
  const fleet = shownFleet(state);
  let oldest: number | undefined;
  for (const environment of fleet.environments.values()) {
    if (!isInScope(fleet, state.scope, environment.id)) continue;
    if (environment.connection !== 'up') continue;
    const ageMs = ageOf(fleet, environment, state.nowMs);
    if (ageMs !== undefined) oldest = Math.max(oldest ?? 0, ageMs);
  }
  return oldest;
}
