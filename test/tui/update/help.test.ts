/** Help tells everything that works: every binding of a screen and every command, in order, and each line can be run. */
import { expect, test } from 'vitest';
import type { ScreenName } from '../../../src/tui/model/screen.ts';
import { COMMANDS } from '../../../src/tui/screens/commands.ts';
import { helpEntries } from '../../../src/tui/screens/help.ts';
import { bindingOf } from '../../../src/tui/screens/keymap.ts';
import { BINDINGS, GROUP_TITLES } from '../../../src/tui/screens/keys.ts';
import { Pilot } from '../../support/sample-fleet.ts';

const SCREENS = Object.keys(BINDINGS) as ScreenName[];
const HEADINGS = [...Object.values(GROUP_TITLES), 'Commands'];

test.each(SCREENS)('of %s', (of) => {
  const { state } = new Pilot();
  const entries = helpEntries(state, { kind: 'help', of, search: '', at: 0 });
  const shown = entries.map(({ keys }) => keys);
  for (const { keys } of BINDINGS[of]) expect(shown).toContain(keys.join('  '));
  for (const { names } of COMMANDS) {
    expect(shown.some((text) => text.startsWith(names.map((name) => `:${name}`).join('  ')))).toBe(
      true,
    );
  }
  expect(entries).toHaveLength(BINDINGS[of].length + COMMANDS.length);
  const order = entries.map(({ heading }) => HEADINGS.indexOf(heading));
  expect(order).toEqual([...order].sort((a, b) => a - b));
  for (const { run } of entries) {
    if ('key' in run) expect(bindingOf(state, of, run.key)).toBeDefined();
  }
});
