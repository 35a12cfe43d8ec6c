/**
 * Where a path of a browse call points: into one volume, or below the host's folder when the operator mounted it.
 * Where the engine says a volume lies is its own host's path, which a containerised agent may see elsewhere.
 */
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { callRoute } from '../../docker/route-call.ts';
import { Fault } from '../../protocol/fault.ts';
import type { AgentParts } from '../api/call.ts';

export interface BrowseRoot {
  /** The folder that nothing leaves. */
  readonly folder: string;
  /** A whole host's file system, where links with an absolute path start at the root; in a volume they lead out. */
  readonly isWholeHost: boolean;
}

export interface BrowsePlace {
  readonly root: BrowseRoot;
  /** Segments below the root, without '.', '..' and empty ones. */
  readonly segments: readonly string[];
}

/** Path under which the host's files are shown, as Portainer's pages ask for them. */
const SHOWN_AS = '/host';
/** Docker's own rule for the names of volumes. */
const VOLUME_NAME = /^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,254}$/;
const INSPECT_DEADLINE_MS = 10_000;

/** Throws Fault: bad-request for a path that climbs, forbidden outside every root, not-found for an unknown volume. */
export async function browsePlace(
  path: string,
  volume: string | undefined,
  parts: AgentParts,
): Promise<BrowsePlace> {
  if (path.includes('\0')) throw new Fault('bad-request', 'Invalid path');
  if (path.split('/').includes('..')) {
    throw new Fault('bad-request', volume === undefined ? 'Invalid path' : 'Invalid volume');
  }
  if (volume !== undefined) {
    return { root: await volumeRoot(volume, parts), segments: segmentsOf(path) };
  }
  return hostPlace(path, parts.hostRoot);
}

function hostPlace(path: string, hostRoot: string | undefined): BrowsePlace {
  if (hostRoot === undefined) {
    throw new Fault(
      'forbidden',
      'This agent does not show files of its host but those of volumes.',
      {
        details: "Mount the host's / at /host in the agent's container, or set FLEET_HOST_ROOT.",
      },
    );
  }
  const root = { folder: hostRoot, isWholeHost: true };
  const below = [SHOWN_AS, hostRoot].find((start) => isBelow(path, start));
  if (below !== undefined) return { root, segments: segmentsOf(path.slice(below.length)) };
  throw new Fault('forbidden', `Files of the host are below ${SHOWN_AS}; nothing else is shown.`);
}

function isBelow(path: string, start: string): boolean {
  return path === start || path.startsWith(start.endsWith('/') ? start : `${start}/`);
}

function segmentsOf(path: string): string[] {
  return path.split('/').filter((segment) => segment !== '' && segment !== '.');
}

async function volumeRoot(name: string, parts: AgentParts): Promise<BrowseRoot> {
  if (!VOLUME_NAME.test(name)) throw new Fault('bad-request', 'Invalid volume');
  const mountpoint = await mountpointOf(name, parts);
  const seenAt = [mountpoint, ...(parts.hostRoot ? [join(parts.hostRoot, mountpoint)] : [])];
  for (const folder of seenAt) {
    if (await isThere(folder)) return { folder, isWholeHost: false };
  }
  throw new Fault('not-found', `The folder of volume ${name} can't be seen by this agent.`, {
    details: `Mount ${mountpoint.replace(/\/[^/]+\/_data\/?$/, '')} into the agent's container at the same path.`,
  });
}

/** Engine API GET /volumes/{name}. */
async function mountpointOf(name: string, { docker, stopping }: AgentParts): Promise<string> {
  const { status, body } = await callRoute(docker.route(), {
    path: `/volumes/${encodeURIComponent(name)}`,
    deadlineMs: INSPECT_DEADLINE_MS,
    signal: stopping,
  });
  if (status === 404) throw new Fault('not-found', `There is no volume ${name}.`);
  const mountpoint = status === 200 ? mountpointIn(body) : undefined;
  if (mountpoint !== undefined) return mountpoint;
  throw new Fault('engine-refused', `The engine does not say where volume ${name} lies.`);
}

function mountpointIn(body: Buffer): string | undefined {
  try {
    const { Mountpoint: path } = JSON.parse(body.toString()) as { Mountpoint?: unknown };
    return typeof path === 'string' && /^\/./.test(path) ? path : undefined;
  } catch {
    return undefined;
  }
}

function isThere(folder: string): Promise<boolean> {
  return access(folder).then(
    () => true,
    () => false,
  );
}
