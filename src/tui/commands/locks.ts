/** What a person's config keeps closed to commands: everything when read-only, and environments that are locked. */
import type { Fleet } from '../../client/fleet.ts';
import type { Environment } from '../../protocol/environment.ts';
import { asFault } from '../../protocol/fault.ts';
import { printable } from '../format/width.ts';
import { fitsScope } from '../model/locks.ts';

export interface Locks {
  readonly isReadOnly: boolean;
  /** Patterns of environments that are locked. */
  readonly locked: readonly string[];
  /** Where both are written, or would be. */
  readonly path: string;
}

/** Of a command that changes nothing. */
export const NO_LOCKS: Locks = { isReadOnly: false, locked: [], path: '' };

type Named = Pick<Environment, 'name' | 'tags'>;

interface NoteParts {
  readonly fleet: Pick<Fleet, 'noteUnlock'>;
  readonly say: (sentence: string) => void;
  readonly locks: Locks;
}

/** How long an unlock is said to last where it is noted: a command has no end that is known before. */
const NOTED_MS = 15 * 60_000;

/** Why an environment may not be changed by this command, as a clause that names the scope and the file; undefined when it may. */
export function whyClosed(
  { isReadOnly, locked, path }: Locks,
  { name, tags }: Named,
  reason: string | undefined,
): string | undefined {
  if (isReadOnly) return `readOnly is set in ${path}`;
  if (reason !== undefined) return undefined;
  const pattern = locked.find((one) => fitsScope(one, name, tags));
  return pattern === undefined
    ? undefined
    : `${printable(name)} is locked by ${printable(pattern)} (locked in ${path})`;
}

/** What a person can do about it, as a clause. */
export function wayOut({ isReadOnly }: Locks): string {
  return isReadOnly ? 'set it to false there' : '--unlock "why" opens it for this command';
}

/** Has the server note who opened what is locked, and why; that it could not is only said. */
export async function noteUnlocked(
  { fleet, say, locks }: NoteParts,
  environments: Iterable<Environment>,
  reason: string | undefined,
): Promise<void> {
  const closed = [...environments].filter((one) => whyClosed(locks, one, undefined) !== undefined);
  if (reason === undefined || closed.length === 0) return;
  const environmentIds = closed.map(({ id }) => id);
  try {
    const signal = AbortSignal.timeout(10_000);
    await fleet.noteUnlock?.({ environmentIds, forMs: NOTED_MS, reason }, signal);
  } catch (thrown) {
    const { message } = asFault(thrown, 'internal', 'The server did not note the unlock.');
    say(`The unlock was not noted: ${message}`);
  }
}
