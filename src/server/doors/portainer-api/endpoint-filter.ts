/** Which environments a GET /api/endpoints asks for: its filters, order and page (Portainer API, environments). */

import type { EnvironmentView } from '../../fleet/environments.ts';
import { invalidPayload } from '../body.ts';

type Test = (view: EnvironmentView) => boolean;
/** The name of an environment's group. */
type GroupName = (groupId: number) => string;

/** Made when something is first sorted: with it come 3 MiB of ICU. */
let collator: Intl.Collator | undefined;

function compareNames(a: string, b: string): number {
  collator ??= new Intl.Collator('en', { sensitivity: 'base', numeric: true });
  return collator.compare(a, b);
}

function numbers(query: URLSearchParams, name: string): readonly number[] {
  const values = [...query.getAll(`${name}[]`), ...query.getAll(name)].filter(
    (text) => text !== '',
  );
  return values.map((text) => {
    const value = Number(text);
    if (Number.isInteger(value)) return value;
    throw invalidPayload(`${name}[] is a list of whole numbers.`);
  });
}

function wholeNumber(query: URLSearchParams, name: string): number {
  const text = query.get(name) ?? '';
  if (/^\d{0,9}$/.test(text)) return Number(text);
  throw invalidPayload(`${name} is a whole number.`);
}

/** A test that a list in the query makes; nothing when the list is empty. */
function listed<Value>(
  wanted: readonly Value[],
  fieldOf: (view: EnvironmentView) => Value,
): readonly Test[] {
  return wanted.length === 0 ? [] : [(view) => wanted.includes(fieldOf(view))];
}

function tagTest(query: URLSearchParams): readonly Test[] {
  const wanted = numbers(query, 'tagIds');
  if (wanted.length === 0) return [];
  const isPartial = query.get('tagsPartialMatch') === 'true';
  return [
    ({ record }) => {
      const has = (tag: number): boolean => record.tagIds.includes(tag);
      return isPartial ? wanted.some(has) : wanted.every(has);
    },
  ];
}

function searchTest(query: URLSearchParams, groupName: GroupName): readonly Test[] {
  const text = (query.get('search') ?? '').trim().toLowerCase();
  if (text === '') return [];
  const word = (status: 1 | 2): string => (status === 1 ? 'up' : 'down');
  return [
    ({ record, status, tags }) =>
      record.name.toLowerCase().includes(text) ||
      record.url.toLowerCase().includes(text) ||
      tags.some((tag) => tag.toLowerCase().includes(text)) ||
      groupName(record.groupId).toLowerCase().includes(text) ||
      word(status) === text,
  ];
}

function testsOf(query: URLSearchParams, groupName: GroupName): readonly Test[] {
  const excluded = numbers(query, 'excludeIds');
  const names = query.getAll('name').filter((name) => name !== '');
  return [
    ...listed(numbers(query, 'endpointIds'), ({ record }) => record.id),
    ...listed(numbers(query, 'groupIds'), ({ record }) => record.groupId),
    ...listed(numbers(query, 'status'), ({ status }) => status as number),
    ...listed(numbers(query, 'types'), ({ record }) => record.type as number),
    ...listed(query.getAll('agentVersions[]'), ({ record }) => record.agentVersion),
    ...listed(names, ({ record }) => record.name),
    ...tagTest(query),
    ...searchTest(query, groupName),
    ...(excluded.length === 0
      ? []
      : [({ record }: EnvironmentView) => !excluded.includes(record.id)]),
    // Edge stacks are deployed to edge environments only, and there are none.
    ...(query.has('edgeStackId') ? [() => false] : []),
  ];
}

type Order = (a: EnvironmentView, b: EnvironmentView) => number;

const ordersOf = (groupName: GroupName): Readonly<Record<string, Order>> => ({
  Name: (a, b) => compareNames(a.record.name, b.record.name),
  Group: (a, b) => compareNames(groupName(a.record.groupId), groupName(b.record.groupId)),
  Status: (a, b) => a.status - b.status,
});

/** Those asked for, in order and paged, and how many there were before paging. Fault bad-request for unreadable numbers. */
export function selectEndpoints(
  views: readonly EnvironmentView[],
  query: URLSearchParams,
  groupName: GroupName,
): { page: EnvironmentView[]; total: number } {
  const tests = testsOf(query, groupName);
  const found = views.filter((view) => tests.every((test) => test(view)));
  const order = ordersOf(groupName)[query.get('sort') ?? ''];
  const isDescending = query.get('order') === 'desc';
  if (order !== undefined) found.sort((a, b) => (isDescending ? -order(a, b) : order(a, b)));
  const limit = wholeNumber(query, 'limit');
  const start = Math.max(0, wholeNumber(query, 'start') - 1);
  const page = limit === 0 ? found : found.slice(start, start + limit);
  return { page, total: found.length };
}
