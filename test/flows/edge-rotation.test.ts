/**
 * An agent's key is changed while a log is followed and lists are asked for, and either program is killed at every step of it:
 * the agent is back each time by itself, with a key that both ends agree on.
 */
import { createPrivateKey } from 'node:crypto';
import { existsSync, type FSWatcher, readFileSync, watch } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { linkFingerprint } from '../../src/link/fingerprint.ts';
import { Closing } from '../support/closing.ts';
import { linkStatus } from '../support/edge-environment.ts';
import { type EdgeHost, openEdgeHost } from '../support/edge-host.ts';
import { type LinkTraffic, startTraffic } from '../support/link-traffic.ts';
import { seededRandom } from '../support/seeded-random.ts';
import { until } from '../support/until.ts';

const RANDOM_KILLS = 10;
/** The longest delay of a redial, and then some for a busy machine. */
const BACK_MS = 45_000;
const seed = Number(process.env.FLEET_TEST_SEED ?? Date.now() % 1_000_000);
const closing = new Closing();
let host: EdgeHost;
let traffic: LinkTraffic;
beforeAll(async () => {
  host = await openEdgeHost(closing, 'turn');
  traffic = closing.use(await startTraffic(host));
}, 120_000);
afterAll(() => closing.close());

const keyFile = (name: string) => join(host.agent.dataFolder, name);
const kept = () => linkFingerprint(createPrivateKey(readFileSync(keyFile('link.key'), 'utf8')));
const rotate = () => host.server.api('POST', `/api/fleet/environments/${host.id}/rotate`);

type Victim = 'agent' | 'server';

function strike(victim: Victim): void {
  if (victim === 'agent') process.kill(host.agent.pid, 'SIGKILL');
  else host.server.kill('SIGKILL');
}

/** Resolves at the kill, which is in the same turn in which the file is seen to come, change or go. */
function strikeAtFile(victim: Victim, name: string, isThere: boolean): Promise<void> {
  let watcher: FSWatcher | undefined;
  const struck = new Promise<void>((resolve) => {
    watcher = watch(host.agent.dataFolder, (_event, changed) => {
      if (changed !== name || existsSync(keyFile(name)) !== isThere) return;
      watcher?.close();
      strike(victim);
      resolve();
    });
  });
  return struck;
}

/** Resolves at the kill, as soon as the program has said so after now. */
async function strikeAtWord(victim: Victim, program: Victim, word: string): Promise<void> {
  const log = () => host[program].log().split(word).length;
  const before = log();
  while (log() === before) await pause(2);
  strike(victim);
}

/** Starts what was killed, and waits until all is as it was but for the key. */
async function isBack(victim: Victim): Promise<number> {
  if (victim === 'agent') await host.agent.stop('SIGKILL');
  else await host.server.exit;
  host.mark();
  if (victim === 'agent') await host.startAgent();
  else await host.startServer();
  await until(() => host.answers(), BACK_MS);
  const backMs = host.sinceMarkMs;
  await until(async () => (await linkStatus(host.server, host.id)).agentFingerprint === kept());
  const { lists, owed } = traffic;
  await until(() => traffic.lists > lists && traffic.owed > owed, BACK_MS);
  return backMs;
}

test('while a log is followed the key changes, and only the log has to be asked for again', async () => {
  const old = kept();
  host.mark();
  expect((await rotate()).status).toBe(200);
  await until(() => host.agent.log().split('"Linked."').length > 2, BACK_MS);
  await until(async () => (await linkStatus(host.server, host.id)).agentFingerprint !== old);
  expect(kept()).not.toBe(old);
  const { owed } = traffic;
  await until(() => traffic.owed > owed);
  host.tell('key changed in use', traffic.words);
  expect(host.story).toBe('shown up throughout');
});

const NEXT_KEY = 'link-next.key';
const NEXT_CERTIFICATE = 'link-next.crt';
/** In turn: an agent that starts anew dials at once, one that was left alone again and again waits longer and longer. */
const STEPS: readonly (readonly [Victim, string, (victim: Victim) => Promise<void>])[] = [
  ['agent', 'its next certificate appears', (it) => strikeAtFile(it, NEXT_CERTIFICATE, true)],
  ['server', 'the next certificate appears', (it) => strikeAtFile(it, NEXT_CERTIFICATE, true)],
  ['agent', 'its next key appears', (it) => strikeAtFile(it, NEXT_KEY, true)],
  ['server', 'the next key is offered', (it) => strikeAtWord(it, 'agent', 'asked for a new key')],
  ['agent', 'it offers its next key', (it) => strikeAtWord(it, 'agent', 'asked for a new key')],
  ['server', 'the next key becomes the key', (it) => strikeAtFile(it, NEXT_KEY, false)],
  ['agent', 'its next key becomes its key', (it) => strikeAtFile(it, NEXT_KEY, false)],
  ['server', 'it knows the key is taken', (it) => strikeAtWord(it, 'server', 'takes its next key')],
  ['agent', 'its certificate follows', (it) => strikeAtFile(it, NEXT_CERTIFICATE, false)],
  ['server', 'it sees the new key', (it) => strikeAtWord(it, 'server', 'has changed its key')],
  ['agent', 'its new key is seen', (it) => strikeAtWord(it, 'server', 'has changed its key')],
];

test.each(STEPS)(
  'a kill -9 of the %s when %s',
  async (victim, what, strikeThen) => {
    // What an earlier kill left half done is taken up by this rotation, or by the next one.
    const struck = strikeThen(victim);
    const asking = { isOver: false };
    void (async () => {
      while (!asking.isOver) {
        await rotate().catch(() => undefined);
        await pause(500);
      }
    })();
    await struck;
    asking.isOver = true;
    const backMs = await isBack(victim);
    process.stdout.write(
      `kill -9 of the ${victim} when ${what}: answers ${backMs} ms after its start\n`,
    );
  },
  90_000,
);

test(`${RANDOM_KILLS} kills at random moments of rotations`, async () => {
  process.stdout.write(`seed ${seed} (FLEET_TEST_SEED=${seed} repeats it)\n`);
  const random = seededRandom(seed);
  const backMs: number[] = [];
  for (let round = 0; round < RANDOM_KILLS; round += 1) {
    const victim = round % 2 === 0 ? 'agent' : 'server';
    const asked = rotate().catch(() => undefined);
    await pause(random(60));
    strike(victim);
    await asked;
    backMs.push(await isBack(victim));
  }
  const worst = Math.max(...backMs);
  process.stdout.write(
    `${RANDOM_KILLS} random kills: answers ${worst} ms after a start at worst\n`,
  );
}, 400_000);

test('after all that a rotation goes through, and the log has no hole', async () => {
  const old = kept();
  expect((await rotate()).status).toBe(200);
  await until(async () => {
    const { agentFingerprint, state } = await linkStatus(host.server, host.id);
    return state === 'up' && agentFingerprint !== old && agentFingerprint === kept();
  }, BACK_MS);
  process.stdout.write(`${traffic.words}\n`);
  expect(traffic.troubles).toEqual([]);
});
