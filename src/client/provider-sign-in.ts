/**
 * Signing in by the server's OIDC provider, without a password and without a browser on this machine: the person agrees in any
 * browser, the console asks the server until it is so (POST /api/fleet/auth/device and …/device/ask).
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { Fault } from '../protocol/fault.ts';
import type { Credential } from './context-shape.ts';
import { callServer, type ServerReach } from './server-call.ts';
import { fieldsOf, makeKey, refused, tooMany } from './sign-in.ts';

/** What a person needs to agree in a browser. */
export interface ProviderInvitation {
  /** Where, and what to type there. */
  readonly address: string;
  readonly userCode: string;
  /** The address with the code in it; the plain one where the provider has none. */
  readonly completeAddress: string;
}

const ASK_EVERY_MS = 2_000;
const MAX_CODE = 40;
const MAX_ADDRESS = 1_000;

const isAddress = (value: unknown): value is string =>
  typeof value === 'string' && value.length <= MAX_ADDRESS && /^https?:\/\//.test(value);

/** Whether people sign in to the server by an OIDC provider, too. */
export async function hasProvider(reach: ServerReach): Promise<boolean> {
  const answer = await callServer(reach, { method: 'GET', path: '/api/settings/public' });
  return fieldsOf(answer).AuthenticationMethod === 3;
}

/** An API key of this console once somebody has agreed; the faults of sessionByProvider and makeKey. */
export async function signInByProvider(
  reach: ServerReach,
  invited: (invitation: ProviderInvitation) => void,
): Promise<Credential> {
  return await makeKey(reach, await sessionByProvider(reach, invited), undefined);
}

/** A session token once somebody has agreed; `invited` hears at once how. Faults not-found, too-many, forbidden, bad-peer. */
export async function sessionByProvider(
  reach: ServerReach,
  invited: (invitation: ProviderInvitation) => void,
  askEveryMs: number = ASK_EVERY_MS,
): Promise<string> {
  const handle = await begin(reach, invited);
  const call = { method: 'POST', path: '/api/fleet/auth/device/ask', body: { handle } } as const;
  for (;;) {
    await sleep(askEveryMs, undefined, { signal: reach.signal }).catch(() => {
      throw new Fault('cancelled', 'The sign-in was given up.');
    });
    const answer = await callServer(reach, call);
    const { jwt } = fieldsOf(answer);
    if (answer.status === 200 && typeof jwt === 'string') return jwt;
    if (answer.status !== 202 && answer.status !== 429) throw refused(reach, 'sign in', answer);
  }
}

async function begin(
  reach: ServerReach,
  invited: (invitation: ProviderInvitation) => void,
): Promise<string> {
  const { where } = reach.address;
  const answer = await callServer(reach, { method: 'POST', path: '/api/fleet/auth/device' });
  if (answer.status === 404) {
    throw new Fault('not-found', `${where} has no OIDC provider to sign in by; use a password.`);
  }
  if (answer.status === 429) throw tooMany(reach, answer);
  const fields = fieldsOf(answer);
  const { handle, userCode, verificationUri: address, verificationUriComplete } = fields;
  const isWhole = typeof handle === 'string' && typeof userCode === 'string' && isAddress(address);
  if (answer.status !== 200 || !isWhole || userCode.length > MAX_CODE) {
    throw refused(reach, 'begin a sign-in by its OIDC provider', answer);
  }
  const completeAddress = isAddress(verificationUriComplete) ? verificationUriComplete : address;
  invited({ address, userCode, completeAddress });
  return handle;
}
