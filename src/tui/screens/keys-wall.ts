/** Keys of the wall. */
import { containerKey } from '../../protocol/container-key.ts';
import type { Binding } from '../model/binding.ts';
import type { Intent, Movement } from '../model/event.ts';
import { isMuted } from '../model/open-problems.ts';
import { type AppState, shownFleet, topScreen } from '../model/state.ts';
import type { WallDeed } from '../model/wall-event.ts';
import type { Tile } from '../model/wall-tiles.ts';
import { allowedJudgeIntent } from './judging.ts';
import { linkIntent } from './keys-environments.ts';
import { searchKey } from './keys-global.ts';
import { maintenanceKey } from './keys-maintenance.ts';
import { wallNow } from './wall.ts';
import { problemWords } from './wall-tile.ts';

const deed = (what: WallDeed) => (): Intent => ({ kind: 'wall', what });
const NOTHING = 'no tile is selected; the arrows select one';
const MOST_LOGS = 50;

function selectedTile(state: AppState): Tile | undefined {
  const wall = topScreen(state);
  if (wall.kind !== 'wall') return undefined;
  return wallNow(state, wall).tiles.find(({ id }) => id === wall.selected);
}

const onTile = (make: (tile: Tile, state: AppState) => Intent | string) => (state: AppState) => {
  const tile = selectedTile(state);
  return tile ? make(tile, state) : NOTHING;
};

function logsOf(tile: Tile, state: AppState): Intent | string {
  const fleet = shownFleet(state);
  const keys = tile.environments
    .filter(({ connection }) => connection === 'up')
    .flatMap(({ id }) => [...(fleet.containers.get(id)?.values() ?? [])])
    .filter((one) => one.state === 'running')
    .map(containerKey);
  if (keys.length === 0) return 'nothing runs there';
  return { kind: 'open-merged-logs', keys: keys.slice(0, MOST_LOGS) };
}

function describe(tile: Tile, state: AppState): Intent | string {
  const ill = tile.problems.find(({ containerId }) => containerId !== null);
  if (ill) return { kind: 'open-describe', key: `${ill.environmentId}/${ill.containerId}` };
  return linkIntent(state, tile.environments[0]);
}

function tileText(tile: Tile, state: AppState): string {
  const worst = tile.problems.map((problem) => `${problem.name} ${problemWords(state, problem)}`);
  return [`${tile.name} ${tile.state} ${tile.running}/${tile.total} up`, ...worst].join(', ');
}

const move = (to: Movement, label: string, ...keys: string[]): Binding => ({
  action: to,
  keys,
  label,
  group: 'move',
  press: () => ({ kind: 'move', to }),
});

const TILE_KEYS: readonly Binding[] = [
  {
    action: 'next-problem',
    keys: ['n'],
    label: 'next tile with a problem or without data',
    hint: 'next problem',
    group: 'move',
    press: () => ({ kind: 'wall-problem', by: 1 }),
  },
  {
    action: 'previous-problem',
    keys: ['N'],
    label: 'previous tile with a problem or without data',
    group: 'move',
    press: () => ({ kind: 'wall-problem', by: -1 }),
  },
  {
    action: 'open',
    keys: ['enter'],
    label: 'the containers of the tile; back leads to the wall',
    hint: 'open',
    group: 'look',
    press: onTile(() => ({ kind: 'wall', what: 'open' })),
  },
  {
    action: 'logs-of-tile',
    keys: ['L'],
    label: `logs of what runs in the tile, at most ${MOST_LOGS}, in one view`,
    hint: 'logs',
    group: 'look',
    needs: 'logs',
    press: onTile(logsOf),
  },
  {
    action: 'describe',
    keys: ['d'],
    label: 'describe the most urgent container of the tile, else the link of its environment',
    group: 'look',
    press: onTile(describe),
  },
  {
    action: 'acknowledge',
    keys: ['a'],
    label: 'acknowledge all problems of the tile; again takes that back',
    hint: 'acknowledge',
    group: 'list',
    needs: 'lifecycle',
    mayChange: true,
    press: onTile((tile, state) => allowedJudgeIntent(state, tile.problems, 'acknowledge')),
  },
  {
    action: 'mute',
    keys: ['m'],
    label: 'mute the problems of the tile for an hour; again lets them speak',
    group: 'list',
    needs: 'lifecycle',
    mayChange: true,
    press: onTile((tile, state) =>
      allowedJudgeIntent(state, tile.problems, tile.problems.every(isMuted) ? 'unmute' : 'mute'),
    ),
  },
  maintenanceKey((state) => selectedTile(state)?.environments ?? []),
];

const LOOK_KEYS: readonly Binding[] = [
  {
    action: 'order',
    keys: ['o'],
    label: 'order: problems first, by name',
    group: 'list',
    press: deed('order'),
  },
  {
    action: 'group',
    keys: ['b'],
    label: 'a tile for each environment, tag, stack',
    hint: 'group',
    group: 'list',
    press: deed('group'),
  },
  { action: 'larger', keys: ['+'], label: 'larger tiles', group: 'list', press: deed('larger') },
  { action: 'smaller', keys: ['_'], label: 'smaller tiles', group: 'list', press: deed('smaller') },
  {
    action: 'slides',
    keys: ['s'],
    label: 'turn the pages by itself, and hold',
    hint: 'slides',
    group: 'list',
    press: deed('slides'),
  },
  {
    action: 'pin',
    keys: ['p'],
    label: 'keep the tile at the beginning, and let it go',
    group: 'list',
    press: onTile(() => ({ kind: 'wall', what: 'pin' })),
  },
  {
    action: 'problems-only',
    keys: ['!'],
    label: 'problems only, and back',
    group: 'list',
    press: () => ({ kind: 'switch', what: 'problems' }),
  },
  {
    action: 'copy',
    keys: ['c'],
    label: 'copy what the tile says (OSC 52)',
    group: 'look',
    press: onTile((tile, state) => ({ kind: 'copy-text', text: tileText(tile, state) })),
  },
  searchKey('filter', 'filter of environments: words, host:eu, tag:production, !word'),
];

export const WALL_KEYS: readonly Binding[] = [
  ...TILE_KEYS,
  ...LOOK_KEYS,
  move('left', 'to the left', 'h', 'left'),
  move('right', 'to the right', 'l', 'right'),
  move('down', 'down', 'j', 'down'),
  move('up', 'up', 'k', 'up'),
  move('page-down', 'a page on', 'pgdn'),
  move('page-up', 'a page back', 'pgup'),
  move('first', 'to the first tile', 'g', 'home'),
  move('last', 'to the last tile', 'G', 'end'),
];
