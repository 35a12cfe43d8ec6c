/** Is there an engine of the declared kind behind a route, and what does it say of itself? */
import type { EngineRoute } from '../../docker/route.ts';
import { asFault, Fault } from '../../protocol/fault.ts';
import { PORTAINER_VERSION } from '../../protocol/version.ts';
import type { EnvironmentRecord } from '../store/store.ts';
import { checkAgent } from './agent-check.ts';
import { type Snapshot, takeSnapshot } from './snapshot.ts';

function checkEngineKind(wanted: string, snapshot: Snapshot): void {
  if (wanted === '' || (wanted === 'podman') === snapshot.IsPodman) return;
  throw new Fault(
    'bad-peer',
    `The environment was declared as ${wanted}, but ${snapshot.IsPodman ? 'Podman' : 'Docker'} answers.`,
  );
}

const refused = (message: string, thrown: unknown): Fault =>
  new Fault('wrong-address', message, {
    details: asFault(thrown, 'unreachable', 'The connection failed.').message,
    cause: thrown,
  });

/** What is found, as columns of its record; Fault wrong-address in Portainer's words with the reason in `details`. */
export async function contactEngine(
  record: Pick<EnvironmentRecord, 'type' | 'containerEngine' | 'agentVersion'>,
  route: EngineRoute,
  { nowMs, signal }: { readonly nowMs: number; readonly signal: AbortSignal },
): Promise<Pick<EnvironmentRecord, 'agentVersion' | 'snapshot' | 'status'>> {
  // An edge agent has said who it is when it linked.
  let agentVersion = record.type === 4 ? PORTAINER_VERSION : record.agentVersion;
  if (record.type === 2) {
    agentVersion = await checkAgent(route, signal).then(
      (agent) => agent.version,
      (thrown: unknown) => Promise.reject(refused('Unable to get environment type', thrown)),
    );
  }
  try {
    const snapshot = await takeSnapshot(route, nowMs, signal);
    checkEngineKind(record.containerEngine, snapshot);
    return { agentVersion, snapshot: JSON.stringify(snapshot), status: 1 };
  } catch (thrown) {
    throw refused('Unable to initiate communications with environment', thrown);
  }
}
