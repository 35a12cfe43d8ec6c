/** The lists of people as tables: heads, then the rows that fit. */
import { formatAge, formatCount } from '../format/amounts.ts';
import { printable } from '../format/width.ts';
import type { PeopleScreen } from '../model/people-view.ts';
import { whyNoAdministrator } from '../model/rights.ts';
import type { AppState } from '../model/state.ts';
import { cell, nameCell, plainLine, type Segment, span } from './cells.ts';
import { PEOPLE_HEADS, type PeopleRow, peopleRows } from './people-rows.ts';
import type { Area, Line } from './view.ts';

const EMPTY: Readonly<Record<PeopleScreen['kind'], readonly [string, string]>> = {
  users: ['There are no users', 'n makes one'],
  teams: ['There are no teams', 'n makes one'],
  members: ['Nobody is in this team', 'n puts somebody in'],
  access: ['Nobody but administrators has access here', 'n gives access to a user or a team'],
  tokens: ['There are no API keys', 'n makes one for your own account'],
};

/** The visible rows; why the last question failed stands above them. */
export function peopleLines(state: AppState, screen: PeopleScreen, area: Area): readonly Line[] {
  const { why, directory, cursor, kind } = screen;
  const trouble = why === undefined ? [] : [plainLine(` ${printable(why)}`, 'error')];
  if (directory === undefined) {
    return why === undefined ? [plainLine(' asking the server …', 'pending')] : trouble;
  }
  const widths = widthsOf(area.width);
  const heads = PEOPLE_HEADS[kind].map((text, at) => cell(`${text}  `, widths[at] ?? 0, 'head'));
  const head: Line = { spans: [span('  ', 'head'), ...heads], fill: 'head' };
  const rows = peopleRows(screen, state.nowMs);
  if (rows.length === 0) return [...trouble, head, ...emptyLines(state, screen)];
  const shown = rows.slice(cursor.top, cursor.top + area.height - 1);
  return [...trouble, head, ...shown.map((row) => rowLine(row, widths, cursor.selected))];
}

function widthsOf(width: number): readonly number[] {
  const first = Math.floor((width - 2) * 0.36);
  const second = width >= 110 ? 24 : 18;
  return [first, second, Math.max(8, width - 2 - first - second)];
}

function emptyLines(state: AppState, { kind, filterText }: PeopleScreen): readonly Line[] {
  const isLeaders = kind === 'teams' && whyNoAdministrator(state) !== undefined;
  const [words, hint] =
    filterText !== ''
      ? [`Nothing matches ${filterText}`, 'esc clears the filter']
      : isLeaders
        ? ['You lead no team', 'administrators make leaders']
        : EMPTY[kind];
  return [
    plainLine(''),
    plainLine(`   ${printable(words)}`, 'plain'),
    plainLine(`   ${hint}`, 'dim'),
  ];
}

function rowLine(
  { id, cells }: PeopleRow,
  widths: readonly number[],
  selected: string | undefined,
): Line {
  const isSelected = id === selected;
  const [name = '', second = '', third = ''] = cells;
  const [first = 0, middle = 0, last = 0] = widths;
  const spans = [
    span(isSelected ? '> ' : '  '),
    nameCell(name, first - 2, isSelected ? undefined : 'plain'),
    span('  '),
    cell(second, middle - 2, isSelected ? undefined : 'accent'),
    span('  '),
    cell(third, last, isSelected ? undefined : 'dim'),
  ];
  return isSelected ? { spans, fill: 'selected' } : { spans };
}

/** What the title says of whom the list is. */
export function peopleTitle({ subject }: PeopleScreen): string {
  switch (subject.kind) {
    case 'users':
      return 'users';
    case 'teams':
      return 'teams';
    case 'members':
      return `members of ${printable(subject.team.name)}`;
    case 'access':
      return `access to ${subject.place.of === 'group' ? 'group ' : ''}${printable(subject.place.name)}`;
    case 'tokens':
      return `API keys of ${printable(subject.user.name)}`;
  }
}

/** What the title says besides: filter, count, age. */
export function peopleSegments(state: AppState, screen: PeopleScreen) {
  const { filterText, directory, readAtMs, kind } = screen;
  const left: Segment[] = [
    { text: filterText && `/${printable(filterText)}`, style: 'match', keep: 7 },
  ];
  if (directory === undefined) return { left, right: [] };
  const all = peopleRows({ ...screen, filter: { kind: 'everything' } }, state.nowMs).length;
  const shown = peopleRows(screen, state.nowMs).length;
  const age = formatAge(Math.max(0, state.nowMs - readAtMs));
  const rule = kind === 'users' ? directory.factors?.requiredOf : undefined;
  const right: Segment[] = [
    { text: rule === undefined ? '' : `second factor: ${rule}`, style: 'dim', keep: 6 },
    { text: `${formatCount(shown)} of ${formatCount(all)}`, keep: 8 },
    { text: `read ${age} ago`, style: 'dim', keep: 5 },
  ];
  return { left, right };
}
