/** What a filter says of whole environments, so that a silent one matters only where it was asked for. */
import type { Environment } from '../../protocol/environment.ts';
import { type Filter, passes } from './filter.ts';

export interface HostFacts {
  readonly name: Environment['name'];
  readonly tags: readonly string[];
}

/**
 * Whether anything of an environment can pass, by what the filter says of hosts and their tags; undefined when it says nothing.
 * Only what must hold in any case counts, so that an environment is never ruled out wrongly.
 */
export function hostVerdict(filter: Filter, environment: HostFacts): boolean | undefined {
  if (filter.kind === 'all') {
    const verdicts = filter.of.map((part) => hostVerdict(part, environment));
    if (verdicts.includes(false)) return false;
    return verdicts.includes(true) ? true : undefined;
  }
  const inner = filter.kind === 'not' ? filter.of : filter;
  if (inner.kind !== 'facet') return undefined;
  if (inner.facet !== 'host' && inner.facet !== 'tag') return undefined;
  const words = inner.facet === 'host' ? [environment.name] : environment.tags;
  const isMatch = words.some((word) => passes(inner.of, [word]));
  return filter.kind === 'not' ? !isMatch : isMatch;
}
