/** The fleet of this machine's own engine, wherever Docker's own rules say it is. */
import { findLocalEngine } from '../docker/local-engine.ts';
import type { Fleet } from './fleet.ts';
import { socketFleet } from './socket-fleet.ts';

/** The first engine that answers, or where none did and why, one line each. */
export async function localFleet(
  env: NodeJS.ProcessEnv,
): Promise<Fleet | { readonly tried: readonly string[] }> {
  const found = await findLocalEngine(env);
  if ('address' in found) return socketFleet(found.address);
  return {
    tried: found.tried.map(({ address, source, reason }) => `${source} (${address}): ${reason}`),
  };
}
