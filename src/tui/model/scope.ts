/** The part of the fleet that the lists show: all of it, one environment, or those with a tag. */
import { environmentTags, type LiveFleet } from './live-fleet.ts';

export type TagScope = `tag:${string}`;
export type Scope = number | TagScope | undefined;

/** The tag of a scope; undefined for the others. */
export function tagOf(scope: Scope): string | undefined {
  return typeof scope === 'string' ? scope.slice('tag:'.length) : undefined;
}

export function isInScope(fleet: LiveFleet, scope: Scope, environmentId: number): boolean {
  if (scope === undefined) return true;
  if (typeof scope === 'number') return scope === environmentId;
  return environmentTags(fleet, environmentId).includes(scope.slice('tag:'.length));
}
