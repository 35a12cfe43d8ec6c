/** What a console asks of a host is counted: requests, those under way, streams until they end. */
import { EventEmitter } from 'node:events';
import { expect, test } from 'vitest';
import type { Fleet } from '../../src/client/fleet.ts';
import { countedFleet } from '../../src/tui/counted-fleet.ts';

const signal = new AbortController().signal;

/** An engine that answers when told; it can't be a real one, whose calls end when they like. */
function engineOnCall() {
  const answers: ((value: unknown) => void)[] = [];
  const opened = new EventEmitter();
  async function* logs() {
    yield ['a line'];
    yield ['another'];
  }
  const engine = {
    address: 'unix:///run/docker.sock',
    list: () => new Promise((resolve) => answers.push(resolve)),
    exec: async () => ({ stream: opened }),
    logs,
  };
  const fleet = { title: 'here', engine: () => engine } as unknown as Fleet;
  return { fleet, answers, opened };
}

test('requests are counted by the minute, streams as long as they are open', async () => {
  let nowMs = 0;
  const { fleet: plain, answers, opened } = engineOnCall();
  const { fleet, traffic } = countedFleet(plain, () => nowMs);
  expect(fleet.title).toBe('here');
  const engine = fleet.engine(7);
  expect(fleet.engine(7)).toBe(engine);
  expect(engine.address).toBe('unix:///run/docker.sock');
  const listed = engine.list(undefined, signal);
  expect(traffic()).toEqual([
    { environmentId: 7, streams: 0, underWay: 1, lastMinute: 1, total: 1 },
  ]);
  answers[0]?.([]);
  expect(await listed).toEqual([]);
  for await (const _ of engine.logs('id', { follow: true }, signal)) {
    expect(traffic()).toMatchObject([{ streams: 1 }]);
    break;
  }
  expect(traffic()).toMatchObject([{ streams: 0, underWay: 0 }]);
  await engine.exec('id', { cmd: ['sh'], tty: true }, signal);
  expect(traffic()).toMatchObject([{ streams: 1, lastMinute: 3 }]);
  opened.emit('close');
  nowMs = 61_000;
  expect(traffic()).toMatchObject([{ streams: 0, lastMinute: 0, total: 3 }]);
});
