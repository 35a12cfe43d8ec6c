/** What a filter says of whole environments, so that a silent one matters only where it was asked for. */
import { type Filter, passes } from './filter.ts';

/**
 * Whether anything of an environment can pass, by what the filter says of hosts; undefined when it says nothing.
 * Only what must hold in any case counts, so that an environment is never ruled out wrongly.
 */
export function hostVerdict(filter: Filter, host: string): boolean | undefined {
  if (filter.kind === 'all') {
    const verdicts = filter.of.map((part) => hostVerdict(part, host));
    if (verdicts.includes(false)) return false;
    return verdicts.includes(true) ? true : undefined;
  }
  const inner = filter.kind === 'not' ? filter.of : filter;
  if (inner.kind !== 'facet' || inner.facet !== 'host') return undefined;
  const isMatch = passes(inner.of, [host.toLowerCase()], [host]);
  return filter.kind === 'not' ? !isMatch : isMatch;
}
