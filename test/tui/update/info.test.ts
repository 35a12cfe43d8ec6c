/** The view of the console itself: what it tells, that it asks agents once, and that it is bounded. */
import { expect, test } from 'vitest';
import { infoLines } from '../../../src/tui/screens/info-screen.ts';
import { Pilot } from '../../support/sample-fleet.ts';
import { informed, tellInfo } from '../../support/sample-info.ts';

const text = ({ state }: Pilot, width = 120) => {
  const screen = state.screens.at(-1);
  if (screen?.kind !== 'info') throw new Error('the info is not on top');
  return infoLines(state, screen, width)
    .map(({ spans }) => spans.map((part) => part.text).join(''))
    .join('\n');
};

test('files, versions, terminal, budgets and what each host is asked are told', () => {
  const shown = text(informed(new Pilot(120, 40)));
  expect(shown).toMatch(/config +\/data\/ops\/\.config\/fleet-tui\/config\.json \(not there\)/);
  expect(shown).toMatch(/log +\/data\/ops\/\.local\/state\/fleet-tui\/console\.log/);
  expect(shown).toMatch(/server +0\.1\.0/);
  expect(shown).toMatch(/agents +fleet-agent\/0\.1\.0 on 2/);
  expect(shown).toMatch(/engines +docker 26\.1\.4 \(API 1\.45\) on 5/);
  expect(shown).toMatch(/TERM +xterm-256color/);
  expect(shown).toMatch(/events +0 of 2,000 events, 0 let go/);
  expect(shown).toMatch(
    /eu-1 +2 streams open, 14 requests in the last minute, 1 under way, 90 in all/,
  );
});

test('a log that is open is told with its lines and bytes of how many it may have', () => {
  const pilot = new Pilot(120, 40).live().press('l', ':').type('info').press('enter');
  expect(text(tellInfo(pilot))).toMatch(/logs +0 of 50,000 lines, 0B of 32M, 1 of 50 streams/);
});

test('it is read anew every two seconds while it is on top, and only then', () => {
  const pilot = informed(new Pilot(120, 40));
  expect(pilot.wait(1_000).effects).toEqual([]);
  expect(pilot.wait(1_000).effects).toMatchObject([{ kind: 'fetch-info' }]);
  expect(tellInfo(pilot).press('?').wait(9_000).effects).toEqual([]);
});

test('of many agents only some are asked, and of many hosts only the busiest are shown', () => {
  const pilot = informed(new Pilot(120, 40), 60);
  const hosts = text(pilot)
    .split('\n')
    .filter((line) => line.includes('in the last minute'));
  expect(hosts).toHaveLength(20);
  expect(text(pilot)).toContain('and 40 other hosts');
});
