/** What a command line that is being typed may become: commands by fuzzy match, then what their arguments name. */
import { go } from 'fuzzysort';
import { printable } from '../format/width.ts';
import type { Command, Completed } from '../model/binding.ts';
import { SKIN_NAMES } from '../model/skin-names.ts';
import { type AppState, shownFleet } from '../model/state.ts';
import { cell, span } from './cells.ts';
import { COMMANDS } from './commands.ts';
import { isRefused } from './press.ts';
import type { Area, Block, Line } from './view.ts';

export interface Suggestion {
  /** The whole command line it stands for. */
  readonly line: string;
  readonly shown: string;
  readonly label: string;
}

const MOST = 50;
const ROWS = 8;
const MAX_WIDTH = 78;

/** The suggestions for a text, best first, at most 50. */
export function suggestionsFor(state: AppState, text: string): readonly Suggestion[] {
  const [, name = '', space = '', argument = ''] = /^\s*(\S*)(\s*)(.*)$/su.exec(text) ?? [];
  if (space === '') return commandSuggestions(state, name);
  const command = COMMANDS.find(({ names }) => names.includes(name));
  if (!command) return [];
  return argumentSuggestions(state, command, { name, argument });
}

function commandSuggestions(state: AppState, typed: string): readonly Suggestion[] {
  const offered = COMMANDS.filter((command) => !isRefused(state, command));
  if (typed === '') return offered.map((command) => suggestionOf(command));
  const wanted = typed.toLowerCase();
  const begins = offered.filter(({ names }) => names.some((name) => name.startsWith(wanted)));
  const targets = offered.map((command) => ({
    command,
    names: command.names.join(' '),
    label: command.label,
  }));
  const fuzzy = go(wanted, targets, { keys: ['names', 'label'], threshold: 0.3, limit: MOST });
  const rest = fuzzy.map(({ obj }) => obj.command).filter((command) => !begins.includes(command));
  return [...begins, ...rest].map((command) => suggestionOf(command, wanted));
}

/** By the name that was begun, so that a second name can be completed too. */
function suggestionOf({ names, argument, label }: Command, typed = ''): Suggestion {
  const name = names.find((one) => one.startsWith(typed)) ?? names[0] ?? '';
  const line = argument === undefined ? name : `${name} `;
  return { line, shown: `:${name}${argument === undefined ? '' : ` ${argument}`}`, label };
}

function argumentSuggestions(
  state: AppState,
  { completes = [], label }: Command,
  { name, argument }: { readonly name: string; readonly argument: string },
): readonly Suggestion[] {
  const isAlone = completes.length === 1;
  const words = isAlone ? [argument] : argument.split(/\s+/u);
  const what = completes[words.length - 1];
  if (what === undefined) return [];
  const before = [name, ...words.slice(0, -1)].join(' ');
  const typed = (words.at(-1) ?? '').toLowerCase();
  const found = candidates(state, what, typed).filter((word) => isAlone || !/\s/u.test(word));
  return found.map((word) => ({
    line: `${before} ${word}`,
    shown: printable(word),
    label,
  }));
}

/** Those that begin so, then those that have it inside; looked for no further than needed. */
function candidates(state: AppState, what: Completed, typed: string): readonly string[] {
  const begin: string[] = [];
  const inside: string[] = [];
  for (const { word, short } of CANDIDATES[what](state)) {
    // A prompt holds only what may be shown.
    if (printable(word) !== word) continue;
    const [whole, last] = [word.toLowerCase(), short.toLowerCase()];
    if (whole.startsWith(typed) || last.startsWith(typed)) begin.push(word);
    else if (inside.length < MOST && whole.includes(typed)) inside.push(word);
    if (begin.length >= MOST) break;
  }
  return [...begin, ...inside].slice(0, MOST);
}

interface Candidate {
  readonly word: string;
  readonly short: string;
}

function* environments(state: AppState): Generator<Candidate> {
  for (const { name } of shownFleet(state).environments.values()) yield { word: name, short: name };
}

function* containers(state: AppState): Generator<Candidate> {
  const fleet = shownFleet(state);
  for (const [id, some] of fleet.containers) {
    const host = fleet.environments.get(id)?.name ?? `#${id}`;
    for (const { name } of some.values()) yield { word: `${host}/${name}`, short: name };
  }
}

const CANDIDATES: Readonly<Record<Completed, (state: AppState) => Iterable<Candidate>>> = {
  environment: environments,
  container: containers,
  skin: () => SKIN_NAMES.map((name) => ({ word: name, short: name })),
};

/** The list over the prompt; undefined when there is nothing to suggest, or no room. */
export function paletteBlock(state: AppState, message: Area): Block | undefined {
  const { prompt } = state;
  if (prompt?.kind !== 'command') return undefined;
  const all = suggestionsFor(state, prompt.typed ?? prompt.text);
  const room = Math.min(ROWS, all.length, message.top - 1);
  if (room < 1) return undefined;
  const at = prompt.choice ?? -1;
  const top = Math.max(0, Math.min(all.length - room, at - Math.floor(room / 2)));
  const width = Math.min(MAX_WIDTH, message.width);
  const lines = all
    .slice(top, top + room)
    .map((suggestion, index) => suggestionLine(suggestion, top + index === at, width));
  return { id: 'palette', area: { top: message.top - room, left: 0, width, height: room }, lines };
}

function suggestionLine({ shown, label }: Suggestion, isChosen: boolean, width: number): Line {
  const shownWidth = Math.min(32, Math.floor(width / 2));
  const spans = [
    span(isChosen ? ' > ' : '   '),
    cell(shown, shownWidth, isChosen ? undefined : 'key'),
    span(' '),
    cell(label, Math.max(0, width - shownWidth - 4), isChosen ? undefined : 'dim'),
  ];
  return { spans, fill: isChosen ? 'selected' : 'head' };
}
