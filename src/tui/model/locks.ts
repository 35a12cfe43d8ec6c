/** Environments that may not be changed: locked ones until they are unlocked for a time, all of them in a read-only console. */
import { environmentName, environmentTags } from './live-fleet.ts';
import { type AppState, shownFleet } from './state.ts';
import type { Unlock } from './unlock.ts';

export const WHY_READ_ONLY = 'this console is read-only';

/** Whether a pattern fits: `tag:production`, `name:eu-*`, or a word that either may be; `*` stands for anything. */
export function fitsScope(pattern: string, name: string, tags: readonly string[]): boolean {
  const [, field, text = ''] = /^(?:(tag|name):)?(.*)$/su.exec(pattern) ?? [];
  const pieces = text.split('*').map((piece) => piece.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
  const form = new RegExp(`^${pieces.join('.*')}$`, 'isu');
  const isTagged = field !== 'name' && tags.some((tag) => form.test(tag));
  return isTagged || (field !== 'tag' && form.test(name));
}

/** Whether an environment is locked by its name or tags, unlocked or not. */
export function isLockable(state: AppState, environmentId: number): boolean {
  const { locked } = state.settings;
  if (locked.length === 0) return false;
  const fleet = shownFleet(state);
  const name = environmentName(fleet, environmentId);
  const tags = environmentTags(fleet, environmentId);
  return locked.some((pattern) => fitsScope(pattern, name, tags));
}

/** The unlocks that hold now; a clock that was set back ends them, to be on the safe side. */
export function openUnlocks({ unlocks, nowMs }: AppState): readonly Unlock[] {
  return unlocks.filter(
    ({ fromMs, untilMs }) => nowMs < untilMs && nowMs >= fromMs - CLOCK_SLACK_MS,
  );
}

const CLOCK_SLACK_MS = 5_000;

/** Why nothing may be changed in an environment now, as a clause; undefined when it may. */
export function whyLocked(state: AppState, environmentId: number): string | undefined {
  if (state.settings.isReadOnly) return WHY_READ_ONLY;
  if (!isLockable(state, environmentId)) return undefined;
  const isOpen = openUnlocks(state).some(({ environmentIds }) => environmentIds.has(environmentId));
  if (isOpen) return undefined;
  const name = environmentName(shownFleet(state), environmentId);
  return `${name} is locked; :unlock ${shellWord(name)} 15m "why" opens it`;
}

const shellWord = (name: string): string => (/\s/u.test(name) ? `"${name}"` : name);
