/** Arguments and folders of `npm start`. */
import { expect, test } from 'vitest';
import { readLaunchSettings } from '../../src/launch/settings.ts';

test('everything lies below XDG_DATA_HOME', () => {
  expect(readLaunchSettings([], { XDG_DATA_HOME: '/data' })).toEqual({
    help: false,
    mayStartEngine: true,
    dataFolder: '/data/fleet-tui/server',
    engineFolder: '/data/fleet-tui/engine',
  });
});

test('without it, or with a relative one, below ~/.local/share', () => {
  for (const XDG_DATA_HOME of [undefined, '', 'data'])
    expect(readLaunchSettings([], { HOME: '/root', XDG_DATA_HOME }).dataFolder).toBe(
      '/root/.local/share/fleet-tui/server',
    );
});

test('--no-engine forbids installing one', () => {
  expect(readLaunchSettings(['--no-engine'], {}).mayStartEngine).toBe(false);
});

test('an unknown flag is named, with where to read on', () => {
  expect(() => readLaunchSettings(['--fast'], {})).toThrow(/--fast.*--help/s);
});
