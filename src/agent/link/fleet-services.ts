/** What servers reach over links, opened on one data folder; the feed only when somebody first reads it. */
import { join } from 'node:path';
import type { FleetParts } from '../api/call.ts';
import type { DockerHealth } from '../docker-health.ts';
import type { AgentFeed } from './agent-feed.ts';
import type { AgentIdentity } from './identity.ts';
import type { LinkRecordFile } from './link-record.ts';
import { OperationMemory } from './operation-memory.ts';

export interface FleetServiceOptions {
  readonly dataFolder: string;
  readonly docker: DockerHealth;
  readonly identity: AgentIdentity;
  readonly record: LinkRecordFile;
  announceServerKey(fingerprint: string): void;
}

export type FleetServices = FleetParts & AsyncDisposable;

/** Disposing ends the feed; Fault bad-settings when the folder can't be used. */
export function openFleetServices(options: FleetServiceOptions): FleetServices {
  const { dataFolder, docker, identity, record } = options;
  let feed: Promise<AgentFeed> | undefined;
  const openFeed = async () => {
    // Loads dockerode, which an agent without a link never needs.
    const module = await import('./agent-feed.ts');
    return new module.AgentFeed({ docker });
  };
  return {
    identity,
    operations: new OperationMemory({ file: join(dataFolder, 'operations.ndjson') }),
    feed() {
      feed ??= openFeed();
      return feed;
    },
    ends: () => record.record.ends,
    announceServerKey: (fingerprint) => options.announceServerKey(fingerprint),
    async [Symbol.asyncDispose]() {
      await (await feed)?.[Symbol.asyncDispose]();
    },
  };
}
