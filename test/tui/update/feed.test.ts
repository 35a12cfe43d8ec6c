import { describe, expect, test } from 'vitest';
import { viewOf } from '../../../src/tui/screens/frame.ts';
import { wantedTickMs } from '../../../src/tui/update/wanted-tick.ts';
import { frameText } from '../../support/frame-text.ts';
import { container, environment, NOW, Pilot, snapshot } from '../../support/sample-fleet.ts';

const shown = ({ state }: Pilot) => frameText(viewOf(state), state.size);
const firstLine = (pilot: Pilot) => shown(pilot).split('\n')[0];

describe('a gap in the feed', () => {
  const skipped = { kind: 'changes' as const, sequence: 9, atMs: NOW, changes: [] };

  test('asks once for a new snapshot, keeps the rows, and drops messages until it comes', () => {
    const pilot = new Pilot().live().feed(skipped);
    expect(pilot.effects).toEqual([{ kind: 'resync' }]);
    expect(pilot.feed({ ...skipped, sequence: 10 }).effects).toEqual([]);
    expect(pilot.rows()).toHaveLength(14);
    expect(pilot.feed(snapshot([environment(1, 'eu-1')], [])).rows()).toEqual([]);
  });

  test('before any snapshot is not one', () => {
    expect(new Pilot().feed(skipped).effects).toEqual([]);
  });
});

describe('the beginning of a large snapshot', () => {
  const hosts = [environment(1, 'a'), environment(2, 'b')];
  const whole = snapshot(hosts, [container(1, 'web'), container(2, 'api')]);
  const beginning = {
    ...snapshot(hosts.slice(0, 1), [container(1, 'web')]),
    kind: 'snapshot' as const,
    left: 49_000,
  };
  const begun = () =>
    new Pilot(120)
      .send({
        kind: 'connection',
        connection: { kind: 'connecting', attempt: 1 },
        atMs: NOW,
      })
      .feed(beginning as typeof whole);

  test('shows its rows and how much is still to come', () => {
    const pilot = begun();
    expect(pilot.rows()).toEqual(['a/web']);
    expect(firstLine(pilot)).toMatch(/loading, 49,000 to come$/);
  });

  test('is followed by all of it as if nothing had been shown before', () => {
    const pilot = begun().live(whole);
    expect(pilot.rows()).toEqual(['b/api', 'a/web']);
    expect(firstLine(pilot)).toMatch(/live, data 1s old$/);
    expect(pilot.state.events.all).toEqual([]);
    expect(pilot.state.containers.cursor.at).toBe(0);
  });
});

describe('the connection', () => {
  const lost = (pilot: Pilot) =>
    pilot.send({
      kind: 'connection',
      connection: { kind: 'lost', reason: 'jump:9443 closed the feed.', retryAtMs: NOW + 4_000 },
      atMs: pilot.nowMs,
    });

  test('lost is a banner with why, the countdown and the age; the rows stay', () => {
    const pilot = lost(new Pilot(100).live());
    expect(firstLine(pilot)).toMatch(
      /CONNECTION LOST +jump:9443 closed the feed\. .*retry in 4s +data 1s old/,
    );
    expect(firstLine(pilot.wait(3_000))).toMatch(/retry in 1s +data 4s old/);
    expect(firstLine(pilot.wait(2_000))).toContain('retrying…');
    expect(shown(pilot)).toContain('db-main');
  });

  test('that comes back is said', () => {
    const pilot = lost(new Pilot().live());
    pilot.send({ kind: 'connection', connection: { kind: 'live' }, atMs: NOW });
    expect(pilot.state.messages.all.at(-1)?.text).toBe('Connected again.');
  });

  test('refused says why and that waiting does not help', () => {
    const connection = { kind: 'refused', reason: 'The API key is not valid.' } as const;
    const pilot = new Pilot().send({ kind: 'connection', connection, atMs: NOW });
    expect(firstLine(pilot)).toContain('REFUSED  The API key is not valid.');
    expect(shown(pilot)).toContain('this needs somebody to change something');
  });

  test('a reason that is wider than the screen is cut, never left out', () => {
    const reason = `jump:9443 does not accept the saved sign-in any more${' at all'.repeat(20)}.`;
    const refused = { kind: 'refused', reason } as const;
    const pilot = new Pilot().live().send({ kind: 'connection', connection: refused, atMs: NOW });
    expect(firstLine(pilot)).toMatch(/^ REFUSED {2}jump:9443 does not accept .*…$/);
    const gone = { kind: 'lost', reason, retryAtMs: NOW + 4_000 } as const;
    pilot.send({ kind: 'connection', connection: gone, atMs: NOW });
    expect(firstLine(pilot)).toMatch(/^ CONNECTION LOST {2}jump:9443 does .*… {2}retry in 4s$/);
  });
});

describe('age', () => {
  test('ticks while data are shown, and a beat makes them young again', () => {
    const pilot = new Pilot().live().press('1');
    expect(wantedTickMs(pilot.state)).toBe(1_000);
    expect(firstLine(pilot.wait(7_000))).toContain('live, data 8s old');
    pilot.feed({
      kind: 'beat',
      sequence: 1,
      atMs: pilot.nowMs,
      seenAtMs: { '1': pilot.nowMs, '2': pilot.nowMs, '3': pilot.nowMs, '5': pilot.nowMs },
    });
    expect(firstLine(pilot)).toContain('live, data 0s old');
  });

  test('a feed that falls silent is said to have stalled', () => {
    expect(firstLine(new Pilot().live().wait(16_000))).toContain('STALLED 16s');
  });

  test('no clock runs before anything is shown', () => {
    expect(wantedTickMs(new Pilot().state)).toBeUndefined();
  });
});

test('a list that is still loading never says that there is nothing', () => {
  const environments = [environment(1, 'a'), environment(2, 'b', { connection: 'connecting' })];
  const pilot = new Pilot().live(snapshot(environments, []));
  expect(shown(pilot)).toContain('loading 1/2 environments …');
  expect(shown(new Pilot())).toContain('Connecting to https://jump:9443 as admin …');
});

test('when nothing answers the list says why, and the status line says so', () => {
  const silent = environment(1, 'a', { connection: 'down', reason: 'a: there is no such socket.' });
  const pilot = new Pilot().live(snapshot([silent], []));
  expect(shown(pilot)).toContain('a: there is no such socket.');
  expect(firstLine(pilot)).toContain('nothing answers');
});

test('an environment that goes away takes its rows with it; one that is down keeps them, stale', () => {
  const pilot = new Pilot().live();
  pilot.change({
    kind: 'environment',
    environment: environment(3, 'us-1', { connection: 'down', lastSeenAtMs: NOW - 60_000 }),
  });
  expect(shown(pilot)).toMatch(/\? us-1 +cache +stale 1m +\?/);
  pilot.change({ kind: 'environment-gone', environmentId: 3 });
  expect(shown(pilot)).not.toContain('cache');
});

describe('a description', () => {
  const inspected = (pilot: Pilot, requestId: number, answer: object) =>
    pilot.send({ kind: 'inspected', requestId, answer: answer as { why: string }, atMs: NOW });

  test('is shown from the feed at once, completed by inspect, asked again when the container changes', () => {
    const pilot = new Pilot(80, 40).live().press('d');
    expect(pilot.effects).toMatchObject([{ kind: 'fetch-inspect', requestId: 1 }]);
    expect(shown(pilot)).toContain('asking the engine for more …');
    inspected(pilot, 1, { why: 'The engine does not answer.' });
    expect(shown(pilot)).toContain('The engine does not answer.');
    pilot.change({
      kind: 'container',
      container: container(3, 'cache', { state: 'exited', exitCode: 3, startedAtMs: null }),
    });
    expect(pilot.effects).toMatchObject([{ kind: 'fetch-inspect', requestId: 2 }]);
    expect(shown(pilot)).toContain('exited with status 3');
  });

  test('takes no answer to an older question, and stops asking when left', () => {
    const pilot = new Pilot().live().press('d');
    const before = pilot.state;
    expect(inspected(pilot, 77, { why: 'late' }).state).toEqual(before);
    expect(pilot.press('q').effects).toEqual([{ kind: 'stop-inspect' }]);
  });
});
