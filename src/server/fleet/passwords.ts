/**
 * Passwords as argon2id (19 MiB, two passes). An unknown user costs as much time as a known one. Hashes of other
 * programs and of weaker settings are read, too, and made anew as soon as the password is known.
 */
import { hash, verify } from '@node-rs/argon2';

/** The library's own default algorithm is argon2id. */
const OPTIONS = {
  memoryCost: 19 * 1024,
  timeCost: 2,
  parallelism: 1,
} as const;

const ARGON2 = /^\$argon2(?:id|i|d)\$/;
/** As Portainer keeps them; a cost above 14 would take this server seconds. */
const BCRYPT = /^\$2[aby]\$(?:0[4-9]|1[0-4])\$[./A-Za-z0-9]{53}$/;
const CURRENT = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=\d+\$/;

let decoy: Promise<string> | undefined;

/** The PHC string to keep for a password. */
export function hashPassword(password: string): Promise<string> {
  return hash(password, OPTIONS);
}

/** Whether it is a hash that checkPassword can check. */
export const isKnownHash = (kept: string): boolean => ARGON2.test(kept) || BCRYPT.test(kept);

/** Whether a hash is weaker than those that are made now. */
export function isOutdated(kept: string): boolean {
  const [, memory, passes] = CURRENT.exec(kept) ?? [];
  return !(Number(memory) >= OPTIONS.memoryCost && Number(passes) >= OPTIONS.timeCost);
}

/** Whether `password` belongs to `kept`; with undefined, or '' of an account without a password, it takes as long and says no. */
export async function checkPassword(password: string, kept: string | undefined): Promise<boolean> {
  if (kept) return ARGON2.test(kept) ? verify(kept, password) : await isBcrypt(password, kept);
  decoy ??= hashPassword('a password that nobody has');
  await verify(await decoy, password);
  return false;
}

async function isBcrypt(password: string, kept: string): Promise<boolean> {
  const { default: bcrypt } = await import('bcryptjs');
  return await bcrypt.compare(password, kept);
}
