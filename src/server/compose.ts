/** Puts the parts of a server together on a store, and takes them down in the opposite order. */
import { SampleHistory } from '../docker/sample-history.ts';
import { announce } from './announcement.ts';
import { composeAccounts } from './compose-accounts.ts';
import { composeDoors, makeDoor } from './compose-doors.ts';
import { type Listener, listen } from './doors/listener.ts';

import type { Services } from './doors/services.ts';
import { loadOrCreateInstanceId, registerEngine } from './first-start.ts';
import { AccessBook } from './fleet/access-book.ts';
import { AdminDeadline } from './fleet/admin-deadline.ts';
import { Environments } from './fleet/environments.ts';
import { HeldGrants, isAdministrator } from './fleet/grant.ts';
import { Groups } from './fleet/groups.ts';
import { Links } from './fleet/links.ts';
import { LiveModel } from './fleet/live-model.ts';
import { MaintenanceBook } from './fleet/maintenance-book.ts';
import { OidcSignIn } from './fleet/oidc-sign-in.ts';
import { ProblemBook } from './fleet/problem-book.ts';
import { Reach } from './fleet/reach.ts';
import { ResourceControls } from './fleet/resource-controls.ts';
import { rotateRegularly } from './fleet/rotation.ts';
import { Samplers } from './fleet/samplers.ts';
import { ServerKeyChange } from './fleet/server-key-change.ts';
import { Supervisor } from './fleet/supervisor.ts';
import { surveyRegularly } from './fleet/surveys.ts';
import { TagNames } from './fleet/tag-names.ts';
import { Tags } from './fleet/tags.ts';
import { Teams } from './fleet/teams.ts';
import { openCertificate } from './own-certificate.ts';
import { sealedParts } from './sealed-parts.ts';
import type { ServerParts } from './server-parts.ts';
import type { Store } from './store/store.ts';
import { openTrail } from './trail.ts';

/** A server that listens; disposing stops it, the store included. */
export interface RunningServer extends AsyncDisposable {
  readonly https: Listener;
  readonly http: Listener | undefined;
  /** How a program on this machine reaches it: https://127.0.0.1:9443. */
  readonly url: string;
  readonly instanceId: string;
  /** Of the HTTPS certificate. */
  readonly fingerprint: string;
  readonly services: Services;
  /** Resolves when a backup was restored, which the next start puts in place. */
  readonly restored: Promise<void>;
}

type Closer = () => unknown;

/** What was opened so far, to be closed last first. */
class Opened {
  readonly #closers: Closer[] = [];

  add<Thing extends AsyncDisposable | Disposable>(thing: Thing): Thing {
    this.#closers.push(() =>
      Symbol.asyncDispose in thing ? thing[Symbol.asyncDispose]() : thing[Symbol.dispose](),
    );
    return thing;
  }

  onClose(closer: Closer): void {
    this.#closers.push(closer);
  }

  async close(): Promise<void> {
    for (const closer of this.#closers.splice(0).reverse()) await closer();
  }
}

/** Agents hear of the server's present key as they link. */
function followServerKey({ log, now }: ServerParts, links: Links, supervisor: Supervisor) {
  const { book, switchboard, keys } = links;
  const isQuiet = supervisor.isQuiet.bind(supervisor);
  const change = new ServerKeyChange({ keys, book, switchboard, log, now, isQuiet });
  links.whenLinked((id, agent) => change.linked(id, agent));
  return change;
}

/** Streams of those whose role somewhere has changed end: what they may now is judged when they come again. */
function endGrantsOfChangedRoles(access: AccessBook, heldGrants: HeldGrants): void {
  access.whenChanged(({ userIds, teamIds }) => {
    heldGrants.end((grant) => {
      const isNamed = userIds.has(grant.user.id) || grant.teamIds.some((id) => teamIds.has(id));
      return isNamed && !isAdministrator(grant);
    });
  });
}

/** Who is in which team, by hand or by the word of the OIDC provider. */
async function makeMembers(
  store: Store,
  parts: {
    readonly identity: Awaited<ReturnType<typeof composeAccounts>>;
    readonly heldGrants: HeldGrants;
    readonly now: () => number;
  },
) {
  const { identity, heldGrants: held, now } = parts;
  const teams = await Teams.open(store, held);
  const { accounts, oidcBook } = identity;
  const vouched = { accounts, identities: store.identities, teams, held };
  return { teams, oidc: new OidcSignIn(oidcBook, vouched, now) };
}

function makeSamplers(
  { settings, log, now }: ServerParts,
  supervisor: Supervisor,
  model: LiveModel,
) {
  const { statsIntervalMs: paceMs } = settings;
  return new Samplers({ supervisor, model, history: new SampleHistory(), log, paceMs, now });
}

async function makeServices(
  unsealed: ServerParts,
  opened: Opened,
  restored: () => void,
): Promise<Services> {
  const parts = await sealedParts(unsealed);
  const { store, settings, log, now, key, seal, wrap } = parts;
  const identity = await composeAccounts(parts, seal);
  const { agentSecret } = settings;
  const reach = new Reach(key, agentSecret);
  const links = opened.add(await Links.open({ ...settings, key, seal, wrap, store, log, now }));
  const model = opened.add(new LiveModel(now));
  const tagNames = await TagNames.open(store);
  const shared = { store, reach, links, model, tagNames, now };
  const trail = await openTrail(parts, key, (thing) => opened.add(thing));
  const access = new AccessBook();
  const heldGrants = new HeldGrants(now);
  endGrantsOfChangedRoles(access, heldGrants);
  const groups = await Groups.open({ store, access, tagNames });
  const { teams, oidc } = await makeMembers(store, { identity, heldGrants, now });
  opened.add(oidc);
  const controls = opened.add(await ResourceControls.open({ store, model, teams, heldGrants }));
  const kept = { store: store.maintenance, log, now };
  const maintenance = opened.add(await MaintenanceBook.open(kept));
  const supervisor = opened.add(new Supervisor({ ...shared, maintenance, access, log }));
  const serverKeyChange = opened.add(followServerKey(parts, links, supervisor));
  const environments = opened.add(new Environments({ ...shared, supervisor }));
  await environments.open();
  const problems = opened.add(await ProblemBook.open({ model, store: store.problems, log, now }));
  const samplers = opened.add(makeSamplers(parts, supervisor, model));
  if (settings.engineUrl !== undefined) await registerEngine(environments, settings.engineUrl);
  return {
    instanceId: await loadOrCreateInstanceId(store.settings),
    schemaVersion: store.schemaVersion,
    ...identity,
    oidc,
    adminDeadline: new AdminDeadline(identity.accounts, now),
    certificate: opened.add(await openCertificate({ ...settings, wrap }, log)),
    ...composeDoors(unsealed, key, restored),
    heldGrants,
    access,
    ...trail,
    environments,
    maintenance,
    supervisor,
    links,
    serverKeyChange,
    teams,
    groups,
    controls,
    tags: new Tags({ store, names: tagNames, supervisor, groups }),
    model,
    problems,
    samplers,
    log,
  };
}

function localUrl({ address, port }: Listener): string {
  if (address === '0.0.0.0' || address === '::') return `https://127.0.0.1:${port}`;
  return `https://${address.includes(':') ? `[${address}]` : address}:${port}`;
}

async function open(parts: ServerParts, opened: Opened): Promise<Omit<RunningServer, symbol>> {
  const { settings, log } = parts;
  let tellRestored = (): void => undefined;
  const restored = new Promise<void>((resolve) => {
    tellRestored = resolve;
  });
  const services = await makeServices(parts, opened, tellRestored);
  opened.add(surveyRegularly(services, settings.snapshotIntervalMs));
  const { book, switchboard } = services.links;
  const isQuiet = services.supervisor.isQuiet.bind(services.supervisor);
  const rotation = { book, switchboard, log, now: parts.now, isQuiet };
  opened.add(rotateRegularly(rotation));
  const stopping = new AbortController();
  const door = makeDoor(services, stopping.signal);
  const { connections, certificate } = services;
  const shared = { door, log, connections };
  const tls = certificate.current;
  const https = opened.add(await listen({ ...settings.https, tls, ...shared }));
  certificate.whenChanged((next) => https.setCertificate(next));
  const http = settings.http && opened.add(await listen({ ...settings.http, ...shared }));
  opened.add(switchboard);
  opened.onClose(() => stopping.abort());
  const url = localUrl(https);
  const { instanceId } = services;
  opened.add(await announce(settings.dataFolder, { pid: process.pid, url, instanceId }));
  return { https, http, url, instanceId, fingerprint: tls.fingerprint, services, restored };
}

/** Starts listening; the store belongs to the server from here on and is closed with it, or at once when the start fails. */
export async function composeServer(parts: ServerParts): Promise<RunningServer> {
  const opened = new Opened();
  opened.add(parts.store);
  try {
    const server = await open(parts, opened);
    return { ...server, [Symbol.asyncDispose]: () => opened.close() };
  } catch (thrown) {
    await opened.close();
    throw thrown;
  }
}
