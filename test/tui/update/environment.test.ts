/** The view of one environment: asked for once, and its link behind a key. */
import { expect, test } from 'vitest';
import { topScreen } from '../../../src/tui/model/state.ts';
import { viewOf } from '../../../src/tui/screens/frame.ts';
import { frameText } from '../../support/frame-text.ts';
import { environment, NOW, Pilot, snapshot } from '../../support/sample-fleet.ts';
import { linkStatus } from '../../support/sample-link.ts';

const open = () => new Pilot().live().press('1', 'd');
const shown = ({ state }: Pilot) => frameText(viewOf(state), state.size);
const kind = ({ state }: Pilot) => topScreen(state).kind;
const share = (bytes: number) => ({ count: 3, bytes, unusedBytes: 0 });

test('the feed is shown at once, disk and link are asked for and follow', () => {
  const pilot = open();
  expect(pilot.effects).toMatchObject([{ kind: 'fetch-disk' }, { kind: 'fetch-link' }]);
  expect(shown(pilot)).toContain('asking the engine, which measures it');
  const usage = {
    images: share(1024 ** 3),
    containers: share(0),
    volumes: share(0),
    buildCache: share(0),
  };
  pilot.send({ kind: 'disk-read', requestId: 1, answer: { usage }, atMs: NOW });
  pilot.send({ kind: 'link-status', requestId: 1, answer: linkStatus({}), atMs: NOW });
  expect(shown(pilot)).toMatch(/images +1\.0G in 3/);
  expect(shown(pilot)).toMatch(/link +.*trust link/);
});

test('an answer to an older question is dropped, a failure is said', () => {
  const pilot = open().press('f5');
  const why = 'The engine refused.';
  pilot.send({ kind: 'disk-read', requestId: 1, answer: { why }, atMs: NOW });
  expect(shown(pilot)).not.toContain(why);
  pilot.send({ kind: 'disk-read', requestId: 2, answer: { why }, atMs: NOW });
  expect(shown(pilot)).toContain(why);
});

test('L and H go between the environment and its link, esc back to the list from both', () => {
  const pilot = open().press('L');
  expect(kind(pilot)).toBe('link');
  expect(kind(pilot.press('H'))).toBe('environment');
  expect(kind(pilot.press('L', 'esc'))).toBe('environments');
});

test('leaving gives up the measuring; without a server there is no link to ask for', () => {
  expect(open().press('esc').effects).toContainEqual({ kind: 'stop-disk' });
  const pilot = new Pilot();
  pilot.state = { ...pilot.state, serverUrl: undefined };
  pilot.live().press('1', 'd');
  expect(pilot.effects).toMatchObject([{ kind: 'fetch-disk' }]);
  expect(pilot.press('L').state.messages.all.at(-1)?.text).toContain('only a fleet-server');
});

test('enter goes to its containers, and one that goes away is said to be gone', () => {
  const pilot = open();
  const id = pilot.state.environments.cursor.selected;
  expect(pilot.press('enter').state.scope).toBe(id);
  const gone = open().live(snapshot([environment(99, 'other')], []));
  expect(shown(gone)).toContain('This environment is gone');
});
