/** Help made from the bindings themselves: the keys of one screen, searchable, each line can be run. */
import { formatThings } from '../format/amounts.ts';
import type { Binding, KeyGroup } from '../model/binding.ts';
import { parseFilter, passes } from '../model/filter.ts';
import type { HelpScreen } from '../model/screen.ts';
import type { AppState } from '../model/state.ts';
import { cell, plainLine, span } from './cells.ts';
import { COMMANDS } from './commands.ts';
import { bindingsOf } from './keymap.ts';
import { GROUP_TITLES } from './keys.ts';
import { absence, isRefused, pressOf } from './press.ts';
import type { Area, Line, StyleName } from './view.ts';

/** One line of help: what to press or type, and what it does. */
export interface HelpEntry {
  readonly heading: string;
  readonly keys: string;
  readonly label: string;
  /** The key to press for it; a command line instead for commands; `fold` for the line that shows what is not allowed. */
  readonly run: { readonly key: string } | { readonly command: string } | { readonly fold: true };
}

/** The entries of a screen's help that the search leaves; without what may not be changed where all is locked. */
export function helpEntries(state: AppState, screen: HelpScreen): readonly HelpEntry[] {
  const all = [
    ...keyEntries(state, screen),
    ...commandEntries(state),
    ...refusedEntries(state, screen),
  ];
  const parsed = parseFilter(screen.search, 'text');
  if (parsed.kind === 'bad') return all;
  return all.filter((entry) => {
    const fields = [entry.keys, entry.label, entry.heading];
    return passes(parsed.filter, fields);
  });
}

/** The state as it is beneath help. */
const beneath = (state: AppState): AppState => ({ ...state, screens: state.screens.slice(0, -1) });

function keyEntries(state: AppState, { of }: HelpScreen): readonly HelpEntry[] {
  const groups = Object.keys(GROUP_TITLES) as KeyGroup[];
  const isAbsent = absence(beneath(state));
  const shown = bindingsOf(state, of).filter(
    (binding) => binding.keys.length > 0 && !isAbsent(binding),
  );
  return groups.flatMap((group) =>
    shown
      .filter((binding) => binding.group === group)
      .map((binding) => ({
        heading: GROUP_TITLES[group],
        keys: binding.keys.join('  '),
        label: binding.label,
        run: { key: firstKey(binding) },
      })),
  );
}

const firstKey = (binding: Binding): string => binding.keys[0] ?? '';

function commandEntries(state: AppState): readonly HelpEntry[] {
  const isAbsent = absence(beneath(state));
  return COMMANDS.filter((command) => !isAbsent(command)).map(({ names, argument, label }) => ({
    heading: 'Commands',
    keys: names.map((name) => `:${name}`).join('  ') + (argument ? ` ${argument}` : ''),
    label,
    run: { command: names[0] ?? '' },
  }));
}

/** What the role leaves out, folded into one line until somebody asks. */
function refusedEntries(state: AppState, { of, isUnfolded }: HelpScreen): readonly HelpEntry[] {
  const below = beneath(state);
  const refused = bindingsOf(state, of).filter((one) => isRefused(below, one));
  if (refused.length === 0) return [];
  const heading = 'Not allowed for this account';
  const words = `${formatThings(refused.length, 'key')} that your role does not include`;
  const label = `${isUnfolded ? 'hide' : 'show'} ${words}`;
  const fold: HelpEntry = { heading, keys: 'enter', label, run: { fold: true } };
  if (!isUnfolded) return [fold];
  const reasons = refused.map((binding): HelpEntry => {
    const why = pressOf(below, binding);
    const because = typeof why === 'string' ? `: ${why}` : '';
    const [verb = ''] = binding.label.split(/[:;]/u);
    const key = firstKey(binding);
    return { heading, keys: key, label: `${verb}${because}`, run: { key } };
  });
  return [fold, ...reasons];
}

interface HelpRow {
  readonly entry: HelpEntry | undefined;
  readonly heading: string;
}

/** Entries with a row for each heading between them. */
function rowsOf(entries: readonly HelpEntry[]): readonly HelpRow[] {
  let heading = '';
  return entries.flatMap((entry) => {
    const row = { entry, heading: '' };
    if (entry.heading === heading) return [row];
    heading = entry.heading;
    return [{ entry: undefined, heading }, row];
  });
}

const KEYS_WIDTH = 28;

/** The visible lines of help; the selected entry is always among them. */
export function helpLines(state: AppState, screen: HelpScreen, area: Area): readonly Line[] {
  const entries = helpEntries(state, screen);
  if (entries.length === 0) {
    return [plainLine(''), plainLine(`   No key and no command has ${screen.search}`, 'plain')];
  }
  const selected = entries[Math.min(screen.at, entries.length - 1)];
  const rows = rowsOf(entries);
  const at = rows.findIndex((row) => row.entry === selected);
  const lowest = Math.max(0, rows.length - area.height);
  const top = Math.max(0, Math.min(lowest, at - Math.floor(area.height / 2)));
  return rows
    .slice(top, top + area.height)
    .map((row) => rowLine(row, row.entry === selected, area.width));
}

function rowLine(row: HelpRow, isSelected: boolean, width: number): Line {
  if (!row.entry) return plainLine(` ${row.heading}`, 'title');
  const keysWidth = Math.min(KEYS_WIDTH, Math.floor(width / 2.5));
  const style = (name: StyleName) => (isSelected ? undefined : name);
  const spans = [
    span(isSelected ? ' > ' : '   '),
    cell(row.entry.keys, keysWidth, style('key')),
    span(' '),
    cell(row.entry.label, Math.max(0, width - keysWidth - 4)),
  ];
  return isSelected ? { spans, fill: 'selected' } : { spans };
}
