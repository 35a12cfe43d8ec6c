/** The order of a plan: whoever is needed goes first, or last where it is taken away. */
import { describe, expect, test } from 'vitest';
import type { Container } from '../../../src/protocol/container.ts';
import type { ContainerAction } from '../../../src/protocol/operation.ts';
import { orderPlan } from '../../../src/tui/model/plan-order.ts';
import { nextTurns, type StepState, type Turn } from '../../../src/tui/model/rollout.ts';
import { container, environment, Pilot, snapshot } from '../../support/sample-fleet.ts';

const labels = (service: string, dependsOn = '') => ({
  'com.docker.compose.project': 'shop',
  'com.docker.compose.service': service,
  'com.docker.compose.depends_on': dependsOn,
});
const web = container(1, 'web', {
  labels: labels('web', 'db:service_started:true,cache:service_healthy:false'),
});
const db = container(1, 'db', { labels: labels('db') });
const cache = container(1, 'cache', { labels: labels('cache', 'db:service_started:false') });
const vpn = container(1, 'vpn');
const guest = container(1, 'guest', { networkOf: vpn.id });
const elsewhere = container(2, 'db', { labels: labels('db') });
const ALL = [web, db, cache, vpn, guest, elsewhere];

function order(action: ContainerAction, chosen: readonly Container[]) {
  const hosts = [environment(1, 'eu-1'), environment(2, 'eu-2')];
  const { fleet } = new Pilot().live(snapshot(hosts, ALL)).state;
  const plan = orderPlan(fleet, action, chosen);
  return { ...plan, names: plan.containers.map(({ name }) => name) };
}

describe('what depends on what', () => {
  test('is started and restarted from the ground up, host by host', () => {
    expect(order('restart', [elsewhere, web, guest, cache, db, vpn]).names).toEqual([
      ...['db'],
      ...['db', 'cache', 'web', 'vpn', 'guest'],
    ]);
  });

  test('is stopped from the top down', () => {
    expect(order('stop', [db, web, cache, vpn, guest]).names).toEqual([
      ...['web', 'cache', 'db', 'guest', 'vpn'],
    ]);
  });

  test('across the edge of the plan is told, not done', () => {
    const plan = order('stop', [db, vpn]);
    expect(plan.fromOutside.map(({ from, why }) => [from.name, why])).toEqual([
      ['web', 'compose'],
      ['cache', 'compose'],
      ['guest', 'network'],
    ]);
    expect(order('start', [web]).toOutside.map(({ on }) => on.name)).toEqual(['db', 'cache']);
  });

  test('in a circle ends, and every one has its turn once', () => {
    const a = container(1, 'a', { labels: labels('a', 'b:service_started:true') });
    const b = container(1, 'b', { labels: labels('b', 'a:service_started:true') });
    const { fleet } = new Pilot().live(snapshot([environment(1, 'eu-1')], [a, b])).state;
    const plan = orderPlan(fleet, 'restart', [a, b]);
    expect(plan.containers.map(({ name }) => name)).toEqual(['b', 'a']);
    expect([...plan.needs.values()].flat()).toHaveLength(1);
  });
});

const turn = (id: string, state: StepState, needs: string[] = [], environmentId = 1): Turn => ({
  id,
  name: id,
  environmentId,
  state,
  needs,
});

describe('whose turn it is', () => {
  test('as many at a time as the width says, in the order of the plan, over all hosts', () => {
    const turns = [turn('a', 'running'), turn('b', 'waiting', [], 2), turn('c', 'waiting')];
    expect(nextTurns(turns, { width: 1, stopOnFailure: false }).begin).toEqual([]);
    expect(nextTurns(turns, { width: 2, stopOnFailure: false }).begin).toEqual(['b']);
    expect(nextTurns(turns, { width: 'all', stopOnFailure: false }).begin).toEqual(['b', 'c']);
  });

  test('what needs another waits for it, and is not tried when that fails', () => {
    const rollout = { width: 'all', stopOnFailure: false } as const;
    const waits = [turn('db', 'running'), turn('web', 'waiting', ['db']), turn('x', 'waiting')];
    expect(nextTurns(waits, rollout).begin).toEqual(['x']);
    const failed = [
      turn('db', 'failed'),
      turn('web', 'waiting', ['db']),
      turn('y', 'waiting', ['web']),
    ];
    expect([...nextTurns(failed, rollout).notTried]).toEqual([
      ['web', 'db comes first and was not done'],
      ['y', 'web comes first and was not done'],
    ]);
  });

  test('nothing more is begun after the first failure when asked so', () => {
    const turns = [turn('a', 'failed'), turn('b', 'running'), turn('c', 'waiting')];
    expect(nextTurns(turns, { width: 5, stopOnFailure: true })).toEqual({
      begin: [],
      notTried: new Map([['c', 'a failed']]),
    });
    expect(nextTurns(turns, { width: 5, stopOnFailure: false }).begin).toEqual(['c']);
  });

  test('one engine is never asked for more than ten at once', () => {
    const turns = Array.from({ length: 40 }, (_, at) => turn(`t${at}`, 'waiting', [], at % 2));
    expect(nextTurns(turns, { width: 'all', stopOnFailure: false }).begin).toHaveLength(20);
  });
});
