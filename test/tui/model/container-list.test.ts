import { describe, expect, test } from 'vitest';
import type { ContainerKey } from '../../../src/protocol/container-key.ts';
import {
  applyDelta,
  type ContainerList,
  FRESH_CONTAINER_LIST,
  filterList,
  isListed,
  mayResort,
  rebuildList,
} from '../../../src/tui/model/container-list.ts';
import { foldFeed } from '../../../src/tui/model/fold-feed.ts';
import { EMPTY_FLEET, type LiveFleet } from '../../../src/tui/model/live-fleet.ts';
import { container, environment, NOW, snapshot } from '../../support/sample-fleet.ts';
import { seededRandom } from '../../support/seeded-random.ts';

interface Both {
  readonly fleet: LiveFleet;
  readonly list: ContainerList;
}

function take({ fleet, list }: Both, message: Parameters<typeof foldFeed>[1], nowMs = NOW): Both {
  const fold = foldFeed(fleet, message, nowMs);
  if (fold.kind === 'gap') throw new Error('gap');
  const context = { before: fleet, fleet: fold.fleet, scope: undefined, nowMs };
  return { fleet: fold.fleet, list: applyDelta(list, fold.delta, context) };
}

const two = [environment(1, 'a'), environment(2, 'b')];

function begin(list = FRESH_CONTAINER_LIST): Both {
  const containers = [container(1, 'web-2'), container(2, 'web-10'), container(2, 'web-2')];
  return take({ fleet: EMPTY_FLEET, list }, snapshot(two, containers));
}

function change(both: Both, name: string, rest: Parameters<typeof container>[2] = {}): Both {
  const sequence = (both.fleet.sequence ?? 0) + 1;
  const changed = { kind: 'container' as const, container: container(2, name, rest) };
  return take(both, { kind: 'changes', sequence, atMs: NOW, changes: [changed] });
}

const names = ({ fleet, list }: Both) =>
  list.order.map((key) => {
    const found = [...fleet.containers.values()].flatMap((own) => own.get(key) ?? []);
    return found.map((one) => `${one.environmentId}/${one.name}`).join();
  });

test('equal names stand by environment, and web-2 before web-10', () => {
  expect(names(begin())).toEqual(['1/web-2', '2/web-2', '2/web-10']);
});

test('a new row shows at once, at its place', () => {
  expect(names(change(begin(), 'web-3'))).toEqual(['1/web-2', '2/web-2', '2/web-3', '2/web-10']);
});

test('a row whose sort value changed stays where it is until sorting is due', () => {
  const byState = {
    ...FRESH_CONTAINER_LIST,
    sort: { by: 'state', isReversed: false, groupBy: 'none' } as const,
  };
  const both = change(begin(byState), 'web-10', { health: 'unhealthy' });
  expect(names(both)).toEqual(['1/web-2', '2/web-2', '2/web-10']);
  expect(mayResort(both.list, NOW + 2_999)).toBe(false);
  expect(mayResort(both.list, NOW + 3_000)).toBe(true);
  const moved = { ...both.list, cursorMovedAtMs: NOW + 2_000 };
  expect(mayResort(moved, NOW + 3_999)).toBe(false);
  const sorted = rebuildList(both.list, both.fleet, undefined, NOW + 3_000);
  expect(names({ ...both, list: sorted })[0]).toBe('2/web-10');
});

test('a change that moves nothing asks for no sorting', () => {
  expect(change(begin(), 'web-10', { health: 'unhealthy' }).list.isOutOfOrder).toBe(false);
});

test('a mark goes with its container, and only then', () => {
  const both = begin();
  const marked = { ...both, list: { ...both.list, marks: new Set(both.list.order) } };
  const [, gone] = both.list.order as readonly [ContainerKey, ContainerKey];
  const id = gone.slice(2);
  const after = take(marked, {
    kind: 'changes',
    sequence: 2,
    atMs: NOW,
    changes: [{ kind: 'container-gone', environmentId: 2, id }],
  });
  expect(after.list.marks.size).toBe(2);
  expect(after.list.marks.has(gone)).toBe(false);
});

test('an unfinished expression leaves the filter as it was', () => {
  const { fleet, list } = begin();
  const context = { fleet, scope: undefined, nowMs: NOW };
  const found = filterList(list, '10', context);
  expect(filterList(found, '/web(', context).filter).toEqual(found.filter);
});

describe('any feed, filter and typing', () => {
  const FILTERS = ['', 'c-1', 'unhealthy', '!c-1', '/^c-[0-4]$/', 'b'];

  test.each([1, 2, 3, 4])('the rows equal a naive choice, sorted when due (seed %i)', (seed) => {
    const random = seededRandom(seed);
    let both: Both = take({ fleet: EMPTY_FLEET, list: FRESH_CONTAINER_LIST }, snapshot(two, []));
    for (let sequence = 2; sequence < 200; sequence++) {
      const changes = Array.from({ length: random(4) }, () => {
        const health = random(3) === 0 ? ('unhealthy' as const) : ('healthy' as const);
        const one = container(1 + random(2), `c-${random(15)}`, { health });
        return random(4) === 0
          ? { kind: 'container-gone' as const, environmentId: one.environmentId, id: one.id }
          : { kind: 'container' as const, container: one };
      });
      both = take(both, { kind: 'changes', sequence, atMs: NOW, changes });
      if (random(5) === 0) both = { ...both, list: retyped(both, random) };
      expect(new Set(both.list.order)).toEqual(naiveRows(both));
      expect(new Set(both.list.order).size).toBe(both.list.order.length);
      const sorted = rebuildList(both.list, both.fleet, undefined, NOW).order;
      if (!both.list.isOutOfOrder) expect(both.list.order).toEqual(sorted);
    }
  });

  function retyped({ fleet, list }: Both, random: (below: number) => number): ContainerList {
    const text = FILTERS[random(FILTERS.length)] ?? '';
    const context = { fleet, scope: undefined, nowMs: NOW };
    return filterList(filterList(list, '', context), text, context);
  }

  function naiveRows({ fleet, list }: Both): Set<ContainerKey> {
    const all = [...fleet.containers.values()].flatMap((own) => [...own]);
    const shown = all.filter(([, one]) => isListed(list, fleet, undefined, one));
    return new Set(shown.map(([key]) => key));
  }
});
