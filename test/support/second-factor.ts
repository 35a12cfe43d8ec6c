/** A second factor of a test's account, turned on over HTTPS, and the codes that its app would show. */
import { TOTP } from 'otpauth';
import { patientCall } from './patient-call.ts';

const STEP_MS = 30_000;

/** The code now, or some steps of half a minute from now; the server takes one step early or late, each once. */
export const codeOf = (secret: string, steps = 0): string =>
  TOTP.generate({ secret: new TOTP({ secret }).secret, timestamp: Date.now() + steps * STEP_MS });

export interface FactorOwner {
  readonly url: string;
  /** Of a session of the account. */
  readonly token: string;
  readonly userId: number;
}

/** Its secret; the code of this half minute is used up. */
export async function turnOnFactor(
  { url, token, userId }: FactorOwner,
  password: string,
): Promise<string> {
  const path = `/api/fleet/users/${userId}/second-factor`;
  const headers = { Authorization: `Bearer ${token}` };
  const call = { method: 'POST', headers };
  const begun = await patientCall(url, path, { ...call, body: { Password: password } });
  const secret = String(begun.body?.secret);
  const body = { Code: codeOf(secret) };
  const { status } = await patientCall(url, `${path}/confirm`, { ...call, body });
  if (status !== 200) throw new Error(`the second factor was not confirmed: ${status}`);
  return secret;
}
