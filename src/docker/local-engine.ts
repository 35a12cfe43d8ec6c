/** Finds the Docker engine of this machine the way a person's own docker command would, and asks it whether it lives. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { Fault } from '../protocol/fault.ts';
import { within } from './deadline.ts';
import { formatDockerAddress, parseDockerAddress, routeTo } from './docker-address.ts';
import { dockerodeEngine } from './dockerode-engine.ts';

const PING_DEADLINE_MS = 2_000;

export interface EngineCandidate {
  readonly address: string;
  /** "DOCKER_HOST", "docker context desktop", "/var/run/docker.sock", … */
  readonly source: string;
}

export interface TriedEngine extends EngineCandidate {
  /** Why it is not the one, as a sentence. */
  readonly reason: string;
}

export type FoundEngine = EngineCandidate | { readonly tried: readonly TriedEngine[] };

/**
 * The first engine that answers a ping within 2 s: DOCKER_HOST alone when it is set, else the current docker context,
 * the system's socket, a rootless Docker, Podman. Never rejects; without any, tells what was tried and why it failed.
 */
export async function findLocalEngine(env: NodeJS.ProcessEnv): Promise<FoundEngine> {
  const tried: TriedEngine[] = [];
  for (const candidate of await candidates(env)) {
    const reason = 'reason' in candidate ? candidate.reason : await whyNot(candidate.address);
    if (reason === undefined) return { address: candidate.address, source: candidate.source };
    tried.push({ address: candidate.address, source: candidate.source, reason });
  }
  return { tried };
}

/** The engine addresses to try on this machine, in order; one that cannot even be read carries its reason. */
async function candidates(env: NodeJS.ProcessEnv): Promise<(EngineCandidate | TriedEngine)[]> {
  const named = env.DOCKER_HOST;
  if (named) return [normalized({ address: named, source: 'DOCKER_HOST' })];
  const context = await currentContext(env);
  if (env.DOCKER_CONTEXT && context) return [context];
  const runtime = env.XDG_RUNTIME_DIR;
  const sockets = [
    '/var/run/docker.sock',
    ...(runtime ? [join(runtime, 'docker.sock'), join(runtime, 'podman/podman.sock')] : []),
    '/run/podman/podman.sock',
  ];
  const fixed = sockets.map((path) => ({ address: `unix://${path}`, source: path }));
  return context ? [context, ...fixed] : fixed;
}

function normalized(candidate: EngineCandidate): EngineCandidate | TriedEngine {
  try {
    return { ...candidate, address: formatDockerAddress(parseDockerAddress(candidate.address)) };
  } catch (error) {
    return { ...candidate, reason: error instanceof Fault ? error.message : String(error) };
  }
}

async function whyNot(address: string): Promise<string | undefined> {
  await using route = routeTo(parseDockerAddress(address));
  const limits = { signal: new AbortController().signal, deadlineMs: PING_DEADLINE_MS, address };
  try {
    await within(limits, (signal) => dockerodeEngine(route).ping(signal));
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** The docker CLI's current context; undefined when that is "default" or none is set. */
async function currentContext(
  env: NodeJS.ProcessEnv,
): Promise<EngineCandidate | TriedEngine | undefined> {
  const folder = env.DOCKER_CONFIG || join(env.HOME || homedir(), '.docker');
  const name = env.DOCKER_CONTEXT || (await readField(join(folder, 'config.json'), currentName));
  if (!name || name === 'default') return undefined;
  const source = `docker context ${name}`;
  // The CLI files a context under the digest of its name.
  const digest = createHash('sha256').update(name).digest('hex');
  const meta = join(folder, 'contexts/meta', digest, 'meta.json');
  const address = await readField(meta, contextHost);
  if (address) return normalized({ address, source });
  return { address: meta, source, reason: `The docker context "${name}" has no readable entry.` };
}

async function readField(
  file: string,
  pick: (content: Record<string, unknown>) => unknown,
): Promise<string | undefined> {
  try {
    const value = pick(JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>);
    return typeof value === 'string' ? value : undefined;
  } catch {
    // No docker CLI, or a file of it that it would itself complain about.
    return undefined;
  }
}

function currentName(config: Record<string, unknown>): unknown {
  return config.currentContext;
}

function contextHost(meta: Record<string, unknown>): unknown {
  const endpoints = meta.Endpoints as { docker?: { Host?: unknown } } | undefined;
  return endpoints?.docker?.Host;
}
