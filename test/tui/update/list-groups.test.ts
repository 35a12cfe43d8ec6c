/** Groups, ranges and sorting by columns in the list of containers. */
import { describe, expect, test } from 'vitest';
import { viewOf } from '../../../src/tui/screens/frame.ts';
import { frameText } from '../../support/frame-text.ts';
import { CONTAINERS, container, environment, Pilot, snapshot } from '../../support/sample-fleet.ts';

const text = (pilot: Pilot) => frameText(viewOf(pilot.state), pilot.state.size);
const marked = ({ state }: Pilot) =>
  [...state.containers.marks].map(
    (key) => CONTAINERS.find((one) => key === `${one.environmentId}/${one.id}`)?.name,
  );

describe('groups', () => {
  const grouped = () => new Pilot(100, 30).live().press('f', 'Z');

  test('stand by environment with counts, whatever sorts their members', () => {
    const shown = text(grouped().press('S'));
    expect(shown).toContain('- edge-shop-042  3 containers, 0 running  ! 2 problems');
    expect(shown).toContain('- us-9  2 containers, 2 running  ? no data');
    expect(shown.indexOf('eu-1  3')).toBeLessThan(shown.indexOf('eu-2  4'));
  });

  test('fold and unfold from any of their rows, and the cursor stays with the group', () => {
    const pilot = grouped().press('j', 'j', 'z');
    expect(text(pilot)).toContain('>+ edge-shop-042  3 containers');
    expect(text(pilot)).not.toContain('price-sync');
    expect(pilot.press('j').state.containers.cursor.selected).toBe('group:1');
    expect(text(pilot.press('k', 'enter'))).toContain('price-sync');
    expect(pilot.press('j', 'j', 'h').state.containers.cursor.selected).toBe('group:5');
  });

  test('are marked as a whole, and a folded one is acted upon by its marks', () => {
    const pilot = grouped().press('z', 'space');
    expect(marked(pilot).sort()).toEqual(['price-sync', 'scanner', 'till']);
    expect(text(pilot)).toContain('3 containers, 0 running, 3 marked');
    expect(pilot.press('k', 'space').state.containers.marks.size).toBe(0);
  });

  test('by stack, and then none', () => {
    const pilot = grouped().press('Z');
    expect(text(pilot)).toContain('- eu-1: shop  2 containers');
    expect(text(pilot)).toContain('- eu-1: without a stack  1 container');
    expect(pilot.press('Z').state.containers.rows).toBe(pilot.state.containers.order);
  });

  test('take in what comes and lose what goes', () => {
    const pilot = grouped().change({ kind: 'container', container: container(1, 'aa-new') });
    expect(text(pilot)).toContain('- eu-1  4 containers');
    pilot.change({ kind: 'containers', environmentId: 5, containers: [] });
    expect(text(pilot)).not.toContain('edge-shop-042  ');
  });
});

describe('a range', () => {
  test('marks all between its two ends, in either direction', () => {
    const pilot = new Pilot().live().press('j', 'j', 'j', 'v', 'k', 'k');
    expect(text(pilot)).toMatch(/^ \*~ us-1 +db-main/m);
    expect(marked(pilot)).toEqual([]);
    expect(marked(pilot.press('v')).sort()).toEqual([
      ...['cron-nightly', 'db-main', 'pay-gateway-production-blue-2'],
    ]);
  });

  test('is left by esc before the marks are', () => {
    const pilot = new Pilot().live().press('space', 'v', 'j', 'esc');
    expect(pilot.state.containers.rangeFrom).toBeUndefined();
    expect(marked(pilot)).toEqual(['cache']);
  });
});

describe('sorting by what stands beside', () => {
  test('goes over the columns on the screen and stops at the last', () => {
    const pilot = new Pilot(80, 24).live();
    const by = () => pilot.state.containers.sort.by;
    const seen = Array.from({ length: 7 }, () => pilot.press('>') && by());
    expect(seen).toEqual(['state', 'cpu', 'memory', 'age', 'restarts', 'restarts', 'restarts']);
    pilot.press('<', 'shift-left');
    expect(by()).toBe('memory');
  });

  test('by restarts puts who restarted most first; ties stay by environment and name', () => {
    const rows = [
      container(2, 'b', { restartsSeen: 2 }),
      container(1, 'c'),
      container(1, 'a'),
      container(2, 'd', { restartsSeen: 9 }),
    ];
    const hosts = [environment(1, 'eu-1'), environment(2, 'eu-2')];
    const pilot = new Pilot().live(snapshot(hosts, rows)).press('R');
    expect(pilot.rows()).toEqual(['eu-2/d', 'eu-2/b', 'eu-1/a', 'eu-1/c']);
  });
});

test('an environment that flaps every second moves no row, and takes no mark', () => {
  const pilot = new Pilot().live().press('S').wait(10_000).press('j', 'space');
  const before = pilot.rows();
  const selected = () => pilot.state.containers.cursor.selected;
  const there = selected();
  for (let second = 0; second < 60; second++) {
    const connection = second % 2 === 0 ? 'down' : 'up';
    const reason = connection === 'down' ? 'No answer.' : null;
    const change = environment(2, 'eu-2', { connection, reason });
    const own = CONTAINERS.filter(({ environmentId }) => environmentId === 2);
    pilot.change(
      { kind: 'environment', environment: change },
      { kind: 'containers', environmentId: 2, containers: [...own] },
    );
    pilot.wait(1_000);
    expect(pilot.rows()).toEqual(before);
    expect(selected()).toBe(there);
  }
  expect(pilot.state.containers.marks.size).toBe(1);
});

test('the header goes and comes', () => {
  const pilot = new Pilot(120, 40).live().press('ctrl-e');
  expect(text(pilot).split('\n')[0]).toContain('containers');
  expect(text(pilot)).not.toContain('2 CONTAINERS');
  expect(text(pilot.press('ctrl-e'))).toContain('2 CONTAINERS');
});
