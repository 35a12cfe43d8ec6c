/** One environment described: engine, counts, disk and link. */
import type { DiskShare, DiskUsage } from '../../protocol/disk-usage.ts';
import type { LinkStatus } from '../../protocol/link-api.ts';
import { formatAge, formatBytes, formatCount } from '../format/amounts.ts';
import type { EnvironmentScreen } from '../model/environment-view.ts';
import { type AppState, shownFleet } from '../model/state.ts';
import { plainLine } from './cells.ts';
import { type Fact, factLines } from './details.ts';
import { environmentFacts } from './preview.ts';
import type { Line } from './view.ts';

/** All lines of the view at a width; the caller shows a window of them. */
export function describedEnvironment(
  state: AppState,
  screen: EnvironmentScreen,
  width: number,
): readonly Line[] {
  const environment = shownFleet(state).environments.get(screen.environmentId);
  if (!environment) return [plainLine(''), plainLine('   This environment is gone.', 'nodata')];
  const { tags } = environment;
  return [
    ...factLines(environmentFacts(state, environment), width),
    ...(tags.length > 0 ? factLines([{ name: 'tags', texts: [tags.join(', ')] }], width) : []),
    plainLine(''),
    ...factLines(diskFacts(state, screen), width),
    ...factLines(linkFacts(screen.link), width),
  ];
}

function diskFacts({ nowMs }: AppState, { disk }: EnvironmentScreen): readonly Fact[] {
  switch (disk.kind) {
    case 'loading':
      return [
        { name: 'disk', texts: ['asking the engine, which measures it …'], style: 'pending' },
      ];
    case 'failed':
      return [{ name: 'disk', texts: [disk.why], style: 'error' }];
    case 'ready':
      return usageFacts(disk.usage, formatAge(nowMs - disk.atMs));
  }
}

function usageFacts(usage: DiskUsage, age: string): readonly Fact[] {
  const { images, containers, volumes, buildCache } = usage;
  const all = [images, containers, volumes, buildCache];
  const bytes = all.reduce((sum, share) => sum + share.bytes, 0);
  const unused = all.reduce((sum, share) => sum + share.unusedBytes, 0);
  const words = `${formatBytes(bytes)}, ${formatBytes(unused)} of it unused; measured ${age} ago`;
  return [
    { name: 'disk', texts: [words] },
    shareFact('images', images),
    shareFact('own layers', containers),
    shareFact('volumes', volumes),
    shareFact('build cache', buildCache),
  ];
}

function shareFact(name: string, { count, bytes, unusedBytes }: DiskShare): Fact {
  const unused = unusedBytes > 0 ? `, ${formatBytes(unusedBytes)} unused` : '';
  return { name, texts: [`${formatBytes(bytes)} in ${formatCount(count)}${unused}`] };
}

function linkFacts(link: LinkStatus | undefined): readonly Fact[] {
  if (!link) return [];
  const { trust, state, roundTripMs, agentProduct } = link;
  if (trust === 'none') return [];
  const trip = roundTripMs === null ? '' : `, ${Math.round(roundTripMs)} ms round trip`;
  const agent = agentProduct === null ? '' : `, ${agentProduct}`;
  return [{ name: 'link', texts: [`${state}, trust ${trust}${trip}${agent}; L shows all of it`] }];
}
