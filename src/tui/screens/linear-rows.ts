/** Rows and tiles in words, for a reader of lines: what glyph, colour and column say otherwise. */
import { containerWords, type RowTone, upWords } from '../format/container-words.ts';
import { printable } from '../format/width.ts';
import { isGroup } from '../model/list-groups.ts';
import { containerAt, EMPTY_TALLY, environmentName } from '../model/live-fleet.ts';
import { type AppState, shownFleet, topScreen } from '../model/state.ts';
import { selectedEnvironment } from '../model/subject.ts';
import type { WallScreen } from '../model/wall.ts';
import type { Tile } from '../model/wall-tiles.ts';
import { environmentWords } from './environments.ts';
import type { SpokenLine } from './view.ts';
import { wallNow } from './wall.ts';
import { problemWords } from './wall-tile.ts';

const TONE_WORDS: Readonly<Record<RowTone, string>> = {
  ok: '',
  off: '',
  changing: 'between states',
  problem: 'a problem',
  nodata: 'no data',
  pending: '',
};

const said = (words: readonly string[]): string => words.filter((one) => one !== '').join(', ');

/** The row under the cursor of a list; `same` leaves out what only ages. Undefined where no row of ours is selected. */
export function linearRow(state: AppState): SpokenLine | undefined {
  switch (topScreen(state).kind) {
    case 'containers':
      return containerRow(state);
    case 'environments':
      return environmentRow(state);
    default:
      return undefined;
  }
}

function containerRow(state: AppState): SpokenLine | undefined {
  const { cursor, rows, marks } = state.containers;
  const key = cursor.selected;
  if (key === undefined || isGroup(key)) return undefined;
  const fleet = shownFleet(state);
  const container = containerAt(fleet, key);
  if (!container) return undefined;
  const { nowMs } = state;
  const { words, tone } = containerWords(container, {
    fleet,
    nowMs,
    pending: state.pending.get(key),
  });
  const host = environmentName(fleet, container.environmentId);
  const up = upWords(container, fleet, nowMs);
  const name = printable(`${container.name} on ${host}`);
  const marked = marks.has(key) ? 'marked' : '';
  const restarts = container.restartsSeen > 0 ? `restarted ${container.restartsSeen} times` : '';
  const uptime = up === '-' || tone === 'nodata' ? '' : `up ${up}`;
  const place = `${cursor.at + 1} of ${rows.length}`;
  const doing = tone === 'pending' ? words : tone;
  return {
    id: 'row',
    text: said([name, words, TONE_WORDS[tone], uptime, restarts, marked, place]),
    same: said([key, container.state, container.health, doing, marked, restarts]),
  };
}

function environmentRow(state: AppState): SpokenLine | undefined {
  const environment = selectedEnvironment(state);
  if (!environment) return undefined;
  const fleet = shownFleet(state);
  const { words } = environmentWords(fleet, environment, state.nowMs);
  const { running, total, problems } = fleet.tallies.get(environment.id) ?? EMPTY_TALLY;
  const { cursor, order } = state.environments;
  const counts = `${running} of ${total} running`;
  const bad = problems > 0 ? `${problems} with problems` : '';
  const place = `${cursor.at + 1} of ${order.length}`;
  return {
    id: 'row',
    text: said([printable(environment.name), words, counts, bad, environment.reason ?? '', place]),
    same: said([String(environment.id), environment.connection, counts, bad]),
  };
}

const TILE_WORDS: Readonly<Record<Tile['state'], string>> = {
  problem: 'a problem',
  nodata: 'no data',
  degraded: 'degraded',
  muted: 'muted',
  maintenance: 'in maintenance',
  ok: 'well',
};

/** Every tile of the wall, in its order. */
export function linearTiles(state: AppState, wall: WallScreen): readonly SpokenLine[] {
  return wallNow(state, wall).tiles.map((tile) => {
    const word = tile.state === 'problem' && tile.isAcknowledged ? 'acknowledged' : '';
    const names = tile.problems.map(({ name }) => printable(name));
    const worst = tile.problems
      .slice(0, 1)
      .map((one) => `${printable(one.name)} ${problemWords(state, one)}`);
    const counts = tile.state === 'nodata' ? '' : `${tile.running} of ${tile.total} up`;
    const head = [printable(tile.name), TILE_WORDS[tile.state], word, counts];
    return {
      id: `tile ${tile.id}`,
      text: said([...head, ...worst]),
      same: said([...head, ...names]),
    };
  });
}
