/** Turning on the second factor of an account that can't sign in without one: a session that goes on until it is disposed of. */
import type { Credential } from './context-shape.ts';
import { type FactorEnrolment, OwnAccount } from './own-account.ts';
import type { ServerReach } from './server-call.ts';
import type { Login } from './sign-in.ts';

/** Disposing signs out of its session, whatever has come of it. */
export interface FactorEnrolling extends AsyncDisposable {
  readonly enrolment: FactorEnrolment;
  /** The recovery codes; Fault bad-request says what is wrong with the code. */
  confirm(code: string): Promise<readonly string[]>;
  /** Signs this console in, once it is confirmed; rejects with a Fault. */
  signIn(): Promise<void>;
}

/** Begins; the faults of openSession, and conflict where the factor is on already. */
export async function enrolFactor(
  reach: ServerReach,
  login: Login,
  take: (credential: Credential) => Promise<void>,
): Promise<FactorEnrolling> {
  const account = await OwnAccount.open(reach, login);
  try {
    return {
      enrolment: await account.beginFactor(),
      confirm: (code) => account.confirmFactor(code),
      signIn: async () => await take(await account.signIn()),
      [Symbol.asyncDispose]: () => account[Symbol.asyncDispose](),
    };
  } catch (error) {
    await account[Symbol.asyncDispose]();
    throw error;
  }
}
