/** Passwords as argon2id (19 MiB, two passes). An unknown user costs as much time as a known one. */
import { hash, verify } from '@node-rs/argon2';

/** As Portainer's RequiredPasswordLength. */
export const REQUIRED_PASSWORD_LENGTH = 12;

/** Longer ones are refused before they cost anything. */
export const MAX_PASSWORD_LENGTH = 1024;

/** The library's own default algorithm is argon2id. */
const OPTIONS = {
  memoryCost: 19 * 1024,
  timeCost: 2,
  parallelism: 1,
} as const;

let decoy: Promise<string> | undefined;

/** The PHC string to keep for a password. */
export function hashPassword(password: string): Promise<string> {
  return hash(password, OPTIONS);
}

/** Whether `password` belongs to `kept`; with undefined it takes as long and says no. */
export async function checkPassword(password: string, kept: string | undefined): Promise<boolean> {
  if (kept !== undefined) return verify(kept, password);
  decoy ??= hashPassword('a password that nobody has');
  await verify(await decoy, password);
  return false;
}
