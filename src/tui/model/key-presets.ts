/**
 * Keys as other tools have them, for hands that know those. What changes a host still asks first, whatever its key.
 * Sources: docs/keybindings/Keybindings_en.md of lazydocker, the key bindings in the README of ctop.
 */
import type { KeyChoice } from './settings.ts';

const LAZYDOCKER: KeyChoice = {
  'containers.remove': ['d', 'delete'],
  'containers.pause': ['p'],
  'containers.stop-start': ['s'],
  'containers.restart': ['r'],
  'containers.attach': ['a'],
  'containers.logs': ['m', 'l'],
  'containers.shell': ['E'],
  'containers.describe': ['enter'],
  'containers.freeze': ['F'],
  'containers.metrics': ['U'],
  'containers.open-port': ['w'],
  'containers.previous-run': ['P'],
  'describe.remove': ['d', 'delete'],
  'describe.pause': ['p'],
  'describe.stop-start': ['s'],
  'describe.restart': ['r'],
  'describe.shell': ['E'],
  'describe.logs': ['m', 'l'],
  'describe.metrics': ['U'],
  'describe.open-port': ['w'],
};

const CTOP: KeyChoice = {
  'containers.describe': ['o', 'enter'],
  'containers.filter': ['f', '/'],
  'containers.full': ['F'],
  'containers.go-to-group': ['B'],
  'containers.open-port': ['w'],
  'environments.full': ['F'],
  'containers.help': ['h', '?', 'f1'],
  'environments.filter': ['f', '/'],
  'environments.help': ['h', '?', 'f1'],
  'describe.help': ['h', '?', 'f1'],
};

/** By the name that the config gives. */
export const KEY_PRESETS: Readonly<Record<string, KeyChoice>> = {
  lazydocker: LAZYDOCKER,
  ctop: CTOP,
};
