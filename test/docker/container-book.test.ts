/** In which order a list of containers is told: an engine lists the newest first, and things happen the other way round. */
import type { ContainerInfo } from 'dockerode';
import { expect, test } from 'vitest';
import { ContainerBook } from '../../src/docker/container-book.ts';

const id = (name: string) => name.repeat(64);
const listed = (...names: string[]) =>
  names.map((name) => ({ Id: id(name), Names: [`/${name}`], State: 'running' }) as ContainerInfo);

function told(infos: readonly ContainerInfo[], ids: readonly string[] | undefined): string[] {
  const changes = new ContainerBook(1).merge(infos, ids, 1_800_000_000_000);
  return changes.map((change) => (change.kind === 'container' ? change.container.name : '?'));
}

test('some containers are told in the order in which they were touched', () => {
  expect(told(listed('c', 'b', 'a'), ['b', 'a', 'c'].map(id))).toEqual(['b', 'a', 'c']);
});

test('all containers are told oldest first', () => {
  expect(told(listed('c', 'b', 'a'), undefined)).toEqual(['a', 'b', 'c']);
});
