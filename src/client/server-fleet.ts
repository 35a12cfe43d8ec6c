/** The fleet of a fleet-server: its feed over one WebSocket that is dialled again for ever, its engines through its Docker proxy. */
import { Fault } from '../protocol/fault.ts';
import { Account, type AccountOptions } from './account.ts';
import type { Fleet } from './fleet.ts';
import { KeptFeed } from './kept-feed.ts';
import { parseServerAddress } from './server-address.ts';
import { ServerEngines, type ServerFleetOptions } from './server-engines.ts';
import type { ServerSession } from './server-environments.ts';
import { readFeed } from './server-feed.ts';

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

type Asked = Required<
  Pick<
    Fleet,
    | 'linkStatus'
    | 'reveal'
    | 'acceptAgent'
    | 'addEnvironment'
    | 'maintain'
    | 'judge'
    | 'noteUnlock'
    | 'serverVersion'
  >
>;

/** Its audit trail, and who works with it. */
function administeredBy(
  session: (signal: AbortSignal) => ServerSession,
): Required<Pick<Fleet, 'audit' | 'verifyAudit' | 'directory' | 'carryOut'>> {
  return {
    async directory(wish, signal) {
      const { readDirectory } = await import('./server-people.ts');
      return await readDirectory(session(signal), wish);
    },
    async carryOut(deed, signal, agreement) {
      const { carryOut } = await import('./people-deeds.ts');
      return await carryOut(session(signal), deed, agreement);
    },
    async audit(wish, signal) {
      const { fetchAudit } = await import('./server-audit.ts');
      return await fetchAudit(session(signal), wish);
    },
    async verifyAudit(signal) {
      const { verifyAudit } = await import('./server-audit.ts');
      return await verifyAudit(session(signal));
    },
  };
}

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
    async acceptAgent(environmentId, fingerprint, signal) {
      const { acceptAgent } = await questions();
      return await acceptAgent(session(signal), environmentId, fingerprint);
    },
    async reveal(environmentId, containerId, signal) {
      const { revealVariables } = await import('./server-reveal.ts');
      return await revealVariables(session(signal), environmentId, containerId);
    },
    async serverVersion(signal) {
      const { fetchVersion } = await import('./server-version.ts');
      return await fetchVersion(session(signal));
    },
    async noteUnlock(note, signal) {
      const { noteUnlock } = await import('./server-unlock.ts');
      await noteUnlock(session(signal), note);
    },
    async maintain(environmentId, wish, signal) {
      const { maintainEnvironment } = await import('./server-maintenance.ts');
      await maintainEnvironment(session(signal), environmentId, wish);
    },
    async addEnvironment(draft, signal) {
      const { createEnvironment } = await questions();
      const added = await createEnvironment(session(signal), draft);
      return { ...added, isOwnCertificate: pool.isPinned };
    },
  };
}

/** The ways to sign in again; with the new key the feed begins anew. */
function signedInBy(
  account: Account,
  feed: KeptFeed,
  stop: AbortSignal,
): Required<Pick<Fleet, 'signIn' | 'enrolFactor' | 'signInWithKey' | 'signInByProvider'>> {
  const either = (signal: AbortSignal) => AbortSignal.any([stop, signal]);
  return {
    async signIn(login, signal) {
      await account.signIn(login, either(signal));
      feed.restart();
    },
    async enrolFactor(login, signal) {
      const enrolling = await account.enrolFactor(login, either(signal));
      const signIn = async () => {
        await enrolling.signIn();
        feed.restart();
      };
      return { ...enrolling, signIn };
    },
    async signInWithKey(key, signal) {
      await account.signInWithKey(key, either(signal));
      feed.restart();
    },
    async signInByProvider(invited, signal) {
      await account.signInByProvider(invited, either(signal));
      feed.restart();
    },
  };
}

/** The fleet that the credential may see; Fault bad-settings for an address that makes no sense. */
export function serverFleet(options: ServerFleetOptions & AccountOptions): Fleet {
  const address = parseServerAddress(options.url);
  const { fingerprint } = options;
  const account = new Account(address, options);
  const pool = new ServerEngines(address, {
    url: options.url,
    fingerprint,
    get credential() {
      return account.credential;
    },
  });
  const stop = new AbortController();
  const { username } = options.credential;
  const feed = new KeptFeed({
    username: username ?? '',
    stop: stop.signal,
    read: (signal, message) =>
      readFeed(
        { address, pin: fingerprint, signal },
        { headers: account.headers, trusted: async (by) => void (await pool.trust(by)), message },
      ),
  });
  const session = (signal: AbortSignal): ServerSession => ({
    reach: { address, pin: fingerprint, signal: AbortSignal.any([stop.signal, signal]) },
    headers: account.headers,
  });
  const known = (environmentId: number) => {
    if (feed.ids.has(environmentId)) return pool.open(environmentId);
    throw new Fault('not-found', `${address.where} has no environment ${environmentId}.`);
  };
  return {
    title: username ? `${address.url} as ${username}` : address.url,
    watch: (listener) => feed.watch(listener),
    ...signedInBy(account, feed, stop.signal),
    resync: () => feed.restart(),
    engine: (environmentId) => known(environmentId).engine,
    route: (environmentId) => known(environmentId).route,
    ...measuredBy(pool, stop.signal),
    async recording(id, signal) {
      const { fetchRecording } = await import('./server-recordings.ts');
      return await fetchRecording(session(signal), id);
    },
    serverUrl: address.url,
    ...(options.contextName !== undefined && { contextName: options.contextName }),
    ...askedOf(session, pool),
    ...administeredBy(session),
    async [Symbol.asyncDispose]() {
      stop.abort();
      await feed.over;
      await pool.close();
    },
  };
}
