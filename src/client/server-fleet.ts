/** The fleet of a fleet-server: its feed over one WebSocket that is dialled again for ever, its engines through its Docker proxy. */
import { setTimeout as sleep } from 'node:timers/promises';
import { asFault, Fault } from '../protocol/fault.ts';
import type { FeedMessage } from '../protocol/feed.ts';
import { backoffMs } from './backoff.ts';
import type { Fleet, FleetListener } from './fleet.ts';
import { parseServerAddress } from './server-address.ts';
import { ServerEngines, type ServerFleetOptions } from './server-engines.ts';
import type { ServerSession } from './server-environments.ts';
import { readFeed } from './server-feed.ts';
import { credentialHeaders } from './sign-in.ts';

/** A connection that lived this long was healthy: the next dial comes soon again. */
const HEALTHY_MS = 30_000;

const FINAL_CODES = new Set(['unauthorized', 'forbidden', 'wrong-certificate']);

function idsAfter(ids: ReadonlySet<number>, message: FeedMessage): ReadonlySet<number> {
  if (message.kind === 'snapshot') return new Set(message.environments.map(({ id }) => id));
  if (message.kind === 'beat') return ids;
  const next = new Set(ids);
  for (const change of message.changes) {
    if (change.kind === 'environment') next.add(change.environment.id);
    if (change.kind === 'environment-gone') next.delete(change.environmentId);
  }
  return next;
}

/** Loaded when asked for: zod is slow to load, and a console starts without it. */
const questions = () => import('./server-environments.ts');
const measuring = () => import('./server-stats.ts');

/** What the server has measured, as a fleet tells it; `stop` ends what is under way. */
function measuredBy(
  pool: ServerEngines,
  stop: AbortSignal,
): Required<Pick<Fleet, 'stats' | 'figures' | 'statsHistory'>> {
  const either = (signal: AbortSignal) => AbortSignal.any([stop, signal]);
  return {
    async stats(environmentId, ids, signal) {
      const { fetchStats } = await measuring();
      return await fetchStats(pool.server(), { environmentId, ids }, either(signal));
    },
    async figures(signal) {
      const { fetchFigures } = await measuring();
      return await fetchFigures(pool.server(), either(signal));
    },
    async statsHistory(environmentId, id, signal) {
      const { fetchHistory } = await measuring();
      return await fetchHistory(pool.server(), { environmentId, id }, either(signal));
    },
  };
}

type Asked = Required<Pick<Fleet, 'linkStatus' | 'reveal' | 'addEnvironment' | 'judge'>>;

/** What a server can be asked besides. */
function askedOf(session: (signal: AbortSignal) => ServerSession, pool: ServerEngines): Asked {
  return {
    async linkStatus(environmentId, signal) {
      const { fetchLinkStatus } = await questions();
      return await fetchLinkStatus(session(signal), environmentId);
    },
    async judge(problemId, verdict, signal) {
      const { judgeProblem } = await import('./server-problems.ts');
      await judgeProblem(session(signal), problemId, verdict);
    },
    async reveal(environmentId, containerId, signal) {
      const { revealVariables } = await import('./server-reveal.ts');
      return await revealVariables(session(signal), environmentId, containerId);
    },
    async addEnvironment(draft, signal) {
      const { createEnvironment } = await questions();
      const added = await createEnvironment(session(signal), draft);
      return { ...added, isOwnCertificate: pool.isPinned };
    },
  };
}

/** The fleet that the credential may see; Fault bad-settings for an address that makes no sense. */
export function serverFleet(options: ServerFleetOptions): Fleet {
  const address = parseServerAddress(options.url);
  const { credential, fingerprint } = options;
  const pool = new ServerEngines(address, options);
  const stop = new AbortController();
  let running: Promise<void> | undefined;
  let again = new AbortController();
  let ids: ReadonlySet<number> = new Set();
  const { username } = credential;
  const session = (signal: AbortSignal): ServerSession => ({
    reach: { address, pin: fingerprint, signal: AbortSignal.any([stop.signal, signal]) },
    headers: credentialHeaders(credential),
  });
  const known = (environmentId: number) => {
    if (ids.has(environmentId)) return pool.open(environmentId);
    throw new Fault('not-found', `${address.where} has no environment ${environmentId}.`);
  };
  return {
    title: username ? `${address.url} as ${username}` : address.url,
    watch(listener) {
      running = keepReading({
        listener,
        signal: stop.signal,
        read: (onMessage) => {
          again = new AbortController();
          const signal = AbortSignal.any([stop.signal, again.signal]);
          return readFeed(
            { address, pin: fingerprint, signal },
            {
              headers: credentialHeaders(credential),
              trusted: async (by) => void (await pool.trust(by)),
              message: (message) => {
                ids = idsAfter(ids, message);
                onMessage(message);
              },
            },
          );
        },
      });
    },
    resync() {
      again.abort();
    },
    engine: (environmentId) => known(environmentId).engine,
    route: (environmentId) => known(environmentId).route,
    ...measuredBy(pool, stop.signal),
    serverUrl: address.url,
    ...askedOf(session, pool),
    async [Symbol.asyncDispose]() {
      stop.abort();
      await running;
      await pool.close();
    },
  };
}

interface Reading {
  readonly listener: FleetListener;
  readonly signal: AbortSignal;
  readonly read: (onMessage: (message: FeedMessage) => void) => Promise<never>;
}

/** Reads until told to stop, or until a Fault that no retry heals. */
async function keepReading({ listener, signal, read }: Reading): Promise<void> {
  let wasLive = false;
  for (let attempt = 1; !signal.aborted; attempt += 1) {
    let liveAtMs: number | undefined;
    listener.connection({ kind: 'connecting', attempt });
    try {
      await read((message) => {
        listener.feed(message);
        if (message.kind !== 'snapshot') return;
        liveAtMs = Date.now();
        wasLive = true;
        listener.connection({ kind: 'live' });
      });
    } catch (error) {
      if (signal.aborted) return;
      const fault = asFault(error, 'internal', 'Reading the feed failed.');
      if (FINAL_CODES.has(fault.code) || (fault.code === 'bad-peer' && !wasLive)) {
        listener.connection({ kind: 'refused', reason: fault.message });
        return;
      }
      if (liveAtMs !== undefined && Date.now() - liveAtMs > HEALTHY_MS) attempt = 1;
      const delayMs = backoffMs(attempt);
      const retryAtMs = Date.now() + delayMs;
      listener.connection({ kind: 'lost', reason: fault.message, retryAtMs });
      await sleep(delayMs, undefined, { signal }).catch(() => undefined);
    }
  }
}
