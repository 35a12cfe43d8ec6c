/** The row of a group in the list of containers: its name, whether it is folded, and counts of its members in the list. */
import { formatCount, formatThings } from '../format/amounts.ts';
import { printable } from '../format/width.ts';
import { isProblem } from '../model/condition.ts';
import type { GroupId } from '../model/list-groups.ts';
import { containerAt, environmentName, isStale } from '../model/live-fleet.ts';
import { type AppState, shownFleet } from '../model/state.ts';
import { fitSpans, span } from './cells.ts';
import type { Line } from './view.ts';

/** `v eu-1  4 containers, 3 running, 1 problem, 2 marked` */
export function groupLine(state: AppState, id: GroupId, width: number): Line {
  const { groups, folded, cursor, marks } = state.containers;
  const group = groups.get(id);
  if (!group) return { spans: [] };
  const fleet = shownFleet(state);
  const counts = countMembers(state, id);
  const isSelected = cursor.selected === id;
  const host = environmentName(fleet, group.environmentId);
  const stack = group.stack === '' ? 'without a stack' : group.stack;
  const name = printable(stack === undefined ? host : `${host}: ${stack}`);
  const words = [
    formatThings(group.count, 'container'),
    `${formatCount(counts.running)} running`,
    ...(marks.size > 0 && counts.marked > 0 ? [`${formatCount(counts.marked)} marked`] : []),
  ].join(', ');
  const problems = counts.problems > 0 ? `  ! ${formatThings(counts.problems, 'problem')}` : '';
  const silent = isStale(fleet, group.environmentId) ? '  ? no data' : '';
  const spans = fitSpans(
    [
      span(isSelected ? '>' : ' '),
      span(folded.has(id) ? '+ ' : '- ', isSelected ? undefined : 'key'),
      span(`${name}  `, isSelected ? undefined : 'title'),
      span(words, isSelected ? undefined : 'dim'),
      span(problems, isSelected ? undefined : 'problem'),
      span(silent, isSelected ? undefined : 'nodata'),
    ],
    width,
  );
  return isSelected ? { spans, fill: 'selected' } : { spans };
}

function countMembers(state: AppState, id: GroupId) {
  const { groups, order, marks } = state.containers;
  const { from = 0, count = 0 } = groups.get(id) ?? {};
  const counts = { running: 0, problems: 0, marked: 0 };
  for (let at = from; at < from + count; at++) {
    const key = order[at];
    const container = key && containerAt(shownFleet(state), key);
    if (!container) continue;
    if (container.state === 'running') counts.running++;
    if (isProblem(container)) counts.problems++;
    if (marks.has(key)) counts.marked++;
  }
  return counts;
}
